"""Score probabilities against what was observed."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from tocsin.backtest.results import Bin, Score

BINS = 5
AUC_DRAWS = 300
"""Number of bootstrap samples of dyads."""


def score(
    forecaster: str, predicted: np.ndarray, observed: np.ndarray, base: np.ndarray, clusters: np.ndarray, *, seed: int
) -> Score:
    """Return the scores of predicted probabilities.

    Args:
        forecaster: name of the forecaster.
        predicted: (cases,) probabilities of the outcome.
        observed: (cases,) 1 if the outcome was observed, else 0.
        base: (cases,) log probability that the constant gives to what was observed.
        clusters: (cases,) number that identifies the dyad.
        seed: seed of the bootstrap.
    """
    logs = log_probabilities(predicted, observed)
    gains = logs - base
    sums = np.bincount(clusters.astype(int), weights=gains - gains.mean())
    low, high = np.quantile(_bootstrap_auc(predicted, observed, clusters, seed=seed), [0.05, 0.95])
    return Score(
        forecaster=forecaster,
        log_score=float(logs.mean()),
        gain=float(gains.mean()),
        gain_se=float(np.sqrt((sums**2).sum()) / len(gains)),
        brier=float(((predicted - observed) ** 2).mean()),
        auc=auc(predicted, observed),
        auc_low=float(low),
        auc_high=float(high),
        calibration=tuple(
            Bin(float(predicted[part].mean()), float(observed[part].mean()), int(part.size))
            for part in np.array_split(np.argsort(predicted, kind="stable"), BINS)
            if part.size
        ),
    )


def log_probabilities(predicted: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return the log probability of what was observed, (cases,). Probabilities are clipped to 1e-9 and 1 - 1e-9."""
    bounded = np.clip(predicted, 1e-9, 1.0 - 1e-9)
    return np.where(observed == 1, np.log(bounded), np.log1p(-bounded))


def auc(predicted: np.ndarray, observed: np.ndarray) -> float:
    """Return the area under the ROC curve, with ties counted half (Mann and Whitney 1947).

    The area is NaN if all cases have the outcome, or none.
    """
    hits = int(observed.sum())
    if hits in (0, len(observed)):
        return float("nan")
    ranks = rankdata(predicted)
    return float((ranks[observed == 1].sum() - hits * (hits + 1) / 2) / (hits * (len(observed) - hits)))


def _bootstrap_auc(predicted: np.ndarray, observed: np.ndarray, clusters: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the area in bootstrap samples of clusters, without samples in which it is undefined."""
    rng = np.random.default_rng(seed)
    order = np.argsort(clusters, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
    areas = []
    for _ in range(AUC_DRAWS):
        rows = np.concatenate([members[index] for index in rng.integers(len(members), size=len(members))])
        areas.append(auc(predicted[rows], observed[rows]))
    return np.array([area for area in areas if area == area])
