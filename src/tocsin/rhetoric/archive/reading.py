"""Read statements from pages, feeds and tables; every row that cannot be read is reported."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tocsin.errors import InputError
from tocsin.reading import file_inside, read_bytes
from tocsin.reading.delimited import refuse_binary
from tocsin.reading.encodings import decode_any, unknown_encoding
from tocsin.reading.sources import open_file, too_large
from tocsin.rhetoric.archive.dates import date_or_address, date_problem, latest_today, read_date
from tocsin.rhetoric.archive.day_pages import DayPage, read_day_page
from tocsin.rhetoric.archive.epochs import with_days
from tocsin.rhetoric.archive.feeds import feed_rows
from tocsin.rhetoric.archive.json_tables import json_rows, jsonl_rows
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.outlets import (
    contradicting_language,
    detect_language,
    find_outlet,
    language_code,
    outlet_at,
    require_language,
)
from tocsin.rhetoric.archive.pages import Page, read_page
from tocsin.rhetoric.archive.statement import AUDIENCES, RUNGS, Statement
from tocsin.rhetoric.archive.tables import (
    COLUMN_NAMES,
    HTML_COLUMNS,
    KNOWN_COLUMNS,
    Row,
    csv_rows,
    parquet_rows,
    unescape_cell,
)
from tocsin.rhetoric.rungs import rung
from tocsin.translation import in_commas, message

MAX_BYTES = 64_000_000
"""Largest page or saved feed."""
MAX_TEXT = 5_000_000
"""Letters after which a text, or any other value, is cut."""
PAGES = (".html", ".htm", ".xhtml")
"""Endings of pages."""
IGNORED_COLUMNS = "ignored columns"
_CUT_BY_SOURCE = re.compile(r"\[\+\d+ chars\]\s*$")
"""End of a text that NewsAPI has cut."""
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})")


@dataclass(frozen=True)
class Remark:
    """Something the user should know about a row.

    Attributes:
        file: file or address.
        row: line (CSV, JSONL) or index (JSON, Parquet, feeds), from 1; None if the remark is about the whole file.
        why: what is the matter.
        lost: the row was not imported.
    """

    file: str
    row: int | None
    why: str
    lost: bool = False


@dataclass(frozen=True)
class Defaults:
    """Attributes, as in `Statement`, of statements that do not state them. A date after `today` gets a remark."""

    outlet: str | None = None
    language: str | None = None
    audience: str | None = None
    rung: str | None = None
    today: dt.date = field(default_factory=latest_today)

    def resolved(self) -> Defaults:
        """Return the defaults with the code of the language.

        Raises:
            InputError: if the language is unknown.
        """
        return replace(self, language=require_language(self.language))


@dataclass(frozen=True)
class Parsed:
    """A statement and the number of its row."""

    statement: Statement
    row: int | None


def read_file(file: Path, defaults: Defaults) -> Iterator[Parsed | Remark]:
    """Yield the statements of a file, and remarks.

    Raises:
        InputError: if the whole file cannot be read.
    """
    reader = _READERS.get(file.suffix.lower())
    if not file.exists():
        raise InputError(
            message("cannot read: no such file or folder"), file=str(file), remedy=message("check the path")
        )
    if reader is None:
        raise InputError(
            message("unknown format {suffix}", suffix=file.suffix)
            if file.suffix
            else message("the file name has no ending"),
            file=str(file),
            remedy=message("give {names}, or the address of a feed", names=in_commas(_READERS)),
        )
    try:
        if reader is not parquet_rows:
            with open_file(file, str(file), None) as stream:
                refuse_binary(stream.read(16), str(file))
        yield from _parse(str(file), reader(file), defaults)
    except OSError as error:
        raise InputError(
            message("cannot read: {reason}", reason=error.strerror or str(error)),
            file=str(file),
            remedy=message("check the path"),
        ) from error
    except UnicodeError as error:
        raise InputError(
            message("the file changed while it was read"), file=str(file), remedy=message("add it again")
        ) from error


def read_feed(name: str, data: bytes, defaults: Defaults) -> Iterator[Parsed | Remark]:
    """Yield the statements of a downloaded feed, and remarks.

    Raises:
        InputError: if it is not a feed, or too large.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name, MAX_BYTES)
    refuse_binary(data, name)
    yield from _parse(name, feed_rows(name, data), defaults)


@dataclass(frozen=True)
class Listing:
    """The files in a folder and its subfolders, sorted; hidden files are ignored.

    Attributes:
        readable: files in a known format.
        others: files in another format.
        outside: links that leave the folder; they are not followed.
    """

    readable: tuple[Path, ...]
    others: tuple[Path, ...]
    outside: tuple[Path, ...]


