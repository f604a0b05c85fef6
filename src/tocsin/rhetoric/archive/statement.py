"""Define a statement, and when two statements are the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

AUDIENCES = ("home", "foreign")
RUNGS = ("commentary", "newspaper", "ministry", "leader")
MIN_DATE = dt.date(1000, 1, 1)
"""First date that a statement may have."""
COLUMNS = (
    "number", "date", "title", "text", "outlet", "language", "audience", "rung", "translation", "address", "source_id",
    "alike", "hash",
)  # fmt: skip
"""Columns of a statement in a table."""


@dataclass(frozen=True)
class Statement:
    """One text with its date and outlet.

    Attributes:
        title, text: as published; one of them may be empty.
        date: day of publication.
        outlet: short name, such as `kcna`.
        language: ISO 639-1 code.
        audience: one of `AUDIENCES`.
        rung: one of `RUNGS`.
        translation: into English.
        address: where the statement was published.
        source_id: the source's identifier, which may not be unique.
        id: its number in an archive; 0 outside an archive.
        alike: number of the first statement in the archive with nearly the same text, or its own number if there is none.

    What is unknown is None.
    """

    title: str
    text: str = ""
    date: dt.date | None = None
    outlet: str | None = None
    language: str | None = None
    audience: str | None = None
    rung: str | None = None
    translation: str | None = None
    address: str | None = None
    source_id: str | None = None
    id: int = 0
    alike: int = 0

    @property
    def hash(self) -> str:
        """Return a hash of outlet, date, title and text in 32 hexadecimal digits.

        Statements with one hash are the same unless both have an address and the addresses differ.
        """
        day = None if self.date is None else self.date.isoformat()
        parts = json.dumps([self.outlet, day, self.title, self.text])
        return hashlib.sha256(parts.encode("ascii")).hexdigest()[:32]

    def to_dict(self) -> dict[str, str | int | None]:
        """Return a JSON-ready dict with the keys `COLUMNS`."""
        own = {"number": self.id, "date": self.date.isoformat() if self.date else None}
        return {name: own[name] if name in own else getattr(self, name) for name in COLUMNS}

    def frame(self) -> pl.DataFrame:
        """Return a data frame with one row."""
        return to_frame([self.to_dict()])

    def _repr_html_(self) -> str:
        from tocsin.tables import html_table

        return html_table(f"statement {self.id}", self.frame())


def to_frame(rows: Sequence[Mapping[str, str | int | None]], columns: Sequence[str] = COLUMNS) -> pl.DataFrame:
    """Return a data frame of the rows that `Statement.to_dict` makes, with typed dates."""
    import polars as pl

    schema = {name: pl.Int64 if name in ("number", "alike") else pl.String for name in columns}
    return pl.DataFrame(rows, schema=schema).with_columns(pl.col("date").str.to_date("%Y-%m-%d"))
