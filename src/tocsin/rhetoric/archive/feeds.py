"""Read the entries of RSS and Atom feeds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from tocsin.errors import InputError
from tocsin.reading.encodings import decode_any, unknown_encoding
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.tables import Row
from tocsin.translation import message

_DECLARATION = re.compile(r"(\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([A-Za-z0-9_\-]{2,30})")

_DASH_AT_END = re.compile(r"\s+[-–—|]\s+$")


def feed_rows(name: str, data: bytes) -> Iterator[Row]:
    """Yield the entries of a feed, numbered from 1, without downloading anything.

    Raises:
        InputError: if `data` is not a feed, or is too broken to read.
    """
    declared = _DECLARATION.match(data[:1_000].decode("ascii", "replace"))
    decoded = decode_any(data, declared[2] if declared else None)
    if decoded is None:
        raise unknown_encoding(name)
    if decoded.encoding.note:
        yield Row(None, {}, decoded.encoding.note)
    feed = _parsed(name, decoded.text)
    if not feed.get("version"):
        raise InputError(
            message("not an RSS or Atom feed"), file=name, remedy=message("give the address or file of a feed")
        )
    is_broken = bool(feed.get("bozo"))
    if is_broken:
        yield Row(
            None, {}, f"the feed is broken ({feed.get('bozo_exception')}); only its readable entries are imported"
        )
    language = _text(feed.feed.get("language"))
    texts = [_entry_text(entry) for entry in feed.entries]
    for number, (entry, text) in enumerate(zip(feed.entries, texts, strict=True), start=1):
        if is_broken and not text and any(texts):
            yield Row(number, None, "the feed is broken, and this entry has no text; correct its markup")
            continue
        values = {
            "title": _title(entry),
            "text": text,
            "date": _text(entry.get("published"))
            or _text(dict.get(entry, "updated")),  # feedparser's own `get` falls back with a warning
            "address": _text(entry.get("link")),
            "language": _text(entry.get("language")) or language,
            "id": _text(entry.get("id")),
        }
        yield Row(number, values)


def _entry_text(entry: Any) -> str:
    parts = [_text(part.get("value")) for part in entry.get("content") or []] or [_text(entry.get("summary"))]
    return "\n".join(filter(None, map(markup_text, parts)))


def _title(entry: Any) -> str:
    """Return the headline of an entry, without the outlet at its end that the entry names as its source, as Google News writes it."""
    title = markup_text(_text(entry.get("title"))).replace("\n", " ")
    source = entry.get("source")
    name = _text(source.get("title")).strip() if isinstance(source, dict) else ""
    rest = title.removesuffix(name)
    match = _DASH_AT_END.search(rest) if name and rest != title else None
    return rest[: match.start()] if match and match.start() else title


def _text(value: object) -> str:
    """Return a value of feedparser's document, which may be missing or None in a broken feed, as a text."""
    return value if isinstance(value, str) else ""


def _parsed(name: str, text: str) -> Any:
    """Return feedparser's document."""
    import feedparser

    data = _DECLARATION.sub(r"\1utf-8", text, count=1).encode("utf-8", "replace")
    try:
        # a stream, because the library opens bytes that look like a file name
        return feedparser.parse(io.BytesIO(data), sanitize_html=True)
    except Exception as error:  # the library raises many kinds of error on broken markup
        raise InputError(
            message("the feed is too broken to read ({kind}: {reason})", kind=type(error).__name__, reason=str(error)),
            file=name,
            remedy=message("download it again, or correct its markup"),
        ) from error
