"""Intervals of shares."""

from __future__ import annotations

POINTS = (0.05, 0.5, 0.95)


def jeffreys(hits: float, cases: float) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % points of a share's posterior under Jeffreys' prior, Beta(hits + 1/2, cases - hits + 1/2).

    Args:
        hits: number of cases with the property, 0 to `cases`; weights need no whole numbers.
        cases: number of cases.
    """
    from scipy.special import betaincinv

    low, middle, high = (float(point) for point in betaincinv(hits + 0.5, cases - hits + 0.5, POINTS))
    return low, middle, high
