"""Drivers of a claim: the inputs that explain by how much it holds across worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.result import Driver

MAX_DRIVERS = 5
NOISE = 3.0
"""An input counts if its rank correlation is more than this many standard errors from 0."""


@dataclass(frozen=True)
class Margins:
    """The margins by which a claim holds in the worlds of one ensemble and type.

    Attributes:
        points: input -> its quantiles over worlds (D,).
        margin: (D,).
        weights: (D,), which sum to one.
        pool: weight of the type.
    """

    points: Mapping[str, np.ndarray]
    margin: np.ndarray
    weights: np.ndarray
    pool: float


def drivers(margins: Sequence[Margins]) -> tuple[Driver, ...]:
    """Return the inputs that move a claim: squared weighted rank correlations with the margin, pooled.

    Args:
        margins: of one claim, at least one, over the same inputs.

    Returns:
        At most five inputs with their shares of the explained variance, largest first; none if no input explains any.
    """
    from scipy.stats import rankdata

    names = [name for name, values in margins[0].points.items() if np.ptp(values) > 0]
    explained = np.zeros(len(names))
    for group in margins:
        if np.ptp(group.margin) == 0.0:
            continue
        ranks = np.stack([rankdata(group.points[name]) for name in names])
        correlations = _correlations(ranks, rankdata(group.margin), group.weights)
        noise = NOISE * np.sqrt(np.sum(group.weights**2))
        explained += group.pool * np.where(np.abs(correlations) > noise, correlations**2, 0.0)
    total = float(np.sum(explained))
    if total == 0.0:
        return ()
    order = np.argsort(explained)[::-1][:MAX_DRIVERS]
    return tuple(Driver(input=names[i], share=float(explained[i] / total)) for i in order if explained[i] > 0.0)


def _correlations(ranks: np.ndarray, margin: np.ndarray, weights: np.ndarray) -> np.ndarray:
    centred = ranks - (ranks @ weights)[:, None]
    target = margin - margin @ weights
    spread = np.sqrt((centred**2) @ weights * ((target**2) @ weights))
    return np.asarray((centred * target) @ weights / np.maximum(spread, 1e-300))
