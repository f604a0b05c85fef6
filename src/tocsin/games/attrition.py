"""Solve a war of attrition between two states whose cost of backing down grows with time (Fearon, American Political Science Review 88, 1994)."""

from __future__ import annotations

import numpy as np


def horizon_and_firm(
    audience_a: np.ndarray, audience_b: np.ndarray, aversion_a: np.ndarray, aversion_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the horizon, and the shares of both states that prefer war to backing down there.

    Args:
        audience_a, audience_b: rates, above 0, at which the cost of backing down grows.
        aversion_a, aversion_b: values of war are uniform from minus these to 0; above 0.
    """
    # the own horizon of state j, with k_j = 0, solves a_j T / w_j = 1 / (1 + a_i T), a quadratic in T
    own_a = _horizon(audience_a / aversion_a, audience_b)
    own_b = _horizon(audience_b / aversion_b, audience_a)
    horizon = np.minimum(own_a, own_b)
    return (
        horizon,
        np.minimum(audience_a * horizon / aversion_a, 1.0),
        np.minimum(audience_b * horizon / aversion_b, 1.0),
    )


def _horizon(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the root T > 0 of own T (1 + other T) = 1."""
    root: np.ndarray = 2.0 / (own + np.sqrt(own * own + 4.0 * own * other))
    return root
