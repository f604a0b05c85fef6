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

_DECLARATION = re.compile(r"(\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([A-Za-z0-9_\-]{2,30})")


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
        raise InputError("not an RSS or Atom feed", file=name, remedy="give the address or file of a feed")
    if feed.get("bozo"):
        yield Row(
            None, {}, f"the feed is broken ({feed.get('bozo_exception')}); only its readable entries are imported"
        )
    language = _text(feed.feed.get("language"))
    for number, entry in enumerate(feed.entries, start=1):
        parts = [_text(part.get("value")) for part in entry.get("content") or []] or [_text(entry.get("summary"))]
        values = {
            "title": markup_text(_text(entry.get("title"))).replace("\n", " "),
            "text": "\n".join(filter(None, map(markup_text, parts))),
            "date": _text(entry.get("published"))
            or _text(dict.get(entry, "updated")),  # feedparser's own `get` falls back with a warning
            "address": _text(entry.get("link")),
            "language": _text(entry.get("language")) or language,
            "id": _text(entry.get("id")),
        }
        yield Row(number, values)


def _text(value: object) -> str:
    """Return a value of feedparser's document, which may be missing or None in a broken feed, as a text."""
    return value if isinstance(value, str) else ""


def _parsed(name: str, text: str) -> Any:
    """Return feedparser's document."""
    import feedparser

    data = _DECLARATION.sub(r"\1utf-8", text, count=1).encode("utf-8", "replace")
    try:
        # a stream, because the library takes bytes that look like the name of a file for one
        return feedparser.parse(io.BytesIO(data), sanitize_html=True)
    except Exception as error:  # the library raises many kinds of error on broken markup
        raise InputError(
            f"the feed is too broken to read ({type(error).__name__}: {error})",
            file=name,
            remedy="download it again, or correct its markup",
        ) from error
