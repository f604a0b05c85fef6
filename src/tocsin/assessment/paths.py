"""Ways of beliefs from their medians to the ends of their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.case.distributions import Distribution

TAIL = 0.001
"""Share of a distribution beyond the end of its range, unless it has a hard end."""


@dataclass(frozen=True)
class Path:
    """The way of one or two beliefs from their medians to ends of their ranges: belief -> quantile of its end."""

    ends: Mapping[str, float]

    def quantiles(self, share: float) -> dict[str, float]:
        """Return the quantiles of the beliefs after a share of the way."""
        return {name: 0.5 + share * (end - 0.5) for name, end in self.ends.items()}

    def distance(self, share: float) -> float:
        """Return how far the furthest belief is from its median after a share of the way, as a share of its distribution."""
        return max(abs(point - 0.5) for point in self.quantiles(share).values())

    def moves(self, beliefs: Mapping[str, Distribution], share: float) -> dict[str, float]:
        """Return the values of the beliefs after a share of the way."""
        return {name: float(beliefs[name].quantile(point)) for name, point in self.quantiles(share).items()}


def ends_of(belief: Distribution) -> tuple[float, float]:
    """Return the quantiles of the two ends of a belief's range."""
    return (0.0, 1.0) if belief.family in ("uniform", "loguniform") else (TAIL, 1.0 - TAIL)


def share_of_way(belief: Distribution, start: np.ndarray, to: float, end: float) -> np.ndarray:
    """Return the share of the way from each world's own value to the end of a range that a value is, from 0 to 1."""
    logs = belief.family in ("lognormal", "loguniform")
    own, there, last = (np.log(value) if logs else np.asarray(value) for value in (start, to, belief.quantile(end)))
    whole = last - own
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole == 0.0, 1.0, np.clip((there - own) / whole, 0.0, 1.0))
