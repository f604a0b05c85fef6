"""What a claim hangs on: the inputs that explain its margin over worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from tocsin.assessment.result import Driver

MOST = 5
NOISE = 3.0
"""An input counts if its rank correlation lies this many standard errors from 0."""


@dataclass(frozen=True)
class Margins:
    """By how much a claim holds in the worlds of one ensemble and type.

    Attributes:
        points: input -> its quantiles over worlds (D,).
        margin: (D,).
        weights: (D,) summing to one.
        pool: weight of the type.
    """

    points: Mapping[str, np.ndarray]
    margin: np.ndarray
    weights: np.ndarray
    pool: float


def drivers(each: Sequence[Margins]) -> tuple[Driver, ...]:
    """Shares of variance: squared weighted rank correlation of each input with the margin, pooled.

    Args:
        each: the margins of a claim, at least one, over the same inputs.

    Returns:
        At most five inputs with their shares of what all inputs explain, largest first; none if nothing does.
    """
    names = [name for name, values in each[0].points.items() if np.ptp(values) > 0]
    explained = np.zeros(len(names))
    for one in each:
        if np.ptp(one.margin) == 0.0:
            continue
        ranks = np.stack([rankdata(one.points[name]) for name in names])
        found = _correlations(ranks, rankdata(one.margin), one.weights)
        noise = NOISE * np.sqrt(np.sum(one.weights**2))
        explained += one.pool * np.where(np.abs(found) > noise, found**2, 0.0)
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
