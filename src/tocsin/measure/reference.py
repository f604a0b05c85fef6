"""One figure out of a measure, by the text that a case writes to say where it comes from.

    measure/NAME/STATES/YEARS[/COLUMN][?KEY=VALUE&...]

NAME is a measure of the catalogue, STATES are as its command takes them (ISO codes or numbers of the Correlates of War), YEARS a
year, a span, or `latest` for the last year known, COLUMN one of the table's (if left out, the one that its figure draws). A KEY
is an input of the measure, `times` (a factor), or a column whose value picks the row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.data.registry import source
from tocsin.errors import InputError, did_you_mean
from tocsin.measure.asking import Measure, Request, ask, years_of
from tocsin.measure.catalogue import MEASURES

Figure: TypeAlias = float | bool | str | date

_FORM = re.compile(r"measure/([a-z_]+)/([^/?]+)/([^/?]+)(?:/([a-z_0-9]+))?(?:\?(.+))?")
_REMEDY = "write measure/NAME/STATES/YEARS[/COLUMN], such as measure/components/JPN/2022/personnel; `tocsin measure` lists names"


@dataclass(frozen=True)
class Reference:
    """Where a figure comes from.

    Attributes:
        name: of the measure.
        request: whom and when it is about, and the measure's inputs.
        column: that holds the figure; None for a count and the time at risk.
        where: values that pick the row, by column.
        times: a factor that the figure is multiplied by.
        latest: true if the last year known is asked for.
    """

    name: str
    request: Request
    column: str | None
    where: Mapping[str, str] = field(default_factory=dict)
    times: float = 1.0
    latest: bool = False

    @property
    def measure(self) -> Measure:
        """The measure itself."""
        return MEASURES[self.name]

    @property
    def span(self) -> str:
        """The years asked for, in words."""
        years = dict.fromkeys((self.request.first, self.request.last))
        return "the last year known" if self.latest else " to ".join(map(str, years))

    def said(self) -> str:
        """What it is, whose it is and what it covers: "the six components of ... (National Material ...; 1816 to 2022)"."""
        made = [source(name) for name in self.measure.needs if name not in ("states", "false_dyads")]
        whose = "; ".join(f"{each.what}, {each.cite}, known for {each.years[0]} to {each.years[1]}" for each in made)
        factor = f", times {self.times:g}" if self.times != 1 else ""
        return f"{self.measure.what}{factor} ({whose or f'a table of this program, known to {self.measure.years[1]}'})"


@dataclass(frozen=True)
class Reading:
    """A figure as the sets in the cache give it.

    Attributes:
        value: the figure; of a rate, how often it happened.
        year: of it; of a span, the last.
        unit: of the value, as cases write units; "" where it is no quantity.
        low, high: between which it lies where a part is not known; None where the measure does not say.
        at_risk: of a rate, the years in which it could have happened; else None.
    """

    value: Figure
    year: int
    unit: str
    low: float | None = None
    high: float | None = None
    at_risk: float | None = None


def parse(text: str) -> Reference:
    """The reference that a text makes.

    Raises:
        InputError: if it is none, or asks what its measure does not know.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} names no figure of a measure", remedy=_REMEDY)
    name, states, years, column, more = match.groups()
    if name not in MEASURES:
        raise InputError(
            f"no measure is named `{name}`", remedy=did_you_mean(name, MEASURES) + " See `tocsin measure`."
        )
    measure = MEASURES[name]
    keys = _keys(more or "")
    times = _factor(keys.pop("times", "1"))
    inputs = {key: value for key, value in keys.items() if key in measure.inputs}
    where = {key: value for key, value in keys.items() if key not in measure.inputs}
    groups = [[_number(each) for each in group.split("+")] for group in states.split(",")]
    latest = years == "latest"
    if latest and measure.rate is not None:
        raise InputError(f"`{name}` counts over years", remedy="write a span of years, such as 1990:2020")
    request = ask(measure, groups, None if latest else years_of(years), inputs)
    if column is None and measure.rate is None and measure.shown is None:
        raise InputError(
            f"`{name}` has no figure of its own", remedy=f"name a column: measure/{name}/{states}/{years}/..."
        )
    return Reference(name, request, column or (None if measure.rate else measure.shown), where, times, latest)


