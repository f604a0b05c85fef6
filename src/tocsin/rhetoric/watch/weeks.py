"""Set the latest weeks of an archive beside what calendar, events and the weeks before lead one to expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.rhetoric.archive import open_archive
from tocsin.rhetoric.coder import Coder
from tocsin.rhetoric.series import critical_items
from tocsin.rhetoric.triggers import Trigger, occasion_share, stored_anniversaries
from tocsin.rhetoric.watch.bell import Settings, Watched
from tocsin.rhetoric.watch.counted import Counted, count_statements, countable
from tocsin.rhetoric.watch.coverage import Gap, gaps
from tocsin.rhetoric.watch.expectation import WeekTable, expect
from tocsin.rhetoric.watch.judging import Judgement

HOSTILE = -2
"""Tone of hostile items."""
WEEKS = 13
"""Weeks that are set side by side: a quarter of a year."""
QUANTILES = (0.05, 0.95)
NEAR = dt.timedelta(weeks=5)
"""Events up to so long before a week are listed with it: the account has effects up to five weeks after an event."""


@dataclass(frozen=True)
class Expected:
    """What is expected of a week before it is seen.

    Attributes:
        mean: number of critical items; low, high: its 5 % and 95 % points.
        calendar: the part of the mean that level, season and anniversaries bring.
    """

    mean: float
    low: float
    high: float
    calendar: float


@dataclass(frozen=True)
class Week:
    """One week of what was said of a target.

    Attributes:
        week: its Monday; output: all items of the outlet; days: with output.
        critical: items with the tone -2 or -1 about the target; hostile: those with -2. None where the week has no output.
        gap: why the week cannot be judged; None if it can.
        expected: None for a gap, and for weeks of another year than the latest, to which another account belongs.
    """

    week: dt.date
    output: int
    days: int
    critical: int | None
    hostile: int | None
    gap: Gap | None
    expected: Expected | None


@dataclass(frozen=True)
class TargetWeeks:
    """The latest weeks of what was said of a target, and the judgement of the latest that can be judged.

    Attributes:
        target: ISO code.
        weeks: the latest `WEEKS`, in order.
        judgement: None if no week of the archive can be judged.
        occasions: anniversaries of the judged week; events: dated events in it and up to `NEAR` before it.
        statements: numbers of the critical statements of the judged week.
    """

    target: str
    weeks: tuple[Week, ...]
    judgement: Judgement | None
    occasions: tuple[str, ...] = ()
    events: tuple[Trigger, ...] = ()
    statements: tuple[int, ...] = ()


def latest_weeks(
    settings: Settings, coder: Coder, progress: Callable[[str, float], None] = lambda _target, _done: None
) -> tuple[TargetWeeks, ...]:
    """Return the latest weeks of an archive about each target. Nothing is added to the archive, and no alarm is recorded.

    The first time in a year, the account is fitted, about a minute for each target; its posterior is then cached.

    Args:
        settings: what to watch; its sources are not read.
        coder: of the headlines.
        progress: called with a target and the share of its work that is done.

    Raises:
        InputError: if there is no archive.
        SolveError: if a prediction fails.
    """
    with open_archive(settings.archive) as archive:
        table = countable(archive, settings.today)
    counted = count_statements(table, tuple(settings.events), coder)
    return tuple(_of_target(settings, counted, target, progress) for target in settings.events)


def _of_target(
    settings: Settings, counted: Counted, target: str, progress: Callable[[str, float], None]
) -> TargetWeeks:
    progress(target, 0.0)
    unjudged = gaps(counted.counts[target], settings.today)
    mondays = _latest(counted, settings.today)
    judged = [week for week in mondays if week not in unjudged]
    if not judged:
        return TargetWeeks(target, tuple(_week(counted, target, week, unjudged, None) for week in mondays), None)
    watched, latest = Watched(settings, target, counted.without_gaps(target, settings.today)), judged[-1]
    weeks = []
    for index, week in enumerate(mondays):
        known = week in judged and week.isocalendar().year == latest.isocalendar().year
        weeks.append(_week(counted, target, week, unjudged, _expected(watched, week) if known else None))
        progress(target, (index + 1) / (len(mondays) + 1))
    end = latest + dt.timedelta(weeks=1)
    return TargetWeeks(
        target,
        tuple(weeks),
        watched.judge(latest, None),
        _occasions(latest),
        tuple(event for event in watched.events if latest - NEAR <= event.date < end),
        tuple(counted.statements(target, latest)),
    )


def _latest(counted: Counted, today: dt.date) -> list[dt.date]:
    """Return the Mondays of the archive's latest weeks; none if it has no counted statement."""
    last = counted.coded["date"].max()
    if not isinstance(last, dt.date):
        return []
    monday = last - dt.timedelta(days=last.weekday())
    first = counted.coded["date"].min()
    assert isinstance(first, dt.date)
    weeks = [monday - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [week for week in weeks if week + dt.timedelta(weeks=1) > first and week <= today]


def _week(
    counted: Counted, target: str, week: dt.date, unjudged: dict[dt.date, Gap], expected: Expected | None
) -> Week:
    own = counted.counts[target].filter(pl.col("from") == week)
    if not own.height:
        return Week(week, 0, 0, None, None, unjudged.get(week), None)
    critical = critical_items(own)
    hostile = critical.filter(pl.col("tone") == HOSTILE)
    output, days = own.select("output", "days").row(0)
    return Week(
        week, output, days, int(critical["items"].sum()), int(hostile["items"].sum()), unjudged.get(week), expected
    )


def _expected(watched: Watched, week: dt.date) -> Expected:
    table = WeekTable.of(watched.counts.filter(pl.col("from") <= week))
    learned = watched.learned(week.isocalendar().year)
    forecast = expect(learned, table, watched.events, week, table.output[week], seed=watched.seed)
    low, high = np.quantile(forecast.items.sum(axis=1) + forecast.rare, QUANTILES)
    return Expected(forecast.mean + float(forecast.rare.mean()), float(low), float(high), forecast.calendar)


def _occasions(week: dt.date) -> tuple[str, ...]:
    """Return the anniversaries that count in a week."""
    table, monday = stored_anniversaries(), np.array([week], dtype="datetime64[D]")
    return tuple(
        name for day, name in table.select("month_day", "occasion").iter_rows() if occasion_share(monday, 7, day)[0] > 0
    )
