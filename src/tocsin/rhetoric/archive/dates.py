"""Days as outlets write them."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ].*)?",
        r"(?P<year>\d{4})[/.]\s?(?P<month>\d{1,2})[/.]\s?(?P<day>\d{1,2})\.?(?:\s.*)?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?:[a-z]+,?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_NAME},?\s+(?P<year>\d{{4}})",
        rf"(?:[a-z]+,?\s+)?{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})\s?[년年]\s?(?P<month>\d{1,2})\s?[월月]\s?(?P<day>\d{1,2})\s?[일日]?.*",
        r"(?:juche|주체|主体)\s?\d{1,3}\s?[(（](?P<year>\d{4})[)）]\s?[년年.]?\s?(?P<month>\d{1,2})\s?[월月./]\s?(?P<day>\d{1,2}).*",
    )
)


def day_of(text: object) -> dt.date | None:
    """The day that a text names; None where it names none, or one of two (03/04/2011).

    Times and zones are left aside: the day is the one that the outlet wrote.
    """
    if isinstance(text, dt.datetime):
        return text.date()
    if isinstance(text, dt.date):
        return text
    written = str(text or "").strip()
    for form in _FORMS:
        found = form.fullmatch(written)
        if found:
            return _made(found.groupdict())
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError):
        return None


def _made(parts: dict[str, str | None]) -> dt.date | None:
    month = parts.get("month") or _MONTHS[str(parts["name"]).lower()[:3]]
    try:
        return dt.date(int(parts["year"] or 0), int(month), int(parts["day"] or 0))
    except ValueError:
        return None
