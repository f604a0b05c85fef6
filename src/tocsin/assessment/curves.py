"""Find how the probability of a test depends on its threshold, and where its verdict turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tocsin.assessment.comparisons import ORDERS
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.result import Curve
from tocsin.assessment.words import FAILS, HOLDS
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Node

EDGES = ((HOLDS - 0.5) / 100.0, (FAILS - 0.5) / 100.0)
"""The probabilities, before they are rounded to whole percentages, from which a test holds, and below which it fails."""

HALVINGS = 40
"""Steps of a bisection: they narrow a swept range to a billionth of its length."""


@dataclass(frozen=True)
class Voice:
    """The worlds of one model and the model's weight in the pool.

    Attributes:
        weight: of the model; those of a pool sum to 1.
        evaluator: evaluates tests in its worlds, at any threshold.
    """

    weight: float
    evaluator: Evaluator

    def at(self, threshold: float | None) -> Evaluator:
        """Return the evaluator at a threshold, or without one."""
        return replace(self.evaluator, threshold=threshold)


def curve(test: Test, voices: Sequence[Voice], means: str) -> Curve | None:
    """Return the pooled probability by threshold, and the thresholds at which its verdict turns.

    Args:
        test: the test whose thresholds are swept.
        voices: the models that are pooled.
        means: what the central threshold is, in a reader's words.

    Returns:
        None if the test reads no threshold.
    """
    if test.central is None:
        return None
    node, swept = test.node, sorted(test.thresholds)
    points = tuple((value, share) for value in swept if np.isfinite(share := probability(node, voices, value)))
    exact = _critical(node, voices)
    if exact is None:
        turns = _bisected(points, lambda value: probability(node, voices, value))
    else:
        turns = (turn for edge in EDGES if (turn := _quantile(*exact, edge)) is not None and turn >= swept[0])
    return Curve(points=points, turns=tuple(sorted(set(turns))), unit=test.unit, means=means)


def probability(node: Node, voices: Iterable[Voice], threshold: float) -> float:
    """Return the pooled share of worlds in which a test holds, of those in which it is defined; nan if a model has none."""
    total = 0.0
    for voice in voices:
        truth = voice.at(threshold).truth(node)
        weights = np.where(np.isnan(truth), 0.0, voice.evaluator.weights)
        defined = float(np.sum(weights))
        total += voice.weight * (float(np.sum(weights * (truth == 1.0))) / defined if defined > 0 else np.nan)
    return float(np.clip(total, 0.0, 1.0))


# --- one comparison: from the distribution over worlds -------------------------------------------------------------


def _critical(node: Node, voices: Iterable[Voice]) -> tuple[np.ndarray, np.ndarray, bool] | None:
    """Return the threshold at which each world changes sides, the worlds' weights, and whether the test holds below it.

    None if the test is not one comparison in which every world changes sides once, and all in the same direction.
    """
    if not isinstance(node, Binary) or node.op not in ORDERS:
        return None
    values, weights, slopes = [], [], []
    for voice in voices:
        start, one, two = (voice.at(value).margin(node) for value in (0.0, 1.0, 2.0))
        known = np.isfinite(start) & np.isfinite(one)
        start, one, two = (margin[known] for margin in (start, one, two))
        slope = one - start
        if not known.any() or not np.allclose(two - one, slope, rtol=1e-9, atol=1e-12):
            return None
        inside = np.broadcast_to(voice.evaluator.weights, known.shape)[known]
        with np.errstate(divide="ignore", invalid="ignore"):
            values.append(-start / slope)
        weights.append(voice.weight * inside / np.sum(inside))
        slopes.append(slope)
    signs = np.sign(np.concatenate(slopes))
    if signs[0] == 0 or np.any(signs != signs[0]):
        return None
    return np.concatenate(values), np.concatenate(weights), bool(signs[0] < 0)


def _quantile(values: np.ndarray, weights: np.ndarray, below: bool, edge: float) -> float | None:
    """Return the threshold at which the share of worlds that hold crosses an edge; None if it never does."""
    order = np.argsort(-values if below else values, kind="stable")
    reached = np.flatnonzero(np.cumsum(weights[order]) >= edge - 1e-12)
    return float(values[order[reached[0]]]) if len(reached) else None


# --- any other test: by bisection within the swept range -----------------------------------------------------------


def _bisected(points: Sequence[tuple[float, float]], share: Callable[[float], float]) -> Iterator[float]:
    """Yield the thresholds at which a probability crosses an edge between two swept values."""
    for (low, first), (high, last) in pairwise(points):
        for edge in EDGES:
            if (first >= edge) != (last >= edge):
                yield _crossing(low, high, first >= edge, lambda value, edge=edge: share(value) >= edge)  # type: ignore[misc]


def _crossing(low: float, high: float, at_low: bool, above: Callable[[float], bool]) -> float:
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) == at_low else (low, middle)
    return (low + high) / 2
