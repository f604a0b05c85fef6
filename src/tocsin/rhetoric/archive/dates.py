"""Days as outlets write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from email.utils import parsedate_to_datetime

from tocsin.rhetoric.archive.where import EARLIEST

JUCHE = 1911
"""The first year of the Juche calendar is the one after this."""
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
_EITHER = re.compile(rf"(?P<one>\d{{1,2}})([-/.])(?P<other>\d{{1,2}})\2{_YEAR}{_TIME}", re.IGNORECASE)


def day_of(text: object) -> dt.date | None:
    """The day that a text names; None where it names none, one of two (03/04/2011), or contradicts itself.

    Times and zones are left aside: the day is the one that the outlet wrote. Days before the year 1000 are none.
    """
    if isinstance(text, dt.datetime):
        return _late(text.date())
    if isinstance(text, dt.date):
        return _late(text)
    written = " ".join(unicodedata.normalize("NFKC", str("" if text is None else text)[:200]).split())
    if not written.isprintable():
        return None
    for form in _FORMS:
        if found := form.fullmatch(written):
            return _made(found.groupdict())
    if found := _EITHER.fullmatch(written):
        return _one_of(int(found["one"]), int(found["other"]), int(found["year"]))
    return _mail(written)


def _made(parts: dict[str, str | None]) -> dt.date | None:
    name, month, year, juche = (parts.get(each) for each in ("name", "month", "year", "juche"))
    counted = None if juche is None else int(juche) + JUCHE
    if counted is not None and year is not None and int(year) != counted:
        return None
    place = int(month) if month else _NAMES.index(str(name).lower()[:3]) + 1
    return _valid(int(year) if year else counted or 0, place, int(parts["day"] or 0))


def _one_of(one: int, other: int, year: int) -> dt.date | None:
    """A day and a month of which nobody says which comes first, where only one order is possible."""
    days = {day for day in (_valid(year, one, other), _valid(year, other, one)) if day}
    return days.pop() if len(days) == 1 else None


def _mail(written: str) -> dt.date | None:
    """A day as in the heads of letters and feeds (RFC 822)."""
    if not re.search(r"[a-z]{3}\.? \d{4} \d{1,2}:\d{2}", written, re.IGNORECASE):
        return None
    try:
        return _late(parsedate_to_datetime(written).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return _late(dt.date(year, month, day))
    except ValueError:
        return None


def _late(day: dt.date) -> dt.date | None:
    return day if day >= EARLIEST else None
