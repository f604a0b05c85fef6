"""Statements written out: as tables that can be read in again, or as a page."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from tocsin.errors import InputError
from tocsin.files import replacing
from tocsin.rhetoric.archive.statement import COLUMNS, Statement
from tocsin.rhetoric.archive.tables import safe

_NAMES = ("number", "date", *(name for name in COLUMNS if name not in ("id", "date")), "hash")
_AT_ONCE = 20_000


def as_row(statement: Statement) -> dict[str, Any]:
    """A statement by its columns, its day as text; its number in the archive under `number`."""
    row = {name: getattr(statement, name) for name in COLUMNS if name != "id"}
    row |= {"number": statement.id, "date": statement.date.isoformat() if statement.date else None}
    row["hash"] = statement.hash
    return {name: row[name] for name in _NAMES}


def export(statements: Iterable[Statement], file: Path) -> int:
    """Write statements in the form that the ending of a file asks for, one by one; the file is whole or not there. How many they were.

    In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe. `add` takes it away again: the hash of the
    row tells that it was put there.

    Raises:
        InputError: if the ending is none of .csv, .json, .jsonl, .parquet, .html, or the file cannot be written.
    """
    writer = writer_for(file)
    with replacing(file) as temporary:
        return writer(iter(statements), temporary)


def writer_for(file: Path) -> Callable[[Iterator[Statement], Path], int]:
    """What writes a file of this ending.

    Raises:
        InputError: if nothing does.
    """
    if file.suffix.lower() not in _WRITERS:
        raise InputError("no form that can be written", file=str(file), remedy=f"end it in {', '.join(_WRITERS)}")
    return _WRITERS[file.suffix.lower()]


def _csv(statements: Iterator[Statement], file: Path) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, _NAMES)  # ends lines by CR LF, so that a cell with either is quoted
        table.writeheader()
        for count, each in enumerate(statements, start=1):  # noqa: B007 - what is counted is given back
            row = as_row(each)
            table.writerow({name: safe(value) if isinstance(value, str) else value for name, value in row.items()})
    return count


def _json(statements: Iterator[Statement], file: Path) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("[")
        for count, each in enumerate(statements, start=1):
            stream.write(f"{',' if count > 1 else ''}\n{json.dumps(as_row(each), ensure_ascii=False)}")
        stream.write("\n]\n")
    return count


def _jsonl(statements: Iterator[Statement], file: Path) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for count, each in enumerate(statements, start=1):  # noqa: B007
            stream.write(json.dumps(as_row(each), ensure_ascii=False) + "\n")
    return count


def _parquet(statements: Iterator[Statement], file: Path) -> int:
    import polars as pl

    schema = {name: pl.Int64 if name in ("number", "alike") else pl.String for name in _NAMES}
    tables = [pl.DataFrame([], schema=schema)]
    while some := list(islice(statements, _AT_ONCE)):
        tables.append(pl.DataFrame([as_row(each) for each in some], schema=schema))
    whole = pl.concat(tables).with_columns(pl.col("date").str.to_date("%Y-%m-%d"))
    whole.write_parquet(file)
    return whole.height


def _html(statements: Iterator[Statement], file: Path) -> int:
    """A page by itself, every text escaped, no script, and nothing fetched or run even if one slipped in."""
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_HEAD)
        for count, each in enumerate(statements, start=1):  # noqa: B007
            stream.write(_article(each))
        stream.write(f"<p>{count:,} statements</p>\n</body></html>\n")
    return count


def _article(each: Statement) -> str:
    known = (each.date or "no day", each.outlet or "outlet not known", each.rung or "rung not known", each.id)
    parts = [escape(str(part)) for part in known] + ([_link(each.address)] if each.address else [])
    language = f' lang="{escape(each.language)}"' if each.language else ""
    translation = f'<pre lang="en">{escape(each.translation)}</pre>\n' if each.translation else ""
    return (
        f"<article{language}>\n<h2>{escape(each.title) or 'no title'}</h2>\n<p><small>{' · '.join(parts)}</small></p>\n"
        f"<pre>{escape(each.text)}</pre>\n{translation}</article>\n"
    )


def _link(address: str) -> str:
    """An address to click on if it is one of the web; else only its text."""
    try:
        web = urlsplit(address).scheme in ("http", "https")
    except ValueError:
        web = False
    shown = escape(address)
    return f'<a href="{shown}" rel="noopener noreferrer nofollow">{shown}</a>' if web else shown


_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Statements</title>
<style>body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}small{color:#555}
pre{white-space:pre-wrap;font:inherit}</style>
</head><body><h1>Statements</h1>
"""
_WRITERS: Mapping[str, Callable[[Iterator[Statement], Path], int]] = MappingProxyType(
    {".csv": _csv, ".json": _json, ".jsonl": _jsonl, ".parquet": _parquet, ".html": _html}
)
