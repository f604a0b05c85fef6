"""Checks of time: fiscal years against the calendar, and forecasts with and without a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from tocsin.data.names import name_of
from tocsin.draft.flags.flag import Flag, Reading
from tocsin.draft.kinds import FORECAST, without_threats
from tocsin.translation import Text, either, message

_FISCAL = re.compile(
    r"\b(?:this|the\s+current|last|next|the\s+coming|the\s+previous|the\s+past|the\s+new|the)\s+(?:fiscal|financial|budget)\s+year\b(?!\s+(?:\d|that\s+began|ending|beginning|starting))",
    re.IGNORECASE,
)
FISCAL_STARTS = MappingProxyType(
    {
        **dict.fromkeys(("JPN", "IND", "GBR", "CAN", "ZAF", "SGP", "HKG", "KWT", "NAM", "BWA", "LSO"), (4, 1)),
        **dict.fromkeys(("USA", "THA", "HTI", "TTO", "MMR"), (10, 1)),
        **dict.fromkeys(("AUS", "NZL", "PAK", "EGY", "BGD", "KEN", "UGA", "TZA", "RWA", "ETH"), (7, 1)),
        "NPL": (7, 16), "IRN": (3, 21), "AFG": (3, 21),
    }
)  # fmt: skip
"""First day of the fiscal year of central governments whose year is not the calendar's, as (month, day); from general knowledge."""


def fiscal_year(reading: Reading) -> Iterator[Flag]:
    """Yield fiscal years that only the calendar of a government dates; the reason says what they mean on the article's day."""
    for match in _FISCAL.finditer(reading.text):
        yield reading.flag("fiscal_year", *match.span(), _calendar(reading))


def _calendar(reading: Reading) -> Text:
    if reading.day is None:
        return message("name the fiscal year by its first day; without --date its calendar years are open.")
    day = reading.day
    spans = [
        f"{_first_day(state, day)} ({name_of(state)})" for state in reading.states if state in FISCAL_STARTS
    ]  # other states follow the calendar
    if not spans:
        return message("on {day} the year that runs depends on the government; name it by its first day.", day=str(day))
    return message(
        "on {day} the fiscal year that runs began on {days}, not on 1 January; name the year.",
        day=str(day),
        days=either(spans),
    )


def _first_day(state: str, day: date) -> date:
    month, first = FISCAL_STARTS[state]
    start = date(day.year, month, first)
    return start if start <= day else date(day.year - 1, month, first)


_WITHIN = re.compile(
    r"\b(?:within|in|over|for|during)\s+(?:the\s+)?(?:next|coming)?\s*(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|few|several|\d+)\s+(?:to\s+\w+\s+)?(?:days?|weeks?|months?|years?|decades?)\b"
    r"|\b(?:this|next)\s+(?:week|month|year|decade|spring|summer|autumn|fall|winter)\b|\b(?:by|before)\s+(?:the\s+)?(?:end\s+of\s+(?:the|this|next)\s+\w+|(?:coming|next)\s+\w+|year\s+is\s+out|mid-?century|year['’]s\s+end|next\s+\w+)|\btomorrow\b|\bin\s+the\s+next\s+\w+\b",
    re.IGNORECASE,
)


def forecasts(reading: Reading) -> Iterator[Flag]:
    """Yield a forecast, with its date or without one: only a forecast with a date can be scored."""
    match = FORECAST.search(without_threats(reading.text))
    if match is None or reading.kind in ("counterfactual", "motive"):
        return
    limit = reading.day.isoformat() if reading.day else ""
    later = [
        span for span in reading.dates if span.last[:4] >= limit[:4] and (len(span.last) < 10 or span.last > limit)
    ]
    within = _WITHIN.search(reading.text)
    if later and (
        reading.day or re.search(r"\b(?:by|in|before|until|from)\s+(?:\w+\s+)?$", reading.text[: later[-1].start])
    ):
        why = message("the forecast is due by {day}: score it then.", day=later[-1].last)
        yield reading.flag("forecast_dated", *match.span(), why)
    elif within:
        why = message("the forecast is due `{words}`: write the day and score it then.", words=within.group())
        yield reading.flag("forecast_dated", *match.span(), why)
    else:
        why = message("a forecast without a date cannot fail; give it one.")
        yield reading.flag("forecast_undated", *match.span(), why)
