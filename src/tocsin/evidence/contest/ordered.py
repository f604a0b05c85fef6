"""Fit the ordered logit: a contest function whose outcome can be a draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from tocsin.errors import InputError, SolveError


@dataclass(frozen=True)
class Ordered:
    """A fitted ordered logit, P(outcome <= k) = logistic(cut_k - x b) (McCullagh 1980, JRSS B 42(2)).

    Attributes:
        slope: (regressors,) b; a positive value means that the regressor shifts probability towards the last outcome.
            If the only regressor is the logarithm of the capability ratio, it is the decisiveness of a Tullock contest
            with draws.
        cuts: (outcomes - 1,) rising.
        covariance: of slope and cuts together.
        loglik: log likelihood.
    """

    slope: np.ndarray
    cuts: np.ndarray
    covariance: np.ndarray
    loglik: float

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors of slope and cuts together."""
        return np.sqrt(np.diag(self.covariance))

    def probabilities(self, regressors: np.ndarray) -> np.ndarray:
        """Return (cases, outcomes) probabilities for (cases, regressors)."""
        below = expit(self.cuts - (regressors @ self.slope)[:, None])
        ends = np.column_stack([np.zeros(len(regressors)), below, np.ones(len(regressors))])
        return np.diff(ends, axis=1)


def ordered_logit(regressors: np.ndarray, outcome: np.ndarray) -> Ordered:
    """Fit an ordered logit by maximum likelihood.

    Args:
        regressors: (cases, regressors), without a constant.
        outcome: (cases,) 0, 1, ... from the worst to the best.

    Raises:
        InputError: if an outcome between the first and the last never occurs, or a regressor does not vary.
        SolveError: if the optimiser does not converge, for example because regressors separate the outcomes.
    """
    counts = np.bincount(outcome)
    if (counts == 0).any() or counts.size < 2:
        raise InputError("an outcome never occurs", remedy="number the outcomes from 0 without gaps")
    size = regressors.shape[1]
    centre, scale = regressors.mean(axis=0), regressors.std(axis=0)
    if not (scale > 0).all():
        raise InputError("a regressor does not vary", remedy="leave it out")
    shares = np.cumsum(counts / counts.sum())[:-1]
    start = np.concatenate([np.zeros(size), np.log(shares / (1 - shares))])
    data = ((regressors - centre) / scale, outcome)
    optimum = minimize(_loss, start, args=data, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 500})
    if np.abs(optimum.jac).max() > 1e-6 or np.abs(optimum.x[:size]).max() > 30.0:
        raise SolveError(
            "the ordered logit did not converge", remedy="leave out regressors that predict outcomes perfectly"
        )
    slope = optimum.x[:size] / scale
    cuts = optimum.x[size:] + centre @ slope
    inner = np.linalg.inv(_hessian(optimum.x, *data) * len(outcome))
    back = np.eye(start.size)
    back[:size, :size] = np.diag(1.0 / scale)
    back[size:, :size] = centre / scale
    return Ordered(slope, cuts, back @ inner @ back.T, -float(optimum.fun) * len(outcome))


def _loss(parameters: np.ndarray, standard: np.ndarray, outcome: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean negative log likelihood and its gradient, for standardised regressors."""
    size = standard.shape[1]
    edges = parameters[size:] - (standard @ parameters[:size])[:, None]
    below = np.column_stack([np.zeros(len(outcome)), expit(edges), np.ones(len(outcome))])
    density = np.column_stack([np.zeros(len(outcome)), expit(edges) * expit(-edges), np.zeros(len(outcome))])
    rows = np.arange(len(outcome))
    probability = np.maximum(below[rows, outcome + 1] - below[rows, outcome], 1e-300)
    slopes = np.zeros((len(outcome), parameters.size))
    slopes[:, :size] = -((density[rows, outcome + 1] - density[rows, outcome]) / probability)[:, None] * standard
    for cut in range(parameters.size - size):
        slopes[:, size + cut] = ((outcome == cut) * 1.0 - (outcome == cut + 1)) * density[:, cut + 1] / probability
    return float(-np.log(probability).mean()), -slopes.mean(axis=0)


def _hessian(parameters: np.ndarray, standard: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the Hessian of the loss by central differences of its gradient."""
    hessian = np.zeros((parameters.size, parameters.size))
    for index in range(parameters.size):
        step = np.zeros(parameters.size)
        step[index] = 1e-5
        above, below = (_loss(parameters + sign * step, standard, outcome)[1] for sign in (1.0, -1.0))
        hessian[index] = (above - below) / 2e-5
    return 0.5 * (hessian + hessian.T)
