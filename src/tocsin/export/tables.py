"""The tables of a run, each with the meaning of its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from tocsin.export.run import Run


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its name and its rows."""

    name: str
    frame: pl.DataFrame


def tables(run: Run) -> Iterator[Table]:
    """Yield the tables of a run."""
    claims = [{"id": claim.id, "says": claim.says, "verdict": claim.verdict} for claim in run.record.claims]
    yield Table(name="claims", frame=pl.DataFrame(claims, schema=dict.fromkeys(("id", "says", "verdict"), pl.String)))
    if run.worlds is not None:
        yield Table(name="worlds", frame=run.worlds)
