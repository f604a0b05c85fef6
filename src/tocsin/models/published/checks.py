"""What published games ask of their parameters beyond their ranges."""

from __future__ import annotations

import numpy as np


def require(holds: np.ndarray, what: str) -> None:
    """Raise ValueError, with the first draw in which a condition (D,) does not hold."""
    if not np.all(holds):
        raise ValueError(f"{what}: not so in draw {int(np.argmin(holds))}")
