"""A sweep as a job: chunks that are computed one by one, each a part of the table."""

from __future__ import annotations

import ctypes
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.record import versions
from tocsin.assessment.sweep.design import Design
from tocsin.assessment.sweep.model import evaluate
from tocsin.assessment.world_table import INPUT, call_text
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.translation import message

if TYPE_CHECKING:
    import polars as pl

CHUNK = 2048
"""Rows of a chunk by default. A chunk takes seconds, and its games fit into a few hundred megabytes."""

LIBRARIES = ("jax", "jaxlib", "numpy", "scipy", "polars")
"""What decides the bytes of a part, besides the code of this program."""


@dataclass(frozen=True)
class Job:
    """A table to compute.

    Attributes:
        case: with all settings.
        design: its rows.
        calls: the quantities.
        weigh: whether the table has the log-likelihood of the records.
        chunk: rows of a chunk. The last digits of a result may depend on it, because games are solved in blocks.
    """

    case: Case
    design: Design
    calls: tuple[Call, ...]
    weigh: bool
    chunk: int = CHUNK

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.design.rows // self.chunk)

    def span(self, index: int) -> tuple[int, int]:
        """Return the first row of a chunk, and the row after its last."""
        return index * self.chunk, min((index + 1) * self.chunk, self.design.rows)

    def frame(self, index: int) -> pl.DataFrame:
        """Compute a chunk: labels, inputs, weights, quantities.

        Raises:
            SolveError: if a game has no finite solution.
        """
        import polars as pl

        start, stop = self.span(index)
        inputs = self.design.inputs(self.case, start, stop)
        try:
            results = evaluate(self.case, self.calls, inputs, weigh=self.weigh)
        except SolveError as error:
            raise SolveError(
                message(
                    "rows {first} to {last}: {reason}", first=f"{start + 1:,}", last=f"{stop:,}", reason=error.message
                ),
                remedy=error.remedy,
            ) from None
        columns: dict[str, np.ndarray | list[str]] = {
            **self.design.labels(start, stop),
            **{INPUT + name: values for name, values in inputs.items()},
            **results,
        }
        return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))

    def part(self, index: int) -> bytes:
        """Compute a chunk as a Parquet file; the same bytes wherever the versions and the kind of processor are the same."""
        file = BytesIO()
        self.frame(index).write_parquet(file, compression="zstd")
        _give_memory_back()
        return file.getvalue()

    def to_dict(self) -> dict[str, object]:
        """Return everything the table depends on, as JSON values."""
        return {
            "case": self.case.id,
            "sha256": self.case.sha256,
            "set": dict(self.case.settings),
            "design": self.design.to_dict(),
            "quantities": [call_text(call) for call in self.calls],
            "weights": self.weigh,
            "chunk": self.chunk,
            "versions": versions(*LIBRARIES),
        }

    def description(self) -> str:
        """Return `to_dict` as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def _give_memory_back() -> None:
    """Return freed memory to the system, where the C library can (glibc).

    Each chunk frees what it used, but in pieces spread over the pools of many threads: without this, a process grows with its chunks.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
