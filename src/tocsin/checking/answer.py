"""What a check returns: a verdict, the readings of the sentence that lead to it, their figures, and a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import polars as pl

from tocsin.case.units import parse_unit
from tocsin.errors import InputError

Verdict: TypeAlias = Literal["true", "false", "depends", "cannot tell"]


@dataclass(frozen=True)
class Figure:
    """A number, day or name from a data set.

    Attributes:
        what: what it measures, such as "Poland, military spending".
        value: the figure, in `unit`.
        unit: such as USD or persons; "" if it has none.
        when: year, month, day or span as text.
        sources: names of data sets in the registry.
        basis: for money, the base year and the deflator or rate; else "".
    """

    what: str
    value: float | str
    unit: str
    when: str
    sources: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True)
class Reading:
    """One meaning of a sentence, and whether it holds.

    Attributes:
        name: what separates it from other readings, such as "current dollars".
        holds: whether the sentence holds so read; None if the data cannot say.
        says: the result in words.
        figures: what it rests on.
        needs: data sets to get, if they are missing.
        test: a comparison of the figures in the language of cases, in which {0} is the first; "" if there is none.
    """

    name: str
    holds: bool | None
    says: str
    figures: tuple[Figure, ...] = ()
    needs: tuple[str, ...] = ()
    test: str = ""


@dataclass(frozen=True)
class Chart:
    """A series, or spells, that a sentence is about.

    Attributes:
        title: of the figure.
        axis_label: of the values; "" for spells.
        table: for a series, columns name, year, value; for spells, columns name, start, end, until, label.
        sources: names of data sets.
        notes: for money, rates, base year and deflator of each series.
    """

    title: str
    axis_label: str
    table: pl.DataFrame
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a sentence.

    Attributes:
        sentence: as written.
        kind: the kind of its form.
        verdict: of all readings that the data can decide: "true" or "false" if they agree, "depends" if they differ,
            "cannot tell" if there are none.
        readings: at least one.
        data_end: the last year of the data that decide; None if no data do.
        left_open: what the sentence does not say, and what was assumed.
        chart: the series behind the figures; None if there is none.
    """

    sentence: str
    kind: str
    verdict: Verdict
    readings: tuple[Reading, ...]
    data_end: int | None = None
    left_open: tuple[str, ...] = ()
    chart: Chart | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the data sets behind the figures."""
        return tuple(dict.fromkeys(name for one in self.readings for figure in one.figures for name in figure.sources))

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the data sets that readings without a result need."""
        return tuple(dict.fromkeys(name for reading in self.readings for name in reading.needs))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict without the chart's table."""
        return {
            "sentence": self.sentence,
            "kind": self.kind,
            "verdict": self.verdict,
            "data_end": self.data_end,
            "readings": [asdict(reading) for reading in self.readings],
            "left_open": list(self.left_open),
            "sources": list(self.sources),
            "needs": list(self.needs),
        }


def decide(readings: Iterable[Reading]) -> Verdict:
    """Return the verdict of several readings: those without a result do not count."""
    results = {reading.holds for reading in readings if reading.holds is not None}
    if not results:
        return "cannot tell"
    if len(results) == 2:
        return "depends"
    return "true" if results.pop() else "false"


@dataclass(frozen=True)
class Finding:
    """What a checker returns; `run` adds the sentence, its kind and the verdict. Attributes as in `Answer`."""

    readings: tuple[Reading, ...]
    data_end: int | None = None
    left_open: tuple[str, ...] = ()
    chart: Chart | None = None


def unknown(says: str, *, needs: Sequence[str] = (), name: str = "as written") -> Reading:
    """Return a reading that the data cannot decide."""
    return Reading(name, None, says, needs=tuple(needs))


def case_unit(unit: str) -> str:
    """Return a unit as cases write it; "1" for local currency and for whatever cases have no unit for."""
    try:
        parse_unit(unit)
    except InputError:
        return "1"
    return unit


def show(value: float, unit: str = "") -> str:
    """Return a number in words of millions, billions and trillions: "12.8 billion USD", "114,000 persons", "3.2 %"."""
    if unit == "%":
        return f"{value:.3g} %" if abs(value) < 1000 else f"{value:,.0f} %"
    size = abs(value)
    for scale, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= scale * 0.9995 and math.isfinite(value):
            return f"{value / scale:.4g} {word} {unit}".strip()
    text = f"{value:,.0f}" if size >= 1000 or value == int(value) else f"{value:.4g}"
    return f"{text} {unit}".strip()
