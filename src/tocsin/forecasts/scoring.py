"""Score probabilities of what has been resolved: log score, Brier score, the difference to the base rate, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.scores import clustered_mean, log_probabilities

BINS = 5
ENOUGH = 20
"""Fewest forecasts for a table of calibration."""


@dataclass(frozen=True)
class Difference:
    """A mean difference to the base rate, with its standard error; above 0 the forecast is better. NaN with fewer than two clusters."""

    mean: float
    error: float


@dataclass(frozen=True)
class Bin:
    """Forecasts of similar probability: their mean, the share of events, and their number."""

    predicted: float
    observed: float
    size: int


@dataclass(frozen=True)
class Scores:
    """Scores of probabilities.

    Attributes:
        size: number of forecasts.
        log_score: mean logarithm of the probability given to what happened; 0 is best.
        brier: mean squared error; 0 is best.
        base_log_score, base_brier: those of the base rates.
        log_gain: log score minus that of the base rates.
        brier_gain: Brier score of the base rates minus that of the forecasts.
        calibration: fifths of the forecasts by probability; empty if there are fewer than `ENOUGH`.
    """

    size: int
    log_score: float
    brier: float
    base_log_score: float
    base_brier: float
    log_gain: Difference
    brier_gain: Difference
    calibration: tuple[Bin, ...]


def score(
    predicted: Sequence[float], base: Sequence[float], happened: Sequence[bool], clusters: Sequence[int]
) -> Scores:
    """Return the scores of probabilities against what happened.

    Args:
        predicted, base: probabilities of the forecast and of the base rate, at least one.
        happened: whether each event came.
        clusters: number of the cluster of each forecast; errors allow for dependence within clusters.
    """
    chances, bases, observed = (np.array(values, dtype=float) for values in (predicted, base, happened))
    logs, base_logs = log_probabilities(chances, observed), log_probabilities(bases, observed)
    squares, base_squares = (chances - observed) ** 2, (bases - observed) ** 2
    groups = np.array(clusters)
    return Scores(
        size=len(chances),
        log_score=float(logs.mean()),
        brier=float(squares.mean()),
        base_log_score=float(base_logs.mean()),
        base_brier=float(base_squares.mean()),
        log_gain=Difference(*clustered_mean(logs - base_logs, groups)),
        brier_gain=Difference(*clustered_mean(base_squares - squares, groups)),
        calibration=calibration(chances, observed),
    )


def calibration(predicted: np.ndarray, observed: np.ndarray) -> tuple[Bin, ...]:
    """Return fifths of the forecasts by probability; nothing if there are fewer than `ENOUGH`."""
    if len(predicted) < ENOUGH:
        return ()
    parts = np.array_split(np.argsort(predicted, kind="stable"), BINS)
    return tuple(Bin(float(predicted[part].mean()), float(observed[part].mean()), len(part)) for part in parts)
