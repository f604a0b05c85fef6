"""Whether the games of a test settle in enough worlds.

Worlds whose base games have not settled have no weight; where another game of a test has not settled, the test is undefined (see
`Reader.read`). Few such worlds matter little. Many would select the worlds, and so nothing is decided.
"""

from __future__ import annotations

import numpy as np

from tocsin.assessment.ensemble import Ensembles
from tocsin.assessment.quantities import needs
from tocsin.assessment.requests import theatres_of
from tocsin.assessment.situations import central_models
from tocsin.assessment.words import percent
from tocsin.case.compiled import Test
from tocsin.case.nodes import calls

BASE_GAMES, OTHER_GAMES = 0.95, 0.9
"""Smallest shares of the weight of the worlds in which the base games, and each other game of a test, must settle."""


def unsettled(ensembles: Ensembles, test: Test) -> str:
    """Return in how many worlds the games of a test settle if these are too few; empty if they are enough."""
    case = next(iter(ensembles.values())).case
    ensemble = ensembles[theatres_of(case, [test.node])]
    for model in central_models(case):
        if (share := ensemble.settled(model.type)) < BASE_GAMES:
            return f"The base games of the type `{model.type}` settle in only {percent(share)} of worlds by weight."
        weight = ensemble.weight(model.type)
        for call in calls(test.node):
            for game in needs(case, model, call):
                share = float(np.sum(weight[ensemble.solutions[game].settled]))
                if share < OTHER_GAMES:
                    return f"A game of `{call.name}` for the type `{model.type}` settles in only {percent(share)} of worlds by weight."
    return ""
