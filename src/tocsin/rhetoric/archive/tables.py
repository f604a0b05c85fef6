"""Rows of CSV, TSV, JSON, JSONL and Parquet files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tocsin.errors import InputError
from tocsin.rhetoric.archive.encodings import opened

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
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
"""Columns of tables by what they hold; the first that is not empty is taken."""
OWN = ("number", "alike", "hash")
"""Further columns of what `export` writes, that are worked out anew."""
COLUMNS = frozenset(column for names in NAMES.values() for column in names)
KEPT = COLUMNS | frozenset(OWN)
SAYING = frozenset(NAMES["title"] + NAMES["text"])
MAX_JSON = 500 * 2**20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """A row of a file: where it stands; its values by column in lower case, or None with the reason why there are none; what else
    is to be said of it; whether its cells may have been made `safe`."""

    at: int | None
    values: Mapping[str, Any] | None
    why: str = ""
    covered: bool = False


def csv_rows(file: Path) -> Iterator[Row]:
    """Rows of a CSV or TSV file, numbered by the line in which they begin.

    Raises:
        InputError: if no column holds a title or a text.
    """
    csv.field_size_limit(2**31 - 1)
    with opened(file) as stream:
        lines = csv.reader(stream, delimiter="\t" if file.suffix.lower() == ".tsv" else ",", strict=True)
        try:
            head = [name.strip().lower() for name in next(lines, [])]
        except csv.Error as error:
            raise InputError(f"no table: {error}", file=str(file), line=1, remedy="name the columns there") from error
        check_columns(file, head)
        while True:
            at = lines.line_num + 1
            try:
                cells = next(lines, None)
            except csv.Error as error:
                yield Row(at, None, f"{error}{_swallowed(at, lines.line_num)}")
                continue
            if cells is None:
                return
            if len(cells) > len(head):
                yield Row(at, None, f"{len(cells) - len(head)} more cells than columns")
            elif cells:
                why = "fewer cells than columns; the rest is taken for empty" if len(cells) < len(head) else ""
                yield Row(at, dict(reversed(list(zip_longest(head, cells, fillvalue="")))), why, covered=True)


def _swallowed(first: int, last: int) -> str:
    return f" (a quote that is open from here to line {last}; nothing of it was taken)" if last > first else ""


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what would begin one, or an apostrophe."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def unsafe(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def json_rows(file: Path) -> Iterator[Row]:
    """Objects of a JSON file, a list of them or one, numbered from 1.

    Raises:
        InputError: if it is no JSON, or too large to be read at once.
    """
    if file.stat().st_size > MAX_JSON:
        raise InputError(
            f"more than {MAX_JSON // 2**20} MB of JSON at once",
            file=str(file),
            remedy="give it as JSONL, a line a row",
        )
    try:
        with opened(file) as stream:
            data = json.load(stream)
    except (ValueError, RecursionError) as error:
        raise InputError(f"no JSON: {error}", file=str(file), remedy="give a list of objects") from error
    for at, row in enumerate(data if isinstance(data, list) else [data], start=1):
        yield _object(at, row)


def jsonl_rows(file: Path) -> Iterator[Row]:
    """Objects of a file that has one on each line, numbered by line."""
    with opened(file) as stream:
        for at, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Row(at, None, f"no JSON: {error}")
            else:
                yield _object(at, row)


def _object(at: int, row: object) -> Row:
    if not isinstance(row, dict):
        return Row(at, None, "no object")
    return Row(at, {str(name).strip().lower(): value for name, value in reversed(row.items())})


def parquet_rows(file: Path) -> Iterator[Row]:
    """Rows of a Parquet file, numbered from 1.

    Raises:
        InputError: if it is none, or no column holds a title or a text.
    """
    import polars as pl

    try:
        names = {name.strip().lower(): name for name in reversed(pl.read_parquet_schema(file))}
        check_columns(file, list(names))
        table = pl.read_parquet(file, columns=[name for low, name in names.items() if low in KEPT])
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise InputError("no Parquet file", file=str(file), remedy="make it again") from error
    rest = {low: None for low in names if low not in KEPT}
    lower = [name.strip().lower() for name in table.columns]
    for at, values in enumerate(table.iter_rows(), start=1):
        yield Row(at, {**dict(zip(lower, values, strict=True)), **rest})


def check_columns(file: Path, names: list[str]) -> None:
    """Refuse a table in which nothing can be said.

    Raises:
        InputError: if no column holds a title or a text.
    """
    if not SAYING & set(names):
        raise InputError(
            f"no column title, headline or text, but {', '.join(names[:8]) or 'none'}",
            file=str(file),
            line=1,
            remedy="name the columns in the first line",
        )
