"""Read the day that a text names, in the forms that outlets, feeds and spreadsheets use."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product
from typing import NamedTuple

from tocsin.rhetoric.archive.calendars import ERA, arabic_numerals, era_year
from tocsin.translation import message

MAX_LENGTH = 200
"""Letters of the longest text that can be a date."""
FIRST_YEAR = 1900
"""A year before this one is taken for a slip, so that the day is missing."""

NO_DATE = message("no date")
UNREADABLE = message("unreadable date")
AMBIGUOUS = message("ambiguous date: day and month could be swapped; write YYYY-MM-DD")
SHORT_YEAR = message("ambiguous date: the year has two digits; write YYYY-MM-DD")
INCOMPLETE = message("incomplete date: day, month or year is missing")
BARE_NUMBER = message("the date is a bare number; write YYYY-MM-DD")
NO_SUCH_DAY = message("no such day in the calendar")
WRONG_WEEKDAY = message("the weekday contradicts the date")
WRONG_ERA = message("two calendars in the date name different years")
ONLY_UPDATED = message("the date is that of an update, not of publication")
FROM_ADDRESS = message("date taken from the address")
FUTURE = message("date in the future")
OLD = message("date before {year}: check the year", year=FIRST_YEAR)


class DateReading(NamedTuple):
    """The day that a text names.

    Attributes:
        date: None if it is missing or refused.
        problem: why there is no date, or what the user should know about it; empty if there is nothing to say.
        options: the days that an ambiguous text may mean.
    """

    date: dt.date | None
    problem: str = ""
    options: tuple[dt.date, ...] = ()


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_M, _D, _TH, _Y = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})", r"(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
_YEARS = (
    _Y, ERA, rf"{ERA}\s?\(\s?{_Y}\s?\)", rf"{_Y}\s?\(\s?{ERA}\s?\)", rf"{_Y}[\s,]+{ERA}", rf"{ERA}[\s,]+{_Y}",
)  # fmt: skip
_SHAPES = (
    rf"YEAR\s?[년年]?\s?(?P<mark>[-/.])\s?{_M}\s?(?P=mark)\s?{_D}",
    rf"YEAR\s?[년年]\s?{_M}\s?[월月]\s?{_D}\s?[일日号號]?",
    rf"YEAR\s?[년年]?\s?[.,]?\s?{_M}\s?[월月]\s?{_D}\s?[일日号號]",
    rf"{_D}{_TH}(?:\s?of)?[\s,.-]*{_MONTH}[\s,.-]*YEAR",
    rf"{_MONTH}[\s.-]*{_D}{_TH}(?:[\s,.-]+|(?=[^\d\s,.-]))YEAR",
    rf"YEAR[\s,.-]*{_MONTH}[\s.-]*{_D}{_TH}",
)
_FORMS = (
    *(re.compile(shape.replace("YEAR", year)) for shape, year in product(_SHAPES, _YEARS)),
    re.compile(rf"{ERA}\s?\(\s?{_Y}\s?\)\s?{_M}\.\s?{_D}"),
    re.compile(rf"{_Y}(?P<month>\d{{2}})(?P<day>\d{{2}})"),
)
_SWAPPABLE = re.compile(rf"(?P<first>\d{{1,2}})\s?([-/.])\s?(?P<second>\d{{1,2}})\s?\2\s?{_Y}")
_SHORT = re.compile(rf"{_D}[\s-]{_MONTH}[\s-](?P<year>\d{{2}})")
_NUMERIC = re.compile(r"\d{1,2}\s?([-/.])\s?\d{1,2}\s?\1\s?\d{2}")
_INCOMPLETE = re.compile(
    rf"(?:{_MONTH}\s?\d{{1,2}}{_TH}|\d{{1,2}}{_TH}\s?(?:of\s)?{_MONTH.replace('name', 'other')}|\d{{4}}\s?[-/.]\s?\d{{1,2}}|\d{{4}}\s?[년年]?"
    rf"|{_MONTH.replace('name', 'third')}\s?\d{{4}}|\d{{1,2}}\s?[월月]\s?\d{{1,2}}\s?[일日]|\d{{4}}\s?[년年]\s?\d{{1,2}}\s?[월月])"
)

# --- what may stand around a date -----------------------------------------------------------------------------------------

_ZONE = r"(?:z|utc|gmt|[kj]st|[ecmp][sd]t|bst|cet|cest|msk)?\s?(?:[+-]\d{2}:?\d{2})?(?:\s?\([a-z ]{1,30}\))?(?![a-z\d])"
_HALF = r"(?:[ap]\.?m\.?|오전|오후|午前|午後|上午|下午)"
_TIME = re.compile(
    rf"(?:(?<=\d)t|(?<!\d)(?:\bat\s)?)(?:{_HALF}\s?)?(?<![\d.:/-])\d{{1,2}}"
    rf"(?::\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?|\s?[시時时点點]\s?(?:\d{{1,2}}\s?[분分]\s?(?:\d{{1,2}}\s?[초秒])?)?|\.\d{{2}}(?=\s?[ap]\.?m)|(?=\s?[ap]\.?m\.?(?![a-z])))"
    rf"\s?(?:{_HALF}(?![a-z]))?\s?{_ZONE}"
)
_COMPACT_TIME = re.compile(rf"(?<=\d{{8}})t\d{{4}}(?:\d{{2}})?(?:\.\d+)?{_ZONE}")
_DATE_ZONE = re.compile(r"(?<=-\d{2})(?:z|[+-]\d{2}:\d{2})$")
_WEEKDAYS = (
    re.compile(
        r"(?<![a-z])(?:(mon)(?:day)?|(tue)(?:s|sday)?|(wed)(?:s|nesday)?|(thu)(?:r|rs|rsday)?|(fri)(?:day)?|(sat)(?:urday)?|(sun)(?:day)?)"
        r"(?![a-z])\.?"
    ),
    re.compile(r"\(?(?:(월)|(화)|(수)|(목)|(금)|(토)|(일))(?:요일\)?|(?<=\(.)\))"),
    re.compile(r"\(?(?:(月)|(火)|(水)|(木)|(金)|(土)|(日))(?:曜日?\)?|(?<=\(.)(?:・?祝)?\))"),
    re.compile(r"\(?(?:星期|礼拜|禮拜|周|週)(?:(一)|(二)|(三)|(四)|(五)|(六)|([日天]))\)?"),
)
_UPDATED = re.compile(r"(?:last |최종\s?|最終)?(?:updated?|modified|revised|수정|更新|修改|改訂)(?![a-z]).*")
_LABEL = re.compile(
    r"^(?:(?:publi(?:shed|cation|sh)|posted|issued|released|created|dated?|calendar|day|on|at)(?![a-z])"
    r"|기사|입력|등록|승인|게재|게시|작성|발행|날자|날짜|公開|配信|掲載|発行|発表|投稿|日付|发布|發布|发表|[일시日期时時间間:;>\s.-])++"
)
_NOTES = re.compile(
    r"(?:https?://)?(?:www\.\S+|(?:[a-z\d-]+\.)+(?:com|org|net|kp|jp|kr|cn|ru)\b)"
    r"|[\[(](?:photos?|video|with photos?|사진(?:있음)?|동영상|写真|動画|图|图文)[\])]|(?<![a-z])pyongyang(?![a-z])|평양|平壤|平壌|(?:\bpage \d{1,2}|제?\d{1,2}면|기사)$"
)
_MARKS, _OPEN, _CLOSE = " .,:;|·-", "([{<【《〔", ")]}>】》〕"


@dataclass(frozen=True)
class _Bare:
    """A text without what stood around its date: the weekday (0 is Monday) or None, and whether there was a time."""

    text: str
    weekday: int | None
    had_time: bool


def read_date(value: object) -> DateReading:
    """Return the day that a value names, or why there is none; nothing is guessed.

    Times and time zones are ignored: the day is the one that the outlet wrote. A text may also hold a weekday, the address of the
    outlet, a label such as "Published" or a note such as "[Photo]".
    """
    if isinstance(value, dt.datetime):
        return _allowed(value.date())
    if isinstance(value, dt.date):
        return _allowed(value)
    return _from_text("" if value is None else str(value))


def parse_date(value: object) -> dt.date | None:
    """Return the day that a value names, or None."""
    return read_date(value).date


def date_or_address(value: object, address: str | None) -> DateReading:
    """Return the day that a value names; if it names none or may mean two, that in the address, with a problem that says so."""
    own = read_date(value)
    if own.problem not in (NO_DATE, UNREADABLE, AMBIGUOUS):
        return own
    there = date_in_address(address)
    if there is None or (own.options and there not in own.options):
        return own
    return DateReading(there, FROM_ADDRESS)


def date_problem(reading: DateReading, today: dt.date) -> str:
    """Return what is wrong or doubtful about a reading, or an empty text."""
    return reading.problem or (date_doubt(reading.date, today) if reading.date else NO_DATE)


def date_doubt(day: dt.date, today: dt.date) -> str:
    """Return why a day is probably a slip: it is in the future; empty if it is plausible."""
    return FUTURE if day > today else ""


def latest_today() -> dt.date:
    """Return today's date where the day begins first, so that no statement of today seems to be of tomorrow."""
    return dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=14))).date()


