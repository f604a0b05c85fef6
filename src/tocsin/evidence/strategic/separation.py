"""Detect separation: regressors predict an action perfectly, so that the likelihood keeps rising as their coefficients grow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.special import logsumexp

from tocsin.evidence.strategic.sample import Sample
from tocsin.evidence.strategic.specification import utility_name
from tocsin.games.tree import Decision, Node, Outcome, walk


def separation_warnings(sample: Sample, logs: np.ndarray) -> Iterator[str]:
    """Yield a warning for each decision between two actions that some coefficients separate.

    Separation is complete (perfect for all cases) or quasi-complete (perfect for some and wrong for none; Albert and Anderson 1984,
    Biometrika 71(1)). Later play is held as estimated, so the utility difference of two actions is linear in the mover's coefficients.
    A linear programme therefore detects separation (Konis 2007): is there a direction that predicts one case better and no case worse?

    Args:
        sample: the cases.
        logs: (cases, outcomes) log probabilities at the estimate.
    """
    outcomes = sample.specification.game.outcomes
    for decision in (node for node in walk(sample.specification.game.root) if isinstance(node, Decision)):
        ends = [_outcomes_below(child) for child in decision.actions.values()]
        if len(ends) != 2:
            continue
        first, second = ([outcomes.index(end) for end in side] for side in ends)
        reached = np.isin(sample.outcome, [*first, *second])
        columns, differences = _differences(sample, decision.player, ends, logs)
        if not reached.any() or not columns.size:
            continue
        sign = np.where(np.isin(sample.outcome[reached], second), 1.0, -1.0)
        if names := _separating(sign[:, None] * differences[reached], [sample.names[index] for index in columns]):
            sides = " and ".join("/".join(side) for side in ends)
            yield (
                f"separation at the decision of player {decision.player} between {sides}: {', '.join(names)} predict the action "
                "perfectly, so do not trust their estimates and standard errors"
            )


def _outcomes_below(node: Node) -> list[str]:
    return [str(end.next) for end in walk(node) if isinstance(end, Outcome)]


def _differences(sample: Sample, player: str, ends: list[list[str]], logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mover's coefficients, and their effects (cases, coefficients) on the second action's value minus the first's."""
    predictors = list(sample.designs)
    weights = np.zeros((len(logs), len(predictors)))
    for sign, side in zip((-1.0, 1.0), ends, strict=True):
        indices = [sample.specification.game.outcomes.index(end) for end in side]
        probabilities = np.exp(logs[:, indices] - logsumexp(logs[:, indices], axis=1, keepdims=True))
        for end, probability in zip(side, probabilities.T, strict=True):
            if (name := utility_name((player, end))) in predictors:
                weights[:, predictors.index(name)] = sign * probability
    used = np.flatnonzero(np.abs(weights).max(axis=0) > 0)
    columns = np.flatnonzero(np.isin(sample.predictor, used))
    return columns, sample.matrix[:, columns] * weights[:, sample.predictor[columns]]


def _separating(signed: np.ndarray, names: list[tuple[str, str]]) -> list[str]:
    """Return the coefficients of a direction in which no row of `signed` is negative and one is positive; empty if none exists."""
    scaled = signed / np.maximum(np.abs(signed).max(axis=0), 1e-300)
    solution = linprog(
        -scaled.sum(axis=0), A_ub=-scaled, b_ub=np.zeros(len(scaled)), bounds=[(-1.0, 1.0)] * len(names), method="highs"
    )
    if not solution.success or -solution.fun < 1e-6:
        return []
    return [f"{name}:{term}" for (name, term), size in zip(names, solution.x, strict=True) if abs(size) > 1e-6]
