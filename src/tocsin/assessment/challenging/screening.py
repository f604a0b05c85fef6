"""Rank the ends of judged inputs by what the solved worlds let one expect there, so that the dearest work comes where it may matter.

In each world of the claim as it stands, its test holds or fails, by some margin. Both are fitted by weighted least squares to a straight and a
curved polynomial of the input's quantile. The fit gives by how much the probability should change with the input at an end. It is an
expectation alone: only games solved again decide what a change does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.drivers import signed_ranks
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.requests import theatres_of
from tocsin.assessment.situations import central_models

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
    for test in bench.modelled(name):
        ensemble = bench.judge.central[theatres_of(bench.claims, [test.node])]
        changes = {belief: np.zeros(2) for belief in beliefs}
        for model in central_models(bench.claims):
            weights = ensemble.weight(model.type)
            evaluator = Evaluator(bench.claims, ensemble.reader(model), weights, test.central)
            truth = np.broadcast_to(evaluator.truth(test.node), weights.shape)
            ranks = signed_ranks(np.broadcast_to(evaluator.margin(test.node), weights.shape), weights)
            pool = bench.claims.types[model.type].weight
            for belief in beliefs:
                points = ensemble.worlds.points[belief]
                changes[belief] += pool * np.array(
                    [_fitted(values, weights, points, quantile) for values in (truth, ranks)]
                )
        for belief, (share, margin) in changes.items():
            found = Expected(abs(float(share)), abs(float(share)) + MARGIN * abs(float(margin)))
            if belief not in best or best[belief].promise < found.promise:
                best[belief] = found
    return best


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
