"""Statements out of files: pages, feeds, tables. What cannot be taken is told, never dropped in silence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tocsin.errors import InputError
from tocsin.rhetoric.archive.dates import day_of
from tocsin.rhetoric.archive.encodings import REMEDY, decoded
from tocsin.rhetoric.archive.feeds import feed_rows
from tocsin.rhetoric.archive.outlets import language_named, language_of, outlet_at, outlet_named
from tocsin.rhetoric.archive.pages import page
from tocsin.rhetoric.archive.statement import AUDIENCES, RUNGS, Statement
from tocsin.rhetoric.archive.tables import (
    KEPT,
    NAMES,
    Row,
    csv_rows,
    json_rows,
    jsonl_rows,
    parquet_rows,
    unsafe,
)
from tocsin.rhetoric.rungs import rung

MAX_BYTES = 64 * 2**20
"""What a page or a saved feed may have."""
MAX_TEXT = 5_000_000
"""Letters of a text, or of any other value, that are kept."""


@dataclass(frozen=True)
class Remark:
    """What is to be said of a row: where it stands, what is the matter, and whether the row was lost for it.

    `row` counts from 1: lines of CSV and JSONL, entries of JSON, Parquet and feeds; None if it is about the whole file.
    """

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


@dataclass(frozen=True)
class Taken:
    """A statement that was read, and the row in which it stood."""

    statement: Statement
    row: int | None


Found = Taken | Remark


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
    except UnicodeError as error:
        raise InputError("it was changed while it was read", file=str(file), remedy="add it again") from error


def read_feed(name: str, data: bytes, given: Given) -> Iterator[Found]:
    """Statements of a feed that was fetched.

    Raises:
        InputError: if it is no feed, or too large.
    """
    _check_size(name, len(data))
    yield from _made(name, feed_rows(name, data), given)


def files_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a folder and its folders, in order: those that can be read, and the rest; hidden ones are left aside."""
    names = sorted(each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
    shown = [folder / name for name in names if not any(part.startswith(".") for part in name.parts)]
    return [each for each in shown if each.suffix.lower() in _READERS], [
        each for each in shown if each.suffix.lower() not in _READERS
    ]


def _whole(file: Path) -> bytes:
    _check_size(str(file), file.stat().st_size)
    return file.read_bytes()


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise InputError(
            f"{size:,} bytes, more than the {MAX_BYTES:,} of a page or feed", file=name, remedy="cut it in parts"
        )


def _html_rows(file: Path) -> Iterator[Row]:
    data = _whole(file)
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})", data[:4_096])
    text = decoded(data, declared[1].decode() if declared else None)
    if text is None:
        raise InputError("in no encoding that is known", file=str(file), remedy=REMEDY)
    values = page(text)
    large = values.pop("whole")
    yield Row(1, values, "a large page: all of its text is taken, not only the main part" if large else "")


def _feed_rows(file: Path) -> Iterator[Row]:
    yield from feed_rows(str(file), _whole(file))


_READERS: Mapping[str, Callable[[Path], Iterator[Row]]] = MappingProxyType(
    {
        ".csv": csv_rows, ".tsv": csv_rows, ".json": json_rows, ".jsonl": jsonl_rows, ".ndjson": jsonl_rows,
        ".parquet": parquet_rows, ".html": _html_rows, ".htm": _html_rows, ".xhtml": _html_rows,
        ".xml": _feed_rows, ".rss": _feed_rows, ".atom": _feed_rows,
    }
)  # fmt: skip


# --- rows as statements ------------------------------------------------------------------------------------------------


def _made(name: str, rows: Iterable[Row], given: Given) -> Iterator[Found]:
    unknown: dict[str, None] = {}
    some = False
    for row in rows:
        some = True
        if row.values is None:
            yield Remark(name, row.at, row.why, lost=True)
            continue
        if row.why:
            yield Remark(name, row.at, row.why)
        if row.at is None:
            continue
        unknown.update(dict.fromkeys(row.values.keys() - KEPT))
        yield from _read_row(name, row.at, row.values, given, covered=row.covered)
    if unknown:
        yield Remark(name, None, f"not kept: {', '.join(sorted(map(str, unknown))[:12])}")
    if not some:
        yield Remark(name, None, "there is nothing in it")