@lru_cache(maxsize=4_096)
def _from_text(text: str) -> DateReading:
    text = _folded(text)
    if not text:
        return DateReading(None, NO_DATE)
    if len(text) > MAX_LENGTH or not text.isprintable():
        return DateReading(None, UNREADABLE)
    published = _UPDATED.sub("", text).strip(_MARKS)
    if not published and re.search(r"\d{4}", text):
        return DateReading(None, ONLY_UPDATED)
    bare = _bare(published)
    reading = _from_bare(bare)
    return reading if bare.weekday is None else _checked(reading, bare.weekday)


def _checked(reading: DateReading, weekday: int) -> DateReading:
    """Return the reading if its day is on this weekday; the weekday may decide between two days."""
    options = reading.options or ((reading.date,) if reading.date else ())
    right = [day for day in options if day.weekday() == weekday]
    if options and not right:
        return DateReading(None, WRONG_WEEKDAY)
    return DateReading(right[0]) if len(right) == 1 else reading


def _folded(text: str) -> str:
    """Return a text in one width and case, with one kind of dash and of numeral and without invisible marks."""
    text = unicodedata.normalize("NFKC", text[: 2 * MAX_LENGTH]).casefold()
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return arabic_numerals(" ".join(re.sub("[\u2010-\u2015\u2212]", "-", text).split()))


