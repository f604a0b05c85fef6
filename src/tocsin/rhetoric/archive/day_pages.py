"""Divide pages that hold all items of a day.

Items stand between rules, and at least two begin with a dateline after their title. Without such rules, lines with a title and then a
dateline divide the page if there are at least three.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tocsin.rhetoric.archive.dates import read_date
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.outlets import find_outlet

MIN_ITEMS = 2
"""Fewest datelines of a day page with rules."""
MIN_BARE_ITEMS = 3
"""Fewest datelines of a day page without rules."""
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
_UNDATED = re.compile(r"(?:[A-Z][\w.' -]{1,40},? )?\((?P<agency>[^()]{2,40})\) ?[-–—]")
"""A dateline without a day, which counts if it names a known outlet."""
MAX_DAY_WORDS = 8
"""Words at the end of a title in which its day is looked for."""
_SENTENCE_END = re.compile(r"(?<![A-Z])[.。．][\"'”’」)]?$")
_FOOT = re.compile(r"copyright\b|©|\(c\)|all rights reserved", re.IGNORECASE)


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
    parts = [_part(piece) for piece in _RULE.split(source)]
    dated = [index for index, part in enumerate(parts) if part.dateline]
    if len(dated) < MIN_ITEMS:
        return _without_rules(source)
    items: list[Item] = []
    others: list[str] = []
    for index, part in enumerate(parts):
        if part.dateline or (part.lines and _is_item(part, between=dated[0] < index < dated[-1])):
            items.append(_item(part))
        else:
            others += part.lines
    return DayPage(tuple(items), _day(source, others))


def _without_rules(source: str) -> DayPage | None:
    """Return the items of a page that only datelines divide; None if it has too few.

    An item begins with its title, the line above the dateline. A dateline below a sentence belongs to the item before.
    """
    lines = list(filter(None, markup_text(source).split("\n")))
    foot = next(
        (index for index in range(len(lines) - 1, len(lines) - 4, -1) if index > 0 and _FOOT.search(lines[index])),
        len(lines),
    )
    agencies = [_agency(line) for line in lines[:foot]]
    starts = [
        index - 1
        for index in range(1, foot)
        if agencies[index] and not agencies[index - 1] and _is_title(lines[index - 1])
    ]
    if len(starts) < MIN_BARE_ITEMS:
        return None
    items = [
        _item(_Part("", lines[start:end], (1, agencies[start + 1])))
        for start, end in zip(starts, [*starts[1:], foot], strict=True)
    ]
    return DayPage(tuple(items), _day(source, lines[: starts[0]]))


def _is_title(line: str) -> bool:
    return len(line) <= MAX_TITLE and not _SENTENCE_END.search(line)


def _agency(line: str) -> str:
    """Return the agency in the dateline at the beginning of a line; empty if there is none."""
    agency = next((match["agency"] for form in _DATELINES if (match := form.match(line))), "")
    undated = None if agency else _UNDATED.match(line)
    return undated["agency"] if undated and find_outlet(undated["agency"]) else agency


def _part(source: str) -> _Part:
    lines = markup_text(source).split("\n")
    for index, line in enumerate(lines[: MAX_TITLE_LINES + 1]):
        if agency := _agency(line):
            return _Part(source, lines, (index, agency))
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
    texts = [*parts, *(end for part in parts for end in _ends(part)), *lines]
    return next((day for text in texts if (day := read_date(text).date)), None)


def _ends(title: str) -> list[str]:
    """Return the ends of a title from which words were cut, the longest first."""
    words = title.split()
    return [" ".join(words[first:]) for first in range(max(1, len(words) - MAX_DAY_WORDS), len(words))]
