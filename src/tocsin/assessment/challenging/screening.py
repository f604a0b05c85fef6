"""Rank the ends of judged inputs by what the solved worlds let one expect there, so that the dearest work comes where it may matter.

In each world of the claim as it stands, its test holds or fails, by some margin. Both are fitted by weighted least squares to a straight and a
curved polynomial of the input's quantile. The fit gives by how much the probability should change with the input at an end. It is an
expectation alone: only games solved again decide what a change does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.seeing import Sight, registers, sights
from tocsin.assessment.drivers import signed_ranks
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.requests import theatres_of
from tocsin.assessment.situations import Model, central_models
from tocsin.case.compiled import Test

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble

Reading: TypeAlias = Callable[[Model, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Returns where something holds in a model, and the signed ranks of its margin, (D,) each, for weights of the worlds."""

MARGIN = 0.1
"""Weight of the move of the margin beside that of the probability: it tells inputs apart where a test holds in all worlds or in none."""


@dataclass(frozen=True)
class Expected:
    """What to expect of an input at a quantile.

    Attributes:
        change: largest expected change of the probability of a test of the claim.
        promise: the same with a share of the expected move of the margin, to rank by.
    """

    change: float
    promise: float


def expected(bench: Bench, name: str, beliefs: tuple[str, ...], quantile: float) -> dict[str, Expected]:
    """Return what to expect of a claim with each of some inputs at a quantile; nothing for inputs without draws."""
    best: dict[str, Expected] = {}
    for ensemble, read in _readings(bench, name):
        changes = {belief: np.zeros(2) for belief in beliefs}
        for model in central_models(bench.claims):
            weights = ensemble.weight(model.type)
            truth, ranks = read(model, weights)
            pool = bench.claims.types[model.type].weight
            for belief in beliefs:
                points = ensemble.worlds.points[belief]
                changes[belief] += pool * np.array(
                    [_fitted(values, weights, points, quantile) for values in (truth, ranks)]
                )
        for belief, (share, margin) in changes.items():
            expectation = Expected(abs(float(share)), abs(float(share)) + MARGIN * abs(float(margin)))
            if belief not in best or best[belief].promise < expectation.promise:
                best[belief] = expectation
    return best


def _readings(bench: Bench, name: str) -> Iterator[tuple[Ensemble, Reading]]:
    """Yield what may move of a claim: its tests, and the controls that some of them fail, each with the worlds in which it is read."""

    def of_test(test: Test, ensemble: Ensemble, model: Model, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        evaluator = Evaluator(bench.claims, ensemble.reader(model), weights, test.central)
        truth, margin = evaluator.truth(test.node), evaluator.margin(test.node)
        return np.broadcast_to(truth, weights.shape), signed_ranks(np.broadcast_to(margin, weights.shape), weights)

    def of_control(
        sight: Sight, ensemble: Ensemble, model: Model, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        (truth,) = registers(ensemble, sight, model).truths
        return truth, signed_ranks(truth - 0.5, weights)

    for test in bench.modelled(name):
        ensemble = bench.judge.central[theatres_of(bench.claims, [test.node])]
        yield ensemble, partial(of_test, test, ensemble)
        for sight in sights(bench.claims, test) if test in bench.unseen else ():
            yield ensemble, partial(of_control, sight, ensemble)


def _fitted(values: np.ndarray, weights: np.ndarray, points: np.ndarray, quantile: float) -> float:
    """Return the fitted value at a quantile minus the mean, in the worlds in which the values are defined; 0 if there are none."""
    known = np.isfinite(values) & (weights > 0.0)
    if not known.any():
        return 0.0
    inside = weights[known] / np.sum(weights[known])
    line = 2.0 * np.append(points[known], quantile) - 1.0
    basis = np.stack([line, 1.5 * line**2 - 0.5])
    centred = basis - (basis[:, :-1] @ inside)[:, None]
    deviation = values[known] - inside @ values[known]
    gram = (centred[:, :-1] * inside) @ centred[:, :-1].T + 1e-9 * np.eye(2)
    return float(np.linalg.solve(gram, centred[:, :-1] @ (inside * deviation)) @ centred[:, -1])
