"""Conditions on the parameters of published games beyond their ranges."""

from __future__ import annotations

import numpy as np


def require(holds: np.ndarray, condition: str) -> None:
    """Check that a condition (D,) holds in every draw.

    Raises:
        ValueError: if it does not; the message gives the condition and the first draw in which it fails.
    """
    if not np.all(holds):
        raise ValueError(f"{condition}; draw {int(np.argmin(holds))} violates this")
