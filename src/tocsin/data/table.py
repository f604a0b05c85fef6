"""Declarations of tables: their columns with types, units and codes of missing values, and their keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Column:
    """A column: its name in the original file and here, its type, its unit or meaning, and its code of missing values."""

    original: str
    name: str
    dtype: type[pl.DataType]
    unit: str = ""
    missing: float | None = None


@dataclass(frozen=True)
class Table:
    """The table of a source: its columns, its key, and the function that reads its file if the suffix is not enough."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    read_file: Callable[[Path], pl.DataFrame] | None = None


STATE = Column("ccode", "state", pl.Int32, "COW code")
PAIR = (Column("ccode1", "state1", pl.Int32, "COW code"), Column("ccode2", "state2", pl.Int32, "COW code"))
YEAR = Column("year", "year", pl.Int32)


def flags(**names: str) -> tuple[Column, ...]:
    """Return columns of yes (1) and no (0), given their names by those in the original."""
    return tuple(Column(original, name, pl.Int8, "1 yes, 0 no", -9) for original, name in names.items())


def codes(**names: str) -> tuple[Column, ...]:
    """Return columns of the data set's codes, -9 for missing, given their names by those in the original."""
    return tuple(Column(original, name, pl.Int16, "code of the data set", -9) for original, name in names.items())


def sides(**names: str) -> tuple[Column, ...]:
    """Return columns of codes for sides 1 and 2, given their names by those in the original, both without the digit."""
    return codes(**{f"{original}{side}": f"{name}{side}" for original, name in names.items() for side in "12"})
