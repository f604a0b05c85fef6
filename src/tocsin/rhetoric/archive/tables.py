"""Read rows of CSV, TSV and Parquet files, and name their columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tocsin.errors import InputError
from tocsin.reading.delimited import HEAD, MAX_CELL, find_dialect, later_header, limited_lines
from tocsin.reading.encodings import open_text
from tocsin.reading.frames import parquet_columns, read_parquet
from tocsin.translation import in_commas, message

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "headline", "story_title", "article_title", "heading"),
        "text": (
            "text", "body", "content", "story_text", "article_text", "full_text", "body_text", "content_text", "content_html",
            "article_body", "story", "article", "description", "summary",
        ),
        "date": (
            "date", "published", "date_str", "date_published", "published_at", "published_date", "pub_date", "publish_date",
            "publication_date", "story_date", "article_date", "datetime", "timestamp", "created_at", "issued", "seendate", "day",
        ),
        "outlet": ("outlet", "source", "source_name", "publisher", "domain"),
        "language": ("language", "lang"),
        "audience": ("audience",),
        "rung": ("rung",),
        "translation": ("translation",),
        "address": ("address", "url", "link", "article_url", "story_url", "source_url", "permalink", "href"),
        "source_id": ("source_id", "id", "guid", "article_id", "story_id"),
    }
)  # fmt: skip
"""Names that a column may have; the first one that is not empty in a row counts."""
HTML_COLUMNS = frozenset({"content_html"})
"""Columns whose text is markup."""
EXPORT_ONLY = ("number", "alike", "hash")
"""Further columns of an export, which an import computes again."""
KNOWN_COLUMNS = frozenset(column for names in COLUMN_NAMES.values() for column in names) | frozenset(EXPORT_ONLY)
TEXT_COLUMNS = frozenset(COLUMN_NAMES["title"] + COLUMN_NAMES["text"])
_SEPARATORS = re.compile(r"[\s_-]+")
_BY_LETTERS = MappingProxyType({name.replace("_", ""): name for name in KNOWN_COLUMNS})
_GDELT = re.compile(r"\d{14}-T?\d+\t\d{14}\t|\d+\t\d{8}\t\d{6}\t\d{4}\t|\d+\t\d{14}\t\d{14}\t")
"""First line of GDELT's files of the knowledge graph (GKG), of events and of mentions, which have no header."""
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


def column_name(name: str) -> str:
    """Return the name of a column in the spelling of `COLUMN_NAMES` (`publishedAt` is `published_at`), or else in lower case."""
    lower = name.strip().lower()
    return _BY_LETTERS.get(_SEPARATORS.sub("", lower), lower)


def csv_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a CSV or TSV file, numbered by their first line; cells are separated by commas, semicolons or tabs.

    Raises:
        InputError: if there is no column for titles or texts, or a line is too long.
    """
    stream, encoding = open_text(file)
    with stream:
        if encoding.note:
            yield Row(None, {}, encoding.note)
        source = limited_lines(stream, str(file))
        head = list(islice(source, HEAD))
        _refuse_gdelt(file, head)
        dialect = find_dialect(head, file.suffix)
        lines = chain(head[dialect.skipped :], source)
        csv.field_size_limit(MAX_CELL)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        try:
            header = [column_name(name) for name in next(reader, [])]
        except csv.Error as error:
            raise InputError(
                message("not a table: {reason}", reason=str(error)),
                file=str(file),
                line=1,
                remedy=message("check the header"),
            ) from error
        headers = (later_header(head, dialect, [name]) for name in sorted(TEXT_COLUMNS))
        check_columns(file, header, next(filter(None, headers), None))
        yield from _rows_below(reader, header, dialect.skipped)


def _refuse_gdelt(file: Path, head: list[str]) -> None:
    """Refuse a file of GDELT that has neither titles nor texts.

    Raises:
        InputError: if the first line is one of such a file.
    """
    if head and _GDELT.match(head[0]):
        raise InputError(
            message("a file of GDELT's knowledge graph, events or mentions, which has neither titles nor texts"),
            file=str(file),
            remedy=message("add the articles that GDELT's DOC API lists (mode=ArtList, format=json or csv)"),
        )


def _rows_below(reader: Any, header: list[str], skipped: int) -> Iterator[Row]:
    """Yield the rows below a header.

    Args:
        reader: `csv.reader` that has read the header.
        header: names of the columns in lower case.
        skipped: number of lines above the header.
    """
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(number, None, f"{error}{_open_quote(number, reader.line_num + skipped)}")
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


def parquet_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a Parquet file, numbered from 1.

    Raises:
        InputError: if the file is not Parquet, or has no column for titles or texts.
    """
    names = {column_name(name): name for name in reversed(parquet_columns(file, str(file)))}
    check_columns(file, list(names))
    table = read_parquet(file, str(file), [name for lower, name in names.items() if lower in KNOWN_COLUMNS])
    ignored = {lower: None for lower in names if lower not in KNOWN_COLUMNS}
    columns = [column_name(name) for name in table.columns]
    for number, values in enumerate(table.iter_rows(), start=1):
        yield Row(number, {**dict(zip(columns, values, strict=True)), **ignored})


def check_columns(file: Path, names: list[str], header: int | None = None) -> None:
    """Refuse a table without titles and texts.

    Args:
        file: the table.
        names: of its columns, in lower case.
        header: line that names such a column, if it is not the first.

    Raises:
        InputError: if there is no column for either.
    """
    if not TEXT_COLUMNS & set(map(column_name, names)):
        remedy = message("name the columns in the first line")
        if header is not None:
            remedy = message("the header seems to be in line {header}; remove the lines above it", header=header)
        raise InputError(
            message("no column title, headline or text; the columns are {names}", names=in_commas(names[:8]))
            if names
            else message("no column title, headline or text; there are no columns"),
            file=str(file),
            line=1,
            remedy=remedy,
        )
