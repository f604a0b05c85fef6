"""Statements out of files: pages, feeds, tables. What cannot be taken is told, never dropped in silence."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tocsin.errors import InputError
from tocsin.rhetoric.archive.dates import day_of
from tocsin.rhetoric.archive.pages import page, text_of
from tocsin.rhetoric.archive.rungs import language_of, outlet_at, outlet_named, rung_of
from tocsin.rhetoric.archive.statement import AUDIENCES, RUNGS, Statement

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
"""Columns of tables by what they hold, the first found is taken."""
ENCODINGS = ("utf-8", "cp949", "euc_jp", "shift_jis")


@dataclass(frozen=True)
class Remark:
    """What is to be said of a row: where it stands, what is the matter, and whether the row was lost for it."""

    file: str
    row: int | None
    why: str
    lost: bool = False


@dataclass(frozen=True)
class Given:
    """What is known of all statements of an import and is not said in them; `today` tells which days lie in the future."""

    today: dt.date
    outlet: str | None = None
    language: str | None = None
    audience: str | None = None
    rung: str | None = None


Found = Statement | Remark


def read(file: Path, given: Given) -> Iterator[Found]:
    """Statements of a file, and remarks.

    Raises:
        InputError: if the file as a whole cannot be read.
    """
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise InputError(
            f"no kind of file that can be read: {file.suffix or 'no ending'}",
            file=str(file),
            remedy=f"give {', '.join(_READERS)}, or an address of a feed",
        )
    try:
        yield from _made(str(file), reader(file), given)
    except OSError as error:
        raise InputError(
            f"cannot read: {error.strerror or error}", file=str(file), remedy="see that it is there"
        ) from error


def read_feed(name: str, data: bytes, given: Given) -> Iterator[Found]:
    """Statements of a feed that was fetched."""
    yield from _made(name, _entries(data), given)


def readable(folder: Path) -> list[Path]:
    """The files of a folder and its folders that can be read, in order."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix.lower() in _READERS)