def _bare(text: str) -> _Bare:
    """Return a text without time, weekday, label and notes."""
    had_time = False
    for form in (_COMPACT_TIME, _TIME, _DATE_ZONE):
        text, removed = form.subn(" ", text, count=1)
        had_time |= removed > 0
    text = _NOTES.sub(" ", text)
    weekday = None
    for form in _WEEKDAYS:
        if match := form.search(text):
            weekday = next(day for day, name in enumerate(match.groups()) if name)
            text = f"{text[: match.start()]} {text[match.end() :]}"
            break
    text = _LABEL.sub("", _unwrapped(" ".join(re.sub(r"\(\s?\)", " ", text).split())))
    return _Bare(_unwrapped(text), weekday, had_time)


def _unwrapped(text: str) -> str:
    """Return a text without marks at its ends and without brackets around it or without a partner."""
    while True:
        text = text.strip(_MARKS)
        for opened, closed in zip(_OPEN, _CLOSE, strict=True):
            depths = [*accumulate((char == opened) - (char == closed) for char in text)]
            is_around = text.startswith(opened) and 0 in depths and depths.index(0) == len(text) - 1
            if is_around or (text.endswith(closed) and text.count(closed) > text.count(opened)):
                text = text[is_around:-1]
                break
            if text.startswith(opened) and text.count(opened) > text.count(closed):
                text = text[1:]
                break
        else:
            return text


