"""Tables of cases: read from files, filtered, with missing values and row numbers.

`NA` and empty cells are missing. Rows are numbered from 1 as in the file, without the header.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import InputError, did_you_mean

ROW = "__row"
"""Column with the number of a row in its file."""
_MISSING = ["", "NA", "NaN", "nan", "."]


def read_table(file: Path) -> pl.DataFrame:
    """Return a CSV or Parquet file with its rows numbered in column `ROW`.

    Raises:
        InputError: if it cannot be read or has no rows.
    """
    try:
        if file.suffix == ".parquet":
            table = pl.read_parquet(file)
        else:
            table = pl.read_csv(file, null_values=_MISSING, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"cannot be read as a table: {reason}", file=str(file), remedy="give a CSV or Parquet file"
        ) from error
    return number_rows(table, str(file))


def number_rows(table: pl.DataFrame, file: str | None = None) -> pl.DataFrame:
    """Return a table with its rows numbered in column `ROW`, unless they are already.

    Raises:
        InputError: if it has no rows; `file` names the table in the error.
    """
    if not table.height:
        raise InputError("the table has no rows", file=file, remedy="give one row for each case")
    return table if ROW in table.columns else table.with_row_index(ROW, offset=1)


def check_columns(table: pl.DataFrame, names: Iterable[str], user: str) -> None:
    """Raise InputError for the first of `names` that is not a column; `user` says who needs it."""
    for name in names:
        if name not in table.columns:
            columns = [column for column in table.columns if column != ROW]
            raise InputError(f"{user}: there is no column `{name}`", remedy=did_you_mean(name, columns))


def complete_cases(
    table: pl.DataFrame, names: Iterable[str], condition: str
) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Return the rows of a subset that have a value in each column, and which rows lack one.

    Args:
        table: with row numbers.
        names: of the columns.
        condition: of the subset; empty for all rows.

    Returns:
        The complete rows, and for each column with missing values the numbers of their rows.

    Raises:
        InputError: for an unknown column, an empty subset, or if no row is complete.
    """
    used = list(dict.fromkeys(names))
    check_columns(table, used, "specification")
    rows = subset(table, condition) if condition else table
    rows = rows.with_columns(pl.col(name).fill_nan(None) for name in used if rows.schema[name].is_float())
    missing = {name: rows.filter(pl.col(name).is_null())[ROW].to_list() for name in used}
    missing = {name: numbers for name, numbers in missing.items() if numbers}
    rows = rows.drop_nulls(used) if used else rows
    if not rows.height:
        worst = max(missing, key=lambda name: len(missing[name]))
        raise InputError(
            f"no row is complete: `{worst}` is missing in {len(missing[worst])}", remedy="use other columns"
        )
    return rows, missing


def left_out_warnings(missing: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """Say which rows are left out, if any.

    Args:
        missing: numbers of the rows without a value, by column.
    """
    if missing:
        rows = sorted({row for numbers in missing.values() for row in numbers})
        counts = ", ".join(f"`{name}` in {len(numbers)}" for name, numbers in missing.items())
        yield f"{len(rows)} rows left out because values are missing: {counts}; rows {', '.join(map(str, rows))}"


_COMPARISON = re.compile(r"^\s*([A-Za-z_.][\w.]*)\s*(>=|<=|==|!=|>|<|=)\s*(.+?)\s*$")
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "=": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def subset(table: pl.DataFrame, condition: str) -> pl.DataFrame:
    """Return the rows that meet a condition: comparisons of a column with a number or a text, joined by `and`.

    Raises:
        InputError: if the condition cannot be read, names an unknown column, or holds in no row.
    """
    rows = table
    for part in re.split(r"\s+and\s+|&+", condition):
        match = _COMPARISON.match(part)
        if not match:
            raise InputError(
                f"subset: cannot read {part.strip()!r}", remedy="write for example `year >= 1850 and war == 1`"
            )
        name, sign, text = match.groups()
        check_columns(table, [name], "subset")
        rows = rows.filter(_OPERATORS[sign](pl.col(name), _value(text, table.schema[name], part)))
    if not rows.height:
        raise InputError(f"subset: no row has {condition}", remedy="check the condition against the table")
    return rows


def _value(text: str, kind: pl.DataType, part: str) -> float | str:
    bare = text.strip("'\"")
    if not kind.is_numeric():
        return bare
    try:
        return float(bare)
    except ValueError:
        raise InputError(f"subset: {part.strip()!r} compares numbers with a text", remedy="write a number") from None
