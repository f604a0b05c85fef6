"""Read tables of any format as Polars frames."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import InputError
from tocsin.reading.delimited import MAX_TABLE, TextTable, check_width, missing_remedy, read_text_table
from tocsin.reading.sources import check_file
from tocsin.translation import message

MAX_PARQUET = 1_000_000_000
"""Largest Parquet file in bytes."""
MAX_ROWS = 5_000_000
"""Largest number of rows of a Parquet or Stata file."""
MAX_CELLS = 100_000_000
"""Largest number of their cells."""
TYPED = (".parquet", ".dta", ".xlsx")
"""Endings of tables whose columns have types; any other table is delimited text."""
UNREADABLE = (
    ".xls",
    ".xlsm",
    ".xlsb",
    ".ods",
    ".numbers",
    ".sav",
    ".rda",
    ".rds",
    ".json",
    ".jsonl",
    ".zip",
    ".gz",
    ".pdf",
)
"""Endings of files that are certainly no delimited text."""

_TRIAL = "import sys, polars; polars.read_parquet(sys.argv[1])"
"""Program that reads a Parquet file in a process of its own."""


@dataclass(frozen=True)
class FileTable:
    """A table read from a file.

    Attributes:
        frame: texts, if the file is delimited text; else typed columns.
        lines: the line of each row; None if the file has no lines.
        delimiter: what separates the cells of delimited text.
    """

    frame: pl.DataFrame
    lines: Sequence[int] | None
    delimiter: str | None


def read_table_file(file: Path, wanted: Sequence[str] = ()) -> FileTable:
    """Return the table in a Parquet, Excel (`.xlsx`) or Stata (`.dta`) file, or in delimited text of any other ending.

    Args:
        file: at most `MAX_TABLE` bytes, or `MAX_PARQUET`.
        wanted: columns that it must have.

    Raises:
        InputError: if the file cannot be read, is too large, holds no table or not one of these formats, lacks a wanted column, or has
            two columns of one name.
    """
    suffix, shown = file.suffix.lower(), str(file)
    if suffix in UNREADABLE:
        check_file(file, shown, None)
        raise InputError(
            message("cannot read {suffix} as a table", suffix=suffix),
            file=shown,
            remedy=message("save it as CSV, .xlsx, .dta or .parquet"),
        )
    if suffix not in TYPED:
        table = read_text_table(file, wanted)
        return FileTable(_text_frame(table), table.lines, table.dialect.delimiter)
    if suffix == ".xlsx":
        result = _workbook(file, shown)
    else:
        result = FileTable((read_parquet if suffix == ".parquet" else _stata)(file, shown), None, None)
    if missing := [name for name in wanted if name not in result.frame.columns]:
        remedy = missing_remedy(result.frame.columns, wanted, None)
        raise InputError(message("column `{name}` is missing", name=missing[0]), file=shown, remedy=remedy)
    return result


def _text_frame(table: TextTable) -> pl.DataFrame:
    cells = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return pl.DataFrame(
        {name: list(column) for name, column in zip(table.columns, cells, strict=True)},
        schema=dict.fromkeys(table.columns, pl.String),
    )


def parquet_columns(file: Path, shown: str) -> list[str]:
    """Return the names of the columns of a Parquet file.

    Raises:
        InputError: if the file cannot be read, is not Parquet, or is too large.
    """
    check_file(file, shown, MAX_PARQUET)
    _check_parquet(file, shown)
    with _parquet_errors(shown):
        names = list(pl.read_parquet_schema(file))
        rows = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    _check_size(rows, len(names), shown)
    return names


def read_parquet(file: Path, shown: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return a Parquet file, or some of the columns that `parquet_columns` has found in it.

    Raises:
        InputError: if the file cannot be read, is not Parquet, or is too large.
    """
    names = parquet_columns(file, shown) if columns is None else columns
    with _parquet_errors(shown):
        return pl.read_parquet(file, columns=list(names))


