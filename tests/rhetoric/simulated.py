"""Simulate series with known ritual and response, week by week from the account's model, in plain Python."""

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
ANNIVERSARIES = pl.DataFrame({"month_day": ["08-15"], "occasion": ["day of it"]})
THEMES = ("history", "military_buildup")
Carry = tuple[float, float, float]


@dataclass(frozen=True)
class Simulated:
    """A simulated series, its tables, and the true shares of response and ritual in its items."""

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
    carry: Carry = (0.2, 0.1, 0.1),
    placebo: int | None = None,
) -> Simulated:
    """Simulate a series of two themes with laws as triggers and one anniversary.

    Args:
        seed: of all draws; the first weeks do not depend on `weeks`.
        placebo: seed of random dates that replace those of the events after the simulation.
    """
    random = np.random.default_rng(seed)
    dates = _dates(random, events, in_order=True)
    output = random.integers(80, 120, size=weeks)
    blank = _counts(np.ones((weeks, len(THEMES)), dtype=int), output)
    true = design(by_theme(blank), ANNIVERSARIES, triggers(_events(dates), "JPN").used)
    level = np.log([0.06, 0.03]) + random.normal(0, 0.15, (weeks // 52 + 2, 2)).cumsum(axis=0)[true.year]
    calendar = occasion * true.calendar
    response = (true.triggers[:, 0] @ effects)[:, None]
    baseline = np.exp(true.offset[:, None] + level)
    counts, carried = _items(random, np.exp(true.offset[:, None] + level + calendar + response), carry)
    quiet = np.exp(true.offset[:, None] + level + calendar + carried)  # without the response
    # the mean of persistence belongs to the level, and so to ritual
    mean_carry = quiet.sum(axis=0) / (baseline * np.exp(calendar)).sum(axis=0)
    if placebo is not None:
        dates = _dates(np.random.default_rng(placebo), events, in_order=False)
    table, observed = _events(dates), _counts(counts.astype(int), output)
    return Simulated(
        observed,
        table,
        ANNIVERSARIES,
        design(by_theme(observed), ANNIVERSARIES, triggers(table, "JPN").used),
        float((quiet * np.expm1(response)).sum() / counts.sum()),
        float((baseline * mean_carry * np.exp(calendar)).sum() / counts.sum()),
    )


def _dates(random: np.random.Generator, events: int, *, in_order: bool) -> list[dt.date]:
    days = random.integers(30, 7 * 200, events)
    return [FIRST + dt.timedelta(days=int(day)) for day in (np.sort(days) if in_order else days)]


def _items(random: np.random.Generator, steady: np.ndarray, carry: Carry) -> tuple[np.ndarray, np.ndarray]:
    """Draw the items week by week; return them and persistence, each (weeks, themes)."""
    counts, carried = np.zeros(steady.shape), np.zeros(steady.shape)
    for week in range(len(steady)):
        carried[week] = _carry(counts[:week], steady[:week], carry)
        mean = steady[week] * np.exp(carried[week])
        counts[week] = random.poisson(mean * random.gamma(4.0, 1 / 4.0, size=2))
    return counts, carried


def _carry(counts: np.ndarray, steady: np.ndarray, carry: Carry) -> np.ndarray:
    def log_ratio(items: np.ndarray, expected: np.ndarray, weeks: int) -> np.ndarray:
        return np.log((items[-weeks:].sum(axis=0) + PRIOR_ITEMS) / (expected[-weeks:].sum(axis=0) + PRIOR_ITEMS))

    total, expected = counts.sum(axis=1), steady.sum(axis=1)
    return (
        carry[0] * log_ratio(total, expected, SHORT)
        + carry[1] * log_ratio(total, expected, LONG)
        + carry[2] * log_ratio(counts, steady, LONG)
    )


def _events(dates: list[dt.date]) -> pl.DataFrame:
    return pl.DataFrame({"date": [str(date) for date in dates], "actor": "JPN", "category": "law"})


def _counts(counts: np.ndarray, output: np.ndarray) -> pl.DataFrame:
    rows = [
        {"from": FIRST + dt.timedelta(days=7 * week), "days": 7, "output": int(output[week]), "theme": theme}
        | {"rung": "commentary", "tone": -1, "items": int(counts[week, column])}
        for week in range(counts.shape[0])
        for column, theme in enumerate(THEMES)
    ]
    return pl.DataFrame(rows)
