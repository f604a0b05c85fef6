"""Rates of a class and differences from a comparison, with 90 % intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.stats import t as student

from tocsin.intervals import POINTS, jeffreys

Interval: TypeAlias = tuple[float, float, float]
"""A value between its 5 and 95 % points: (5 %, value, 95 %). The value of a rate is the median, that of a difference the estimate."""


Clusters: TypeAlias = tuple[np.ndarray, ...]
"""For each way to group rows that may go together, such as by pair and by state, the (rows,) names of the groups."""


def clustered_jeffreys(happened: np.ndarray, clusters: Clusters) -> Interval:
    """Return the interval of a share when cases of one cluster may go together.

    The sample is shrunk by the design effect: the variance of the share by clusters over that of independent cases (Kish 1965), the
    largest over the ways to group. It is never enlarged.

    Args:
        happened: (cases,) 0 or 1.
        clusters: ways to group the cases.
    """
    share, cases = float(happened.mean()), happened.size
    alone = share * (1.0 - share) / cases
    if alone == 0.0:
        return jeffreys(float(happened.sum()), cases)
    influence = (happened - share) / cases
    effect = max(1.0, *(_variance(influence, groups) / alone for groups in clusters))
    return jeffreys(share * cases / effect, cases / effect)


def _variance(influence: np.ndarray, clusters: np.ndarray) -> float:
    """Return the variance of a sum of influences that may go together within clusters; 0 with one cluster."""
    _, places = np.unique(clusters, return_inverse=True)
    sums = np.bincount(places, weights=influence)
    return float((sums**2).sum() * sums.size / (sums.size - 1)) if sums.size > 1 else 0.0


@dataclass(frozen=True)
class Arm:
    """One side of a comparison.

    Attributes:
        happened: (rows,) 0 or 1.
        weights: (rows,) weights that sum to 1.
        clusters: ways to group the rows, the same in both arms of a comparison.
    """

    happened: np.ndarray
    weights: np.ndarray
    clusters: Clusters

    @property
    def share(self) -> float:
        """The weighted share of rows in which it happened."""
        return float(self.weights @ self.happened)

    @property
    def interval(self) -> Interval:
        """The interval of Jeffreys at the effective number of rows, 1 over the sum of the squared weights."""
        effective = 1.0 / float((self.weights**2).sum())
        return jeffreys(self.share * effective, effective)


def difference(cases: Arm, others: Arm) -> Interval:
    """Return the share of the cases minus that of the others, between its 5 and 95 % points.

    Rows of one cluster may go together, in either arm or across both: the standard error is by clusters, with Student's t at one less
    than their number, the largest over the ways to group. With few rows, or an arm without variation, that error is too small. So each end is at least as far away as that of the
    difference of two independent shares with the intervals of Jeffreys (Zou and Donner 2008, equation 3).
    """
    gap = cases.share - others.share
    influence = np.concatenate([
        cases.weights * (cases.happened - cases.share), -others.weights * (others.happened - others.share),
    ])  # fmt: skip
    both = (np.concatenate(groups) for groups in zip(cases.clusters, others.clusters, strict=True))
    reach = max(_reach(influence, groups) for groups in both)
    (low, _, high), (other_low, _, other_high) = cases.interval, others.interval
    below = float(np.hypot(max(0.0, cases.share - low), max(0.0, other_high - others.share)))
    above = float(np.hypot(max(0.0, high - cases.share), max(0.0, others.share - other_low)))
    return max(-1.0, gap - max(reach, below)), gap, min(1.0, gap + max(reach, above))


def _reach(influence: np.ndarray, groups: np.ndarray) -> float:
    """Return the distance from a difference to its 95 % point, by clusters; 0 with one cluster, which shows no variation."""
    count = np.unique(groups).size
    return float(student.ppf(POINTS[2], count - 1) * np.sqrt(_variance(influence, groups))) if count > 1 else 0.0
