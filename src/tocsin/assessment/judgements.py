"""Find tests whose outcome only repeats what an author has judged.

A test without a game repeats a judgement if all the uncertain inputs that it reads are judged: whatever its words, it compares
numbers that an author put in with one another, with a fact or with a constant.

A game connects its inputs in ways that no author wrote down. Its result still repeats a judgement if a single judged input settles it,
or the ratio of two judged inputs of one kind: one cut through their values tells in nearly all worlds whether the test holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tocsin.assessment.evaluate import Source
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES

SETTLED = 0.98
"""Share of worlds in which a cut must tell the outcome."""
MIN_SHARE = 0.05
"""The rarer outcome must have this share of worlds at least: below it, chance alone finds a cut."""
NEAR = 0.2
"""A cut may miss at most this part of the rarer outcome."""


@dataclass(frozen=True)
class Outcome:
    """Where a test holds in the worlds of one model.

    Attributes:
        draws: input -> its values (D,).
        truth: (D,) 1, 0 or nan.
        weights: (D,), which sum to one.
        pool: weight of the model.
    """

    draws: Mapping[str, np.ndarray]
    truth: np.ndarray
    weights: np.ndarray
    pool: float


@dataclass(frozen=True)
class Shuffled:
    """A source whose games are those of other worlds: what does not change with it does not rest on the games."""

    source: Source

    @property
    def draws(self) -> Mapping[str, np.ndarray]:
        """Return the draws, as they are."""
        return self.source.draws

    def read(self, call: Call) -> np.ndarray:
        """Return a quantity: that of another world if it needs a game."""
        values = self.source.read(call)
        return np.roll(values, len(values) // 2 + 1, axis=-1) if QUANTITIES[call.name].game else values


def settled_by(outcomes: Sequence[Outcome], judged: Iterable[str]) -> tuple[str, ...]:
    """Return the judged input, or the two whose ratio, that settles a test; nothing if none does.

    Args:
        outcomes: of one test in each model.
        judged: the judged inputs of the case.
    """
    if not outcomes:
        return ()
    truth = np.concatenate([outcome.truth for outcome in outcomes])
    weights = np.concatenate([outcome.pool * outcome.weights for outcome in outcomes]) * np.isfinite(truth)
    total = float(np.sum(weights))
    if total <= 0.0:
        return ()
    weights, holds = weights / total, truth == 1.0
    rarer = min(float(np.sum(weights * holds)), float(np.sum(weights * ~holds)))
    if rarer < MIN_SHARE:
        return ()
    allowed = min(1.0 - SETTLED, NEAR * rarer)
    values = {name: np.concatenate([outcome.draws[name] for outcome in outcomes]) for name in judged}
    for names, candidate in _candidates(values):
        if missed(candidate, holds, weights) <= allowed:
            return names
    return ()


def _candidates(values: Mapping[str, np.ndarray]) -> Iterator[tuple[tuple[str, ...], np.ndarray]]:
    """Yield each input that varies, then the ratio of each two positive inputs of one kind."""
    varying = {name: column for name, column in values.items() if np.ptp(column) > 0}
    for name, column in varying.items():
        yield (name,), column
    positive = {name: column for name, column in varying.items() if np.min(column) > 0}
    for one, other in combinations(positive, 2):
        if _kind(one) == _kind(other):
            yield (one, other), positive[one] / positive[other]


def _kind(name: str) -> str:
    return name.partition(".")[0].partition("@")[0]


def missed(values: np.ndarray, holds: np.ndarray, weights: np.ndarray) -> float:
    """Return the smallest weight of worlds that a cut through some values puts on the wrong side.

    Args:
        values: (D,), finite.
        holds: (D,) truth of the test.
        weights: (D,), which sum to one.
    """
    order = np.argsort(values, kind="stable")
    signed = np.where(holds[order], weights[order], -weights[order])
    # below a cut, worlds that hold are wrong; above it, worlds that fail
    below = np.concatenate([[0.0], np.cumsum(signed)])
    last = np.concatenate([[True], np.diff(values[order]) > 0, [True]])  # a cut does not part equal values
    wrong = below[last] + float(np.sum(weights * ~holds))
    return float(min(np.min(wrong), np.min(1.0 - wrong)))
