"""Put a series and its weekly columns into the arrays of the model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.series import Series
from tocsin.rhetoric.triggers import Trigger, columns
from tocsin.translation import message, plural

MIN_WEEKS = 52
STRIDE = 3.0
"""Factor on the step of the level into a year in which the coverage changes."""
HARMONICS = 2
"""Yearly waves of the season, apart from the named occasions."""


@dataclass(frozen=True)
class Design:
    """A series and its columns, without the weeks that have no output.

    Attributes:
        weeks: (weeks,) Mondays; groups: themes.
        counts: (weeks, groups) items; offset: (weeks,) log of the whole output.
        year: (weeks,) index of the year of each week's Thursday; years: the years.
        stride: (years - 1,) factor on the step into each year after the first: 1, or `STRIDE` if the coverage changes.
        calendar: (weeks, occasions); season: (weeks, 2 × HARMONICS) yearly waves.
        triggers: (weeks, classes, windows); dosed, dose: (weeks, dosed classes); see `triggers.Columns`.
    """

    weeks: np.ndarray
    groups: tuple[str, ...]
    counts: np.ndarray
    offset: np.ndarray
    year: np.ndarray
    years: tuple[int, ...]
    stride: np.ndarray
    calendar: np.ndarray
    occasions: tuple[str, ...]
    season: np.ndarray
    triggers: np.ndarray
    classes: tuple[str, ...]
    dosed: tuple[int, ...]
    dose: np.ndarray


def design(
    series: Series, anniversaries: pl.DataFrame, events: Sequence[Trigger], changes: Collection[int] = ()
) -> Design:
    """Return a series with the columns of its calendar and triggers.

    Args:
        series: weekly counts; anniversaries, events: see `triggers.columns`.
        changes: years in which the outlet's coverage changes.

    Raises:
        InputError: if fewer than `MIN_WEEKS` weeks have output.
    """
    known = series.output > 0
    if known.sum() < MIN_WEEKS:
        raise InputError(
            plural(
                "the series has {count} week with output", "the series has {count} weeks with output", int(known.sum())
            ),
            remedy=message("give {count} weeks or more", count=MIN_WEEKS),
        )
    weeks = series.weeks[known]
    own = columns(weeks, anniversaries, events)
    numbers = (weeks + 3).astype("datetime64[Y]").astype(int) + 1970
    years = tuple(range(int(numbers[0]), int(numbers[-1]) + 1))
    return Design(
        weeks=weeks,
        groups=series.groups,
        counts=series.counts[known],
        offset=np.log(series.output[known]),
        year=numbers - years[0],
        years=years,
        stride=np.where(np.isin(years[1:], list(changes)), STRIDE, 1.0),
        calendar=own.calendar,
        occasions=own.occasions,
        season=yearly_waves(weeks + 3),
        triggers=own.triggers,
        classes=own.classes,
        dosed=own.dosed,
        dose=own.dose,
    )


def yearly_waves(days: np.ndarray) -> np.ndarray:
    """Return sines and cosines of the yearly waves on these days, (days, 2 * HARMONICS)."""
    day = (days - days.astype("datetime64[Y]")).astype(int)
    turns = 2 * np.pi * day[:, None] * np.arange(1, HARMONICS + 1)[None, :] / 365.25
    return np.concatenate([np.sin(turns), np.cos(turns)], axis=1)