def _check_parquet(file: Path, shown: str) -> None:
    """Read a Parquet file in another process first, because the library may end its process at a broken one."""
    command = [sys.executable, "-P", "-c", _TRIAL, str(file)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:  # noqa: S603 - a fixed program
        raise InputError(message("not a Parquet file"), file=shown, remedy=message("write it again"))


@contextmanager
def _parquet_errors(shown: str) -> Iterator[None]:
    try:
        yield
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise InputError(message("not a Parquet file"), file=shown, remedy=message("write it again")) from error


def _stata(file: Path, shown: str) -> pl.DataFrame:
    import pyreadstat

    check_file(file, shown, MAX_TABLE)
    try:
        _, about = pyreadstat.read_dta(str(file), metadataonly=True)
        _check_size(int(about.number_rows or 0), len(about.column_names), shown)
        return pl.DataFrame(pyreadstat.read_dta(str(file), output_format="polars")[0])
    except InputError:
        raise
    except Exception as error:  # the library raises errors of several kinds on broken files
        raise InputError(
            message("not a Stata file: {error}", error=str(error)), file=shown, remedy=message("write it again")
        ) from error


def _check_size(rows: int, columns: int, shown: str) -> None:
    check_width(columns, shown, None)
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise InputError(
            message("{rows} rows of {columns} columns", rows=f"{rows:,}", columns=f"{columns:,}"),
            file=shown,
            remedy=message(
                "keep at most {rows} rows and {cells} cells",
                rows=f"{MAX_ROWS:,}",
                cells=f"{MAX_CELLS:,}",
            ),
        )


def _workbook(file: Path, shown: str) -> FileTable:
    from tocsin.reading.workbooks import read_workbook

    rows = read_workbook(file, shown)
    line, header = next(rows, (1, ()))
    names = _names(header, line, shown)
    if not names:
        raise InputError(
            message("the workbook is empty"), file=shown, remedy=message("put the table into its first sheet")
        )
    lines: list[int] = []
    body: list[list[Any]] = []
    for number, row in rows:
        lines.append(number)
        body.append(_sized(row, len(names), number, shown))
    columns = zip(*body, strict=True) if body else ((),) * len(names)
    frame = pl.DataFrame([_series(name, list(cells)) for name, cells in zip(names, columns, strict=True)])
    return FileTable(frame, lines, None)


def _names(header: Sequence[Any], line: int, shown: str) -> list[str]:
    names = ["" if cell is None else str(cell).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    check_width(len(names), shown, line)
    for index, name in enumerate(names):
        if not name:
            raise InputError(
                message("column {number} has no name", number=index + 1),
                file=shown,
                line=line,
                remedy=message("name every column"),
            )
        if name in names[:index]:
            raise InputError(
                message("two columns are called `{name}`", name=name),
                file=shown,
                line=line,
                remedy=message("rename one of them"),
            )
    return names


def _sized(row: Sequence[Any], width: int, number: int, shown: str) -> list[Any]:
    """Return the cells of a row under the header."""
    if any(cell is not None for cell in row[width:]):
        raise InputError(
            message("row {number} has more cells than the header", number=number),
            file=shown,
            line=number,
            remedy=message("name every column, and remove rows above the header"),
        )
    return [*row[:width], *[None] * (width - len(row))]


def _series(name: str, cells: list[Any]) -> pl.Series:
    """Return a column: of numbers, booleans or days if all its cells are such, else of texts."""
    given = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, bool) for cell in given):
        return pl.Series(name, cells, dtype=pl.Boolean if given else pl.String)
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in given):
        return pl.Series(name, cells, dtype=pl.Float64)
    if all(isinstance(cell, dt.datetime | dt.date) for cell in given):
        days = [cell.date() if isinstance(cell, dt.datetime) else cell for cell in cells]
        return pl.Series(name, days, dtype=pl.Date)
    return pl.Series(name, [None if cell is None else str(cell) for cell in cells], dtype=pl.String)
