"""Account for what state media said of a target: how much is ritual, how much answers events, what stays unexplained."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.accounts.cache import cached_or_new_fit
from tocsin.rhetoric.accounts.design import Design, design
from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.accounts.later import LaterLevel, compare_level
from tocsin.rhetoric.accounts.shares import (
    Shares,
    WeeklyParts,
    dose_factors,
    occasion_factors,
    shares,
    shares_of,
    tail_probability,
    trigger_factors,
    variation,
    weekly_parts,
)
from tocsin.rhetoric.accounts.summary import (
    Contrast,
    Dose,
    Effect,
    Factor,
    Interval,
    Occasion,
    Part,
    Summary,
    TableName,
    ThemeShares,
    UnusualWeek,
    YearShares,
)
from tocsin.rhetoric.inputs import Table, read_table, weekly_counts
from tocsin.rhetoric.series import TALLY, by_theme, stored_counts
from tocsin.rhetoric.targets import target_code
from tocsin.rhetoric.triggers import WINDOWS, Triggers, classes, stored_anniversaries, usable_triggers
from tocsin.translation import message

CHANGES = (2011,)
"""Years of a break in coverage that changes the level."""
MAX_UNUSUAL = 10
WINDOW_AT = list(WINDOWS).index("at")


@dataclass(frozen=True)
class Account:
    """A fitted account.

    Attributes:
        target: ISO code; themes: the only themes counted, empty for all.
        fit: the posterior; weekly: items by part and week; triggers: events used and left out.
        later: comparison with a later period, if requested.
        seconds: duration of the fit; 0 if it came from the cache.
    """

    target: str
    themes: tuple[str, ...]
    fit: Fit
    weekly: WeeklyParts
    triggers: Triggers
    later: LaterLevel | None
    seconds: float

    @property
    def design(self) -> Design:
        """Return the series and its columns."""
        return self.fit.design

    @cached_property
    def summary(self) -> Summary:
        """Return all figures that the account reports."""
        return _summary(self)

    def compare(self, later: Table) -> Account:
        """Return the account with the level of a later period compared with that of the last year.

        Args:
            later: weekly counts from after the series, as `tocsin rhetoric series` writes them.

        Raises:
            InputError: if the table cannot be read or is not as described.
        """
        level = compare_level(self.fit, weekly_counts(later, TALLY), seed=self.fit.seed)
        return replace(self, later=level)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; docs/rhetoric.md describes its keys."""
        return self.summary.to_dict()

    def frame(self, table: TableName = "shares") -> pl.DataFrame:
        """Return a table of the account as a Polars frame."""
        return self.summary.frame(table)

    def __str__(self) -> str:
        return str(self.summary)

    def _repr_html_(self) -> str:
        from tocsin.tables import html_table

        span = f"{self.summary.first} to {self.summary.last}"
        title = f"Shares of {self.summary.items:,} critical items about {self.target}, {span}, with 90 % intervals"
        return html_table(title, self.frame())


def account(
    events: Table,
    *,
    target: str = "JPN",
    themes: Collection[str] = (),
    counts: Table | None = None,
    anniversaries: Table | None = None,
    confirmed: bool = False,
    seed: int = 1,
) -> Account:
    """Account for the critical items about a target.

    The first fit takes about a minute; its posterior is then cached.

    Args:
        events: columns date, actor and category; see `triggers.triggers`. All tables are frames or paths of CSV or Parquet files.
        target: ISO code or name of a state; see `targets.target_code`.
        themes: the only themes to count; empty for all.
        counts: weekly counts, as `tocsin rhetoric series` writes them; None for those that come with the program.
        anniversaries: columns month_day and occasion; None for North Korea's.
        confirmed: use only events whose date is confirmed.
        seed: seed of the chains.

    Raises:
        InputError: if the target is unknown, a table cannot be read or is not as described, no event can be used, or the series is too
            short.
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """
    target = target_code(target)
    weekly = stored_counts(target) if counts is None else weekly_counts(counts, TALLY)
    if weekly["days"].max() == 1 and weekly["from"].diff().dt.total_days().max() == 1:
        raise InputError(
            message("the counts are daily"),
            remedy=message("make weekly counts with `tocsin rhetoric series --every week`"),
        )
    occasions = stored_anniversaries() if anniversaries is None else read_table(anniversaries)
    name = None if isinstance(events, pl.DataFrame) else str(events)
    selected = usable_triggers(read_table(events), target, confirmed=confirmed, file=name)
    series = by_theme(weekly, themes)
    selected.require_within(series.weeks, name)
    posterior, seconds = cached_or_new_fit(design(series, occasions, selected.used, CHANGES), seed)
    return Account(target, tuple(themes), posterior, weekly_parts(posterior), selected, None, seconds)


