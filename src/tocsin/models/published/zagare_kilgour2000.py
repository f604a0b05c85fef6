"""Deterrence and the credibility of threats (Zagare and Kilgour, Perfect Deterrence, 2000)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.models.published.checks import require


def unilateral(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return how credible a defender must be to deter a challenger of each type.

    A soft defender concedes, and the challenger gets `win`. A hard defender denies the challenge: then a hard challenger fights
    and a soft one backs down. So a challenger is deterred if the defender's credibility is at least
    (win - status quo) / (win - payoff after denial).

    Args:
        parameters: as declared in `case.published`; win > status_quo, fight_hard > back_down > fight_soft, and
            status_quo > fight_hard.

    Returns:
        `threshold_hard`, `threshold_soft`, `deterred_hard`, `deterred_soft`.

    Raises:
        ValueError: if the payoffs are in another order.
    """
    win, quo = parameters["win"], parameters["status_quo"]
    hard, back, soft = parameters["fight_hard"], parameters["back_down"], parameters["fight_soft"]
    require(win > quo, "win must be above status_quo")
    require(quo > hard, "status_quo must be above fight_hard")
    require((hard > back) & (back > soft), "back_down must lie between fight_soft and fight_hard")
    thresholds = {"hard": (win - quo) / (win - hard), "soft": (win - quo) / (win - back)}
    credibility = parameters["credibility"]
    deterred = {f"deterred_{kind}": 1.0 * (credibility >= threshold) for kind, threshold in thresholds.items()}
    return {f"threshold_{kind}": threshold for kind, threshold in thresholds.items()} | deterred


def mutual(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the credibility that both sides need for mutual deterrence, and whether they have it.

    Breaking the peace gives `win` against a soft side and conflict against a hard one. Peace between all types is an equilibrium
    if no side gains by breaking it even when hard: both credibilities are at least (win - status quo) / (win - fight_hard). The
    authors call this the sure-thing deterrence equilibrium.

    Args:
        parameters: as declared in `case.published`; win > status_quo > fight_hard.

    Returns:
        `threshold` and `sure_thing`.

    Raises:
        ValueError: if the payoffs are in another order.
    """
    win, quo, hard = parameters["win"], parameters["status_quo"], parameters["fight_hard"]
    require((win > quo) & (quo > hard), "status_quo must lie between fight_hard and win")
    threshold = (win - quo) / (win - hard)
    lower = np.minimum(parameters["credibility_a"], parameters["credibility_b"])
    return {"threshold": threshold, "sure_thing": 1.0 * (lower >= threshold)}
