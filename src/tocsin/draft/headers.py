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
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_DAY = re.compile(
    r"(?P<year>\d{4})(?:\s*[년年]\s*(?P<month>\d{1,2})\s*[월月]\s*(?P<day>\d{1,2})\s*[일日]"
    r"|\s*(?P<mark>[-./])\s*(?P<month_number>\d{1,2})\s*(?P=mark)\s*(?P<day_number>\d{1,2})(?!\d))"
)
"""A whole day as Korean and Japanese write it: `2026년 1월 7일`, `2026.1.7`."""
_BESIDE_DAY = re.compile(
    # who wrote it; labels, such as `Published` and `Updated`; editions; the day of the week and the hour; and what parts them
    r"[가-힣]{2,4}\s*(?:선임)?(?:기자|특파원|논설위원)|(?:기사|최초|최종)?(?:입력|등록|수정|업데이트|승인|송고|게재|발행|작성)(?:일시|일|시간)?|일자|자|조간|석간"
    r"|公開日?時?|更新日?時?|配信日?時?|掲載日?|投稿日?|発行日?|最終|初出|朝刊|夕刊|付け?"
    r"|\(?[월화수목금토일](?:요일)?\)|[월화수목금토일]요일|[(（][月火水木金土日](?:曜日?)?[)）]|[月火水木金土日]曜日?"
    r"|(?:오전|오후|午前|午後)|\d{1,2}\s*[시時](?:\s*\d{1,2}\s*[분分])?|\d{1,2}:\d{2}(?::\d{2})?|[\s:：|·・,.、/()（）\[\]【】-]"
)
"""What may stand beside the day in a line that is no more than the day of a Korean or Japanese article."""
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
    """Return the day that a short line names, such as `Published 12 March 2024` or `입력 2024년 3월 12일`; None for any other line.

    Words of Korean and Japanese are not counted, as a title of a few letters says much. There the day is all but the whole line.
    """
    if _ASIAN.search(text) or not any(map(str.isalpha, text)):
        return _asian_day(text)
    days = [item for item in find_dates(text) if len(item.iso) == 10]
    if len(days) != 1 or len(text.split()) > 8:
        return None
    return date.fromisoformat(days[0].iso)


def _asian_day(text: str) -> date | None:
    """Return the first day in a line of days alone, with their labels, day of the week and hour; None for any other line."""
    first = _DAY.search(text)
    if first is None or _BESIDE_DAY.sub("", _DAY.sub("", text)):
        return None
    parts = (first["year"], first["month"] or first["month_number"], first["day"] or first["day_number"])
    with suppress(ValueError):
        return date(*map(int, parts))
    return None
