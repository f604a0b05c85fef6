"""Series with known ritual and response, drawn week by week from the account's own model by plain Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.rhetoric.accounts.design import Design, design
from tocsin.rhetoric.accounts.model import LONG, PRIOR_ITEMS, SHORT
from tocsin.rhetoric.series import by_theme
from tocsin.rhetoric.triggers import triggers

FIRST = dt.date(2001, 1, 1)
EFFECTS = np.array([0.15, 0.6, 0.2])
THEMES = ("history", "military_buildup")


@dataclass(frozen=True)
class Simulated:
    """A series, its tables, and the share of its items that answered its events."""

    counts: pl.DataFrame
    events: pl.DataFrame
    anniversaries: pl.DataFrame
    design: Design
    response: float
    ritual: float


def simulated(
    seed: int,
    *,
    weeks: int = 208,
    events: int = 10,
    effects: np.ndarray = EFFECTS,
    occasion: float = 0.5,
    carry: tuple[float, float, float] = (0.2, 0.1, 0.1),
    placebo: int | None = None,
) -> Simulated:
    """A series of two themes with laws as triggers and one anniversary.

    Args:
        seed: of all that is drawn; the first weeks do not depend on `weeks`.
        placebo: seed of the dates that are given as those of the events instead of the true ones.
    """
    random = np.random.default_rng(seed)
    days = [FIRST + dt.timedelta(days=int(each)) for each in np.sort(random.integers(30, 7 * 200, events))]
    anniversaries = pl.DataFrame({"month_day": ["08-15"], "occasion": ["day of it"]})
    output = random.integers(80, 120, size=weeks)
    blank = _counts(np.ones((weeks, len(THEMES)), dtype=int), output)
    table = _events(days)
    made = design(by_theme(blank), anniversaries, triggers(table, "JPN").used)
    level = np.log([0.06, 0.03]) + random.normal(0, 0.15, (weeks // 52 + 2, 2)).cumsum(axis=0)[made.year]
    calendar = occasion * made.calendar
    response = (made.triggers[:, 0] @ effects)[:, None]
    steady = np.exp(made.offset[:, None] + level + calendar + response)
    counts = np.zeros((weeks, 2))
    carried = np.zeros((weeks, 2))
    for week in range(weeks):
        carried[week] = _carry(counts[:week], steady[:week], carry)
        mean = steady[week] * np.exp(carried[week])
        counts[week] = random.poisson(mean * random.gamma(4.0, 1 / 4.0, size=2))
    whole = counts.sum()
    quiet = np.exp(made.offset[:, None] + level + calendar + carried)
    plain = np.exp(made.offset[:, None] + level)
    shifted = quiet.sum(axis=0) / (plain * np.exp(calendar)).sum(axis=0)
    if placebo is not None:
        drawn = np.random.default_rng(placebo).integers(30, 7 * 200, events)
        table = _events([FIRST + dt.timedelta(days=int(each)) for each in drawn])
    seen = _counts(counts.astype(int), output)
    return Simulated(
        seen,
        table,
        anniversaries,
        design(by_theme(seen), anniversaries, triggers(table, "JPN").used),
        float((quiet * np.expm1(response)).sum() / whole),
        float((plain * shifted * np.exp(calendar)).sum() / whole),
    )


def _carry(counts: np.ndarray, steady: np.ndarray, carry: tuple[float, float, float]) -> np.ndarray:
    def ratio(items: np.ndarray, foreseen: np.ndarray, weeks: int) -> np.ndarray:
        return np.log((items[-weeks:].sum(axis=0) + PRIOR_ITEMS) / (foreseen[-weeks:].sum(axis=0) + PRIOR_ITEMS))

    total, foreseen = counts.sum(axis=1), steady.sum(axis=1)
    return (
        carry[0] * ratio(total, foreseen, SHORT)
        + carry[1] * ratio(total, foreseen, LONG)
        + carry[2] * ratio(counts, steady, LONG)
    )


def _events(days: list[dt.date]) -> pl.DataFrame:
    return pl.DataFrame({"date": [str(day) for day in days], "actor": "JPN", "category": "law"})


def _counts(counts: np.ndarray, output: np.ndarray) -> pl.DataFrame:
    rows = [
        {"from": FIRST + dt.timedelta(days=7 * week), "days": 7, "output": int(output[week]), "theme": theme}
        | {"rung": "commentary", "tone": -1, "items": int(counts[week, at])}
        for week in range(counts.shape[0])
        for at, theme in enumerate(THEMES)
    ]
    return pl.DataFrame(rows)
