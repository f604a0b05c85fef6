"""Divide pages that hold all items of a day: items stand between rules, and at least two begin with a dateline after their title."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tocsin.rhetoric.archive.dates import read_date
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.outlets import find_outlet

MIN_ITEMS = 2
"""Fewest datelines of a day page."""
MAX_TITLE_LINES = 3
"""Most lines before a dateline that are the title of its item."""
MIN_BODY = 100
"""Fewest letters of a text that is an item without a dateline, outside the items."""
MAX_TITLE = 300
_RULE = re.compile(r"<hr\b[^<>]{0,2000}>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s+(?:name|id)\s*=\s*[\"']?([^\"'\s<>]{1,100})", re.IGNORECASE)
_HEADING = re.compile(
    r"\s*(?:<(?:p|div|font|center|br|a)\b[^<>]{0,500}>\s*|</a>\s*){0,10}<(?:b|strong|h[1-6])\b", re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^>]{0,1000}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATELINES = (
    re.compile(rf"(?:[A-Z][\w.' -]{{1,40}},? )?{_MONTH} \d{{1,2}}(?:[, ]+[^()]{{0,30}})? ?\((?P<agency>[^()]{{2,40}})\) ?[-–—]"),
    re.compile(r"[(（【\[]?\s?[가-힣]{1,10}\s\d{1,2}월\s?\d{1,2}일\s?발?\s?(?P<agency>[가-힣]{2,12})[)）】\]]"),
    re.compile(r"[(（【\[][^】)）\]]{1,10}\d{1,2}月\d{1,2}日\s?[発发發](?P<agency>[^】)）\]]{2,12})[】)）\]]"),
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One item of a day page.

    Attributes:
        title, text: as on the page; the text begins with the dateline.
        outlet: short name of the agency in the dateline, if it is a known outlet.
        anchor: name of the place on the page, or None.
    """

    title: str
    text: str
    outlet: str | None
    anchor: str | None


@dataclass(frozen=True)
class DayPage:
    """The items of a page, and the day that its title or a line outside the items names."""

    items: tuple[Item, ...]
    day: dt.date | None


@dataclass(frozen=True)
class _Part:
    """What stands between two rules: its source, its lines, and the index of its dateline with the agency, if it has one."""

    source: str
    lines: list[str]
    dateline: tuple[int, str] | None


def read_day_page(source: str) -> DayPage | None:
    """Return the items of a page, or None if it is not a day page."""
    pieces = _RULE.split(source)
    if len(pieces) < MIN_ITEMS:
        return None
    parts = [_part(piece) for piece in pieces]
    dated = [index for index, part in enumerate(parts) if part.dateline]
    if len(dated) < MIN_ITEMS:
        return None
    items: list[Item] = []
    others: list[str] = []
    for index, part in enumerate(parts):
        if part.dateline or (part.lines and _is_item(part, between=dated[0] < index < dated[-1])):
            items.append(_item(part))
        else:
            others += part.lines
    return DayPage(tuple(items), _day(source, others))


def _part(source: str) -> _Part:
    lines = markup_text(source).split("\n")
    for index, line in enumerate(lines[: MAX_TITLE_LINES + 1]):
        for form in _DATELINES:
            if match := form.match(line):
                return _Part(source, lines, (index, match["agency"]))
    return _Part(source, [line for line in lines if line], None)


def _is_item(part: _Part, *, between: bool) -> bool:
    """Return whether a part without a dateline is an item: it stands between items, or it has a heading and a text."""
    if between:
        return True
    return bool(_HEADING.match(part.source)) and sum(map(len, part.lines[1:])) >= MIN_BODY


def _item(part: _Part) -> Item:
    anchor = _ANCHOR.search(part.source)
    if part.dateline:
        first, agency = part.dateline
    else:
        first, agency = int(len(part.lines) > 1 and len(part.lines[0]) <= MAX_TITLE), ""
    outlet = find_outlet(agency)
    return Item(
        title=" ".join(part.lines[:first]),
        text="\n".join(part.lines[first:]),
        outlet=outlet.name if outlet else None,
        anchor=anchor[1] if anchor else None,
    )


def _day(source: str, lines: list[str]) -> dt.date | None:
    """Return the first day that a part of the title or a line names."""
    title = _TITLE.search(source[:100_000])
    parts = re.split(r"\s[-|–—:]\s", markup_text(title[1])) if title else []
    texts = [*parts, *lines]
    return next((day for text in texts if (day := read_date(text).date)), None)
