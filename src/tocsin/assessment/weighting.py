"""Weights of worlds: their effective number, and the selection of a few worlds by weight, see `sampling`."""

from __future__ import annotations

import numpy as np

ROUGH, FINE = 0.3, 0.05
"""Smallest weight that counts in selection, as a share of the mean weight. It limits how many worlds one selected world stands for,
in case its weight was underestimated. `ROUGH` is for rough weights and for worlds that are weighted again."""


def sampled(weights: np.ndarray, count: int, seed: int, lightest: float) -> tuple[np.ndarray, np.ndarray]:
    """Select about `count` of the weighted worlds by systematic sampling.

    Returns:
        Distinct indices of the selected worlds, and their log weights: the log of how many worlds each stands for.
    """
    probabilities = inclusion(weights, count, lightest)
    marks = np.random.default_rng(seed).random() + np.arange(count)
    indices = np.searchsorted(np.cumsum(probabilities), marks, side="right")
    selected = np.unique(np.minimum(indices, len(weights) - 1))
    return selected, -np.log(probabilities[selected])


def inclusion(weights: np.ndarray, count: int, lightest: float) -> np.ndarray:
    """Return inclusion probabilities (D,), each at most 1, that sum to `count` < D.

    They are proportional to the weights, up to 1. Weights below the share `lightest` of the mean weight are raised to it.
    """
    floored = np.maximum(weights, lightest * np.mean(weights))
    low, high = 0.0, count / float(np.min(floored))
    for _ in range(100):
        middle = 0.5 * (low + high)
        few = np.sum(np.minimum(middle * floored, 1.0)) < count
        low, high = (middle, high) if few else (low, middle)
    return np.asarray(np.minimum(high * floored, 1.0))


def normalised(logs: np.ndarray) -> np.ndarray:
    """Return weights proportional to exp(logs) that sum to one."""
    weights = np.exp(logs - np.max(logs))
    return np.asarray(weights / np.sum(weights))


def effective(weights: np.ndarray) -> float:
    """Return the effective number of draws, 1 / sum w^2 (Kish 1965), for weights that sum to one."""
    return float(1.0 / np.sum(weights**2))
