"""Draws as the three points by which a kept result tells them."""

from __future__ import annotations

import numpy as np

LEVELS = (5, 50, 95)


def points(draws: np.ndarray, digits: int = 4) -> dict[str, float]:
    """The 5 %, 50 % and 95 % points of draws as `p05`, `p50` and `p95`, rounded."""
    return {
        f"p{level:02d}": round(float(value), digits)
        for level, value in zip(LEVELS, np.quantile(draws, np.array(LEVELS) / 100.0), strict=True)
    }
