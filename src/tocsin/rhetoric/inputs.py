"""Read the tables that coding, counting and accounting take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tocsin.errors import InputError
from tocsin.reading.frames import TYPED, FileTable, read_table_file
from tocsin.translation import in_commas, message

Table = pl.DataFrame | str | Path
"""A Polars frame, or the path of a table; see `read_table_file` for its formats."""


def headline_table(headlines: Sequence[str] | Table) -> pl.DataFrame:
    """Return headlines with columns id and headline as texts.

    Args:
        headlines: texts, whose ids become their positions from 0; or a table with both columns.

    Raises:
        InputError: if a file cannot be read, a column is missing, or two rows have the same id.
    """
    if isinstance(headlines, str | Path):
        return read_texts(Path(headlines), ("id", "headline"))
    if isinstance(headlines, pl.DataFrame):
        _require(headlines, ("id", "headline"))
        dates = [name for name in ("date",) if name in headlines.columns]
        table = headlines.select(pl.col("id", "headline").cast(pl.String).fill_null(""), *dates)
        _require_unique_ids(table)
        return table
    return pl.DataFrame({"headline": list(headlines)}, schema={"headline": pl.String}).select(
        pl.int_range(pl.len()).cast(pl.String).alias("id"), pl.col("headline").fill_null("")
    )


def read_texts(file: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read a table as texts, missing cells as empty texts.

    Args:
        file: of a format that `read_table_file` knows.
        columns: names that it must have, `id` among them.

    Raises:
        InputError: if the file cannot be read, a column is missing, or two rows have the same id.
    """
    table = read_table_file(file, columns)
    texts = table.frame.select(pl.all().cast(pl.String)).fill_null("")
    _require_unique_ids(texts, file, table.lines)
    return texts


def read_table(table: Table) -> pl.DataFrame:
    """Return a frame as it is, or read a file: delimited text as texts with empty cells missing, other formats with their types.

    Raises:
        InputError: if the file cannot be read.
    """
    if isinstance(table, pl.DataFrame):
        return table
    return _nulled(read_table_file(Path(table)))


def _nulled(table: FileTable) -> pl.DataFrame:
    """Return a table with empty texts as missing."""
    return table.frame.with_columns(pl.col(pl.String).replace("", None))


def dated_headlines(file: Path | None) -> pl.DataFrame:
    """Return headlines with columns id, date and headline, and the ids of the file as `source_id` if it has any.

    Args:
        file: table with columns date and headline, and perhaps id; None for the headlines of the Korean Central News Agency in the cache.

    Raises:
        InputError: if the file cannot be read, a column is missing, or a date is missing, ambiguous, in the future or before 1900.
        SolveError: if the headlines are not in the cache.
    """
    if file is None:
        from tocsin.data.readers import read

        return english(read("kcna_headlines"))
    table = read_table_file(file, ("date", "headline"))
    frame = _nulled(table)
    days = _days(frame["date"], file, table.lines)
    ids = [pl.col("id").cast(pl.String).alias("source_id")] if "id" in frame.columns else []
    selected = frame.select(days, pl.col("headline").cast(pl.String).fill_null(""), *ids)
    return selected.with_row_index("id").with_columns(pl.col("id").cast(pl.String))


def english(headlines: pl.DataFrame) -> pl.DataFrame:
    """Return the English headlines of the source `kcna_headlines`, each once a day, with columns id, date and headline."""
    rows = headlines.filter("english").unique(["date", "headline"], maintain_order=True)
    return rows.select(pl.col("row").cast(pl.String).alias("id"), "date", "headline")


def _days(column: pl.Series, file: Path, lines: Sequence[int] | None) -> pl.Series:
    """Return the days of a column of dates.

    Raises:
        InputError: if a day is missing or doubtful.
    """
    from tocsin.rhetoric.archive.dates import date_problem, latest_today, read_date

    readings, today = [read_date(value) for value in column], latest_today()
    problems = [(row, problem) for row, reading in enumerate(readings) if (problem := date_problem(reading, today))]
    if problems:
        row, problem = problems[0]
        wrong = message("date {text}: {problem}", text=repr(str(column[row] or "")), problem=problem)
        raise InputError(
            message("{problem} (such dates in {count} rows)", problem=wrong, count=f"{len(problems):,}")
            if len(problems) > 1
            else wrong,
            file=str(file),
            line=None if lines is None else lines[row],
            remedy=message("correct the dates or remove the rows"),
        )
    return pl.Series("date", [reading.date for reading in readings], dtype=pl.Date)


def weekly_counts(table: Table, columns: Sequence[str]) -> pl.DataFrame:
    """Return counts that `tocsin rhetoric series` wrote, with typed columns.

    Args:
        table: a frame or file.
        columns: `series.TALLY`.

    Raises:
        InputError: if the file cannot be read, a column is missing, or a cell is not of its type.
    """
    file = None if isinstance(table, pl.DataFrame) else Path(table)
    remedy = message("make the counts with `tocsin rhetoric series`")
    counts = read_table(table)
    _require(counts, columns, file, remedy)
    first_day = pl.col("from").str.to_date() if counts.schema["from"] == pl.String else pl.col("from").cast(pl.Date)
    try:
        return counts.select(columns).with_columns(first_day, pl.col("days", "output", "tone", "items").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            message("not weekly counts: {reason}", reason=reason), file=_name(file), remedy=remedy
        ) from error


def _require(table: pl.DataFrame, columns: Sequence[str], file: Path | None = None, remedy: str | None = None) -> None:
    if missing := [name for name in columns if name not in table.columns]:
        raise InputError(
            message("column `{column}` is missing", column=missing[0]),
            file=_name(file),
            line=None if file is None or file.suffix.lower() in TYPED else 1,
            remedy=remedy or message("give columns {names}", names=in_commas(columns)),
        )


def _require_unique_ids(table: pl.DataFrame, file: Path | None = None, lines: Sequence[int] | None = None) -> None:
    duplicated = table["id"].is_duplicated()
    if duplicated.any():
        name = table["id"][int(duplicated.arg_true()[0])]
        second = int((table["id"] == name).arg_true()[1])
        raise InputError(
            message("two rows have the id {name}", name=repr(name)),
            file=_name(file),
            line=None if lines is None else lines[second],
            remedy=message("give each headline its own id"),
        )


def _name(file: Path | None) -> str | None:
    return None if file is None else str(file)
