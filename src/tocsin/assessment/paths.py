"""Ways of beliefs from their medians to the ends of their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from tocsin.assessment.result import MEDIAN
from tocsin.case.distributions import Distribution

TAIL = 0.001
"""Share of a distribution beyond the end of its range, unless it has a hard end."""

DIGITS = 3
"""Significant digits of a value that is printed."""

NOTHING = 1e-12
"""Share of a median that is next to nothing: the computed end of a range from 0 may differ from 0 by that much."""


@dataclass(frozen=True)
class Path:
    """The way of one or two beliefs from their medians to ends of their ranges: belief -> quantile of its end."""

    ends: Mapping[str, float]

    def quantiles(self, share: float) -> dict[str, float]:
        """Return the quantiles of the beliefs after a share of the way."""
        return {name: MEDIAN + share * (end - MEDIAN) for name, end in self.ends.items()}

    def distance(self, share: float) -> float:
        """Return how far the furthest belief is from its median after a share of the way, as a share of its distribution."""
        return max(abs(point - MEDIAN) for point in self.quantiles(share).values())

    def printed(self, beliefs: Mapping[str, Distribution], share: float) -> dict[str, float]:
        """Return the values of the beliefs after a share of the way as they are printed, so that a reader can set them."""
        return {
            name: printed(value, beliefs[name], self.ends[name]) for name, value in self.moves(beliefs, share).items()
        }

    def moves(self, beliefs: Mapping[str, Distribution], share: float) -> dict[str, float]:
        """Return the values of the beliefs after a share of the way."""
        return {name: _value_at(beliefs[name], point) for name, point in self.quantiles(share).items()}


def printed(value: float, belief: Distribution, end: float) -> float:
    """Return a value on the way to an end of a belief's range with the digits that are printed.

    It is rounded towards the end, unless that would leave the range; the median itself to the nearest. What is next to nothing beside the
    median is 0.
    """
    median, last = float(belief.quantile(MEDIAN)), _value_at(belief, end)
    if value == median:
        return float(f"{value:.{DIGITS}g}")
    if value == 0.0 or abs(value) < NOTHING * abs(median):
        return 0.0
    step = Decimal(1).scaleb(Decimal(value).adjusted() - DIGITS + 1)
    up, down = (float(Decimal(value).quantize(step, rounding)) for rounding in (ROUND_CEILING, ROUND_FLOOR))
    further, nearer = (up, down) if last > median else (down, up)
    return further if min(median, last) <= further <= max(median, last) else nearer


def _value_at(belief: Distribution, point: float) -> float:
    """Return the value at a quantile; at a hard end, exactly that end."""
    return belief.support[int(point)] if point in (0.0, 1.0) else float(belief.quantile(point))


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
