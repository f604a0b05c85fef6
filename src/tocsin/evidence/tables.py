"""Tables of cases: read from files, with missing values and row numbers.

`NA` and empty cells are missing. Rows are numbered from 1 as in the file, without the header.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from tocsin.errors import InputError, did_you_mean
from tocsin.reading.frames import FileTable, read_table_file

ROW = "__row"
"""Column with the number of a row in its file."""
_MISSING = ["", "NA", "NaN", "nan", "."]


def read_table(file: Path) -> pl.DataFrame:
    """Return a table with its rows numbered in column `ROW`; columns of delimited text that hold only numbers become numbers.

    Args:
        file: of a format that `read_table_file` knows.

    Raises:
        InputError: if it cannot be read, has no rows, or writes numbers with decimal commas.
    """
    table = read_table_file(file)
    frame = table.frame
    if table.delimiter is not None:
        _check_decimal_points(table, file)
        frame = frame.with_columns(_typed(frame[name]) for name in frame.columns)
    return number_rows(frame, str(file))


def _typed(column: pl.Series) -> pl.Series:
    """Return a column of texts as whole numbers, numbers or booleans if all its values are such."""
    texts = column.set(column.is_in(_MISSING), None)
    lower = texts.str.to_lowercase()
    if lower.is_in(["true", "false"]).all() and texts.null_count() < len(texts):
        return lower == "true"
    for kind in (pl.Int64, pl.Float64):
        numbers = texts.cast(kind, strict=False)
        if numbers.null_count() == texts.null_count():
            return numbers
    return texts


def _check_decimal_points(table: FileTable, file: Path) -> None:
    """Refuse `0,5` in a table whose cells are separated by something else than commas."""
    for name in table.frame.columns if table.delimiter != "," else ():
        column = table.frame[name]
        commas = column.str.contains(r"^\s*[-+\u2212]?\d+,\d+\s*$").arg_true()
        if len(commas):
            raise InputError(
                f"`{name}` has a decimal comma: {column[int(commas[0])]!r}",
                file=str(file),
                line=table.lines[int(commas[0])] if table.lines else None,
                remedy="write numbers with decimal points",
            )


def number_rows(table: pl.DataFrame, file: str | None = None) -> pl.DataFrame:
    """Return a table with its rows numbered in column `ROW`.

    Raises:
        InputError: if it has no rows, or a column of that name; `file` names the table in the error.
    """
    if not table.height:
        raise InputError("the table has no rows", file=file, remedy="give one row for each case")
    if ROW in table.columns:
        raise InputError(
            f"a column has the name `{ROW}`, which numbers the rows", file=file, remedy="rename the column"
        )
    return table.with_row_index(ROW, offset=1)


def check_columns(table: pl.DataFrame, names: Iterable[str], user: str) -> None:
    """Raise InputError for the first of `names` that is not a column; `user` says who needs it."""
    for name in names:
        if name not in table.columns:
            columns = [column for column in table.columns if column != ROW]
            raise InputError(f"{user}: there is no column `{name}`", remedy=did_you_mean(name, columns))
