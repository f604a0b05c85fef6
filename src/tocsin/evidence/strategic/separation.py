"""Separation: coefficients that tell perfectly which action was taken, so that the likelihood wants them larger and larger."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.special import logsumexp

from tocsin.evidence.strategic.sample import Sample
from tocsin.evidence.strategic.specification import shown
from tocsin.games.tree import Decision, Node, Outcome, walk


def separated(sample: Sample, logs: np.ndarray) -> Iterator[str]:
    """Says of each decision at which coefficients of its mover tell perfectly, or perfectly for some cases and wrongly for none,
    which action was taken (complete and quasi-complete separation; Albert and Anderson 1984, Biometrika 71(1)).

    What an action is worth to a mover is linear in its coefficients once the play that follows is given, so this is a linear
    programme (Konis 2007): is there a direction along which no case is told worse and one is told better? At last decisions nothing
    follows; at earlier ones the play that is foreseen at the estimate is taken.

    Args:
        sample: the cases.
        logs: (cases, outcomes) logarithms of the probabilities at the estimate.
    """
    for decision in (node for node in walk(sample.specification.game.root) if isinstance(node, Decision)):
        ends = [_ends(child) for child in decision.actions.values()]
        if len(ends) != 2:
            continue
        places = [[sample.specification.game.outcomes.index(end) for end in side] for side in ends]
        there = np.isin(sample.outcome, [*places[0], *places[1]])
        columns, told = _differences(sample, decision.player, ends, places, logs)
        if not there.any() or not columns.size:
            continue
        sign = np.where(np.isin(sample.outcome[there], places[1]), 1.0, -1.0)
        if names := _direction(sign[:, None] * told[there], [sample.names[at] for at in columns]):
            yield (
                f"separation at the decision of player {decision.player} between {' or '.join('/'.join(side) for side in ends)}: "
                f"{', '.join(names)} tell which action is taken without an error, so their estimates and errors are not to be trusted"
            )


def _ends(node: Node) -> list[str]:
    return [str(each.next) for each in walk(node) if isinstance(each, Outcome)]


def _differences(
    sample: Sample, player: str, ends: list[list[str]], places: list[list[int]], logs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The mover's coefficients, and by how much each changes what the second action is worth over the first, (cases, coefficients)."""
    predictors = list(sample.designs)
    weights = np.zeros((len(logs), len(predictors)))
    for sign, side, at in zip((-1.0, 1.0), ends, places, strict=True):
        reached = np.exp(logs[:, at] - logsumexp(logs[:, at], axis=1, keepdims=True))
        for end, chance in zip(side, reached.T, strict=True):
            if (name := shown((player, end))) in predictors:
                weights[:, predictors.index(name)] = sign * chance
    used = np.flatnonzero(np.abs(weights).max(axis=0) > 0)
    columns = np.flatnonzero(np.isin(sample.predictor, used))
    return columns, sample.matrix[:, columns] * weights[:, sample.predictor[columns]]


def _direction(signed: np.ndarray, names: list[tuple[str, str]]) -> list[str]:
    """Names of the coefficients along a direction in which every row of `signed` is at least 0 and one is more; none if there is none."""
    scaled = signed / np.maximum(np.abs(signed).max(axis=0), 1e-300)
    found = linprog(
        -scaled.sum(axis=0), A_ub=-scaled, b_ub=np.zeros(len(scaled)), bounds=[(-1.0, 1.0)] * len(names), method="highs"
    )
    if not found.success or -found.fun < 1e-6:
        return []
    return [f"{name}:{term}" for (name, term), size in zip(names, found.x, strict=True) if abs(size) > 1e-6]
