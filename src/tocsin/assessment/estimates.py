"""Decide tests that read estimates, judgements and records, but solve no game.

Such a test is evaluated on a large sample of its own: neither the record of a theatre nor a discount factor bears on it. The sample
also traces which inputs the test reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from tocsin.assessment.drivers import Margins, signed_ranks
from tocsin.assessment.evaluate import Evaluator, Source
from tocsin.assessment.judgements import Outcome
from tocsin.assessment.situations import central_models
from tocsin.assessment.worlds import EDGE, with_correlation
from tocsin.case.compiled import Test
from tocsin.case.joint import JointBeliefs, joint_beliefs
from tocsin.case.nodes import Call, calls
from tocsin.case.schema import Case

SAMPLE = 16_384
"""Worlds of the sample, a power of 2: the standard error of a share is at most 0.4 points."""
FEW, FLIPPED = 512, 2048
"""Worlds of the sample, powers of 2, in which the drivers are found, and in which tests are read again with beliefs moved."""


class TracedDraws(Mapping[str, np.ndarray]):
    """Draws of the beliefs of a case, each computed when it is first read, with the names of those that were read.

    The points are scrambled Sobol' points (Owen 1998), the same for each seed; beliefs that rest on one fit have its correlation.
    """

    def __init__(self, case: Case, seed: int, shuffled: Collection[str] = ()) -> None:
        self._case, self._shuffled = case, frozenset(shuffled)
        self._values, self._read = _store(case, seed).draws, set[str]()
        self._columns = {name: index for index, name in enumerate(case.distributions)}
        self._points = _points(case, seed)

    def __getitem__(self, name: str) -> np.ndarray:
        self._read.add(name)
        if name not in self._values:
            self._values[name] = self._case.distributions[name].quantile(self._points[:, self._columns[name]])
        values = self._values[name]
        return _of_other_worlds(values) if name in self._shuffled else values

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def points(self, name: str) -> np.ndarray:
        """Return the quantiles (SAMPLE,) at which a belief is drawn."""
        return np.asarray(self._points[:, self._columns[name]])

    @property
    def read(self) -> frozenset[str]:
        """Return the names of the beliefs that were read so far."""
        return frozenset(self._read)


def _of_other_worlds(values: np.ndarray) -> np.ndarray:
    """Return draws in another order; a constant, which has none, from half to one and a half times its value."""
    return values * np.linspace(0.5, 1.5, SAMPLE) if np.ptp(values) == 0 else np.roll(values, SAMPLE // 2 + 1)


@dataclass(frozen=True)
class _Store:
    """What all tests of a case share: the draws, and the quantities read from them."""

    draws: dict[str, np.ndarray] = field(default_factory=dict)
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict)


@lru_cache(maxsize=2)  # a case as it stands, and with a change
def _store(_case: Case, _seed: int) -> _Store:
    """Return the store of a case, empty at first."""
    return _Store()


def _points(case: Case, seed: int) -> np.ndarray:
    return _points_of(tuple(case.distributions), joint_beliefs(case), seed)


@lru_cache(maxsize=1)
def _points_of(names: tuple[str, ...], groups: tuple[JointBeliefs, ...], seed: int) -> np.ndarray:
    """Return the points (SAMPLE, beliefs) of some beliefs, which a changed case shares with the case as it stands."""
    from scipy.stats import qmc

    sobol = qmc.Sobol(d=max(len(names), 1), scramble=True, rng=np.random.default_rng(seed))
    points = with_correlation(np.clip(sobol.random(SAMPLE), EDGE, 1.0 - EDGE), names, groups)
    points.flags.writeable = False  # several cases share the array
    return points


def truth(case: Case, test: Test, threshold: float | None, seed: int) -> np.ndarray:
    """Return where a test without a game holds at a threshold, (SAMPLE,): 1, 0, or nan where it is undefined."""
    test = replace(test, central=threshold)
    return np.broadcast_to(evaluator(case, test, seed).truth(test.node), (SAMPLE,))


def outcome(case: Case, test: Test, seed: int, shuffled: Collection[str] = ()) -> Outcome:
    """Return where a test without a game holds, with the draws of the inputs that it reads; some may be those of other worlds."""
    draws = TracedDraws(case, seed, shuffled)
    # a quantity from the store would not show which inputs it reads
    holds = np.broadcast_to(_evaluator(case, test, draws, {}).truth(test.node), (SAMPLE,))
    return Outcome({name: draws[name] for name in draws.read}, holds, np.full(SAMPLE, 1.0 / SAMPLE), 1.0)


def margins(case: Case, test: Test, seed: int, names: Collection[str]) -> Margins:
    """Return the margin by which a test without a game holds, over some inputs, in `FEW` worlds of the sample."""
    margin = np.broadcast_to(evaluator(case, test, seed).margin(test.node), (SAMPLE,))[:FEW]
    draws, weights = TracedDraws(case, seed), np.full(FEW, 1.0 / FEW)
    points = {name: draws.points(name)[:FEW] for name in sorted(names) if not case.distributions[name].is_certain}
    return Margins("sample", points, signed_ranks(margin, weights), weights, 1.0)


def evaluator(case: Case, test: Test, seed: int) -> Evaluator:
    """Return what evaluates a test without a game in the sample."""
    return _evaluator(case, test, TracedDraws(case, seed), _store(case, seed).memo)


def moved(case: Case, test: Test, seed: int, fixed: Mapping[str, float]) -> Evaluator:
    """Return what evaluates a test without a game in `FLIPPED` worlds of the sample, with some beliefs fixed."""
    draws = _FirstDraws(TracedDraws(case, seed), {name: np.full(FLIPPED, value) for name, value in fixed.items()})
    source = _reader(case, draws, {}) if calls(test.node) else _InputsAlone(draws)
    return Evaluator(case, source, np.full(FLIPPED, 1.0 / FLIPPED), test.central)


class _FirstDraws(Mapping[str, np.ndarray]):
    """The first `FLIPPED` draws of each belief, some of them replaced; a belief that nothing reads is not drawn."""

    def __init__(self, draws: TracedDraws, replaced: Mapping[str, np.ndarray]) -> None:
        self._draws, self._replaced = draws, replaced

    def __getitem__(self, name: str) -> np.ndarray:
        return self._replaced[name] if name in self._replaced else self._draws[name][:FLIPPED]

    def __contains__(self, name: object) -> bool:
        return name in self._draws

    def __iter__(self) -> Iterator[str]:
        return iter(self._draws)

    def __len__(self) -> int:
        return len(self._draws)


def _evaluator(case: Case, test: Test, draws: TracedDraws, memo: dict[tuple[object, ...], Any]) -> Evaluator:
    source = _reader(case, draws, memo) if calls(test.node) else _InputsAlone(draws)
    return Evaluator(case, source, np.full(SAMPLE, 1.0 / SAMPLE), test.central)


@dataclass(frozen=True)
class _InputsAlone:
    """The source of a test that reads no quantity."""

    draws: Mapping[str, np.ndarray]

    def read(self, call: Call) -> np.ndarray:
        raise TypeError(f"{call.name} needs the models")


def _reader(case: Case, draws: Mapping[str, np.ndarray], memo: dict[tuple[object, ...], Any]) -> Source:
    # imported here: quantities load the models, and a case without theatres has none
    from tocsin.assessment.quantities import Reader

    return Reader(case, central_models(case)[0], {}, draws, memo)
