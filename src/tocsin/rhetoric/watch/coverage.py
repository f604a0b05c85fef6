"""Tell which weeks are covered well enough to be judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median

import numpy as np
import polars as pl

MIN_DAYS = 5
"""Days with output that a week needs."""
MIN_SHARE = 1 / 3
"""Smallest output of a week, as a share of the median of the covered weeks in the year before."""
MIN_WEEKS = 8
"""Covered weeks in the year before from which a week's output is compared with theirs."""
LARGE = 0.9
"""Quantile of the outputs of the year before that stands for the output of a week that is not over."""
YEAR = dt.timedelta(weeks=52)


@dataclass(frozen=True)
class Gap:
    """A week that is not judged.

    Attributes:
        week: its Monday; kind: `open`, `empty`, `days` or `output`; reason: why, with the remedy.
    """

    week: dt.date
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"the week of {self.week} is not judged: {self.reason}"


def gaps(counts: pl.DataFrame, today: dt.date) -> dict[dt.date, Gap]:
    """Return the weeks of a series that cannot be judged. The verdict on a week does not depend on later weeks.

    Args:
        counts: weekly counts, as `series.tally` returns them.
        today: the week that includes this day is not over.
    """
    known = {week: (days, output) for week, days, output in counts.select("from", "days", "output").iter_rows()}
    gap_by_week: dict[dt.date, Gap] = {}
    covered: dict[dt.date, int] = {}
    for week in _mondays(min(known, default=today), today):
        days, output = known.get(week, (0, 0))
        earlier = [number for monday, number in covered.items() if monday >= week - YEAR]
        usual = median(earlier) if len(earlier) >= MIN_WEEKS else 0
        if gap := _gap(week, days, output, usual, today):
            gap_by_week[week] = gap
        else:
            covered[week] = output
    return gap_by_week


def whole_output(counts: pl.DataFrame, week: dt.date) -> float | None:
    """Return a large output of a whole week, by the year before a week; None if fewer than `MIN_WEEKS` weeks of it are known.

    A week that is not over is compared with this output, so that its statements ring early only if they would ring at its end.

    Args:
        counts: weekly counts of covered weeks; week: a Monday.
    """
    earlier = counts.filter((pl.col("from") < week) & (pl.col("from") >= week - YEAR)).unique("from")["output"]
    return float(np.quantile(earlier.to_numpy(), LARGE)) if earlier.len() >= MIN_WEEKS else None


def _mondays(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(weeks=index) for index in range((last - first).days // 7 + 1)]


def _gap(week: dt.date, days: int, output: int, usual: float, today: dt.date) -> Gap | None:
    end = week + dt.timedelta(weeks=1)
    if today < end:
        return Gap(
            week, "open", f"it is not over; until {end} it rings only if it already holds more than whole weeks do"
        )
    if not output:
        return Gap(week, "empty", "no statement of it is known; add its statements")
    if days < MIN_DAYS:
        return Gap(
            week, "days", f"statements of only {days} of its days are known; add those of at least {MIN_DAYS} days"
        )
    if output < MIN_SHARE * usual:
        return Gap(week, "output", f"only {output} statements are known, where {usual:.0f} are usual; add the others")
    return None
