"""Replay the bell over past years: does it ring falsely at the stated rate, and what did it say before acts?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tocsin.errors import InputError
from tocsin.intervals import jeffreys
from tocsin.rhetoric.triggers import WINDOWS, Trigger
from tocsin.rhetoric.watch.coverage import gaps
from tocsin.rhetoric.watch.judging import Judgement, judge, target_level
from tocsin.rhetoric.watch.learning import first_week, learn
from tocsin.translation import message

NEAR = (WINDOWS["before"][0], WINDOWS["after"][1])
"""First and last week around the week of an act in which an alarm is not called false; chosen before any replay: the account's windows."""
BEFORE = WINDOWS["before"]
"""First and last week before the week of an act whose alarms are listed with it."""
_LAGS = range(BEFORE[0], BEFORE[1] + 1)


@dataclass(frozen=True)
class Act:
    """A missile test or provocation: its day, and what it was."""

    date: dt.date
    what: str

    @property
    def week(self) -> dt.date:
        """Return the Monday of its week."""
        return self.date - dt.timedelta(days=self.date.weekday())


@dataclass(frozen=True)
class Share:
    """A number of cases and of those that have a property, with the 90 % interval of the share by Jeffreys' prior."""

    hits: int
    cases: int

    @property
    def interval(self) -> tuple[float, float]:
        """Return the ends of the interval."""
        low, _, high = jeffreys(self.hits, self.cases)
        return (low if self.hits else 0.0, high if self.hits < self.cases else 1.0)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"hits": self.hits, "cases": self.cases, "interval": [round(end, 4) for end in self.interval]}

    def __str__(self) -> str:
        if not self.cases:
            return "no week"
        low, high = self.interval
        return f"{self.hits} of {self.cases} ({self.hits / self.cases:.1%}, {low:.1%} to {high:.1%})"


