"""Score probabilities against what was observed: log probabilities, the area under the ROC curve, means with clustered errors."""

from __future__ import annotations

import numpy as np


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
    from scipy.stats import rankdata

    ranks = rankdata(predicted)
    return float((ranks[observed == 1].sum() - hits * (hits + 1) / 2) / (hits * (len(observed) - hits)))


def clustered_mean(values: np.ndarray, clusters: np.ndarray) -> tuple[float, float]:
    """Return a mean with its standard error, which allows for any dependence within clusters.

    The variance sums the deviations within each cluster, with the factor c / (c - 1) for c clusters. With one cluster the error is NaN.

    Args:
        values: (cases,).
        clusters: (cases,) name or number of each case's cluster.
    """
    _, places = np.unique(clusters, return_inverse=True)
    sums = np.bincount(places, weights=values - values.mean())
    if sums.size < 2:
        return float(values.mean()), float("nan")
    factor = sums.size / (sums.size - 1)
    return float(values.mean()), float(np.sqrt(factor * (sums**2).sum()) / values.size)
