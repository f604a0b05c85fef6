"""A series with what its rate may hang on, as the arrays of the model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.series import Series
from tocsin.rhetoric.triggers import Trigger, columns

FEWEST_WEEKS = 52
STRIDE = 3.0
HARMONICS = 2
"""Yearly waves of the calendar, beside its named occasions."""


@dataclass(frozen=True)
class Design:
    """A series and its columns; weeks without output are not in it.

    Attributes:
        weeks: (weeks,) Mondays; groups: what items are counted by.
        counts: (weeks, groups) items; offset: (weeks,) log of the whole output.
        year: (weeks,) index of the year of each week's Thursday; years: their numbers.
        stride: (years - 1,) how far the level may step into each year but the first: 1, or `STRIDE` where coverage changes.
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
    series: Series, anniversaries: pl.DataFrame, found: Sequence[Trigger], changes: Collection[int] = ()
) -> Design:
    """A series with the columns of its calendar and its triggers.

    Args:
        series: items a week; anniversaries, found: see `triggers.columns`.
        changes: years into which the level may step far, since what the outlet puts out is known to change.

    Raises:
        InputError: if fewer than `FEWEST_WEEKS` weeks have output.
    """
    seen = series.output > 0
    if seen.sum() < FEWEST_WEEKS:
        raise InputError(
            f"the series has {seen.sum()} weeks with output", remedy=f"an account needs {FEWEST_WEEKS} or more"
        )
    weeks = series.weeks[seen]
    made = columns(weeks, anniversaries, found)
    numbers = (weeks + 3).astype("datetime64[Y]").astype(int) + 1970
    years = tuple(range(int(numbers[0]), int(numbers[-1]) + 1))
    return Design(
        weeks=weeks,
        groups=series.groups,
        counts=series.counts[seen],
        offset=np.log(series.output[seen]),
        year=numbers - years[0],
        years=years,
        stride=np.where(np.isin(years[1:], list(changes)), STRIDE, 1.0),
        calendar=made.calendar,
        occasions=made.occasions,
        season=_waves(weeks),
        triggers=made.triggers,
        classes=made.classes,
        dosed=made.dosed,
        dose=made.dose,
    )


def _waves(weeks: np.ndarray) -> np.ndarray:
    day = (weeks + 3 - (weeks + 3).astype("datetime64[Y]")).astype(int)
    turns = 2 * np.pi * day[:, None] * np.arange(1, HARMONICS + 1)[None, :] / 365.25
    return np.concatenate([np.sin(turns), np.cos(turns)], axis=1)
