"""Read rows of CSV, TSV, JSON, JSONL and Parquet files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from tocsin.errors import InputError
from tocsin.rhetoric.archive.encodings import open_text

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "headline"),
        "text": ("text", "body", "content"),
        "date": ("date", "published"),
        "outlet": ("outlet", "source"),
        "language": ("language", "lang"),
        "audience": ("audience",),
        "rung": ("rung",),
        "translation": ("translation",),
        "address": ("address", "url", "link"),
        "source_id": ("source_id", "id"),
    }
)
"""Names that a column may have; the first one that is not empty in a row counts."""
EXPORT_ONLY = ("number", "alike", "hash")
"""Further columns of an export, which an import computes again."""
KNOWN_COLUMNS = frozenset(column for names in COLUMN_NAMES.values() for column in names) | frozenset(EXPORT_ONLY)
TEXT_COLUMNS = frozenset(COLUMN_NAMES["title"] + COLUMN_NAMES["text"])
MAX_JSON = 500 * 2**20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One row of a file.

    Attributes:
        number: its line or index in the file, from 1; None for a remark about the whole file.
        values: by column in lower case; None if the row is unreadable.
        remark: why the row is unreadable, or what else the user should know; may be empty.
        escaped: its cells may have gone through `escape_cell`.
    """

    number: int | None
    values: Mapping[str, object] | None
    remark: str = ""
    escaped: bool = False


def csv_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a CSV or TSV file, numbered by their first line.

    Raises:
        InputError: if there is no column for titles or texts.
    """
    csv.field_size_limit(2**31 - 1)
    with open_text(file) as stream:
        lines = csv.reader(stream, delimiter="\t" if file.suffix.lower() == ".tsv" else ",", strict=True)
        try:
            header = [name.strip().lower() for name in next(lines, [])]
        except csv.Error as error:
            raise InputError(f"not a table: {error}", file=str(file), line=1, remedy="check the header") from error
        check_columns(file, header)
        while True:
            number = lines.line_num + 1
            try:
                cells = next(lines, None)
            except csv.Error as error:
                yield Row(number, None, f"{error}{_open_quote(number, lines.line_num)}")
                continue
            if cells is None:
                return
            if cells:
                yield _table_row(number, header, cells)


def _table_row(number: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) > len(header):
        return Row(number, None, f"{len(cells)} cells for {len(header)} columns")
    remark = "fewer cells than columns; the missing ones count as empty" if len(cells) < len(header) else ""
    return Row(number, dict(reversed(list(zip_longest(header, cells, fillvalue="")))), remark, escaped=True)


def _open_quote(first: int, last: int) -> str:
    return f" (a quote is open from here to line {last}; these lines are skipped)" if last > first else ""


def escape_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: one that would begin a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def unescape_cell(cell: str) -> str:
    """Return the cell that `escape_cell` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def json_rows(file: Path) -> Iterator[Row]:
    """Yield the objects of a JSON file, which holds a list of them or one, numbered from 1.

    Raises:
        InputError: if the file is not JSON or is too large.
    """
    if file.stat().st_size > MAX_JSON:
        raise InputError(
            f"larger than {MAX_JSON // 2**20} MB", file=str(file), remedy="convert it to JSONL, one object on each line"
        )
    try:
        with open_text(file) as stream:
            data = json.load(stream)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}", file=str(file), remedy="give a list of objects") from error
    for number, item in enumerate(data if isinstance(data, list) else [data], start=1):
        yield _object_row(number, item)


def jsonl_rows(file: Path) -> Iterator[Row]:
    """Yield the objects of a file with one object on each line, numbered by line."""
    with open_text(file) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Row(number, None, f"not valid JSON: {error}")
            else:
                yield _object_row(number, item)


def _object_row(number: int, item: object) -> Row:
    if not isinstance(item, dict):
        return Row(number, None, "not an object")
    return Row(number, {str(name).strip().lower(): value for name, value in reversed(item.items())})


def parquet_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a Parquet file, numbered from 1.

    Raises:
        InputError: if the file is not Parquet, or has no column for titles or texts.
    """
    import polars as pl

    try:
        names = {name.strip().lower(): name for name in reversed(pl.read_parquet_schema(file))}
        check_columns(file, list(names))
        table = pl.read_parquet(file, columns=[name for lower, name in names.items() if lower in KNOWN_COLUMNS])
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise InputError("not a Parquet file", file=str(file), remedy="write it again") from error
    ignored = {lower: None for lower in names if lower not in KNOWN_COLUMNS}
    columns = [name.strip().lower() for name in table.columns]
    for number, values in enumerate(table.iter_rows(), start=1):
        yield Row(number, {**dict(zip(columns, values, strict=True)), **ignored})


def check_columns(file: Path, names: list[str]) -> None:
    """Refuse a table without titles and texts.

    Raises:
        InputError: if there is no column for either.
    """
    if not TEXT_COLUMNS & set(names):
        raise InputError(
            f"no column title, headline or text; the columns are {', '.join(names[:8]) or 'none'}",
            file=str(file),
            line=1,
            remedy="name the columns in the first line",
        )
