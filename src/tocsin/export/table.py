"""Tables for other programs: rows, and what each column means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        name: its name in the table.
        kind: text, number, integer or truth.
        meaning: what it says, in a sentence.
        unit: "1" for shares and probabilities, a unit, the name of the column that holds the unit, or nothing for texts.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""


KINDS: dict[str, Any] = {"text": pl.String, "number": pl.Float64, "integer": pl.Int64, "truth": pl.Boolean}
"""The type of each kind of column in Polars."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with the meaning of its columns, in their order."""

    name: str
    what: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame

    @classmethod
    def of(cls, name: str, what: str, columns: Iterable[Column], rows: Iterable[Row]) -> Table:
        """Return a table of rows; a row has every column, and None is missing."""
        listed = tuple(columns)
        frame = pl.DataFrame(list(rows), schema={column.name: KINDS[column.kind] for column in listed}, orient="row")
        return cls(name=name, what=what, columns=listed, frame=frame)


def text(name: str, meaning: str) -> Column:
    """Return a column of texts."""
    return Column(name=name, kind="text", meaning=meaning)


def number(name: str, meaning: str, unit: str) -> Column:
    """Return a column of numbers."""
    return Column(name=name, kind="number", meaning=meaning, unit=unit)


def integer(name: str, meaning: str, unit: str = "") -> Column:
    """Return a column of whole numbers."""
    return Column(name=name, kind="integer", meaning=meaning, unit=unit)


def truth(name: str, meaning: str) -> Column:
    """Return a column of truth values."""
    return Column(name=name, kind="truth", meaning=meaning)


def listed(names: Iterable[str]) -> str:
    """Return several texts as one cell."""
    return "; ".join(names)
