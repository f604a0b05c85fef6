"""Parse dates in the forms that outlets use."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from email.utils import parsedate_to_datetime

from tocsin.rhetoric.archive.statement import MIN_DATE

JUCHE = 1911
"""Year 1 of the Juche calendar is the year after."""
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_JUCHE = r"(?:juche|주체|主体|チュチェ)\s?(?P<juche>\d{1,3})\s?(?:년|年)?"
_TIME = r"(?:(?:,?\s+|t)(?:[ap]m\s|오전\s|오후\s)?\d{1,2}[:.]?\d{2}(?:[:.]?\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m)?\s*(?:z|utc|gmt|kst|jst|[+-]\d{2}:?\d{2})?)?"
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<mark>[-/.])\s?(?P<month>\d{{1,2}})(?P=mark)\s?{_DAY}\.?(?:\s?\(\w+\))?",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})",
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?(?:\s+of)?[\s-]{_MONTH},?[\s-]{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?[,.]?\s+{_YEAR}",
        rf"{_YEAR}\s?[년年]\s?(?P<month>\d{{1,2}})\s?[월月]\s?{_DAY}\s?[일日]?(?:\s?\(\w+\)|\s?\w요일|\s?\w曜日)?",
        rf"{_JUCHE}\s?(?:\(\s?{_YEAR}\s?\))?\s?[년年.,]?\s?(?P<month>\d{{1,2}})\s?[월月./]\s?{_DAY}\s?[일日.]?(?:\s?\(\w+\))?",
        rf"{_JUCHE}\s?(?:\(\s?{_YEAR}\s?\))?,?\s+{_MONTH}\s+{_DAY}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_JUCHE}\s?(?:\(\s?{_YEAR}\s?\))?",
    )
)
_NUMERIC = re.compile(rf"(?P<first>\d{{1,2}})([-/.])(?P<second>\d{{1,2}})\2{_YEAR}{_TIME}", re.IGNORECASE)


def parse_date(value: object) -> dt.date | None:
    """Return the date that a value names, or None if it is missing, ambiguous (03/04/2011), contradictory or before the year 1000.

    Times and time zones are ignored: the date is the one that the outlet wrote.
    """
    if isinstance(value, dt.datetime):
        return _allowed(value.date())
    if isinstance(value, dt.date):
        return _allowed(value)
    text = " ".join(unicodedata.normalize("NFKC", str("" if value is None else value)[:200]).split())
    if not text.isprintable():
        return None
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _from_parts(match.groupdict())
    if match := _NUMERIC.fullmatch(text):
        return _unambiguous(int(match["first"]), int(match["second"]), int(match["year"]))
    return _from_mail(text)


def _from_parts(parts: dict[str, str | None]) -> dt.date | None:
    name, month, year, juche = (parts.get(part) for part in ("name", "month", "year", "juche"))
    from_juche = None if juche is None else int(juche) + JUCHE
    if from_juche is not None and year is not None and int(year) != from_juche:
        return None
    number = int(month) if month else _NAMES.index(str(name).lower()[:3]) + 1
    return _date(int(year) if year else from_juche or 0, number, int(parts["day"] or 0))


def _unambiguous(first: int, second: int, year: int) -> dt.date | None:
    """Return the date if only one order of day and month is possible."""
    days = {day for day in (_date(year, first, second), _date(year, second, first)) if day}
    return days.pop() if len(days) == 1 else None


def _from_mail(text: str) -> dt.date | None:
    """Return a date from the form of mail headers and feeds (RFC 822)."""
    if not re.search(r"[a-z]{3}\.? \d{4} \d{1,2}:\d{2}", text, re.IGNORECASE):
        return None
    try:
        return _allowed(parsedate_to_datetime(text).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return _allowed(dt.date(year, month, day))
    except ValueError:
        return None


def _allowed(day: dt.date) -> dt.date | None:
    return day if day >= MIN_DATE else None
