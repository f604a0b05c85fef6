"""Find the dates in a sentence, as written in English, and give them in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tocsin.case.number_words import NUMBER_WORDS
from tocsin.draft.spans import Span, is_free

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LAST_YEAR = 2200
"""Last year that the end of a span may be."""
NO_DAY = ""
"""What is written as a day and does not exist; no other pattern reads a part of it."""


@dataclass(frozen=True)
class DateSpan(Span):
    """A date in a sentence.

    Attributes:
        iso: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `first/last` for a span such as a decade; `FYYYYY` for a fiscal year.
    """

    iso: str

    @property
    def first_year(self) -> int:
        """Return its first year."""
        return int(self.iso.removeprefix("FY")[:4])

    @property
    def last(self) -> str:
        """Return its last year, month or day, without the mark of a fiscal year."""
        return self.iso.removeprefix("FY").split("/")[-1]


_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1\d{3}|2[01]\d{2})"
_AGO = rf"(?P<count>\d{{1,3}}|(?i:{'|'.join(NUMBER_WORDS)}|a))"
_UNIT_AFTER = r"(?!\s?(?:%|percent|per\s?cent|km|kilomet|miles|met(?:er|re)s|tons|tonnes|hectares|million|billion|trillion|thousand|hundred))"
_COUNTED_AFTER = re.compile(r"\s+(?:[a-z]+\s+){0,2}?(?:[a-z]{3,}[^s\W]s|people|troops|personnel|aircraft|men|women)\b")
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|to|of|before|after|during|between|through|early|mid|late|around|about|circa|summer|spring"
    r"|autumn|fall|winter|the|its|their|his|her|our|a|year|years|than|for|this|that|on|near|as|back|election|elections|end|with|until|ago)"
    r"|\b[12]\d{3}\s+(?:and|or|to)|['’]s|[-–—(/,;:]|^)\s*$",
    re.IGNORECASE,
)
_NO_YEAR_BEFORE = re.compile(
    r"(?:[$€£¥₩₹#]|\b(?:Article|Section|Resolution|No\.?|nearly|almost|exactly|some|roughly|than))\s*$"
)


def find_dates(text: str, base: date | None = None) -> tuple[DateSpan, ...]:
    """Return the dates in a sentence, in order.

    Args:
        text: the sentence.
        base: day of the article. Dates without a year and words such as "last year" count from it; without it they are left out.
    """
    spans: list[DateSpan] = []
    closed: list[Span] = []
    for pattern, reader in _readers():
        for match in pattern.finditer(text):
            if not is_free(match.start(), match.end(), [*spans, *closed]):
                continue
            iso = reader(match, base)
            if iso == NO_DAY:
                closed.append(Span(match.start(), match.end(), match.group()))
            elif iso is not None:
                spans.append(DateSpan(match.start(), match.end(), match.group(), iso))
    return tuple(sorted(spans, key=lambda span: span.start))


Reader = Callable[[re.Match[str], date | None], str | None]


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """Return the patterns in order of precedence: a piece of text that one has read is closed to the next."""
    listed: tuple[tuple[str, Reader], ...] = (
        (r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b", _numbers),
        (rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:\s?[-–]\s?|\s+(?:and|to)\s+)(?P<to>\d{{1,2}}),?\s+{_YEAR}\b", _days),
        (rf"\b(?P<day>\d{{1,2}})(?:\s?[-–]\s?|\s+(?:and|to)\s+)(?P<to>\d{{1,2}})\s+{_MONTH},?\s+{_YEAR}\b", _days),
        (rf"\b{_DAY}(?:\s+of)?\s+{_MONTH},?\s+{_YEAR}\b", _full),
        (rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", _full),
        (rf"\b{_MONTH},?(?:\s+of)?\s+{_YEAR}\b", _full),
        (rf"\b(?P<ordinal>first|second|third|fourth)[\s-]quarter(?:\s+of)?\s+{_YEAR}\b", _quarter),
        (rf"\bQ(?P<ordinal>[1-4])(?:\s+of)?\s+{_YEAR}\b", _quarter),
        (rf"\b(?P<half>first|second)\s+half\s+of\s+{_YEAR}\b", _half),
        (r"\b(?P<decade>1\d\d0|20\d0)['’]?s\b", _decade),
        (r"\b(?P<century>1\d|2[01])(?:th|st)[\s-]century\b", _century),
        (rf"\b(?:fiscal|financial)(?:\s+year)?\s+{_YEAR}(?:\s?[-–/]\s?(?P<short>\d{{2}}(?:\d{{2}})?))?\b", _fiscal),
        (rf"\bFY\s?{_YEAR}(?:\s?[-–/]\s?(?P<short>\d{{2}}(?:\d{{2}})?))?\b", _fiscal),
        (r"\bFY\s?(?P<two>\d{2})\b(?![-–/])", _fiscal),
        (rf"\b{_YEAR}\s?[-–/]\s?(?P<short>\d{{4}}|\d{{2}})\b(?![-\d%])", _span),
        (rf"\b{_MONTH}\s+{_DAY}\b(?![\d,.]*\d)", _near_day),
        (rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?![\w])", _near_day),
        (
            rf"(?<![\w.,$€£¥₩₹-])(?:mid-?)?{_YEAR}(?![\w%]|[.,]\d|-(?:year|strong|member|mile|km|ton)){_UNIT_AFTER}",
            _year,
        ),
        (
            rf"\b(?P<word>in|since|by|until|last|next|this|of|from|before|after|during|early|mid|late)[\s-]+{_MONTH}(?!\w|\s+\d)",
            _near_month,
        ),
        (
            r"\b(?P<which>this|last|next|the previous|the coming|the past)\s+(?P<what>year|month)\b(?!['’]s\s+end)",
            _relative,
        ),
        (r"\b(?P<name>today|yesterday|tomorrow)\b(?!['’]s)", _named_day),
        (rf"\b{_AGO}\s+(?P<what>years|decades|months|days|weeks|year|decade|month)\s+ago\b", _ago),
    )
    return tuple((re.compile(pattern), reader) for pattern, reader in listed)


def _month(match: re.Match[str]) -> int:
    return next(
        index for index, name in enumerate(MONTHS, 1) if name.startswith(match["month"].lower().rstrip(".")[:3])
    )


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _numbers(match: re.Match[str], _: date | None) -> str | None:
    return _iso(int(match["year"]), int(match["number"]), int(match["day"])) or NO_DAY


def _days(match: re.Match[str], _: date | None) -> str | None:
    first, last = (_iso(int(match["year"]), _month(match), int(match[name])) for name in ("day", "to"))
    return f"{first}/{last}" if first and last and first < last else None


def _full(match: re.Match[str], _: date | None) -> str | None:
    year, day = int(match["year"]), match.groupdict().get("day")
    if day is None:
        return f"{year}-{_month(match):02d}"
    return _iso(year, _month(match), int(day)) or NO_DAY


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def _quarter(match: re.Match[str], _: date | None) -> str:
    number = _ORDINALS.get(match["ordinal"]) or int(match["ordinal"])
    return f"{match['year']}-{3 * number - 2:02d}/{match['year']}-{3 * number:02d}"


def _half(match: re.Match[str], _: date | None) -> str:
    first = 1 if match["half"] == "first" else 7
    return f"{match['year']}-{first:02d}/{match['year']}-{first + 5:02d}"


def _decade(match: re.Match[str], _: date | None) -> str:
    return f"{match['decade']}/{int(match['decade']) + (99 if match['decade'].endswith('00') else 9)}"


def _century(match: re.Match[str], _: date | None) -> str:
    number = int(match["century"])
    return f"{100 * (number - 1) + 1}/{100 * number}"


def _fiscal(match: re.Match[str], _: date | None) -> str:
    names = match.groupdict()
    if names.get("two"):
        return f"FY20{names['two']}"
    return _span(match, None) or f"FY{names['year']}" if names.get("short") else f"FY{names['year']}"


def _span(match: re.Match[str], _: date | None) -> str | None:
    first, short = match["year"], match["short"]
    last = first[: 4 - len(short)] + short
    return f"{first}/{last}" if int(first) < int(last) <= LAST_YEAR else None


def _year(match: re.Match[str], _: date | None) -> str | None:
    """Return a year; None for a number of four digits that counts something."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    if _NO_YEAR_BEFORE.search(before) or re.match(r"\s?(?:B\.?C|BCE)\b", after):
        return None
    if _COUNTED_AFTER.match(after) and not _YEAR_BEFORE.search(before):
        return None
    return match["year"]


