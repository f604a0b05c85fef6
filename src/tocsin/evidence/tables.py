"""Tables of cases: read as they are, `NA` and empty cells missing, rows counted from 1 as the file's reader sees them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import InputError, did_you_mean

ROW = "__row"
"""Column with the number of a row in its file, from 1, the header not counted."""
_MISSING = ["", "NA", "NaN", "nan", "."]


def read_table(file: Path) -> pl.DataFrame:
    """A CSV or Parquet file, its rows numbered in column `ROW`.

    Raises:
        InputError: if it cannot be read, or has no row.
    """
    shown = str(file)
    try:
        if file.suffix == ".parquet":
            table = pl.read_parquet(file)
        else:
            table = pl.read_csv(file, null_values=_MISSING, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"cannot be read as a table: {said}", file=shown, remedy="give a CSV or Parquet file"
        ) from error
    if not table.height:
        raise InputError("the table has no row", file=shown, remedy="give one row for each case")
    return table.with_row_index(ROW, offset=1)


def known(table: pl.DataFrame, names: Iterable[str], where: str) -> None:
    """Raises InputError for the first of `names` that is no column; `where` says who asks for it."""
    for name in names:
        if name not in table.columns:
            columns = [each for each in table.columns if each != ROW]
            raise InputError(f"{where}: there is no column `{name}`", remedy=did_you_mean(name, columns))


def cases_of(table: pl.DataFrame, names: Iterable[str], condition: str) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """The cases that a specification takes from a table: those of its subset (all if it is empty) that have a value in each of its
    columns, and for each column the numbers of the rows that have none.

    Raises:
        InputError: for a column that is not there, an empty subset, or where no row is complete.
    """
    used = list(names)
    known(table, used, "specification")
    rows, missing = complete(subset(table, condition) if condition else table, used)
    if not rows.height:
        worst = max(missing, key=lambda name: len(missing[name]))
        raise InputError(
            f"no row is complete: `{worst}` is missing in {len(missing[worst])}", remedy="use other columns"
        )
    return rows, missing


def left_out(missing: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """In words which rows were left out, if any were."""
    if missing:
        rows = sorted({row for each in missing.values() for row in each})
        names = ", ".join(f"`{name}` in {len(each)}" for name, each in missing.items())
        yield f"{len(rows)} rows left out, values missing: {names}; rows {', '.join(map(str, rows))}"


def complete(table: pl.DataFrame, names: Iterable[str]) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """The rows that have a value in each of these columns, and for each column the numbers of the rows that have none."""
    used = list(dict.fromkeys(names))
    if not used:
        return table, {}
    whole = table.with_columns(pl.col(name).fill_nan(None) for name in used if table.schema[name].is_float())
    missing = {name: whole.filter(pl.col(name).is_null())[ROW].to_list() for name in used}
    return whole.drop_nulls(used), {name: rows for name, rows in missing.items() if rows}


_COMPARISON = re.compile(r"^\s*([A-Za-z_.][\w.]*)\s*(>=|<=|==|!=|>|<|=)\s*(.+?)\s*$")
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "=": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def subset(table: pl.DataFrame, condition: str) -> pl.DataFrame:
    """The rows for which a condition holds: comparisons of a column with a number or a text, joined by `and`.

    Raises:
        InputError: if the condition cannot be read or names no column, or no row is left.
    """
    kept = table
    for part in re.split(r"\s+and\s+|&+", condition):
        found = _COMPARISON.match(part)
        if not found:
            raise InputError(
                f"subset: cannot read {part.strip()!r}", remedy="write such as `year >= 1850 and war == 1`"
            )
        name, sign, text = found.groups()
        known(table, [name], "subset")
        kept = kept.filter(_OPERATORS[sign](pl.col(name), _value(text, table.schema[name], part)))
    if not kept.height:
        raise InputError(f"subset: no row has {condition}", remedy="check the condition against the table")
    return kept


def _value(text: str, kind: pl.DataType, part: str) -> float | str:
    bare = text.strip("'\"")
    if not kind.is_numeric():
        return bare
    try:
        return float(bare)
    except ValueError:
        raise InputError(f"subset: {part.strip()!r} compares numbers with a text", remedy="write a number") from None
