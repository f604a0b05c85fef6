"""Read dates as people write them: days, months, years, fiscal years, quarters and spans.

`03/05/2024` may be March or May. Other dates of the column decide, or else the user; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from tocsin.importing.remarks import CellError
from tocsin.translation import message

Order = Literal["dmy", "mdy"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_CENTURY = 70
"""Two-digit years from here on belong to the 20th century, those below to the 21st, as POSIX reads them (from 69)."""
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_SPAN = re.compile(r"(.+?)\s*(?:/|–|—|\s-\s|\bto\b|\buntil\b|~)\s*(.+)")
_YEARS = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{4})")
_REMEDY = message("write YYYY, YYYY-MM or YYYY-MM-DD")
AMBIGUOUS = (
    message("the day and the month of a date may be exchanged"),
    message("give --dates dmy or --dates mdy"),
)


@dataclass(frozen=True)
class Dated:
    """A date as a case has it (YYYY, YYYY-MM, YYYY-MM-DD or a span A/B), and a note on what the reading lost."""

    text: str
    note: str = ""


def order_shown(text: str) -> Order | None:
    """Return in which order a date in digits has day and month, if only one order is possible."""
    match = _SLASHED.fullmatch(text.strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > 12 >= second:
        return "dmy"
    return "mdy" if second > 12 >= first else None


@lru_cache(maxsize=65_536)
def read_date(text: str, order: Order | None) -> Dated:
    """Return a date in the form of a case.

    Args:
        text: the cell, not blank.
        order: the order of day and month in dates such as 03/05/2024; None if it is not known.

    Raises:
        CellError: if the text is no date, or may be two.
    """
    text = " ".join(text.replace("\u00a0", " ").split())
    for read in (_iso, _east_asian, _fiscal, _quarter, _with_words, _span):
        if (result := read(text)) is not None:
            return result
    return _in_digits(text, order)


def _iso(text: str) -> Dated | None:
    if match := re.fullmatch(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2}))?(?:[ T]00:00(?::00)?)?", text):
        return _dated(match[1], match[3], match[4])
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return _dated(match[1], match[2])
    if match := re.fullmatch(r"((?:1[5-9]|20)\d{2})(\d{2})(\d{2})", text):
        return _dated(match[1], match[2], match[3])
    return None


def _east_asian(text: str) -> Dated | None:
    match = re.fullmatch(r"(\d{4})\s*[년年]\s*(?:(\d{1,2})\s*[월月]\s*(?:(\d{1,2})\s*[일日])?)?", text)
    return _dated(match[1], match[2], match[3]) if match else None


def _fiscal(text: str) -> Dated | None:
    match = re.fullmatch(r"(?:FY|fiscal year)\s?'?(\d{4}|\d{2})", text, re.IGNORECASE)
    return Dated(_dated(_year(match[1])).text, f"date as written: {text}") if match else None


def _quarter(text: str) -> Dated | None:
    match = re.fullmatch(r"(?:([QH])\s?([1-4])[ ,/-]*(\d{4})|(\d{4})[ ,/-]*([QH])\s?([1-4]))", text, re.IGNORECASE)
    if match is None:
        return None
    kind, number, year = (match[1] or match[5]).upper(), int(match[2] or match[6]), match[3] or match[4]
    months = 3 if kind == "Q" else 6
    if number * months > 12:
        raise CellError(message("not a date"), _REMEDY)
    return Dated(f"{year}-{(number - 1) * months + 1:02d}/{year}-{number * months:02d}")


def _with_words(text: str) -> Dated | None:
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b|[.,]", " ", text.lower())
    words = re.sub(r"(?<=[a-z])[-/ ](?=\d)|(?<=\d)[-/ ](?=[a-z])", " ", words)
    parts = words.split()
    months = [part for part in parts if _month(part)]
    numbers = [part for part in parts if part.isdecimal()]
    if len(months) != 1 or len(numbers) + 1 != len(parts) or not 1 <= len(numbers) <= 2:
        return None
    month = str(_month(months[0]))
    if len(numbers) == 1:
        return _dated(_year(numbers[0]), month) if len(numbers[0]) in (2, 4) else None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return _dated(_year(year), month, day) if len(year) in (2, 4) and len(day) <= 2 else None


def _month(word: str) -> int | None:
    if word in _FULL:
        return _FULL.index(word) + 1
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS and len(word) in (3, 4) else None


def _span(text: str) -> Dated | None:
    if match := re.fullmatch(r"(\d{4}-\d{2}(?:-\d{2})?)/(\d{2})", text):  # ISO 8601 leaves out what both ends share
        return _joined(match[1], match[1][:-2] + match[2])
    if match := re.fullmatch(r"(\d{4})\s*[-–—/]\s*(\d{2})", text):
        return _short_span(match[1], int(match[2]))
    if match := _YEARS.fullmatch(text):
        return _joined(match[1], match[2])
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    ends = [_single(part) for part in match.groups()]
    return _joined(ends[0].text, ends[1].text) if ends[0] and ends[1] else None


def _single(text: str) -> Dated | None:
    readers: tuple[Callable[[str], Dated | None], ...] = (_iso, _east_asian, _with_words)
    return next((result for read in readers if (result := read(text.strip())) is not None), None)


def _short_span(first: str, short: int) -> Dated:
    """Return the span 2015/24 or 2023-24; 2011/12 may also be December 2011."""
    if short <= 12 and not short >= 1:
        raise CellError(message("not a date"), _REMEDY)
    last = int(first) // 100 * 100 + short
    if short <= 12:
        if last == int(first) + 1:
            raise CellError(message("a span of two years or a month"), message("write 2011/2012 or 2011-12"))
        return _dated(first, str(short))
    return _joined(first, str(last))


def _joined(first: str, last: str) -> Dated:
    if not first < last:
        raise CellError(
            message("a span that does not end after it begins"), message("write the earlier end first: 2015/2024")
        )
    return Dated("/".join(_dated(*end.split("-")).text for end in (first, last)))


def _in_digits(text: str, order: Order | None) -> Dated:
    match = _SLASHED.fullmatch(text)
    if match is None:
        raise CellError(message("not a date"), _REMEDY)
    order = order_shown(text) or order
    if order is None and match[1] != match[3]:
        raise CellError(*AMBIGUOUS)
    day, month = (match[3], match[1]) if order == "mdy" else (match[1], match[3])
    return _dated(_year(match[4]), month, day)


def _year(text: str) -> str:
    if len(text) == 4:
        return text
    return f"{'19' if int(text) >= _CENTURY else '20'}{int(text):02d}"


def _dated(year: str, month: str | None = None, day: str | None = None) -> Dated:
    """Return a year, month or day of the calendar.

    Raises:
        CellError: if the calendar has none such between 1000 and 2200.
    """
    try:
        checked = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise CellError(message("no day of the calendar"), _REMEDY) from None
    if not 1000 <= checked.year <= 2200:
        raise CellError(message("a year before 1000 or after 2200"), message("check the year"))
    return Dated(checked.isoformat()[: 10 if day else 7 if month else 4])