def list_files(folder: Path) -> Listing:
    """Return the files in a folder and its subfolders."""
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    visible = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    outside = {name for name in visible if (folder / name).is_symlink() and _leaves(folder, name)}
    files = [folder / name for name in visible if name not in outside and (folder / name).is_file()]
    return Listing(
        tuple(file for file in files if file.suffix.lower() in _READERS),
        tuple(file for file in files if file.suffix.lower() not in _READERS),
        tuple(folder / name for name in visible if name in outside),
    )


def _leaves(folder: Path, name: Path) -> bool:
    """Return whether a link leads to a file or folder outside `folder`, or nowhere."""
    if (folder / name).is_dir():
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    try:
        file_inside(folder, str(name))
    except InputError:
        return True
    return False


def _html_rows(file: Path) -> Iterator[Row]:
    data = read_bytes(file, str(file), MAX_BYTES)
    declared = _CHARSET.search(data[:4_096])
    decoded = decode_any(data, declared[1].decode() if declared else None)
    if decoded is None:
        raise unknown_encoding(str(file))
    page = read_page(decoded.text)
    if decoded.encoding.note:
        yield Row(None, {}, decoded.encoding.note)
    if day_page := read_day_page(decoded.text):
        yield from _day_page_rows(day_page, page)
        return
    values = {"title": page.title, "text": page.text, "date": page.date, "address": page.address}
    yield Row(1, values, "large page: all of its text is imported, not only the main part" if page.is_large else "")


def _day_page_rows(day_page: DayPage, page: Page) -> Iterator[Row]:
    for number, item in enumerate(day_page.items, start=1):
        address = f"{page.address}#{item.anchor}" if page.address and item.anchor else page.address
        values = {"title": item.title, "text": item.text, "date": day_page.day or page.date, "address": address}
        yield Row(number, {**values, "outlet": item.outlet})


def _feed_rows(file: Path) -> Iterator[Row]:
    yield from feed_rows(str(file), read_bytes(file, str(file), MAX_BYTES))


_READERS: Mapping[str, Callable[[Path], Iterator[Row]]] = MappingProxyType(
    {
        ".csv": csv_rows, ".tsv": csv_rows, ".json": json_rows, ".jsonl": jsonl_rows, ".ndjson": jsonl_rows,
        ".parquet": parquet_rows, **dict.fromkeys(PAGES, _html_rows),
        ".xml": _feed_rows, ".rss": _feed_rows, ".atom": _feed_rows,
    }
)  # fmt: skip


# --- rows to statements ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Values:
    """The texts of a row under the names of a statement's attributes; empty where it has none."""

    title: str
    text: str
    date: object
    outlet: str
    language: str
    audience: str
    rung: str
    translation: str
    address: str
    source_id: str

    def stripped(self) -> _Values:
        """Return the values without space at both ends."""
        return _Values(
            **{name: value.strip() if isinstance(value, str) else value for name, value in vars(self).items()}
        )


class _RowError(Exception):
    """Why a row has no statement."""


def _parse(name: str, rows: Iterable[Row], defaults: Defaults) -> Iterator[Parsed | Remark]:
    ignored: set[str] = set()
    is_empty = True
    for row in with_days(rows):
        is_empty = False
        if row.values is None:
            yield Remark(name, row.number, row.remark, lost=True)
            continue
        if row.remark:
            yield Remark(name, row.number, row.remark)
        if row.number is None:
            continue
        ignored.update(row.values.keys() - KNOWN_COLUMNS)
        yield from _parse_row(name, row, row.values, defaults)
    if ignored:
        yield Remark(name, None, f"{IGNORED_COLUMNS}: {', '.join(sorted(map(str, ignored))[:12])}")
    if is_empty:
        yield Remark(name, None, message("the file has no rows"))


def _parse_row(name: str, row: Row, cells: Mapping[str, object], defaults: Defaults) -> Iterator[Parsed | Remark]:
    remarks: list[str] = []
    try:
        values = _values(cells, remarks)
    except _RowError as error:
        yield Remark(name, row.number, str(error), lost=True)
        return
    stripped = values.stripped()
    statement = _exported(values, cells.get("hash"), escaped=row.escaped) or _statement(stripped, defaults)
    yield Parsed(statement, row.number)
    yield from (Remark(name, row.number, why) for why in (*remarks, *_remarks(stripped, statement, defaults)))


