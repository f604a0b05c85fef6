"""Summarise draws by three quantiles, as stored results give them."""

from __future__ import annotations

import numpy as np

LEVELS = (5, 50, 95)


def points(draws: np.ndarray, digits: int = 4) -> dict[str, float]:
    """Return the 5 %, 50 % and 95 % points of draws as `p05`, `p50` and `p95`, rounded to so many digits."""
    return {
        f"p{level:02d}": round(float(value), digits)
        for level, value in zip(LEVELS, np.quantile(draws, np.array(LEVELS) / 100.0), strict=True)
    }
