"""The cases of an estimate: the rows of a subset that have a value in every column that the specification uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.columns import Missing, Reading, typed
from tocsin.evidence.conditions import columns_in, parse, rows_that_meet
from tocsin.evidence.tables import ROW


@dataclass(frozen=True)
class Cases:
    """The complete rows of a subset.

    Attributes:
        table: the rows, with typed columns.
        readings: how each column was read.
        missing: numbers of the rows that are left out because a column has no value, by column.
        notes: which values were read as missing, a sentence a column.
    """

    table: pl.DataFrame
    readings: Mapping[str, Reading]
    missing: Mapping[str, list[int]]
    notes: tuple[str, ...]

    def warnings(self) -> Iterator[str]:
        """Say which rows are left out, and which values were read as missing."""
        if self.missing:
            rows = sorted({row for numbers in self.missing.values() for row in numbers})
            counts = ", ".join(f"`{name}` in {len(numbers)}" for name, numbers in self.missing.items())
            noun = "row" if len(rows) == 1 else "rows"
            yield f"{len(rows)} {noun} left out because values are missing: {counts}; rows {', '.join(map(str, rows))}"
        yield from self.notes


def complete_cases(
    table: pl.DataFrame,
    names: Iterable[str],
    *,
    condition: str = "",
    mixed: Collection[str] = (),
    missing: Missing | None = None,
) -> Cases:
    """Return the rows of a subset that have a value in each column.

    Args:
        table: with row numbers.
        names: of the columns.
        condition: of the subset; empty for all rows.
        mixed: columns that may hold numbers and other texts; see `typed`.
        missing: what means missing, by the specification.

    Raises:
        InputError: for an unknown column, a column or condition that cannot be read, an empty subset, or if no row is complete.
    """
    used = list(dict.fromkeys(names))
    compared = (
        [name for name in dict.fromkeys(columns_in(parse(condition))) if name in table.columns] if condition else []
    )
    result = typed(table, [*used, *compared], mixed=mixed, missing=missing)
    rows, absent = _subset(result.table, condition, compared)
    for name in used:
        if numbers := rows.filter(pl.col(name).is_null())[ROW].to_list():
            absent[name] = sorted({*absent.get(name, []), *numbers})
    complete = rows.drop_nulls(used) if used else rows
    if not complete.height:
        worst = max(absent, key=lambda name: len(absent[name]))
        raise InputError(
            f"no row is complete: `{worst}` is missing in {len(absent[worst])}", remedy="use other columns"
        )
    return Cases(complete, result.readings, absent, result.notes)


def _subset(table: pl.DataFrame, condition: str, compared: Iterable[str]) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Return the rows that meet a condition, and by column those for which that is unknown because it has no value."""
    if not condition:
        return table, {}
    meets = rows_that_meet(condition, table)
    unknown = table.filter(meets.is_null())
    absent = {name: unknown.filter(pl.col(name).is_null())[ROW].to_list() for name in compared}
    rows = table.filter(meets.fill_null(False))
    if not rows.height:
        raise InputError(f"subset: no row has {condition}", remedy="check the condition against the table")
    return rows, {name: numbers for name, numbers in absent.items() if numbers}
