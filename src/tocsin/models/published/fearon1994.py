"""Crises in front of domestic audiences (Fearon, American Political Science Review 88, 1994)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.games.attrition import horizon_and_firm


def audience_costs(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the outcome of a war of attrition between two states whose audience costs grow with time.

    Backing down at time t costs state i its audience slope a_i times t; war values are uniform from -w_i to 0. A state that may
    still back down is indifferent between that and waiting if the other backs down at rate h with (1 + a_i t) h = a_i. So state j
    has not yet backed down with probability (1 - k_j) / (1 + a_i t), where k_j is its probability of backing down at once. At the
    horizon T only states that prefer war remain: those with war values above -a_j T, a share min(a_j T / w_j, 1). Only one state
    backs down at once: the one whose own horizon, with k = 0, is later.

    Args:
        parameters: as declared in `case.published`.

    Returns:
        `concede_a`, `concede_b`, `wins_a`, `wins_b`, `war`, `horizon`.
    """
    a, b = parameters["audience_a"], parameters["audience_b"]
    horizon, left_a, left_b = horizon_and_firm(a, b, parameters["aversion_a"], parameters["aversion_b"])
    concede_a = np.clip(1.0 - left_a * (1.0 + b * horizon), 0.0, 1.0)
    concede_b = np.clip(1.0 - left_b * (1.0 + a * horizon), 0.0, 1.0)
    wins_a = _wins(concede_b, concede_a, a, b, horizon)
    wins_b = _wins(concede_a, concede_b, b, a, horizon)
    return {
        "concede_a": concede_a,
        "concede_b": concede_b,
        "wins_a": wins_a,
        "wins_b": wins_b,
        "war": left_a * left_b,
        "horizon": horizon,
    }


def _wins(
    yields: np.ndarray, own_yields: np.ndarray, own: np.ndarray, other: np.ndarray, horizon: np.ndarray
) -> np.ndarray:
    """Return the probability that the other backs down first.

    The other backs down at once with probability `yields`, or later at rate own / (1 + own t) while neither has
    backed down.
    """
    nodes, weights = np.polynomial.legendre.leggauss(80)
    time = 0.5 * horizon[..., None] * (nodes + 1.0)
    own_side, other_side = own[..., None], other[..., None]
    density = own_side / (1.0 + own_side * time) ** 2 / (1.0 + other_side * time)
    later = 0.5 * horizon * np.sum(weights * density, axis=-1)
    wins: np.ndarray = yields + (1.0 - yields) * (1.0 - own_yields) * later
    return wins
