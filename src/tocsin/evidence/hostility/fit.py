"""Estimate the parameters of the filter from past years of risk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.evidence.hostility.filter import gamma
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.record import Record, pair_numbers

PRIOR = Parameters(strength=1.0, mean=0.1, began=0.5, against=0.5, going=0.5, half_life=5.0)
"""Median of each parameter before the data."""
PRIOR_SPREAD = 2.0
"""Standard deviation of the logarithm of each parameter before the data: a factor of 50 either way is possible."""
HALF_LIVES = (0.3, 60.0)
"""Shortest and longest half-life, in years."""
STEP = 1e-4
"""Step, in logarithms, of the numerical derivatives of the slopes."""


@dataclass(frozen=True)
class Fit:
    """Estimated parameters.

    Attributes:
        parameters: the mode of the posterior.
        covariance: (6, 6) of their logarithms, with scores summed by pair of states; nan if it was not asked for.
        cases: number of years of risk.
        events: number of those in which the challenger began a dispute.
    """

    parameters: Parameters
    covariance: np.ndarray
    cases: int
    events: int

    def draws(self, count: int, *, seed: int) -> np.ndarray:
        """Return draws (count, 6) of the logarithms of the parameters."""
        root = np.linalg.cholesky(self.covariance)
        normal = np.random.default_rng(seed).normal(size=(count, len(root)))
        return np.asarray(self.parameters.logs + normal @ root.T)


def fit(record: Record, cases: pl.DataFrame, begun: np.ndarray, *, with_errors: bool = False) -> Fit:
    """Return the parameters under which the record best predicts the years in which the challenger began a dispute.

    Args:
        record: of all pairs of the cases.
        cases: years of risk, with columns challenger, target and year.
        begun: (cases,) 1 if the challenger began a dispute in the year, else 0.
        with_errors: compute the covariance too.
    """
    from scipy.optimize import minimize

    scored = _scored(record.of(cases), cases, begun)
    prior, precision = PRIOR.logs, PRIOR_SPREAD**-2

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        logs, slopes = scored(point)
        away = point - prior
        return -logs.sum() + 0.5 * precision * (away @ away), precision * away - slopes.sum(axis=0)

    bounds = [(None, None)] * (len(prior) - 1) + [tuple(np.log(HALF_LIVES))]
    best = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds).x
    covariance = np.full((len(best), len(best)), np.nan)
    if with_errors:
        covariance = _covariance(lambda point: loss(point)[1], scored(best)[1], best, pair_numbers(cases))
    return Fit(Parameters.of_logs(best), covariance, len(begun), int(begun.sum()))


def _scored(
    record: Record, cases: pl.DataFrame, begun: np.ndarray
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return the log probabilities (cases,) of what was observed and their slopes (cases, 6), given log parameters."""
    at = record.rows(cases)

    def scored(point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parameters = Parameters.of_logs(point)
        sums, moves = (of(parameters.half_life).at(*at) for of in (record.sums, record.sum_slopes))
        shape, rate = gamma(sums, parameters)
        yearly = np.log1p(1.0 / rate)
        survival = -shape * yearly
        # slopes of log P(no dispute) by shape and rate, and of log P(dispute) by log P(no dispute)
        by_shape, by_rate = -yearly, shape / (rate * (rate + 1.0))
        factor = np.where(begun == 1, -1.0 / np.expm1(-survival), 1.0)
        constant = np.full_like(rate, parameters.strength * parameters.mean)
        parts = [parameters.began * sums.began, parameters.against * sums.against, parameters.going * sums.going]
        moved = parameters.began * moves.began + parameters.against * moves.against + parameters.going * moves.going
        slopes = [
            by_shape * constant + by_rate * parameters.strength,
            by_shape * constant,
            *(by_shape * part for part in parts),
            by_shape * moved + by_rate * moves.covered,
        ]
        logs = np.where(begun == 1, np.log(-np.expm1(survival)), survival)
        return logs, factor[:, None] * np.stack(slopes, axis=1)

    return scored


def _covariance(
    gradient: Callable[[np.ndarray], np.ndarray], scores: np.ndarray, best: np.ndarray, clusters: np.ndarray
) -> np.ndarray:
    """Return the covariance of the estimates, by the curvature of the loss and the scores summed by cluster (White 1982)."""
    steps = STEP * np.eye(len(best))
    curvature = np.array([(gradient(best + step) - gradient(best - step)) / (2.0 * STEP) for step in steps])
    inverse = np.linalg.inv(0.5 * (curvature + curvature.T))
    sums = np.stack([np.bincount(clusters, weights=score) for score in scores.T], axis=1)
    return np.asarray(inverse @ (sums.T @ sums) @ inverse)
