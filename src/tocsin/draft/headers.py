"""Separate the running text of an article from its title, byline, day and subheadings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tocsin.draft.dates import find_dates

MAX_HEADING = 20
"""Most words of a heading."""
HEAD = 6
"""Number of paragraphs at the top that may be title, byline or day."""
_ENDS = re.compile(r"[.!?…:;。！？：；][\"'”’)\]」』）]*$")
_BYLINE = re.compile(r"^by\s+([A-Z][\w.'’-]+(?:\s+(?:and\s+)?[\w.'’-]+){0,6})$", re.IGNORECASE)
_ASIAN_DAY = re.compile(r"(\d{4})\s*[년年]\s*(\d{1,2})\s*[월月]\s*(\d{1,2})\s*[일日]")
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'/-]{2,40}(?:,\s*[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s*(?:\([A-Za-z ]{2,20}\)\s*)?[—–-]{1,2}\s+(?=[A-Z\"“])"
)


@dataclass(frozen=True)
class Header:
    """The title, author and day of an article; None for what it does not state."""

    title: str | None
    author: str | None
    day: date | None


def split_header(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], Header]:
    """Return the paragraphs of the running text, and what stands above them.

    A paragraph is a heading if it has at most `MAX_HEADING` words and no mark at its end. The first one is the title.
    An article of headings only is taken as running text.
    """
    title = author = day = None
    running: list[str] = []
    for index, text in enumerate(paragraphs):
        if _ENDS.search(text) or len(text.split()) > MAX_HEADING:
            running.append(_DATELINE.sub("", text) if not running else text)
            continue
        if index >= HEAD:
            continue
        byline = _BYLINE.match(text)
        date_line = _whole_day(text)
        if byline:
            author = author or byline[1]
        elif date_line:
            day = day or date_line
        else:
            title = title or text
    return tuple(running or paragraphs), Header(title, author, day)


def head_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the paragraphs in the lines of a block: a byline and a day each stand alone, and other lines are joined.

    A block with the end of a sentence is running text, and stays one paragraph.
    """
    if any(_ENDS.search(line) for line in lines):
        return (" ".join(lines),)
    parts: list[list[str]] = [[]]
    for line in lines:
        if _BYLINE.match(line) or _whole_day(line):
            parts += [[line], []]
        else:
            parts[-1].append(line)
    return tuple(" ".join(part) for part in parts if part)


def _whole_day(text: str) -> date | None:
    """Return the day that a short line names, such as `Published 12 March 2024` or `2024년 3월 12일`; None for any other line."""
    if asian := _ASIAN_DAY.search(text):
        with suppress(ValueError):
            return date(*map(int, asian.groups()))
    days = [item for item in find_dates(text) if len(item.iso) == 10]
    if len(days) != 1 or len(text.split()) > 8:
        return None
    return date.fromisoformat(days[0].iso)
