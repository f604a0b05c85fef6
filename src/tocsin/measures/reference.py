"""Read one figure of a measure, named by a text in a case.

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

import polars as pl

from tocsin.data.codes import state_of
from tocsin.data.names import TODAY, find_code
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.catalogue import MEASURES, find_measure
from tocsin.measures.definition import Measure, Request
from tocsin.measures.request import make_request, parse_years

Figure: TypeAlias = float | bool | str | date

_FORM = re.compile(r"measure/([a-z_]+)/([^/?]+)/([^/?]+)(?:/([a-z_0-9]+))?(?:\?(.+))?")
_REMEDY = "write measure/NAME/STATES/YEARS[/COLUMN], such as measure/components/JPN/2022/personnel; `tocsin measure` lists names"


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
        years = dict.fromkeys((self.request.first, self.request.last))
        return "the last year with data" if self.latest else " to ".join(map(str, years))

    def describe(self) -> str:
        """Return the measure's title, factor, sources and their coverage."""
        sources = "; ".join(
            f"{source.what}, {source.cite}, covers {source.years[0]} to {source.years[1]}"
            for source in self.measure.cited_sources()
        )
        factor = f", times {self.times:g}" if self.times != 1 else ""
        own = f"a table of this program, up to {self.measure.years[1]}"
        return f"{self.measure.title}{factor} ({sources or own})"


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
        raise InputError(f"{text!r} is not a reference to a measure", remedy=_REMEDY)
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
        raise InputError(f"`{name}` counts events over years", remedy="write a span of years, such as 1990:2020")
    request = make_request(measure, groups, span, inputs)
    if column is None and measure.rate is None and measure.main_column is None:
        raise InputError(f"`{name}` has no main column", remedy=f"name one: measure/{name}/{states}/{years}/COLUMN")
    return Reference(
        name=name, request=request, column=column or measure.main_column, where=where, times=times, latest=latest
    )


def _parse_keys(text: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    for pair in filter(None, text.split("&")):
        key, _, value = pair.partition("=")
        if not key or not value:
            raise InputError(f"`{pair}` is not a key and a value", remedy="write KEY=VALUE")
        keys[key] = value
    return keys


def _parse_factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise InputError(f"times={text} is not a factor", remedy="write a number above 0")
    return value


def _state_number(text: str, year: int) -> int:
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    code = find_code(text, year=year)
    number = state_of(code, year)
    if number is None:
        raise InputError(f"`{text}` is no state of the Correlates of War in {year}", remedy="name another state")
    return number


class Readings:
    """Reads figures from the cache, and computes each measure only once."""

    def __init__(self) -> None:
        self._tables: dict[object, pl.DataFrame] = {}

    def read(self, reference: Reference, *, until: int) -> Reading:
        """Return the figure that a reference names.

        Args:
            reference: the reference.
            until: the last year that `latest` may mean.

        Raises:
            InputError: if the column is unknown, the keys do not select exactly one row, or there is no data.
            SolveError: if a data set is not in the cache.
        """
        rows = self._rows(reference)
        request, subject = reference.request, f"`{reference.name}` for {reference.years_text}"
        if reference.latest and reference.column is not None and "year" in rows.columns:
            known = rows.drop_nulls(reference.column).filter(pl.col("year") <= until)
            rows = known.filter(pl.col("year") == pl.col("year").max())
        elif "year" in rows.columns:
            rows = rows.filter(pl.col("year").is_between(request.first, request.last))
        if rows.height != 1:
            others = [name for name in rows.columns if name not in reference.where and rows[name].n_unique() > 1]
            remedy = f"select one with ?{others[0]}=..." if others else "choose other states or years"
            raise InputError(f"{subject} has {rows.height} rows, not one", remedy=remedy)
        reading = _reading(reference, rows.row(0, named=True))
        if reading is None:
            raise InputError(f"{subject}: no data", remedy="choose another year or column")
        return reading

    def read_later(self, reference: Reference, *, until: int) -> Reading | None:
        """Return the same figure for the last year with data, if that is later than the reference's year; else None."""
        rows = self._rows(reference)
        if reference.column is None or "year" not in rows.columns:
            return None
        after = pl.col("year").is_between(reference.request.last + 1, until)
        later = rows.filter(after).drop_nulls(reference.column).sort("year")
        return _reading(reference, later.row(-1, named=True)) if later.height else None

    def _rows(self, reference: Reference) -> pl.DataFrame:
        """Return the rows that the reference's states and keys select, of all years."""
        table = self._table(reference)
        for column in (*reference.where, *([reference.column] if reference.column else [])):
            if column not in table.columns:
                raise InputError(
                    f"`{reference.name}` has no column `{column}`", remedy=did_you_mean(column, table.columns)
                )
        return table.filter(*(pl.col(key).cast(pl.String) == value for key, value in reference.where.items()))

    def _table(self, reference: Reference) -> pl.DataFrame:
        request, measure = reference.request, reference.measure
        yearly = measure.rate is None
        first, last = measure.years if yearly else (request.first, request.last)
        key = (reference.name, request.groups, frozenset(request.inputs.items()), first, last)
        if key not in self._tables:
            self._tables[key] = measure.compute(Request(first, last, request.groups, request.inputs))
        return self._tables[key]


def _reading(reference: Reference, row: Mapping[str, object]) -> Reading | None:
    """Return the figure in a row; None if it is missing."""
    measure, year = reference.measure, row.get("year", reference.request.last)
    assert isinstance(year, int)
    if reference.column is None:
        assert measure.rate is not None
        count, at_risk = _finite(row[measure.rate.count]), _finite(row[measure.rate.at_risk])
        return None if count is None or at_risk is None else Reading(value=count, year=year, unit="", at_risk=at_risk)
    value = row[reference.column]
    if value is None:
        return None
    if isinstance(value, bool):
        return Reading(value=value, year=year, unit="truth")
    if isinstance(value, date):
        return Reading(value=value, year=year, unit="date")
    number = _finite(value)
    if number is None:
        return Reading(value=str(value), year=year, unit="text")
    bounded = measure.bounded and reference.column == measure.main_column
    low, high = (_finite(row[name]) if bounded else None for name in ("low", "high"))
    return Reading(
        value=number * reference.times,
        year=year,
        unit=measure.units.get(reference.column, "1"),
        low=None if low is None else low * reference.times,
        high=None if high is None else high * reference.times,
    )


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None
