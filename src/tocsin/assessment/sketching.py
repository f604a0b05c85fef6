"""Collect what a page needs to estimate at once how a moved belief changes tests that games decide: worlds, weights, and where tests hold.

The page weights each solved world by how much likelier the moved belief makes it, and reads the share of worlds in which a test holds. This is
self-normalised importance sampling (Kong, Liu and Wong, JASA 89, 1994); see frontend/src/sketch.ts.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.requests import Theatres, basis_of, theatres_of
from tocsin.assessment.result import ClaimResult, Likelihood
from tocsin.assessment.situations import Model, central_models

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble, Ensembles
    from tocsin.case.compiled import Test
    from tocsin.case.schema import Case

STEPS = 65_535
"""Quantiles are sent as whole numbers from 0 to this."""
HOLDS, UNDEFINED = 254, 255
"""Where a test holds is sent as a whole number from 0 (it fails) to `HOLDS` (it holds), between them for a chance; or as `UNDEFINED`."""
TABLE = np.linspace(0.001, 0.999, 51)
"""Quantiles of a belief whose values are sent."""
MAX_POINTS = 120_000
"""Quantiles that are sent at most, of all inputs in all worlds: 0.3 MB as text."""
_RANGE = re.compile(r"([a-z]+)\(\s*[^\s,()]+\s+to\s+[^\s,()]+\s*\)\Z")
"""A distribution given by its 5 % and 95 % points."""

Reads = Callable[["Test"], Collection[str]]
"""Returns the beliefs that a test reads."""


@dataclass(frozen=True)
class Sketched:
    """A test to guess.

    Attributes:
        claim: its id.
        part: of the claim; empty for the whole.
        test: what is tested.
        probability: as it stands.
    """

    claim: str
    part: str
    test: Test
    probability: float


def sketch_data(case: Case, tests: Sequence[Sketched], ensembles: Ensembles, reads: Reads) -> dict[str, Any]:
    """Return the solved worlds of some tests that games decide, ready for JSON.

    `pool` has the weights of the types of challenger. `inputs` has the inputs that the page can move: the family, and values at the
    quantiles `table`. `groups` has, for each set of theatres, the names of its inputs, their quantiles (`points`, one input after another), and
    by type the weights. `tests` has the claim, the part, the group, the probability and, by type, where the test holds.
    """
    theatre_sets = list(dict.fromkeys(theatres_of(case, [item.test.node]) for item in tests))
    read = {theatres: _movable(case, _there(case, tests, theatres), reads) for theatres in theatre_sets}
    count = MAX_POINTS // max(sum(map(len, read.values())), 1)
    worlds = {theatres: ensembles[theatres].thinned(count) for theatres in theatre_sets}
    return {
        "pool": {kind: shape.weight for kind, shape in case.types.items()},
        "inputs": {name: _values(case, name) for name in case.beliefs if any(name in names for names in read.values())},
        "table": TABLE.tolist(),
        "groups": [_group(case, worlds[theatres], read[theatres]) for theatres in theatre_sets],
        "tests": [_test(case, item, worlds, theatre_sets) for item in tests],
    }


def sketch_of_run(case: Case, claims: Iterable[ClaimResult], ensembles: Ensembles, reads: Reads) -> bytes | None:
    """Return the data of the claims of a run as JSON; None if games decide none of them."""
    tests = list(_decided(case, claims))
    if not tests:
        return None
    return json.dumps(sketch_data(case, tests, ensembles, reads), separators=(",", ":")).encode("ascii")


def of_claim(data: Mapping[str, Any], claim: str) -> dict[str, Any] | None:
    """Return the part of the data that a page needs for one claim; None if games decide none of its tests."""
    tests = [test for test in data["tests"] if test["claim"] == claim]
    if not tests:
        return None
    indices = sorted({test["group"] for test in tests})
    groups = [data["groups"][index] for index in indices]
    read = {name for group in groups for name in group["inputs"]}
    return {
        **data,
        "inputs": {name: values for name, values in data["inputs"].items() if name in read},
        "groups": groups,
        "tests": [{**test, "group": indices.index(test["group"])} for test in tests],
    }


def _decided(case: Case, claims: Iterable[ClaimResult]) -> Iterator[Sketched]:
    """Yield the tests that games decided with a probability; those whose measure misses a control have none."""
    for claim in claims:
        parts: dict[str, Likelihood | None] = {part.name: part.probability for part in claim.parts}
        for name, test in case.tests[claim.id].items():
            known = parts.get(name, claim.probability)
            if known is not None and basis_of(case, test) == "model":
                yield Sketched(claim.id, name if claim.parts else "", test, known.mid)


def _there(case: Case, tests: Iterable[Sketched], theatres: Theatres) -> list[Test]:
    return [item.test for item in tests if theatres_of(case, [item.test.node]) == theatres]


def _movable(case: Case, tests: Iterable[Test], reads: Reads) -> list[str]:
    """Return the inputs that some tests read and that are written by their 5 % and 95 % points."""
    read = frozenset[str]().union(*map(reads, tests))
    return [name for name, belief in case.beliefs.items() if name in read and _RANGE.match(belief.is_)]


def _values(case: Case, name: str) -> dict[str, Any]:
    written = _RANGE.match(case.beliefs[name].is_)
    assert written is not None
    values = case.distributions[name].quantile(TABLE)
    return {"family": written[1], "values": [float(f"{value:.4g}") for value in values]}


def _group(case: Case, ensemble: Ensemble, names: list[str]) -> dict[str, Any]:
    points = np.stack([ensemble.worlds.points[name] for name in names]) if names else np.zeros((0, 0))
    return {
        "worlds": ensemble.worlds.size,
        "inputs": names,
        "points": _packed(np.round(points * STEPS).astype("<u2")),
        "weights": {kind: _packed(ensemble.weight(kind).astype("<f4")) for kind in case.types},
    }


def _test(case: Case, item: Sketched, worlds: Ensembles, places: list[Theatres]) -> dict[str, Any]:
    theatres = theatres_of(case, [item.test.node])
    holds = {model.type: _packed(_truth(case, worlds[theatres], model, item.test)) for model in central_models(case)}
    return {
        "claim": item.claim,
        "part": item.part,
        "group": places.index(theatres),
        "probability": float(f"{item.probability:.6g}"),
        "holds": holds,
    }


def _truth(case: Case, ensemble: Ensemble, model: Model, test: Test) -> np.ndarray:
    weights = ensemble.weight(model.type)
    truth = Evaluator(case, ensemble.reader(model), weights, test.central).truth(test.node)
    steps = np.where(np.isnan(truth), UNDEFINED, np.round(np.nan_to_num(truth) * HOLDS))
    return np.broadcast_to(steps, weights.shape).astype("u1")


def _packed(values: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
