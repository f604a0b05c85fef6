"""The comparisons that `and`, `or` and `not` join in a test: each has a margin in its own unit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tocsin.assessment.evaluate import Evaluator, both
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Node, Unary


def leaves(test: Test) -> tuple[Node, ...]:
    """Return the comparisons of a test, from left to right; for a chance, the whole test."""
    return (test.node,) if test.chance else tuple(dict.fromkeys(_leaves(test.node)))


def _leaves(node: Node) -> list[Node]:
    match node:
        case Binary(op="and" | "or", a=a, b=b):
            return [*_leaves(a), *_leaves(b)]
        case Unary(op="not", x=x):
            return _leaves(x)
        case _:
            return [node]


def margins(test: Test, evaluator: Evaluator) -> np.ndarray:
    """Return the margin of each comparison of a test, (comparisons, D), or the chance that the test asks for, (1, D)."""
    read = evaluator.truth if test.chance else evaluator.margin
    return np.stack([np.broadcast_to(read(leaf), evaluator.weights.shape) for leaf in leaves(test)])


def truth(test: Test, values: np.ndarray) -> np.ndarray:
    """Return where a test holds, (D,) of 1, 0 or nan, from the margins of its comparisons, or the chance in [0, 1] that it asks for."""
    if test.chance:
        return np.clip(values[0], 0.0, 1.0)
    held = dict(zip(leaves(test), np.where(np.isnan(values), np.nan, values > 0.0), strict=True))
    return _joined(test.node, held.__getitem__)


def _joined(node: Node, held: Callable[[Node], np.ndarray]) -> np.ndarray:
    match node:
        case Binary(op="and", a=a, b=b):
            return both(_joined(a, held), _joined(b, held))
        case Binary(op="or", a=a, b=b):
            return 1.0 - both(1.0 - _joined(a, held), 1.0 - _joined(b, held))
        case Unary(op="not", x=x):
            return 1.0 - _joined(x, held)
        case _:
            return held(node)


def squashed(margins: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Return margins (comparisons, D) between -1 and 1 that keep their sign, so that infinite ones can be fitted and interpolated.

    Args:
        margins: (comparisons, D).
        scales: (comparisons,) see `scales_of`.
    """
    return np.asarray(np.arctan(margins / scales[:, None]) * 2.0 / np.pi)


def scales_of(margins: np.ndarray) -> np.ndarray:
    """Return the typical size, > 0, of each row of margins (comparisons, D): the median of those that are finite."""
    sizes = [np.abs(row[np.isfinite(row)]) for row in margins]
    return np.array([max(float(np.median(row)) if len(row) else 1.0, 1e-300) for row in sizes])