def decoded(data: bytes, declared: str | None = None) -> str | None:
    """A text out of bytes: by its byte order mark, as declared, as UTF-8, else in the Korean or Japanese encoding in which
    most of its letters are Hangul or kana; None where none of them fits."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        declared = "utf-16"
    for name in filter(None, (declared, "utf-8-sig")):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    best: tuple[float, str] | None = None
    for name in ENCODINGS[1:]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        wide = [char for char in text if ord(char) > 0x7F]
        own = ("\uac00", "\ud7a3") if name == "cp949" else ("\u3041", "\u30ff")
        share = sum(own[0] <= char <= own[1] for char in wide) / max(len(wide), 1)
        if best is None or share > best[0]:
            best = (share, text)
    return best[1] if best and best[0] > 0.2 else None


def _text(file: Path, declared: str | None = None) -> str:
    text = decoded(file.read_bytes(), declared)
    if text is None:
        raise InputError(
            "in no encoding that is known",
            file=str(file),
            remedy=f"save it as UTF-8; also read: {', '.join(ENCODINGS[1:])}",
        )
    return text


# --- rows of every kind of file ----------------------------------------------------------------------------------------

Row = Mapping[str, Any] | str
"""Values by column; or why there are none."""


def _csv(file: Path) -> Iterator[Row]:
    text = _text(file).replace("\0", "")
    csv.field_size_limit(2**31 - 1)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if file.suffix.lower() == ".tsv" else ",")
    if not rows.fieldnames or not {"title", "headline", "text", "body", "content"} & {
        str(each).strip().lower() for each in rows.fieldnames
    }:
        raise InputError(
            "no column title, headline or text", file=str(file), line=1, remedy="name the columns in the first line"
        )
    for row in rows:
        long = row.pop(None, None)
        yield f"{len(long)} more cells than columns" if long else row


def _json(file: Path) -> Iterator[Row]:
    try:
        data = json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise InputError(f"no JSON: {error}", file=str(file), remedy="give a list of objects") from error
    if isinstance(data, dict):
        data = data.get("statements", [data])
    for row in data if isinstance(data, list) else [data]:
        yield row if isinstance(row, dict) else "no object"


def _jsonl(file: Path) -> Iterator[Row]:
    for line in _text(file).split("\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield f"no JSON: {error}"
            continue
        yield row if isinstance(row, dict) else "no object"


def _parquet(file: Path) -> Iterator[Row]:
    import polars as pl

    try:
        table = pl.read_parquet(file)
    except pl.exceptions.PolarsError as error:
        raise InputError("no Parquet file", file=str(file), remedy="make it again") from error
    yield from table.iter_rows(named=True)


def _html(file: Path) -> Iterator[Row]:
    data = file.read_bytes()
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})", data[:4_096])
    text = decoded(data, declared[1].decode() if declared else None)
    if text is None:
        raise InputError("in no encoding that is known", file=str(file), remedy="save it as UTF-8")
    yield page(text)


def _feed(file: Path) -> Iterator[Row]:
    yield from _entries(file.read_bytes())


def _entries(data: bytes) -> Iterator[Row]:
    import feedparser

    for entry in feedparser.parse(data, sanitize_html=True).entries:
        parts = [part.get("value", "") for part in entry.get("content", [])] or [entry.get("summary", "")]
        yield {
            "title": text_of(entry.get("title", "")),
            "text": text_of(" ".join(parts)),
            "date": entry.get("published") or entry.get("updated"),
            "address": entry.get("link"),
            "id": entry.get("id"),
        }


_READERS: Mapping[str, Callable[[Path], Iterator[Row]]] = MappingProxyType(
    {
        ".csv": _csv, ".tsv": _csv, ".json": _json, ".jsonl": _jsonl, ".ndjson": _jsonl, ".parquet": _parquet,
        ".html": _html, ".htm": _html, ".xml": _feed, ".rss": _feed, ".atom": _feed,
    }
)  # fmt: skip


# --- rows as statements ------------------------------------------------------------------------------------------------


def _made(name: str, rows: Iterable[Row], given: Given) -> Iterator[Found]:
    for at, row in enumerate(rows, start=1):
        if isinstance(row, str):
            yield Remark(name, at, row, lost=True)
            continue
        values = _values(row)
        if not values["title"] and not values["text"]:
            yield Remark(name, at, "neither title nor text", lost=True)
            continue
        made = _statement(values, given)
        yield made
        yield from (Remark(name, at, why) for why in _doubts(values, made, given))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {str(column).strip().lower(): value for column, value in row.items()}
    found: dict[str, Any] = {}
    for name, columns in NAMES.items():
        value = next((known[column] for column in columns if known.get(column) not in (None, "")), "")
        found[name] = value if name == "date" else _clean(str(value))
    return found


def _clean(text: str) -> str:
    """A text that any file can hold: nulls and halves of pairs replaced, ends trimmed."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8").strip()


def _statement(values: Mapping[str, Any], given: Given) -> Statement:
    known = outlet_at(values["address"])
    name = values["outlet"] or given.outlet or (known.name if known else None)
    outlet = outlet_named(name)
    language = values["language"] or given.language or language_of(f"{values['title']} {values['text']}")
    audience = values["audience"] if values["audience"] in AUDIENCES else given.audience
    rung = values["rung"] if values["rung"] in RUNGS else given.rung
    return Statement(
        title=values["title"],
        text=values["text"],
        date=day_of(values["date"]),
        outlet=name,
        language=language,
        audience=audience or (outlet.audience(language) if outlet else None),
        rung=rung or rung_of(values["title"], outlet),
        translation=values["translation"] or None,
        address=values["address"] or None,
        source_id=values["source_id"] or None,
    )


def _doubts(values: Mapping[str, Any], made: Statement, given: Given) -> Iterator[str]:
    if made.date is None:
        yield "no day is known" if not values["date"] else "its day cannot be told, or is one of two"
    elif made.date > given.today:
        yield "its day lies in the future; kept as it stands"
    for name, known in (("audience", AUDIENCES), ("rung", RUNGS)):
        if values[name] and values[name] not in known:
            yield f"{name} is none of {', '.join(known)}; left out"
