"""Count weeks by the highest rung of the words about a state, by costly acts, and by whether a step of that state preceded them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.data.shipped import shipped_cases
from tocsin.evidence.words.game import ACTS, HEIGHTS
from tocsin.rhetoric.acts import act_days
from tocsin.rhetoric.counting import count_headlines
from tocsin.rhetoric.inputs import english
from tocsin.rhetoric.series import CRITICAL
from tocsin.rhetoric.triggers import WINDOWS, Trigger, triggers

RUNGS: Mapping[str, str] = {
    "commentary": "commentary",
    "newspaper": "statement",
    "ministry": "statement",
    "leader": "leader",
}
"""Rung of the series -> rung of the game. Foreign voices that the agency quotes have none."""
CASE, TARGET = "japan-buildup", "JPN"
"""The founding case, whose file of events has the steps, and the state that takes them."""
THEMES = ("military_buildup", "constitution_law")
"""Themes of the words that answer steps in arming, law or alliance."""
STEPS = ("capability", "law", "alliance")
"""Classes of triggers that count as steps."""


@dataclass(frozen=True)
class Weeks:
    """Numbers of weeks, (rungs, acts) each, in the order of `HEIGHTS` and `ACTS`.

    Attributes:
        ordinary: weeks without a step.
        stepped: weeks in which a step was taken, or in the week before.
    """

    ordinary: np.ndarray
    stepped: np.ndarray

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return a row for each rung and act that may occur."""
        return [
            {"words": rung, "act": act, "ordinary weeks": int(ordinary), "weeks of a step": int(stepped)}
            for rung, of_rung in zip(HEIGHTS, zip(self.ordinary, self.stepped, strict=True), strict=True)
            for act, ordinary, stepped in zip(("no", "yes"), *of_rung, strict=True)
        ]


def from_sources(headlines: pl.DataFrame, missile_tests: pl.DataFrame, provocations: pl.DataFrame) -> Weeks:
    """Return the weeks of words about Japan, with the steps of the founding case.

    Args:
        headlines, missile_tests, provocations: the sources `kcna_headlines`, `missile_tests` and `provocations`.
    """
    events = pl.read_csv(shipped_cases()[CASE] / "rhetoric" / "events.csv", infer_schema=False)
    counts = count_headlines(english(headlines), TARGET).counts
    return count_weeks(counts, triggers(events, TARGET).used, act_days(missile_tests, provocations))


def count_weeks(counts: pl.DataFrame, steps: Iterable[Trigger], acts: Iterable[dt.date]) -> Weeks:
    """Count the weeks in which the outlet wrote anything; see `coded_weeks` for the arguments."""
    table = np.zeros((2, len(HEIGHTS), len(ACTS)), dtype=np.int64)
    for _, stepped, rung, acted in coded_weeks(counts, steps, acts).iter_rows():
        table[int(stepped), rung, int(acted)] += 1
    return Weeks(table[0], table[1])


def coded_weeks(counts: pl.DataFrame, steps: Iterable[Trigger], acts: Iterable[dt.date]) -> pl.DataFrame:
    """Return the weeks in which the outlet wrote anything: columns week, stepped, rung (index in `HEIGHTS`) and acted.

    A week's rung is the highest of any critical item about arms or law; without such an item it is silence.

    Args:
        counts: weekly counts of items about the state, as `series.tally` returns them.
        steps: dated events about the state; those of the classes `STEPS` count, in their week and the next.
        acts: days of costly acts.
    """
    order, (first, last) = list(HEIGHTS), WINDOWS["at"]
    ranks = {name: order.index(rung) for name, rung in RUNGS.items()}
    spoken = counts.filter(pl.col("tone").is_in(CRITICAL) & pl.col("theme").is_in(THEMES)).with_columns(
        rank=pl.col("rung").replace_strict(ranks, default=0, return_dtype=pl.Int64)
    )
    stepped = {
        _monday(step.date) + dt.timedelta(weeks=lag)
        for step in steps
        if step.group in STEPS
        for lag in range(first, last + 1)
    }
    acted = {_monday(day) for day in acts}
    return (
        counts.select(pl.col("from").unique().sort())
        .join(spoken.group_by("from").agg(pl.col("rank").max()), on="from", how="left")
        .select(
            week="from",
            stepped=pl.col("from").is_in(sorted(stepped)),
            rung=pl.col("rank").fill_null(0),
            acted=pl.col("from").is_in(sorted(acted)),
        )
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
