"""Extended immediate deterrence (Signorino and Tarar, American Journal of Political Science 50, 2006)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import norm


def immediate_deterrence(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the probabilities of attack and defence when each payoff has a normal private part with standard deviation s.

    The defender defends with probability q = Phi((U_D(war) - U_D(capitulation)) / (s sqrt 2)). The attacker knows
    q and attacks with probability Phi((q U_A(war) + (1 - q) U_A(capitulation) - U_A(status quo)) / (s sqrt(1 + q^2 + (1 - q)^2))).

    Args:
        parameters: as declared in `case.published`.

    Returns:
        `attack`, `defend`, `capitulation`, `war`.
    """
    spread = parameters["spread"]
    defend = norm.cdf((parameters["defender_war"] - parameters["defender_capitulation"]) / (spread * np.sqrt(2.0)))
    expected = defend * parameters["attacker_war"] + (1.0 - defend) * parameters["attacker_capitulation"]
    scale = spread * np.sqrt(1.0 + defend**2 + (1.0 - defend) ** 2)
    attack = norm.cdf((expected - parameters["attacker_status_quo"]) / scale)
    return {
        "attack": attack,
        "defend": defend,
        "capitulation": attack * (1.0 - defend),
        "war": attack * defend,
    }
