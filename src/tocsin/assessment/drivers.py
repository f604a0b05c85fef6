"""Drivers of a claim: the inputs that explain by how much it holds across worlds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.result import Driver
from tocsin.assessment.screening import Scored, signals
from tocsin.assessment.variance import Sample, variance_shares

MAX_DRIVERS = 5
"""Inputs of a claim whose shares are computed."""


@dataclass(frozen=True)
class Margins:
    """The margins by which a claim holds in the worlds of one ensemble and type.

    Attributes:
        worlds: names the worlds; margins of one name have the same worlds in the same order.
        points: input that the claim reads -> its quantiles over worlds (D,), in [0, 1].
        margin: (D,), nan where it is undefined.
        weights: (D,), which sum to one.
        pool: weight of the type.
    """

    worlds: Hashable
    points: Mapping[str, np.ndarray]
    margin: np.ndarray
    weights: np.ndarray
    pool: float

    def scored(self) -> Scored | None:
        """Return the margin in the worlds in which it is defined; None if it is the same in all of them."""
        known = np.isfinite(self.margin) & (self.weights > 0.0)
        points = {name: values for name, values in self.points.items() if np.ptp(values) > 0.0}
        if not points or not known.any() or np.ptp(self.margin[known]) == 0.0:
            return None
        inside = np.where(known, self.weights, 0.0)
        return Scored(self.worlds, points, np.where(known, self.margin, 0.0), inside / np.sum(inside))


def drivers(claims: Sequence[Sequence[Margins]], seed: int, most: int = MAX_DRIVERS) -> list[tuple[Driver, ...]]:
    """Return the inputs that move each of several claims, with their shares of the variance of its margin.

    One rule tells signal from noise over all claims, see `screening`. The shares are those of some inputs with the clearest signal:
    an input left out may add to the share of one that is correlated with it.

    Args:
        claims: the margins of each claim; may be empty.
        seed: of the random signs and resamples.
        most: inputs of each claim whose shares are computed, at least 1.

    Returns:
        The drivers of each claim, largest share first; none if no input moves it.
    """
    groups = [[(group, scored) for group in claim if (scored := group.scored()) is not None] for claim in claims]
    signal_rows = signals([[scored for _, scored in group] for group in groups], seed)
    return [_shares(group, clear, seed, most) for group, clear in zip(groups, signal_rows, strict=True)]


def _shares(
    groups: Sequence[tuple[Margins, Scored]], clear: Mapping[str, float], seed: int, most: int
) -> tuple[Driver, ...]:
    names = sorted(clear, key=lambda name: (-clear[name], name))[:most]
    samples = [
        Sample(np.stack([scored.points[name] for name in names]), scored.values, scored.weights, group.pool, seed)
        for group, scored in groups
        if names and group.pool > 0.0 and set(names) <= scored.points.keys()
    ]
    if not samples:
        return ()
    result = variance_shares(samples)
    rows = [
        Driver(
            input=name,
            share=float(max(result.shapley[k], 0.0)),
            low=float(result.low[k]),
            high=float(result.high[k]),
            first=float(result.first[k]),
            total=float(result.total[k]),
        )
        for k, name in enumerate(names)
    ]
    return tuple(sorted(rows, key=lambda row: -row.share))


def signed_ranks(margin: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return margins on a scale without unit that keeps their sign: the share of worlds below, minus the share below 0.

    Half of the worlds with the same margin count as below. It is nan where the margin is.

    Args:
        margin: (D,), nan where it is undefined.
        weights: (D,).
    """
    known = ~np.isnan(margin)
    values, inside = margin[known], weights[known]
    levels, index = np.unique(np.append(values, 0.0), return_inverse=True)
    mass = np.bincount(index[:-1], weights=inside, minlength=len(levels)) / max(float(np.sum(inside)), 1e-300)
    middle = np.cumsum(mass) - 0.5 * mass
    ranks = np.full(margin.shape, np.nan)
    ranks[known] = (middle - middle[index[-1]])[index[:-1]]
    return ranks
