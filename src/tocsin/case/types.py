"""Small text types shared by the models of the case: identifiers and days."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
"""A name in the test language: letters, digits and underscores, beginning with a letter."""

_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


def _to_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_to_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day written YYYY-MM-DD."""


def _year_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked_when(value: str) -> str:
    match = _WHEN.match(value)
    if match is None:
        raise ValueError("a date is written YYYY, YYYY-MM or YYYY-MM-DD")
    date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    return value


When = Annotated[
    str,
    BeforeValidator(_year_as_text),
    AfterValidator(_checked_when),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
]
"""A year, month or day."""