def _read_row(name: str, at: int, row: Mapping[str, Any], given: Given, *, covered: bool) -> Iterator[Found]:
    doubts: list[str] = []
    whole, strange = _values(row, doubts)
    if strange or not (whole["title"].strip() or whole["text"].strip()):
        yield Remark(name, at, f"{strange} is no text" if strange else "neither title nor text", lost=True)
        return
    values = {column: value.strip() if isinstance(value, str) else value for column, value in whole.items()}
    made = _exported(whole, row.get("hash"), covered=covered) or _statement(values, given)
    yield Taken(made, at)
    yield from (Remark(name, at, why) for why in (*doubts, *_doubts(values, made, given)))


def _values(row: Mapping[str, Any], doubts: list[str]) -> tuple[dict[str, Any], str | None]:
    """What a row says by our names; and a column that holds what is no text."""
    found: dict[str, Any] = {}
    for name, columns in NAMES.items():
        column = next((each for each in columns if row.get(each) not in (None, "")), columns[0])
        value = row.get(column, "")
        if isinstance(value, bool | dict | list | bytes):
            return found, column
        found[name] = value if name == "date" else _clean("" if value is None else str(value), name, doubts)
    return found, None


def _clean(text: str, name: str, doubts: list[str]) -> str:
    """A text that any file can hold."""
    kept = text
    if len(kept) > MAX_TEXT:
        doubts.append(f"{name} is cut after {MAX_TEXT:,} letters")
        kept = kept[:MAX_TEXT]
    if "\0" in kept or not _writable(kept):
        doubts.append(f"{name} holds nulls or halves of letters, which are replaced")
        kept = kept.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return kept


def _writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _exported(values: Mapping[str, Any], hash_: object, *, covered: bool) -> Statement | None:
    """The statement of a row that an archive wrote, as it was, without anything worked out; its hash tells whether it is one."""
    if not isinstance(hash_, str) or not hash_:
        return None
    kept = {name: unsafe(each) if covered and isinstance(each, str) else each for name, each in values.items()}
    details: dict[str, Any] = {name: kept[name] or None for name in kept if name not in ("title", "text", "date")}
    made = Statement(kept["title"], kept["text"], day_of(kept["date"]), **details)
    return made if made.hash == hash_ else None


def _statement(values: Mapping[str, Any], given: Given) -> Statement:
    known = outlet_at(values["address"])
    said = values["outlet"] or given.outlet or (known.name if known else None)
    outlet = outlet_named(said)
    language = (
        language_named(values["language"]) or given.language or language_of(f"{values['title']} {values['text']}")
    )
    audience = _one_of(values["audience"], AUDIENCES) or given.audience
    own = _one_of(values["rung"], RUNGS) or given.rung
    spoken = None if own else rung(values["title"], outlet.name if outlet else None, values["text"])
    return Statement(
        title=values["title"],
        text=values["text"],
        date=day_of(values["date"]),
        outlet=outlet.name if outlet else said,
        language=language,
        audience=audience or (outlet.audience(language) if outlet else None),
        rung=own or (spoken.rung if spoken else None),
        translation=values["translation"] or None,
        address=values["address"] or None,
        source_id=values["source_id"] or None,
    )


def _one_of(said: str, known: tuple[str, ...]) -> str | None:
    return said.lower() if said.lower() in known else None


def _doubts(values: Mapping[str, Any], made: Statement, given: Given) -> Iterator[str]:
    if not made.title:
        yield "no title"
    if made.date is None:
        yield "no day is known" if values["date"] in (None, "") else "its day cannot be told, or is one of two"
    elif made.date > given.today:
        yield "its day lies in the future; kept as it stands"
    if values["language"] and language_named(values["language"]) is None:
        yield "language is no ISO 639-1 code; told by the script instead"
    for name, known in (("audience", AUDIENCES), ("rung", RUNGS)):
        if values[name] and _one_of(values[name], known) is None:
            yield f"{name} is none of {', '.join(known)}; left out"
