"""Learn from the weeks before a year what to expect in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.accounts.account import CHANGES
from tocsin.rhetoric.accounts.cache import cached_or_new_fit
from tocsin.rhetoric.accounts.design import STRIDE, design
from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.series import by_rung, critical_items
from tocsin.rhetoric.triggers import Trigger, stored_anniversaries
from tocsin.translation import message

RUNGS = ("commentary", "newspaper", "ministry", "leader", "quoted")
MIN_ITEMS = 20
"""Critical items of a rung before the year from which the account has a group for it; rarer rungs have one rate together."""


@dataclass(frozen=True)
class Learned:
    """What the weeks before a year tell about it.

    Attributes:
        target: ISO code; year: the year to judge.
        fit: an account with a group for each rung, fitted to the weeks before the year.
        rare: rungs without a group; rare_items: their items before the year; output: all items of the outlet in these weeks.
        anniversaries: columns month_day and occasion.
    """

    target: str
    year: int
    fit: Fit
    rare: tuple[str, ...]
    rare_items: int
    output: float
    anniversaries: pl.DataFrame

    @property
    def rungs(self) -> tuple[str, ...]:
        """Return the rungs that have a group."""
        return self.fit.design.groups

    @cached_property
    def step_variance(self) -> float:
        """Return the variance of the level's steps from the last year of the fit to `year`, in squared steps of the account."""
        last = self.fit.design.years[-1]
        return float(sum(STRIDE**2 if year in CHANGES else 1.0 for year in range(last + 1, self.year + 1)))


def first_week(year: int) -> dt.date:
    """Return the Monday of the first week of a year: the week of its first Thursday."""
    return dt.date.fromisocalendar(year, 1, 1)


def known_events(events: Sequence[Trigger], end: dt.date) -> list[Trigger]:
    """Return the events before a day, without their sizes, which are often published later."""
    return [replace(event, size=float("nan")) for event in events if event.date < end]


def learn(
    counts: pl.DataFrame,
    target: str,
    year: int,
    events: Sequence[Trigger],
    *,
    anniversaries: pl.DataFrame | None = None,
    seed: int = 1,
) -> Learned:
    """Fit the account to the weeks before a year. The first fit takes about a minute; its posterior is then cached.

    Args:
        counts: weekly counts, as `series.tally` returns them. Weeks from the first of the year on are ignored.
        target: ISO code of the state that the counts are about.
        year: the year to judge.
        events: as `triggers.triggers` selects them. Events from the first week of the year on are ignored.
        anniversaries: columns month_day and occasion; None for North Korea's.
        seed: seed of the chains.

    Raises:
        InputError: if fewer than 52 weeks have output, or no rung has `MIN_ITEMS` critical items.
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """
    start = first_week(year)
    before = counts.filter(pl.col("from") < start)
    totals = dict(critical_items(before).group_by("rung").agg(pl.col("items").sum()).iter_rows())
    groups = tuple(name for name in RUNGS if totals.get(name, 0) >= MIN_ITEMS)
    if not groups:
        raise InputError(
            message(
                "before {start} no rung has {count} critical items about {target}",
                start=str(start),
                count=MIN_ITEMS,
                target=target,
            ),
            remedy=message("add earlier statements to the archive, or watch another target"),
        )
    occasions = stored_anniversaries() if anniversaries is None else anniversaries
    columns = design(by_rung(before, groups), occasions, known_events(events, start), CHANGES)
    fit, _ = cached_or_new_fit(columns, seed)
    rare = tuple(name for name in RUNGS if name not in groups)
    return Learned(
        target,
        year,
        fit,
        rare,
        sum(totals.get(name, 0) for name in rare),
        float(np.exp(columns.offset).sum()),
        occasions,
    )
