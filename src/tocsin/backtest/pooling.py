"""Pool forecasts: recalibrate each by its own earlier forecasts, and weigh them by how well they would have done together.

Everything is learned from forecasts for earlier years. In the first year all weigh the same and none is recalibrated.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import expit, logit

SPREADS = np.array([1.0, 0.5])
"""Standard deviations, before the data, of intercept and slope of a recalibration around 0 and 1."""
ROUNDS, ROUNDS_A_YEAR = 2_000, 100
"""Largest number of rounds of expectation maximisation: for weights by themselves, and for those of a year, which go on from those of the year
before and need not converge within the year."""
TOLERANCES = 1e-8, 1e-5
"""Largest change of a weight at which each stops."""
SMALL = 1e-9


def pooled(forecasts: Mapping[str, np.ndarray], observed: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the pooled probabilities, (cases,).

    Args:
        forecasts: name -> (cases,) probabilities, each made before its year.
        observed: (cases,) 1 if the outcome was observed, else 0.
        years: (cases,) the year of each case.
    """
    members = np.stack(list(forecasts.values()))
    weights = np.full(len(members), 1.0 / len(members))
    result = np.full(len(observed), np.nan)
    for year in np.unique(years):
        before, now = years < year, years == year
        lines = [calibration(member[before], observed[before]) for member in members]
        fitted = np.stack([calibrated(member, line) for member, line in zip(members, lines, strict=True)])
        weights = _improved(weights, fitted[:, before], observed[before], ROUNDS_A_YEAR, TOLERANCES[1])
        result[now] = weights @ fitted[:, now]
    return result


def final_weights(forecasts: Mapping[str, np.ndarray], observed: np.ndarray) -> dict[str, float]:
    """Return the weight of each forecaster, learned from all its forecasts."""
    members = [calibrated(values, calibration(values, observed)) for values in forecasts.values()]
    return dict(zip(forecasts, stacking_weights(np.stack(members), observed).tolist(), strict=True))


def stacking_weights(members: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return weights (members,) that sum to one and give the mixture of the forecasts the best log score.

    The log score is concave in the weights, and expectation maximisation from equal weights finds its maximum; equal forecasts
    keep equal weights (Yao, Vehtari, Simpson and Gelman 2018, Bayesian Analysis 13, eq. 5).

    Args:
        members: (members, cases) probabilities.
        observed: (cases,) 1 if the outcome was observed, else 0.
    """
    return _improved(np.full(len(members), 1.0 / len(members)), members, observed, ROUNDS, TOLERANCES[0])


def _improved(
    weights: np.ndarray, members: np.ndarray, observed: np.ndarray, rounds: int, tolerance: float
) -> np.ndarray:
    """Return weights after rounds of expectation maximisation; without cases they stay as they are."""
    given = np.maximum(np.where(observed == 1, members, 1.0 - members), SMALL)
    for _ in range(rounds if observed.size else 0):
        shares = weights[:, None] * given
        before, weights = weights, (shares / shares.sum(axis=0)).mean(axis=1)
        if np.abs(weights - before).max() < tolerance:
            break
    return weights


def calibration(forecast: np.ndarray, observed: np.ndarray) -> tuple[float, float]:
    """Return intercept and slope of the logit of the outcome on the log odds of a forecast, shrunk towards 0 and 1 by `SPREADS`."""
    from scipy.optimize import minimize

    odds = _log_odds(forecast)

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        score = line[0] + line[1] * odds
        away = (line - [0.0, 1.0]) / SPREADS
        error = expit(score) - observed
        gradient = np.array([error.sum(), error @ odds]) + away / SPREADS
        return float(np.logaddexp(0.0, score).sum() - observed @ score + 0.5 * away @ away), gradient

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, method="BFGS").x
    return float(best[0]), float(best[1])


def calibrated(forecast: np.ndarray, line: tuple[float, float]) -> np.ndarray:
    """Return a forecast after recalibration by an intercept and a slope of its log odds."""
    return np.asarray(expit(line[0] + line[1] * _log_odds(forecast)))


def _log_odds(forecast: np.ndarray) -> np.ndarray:
    return np.asarray(logit(np.clip(forecast, SMALL, 1.0 - SMALL)))
