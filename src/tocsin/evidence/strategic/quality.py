"""How well a fitted model predicts the outcomes of its cases, and which of two models predicts them better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tocsin.errors import InputError
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.sample import check_same_cases

BINS = 10


@dataclass(frozen=True)
class Quality:
    """How well probabilities of outcomes fit the observed outcomes.

    Attributes:
        log_score: mean log probability of the observed outcomes; larger is better.
        base: log score of the outcomes' shares.
        reduction: proportional reduction in loss, 1 - log_score / base; 0 is no better than the shares.
        brier: mean over cases of the sum over outcomes of squared errors, 0 to 2; smaller is better.
        calibration: for each bin of similar probabilities: (mean probability, observed share, number of probabilities).
    """

    log_score: float
    base: float
    reduction: float
    brier: float
    calibration: tuple[tuple[float, float, int], ...]


def quality(logs: np.ndarray, outcome: np.ndarray) -> Quality:
    """Score predictions.

    Args:
        logs: (cases, outcomes) log probabilities.
        outcome: (cases,) index of the observed outcome.
    """
    observed = np.zeros_like(logs)
    observed[np.arange(len(outcome)), outcome] = 1.0
    probabilities = np.exp(logs)
    score = float(logs[observed == 1.0].mean())
    shares = observed.mean(axis=0)
    base = float((shares[shares > 0] * np.log(shares[shares > 0])).sum())
    brier = float(((probabilities - observed) ** 2).sum(axis=1).mean())
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    curve = tuple(
        (float(probabilities[bins == one].mean()), float(observed[bins == one].mean()), int((bins == one).sum()))
        for one in range(BINS)
        if (bins == one).any()
    )
    return Quality(score, base, 1.0 - score / base if base else float("nan"), brier, curve)


@dataclass(frozen=True)
class Vuong:
    """A test of two models of the same cases that need not be nested.

    Attributes:
        statistic: standard normal if both models are equally close to the truth; positive if the first is closer.
        p: probability of a statistic at least as far from 0.
        difference: of the log likelihoods, corrected for the number of coefficients as in the Bayesian information criterion.
    """

    statistic: float
    p: float
    difference: float


def vuong(first: Fit, second: Fit) -> Vuong:
    """Test which of two models is closer to the truth (Vuong 1989, Econometrica 57(2), eq. 3.1 and section 5).

    Raises:
        InputError: if the models have different cases, or the same prediction for each case.
    """
    check_same_cases(first.sample, second.sample)
    cases, outcome = np.arange(len(first.sample.outcome)), first.sample.outcome
    gains = first.log_probabilities()[cases, outcome] - second.log_probabilities()[cases, outcome]
    spread = gains.std() * np.sqrt(len(gains))
    if not spread > 1e-12:
        raise InputError("the two models predict every case alike", remedy="compare models that differ")
    correction = 0.5 * (first.estimate.size - second.estimate.size) * np.log(len(gains))
    difference = float(gains.sum() - correction)
    statistic = difference / float(spread)
    return Vuong(statistic, float(2.0 * norm.sf(abs(statistic))), difference)
