"""Name one figure of a measure by a text, as cases do. `tocsin.measures.readings` reads it.

    measure/NAME/STATES/YEARS[/COLUMN][?KEY=VALUE&...]

NAME is a measure of the catalogue. STATES are ISO codes, names or numbers of the Correlates of War, separated as on the
command line; a code means the state that has it in the last of the years. YEARS is a year, a span, or `latest` for the last year with data. COLUMN is a column of the table; the
measure's main column if left out. A KEY is an input of the measure, `times` (a factor), or a column whose value selects
the row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tocsin.data.codes import state_of
from tocsin.data.names import TODAY, find_code
from tocsin.errors import InputError
from tocsin.measures.catalogue import MEASURES, find_measure
from tocsin.measures.definition import Measure, Request
from tocsin.measures.request import make_request, parse_years
from tocsin.translation import Text, in_semicolons, message

Figure: TypeAlias = float | bool | str | date

_FORM = re.compile(r"measure/([a-z_]+)/([^/?]+)/([^/?]+)(?:/([a-z_0-9]+))?(?:\?(.+))?")
_REMEDY = message(
    "write measure/NAME/STATES/YEARS[/COLUMN], such as measure/components/JPN/2022/personnel; `tocsin measure` lists names"
)


@dataclass(frozen=True)
class Reference:
    """A reference to one figure of a measure.

    Attributes:
        name: of the measure.
        request: states, years and inputs.
        column: the column of the figure; None for a rate.
        where: values that select the row, by column.
        times: factor by which the figure is multiplied.
        latest: whether the last year with data is requested.
    """

    name: str
    request: Request
    column: str | None
    where: Mapping[str, str] = field(default_factory=dict)
    times: float = 1.0
    latest: bool = False

    @property
    def measure(self) -> Measure:
        """Return the measure."""
        return MEASURES[self.name]

    @property
    def years_text(self) -> str:
        """Return the requested years in words."""
        first, last = self.request.first, self.request.last
        if self.latest:
            return message("the last year with data")
        return str(first) if first == last else message("{first} to {last}", first=first, last=last)

    def describe(self) -> Text:
        """Return the measure's title, factor, sources and their coverage."""
        sources = in_semicolons(
            message(
                "{what}, {cite}, covers {first} to {last}",
                what=source.what,
                cite=source.cite,
                first=source.years[0],
                last=source.years[1],
            )
            for source in self.measure.cited_sources()
        )
        own = message("a table of this program, up to {year}", year=self.measure.years[1])
        title = message(self.measure.title)
        if self.times != 1:
            title = message("{measure}, times {factor}", measure=title, factor=f"{self.times:g}")
        return message("{measure} ({sources})", measure=title, sources=sources or own)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A figure read from the data sets in the cache.

    Attributes:
        value: the figure; for a rate, the count of events.
        year: its year; the last year of a span.
        unit: its unit, written as in cases; "" if it has none.
        low, high: bounds if part of the data is missing; None if the measure gives none.
        at_risk: for a rate, the years at risk; else None.
    """

    value: Figure
    year: int
    unit: str
    low: float | None = None
    high: float | None = None
    at_risk: float | None = None


def parse(text: str) -> Reference:
    """Return the reference that a text names.

    Raises:
        InputError: if the text is not a reference, or the measure, a state, a year or a key does not fit.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise InputError(message("{text} is not a reference to a measure", text=repr(text)), remedy=_REMEDY)
    name, states, years, column, more = match.groups()
    measure = find_measure(name)
    keys = _parse_keys(more or "")
    times = _parse_factor(keys.pop("times", "1"))
    inputs = {key: value for key, value in keys.items() if key in measure.inputs}
    where = {key: value for key, value in keys.items() if key not in measure.inputs}
    latest = years == "latest"
    span = None if latest else parse_years(years)
    groups = [
        [_state_number(state, span[1] if span else TODAY) for state in side.split("+")] for side in states.split(",")
    ]
    if latest and measure.rate is not None:
        raise InputError(
            message("`{name}` counts events over years", name=name),
            remedy=message("write a span of years, such as 1990:2020"),
        )
    request = make_request(measure, groups, span, inputs)
    if column is None and measure.rate is None and measure.main_column is None:
        raise InputError(
            message("`{name}` has no main column", name=name),
            remedy=message("name one: measure/{name}/{states}/{years}/COLUMN", name=name, states=states, years=years),
        )
    return Reference(
        name=name, request=request, column=column or measure.main_column, where=where, times=times, latest=latest
    )


def _parse_keys(text: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    for pair in filter(None, text.split("&")):
        key, _, value = pair.partition("=")
        if not key or not value:
            raise InputError(message("`{pair}` is not a key and a value", pair=pair), remedy=message("write KEY=VALUE"))
        keys[key] = value
    return keys


def _parse_factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise InputError(message("times={text} is not a factor", text=text), remedy=message("write a number above 0"))
    return value


def _state_number(text: str, year: int) -> int:
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    code = find_code(text, year=year)
    number = state_of(code, year)
    if number is None:
        raise InputError(
            message("`{text}` is no state of the Correlates of War in {year}", text=text, year=year),
            remedy=message("name another state"),
        )
    return number
