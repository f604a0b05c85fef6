"""What a table declares: its columns, their types, units and codes of missing values, and its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Column:
    """A column: its name in the original and here, its type, its unit or meaning, and the code of missing values."""

    of: str
    name: str
    dtype: type[pl.DataType]
    unit: str = ""
    missing: float | None = None


@dataclass(frozen=True)
class Table:
    """What a source holds: its columns, those by which a row is known, and how its file is read where its ending does not
    say it."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    opened: Callable[[Path], pl.DataFrame] | None = None


STATE = Column("ccode", "state", pl.Int32, "COW code")
PAIR = (Column("ccode1", "state1", pl.Int32, "COW code"), Column("ccode2", "state2", pl.Int32, "COW code"))
YEAR = Column("year", "year", pl.Int32)


def flags(**names: str) -> tuple[Column, ...]:
    """Columns of yes (1) and no (0), by their names in the original."""
    return tuple(Column(of, name, pl.Int8, "1 yes, 0 no", -9) for of, name in names.items())


def codes(**names: str) -> tuple[Column, ...]:
    """Columns of the set's own codes, with -9 for missing, by their names in the original."""
    return tuple(Column(of, name, pl.Int16, "code of the set", -9) for of, name in names.items())


def sides(**names: str) -> tuple[Column, ...]:
    """Columns of codes that each of two sides has, by their names in the original without the 1 or 2."""
    return codes(**{f"{of}{side}": f"{name}{side}" for of, name in names.items() for side in "12"})
