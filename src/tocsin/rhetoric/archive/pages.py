"""Extract the text of web pages and feeds; nothing in them is ever run."""

from __future__ import annotations

import html
import logging
import re
from dataclasses import dataclass
from typing import Any

LARGE = 1_000_000
"""Characters from which a page is not searched for its main text, because that would be slow."""
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,1000}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_INLINE = r"(?:a|abbr|b|big|bdi|cite|em|font|i|mark|q|rp|rt|ruby|s|small|span|strong|sub|sup|u|wbr)"
_TAG = r"(?:[\s/](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+)?>"
_INLINE_TAG = re.compile(rf"</?{_INLINE}{_TAG}", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<[a-z/!?](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+>", re.IGNORECASE)
_BROKEN_TAG = re.compile(r"<[a-z/!?][^<>]{0,2000}(?:>|(?=<)|\Z)", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """What a web page says.

    Attributes:
        title, text, date, address: as on the page; the text is the main text if it can be distinguished from the rest.
        is_large: the text is all text, because the page is too large for a search of the main text.
    """

    title: str
    text: str
    date: str | None
    address: str | None
    is_large: bool


def read_page(source: str) -> Page:
    """Return the content of a web page."""
    is_large = len(source) >= LARGE
    main = None if is_large else _main_content(source)
    return Page(
        title=(main and main.title) or _title(source),
        text=(main and main.text) or markup_text(source),
        date=main.date if main else None,
        address=main.url if main else None,
        is_large=is_large,
    )


def markup_text(source: str) -> str:
    """Return all text of some markup, one line for each block, without scripts and styles; takes linear time."""
    shown = _HIDDEN.sub(" ", source)
    shown = _BLOCK_TAG.sub("\n", _INLINE_TAG.sub("", shown))
    shown = html.unescape(_BROKEN_TAG.sub("\n", shown)) if "<" in shown else html.unescape(shown)
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def _main_content(source: str) -> Any:
    """Return trafilatura's document, or None."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # the import reports broken pages itself
    dates = {"extensive_search": False, "original_date": True}
    try:
        return trafilatura.bare_extraction(source, with_metadata=True, date_extraction_params=dates)
    except Exception:  # noqa: BLE001 - whatever a broken page does to the library, its whole text can still be read
        return None


def _title(source: str) -> str:
    match = _TITLE.search(source[:100_000])
    return markup_text(match[1]).replace("\n", " ") if match else ""