@dataclass(frozen=True)
class Replay:
    """The judgements of past weeks.

    Attributes:
        first, last: years; rate: the stated rate of false alarms.
        judgements: of every week and target, in order; unjudged: weeks that are not covered.
        acts: all acts, by day, also of other years; undated: acts left out because their day is not known.
    """

    first: int
    last: int
    rate: float
    judgements: tuple[Judgement, ...]
    unjudged: tuple[dt.date, ...]
    acts: tuple[Act, ...]
    undated: int

    @property
    def weeks(self) -> tuple[dt.date, ...]:
        """Return the weeks judged."""
        return tuple(sorted({judgement.week for judgement in self.judgements}))

    @property
    def alarms(self) -> tuple[Judgement, ...]:
        """Return the judgements that ring, by week."""
        ringing = (judgement for judgement in self.judgements if judgement.rings)
        return tuple(sorted(ringing, key=lambda judgement: (judgement.week, judgement.target)))

    @property
    def acts_judged(self) -> tuple[Act, ...]:
        """Return the acts of the weeks from the first to the last judged."""
        return tuple(act for act in self.acts if self.weeks[0] <= act.week <= self.weeks[-1])

    def is_near(self, week: dt.date) -> bool:
        """Return whether an act lies near a week; see `NEAR`."""
        return any(NEAR[0] <= (week - act.week).days // 7 <= NEAR[1] for act in self.acts)

    def share(self, year: int | None = None, *, near: bool | None = None) -> Share:
        """Return the share of weeks in which some target rings.

        Args:
            year: the only year; near: only weeks near an act, or only the others.
        """
        ringing = {judgement.week for judgement in self.alarms}
        weeks = [
            week
            for week in self.weeks
            if year in (None, week.isocalendar().year) and (near is None or self.is_near(week) == near)
        ]
        return Share(len(ringing.intersection(weeks)), len(weeks))

    def chance(self) -> float:
        """Return the mean probability, by the model, that a week rings for some target if nothing unusual happens."""
        quiet: dict[dt.date, float] = {}
        for judgement in self.judgements:
            quiet[judgement.week] = quiet.get(judgement.week, 1.0) * (1.0 - judgement.chance)
        return 1.0 - sum(quiet.values()) / len(quiet)

    def before(self, act: Act) -> tuple[Judgement, ...]:
        """Return the alarms in the weeks before an act; see `BEFORE`."""
        return tuple(alarm for alarm in self.alarms if BEFORE[0] <= (alarm.week - act.week).days // 7 <= BEFORE[1])

    def warned(self) -> Share:
        """Return the share of weeks with a first act that have an alarm in the weeks before.

        Acts come in runs, and one alarm precedes all of a run. So only an act without another in the weeks before counts.
        """
        return self._preceded([week for week in self._first_chances() if self._has_act(week)])

    def warned_anyway(self) -> Share:
        """Return the share of weeks without an act, and without one in the weeks before, that have an alarm in the weeks before."""
        return self._preceded([week for week in self._first_chances() if not self._has_act(week)])

    def at_most(self, probability: float) -> Share:
        """Return the share of judgements far from an act whose probability is at most this one; calibrated if it is about this one."""
        far = [judgement for judgement in self.judgements if not self.is_near(judgement.week)]
        return Share(sum(judgement.probability <= probability for judgement in far), len(far))

    def _preceded(self, weeks: Sequence[dt.date]) -> Share:
        return Share(sum(bool(self.before(Act(week, ""))) for week in weeks), len(weeks))

    def _first_chances(self) -> list[dt.date]:
        """Return the weeks judged without an act in the weeks before, all of which are judged."""
        return [
            week
            for week in self.weeks
            if self._has_before(week) and not any(self._has_act(week + dt.timedelta(weeks=lag)) for lag in _LAGS)
        ]

    def _has_act(self, week: dt.date) -> bool:
        return any(act.week == week for act in self.acts)

    def _has_before(self, week: dt.date) -> bool:
        """Return whether all weeks before a week are judged."""
        return all(week + dt.timedelta(weeks=lag) in self.weeks for lag in _LAGS)


def replay(
    counts: Mapping[str, pl.DataFrame],
    events: Mapping[str, Sequence[Trigger]],
    acts: tuple[Sequence[Act], int],
    years: tuple[int, int],
    *,
    rate: float,
    seed: int = 1,
    progress: Callable[[str, int, int], None] = lambda _target, _weeks, _done: None,
) -> Replay:
    """Judge every covered week of some years. The account is fitted anew for each year, to the weeks before it.

    Args:
        counts: target -> weekly counts.
        events: target -> events, of the same targets.
        acts: as `acts_of` returns them.
        years: first and last year.
        rate: probability that a week rings for any target if nothing unusual happens.
        seed: seed of chains and samples.
        progress: called with a target, its number of weeks, and the number just judged.

    Raises:
        InputError: if no week of these years is covered, or there are too few weeks before them.
        SolveError: if a fit or prediction fails.
    """
    level = target_level(rate, len(counts))
    judgements: list[Judgement] = []
    unjudged: set[dt.date] = set()
    for target, series in counts.items():
        last = series["from"].max()
        assert isinstance(last, dt.date)
        left_out = gaps(series, last + dt.timedelta(weeks=1))
        weeks = [week for week in series["from"].unique().sort() if years[0] <= week.isocalendar().year <= years[1]]
        if not weeks:
            raise InputError(
                message(
                    "no week of {first} to {last} in the series about {target}",
                    first=years[0],
                    last=years[1],
                    target=target,
                ),
                remedy=message("name years from {first} to {last}", first=str(min(series["from"])), last=str(last)),
            )
        unjudged |= {week for week in left_out if first_week(years[0]) <= week < first_week(years[1] + 1)}
        for year in range(years[0], years[1] + 1):
            learned = learn(series, target, year, events[target], seed=seed)
            for week in weeks:
                if week.isocalendar().year == year and week not in left_out:
                    judgements.append(judge(learned, series, events[target], week, level=level, seed=seed))
                    progress(target, len(weeks), 1)
    return Replay(*years, rate, tuple(judgements), tuple(sorted(unjudged)), tuple(acts[0]), acts[1])


def acts_of(tests: pl.DataFrame, provocations: pl.DataFrame) -> tuple[tuple[Act, ...], int]:
    """Return the missile tests and provocations by day, and the number of those whose day is not known.

    Args:
        tests: the data set `missile_tests`; provocations: the data set `provocations`.
    """
    days: dict[dt.date, list[str]] = {}
    undated = 0
    launches = tests.group_by("date").agg(pl.len(), pl.col("missile").drop_nulls().unique().sort()).sort("date")
    for text, number, missiles in launches.iter_rows():
        day = _day(text)
        if day is None:
            undated += number
        else:
            days.setdefault(day, []).append(f"test of {number} {', '.join(missiles) or 'unknown'}")
    for day, what in provocations.select("date", "event").iter_rows():
        if day is None:
            undated += 1
        else:
            days.setdefault(day, []).append(str(what))
    return tuple(Act(day, "; ".join(dict.fromkeys(what))) for day, what in sorted(days.items())), undated


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None
