"""Published strategic games, by author and year, written from their definitions.

Each module computes a game's results from arrays of parameters. `case.published` declares the parameters and results;
docs/published-games.md derives every formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from tocsin.models.published import (
    fearon1994,
    fearon1995,
    jackson_nei2015,
    kydd2005,
    powell2006,
    signorino_tarar2006,
    zagare_kilgour2000,
)

Parameters: TypeAlias = Mapping[str, np.ndarray]
"""Parameter -> (D,) values."""

Results: TypeAlias = dict[str, np.ndarray]
"""Result -> (D,) values."""

SOLVERS: Mapping[str, Callable[[Parameters], Results]] = MappingProxyType(
    {
        "fearon1995_preventive": fearon1995.preventive,
        "fearon1995_risk_return": fearon1995.risk_return,
        "fearon1994": fearon1994.audience_costs,
        "powell2006": powell2006.commitment,
        "zagare_kilgour2000_unilateral": zagare_kilgour2000.unilateral,
        "zagare_kilgour2000_mutual": zagare_kilgour2000.mutual,
        "signorino_tarar2006": signorino_tarar2006.immediate_deterrence,
        "kydd2005": kydd2005.trust,
        "jackson_nei2015": jackson_nei2015.vulnerability,
    }
)


def solve(name: str, parameters: Parameters) -> Results:
    """Return the results of a published game.

    Args:
        name: of the game, as in `case.published.PUBLISHED`.
        parameters: all parameters of the game, (D,) each, within their ranges.

    Returns:
        Result -> (D,) values.

    Raises:
        KeyError: if there is no such game, or a parameter is missing.
        ValueError: if parameters contradict each other; the message names the first draw in which they do.
    """
    return SOLVERS[name](parameters)
