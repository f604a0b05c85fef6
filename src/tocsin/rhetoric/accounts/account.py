"""An account of what state media said of a target: fitted, or taken from the cache, and told as a plain value."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.accounts.cache import keep, kept
from tocsin.rhetoric.accounts.design import Design, design
from tocsin.rhetoric.accounts.fit import Fit, fit
from tocsin.rhetoric.accounts.later import Shift
from tocsin.rhetoric.accounts.shares import (
    Shares,
    Weekly,
    dose_ratios,
    occasion_ratios,
    ratios,
    shares,
    shares_of,
    unusual,
    variation,
    weekly,
)
from tocsin.rhetoric.series import by_theme
from tocsin.rhetoric.triggers import WINDOWS, Triggers, classes, triggers

FORMAT = "tocsin-account/1"
CLEAR = 0.95
"""An effect is called clear where it lies on one side of none with this probability: a placebo does so by chance in one of ten."""
BREAKS = (
    ("2003-01", "2008-12", "about these years no item is dated on a Sunday"),
    ("2011-01", "2011-12", "the English output doubles"),
    ("2014-09-25", None, "the daily series ends"),
)
"""Known breaks of coverage of the headlines of the Korean Central News Agency."""
CHANGES = (2011,)
"""Years in which they change the level."""
MAX_UNUSUAL = 10
WINDOW_AT = list(WINDOWS).index("at")


@dataclass(frozen=True)
class Account:
    """A fitted account and what it was made of.

    Attributes:
        target: ISO code; themes: asked for, none for all.
        fit: the posterior; weekly: items a week by part; triggers: events used and left out.
        seconds: that the fit took; 0 where it came from the cache.
    """

    target: str
    themes: tuple[str, ...]
    fit: Fit
    weekly: Weekly
    triggers: Triggers
    seconds: float

    @property
    def design(self) -> Design:
        """The series and its columns."""
        return self.fit.design


def account(
    counts: pl.DataFrame,
    events: pl.DataFrame,
    anniversaries: pl.DataFrame,
    *,
    target: str,
    themes: Collection[str] = (),
    certain: bool = False,
    seed: int = 1,
) -> Account:
    """An account of the critical items about a target.

    Args:
        counts: weekly, of `series.tally`.
        events: see `triggers.triggers`; anniversaries: see `triggers.columns`.
        target: ISO code; themes: only these, none for all; certain: only events whose date is confirmed; seed: of the fit.

    Raises:
        InputError: if there is too little to account for, or a table is not as it should be.
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    if counts["days"].max() == 1 and counts["from"].diff().dt.total_days().max() == 1:
        raise InputError("these counts are by day", remedy="make them by week: `tocsin rhetoric series --every week`")
    found = triggers(events, target, certain=certain)
    made = design(by_theme(counts, themes), anniversaries, found.used, CHANGES)
    begun = time.perf_counter()
    fitted, seconds = kept(made, seed), 0.0
    if fitted is None:
        fitted = fit(made, seed=seed)
        keep(fitted)
        seconds = time.perf_counter() - begun
    return Account(target, tuple(themes), fitted, weekly(fitted), found, seconds)


def told(account: Account, later: Shift | None = None) -> dict[str, Any]:
    """An account as a plain value, ready for JSON; see docs/rhetoric.md for its fields.

    Args:
        account: the account; later: whether it reaches a later time, where that was asked.
    """
    made, found = account.design, account.weekly
    total, all_ = made.counts.sum(axis=1), np.ones(made.weeks.size, dtype=bool)
    return {
        "format": FORMAT,
        "target": account.target,
        "themes": list(account.themes),
        "tones": [-2, -1],
        "span": {"first": str(made.weeks[0]), "last": str(made.weeks[-1]), "weeks": int(made.weeks.size)},
        "items": int(total.sum()),
        "run": {"seed": account.fit.seed, "draws": found.baseline.shape[0], "seconds": round(account.seconds, 1)},
        "diagnostics": account.fit.mixing.to_dict(),
        "shares": _shares(account, shares(found, total, all_)),
        "variation": [{"part": name, **_band(part)} for name, part in variation(found, total, all_).items()],
        "by_theme": [_theme(account, at) for at in range(len(made.groups))],
        "by_year": [_year(account, at) for at in range(len(made.years)) if (made.year == at).any()],
        "effects": _effects(account),
        "dose": _doses(account),
        "contrasts": _contrasts(account),
        "later": None if later is None else _later(later),
        "occasions": [
            {"occasion": name, **_ratio(ratio)}
            for name, ratio in zip(made.occasions, occasion_ratios(account.fit).T, strict=True)
        ],
        "unusual": _unusual(account, total),
        "left_out": dict(account.triggers.left_out),
        "breaks": [{"from": first, "to": last, "what": what} for first, last, what in BREAKS],
    }


