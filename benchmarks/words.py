"""Check the fit of words to weeks: python -m benchmarks.words

The first table shows what ratio of a newspaper's or ministry's bare statement the procedure finds in simulated weeks, by the true
ratio and by how often steps alarm. The second shows the estimate with other acts, steps, habits and priors. Both use weighted draws
from the prior in place of chains.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.data.readers import read
from tocsin.data.shipped import shipped_cases
from tocsin.evidence.words.estimate import STRONG
from tocsin.evidence.words.game import ACTS, HEIGHTS
from tocsin.evidence.words.posterior import TINY
from tocsin.evidence.words.prior import PriorDraws, prior_draws, weighted_quantiles
from tocsin.evidence.words.weeks import CASE, TARGET, Weeks, coded_weeks, count_weeks
from tocsin.rhetoric.acts import act_days
from tocsin.rhetoric.series import stored_counts
from tocsin.rhetoric.triggers import Trigger, triggers
from tocsin.tables import text_table

STATEMENT = "statement"
TRUTHS, ALARMS = (1.0, 2.0, 3.0, 5.0), (0.05, 0.2, 0.5)
NEAR = 0.1
"""Largest distance of a simulated world from the true logarithm of the ratio, and from the share of steps that alarm; from a small
share at most half of it."""
DRAWS, WORLDS = 300_000, 100
QUANTILES = (0.05, 0.5, 0.95)
LATER = 4
"""Weeks after a week in which an act may still follow its words."""


@dataclass(frozen=True)
class Power:
    """What the procedure finds in simulated weeks.

    Attributes:
        truth, alarm: true ratio, and share of steps that alarm.
        worlds: number of simulated series.
        low, middle, high: means over series of the logarithms of the 5th, 50th and 95th percentiles, as ratios.
        covered: share of series whose 90 % interval holds the true ratio.
        strong: mean probability of a ratio above `STRONG`.
        excluded: share of series whose 90 % interval ends below `STRONG`.
        effective: median number of effective draws.
    """

    truth: float
    alarm: float
    worlds: int
    low: float
    middle: float
    high: float
    covered: float
    strong: float
    excluded: float
    effective: float


def power(before: PriorDraws, stepped: int, truth: float, alarm: float, *, seed: int) -> Power:
    """Simulate weeks of steps in worlds near a true ratio and share of alarm, and estimate the ratio from each.

    Args:
        before: draws from the prior; they are the worlds as well.
        stepped: number of weeks of steps.
        truth, alarm: true ratio, and share of steps that alarm.
        seed: of the choice of worlds and of their weeks.
    """
    rng = np.random.default_rng(seed)
    ratios, cells = before.ratio(STATEMENT), np.asarray(before.parts.stepped)
    near = (np.abs(np.log(np.maximum(ratios, TINY)) - math.log(truth)) < NEAR) & (
        np.abs(before.alarm - alarm) < min(NEAR, alarm / 2)
    )
    worlds = rng.choice(np.flatnonzero(near), size=WORLDS)
    found, strong, effective = [], [], []
    for world in worlds:
        weights = before.weights(rng.multinomial(stepped, cells[world] / cells[world].sum()))
        found.append(weighted_quantiles(ratios, weights, QUANTILES))
        strong.append(weights[ratios > STRONG].sum())
        effective.append(1.0 / (weights**2).sum())
    low, _, high = np.array(found).T
    covered = (low <= ratios[worlds]) & (ratios[worlds] <= high)
    means = np.exp(np.log(np.array(found)).mean(axis=0))
    return Power(
        truth=truth,
        alarm=alarm,
        worlds=WORLDS,
        low=float(means[0]),
        middle=float(means[1]),
        high=float(means[2]),
        covered=float(covered.mean()),
        strong=float(np.mean(strong)),
        excluded=float((high < STRONG).mean()),
        effective=float(np.median(effective)),
    )


def variants() -> Iterator[tuple[str, Weeks, float]]:
    """Yield the name of each variant with its weeks and the factor on the spread of the priors."""
    counts = stored_counts(TARGET)
    events = triggers(pl.read_csv(shipped_cases()[CASE] / "rhetoric" / "events.csv", infer_schema=False), TARGET).used
    acts = act_days(read("missile_tests"), read("provocations"))
    missiles = act_days(read("missile_tests"), read("provocations").filter(pl.col("type") == "Nuclear Provocation"))
    earlier = {day - dt.timedelta(weeks=lag) for day in acts for lag in range(LATER + 1)}
    main = count_weeks(counts, events, acts)
    yield "as stored", main, 1.0
    yield "priors a third wider", main, 4 / 3
    yield "acts: long-range missiles and nuclear tests only", count_weeks(counts, events, missiles), 1.0
    yield f"acts: in the week or the {LATER} after it", count_weeks(counts, events, earlier), 1.0
    for group in ("capability", "law"):
        yield f"steps: {group} only", _only(counts, events, acts, group), 1.0
    yield "habit of the same year", _same_year(coded_weeks(counts, events, acts)), 1.0


def _only(counts: pl.DataFrame, events: tuple[Trigger, ...], acts: set[dt.date], group: str) -> Weeks:
    """Return the weeks of steps of one class, and the weeks without any step."""
    every = count_weeks(counts, events, acts)
    one = count_weeks(counts, [event for event in events if event.group == group], acts)
    return Weeks(every.ordinary, one.stepped)


def _same_year(weeks: pl.DataFrame) -> Weeks:
    """Return the weeks with the ordinary ones weighted so that each year has the share that it has of the weeks of steps."""
    years = weeks.with_columns(year=pl.col("week").dt.year())
    steps = years.filter("stepped").group_by("year").agg(pl.len().alias("steps"))
    share = (
        years.filter(~pl.col("stepped"))
        .join(steps, on="year", how="left")
        .with_columns(weight=pl.col("steps").fill_null(0) / pl.len().over("year"))
    )
    table = np.zeros((2, len(HEIGHTS), len(ACTS)))
    for stepped, rung, acted in years.select("stepped", "rung", "acted").filter("stepped").iter_rows():
        table[int(stepped), rung, int(acted)] += 1
    for rung, acted, weight in share.select("rung", "acted", "weight").iter_rows():
        table[0, rung, int(acted)] += weight
    return Weeks(table[0] * share.height / table[0].sum(), table[1])


def main() -> None:
    """Print both tables."""
    cases = list(variants())
    weeks = cases[0][1]
    before = prior_draws(weeks.ordinary, DRAWS, seed=1)
    found = [power(before, int(weeks.stepped.sum()), truth, alarm, seed=1) for alarm in ALARMS for truth in TRUTHS]
    rows = [
        (f"{row.alarm:.0%}", f"{row.truth:g}", f"{row.middle:.2f} ({row.low:.2f} to {row.high:.2f})",
         f"{row.covered:.0%}", f"{row.strong:.1%}", f"{row.excluded:.0%}", f"{row.effective:.0f}")
        for row in found
    ]  # fmt: skip
    heads = ("steps that alarm", "true ratio", "estimate", "covered", "above 3", "3 excluded", "effective draws")
    print(text_table(heads, rows))
    lines = []
    for name, some, spread in cases:
        before = prior_draws(some.ordinary, DRAWS // 4, seed=1, spread=spread)
        weights, ratios = before.weights(some.stepped), before.ratio(STATEMENT)
        low, middle, high = weighted_quantiles(ratios, weights, QUANTILES)
        often = before.alarm > 0.2
        unless_rare = weights[often & (ratios > STRONG)].sum() / weights[often].sum()
        lines.append((name, f"{middle:.2f} ({low:.2f} to {high:.2f})", f"{weights[ratios > STRONG].sum():.1%}",
                     f"{unless_rare:.2%}", f"{1 / (weights**2).sum():.0f}"))  # fmt: skip
    print(text_table(("variant", "ratio of a statement", "above 3", "unless rare", "effective draws"), lines))


if __name__ == "__main__":
    main()