def _summary(account: Account) -> Summary:
    design, weekly = account.design, account.weekly
    total, all_weeks = design.counts.sum(axis=1), np.ones(design.weeks.size, dtype=bool)
    explained = variation(weekly, total, all_weeks)
    factors = occasion_factors(account.fit).T
    return Summary(
        target=account.target,
        themes=account.themes,
        first=str(design.weeks[0]),
        last=str(design.weeks[-1]),
        weeks=int(design.weeks.size),
        items=int(total.sum()),
        seed=account.fit.seed,
        draws=weekly.baseline.shape[0],
        seconds=round(account.seconds, 1),
        mixing=account.fit.mixing,
        shares=_parts(account, shares(weekly, total, all_weeks)),
        variation=tuple(Part(name, Interval.of(draws)) for name, draws in explained.items()),
        by_theme=tuple(_theme(account, index) for index in range(len(design.groups))),
        by_year=tuple(_year(account, index) for index in range(len(design.years)) if (design.year == index).any()),
        effects=_effects(account),
        dose=_doses(account),
        contrasts=_contrasts(account),
        later=account.later,
        occasions=tuple(Occasion(*row) for row in zip(design.occasions, map(Factor.of, factors), strict=True)),
        unusual=_unusual(account, total),
        left_out=account.triggers.left_out,
    )


def _parts(account: Account, shares: Shares) -> tuple[Part, ...]:
    draws = {
        "ritual": shares.ritual,
        "baseline": shares.baseline,
        "calendar": shares.calendar,
        "response": shares.response.sum(axis=-1),
        **{f"response.{name}": shares.response[:, index] for index, name in enumerate(account.design.classes)},
        "unexplained": shares.unexplained,
    }
    return tuple(Part(name, Interval.of(share)) for name, share in draws.items())


def _theme(account: Account, index: int) -> ThemeShares:
    of_theme = shares_of(account.weekly, account.design.counts, index)
    return ThemeShares(account.design.groups[index], of_theme.items, _parts(account, of_theme))


def _year(account: Account, index: int) -> YearShares:
    span = account.design.year == index
    total = account.design.counts.sum(axis=1)
    items = int(total[span].sum())
    parts = _parts(account, shares(account.weekly, total, span)) if items else ()
    return YearShares(account.design.years[index], int(span.sum()), items, parts)


def _effects(account: Account) -> tuple[Effect, ...]:
    design, factors = account.design, trigger_factors(account.fit)
    says = {group.name: group.says for group in classes()}
    return tuple(
        Effect(name, says[name], window, weeks, int(design.triggers[:, g, w].sum()), Factor.of(factors[:, g, w]))
        for g, name in enumerate(design.classes)
        for w, (window, weeks) in enumerate(WINDOWS.items())
    )


def _doses(account: Account) -> tuple[Dose, ...]:
    factors = dose_factors(account.fit).T
    names = (account.design.classes[index] for index in account.design.dosed)
    return tuple(Dose(*row) for row in zip(names, map(Factor.of, factors), strict=True))


def _contrasts(account: Account) -> tuple[Contrast, ...]:
    """Return the ratio of factors in weeks 0 and 1 for every pair of classes."""
    factors, names = trigger_factors(account.fit)[:, :, WINDOW_AT], account.design.classes
    return tuple(
        Contrast(one, other, Factor.of(factors[:, a] / factors[:, b]))
        for a, one in enumerate(names)
        for b, other in enumerate(names)
        if a != b
    )


def _unusual(account: Account, total: np.ndarray) -> tuple[UnusualWeek, ...]:
    """Return the weeks with the least probable numbers of items, given level, calendar and the weeks before."""
    probability = tail_probability(account.fit, account.weekly, triggers=False)
    given_triggers = tail_probability(account.fit, account.weekly, triggers=True)
    return tuple(
        UnusualWeek(
            week=str(account.design.weeks[week]),
            items=int(total[week]),
            expected=round(float(account.weekly.expected[:, week].mean()), 2),
            probability=float(f"{probability[week]:.3g}"),
            given_triggers=float(f"{given_triggers[week]:.3g}"),
        )
        for week in np.argsort(probability, kind="stable")[:MAX_UNUSUAL]
    )
