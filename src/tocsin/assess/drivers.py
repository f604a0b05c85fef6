"""What a claim hangs on: the inputs that explain its margin over worlds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import rankdata

from tocsin.assess.result import Driver

MOST = 5
NOISE = 3.0
"""An input counts if its rank correlation lies this many standard errors from 0."""


def drivers(
    points: Mapping[str, np.ndarray], margins: Mapping[str, tuple[np.ndarray, np.ndarray, float]]
) -> tuple[Driver, ...]:
    """Shares of variance: squared weighted rank correlation of each input with the margin, pooled over types.

    Args:
        points: input -> its quantiles over worlds (D,).
        margins: type -> (margin over worlds (D,), weights (D,) summing to one, weight of the type).

    Returns:
        At most five inputs with their shares of what all inputs explain, largest first; none if nothing does.
    """
    names = [name for name, values in points.items() if np.ptp(values) > 0]
    ranks = np.stack([rankdata(points[name]) for name in names])
    explained = np.zeros(len(names))
    for margin, weights, pool in margins.values():
        if np.ptp(margin) == 0.0:
            continue
        found = _correlations(ranks, rankdata(margin), weights)
        noise = NOISE * np.sqrt(np.sum(weights**2))
        explained += pool * np.where(np.abs(found) > noise, found**2, 0.0)
    total = float(np.sum(explained))
    if total == 0.0:
        return ()
    order = np.argsort(explained)[::-1][:MOST]
    return tuple(Driver(input=names[i], share=float(explained[i] / total)) for i in order if explained[i] > 0.0)


def _correlations(ranks: np.ndarray, margin: np.ndarray, weights: np.ndarray) -> np.ndarray:
    centred = ranks - (ranks @ weights)[:, None]
    target = margin - margin @ weights
    spread = np.sqrt((centred**2) @ weights * ((target**2) @ weights))
    return np.asarray((centred * target) @ weights / np.maximum(spread, 1e-300))
