"""Bargaining before war (Fearon, Rationalist Explanations for War, International Organization 49, 1995)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def preventive(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return whether a declining state fights a preventive war. It and a rising state divide a pie of 1 in every period.

    The rising state makes an offer, which binds for one period only. War breaks out in the first period if and only if
    delta p2 - p1 > c (1 - delta)^2 (the paper's pages 404-408).

    Args:
        parameters: `rising_now` p1, `rising_later` p2, `cost` c, `discount` delta.

    Returns:
        `war`, `margin`, `threshold`, as declared in `case.published`.
    """
    now, later = parameters["rising_now"], parameters["rising_later"]
    cost, discount = parameters["cost"], parameters["discount"]
    concession = cost * (1.0 - discount) ** 2
    margin = discount * later - now - concession
    with np.errstate(divide="ignore"):
        threshold = (now + concession) / discount
    return {"war": 1.0 * (margin > 0.0), "margin": margin, "threshold": threshold}


def risk_return(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the proposer's best claim against a state whose cost of war is private, and the probability of war.

    The other state's cost is uniform from 0 to C. If the proposer claims x, the other refuses when its cost is below x - p.
    The proposer maximises F(x - p) (p - c) + (1 - F(x - p)) x, so x* = p + (C - c) / 2, at most the whole pie (pages 390-395).

    Args:
        parameters: `strength` p, `cost` c, `cost_bound` C.

    Returns:
        `offer` and `war`, as declared in `case.published`.
    """
    strength, bound = parameters["strength"], parameters["cost_bound"]
    claimed = strength + np.maximum(bound - parameters["cost"], 0.0) / 2.0
    offer = np.minimum(claimed, 1.0)
    return {"offer": offer, "war": np.clip((offer - strength) / bound, 0.0, 1.0)}
