"""The text of web pages and feeds. Nothing of them is ever run, and only text is kept."""

from __future__ import annotations

import html
import logging
import re
from typing import Any

LARGE = 1_000_000
"""Characters from which all text of a page is taken: telling its main text from the rest would take long."""
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,1000}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_INLINE = r"(?:a|abbr|b|big|bdi|cite|em|font|i|mark|q|rp|rt|ruby|s|small|span|strong|sub|sup|u|wbr)"
_TAG = r"(?:[\s/](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+)?>"
_WITHIN = re.compile(rf"</?{_INLINE}{_TAG}", re.IGNORECASE)
_BETWEEN = re.compile(r"<[a-z/!?](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+>", re.IGNORECASE)
_LEFT = re.compile(r"<[a-z/!?][^<>]{0,2000}(?:>|(?=<)|\Z)", re.IGNORECASE)


def page(source: str) -> dict[str, Any]:
    """Title, text, date and address of a page: its main text where that can be told from the rest, else all of it.

    `whole` says that all text was taken only because the page is large.
    """
    found = _main(source) if len(source) < LARGE else {}
    return {
        "title": found.get("title") or _title(source),
        "text": found.get("text") or text_of(source),
        "date": found.get("date"),
        "address": found.get("url"),
        "whole": len(source) >= LARGE,
    }


def text_of(source: str) -> str:
    """All text of a piece of markup, without scripts and styles, a line for each block; in time as long as the markup."""
    shown = _HIDDEN.sub(" ", source)
    shown = _BETWEEN.sub("\n", _WITHIN.sub("", shown))
    shown = html.unescape(_LEFT.sub("\n", shown)) if "<" in shown else html.unescape(shown)
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def _main(source: str) -> dict[str, Any]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a broken page is told of by us
    dates = {"extensive_search": False, "original_date": True}
    try:
        found: Any = trafilatura.bare_extraction(source, with_metadata=True, date_extraction_params=dates)
    except Exception:  # noqa: BLE001 - whatever a broken page does to the library, all of its text can still be taken
        return {}
    return found.as_dict() if found else {}


def _title(source: str) -> str:
    found = _TITLE.search(source[:100_000])
    return text_of(found[1]).replace("\n", " ") if found else ""
