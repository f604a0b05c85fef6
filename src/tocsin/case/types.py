"""Small text types shared by the models of the case: texts, names of a given form, and days."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from tocsin.errors import InputError
from tocsin.translation import message

FIRST_YEAR, LAST_YEAR = 1000, 2200
"""The years that a case may name: a year outside them is a misprint."""

_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters and symbols without ink: the Hangul fillers and the empty Braille cell."""

FORMS: dict[str, str] = {}
"""What a text of each pattern looks like, in words, by pattern."""


def form(pattern: str, words: str, max_length: int | None = None) -> StringConstraints:
    """Return the constraint that a text matches a pattern; messages say it in words."""
    FORMS[pattern] = words
    return StringConstraints(pattern=pattern, max_length=max_length)


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: blanks, characters of no width, control characters."""
    return all(unicodedata.category(char)[0] in "ZC" or char in _BLANK_LETTERS for char in text)


def _refusal(message: str, remedy: str | None) -> PydanticCustomError:
    """Return the error by which a field refuses its value, with the remedy."""
    return PydanticCustomError("refused", "{message}", {"message": message, "remedy": remedy})


def _visible(text: str) -> str:
    if is_blank(text):
        raise _refusal(message("a text that shows nothing"), message("write what a reader can see"))
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_visible)]
"""A text with at least one character that can be seen."""


def has_words(text: str) -> bool:
    """Return whether a text has a letter or a digit that can be seen."""
    return any(unicodedata.category(char)[0] in "LN" and char not in _BLANK_LETTERS for char in text)


def _says_something(text: str) -> str:
    if not has_words(text):
        raise _refusal(message("{text} has no letter and no digit", text=repr(text)), message("write it in words"))
    return text


Words = Annotated[Text, AfterValidator(_says_something)]
"""A text in words, with at least one letter or digit: a name, an author, a reason."""

MAX_NAME_WORDS = 6
"""Most words of a name in a picture."""


def _few(text: str) -> str:
    if len(text.split()) > MAX_NAME_WORDS:
        raise _refusal(
            message("{text} has more than {most} words", text=repr(text), most=MAX_NAME_WORDS),
            message("name it in a few words, such as: this budget"),
        )
    return text


FewWords = Annotated[Words, AfterValidator(_few)]
"""A name of a few words, for pictures."""

_SLASHED = re.compile(r"[0-9]+/[0-9]+/[0-9]+")
"""A day as a spreadsheet writes it."""
_NAME = message("use the letters a to z, digits and underscores, beginning with a letter")
_DOTTED = message("use the letters a to z, digits, dots, hyphens and underscores, beginning with a letter")
Identifier = Annotated[str, form(r"^[A-Za-z][A-Za-z0-9_]*$", _NAME, 80)]
"""A name in the test language: letters, digits and underscores, beginning with a letter."""
DottedId = Annotated[str, form(r"^[A-Za-z][A-Za-z0-9_.-]*$", _DOTTED, 120)]
InputId = Annotated[
    str,
    form(
        r"^[A-Za-z][A-Za-z0-9_.]*(@[A-Za-z][A-Za-z0-9_]*)?$",
        message("use the letters a to z, digits, dots and underscores, beginning with a letter; `@theatre` may follow"),
        120,
    ),
]
SettingName = Annotated[
    str,
    form(
        r"^[A-Za-z][A-Za-z0-9_.-]*(@[A-Za-z][A-Za-z0-9_]*)?$",
        message(
            "write the name of an input as for `--set`: a belief, regimes.X, spending.ACTOR, pressure.THEATRE or a fact"
        ),
        120,
    ),
]
"""The name of an input that a run may override."""


def _number_as_text(value: object) -> object:
    """Return a number or a truth value as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else value


Setting = Annotated[
    Text,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
"""What an input is set to: a number, a distribution or a word."""
CaseId = Annotated[
    str, form(r"^[a-z0-9][a-z0-9-]*$", message("use lower-case letters, digits and hyphens, e.g. japan-buildup"), 80)
]
Grade = Annotated[str, form(r"^[A-F][1-6]$", message("write a letter from A to F and a digit from 1 to 6, e.g. B2"))]
Colour = Annotated[
    str, form(r"^#[0-9A-Fa-f]{6}$", message('write # and six hexadecimal digits in quotes, e.g. "#1f77b4"'))
]
Currency = Annotated[
    str, form(r"^[A-Z]{3}$", message("write the code of ISO 4217, three capital letters, such as JPY"))
]

_AS_DAY = message("write YYYY-MM-DD, e.g. 2025-12-26")
_WHEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")


def parse_day(text: str) -> date:
    """Return the day written YYYY-MM-DD in the years that a case may name; raises InputError for any other text."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise InputError(message("{text} is not a day", text=repr(text)), remedy=_AS_DAY)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise not_in_calendar(repr(text)) from None
    check_year(day.year)
    return day


def not_in_calendar(text: str) -> InputError:
    """Return the error for a day that no calendar has, such as 2025-02-30."""
    return InputError(
        message("{text} is not a day of the calendar", text=text),
        remedy=message("check the month and the day; write YYYY-MM-DD"),
    )


def check_year(year: int) -> int:
    """Return a year that a case may name; raises InputError for any other."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(
            message("{year} is not a year from {first} to {last}", year=year, first=FIRST_YEAR, last=LAST_YEAR),
            remedy=message("check the year"),
        )
    return year


def _to_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_day(value)
    except InputError as error:
        raise _refusal(error.message, error.remedy) from None


Day = Annotated[date, BeforeValidator(_to_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day written YYYY-MM-DD."""


def _year_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked_when(value: str) -> str:
    match = _WHEN.match(value)
    if match is None:
        raise _refusal(message("{text} is not a date", text=repr(value)), message("write YYYY, YYYY-MM or YYYY-MM-DD"))
    try:
        parse_day(f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}")
    except InputError as error:
        raise _refusal(error.message, error.remedy) from None
    return value


def is_after(first: str, second: str) -> bool:
    """Return whether one year, month or day lies wholly after another; a year and a month of it overlap."""
    length = min(len(first), len(second))
    return first[:length] > second[:length]


def last_ended_year(day: date) -> int:
    """Return the last year that has ended by a day; its own year only on 31 December.

    A yearly figure counts as known from the end of its year: it covers all of it.
    """
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def last_of(period: str) -> str:
    """Return the end of a span "2015/2024", and any other year, month or day itself."""
    return period.rpartition("/")[2]


def _checked_period(value: str) -> str:
    if _SLASHED.fullmatch(value):
        raise _refusal(
            message("{text} is not a date", text=repr(value)),
            message("write a day as YYYY-MM-DD; a slash joins the ends of a span"),
        )
    first, _, last = value.partition("/")
    _checked_when(first)
    if last:
        _checked_when(last)
        if not first < last or is_after(first, last):
            raise _refusal(
                message("the span {span} does not end after it begins", span=repr(value)),
                message("write the earlier end first: 2015/2024"),
            )
    elif "/" in value:
        raise _refusal(message("the span {span} has no end", span=repr(value)), message("write both ends: 2015/2024"))
    return value


When = Annotated[
    str,
    BeforeValidator(_year_as_text),
    AfterValidator(_checked_when),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
]
"""A year, month or day."""
Period = Annotated[
    str,
    BeforeValidator(_year_as_text),
    AfterValidator(_checked_period),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$"}),
]
"""A year, month or day, or a span between two of them: "2015/2024"."""
