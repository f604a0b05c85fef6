"""How well a fitted model tells the outcomes of its cases, and which of two tells them better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tocsin.errors import InputError
from tocsin.evidence.strategic.fit import Fit

BINS = 10


@dataclass(frozen=True)
class Quality:
    """How well probabilities of outcomes fit what happened.

    Attributes:
        log_score: mean log probability of what happened; the larger the better.
        base: that of the outcomes' shares.
        reduction: proportional reduction in loss, 1 - log_score / base; 0 is no better than the shares.
        brier: mean over cases of the sum over outcomes of squared errors, 0 to 2; the smaller the better.
        calibration: for outcomes and cases with a like probability: (mean probability, share that happened, how many).
    """

    log_score: float
    base: float
    reduction: float
    brier: float
    calibration: tuple[tuple[float, float, int], ...]


def quality(logs: np.ndarray, outcome: np.ndarray) -> Quality:
    """Of (cases, outcomes) log probabilities, against the place of each case's outcome."""
    happened = np.zeros_like(logs)
    happened[np.arange(len(outcome)), outcome] = 1.0
    chances = np.exp(logs)
    score = float(logs[happened == 1.0].mean())
    shares = happened.mean(axis=0)
    base = float((shares[shares > 0] * np.log(shares[shares > 0])).sum())
    brier = float(((chances - happened) ** 2).sum(axis=1).mean())
    which = np.minimum((chances * BINS).astype(int), BINS - 1)
    curve = tuple(
        (float(chances[which == one].mean()), float(happened[which == one].mean()), int((which == one).sum()))
        for one in range(BINS)
        if (which == one).any()
    )
    return Quality(score, base, 1.0 - score / base if base else float("nan"), brier, curve)


@dataclass(frozen=True)
class Vuong:
    """A test of two models that need not be nested.

    Attributes:
        statistic: standard normal if both are equally far from the truth; above 0 the first is nearer.
        p: chance of one as far from 0.
        difference: of the log likelihoods, corrected for the number of coefficients as in the Bayesian information criterion.
    """

    statistic: float
    p: float
    difference: float


def vuong(first: Fit, second: Fit) -> Vuong:
    """Which of two models fitted to the same cases is nearer the truth (Vuong 1989, Econometrica 57(2), eq. 3.1 and section 5).

    Raises:
        InputError: if they were fitted to other cases, or tell all alike.
    """
    one, two = first.sample, second.sample
    if not np.array_equal(one.rows, two.rows) or not np.array_equal(one.outcome, two.outcome):
        raise InputError(
            "the two models were not fitted to the same cases", remedy="give both the same rows and outcomes"
        )
    at = np.arange(len(one.outcome))
    gains = first.log_probabilities()[at, one.outcome] - second.log_probabilities()[at, two.outcome]
    spread = gains.std() * np.sqrt(len(gains))
    if not spread > 1e-12:
        raise InputError("the two models tell every case alike", remedy="compare models that differ")
    correction = 0.5 * (first.estimate.size - second.estimate.size) * np.log(len(gains))
    difference = float(gains.sum() - correction)
    statistic = difference / float(spread)
    return Vuong(statistic, float(2.0 * norm.sf(abs(statistic))), difference)
