"""Trust between states (Kydd, Trust and Mistrust in International Relations, 2005)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def trust(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return how much trust two states need to cooperate, and what conflict reveals.

    Both choose at the same time. Mutual cooperation is worth 1 and mutual defection 0. Exploiting the other is worth g < 1 to a
    trustworthy state, and more than 1 to an untrustworthy one, which therefore never cooperates; being exploited is worth -l. Suppose
    that the other state cooperates if it is trustworthy. A trustworthy state with trust t then cooperates if t - (1 - t) l >= t g,
    that is, if t is at least l / (1 - g + l). If either state trusts less, neither cooperates.

    Args:
        parameters: as declared in `case.published`.

    Returns:
        `threshold_a`, `threshold_b`, `cooperation`, `conflict_untrustworthy`.
    """
    thresholds = {
        side: parameters[f"loss_{side}"] / (1.0 - parameters[f"temptation_{side}"] + parameters[f"loss_{side}"])
        for side in ("a", "b")
    }
    enough = [parameters[f"trust_{side}"] >= thresholds[side] for side in ("a", "b")]
    cooperation = 1.0 * (enough[0] & enough[1])
    both = parameters["trust_a"] * parameters["trust_b"]
    # without cooperation every pair comes into conflict; with it, only pairs in which someone is untrustworthy
    untrustworthy = np.where(cooperation > 0.0, 1.0, 1.0 - both)
    return {
        "threshold_a": thresholds["a"],
        "threshold_b": thresholds["b"],
        "cooperation": cooperation,
        "conflict_untrustworthy": untrustworthy,
    }
