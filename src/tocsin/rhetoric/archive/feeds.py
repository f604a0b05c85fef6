"""The entries of RSS and Atom feeds."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.errors import InputError
from tocsin.rhetoric.archive.pages import text_of
from tocsin.rhetoric.archive.tables import Row


def feed_rows(name: str, data: bytes) -> Iterator[Row]:
    """Entries of a feed, numbered from 1. Nothing is fetched.

    Raises:
        InputError: if it is no feed.
    """
    import feedparser

    found = feedparser.parse(data, sanitize_html=True)
    if not found.get("version"):
        raise InputError("no RSS or Atom feed", file=name, remedy="give the address or file of a feed")
    if found.get("bozo"):
        yield Row(None, {}, f"the feed is broken: {found.get('bozo_exception')}; what can be read of it is taken")
    language = found.feed.get("language")
    for at, entry in enumerate(found.entries, start=1):
        parts = [part.get("value", "") for part in entry.get("content", [])] or [entry.get("summary", "")]
        values = {
            "title": text_of(entry.get("title", "")).replace("\n", " "),
            "text": "\n".join(filter(None, map(text_of, parts))),
            "date": entry.get("published") or dict.get(entry, "updated"),
            "address": entry.get("link"),
            "language": entry.get("language") or language,
            "id": entry.get("id"),
        }
        yield Row(at, values)
