"""War as a commitment problem (Powell, International Organization 60, 2006)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def commitment(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return whether a shift of power exceeds the surplus of peace, and by how much.

    Two states share a flow of 1 per period, worth V = 1 / (1 - delta) over all periods. Fighting gives the winner what war leaves,
    (1 - d) V, so a state can secure M = p (1 - d) V by fighting. No peaceful path gives both states at least that if
    delta M_rising(later) - M_rising(now) > V - M_rising(now) - M_declining(now): the shift is larger than the surplus that
    fighting destroys (the paper's inefficiency condition).

    Args:
        parameters: `rising_now`, `rising_later`, `destroyed` d, `discount` delta.

    Returns:
        `war` and `margin`, as declared in `case.published`.
    """
    discount, remainder = parameters["discount"], 1.0 - parameters["destroyed"]
    whole = 1.0 / (1.0 - discount)
    secured_now, secured_later = (
        parameters["rising_now"] * remainder * whole,
        parameters["rising_later"] * remainder * whole,
    )
    declining_now = (1.0 - parameters["rising_now"]) * remainder * whole
    margin = (discount * secured_later - secured_now) - (whole - secured_now - declining_now)
    return {"war": 1.0 * (margin > 0.0), "margin": margin}
