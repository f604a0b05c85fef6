"""Forecast acts forward by year with penalised logits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tocsin.scores import log_probabilities

SPREADS = (0.03, 0.1, 0.3, 1.0)
"""Candidate standard deviations of the coefficients' normal prior, per standard deviation of a column."""
MIN_YEARS = 4
"""Years of forecasts that the first forecast year has before it."""
INNER_YEARS = 3
"""Last years of the past on which candidates are compared."""

CONSTANT, CALENDAR, RECORD, BOTH = "constant", "calendar", "record", "calendar and record"
WORDS, ALL = "words alone", "calendar, record and words"
FORECASTERS = (CONSTANT, CALENDAR, RECORD, BOTH, WORDS, ALL)
"""In the order of the tables."""


Part: TypeAlias = "tuple[np.ndarray, float]"
"""Columns, and the spread of their coefficients."""


@dataclass(frozen=True)
class Sample:
    """Forecasts of one kind of act within one horizon, one each Monday.

    Attributes:
        days: (forecasts,) days of the forecasts, in order.
        horizon: days, the day of the forecast included.
        happened: (forecasts,) 1 if an act happened within the horizon, else 0.
        calendar, record, words: (forecasts, columns) what is known before the day.
    """

    days: np.ndarray
    horizon: int
    happened: np.ndarray
    calendar: np.ndarray
    record: np.ndarray
    words: np.ndarray

    @property
    def years(self) -> np.ndarray:
        """Return the year of each forecast."""
        return self.days.astype("datetime64[Y]").astype(int) + 1970

    @property
    def test_years(self) -> tuple[int, ...]:
        """Return the years that are forecast: all but the first `MIN_YEARS`."""
        return tuple(int(year) for year in np.unique(self.years)[MIN_YEARS:])

    def past(self, year: int) -> np.ndarray:
        """Return which forecasts were resolved before a year began, (forecasts,)."""
        ends = self.days + self.horizon
        return ends <= np.datetime64(f"{year}-01-01")


@dataclass(frozen=True)
class Forecasts:
    """Probabilities of the forecasts in the test years, in the order of `rows`.

    Attributes:
        rows: (tested,) indices into the sample.
        probabilities: (tested,) by forecaster.
    """

    rows: np.ndarray
    probabilities: Mapping[str, np.ndarray]


def forecast(sample: Sample, forecasters: Collection[str] = FORECASTERS) -> Forecasts:
    """Forecast each test year from what was resolved before it began."""
    blocks: dict[str, list[np.ndarray]] = {name: [] for name in forecasters}
    rows = []
    for year in sample.test_years:
        rows.append(np.flatnonzero(sample.years == year))
        for name, parts in _parts_of(sample, forecasters, year).items():
            blocks[name].append(_fitted(sample, parts, sample.past(year), sample.years == year))
    return Forecasts(np.concatenate(rows), {name: np.concatenate(parts) for name, parts in blocks.items()})


def _parts_of(sample: Sample, forecasters: Collection[str], year: int) -> dict[str, list[Part]]:
    """Return the columns of each forecaster with the spreads chosen for a year. Words get their own spread, after the baseline's."""
    both, words = np.column_stack([sample.calendar, sample.record]), sample.words
    columns = {CALENDAR: sample.calendar, RECORD: sample.record, BOTH: both, WORDS: words}
    parts: dict[str, list[Part]] = {CONSTANT: []}
    for name in {BOTH} | (columns.keys() & forecasters):
        parts[name] = [(columns[name], _chosen(sample, year, columns[name]))]
    if ALL in forecasters:
        parts[ALL] = [*parts[BOTH], (words, _chosen(sample, year, words, *parts[BOTH]))]
    return {name: parts[name] for name in forecasters}


def _chosen(sample: Sample, year: int, columns: np.ndarray, *given: Part) -> float:
    """Return the spread with the best log score in the last years before this one, each forecast from the years before it."""
    earlier = np.unique(sample.years[sample.years < year])[1:][-INNER_YEARS:]
    scores: list[float] = []
    for spread in SPREADS:
        total = 0.0
        for inner in earlier:
            new = (sample.years == inner) & sample.past(year)
            predicted = _fitted(sample, [*given, (columns, spread)], sample.past(int(inner)), new)
            total += float(log_probabilities(predicted, sample.happened[new]).sum())
        scores.append(total)
    return SPREADS[int(np.argmax(scores))]


def _fitted(sample: Sample, parts: Sequence[Part], past: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the probabilities of new forecasts by a logit on columns, each part with the spread of its coefficients' prior.

    A week's forecasts share most of their horizon with the next, so each counts as the part of its horizon that is its own.
    """
    from sklearn.linear_model import LogisticRegression

    happened = sample.happened[past]
    if not parts or happened.min() == happened.max():
        return np.full(new.sum(), _share(happened))
    scaled = np.column_stack([spread * _standardised(columns, past) for columns, spread in parts])
    learner = LogisticRegression(C=min(1.0, 7 / sample.horizon), solver="newton-cholesky", max_iter=200)
    learner.fit(scaled[past], happened)
    return np.asarray(learner.predict_proba(scaled[new])[:, 1])


def _standardised(columns: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Return columns with mean 0 and standard deviation 1 in the past; a column without variation there becomes 0."""
    deviation = columns[past].std(axis=0)
    varies = deviation > 1e-9
    result: np.ndarray = np.where(
        varies, (columns - columns[past].mean(axis=0)) / np.where(varies, deviation, 1.0), 0.0
    )
    return result


def _share(happened: np.ndarray) -> float:
    """Return the share of past forecasts with an act, with half a forecast of each kind added."""
    return float((happened.sum() + 0.5) / (happened.size + 1.0))
