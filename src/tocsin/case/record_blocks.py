"""The blocks of the record: past years of a theatre, the states and the forces in them, and how much a past year counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from operator import itemgetter, mul
from typing import Annotated

from pydantic import Field

from tocsin.case.blocks import Confidence, Count, Model, OneOrMore, Probability
from tocsin.case.types import FIRST_YEAR, LAST_YEAR, DottedId, Identifier, Text, When, Words

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Years = Count | tuple[Year, ...]
"""A number of years, or the years themselves."""

COUNTED = ("wars", "press", "concessions", "clashes")
"""What a record counts."""


def number(years: Years) -> int:
    """Return how many years are meant."""
    return years if isinstance(years, int) else len(years)


class Recalled(Model):
    """The years of a record that are known from memory alone."""

    wars: Years = Field(default=0, description="Years in which a war began.")
    press: Years = Field(default=0, description="Years with military pressure.")
    concessions: Years = Field(default=0, description="Years of pressure in which the target conceded.")
    clashes: Years = Field(default=0, description="Years of pressure with a limited clash.")


class Spell(Model):
    """A state of a regime, and how long it lasted."""

    state: Identifier = Field(description="Name of the state, firm or loose.")
    from_: When = Field(alias="from", description="First day: YYYY, YYYY-MM or YYYY-MM-DD.")
    until: When | None = Field(
        default=None, description="Last day, written likewise; by default the day before the next spell begins."
    )

    @property
    def first(self) -> date:
        """Return the first day."""
        return first_day(self.from_)


def first_day(when: str) -> date:
    """Return the first day of a year, a month or a day."""
    year, month, day = (*(int(part) for part in when.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(when: str) -> date:
    """Return the last day of a year, a month or a day."""
    parts = [int(part) for part in when.split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class History(Model):
    """Past years of a theatre and what happened in them, for conditioning."""

    years: Annotated[int, Field(ge=1, le=5000)] = Field(description="Number of years.")
    first: Year | None = Field(
        default=None, description="The first of these years; needed with `regimes`, `power` and listed years."
    )
    wars: Years = Field(description="Years in which a war began, by whatever path: their number, or a list.")
    press: Years = Field(description="Other years with military pressure: their number, or a list.")
    concessions: Years = Field(description="Years of pressure in which the target conceded: their number, or a list.")
    clashes: Years | None = Field(
        default=None,
        description="Years of pressure with a limited clash: their number, or a list. Not counted if left out.",
    )
    regimes: Mapping[DottedId, tuple[Spell, ...]] = Field(
        default_factory=dict,
        description="The states of regimes in these years, by regime; a regime without spells keeps its present state.",
    )
    power: Text | None = Field(
        default=None,
        description="CSV of relative power in these years: actor,year,value,source,confidence,note. Without it, forces are today's.",
    )
    recalled: Recalled | None = Field(
        default=None,
        description="Which of these years are only recalled; claims that rest on them are also run without them.",
    )
    weight: Probability | None = Field(
        default=None,
        description="Weight of a past year, 0 to 1; if left out, it is estimated from the listed years of pressure.",
    )
    source: OneOrMore = Field(description="Keys of sources.", min_length=1)
    by: Words = Field(description="Who coded it and judged the weight.")
    why: Words = Field(description="The reason.")

    @property
    def span(self) -> range:
        """Return the years; they are numbered from 0 if the first is not given."""
        start = self.first or 0
        return range(start, start + self.years)

    def count(self, name: str) -> int:
        """Return how many years are counted under a name of `COUNTED`."""
        return number(getattr(self, name) or 0)

    @property
    def year_weight(self) -> float:
        """Return the weight of a past year: as given, else estimated from the listed years of pressure."""
        if self.weight is not None:
            return self.weight
        assert not isinstance(self.press, int)
        return independent_share([float(year in self.press) for year in self.span])

    def states(self, regime: str) -> dict[int, str]:
        """Return the state of a regime on 1 July of each year; empty if the record does not say."""
        begun = self._begun(regime)
        known = {year: _last_begun(begun, date(year, 7, 1)) for year in self.span}
        return {year: state for year, state in known.items() if state is not None}

    def state_on(self, regime: str, day: date) -> str | None:
        """Return the state of a regime on a day: that of the last spell begun by then; None if the record does not say."""
        return _last_begun(self._begun(regime), day)

    def _begun(self, regime: str) -> list[tuple[date, str]]:
        """Return the first day and the state of each spell of a regime, the earliest first."""
        spells = [(spell.first, spell.state) for spell in self.regimes.get(regime, ())]
        return sorted(spells, key=itemgetter(0))

    def without_recalled(self) -> History:
        """Return the record without the recalled years; a past year weighs the same."""
        less = self.recalled or Recalled()
        left = {name: _without(getattr(self, name), getattr(less, name)) for name in COUNTED}
        return self.model_copy(update=left | {"recalled": None, "weight": self.year_weight})


def _last_begun(begun: Sequence[tuple[date, str]], day: date) -> str | None:
    """Return the state of the last spell begun by a day; None if none had."""
    index = bisect_right(begun, day, key=itemgetter(0))
    return begun[index - 1][1] if index else None


def _without(years: Years | None, recalled: Years) -> Years | None:
    if years is None or not number(recalled):
        return years
    if isinstance(years, tuple) and isinstance(recalled, tuple):
        return tuple(year for year in years if year not in recalled)
    return number(years) - number(recalled)


def independent_share(series: list[float]) -> float:
    """Return how many independent years a yearly series is worth, as a share of its years, in (0, 1].

    It is 1 / (1 + 2 sum of the autocorrelations from lag 1), up to the last lag of Geyer's initial positive sequence, which takes the
    lags in pairs, (0, 1), (2, 3) and so on, as long as the sum of a pair is positive (Statistical Science 7, 1992, section 3.3). A
    series that never changes counts fully: its autocorrelation cannot be estimated.
    """
    mean = sum(series) / len(series)
    deviation = [value - mean for value in series]
    variance = sum(value * value for value in deviation)
    if variance == 0.0:
        return 1.0
    correlations = (sum(map(mul, deviation, deviation[lag:])) / variance for lag in range(len(series)))
    pairs = (sum(pair) for pair in zip(correlations, correlations, strict=False))  # computed as far as they are read
    total = sum(takewhile(lambda pair: pair > 0.0, pairs))
    return 1.0 / max(1.0, 2.0 * total - 1.0)


class PowerRow(Model):
    """One row of a table of relative power: an actor's index in one year."""

    actor: str
    year: int
    value: Annotated[float, Field(gt=0, le=1e18)]
    source: OneOrMore
    confidence: Confidence
    note: str = ""
