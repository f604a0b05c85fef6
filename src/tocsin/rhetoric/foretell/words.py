"""Turn weekly counts of words into columns that are known before the day of a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.rhetoric.accounts.design import yearly_waves
from tocsin.rhetoric.series import CRITICAL
from tocsin.rhetoric.triggers import occasion_share, stored_anniversaries

RUNGS = ("commentary", "newspaper", "ministry", "leader")
"""The state's own rungs. Foreign voices that the agency quotes are left out."""
RECENT = 4
"""Weeks before the forecast whose words count."""
YEAR = 52
"""Weeks that give the expectation."""
MIN_YEAR = 39
"""Weeks with output that an expectation needs."""
HOSTILE = -2
CALENDAR_SPREAD = 0.5
"""Standard deviation of the normal prior of an occasion's effect on the logarithm of the number of items."""


@dataclass(frozen=True)
class Words:
    """Words before each forecast.

    Attributes:
        days: (forecasts,) Mondays.
        columns: (forecasts, columns); NaN where words are missing.
        names: of the columns.
    """

    days: np.ndarray
    columns: np.ndarray
    names: tuple[str, ...]

    @property
    def known(self) -> np.ndarray:
        """Return which forecasts have words: all recent weeks have output, and enough weeks of the year before, (forecasts,)."""
        return np.isfinite(self.columns).all(axis=1)


def word_columns(counts: Mapping[str, pl.DataFrame]) -> Words:
    """Return the words of the weeks before each Monday of the series.

    Each target has the share of critical items in the output of the last four weeks by rung and for hostile items, as a square root,
    and the surplus of the last week and of the last four weeks over `expected_items`. A surplus is in standard deviations of a
    Poisson number.

    Args:
        counts: weekly counts by target, as `series.tally` returns them, all of the same outlet.
    """
    one = next(iter(counts.values()))
    mondays = one["from"].unique().sort().to_numpy().astype("datetime64[D]")
    weeks = np.arange(mondays[0], mondays[-1] + 7, 7)
    output = _weekly(one.unique("from"), weeks, "output")
    output = np.where(output > 0, output, np.nan)
    columns: dict[str, np.ndarray] = {}
    for target, table in counts.items():
        columns |= _of_target(target, table, weeks, output)
    return Words(weeks + 7, np.column_stack(list(columns.values())), tuple(columns))


def _of_target(target: str, table: pl.DataFrame, weeks: np.ndarray, output: np.ndarray) -> dict[str, np.ndarray]:
    critical = table.filter(pl.col("tone").is_in(CRITICAL) & pl.col("rung").is_in(RUNGS))
    recent = _trailing(output, RECENT)
    groups = {rung: critical.filter(pl.col("rung") == rung) for rung in RUNGS}
    groups["hostile"] = critical.filter(pl.col("tone") == HOSTILE)
    columns = {
        f"{target} {name}": np.sqrt(_trailing(_weekly(group, weeks, "items"), RECENT) / recent)
        for name, group in groups.items()
    }
    items = _weekly(critical, weeks, "items")
    items = np.where(np.isfinite(output), _weekly(critical, weeks, "items"), np.nan)
    expected = expected_items(weeks, items, output)
    for span, name in ((1, "the week"), (RECENT, "four weeks")):
        total = _trailing(expected, span)
        columns[f"{target} surplus of {name}"] = (_trailing(items, span) - total) / np.sqrt(total)
    return columns


def expected_items(weeks: np.ndarray, items: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Return the number of items that the year before and the calendar lead one to expect in each week, (weeks,).

    It is the week's output times the share of items in the output of the 52 weeks before, times a factor for season and
    anniversaries. The factor of a year is a Poisson regression on the weeks of earlier years; it is 1 if they are
    fewer than 52 or have no item.

    Args:
        weeks: (weeks,) Mondays without gaps.
        items, output: (weeks,) items, and all items of the outlet; NaN where the week is missing.
    """
    share = _share_of_year_before(items, output)
    level, years = output * share, weeks.astype("datetime64[Y]").astype(int)
    occasions = [occasion_share(weeks, 7, text) for text in stored_anniversaries()["month_day"]]
    calendar = np.column_stack([yearly_waves(weeks + 3), *occasions])
    expected = level.copy()
    for year in np.unique(years):
        past, now = np.isfinite(level) & (years < year), years == year
        if past.sum() >= YEAR and items[past].any():  # without an item there is no level to raise or lower
            expected[now] *= _calendar_factor(calendar[past], items[past], level[past], calendar[now])
    return expected


def _share_of_year_before(items: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Return the share of items in the output of the year before each week, (weeks,); NaN where too few of its weeks are known."""
    known = np.isfinite(output)
    own, all_items, weeks = (
        np.concatenate([[np.nan], _trailing(np.where(known, values, 0.0), YEAR)[:-1]])
        for values in (items, output, np.ones(output.size))
    )
    # half an item keeps the expectation above 0
    share: np.ndarray = (own + 0.5) / np.where(weeks >= MIN_YEAR, all_items, np.nan)
    return share


def _calendar_factor(past: np.ndarray, items: np.ndarray, level: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return the factor of the calendar on the level in new weeks, (new weeks,)."""
    from sklearn.linear_model import PoissonRegressor

    learner = PoissonRegressor(alpha=1.0 / (CALENDAR_SPREAD**2 * level.sum()), solver="newton-cholesky")
    learner.fit(past, items / level, sample_weight=level)
    return np.asarray(learner.predict(now))


def _trailing(values: np.ndarray, span: int) -> np.ndarray:
    """Return the sum of each week and the weeks before it, (weeks,); NaN where the series has too few weeks."""
    sums = np.lib.stride_tricks.sliding_window_view(values.astype(float), span).sum(axis=1)
    return np.concatenate([np.full(span - 1, np.nan), sums])


def _weekly(table: pl.DataFrame, weeks: np.ndarray, column: str) -> np.ndarray:
    """Return the sum of a column by week, (weeks,); 0 in weeks without a row."""
    total = np.zeros(weeks.size)
    index = (table["from"].to_numpy().astype("datetime64[D]") - weeks[0]).astype(int) // 7
    np.add.at(total, index, table[column].to_numpy())
    return total
