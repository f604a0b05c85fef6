"""Tables of cases: read from files, with missing values and row numbers.

`NA` and empty cells are missing. Rows are numbered from 1 as in the file, without the header.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

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
