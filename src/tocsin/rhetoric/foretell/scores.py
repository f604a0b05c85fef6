"""Score forecasts, and decide whether one set of columns adds to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from tocsin.scores import auc, clustered_mean, log_probabilities

Verdict: TypeAlias = Literal["clear", "a hint", "nothing that these data can show"]
LEVEL = 0.05
"""Probability of the verdict `clear` where nothing is added."""
AUC_DRAWS = 400
"""Bootstrap samples of years."""


@dataclass(frozen=True)
class Score:
    """Scores of a forecaster.

    Attributes:
        forecaster: its name.
        log_score: mean logarithm of the probability given to what happened.
        gain, gain_se: log score minus that of the constant, with its standard error.
        brier: mean squared error of the probability.
        auc, auc_low, auc_high: area under the ROC curve, with a 90 % interval from resampled years.
    """

    forecaster: str
    log_score: float
    gain: float
    gain_se: float
    brier: float
    auc: float
    auc_low: float
    auc_high: float


@dataclass(frozen=True)
class Added:
    """What a larger forecaster adds to a smaller one that is a part of it. Standard errors are clustered by year.

    Attributes:
        gain, gain_se: difference of log scores.
        brier, brier_se: fall of the Brier score.
        adjusted, adjusted_se: fall of the Brier score that the larger one would have without the noise of its further coefficients.
        p_value: probability of an adjusted fall at least as large where nothing is added.
        verdict: by the rule of `verdict_of`.
    """

    gain: float
    gain_se: float
    brier: float
    brier_se: float
    adjusted: float
    adjusted_se: float
    p_value: float
    verdict: Verdict


def score(
    forecaster: str, predicted: np.ndarray, constant: np.ndarray, happened: np.ndarray, years: np.ndarray, *, seed: int
) -> Score:
    """Return the scores of a forecaster.

    Args:
        forecaster: its name.
        predicted, constant: (forecasts,) its probabilities and those of the constant.
        happened: (forecasts,) 1 or 0.
        years: (forecasts,) year of each forecast.
        seed: seed of the resampled years.
    """
    logs = log_probabilities(predicted, happened)
    gain, gain_se = clustered_mean(logs - log_probabilities(constant, happened), years)
    low, high = np.nanquantile(_resampled_auc(predicted, happened, years, seed=seed), [0.05, 0.95])
    return Score(
        forecaster=forecaster,
        log_score=float(logs.mean()),
        gain=gain,
        gain_se=gain_se,
        brier=float(((predicted - happened) ** 2).mean()),
        auc=auc(predicted, happened),
        auc_low=float(low),
        auc_high=float(high),
    )


def added(smaller: np.ndarray, larger: np.ndarray, happened: np.ndarray, years: np.ndarray) -> Added:
    """Return what a larger forecaster adds to a smaller one that is a part of it.

    The adjusted fall is that of Clark and West (2007, Journal of Econometrics 138(1), equation 2.2). A larger forecaster estimates more
    coefficients, whose noise raises its score even if they are 0 in truth. The adjustment adds the mean squared difference of
    the two forecasts, so that the fall has mean 0 in that case.

    Args:
        smaller, larger: (forecasts,) their probabilities.
        happened: (forecasts,) 1 or 0.
        years: (forecasts,) year of each forecast.
    """
    from scipy.stats import t as student

    falls = (smaller - happened) ** 2 - (larger - happened) ** 2
    gain, gain_se = clustered_mean(log_probabilities(larger, happened) - log_probabilities(smaller, happened), years)
    brier, brier_se = clustered_mean(falls, years)
    adjusted, adjusted_se = clustered_mean(falls + (larger - smaller) ** 2, years)
    ratio = adjusted / adjusted_se if adjusted_se > 0 else 0.0
    p_value = float(student.sf(ratio, np.unique(years).size - 1))
    return Added(gain, gain_se, brier, brier_se, adjusted, adjusted_se, p_value, verdict_of(p_value, ratio))


def verdict_of(p_value: float, ratio: float) -> Verdict:
    """Return the verdict in words.

    The rule was fixed on simulated acts, before any forecast of real acts was scored: `clear` at a level of 5 %, one-sided; `a hint` from
    one standard error on.

    Args:
        p_value: of the adjusted fall.
        ratio: adjusted fall in standard errors.
    """
    if p_value < LEVEL:
        return "clear"
    return "a hint" if ratio >= 1 else "nothing that these data can show"


def together(p_values: Sequence[float]) -> float:
    """Return the probability that the smallest of these would be so small if nothing were added in any test, at most (Bonferroni)."""
    return min(1.0, min(p_values) * len(p_values))


def _resampled_auc(predicted: np.ndarray, happened: np.ndarray, years: np.ndarray, *, seed: int) -> list[float]:
    random, members = np.random.default_rng(seed), [np.flatnonzero(years == year) for year in np.unique(years)]
    areas = []
    for _ in range(AUC_DRAWS):
        rows = np.concatenate([members[index] for index in random.integers(len(members), size=len(members))])
        areas.append(auc(predicted[rows], happened[rows]))
    return areas
