"""Whether the games of a test settle in enough worlds.

Worlds whose base games have not settled have no weight; where another game of a test has not settled, the test is undefined (see
`Reader.read`). Few such worlds matter little. Many would select the worlds, and so nothing is decided. If it is at a swept discount factor
that they are many, the range of the claim leaves that model out and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tocsin.assessment.ensemble import Ensembles
from tocsin.assessment.health_result import Shortfall
from tocsin.assessment.quantities import needs
from tocsin.assessment.requests import basis_of, theatres_of
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.shares import by_chance
from tocsin.assessment.situations import Model, central_models
from tocsin.assessment.weighting import effective
from tocsin.assessment.words import UNSETTLED
from tocsin.case.nodes import Node, calls
from tocsin.translation import Text, sentence

BASE_GAMES, OTHER_GAMES = 0.95, 0.9
"""Smallest shares of the weight of the worlds in which the base games, and each other game of a test, must settle."""


def shortfall(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> Shortfall | None:
    """Return which games of some tests of the same theatres settle in too few worlds of a model; None if all settle in enough."""
    return next((row for row in _settled(ensembles, model, tests) if row.share < row.needed), None)


def hardly_settled(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> bool:
    """Return whether chance may decide if the games of some tests of the same theatres settle in enough worlds of a model."""
    rows = list(_settled(ensembles, model, tests))
    count = effective(ensembles[rows[0].theatres].weight(model.type))
    return any(by_chance(row.share, row.needed, count) for row in rows)


def _settled(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> Iterator[Shortfall]:
    """Yield how often the games of some tests of the same theatres settle in the worlds of a model, the base games first."""
    case = next(iter(ensembles.values())).case
    theatres = theatres_of(case, tests)
    ensemble = ensembles[theatres]
    base = Shortfall(
        theatres=theatres,
        type=model.type,
        discount=None if model.discount == case.discounting.central else model.discount,
        quantity="",
        share=ensemble.settled(model.type),
        needed=BASE_GAMES,
    )
    yield base
    weight = ensemble.weight(model.type)
    for call in (call for test in tests for call in calls(test)):
        for game in needs(case, model, call):
            share = float(np.sum(weight[ensemble.solutions[game].settled]))
            yield replace(base, quantity=call.name, share=share, needed=OTHER_GAMES)


def unsettled(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> Text:
    """Return, in words, that the games of some tests of the same theatres settle in too few worlds of a model; empty if they do not."""
    reason = shortfall(ensembles, model, tests)
    return sentence(reason.text if reason else "")


def shortfalls(ensembles: Ensembles, claims: Iterable[ClaimResult]) -> dict[Shortfall, tuple[str, ...]]:
    """Return why the games of claims without a verdict do not settle, with the claims concerned."""
    case, claims_by_reason = next(iter(ensembles.values())).case, dict[Shortfall, list[str]]()
    for claim in claims:
        if UNSETTLED not in (claim.words, *(part.words for part in claim.parts)):
            continue
        for test in case.tests[claim.id].values():
            if basis_of(case, test) != "model":
                continue
            reasons = (shortfall(ensembles, model, [test.node]) for model in central_models(case))
            if (first := next((reason for reason in reasons if reason), None)) is not None:
                claims_by_reason.setdefault(first, []).append(claim.id)
    return {reason: tuple(dict.fromkeys(names)) for reason, names in claims_by_reason.items()}