def _from_bare(bare: _Bare) -> DateReading:
    for form in _FORMS:
        if match := form.fullmatch(bare.text):
            return _from_parts(match.groupdict())
    if match := _SWAPPABLE.fullmatch(bare.text):
        return _swappable(int(match["first"]), int(match["second"]), int(match["year"]))
    if match := _SHORT.fullmatch(bare.text):
        if not bare.had_time:
            return DateReading(None, SHORT_YEAR)
        year = int(match["year"])  # RFC 2822, section 4.3
        return _day(year + (2000 if year < 50 else 1900), _month(match["name"]), int(match["day"]))
    if _NUMERIC.fullmatch(bare.text):
        return DateReading(None, SHORT_YEAR)
    if _INCOMPLETE.fullmatch(bare.text):
        return DateReading(None, INCOMPLETE)
    return DateReading(None, BARE_NUMBER if bare.text.isdecimal() else UNREADABLE)


def _from_parts(parts: dict[str, str | None]) -> DateReading:
    month = int(parts["month"] or 0) if "month" in parts else _month(parts["name"] or "")
    day, year = int(parts["day"] or 0), parts.get("year")
    if era := parts.get("era"):
        own = era_year(era, int(parts["era_year"] or 0), month, day)
        if own is None:
            return DateReading(None, NO_SUCH_DAY)
        if year is not None and int(year) != own:
            return DateReading(None, WRONG_ERA)
        year = str(own)
    return _day(int(year or 0), month, day)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _swappable(first: int, second: int, year: int) -> DateReading:
    """Return the day if only one order of day and month is possible."""
    readings = {_day(year, first, second), _day(year, second, first)}
    days = tuple(sorted(reading.date for reading in readings if reading.date))
    if len(days) == 1:
        return DateReading(days[0])
    return DateReading(None, AMBIGUOUS, days) if days else DateReading(None, NO_SUCH_DAY)


def _day(year: int, month: int, day: int) -> DateReading:
    try:
        return _allowed(dt.date(year, month, day))
    except ValueError:
        return DateReading(None, NO_SUCH_DAY)


def _allowed(day: dt.date) -> DateReading:
    return DateReading(day) if day.year >= FIRST_YEAR else DateReading(None, OLD)


# --- days in addresses ----------------------------------------------------------------------------------------------------

_YYYY, _MM, _DD = r"(?P<year>(?:19|20)\d{2})", r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_IN_ADDRESS = (
    re.compile(rf"(?<!\d){_YYYY}{_MM}{_DD}(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?!\d)"),
    re.compile(rf"(?<=[A-Z]){_YYYY}{_MM}{_DD}\d{{9}}(?!\d)"),  # Yonhap
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})([-/_.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)"),
    re.compile(rf"/item/\d{{4}}/{_YYYY}{_MM}/news\d{{2}}/{_DD}\.html?"),  # KCNA to 2009
)


def date_in_address(address: str | None) -> dt.date | None:
    """Return the one day that the path or query of an address names, or None. Days before 1990 or in the future do not count."""
    after_host = re.sub(r"^[a-z]+://[^/]*", "", (address or "")[:2_000], flags=re.IGNORECASE)
    days = {
        _day(*(int(match[part]) for part in ("year", "month", "day"))).date
        for form in _IN_ADDRESS
        for match in form.finditer(after_host)
    }
    plausible = [day for day in days if day is not None and day.year >= 1990 and day <= latest_today()]
    return plausible[0] if len(plausible) == 1 else None
