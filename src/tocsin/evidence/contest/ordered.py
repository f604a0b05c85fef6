"""The ordered logit: the contest function whose outcome may be a draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from tocsin.errors import InputError, SolveError


@dataclass(frozen=True)
class Ordered:
    """P(outcome <= k) = logistic(cut_k - x b) (McCullagh 1980, JRSS B 42(2)).

    Attributes:
        slope: (regressors,); how much more of a regressor moves towards the last outcome. With one regressor, the logarithm of the
            ratio of capabilities, it is the decisiveness of a Tullock contest with draws.
        cuts: (outcomes - 1,) rising.
        covariance: of slope and cuts together.
        loglik: logarithm of the likelihood.
    """

    slope: np.ndarray
    cuts: np.ndarray
    covariance: np.ndarray
    loglik: float

    @property
    def standard_errors(self) -> np.ndarray:
        """Of slope and cuts together."""
        return np.sqrt(np.diag(self.covariance))

    def probabilities(self, regressors: np.ndarray) -> np.ndarray:
        """(cases, outcomes) for (cases, regressors)."""
        return _probabilities(regressors, self.slope, self.cuts)


def ordered_logit(regressors: np.ndarray, outcome: np.ndarray) -> Ordered:
    """The most likely ordered logit.

    Args:
        regressors: (cases, regressors), no constant among them.
        outcome: (cases,) 0, 1, ... from the worst to the best.

    Raises:
        InputError: if an outcome between the first and the last never happens.
        SolveError: if the search does not converge, as where regressors separate outcomes.
    """
    counts = np.bincount(outcome)
    if (counts == 0).any() or counts.size < 2:
        raise InputError("an outcome never happens", remedy="number the outcomes from 0 without gaps")
    size = regressors.shape[1]
    centre, scale = regressors.mean(axis=0), regressors.std(axis=0)
    if not (scale > 0).all():
        raise InputError("a regressor does not vary", remedy="leave it out")
    shares = np.cumsum(counts / counts.sum())[:-1]
    start = np.concatenate([np.zeros(size), np.log(shares / (1 - shares))])
    standard = (regressors - centre) / scale

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        """Mean minus log likelihood and its slope."""
        edges = at[size:] - (standard @ at[:size])[:, None]
        below = np.column_stack([np.zeros(len(outcome)), expit(edges), np.ones(len(outcome))])
        density = np.column_stack([np.zeros(len(outcome)), expit(edges) * expit(-edges), np.zeros(len(outcome))])
        rows = np.arange(len(outcome))
        chance = np.maximum(below[rows, outcome + 1] - below[rows, outcome], 1e-300)
        slopes = np.zeros((len(outcome), at.size))
        slopes[:, :size] = -((density[rows, outcome + 1] - density[rows, outcome]) / chance)[:, None] * standard
        for cut in range(at.size - size):
            slopes[:, size + cut] = ((outcome == cut) * 1.0 - (outcome == cut + 1)) * density[:, cut + 1] / chance
        return float(-np.log(chance).mean()), -slopes.mean(axis=0)

    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 500})
    if np.abs(found.jac).max() > 1e-6 or np.abs(found.x[:size]).max() > 30.0:
        raise SolveError("the ordered logit did not converge; leave out regressors that tell outcomes perfectly")
    slope = found.x[:size] / scale
    cuts = found.x[size:] + centre @ slope
    turned = np.zeros((start.size, start.size))
    for place in range(start.size):
        step = np.zeros(start.size)
        step[place] = 1e-5
        turned[place] = (loss(found.x + step)[1] - loss(found.x - step)[1]) / 2e-5
    inner = np.linalg.inv(0.5 * (turned + turned.T) * len(outcome))
    back = np.eye(start.size)
    back[:size, :size] = np.diag(1.0 / scale)
    back[size:, :size] = centre / scale
    return Ordered(slope, cuts, back @ inner @ back.T, -float(found.fun) * len(outcome))


def _probabilities(regressors: np.ndarray, slope: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    below = expit(cuts - (regressors @ slope)[:, None])
    ends = np.column_stack([np.zeros(len(regressors)), below, np.ones(len(regressors))])
    return np.diff(ends, axis=1)
