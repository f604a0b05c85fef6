"""What a page needs to guess at once what a moved belief makes of a claim: the solved worlds, their weights, and where its tests hold.

The page weights each world by how much likelier the moved belief makes it, and reads the share of worlds in which a test holds.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.reading import reads_of
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.requests import Theatres, theatres_of
from tocsin.assessment.situations import Model, central_models
from tocsin.case.compiled import Test
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble

STEPS = 65_535
"""Quantiles are sent as whole numbers from 0 to this."""
TABLE = np.linspace(0.001, 0.999, 101)
"""Quantiles of a belief whose values are sent."""
_RANGE = re.compile(r"([a-z]+)\(\s*[^\s,()]+\s+to\s+[^\s,()]+\s*\)\Z")
"""A distribution given by its 5 % and 95 % points."""


def sketch(bench: Bench, name: str) -> dict[str, Any]:
    """Return the solved worlds of a claim that games decide.

    `groups` has, for each set of theatres, the quantiles of the inputs (`points`, one after another), and by type of challenger the weights.
    `tests` has the part, the group, the probability and, by type, where the test holds: 1, 0, or another number where it is undefined.
    `unseen` names the parts whose measure misses a control, and which therefore have no figure.
    `inputs` has the inputs that the page can move: the family, and values at the quantiles `TABLE`.
    """
    case, tests = bench.claims, bench.modelled(name)
    parts = {part: test for part, test in case.tests[name].items() if test in tests}
    places = list(dict.fromkeys(theatres_of(case, [test.node]) for test in parts.values()))
    movable = _movable(bench.case, reads_of(bench, name).beliefs)
    return {
        "claim": name,
        "pool": {kind: shape.weight for kind, shape in case.types.items()},
        "inputs": movable,
        "table": TABLE.tolist(),
        "groups": [_group(bench, bench.judge.central[place], list(movable)) for place in places],
        "tests": [_test(bench, part, test, places) for part, test in parts.items() if test not in bench.unseen],
        "unseen": [part for part, test in parts.items() if test in bench.unseen],
    }


def _test(bench: Bench, part: str, test: Test, places: list[Theatres]) -> dict[str, Any]:
    theatres, known = theatres_of(bench.claims, [test.node]), bench.tested[test].probability
    assert known is not None  # games decide it, and no control fails
    ensemble = bench.judge.central[theatres]
    return {
        "part": part,
        "group": places.index(theatres),
        "probability": known.mid,
        "holds": {model.type: _packed(_truth(bench, ensemble, model, test)) for model in central_models(bench.claims)},
    }


def _movable(case: Case, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return the inputs that are written by their 5 % and 95 % points."""
    found = {}
    for name in names:
        written = _RANGE.match(case.beliefs[name].is_)
        if written is not None:
            values = case.distributions[name].quantile(TABLE)
            found[name] = {"family": written[1], "values": [float(f"{value:.6g}") for value in values]}
    return found


def _group(bench: Bench, ensemble: Ensemble, names: list[str]) -> dict[str, Any]:
    points = np.stack([ensemble.worlds.points[name] for name in names]) if names else np.zeros((0, 0))
    return {
        "worlds": ensemble.worlds.size,
        "points": _packed(np.round(points * STEPS).astype("<u2")),
        "weights": {kind: _packed(ensemble.weight(kind).astype("<f4")) for kind in bench.claims.types},
    }


def _truth(bench: Bench, ensemble: Ensemble, model: Model, test: Test) -> np.ndarray:
    weights = ensemble.weight(model.type)
    truth = Evaluator(bench.claims, ensemble.reader(model), weights, test.central).truth(test.node)
    return np.broadcast_to(truth, weights.shape).astype("<f4")


def _packed(values: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