def _keys(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split("&") if pair]
    for key, equals, value in pairs:
        if not key or not equals or not value:
            raise InputError(f"`{key}{equals}{value}` does not say what is what", remedy="write KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise InputError(f"times={text} is no factor", remedy="write a number above 0")
    return value


def _number(text: str) -> int:
    number = by_iso3().get(text.upper()) or (int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None)
    if number is None:
        remedy = did_you_mean(text.upper(), by_iso3()) + " Or write its number in the Correlates of War."
        raise InputError(f"no state has the ISO code {text!r}", remedy=remedy)
    return number


class Readings:
    """Reads figures out of the cache, and works each measure out but once for all that is asked of it."""

    def __init__(self) -> None:
        self._tables: dict[object, pl.DataFrame] = {}

    def at(self, reference: Reference, *, until: int) -> Reading:
        """The figure that a reference names.

        Args:
            reference: what is asked.
            until: last year that `latest` may mean.

        Raises:
            InputError: if the table has no such column, or not one row of that kind, or nothing is known there.
            SolveError: if a set is not in the cache.
        """
        found = self._rows(reference)
        request, named = reference.request, f"`{reference.name}` of {reference.span}"
        if reference.latest and reference.column is not None and "year" in found.columns:
            known = found.drop_nulls(reference.column).filter(pl.col("year") <= until)
            found = known.filter(pl.col("year") == pl.col("year").max())
        elif "year" in found.columns:
            found = found.filter(pl.col("year").is_between(request.first, request.last))
        if found.height != 1:
            others = [name for name in found.columns if name not in reference.where and found[name].n_unique() > 1]
            remedy = f"pick one with ?{others[0]}=..." if others else "ask about other states or years"
            raise InputError(f"{named} has {found.height} rows, not one", remedy=remedy)
        reading = _reading(reference, found.row(0, named=True))
        if reading is None:
            raise InputError(f"{named} is not known", remedy="ask about another year or column")
        return reading

    def later(self, reference: Reference, *, until: int) -> Reading | None:
        """The same figure of the last year for which it is known, where that is later than the reference's year."""
        found = self._rows(reference)
        if reference.column is None or "year" not in found.columns:
            return None
        after = pl.col("year").is_between(reference.request.last + 1, until)
        later = found.filter(after).drop_nulls(reference.column).sort("year")
        return _reading(reference, later.row(-1, named=True)) if later.height else None

    def _rows(self, reference: Reference) -> pl.DataFrame:
        """All rows of the states and kind that the reference names, of whatever year where there are years."""
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
        key = (reference.name, request.groups, tuple(sorted(request.inputs.items())), first, last)
        if key not in self._tables:
            self._tables[key] = measure.work(Request(first, last, request.groups, request.inputs))
        return self._tables[key]


def _reading(reference: Reference, row: Mapping[str, object]) -> Reading | None:
    """The figure of a row; None where it is missing."""
    measure, year = reference.measure, row.get("year", reference.request.last)
    assert isinstance(year, int)
    if reference.column is None:
        assert measure.rate is not None
        ended, at_risk = (_real(row[name]) for name in measure.rate)
        return None if ended is None or at_risk is None else Reading(ended, year, "", at_risk=at_risk)
    value = row[reference.column]
    if value is None:
        return None
    unit = measure.units.get(reference.column, "1")
    if isinstance(value, bool):
        return Reading(value, year, "truth")
    if isinstance(value, date):
        return Reading(value, year, "date")
    number = _real(value)
    if number is None:
        return Reading(str(value), year, "text")
    low, high = (
        (_real(row[name]) for name in measure.span)
        if measure.span and reference.column == measure.shown
        else (None, None)
    )
    scaled = [None if each is None else each * reference.times for each in (low, high)]
    return Reading(number * reference.times, year, unit, *scaled)


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None