def _band(draws: np.ndarray) -> dict[str, float]:
    """5, 50 and 95 % points."""
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return {"p05": round(float(low), 4), "p50": round(float(middle), 4), "p95": round(float(high), 4)}


def _ratio(draws: np.ndarray) -> dict[str, Any]:
    above = float((draws > 1).mean())
    return {**_band(draws), "above_one": round(above, 4), "clear": max(above, 1 - above) > CLEAR}


def _shares(account: Account, owed: Shares) -> list[dict[str, Any]]:
    parts = {
        "ritual": owed.ritual,
        "baseline": owed.baseline,
        "calendar": owed.calendar,
        "response": owed.response.sum(axis=-1),
        **{f"response.{name}": owed.response[:, at] for at, name in enumerate(account.design.classes)},
        "unexplained": owed.unexplained,
    }
    return [{"part": name, **_band(part)} for name, part in parts.items()]


def _theme(account: Account, at: int) -> dict[str, Any]:
    made = account.design
    owed = shares_of(account.weekly, made.counts, at)
    return {"theme": made.groups[at], "items": owed.items, "shares": _shares(account, owed)}


def _year(account: Account, at: int) -> dict[str, Any]:
    made = account.design
    span = made.year == at
    total = made.counts.sum(axis=1)
    entry: dict[str, Any] = {"year": made.years[at], "weeks": int(span.sum()), "items": int(total[span].sum())}
    known = entry["items"] > 0
    return {**entry, "shares": _shares(account, shares(account.weekly, total, span)) if known else []}


def _effects(account: Account) -> list[dict[str, Any]]:
    made, found = account.design, ratios(account.fit)
    says = {group.name: group.says for group in classes()}
    return [
        {
            "class": name,
            "says": says[name],
            "window": window,
            "weeks": list(WINDOWS[window]),
            "touched": int(made.triggers[:, at, place].sum()),
            **_ratio(found[:, at, place]),
        }
        for at, name in enumerate(made.classes)
        for place, window in enumerate(WINDOWS)
    ]


def _doses(account: Account) -> list[dict[str, Any]]:
    found = dose_ratios(account.fit)
    return [
        {"class": account.design.classes[at], "per": "standard deviation of the step", **_ratio(found[:, place])}
        for place, at in enumerate(account.design.dosed)
    ]


def _contrasts(account: Account) -> list[dict[str, Any]]:
    """By how much more a class of events multiplies items in weeks 0 and 1 than another does, for every pair."""
    found, names = ratios(account.fit)[:, :, WINDOW_AT], account.design.classes
    return [
        {"class": one, "against": other, **_ratio(found[:, a] / found[:, b])}
        for a, one in enumerate(names)
        for b, other in enumerate(names)
        if a != b
    ]


def _later(later: Shift) -> dict[str, Any]:
    plain = {name: getattr(later, name) for name in ("first", "last", "output", "items")}
    chances = {name: round(getattr(later, name), 4) for name in ("below", "above")}
    return {**plain, "foreseen": round(later.foreseen, 1), "ratio": _ratio(later.ratio), **chances}


def _unusual(account: Account, total: np.ndarray) -> list[dict[str, Any]]:
    """The weeks hardest to foresee from calendar, level and the weeks before, the hardest first."""
    chance = unusual(account.fit, account.weekly, triggers=False)
    given = unusual(account.fit, account.weekly, triggers=True)
    return [
        {
            "week": str(account.design.weeks[at]),
            "items": int(total[at]),
            "expected": round(float(account.weekly.expected[:, at].mean()), 2),
            "probability": float(f"{chance[at]:.3g}"),
            "given_triggers": float(f"{given[at]:.3g}"),
        }
        for at in np.argsort(chance, kind="stable")[:MAX_UNUSUAL]
    ]