def _near_day(match: re.Match[str], base: date | None) -> str | None:
    if base is None:
        return None
    days = [_iso(year, _month(match), int(match["day"])) for year in (base.year + 1, base.year, base.year - 1)]
    limit = (base + timedelta(days=31)).isoformat()
    return next((day for day in days if day and day <= limit), None)


def _near_month(match: re.Match[str], base: date | None) -> str | None:
    """Return the month before the article's, or the coming one after `by` and `next`."""
    if base is None or (match["month"] == "May" and match["word"] == "this"):
        return None
    month, year = _month(match), base.year
    if match["word"] in ("by", "next"):
        year += month <= base.month if match["word"] == "next" else month < base.month
    elif month > base.month or (match["word"] == "last" and month == base.month):
        year -= 1
    return f"{year}-{month:02d}"


def _relative(match: re.Match[str], base: date | None) -> str | None:
    if base is None or match["which"] == "the past":
        return None
    step = {"this": 0, "last": -1, "the previous": -1}.get(match["which"], 1)
    if match["what"] == "year":
        return str(base.year + step)
    months = 12 * base.year + base.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02d}"


def _named_day(match: re.Match[str], base: date | None) -> str | None:
    if base is None or match["name"] == "today":  # "today" mostly means these years
        return None
    return (base + timedelta(days=1 if match["name"] == "tomorrow" else -1)).isoformat()


def _ago(match: re.Match[str], base: date | None) -> str | None:
    if base is None:
        return None
    word = match["count"].lower()
    count = 1 if word == "a" else NUMBER_WORDS.get(word) or int(word)
    what = match["what"].rstrip("s")
    if what in ("day", "week"):
        return (base - timedelta(days=count * (7 if what == "week" else 1))).isoformat()
    if what == "month":
        months = 12 * base.year + base.month - 1 - count
        return f"{months // 12}-{months % 12 + 1:02d}"
    return str(base.year - count * (10 if what == "decade" else 1))
