"""Whether the games of a test settle in enough worlds.

Worlds whose base games have not settled have no weight; where another game of a test has not settled, the test is undefined (see
`Reader.read`). Few such worlds matter little. Many would select the worlds, and so nothing is decided. If it is at a swept discount factor
that they are many, the range of the claim leaves that model out and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.assessment.ensemble import Ensembles
from tocsin.assessment.quantities import needs
from tocsin.assessment.requests import theatres_of
from tocsin.assessment.situations import Model
from tocsin.assessment.words import percent
from tocsin.case.nodes import Node, calls

BASE_GAMES, OTHER_GAMES = 0.95, 0.9
"""Smallest shares of the weight of the worlds in which the base games, and each other game of a test, must settle."""


def unsettled(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> str:
    """Return in how many worlds of a model the games of some tests of the same theatres settle if these are too few; empty if enough."""
    case = next(iter(ensembles.values())).case
    ensemble = ensembles[theatres_of(case, tests)]
    central = model.discount == case.discounting.central
    whose = f"the type `{model.type}`" + ("" if central else f" at a discount factor of {model.discount:g}")
    if (share := ensemble.settled(model.type)) < BASE_GAMES:
        return f"The base games of {whose} settle in only {percent(share)} of worlds by weight."
    weight = ensemble.weight(model.type)
    for call in (call for test in tests for call in calls(test)):
        for game in needs(case, model, call):
            share = float(np.sum(weight[ensemble.solutions[game].settled]))
            if share < OTHER_GAMES:
                return f"A game of `{call.name}` for {whose} settles in only {percent(share)} of worlds by weight."
    return ""