def _values(cells: Mapping[str, object], remarks: list[str]) -> _Values:
    """Return the values of a row, and append remarks on those that had to be changed.

    Raises:
        _RowError: if a value is not a text, or there is neither title nor text.
    """
    texts: dict[str, str] = {}
    date: object = None
    for name, columns in COLUMN_NAMES.items():
        column = next((column for column in columns if not _is_missing(cells.get(column))), columns[0])
        value = _plain(cells.get(column), name, column)
        if name == "date":
            date = value
        else:
            text = "" if _is_missing(value) else str(value)
            texts[name] = _clean(markup_text(text) if column in HTML_COLUMNS else text, name, remarks)
    if _CUT_BY_SOURCE.search(texts["text"]):
        remarks.append("the source has cut the text")
    result = _Values(date=date, **texts)
    if not (result.title.strip() or result.text.strip()):
        raise _RowError("neither title nor text")
    return result


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _plain(value: object, name: str, column: str) -> object:
    """Return a text, number or date; a list of paragraphs is joined, and an outlet may be an object with a name.

    Raises:
        _RowError: if it is something else.
    """
    if name == "outlet" and isinstance(value, dict):
        value = next((value[key] for key in ("name", "title", "id") if isinstance(value.get(key), str)), None)
    if name == "text" and isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    if isinstance(value, bool | dict | list | bytes) or (isinstance(value, float) and math.isinf(value)):
        raise _RowError(f"{column} is not a text")
    return value


def _clean(text: str, name: str, remarks: list[str]) -> str:
    """Return a text of allowed length that can be encoded in UTF-8."""
    if len(text) > MAX_TEXT:
        remarks.append(f"{name} cut after {MAX_TEXT:,} letters")
        text = text[:MAX_TEXT]
    if "\0" in text or not _is_unicode(text):
        remarks.append(f"invalid characters (NUL or half a surrogate pair) replaced in {name}")
        text = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _exported(values: _Values, hash_: object, *, escaped: bool) -> Statement | None:
    """Return the statement of a row that an archive exported, unchanged; None if the hash shows that it is another row."""
    if not isinstance(hash_, str) or not hash_:
        return None
    own = {
        name: unescape_cell(value) if escaped and isinstance(value, str) else value
        for name, value in vars(values).items()
    }
    details: dict[str, Any] = {
        name: value or None for name, value in own.items() if name not in ("title", "text", "date")
    }
    statement = Statement(own["title"], own["text"], _exported_day(own["date"]), **details)
    return statement if statement.hash == hash_ else None


def _exported_day(value: object) -> dt.date | None:
    """Return the day that an archive exported, of any year, or None."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _statement(values: _Values, defaults: Defaults) -> Statement:
    published_by = outlet_at(values.address)
    name = values.outlet or defaults.outlet or (published_by.name if published_by else None)
    outlet = find_outlet(name) or outlet_at(f"//{name}")
    content = f"{values.title} {values.text}"
    stated = language_code(values.language)
    language = stated and (contradicting_language(stated, content) or stated)
    language = language or defaults.language or detect_language(content)
    audience = _choice(values.audience, AUDIENCES) or defaults.audience
    own_rung = _choice(values.rung, RUNGS) or defaults.rung
    detected = None if own_rung else rung(values.title, outlet.name if outlet else name, values.text)
    return Statement(
        title=values.title,
        text=values.text,
        date=date_or_address(values.date, values.address).date,
        outlet=outlet.name if outlet else name,
        language=language,
        audience=audience or (outlet.audience(language) if outlet else None),
        rung=own_rung or (detected.rung if detected else None),
        translation=values.translation or None,
        address=values.address or None,
        source_id=values.source_id or None,
    )


def _choice(value: str, allowed: tuple[str, ...]) -> str | None:
    return value.lower() if value.lower() in allowed else None


def _remarks(values: _Values, statement: Statement, defaults: Defaults) -> Iterator[str]:
    if not statement.title:
        yield "no title"
    reading = date_or_address(values.date, values.address)
    if reading.date != statement.date:  # an exported statement keeps its missing date
        reading = read_date(statement.date)
    if problem := date_problem(reading, defaults.today):
        yield problem
    if values.language and language_code(values.language) is None:
        yield "unknown language code; detected from the script instead"
    stated = language_code(values.language)
    if stated and stated != statement.language:
        yield f"the stated language {stated} contradicts the script of the text; {statement.language} stored"
    for name, value, allowed in (("audience", values.audience, AUDIENCES), ("rung", values.rung, RUNGS)):
        if value and _choice(value, allowed) is None:
            yield f"unknown {name} ignored; allowed: {', '.join(allowed)}"
