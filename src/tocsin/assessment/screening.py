"""Tell the inputs that move a quantity from noise, by one rule over all quantities of a run.

For each quantity and input, the score is the weighted sum over worlds of the quantity's deviation from its mean times two polynomials of the
input's quantile, one straight and one curved. Divided by its sampling error it is a statistic T, about chi-square with two degrees of
freedom for an input that has no effect. Random signs for the worlds, the same for all quantities, show how large the largest T of the run
would be if no input had any effect (the wild bootstrap of Wu, Annals of Statistics 14, 1986). An input counts if its T is larger than
that in all but a share `LEVEL` of the draws of signs (the maximum statistic of Westfall and Young 1993).

So in at most one run of twenty is any input without effect reported for any quantity.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.05
"""Largest probability that a run reports any input without effect."""

SIGNS = 499
"""Draws of signs behind the largest statistic."""

FLOOR = 1e-9
"""Smallest sampling error of a combination of the two scores, as a share of both: a constant input has none."""


@dataclass(frozen=True)
class Scored:
    """A quantity and its inputs in the worlds of one ensemble.

    Attributes:
        worlds: names the worlds; those of one name have the same number of worlds and share their signs.
        points: input -> (D,) quantiles in [0, 1].
        values: (D,) finite.
        weights: (D,), which sum to one.
    """

    worlds: Hashable
    points: Mapping[str, np.ndarray]
    values: np.ndarray
    weights: np.ndarray


def signals(groups: Sequence[Sequence[Scored]], seed: int) -> list[dict[str, float]]:
    """Return the inputs that move each quantity, with their largest statistic T.

    Args:
        groups: of each quantity, its scores in several ensembles or types; may be empty.
        seed: of the signs.
    """
    tables = [[(scored, _contributions(scored)) for scored in group] for group in groups]
    limit = _limit([pair for table in tables for pair in table], seed)
    moving: list[dict[str, float]] = []
    for table in tables:
        largest: dict[str, float] = {}
        for scored, parts in table:
            statistics = np.sum(np.sum(parts, axis=-1) ** 2, axis=-1)
            for name, value in zip(scored.points, statistics, strict=True):
                largest[name] = max(float(value), largest.get(name, 0.0))
        moving.append({name: value for name, value in largest.items() if value > limit})
    return moving


def _contributions(scored: Scored) -> np.ndarray:
    """Return what each world adds to the two scores of each input, (inputs, 2, D), in units of their sampling errors."""
    line = 2.0 * np.stack(list(scored.points.values())) - 1.0
    basis = np.stack([line, 1.5 * line**2 - 0.5], axis=1)
    deviation = scored.values - scored.values @ scored.weights
    parts = (basis - (basis @ scored.weights)[..., None]) * (scored.weights * deviation)
    errors = parts @ parts.transpose(0, 2, 1)
    floor = np.maximum(np.trace(errors, axis1=1, axis2=2), np.finfo(float).tiny) * FLOOR
    roots = np.linalg.cholesky(errors + floor[:, None, None] * np.eye(2))
    return np.asarray(np.linalg.solve(roots, parts))


def _limit(scores: Sequence[tuple[Scored, np.ndarray]], seed: int) -> float:
    """Return the value that the largest statistic of all exceeds in a share `LEVEL` of the draws of signs."""
    order = list(dict.fromkeys(scored.worlds for scored, _ in scores))
    largest = np.zeros(SIGNS)
    for index, name in enumerate(order):
        inside = [parts for scored, parts in scores if scored.worlds == name]
        rng = np.random.default_rng([seed, index])
        signs = rng.choice(np.array([-1.0, 1.0]), size=(SIGNS, inside[0].shape[-1]))
        for parts in inside:
            sums = (signs @ parts.reshape(-1, parts.shape[-1]).T).reshape(SIGNS, -1, 2)
            largest = np.maximum(largest, np.max(np.sum(sums**2, axis=-1), axis=1))
    return float(np.quantile(largest, 1.0 - LEVEL, method="higher"))
