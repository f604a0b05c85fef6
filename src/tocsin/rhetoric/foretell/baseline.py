"""Turn calendar and the record of acts into columns that are known before the day of a forecast."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from tocsin.rhetoric.accounts.design import yearly_waves
from tocsin.rhetoric.triggers import occasion_share, stored_anniversaries

HALF_LIVES = (30, 180, 1080)
"""Days in which an act of the same kind loses half its weight."""
OTHER_HALF_LIFE = 90
"""Days in which an act of another kind loses half its weight."""
JUST = 14
"""Days that count as just before."""


def calendar_columns(days: np.ndarray, horizon: int) -> np.ndarray:
    """Return what the calendar says of the days ahead, known years before, (forecasts, columns).

    The columns are the yearly waves in the middle of the horizon, anniversaries, and yearly exercises of the United States and
    South Korea: the mean number of occasions, or of exercises, on a day of the horizon.

    Args:
        days: (forecasts,) days of the forecasts; the horizon begins on this day.
        horizon: days.
    """
    anniversaries = sum(occasion_share(days, horizon, text) for text in stored_anniversaries()["month_day"])
    return np.column_stack([yearly_waves(days + horizon // 2), anniversaries, _exercises(days, horizon)])


def record_columns(days: np.ndarray, acts: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return what earlier acts say, (forecasts, columns).

    The columns are decayed numbers of acts of the kind and of other acts, an act in the last fortnight, and the time since the last
    act, each as a logarithm but the third.

    Args:
        days: (forecasts,) days of the forecasts. Acts on this day or later are not used.
        acts: days of acts of the kind that is forecast.
        others: days of acts of other kinds.
    """
    ages = (days[:, None] - acts[None, :]).astype(int)
    before = ages > 0
    last = np.where(before, ages, 10**5).min(axis=1, initial=10**5)
    return np.column_stack(
        [
            *(np.log1p(_decayed(days, acts, half_life)) for half_life in HALF_LIVES),
            np.log1p(_decayed(days, others, OTHER_HALF_LIFE)),
            (before & (ages <= JUST)).any(axis=1),
            np.log(last),
        ]
    )


def _decayed(days: np.ndarray, acts: np.ndarray, half_life: int) -> np.ndarray:
    ages = (days[:, None] - acts[None, :]).astype(int)
    return np.where(ages > 0, 0.5 ** (np.maximum(ages, 0) / half_life), 0.0).sum(axis=1)


def _exercises(days: np.ndarray, horizon: int) -> np.ndarray:
    """Return the mean number of yearly exercises on a day of the horizon, (forecasts,)."""
    years = days.astype("datetime64[Y]").astype(int) + 1970
    total = np.zeros(days.size)
    for first, last, text in exercises().select("first_year", "last_year", "month_day").iter_rows():
        held = (years >= first) & (years <= (last or years.max()))
        total += np.where(held, occasion_share(days, horizon, text), 0.0)
    return total


@cache
def exercises() -> pl.DataFrame:
    """Return the yearly exercises with the years in which they were held and their usual days."""
    text = (files("tocsin.rhetoric.foretell") / "exercises.csv").read_text(encoding="utf-8")
    return pl.read_csv(io.StringIO(text), schema_overrides={"first_year": pl.Int64, "last_year": pl.Int64})
