"""Count the worlds in which enough tests hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tocsin.assessment import estimates
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.requests import Theatres, basis_of, theatres_of
from tocsin.assessment.verdicts import ERRORS
from tocsin.assessment.world_count import WorldCount
from tocsin.case.compiled import Test
from tocsin.case.nodes import Node
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles
    from tocsin.assessment.situations import Model

Rule: TypeAlias = Callable[[np.ndarray], np.ndarray]
"""Says where a test counts as holding, by its truth (D,) of 1, 0 or nan."""

UNDEFINED = 1e-9
"""Smallest share of worlds that counts: sums of weights err by less."""


@dataclass(frozen=True)
class Share:
    """The shares of worlds in which enough tests hold, and in which that is undefined, each in [0, 1].

    For a chance, `holds` is its mean over worlds, 0 where it is undefined, and `deviation` its standard deviation, None otherwise.
    `effective` is the effective number of worlds.
    """

    holds: float
    undefined: float
    effective: float
    deviation: float | None = None

    @property
    def probability(self) -> float:
        """Return the share that holds among the worlds in which the tests are defined; nan if there are none."""
        defined = 1.0 - self.undefined
        return float(np.clip(self.holds / defined, 0.0, 1.0)) if defined > UNDEFINED else np.nan

    @property
    def error(self) -> float:
        """Return the standard error of the probability: of the mean of a chance, or of a share of worlds.

        The latter is that of a share of n effective draws (Kish 1965) with two successes and two failures added (Agresti and Coull, The
        American Statistician 52, 1998), so that a share of 0 or 1 has an error too.
        """
        if self.deviation is not None:
            return self.deviation / float(np.sqrt(self.effective))
        share = (self.probability * self.effective + 2.0) / (self.effective + 4.0)
        return float(np.sqrt(share * (1.0 - share) / (self.effective + 4.0)))

    def moved(self, new: Share, old: Share) -> Share:
        """Return this share plus the difference between two others."""
        holds = float(np.clip(self.holds + new.holds - old.holds, 0.0, 1.0))
        undefined = float(np.clip(self.undefined + new.undefined - old.undefined, 0.0, 1.0 - holds))
        return replace(self, holds=holds, undefined=undefined)


def by_chance(share: float, needed: float, effective: float) -> bool:
    """Return whether the sampling error of a share of worlds may decide if it is as large as needed."""
    return abs(share - needed) < ERRORS * Share(share, 0.0, effective).error


@dataclass(frozen=True)
class Check:
    """A test with the tree and the threshold to evaluate, its own or others; an essential one must hold whatever the others do."""

    test: Test
    node: Node
    threshold: float | None
    essential: bool = False

    @classmethod
    def of(cls, test: Test, *, essential: bool = False) -> Check:
        """Return the check of a test as it stands, at its central threshold."""
        return cls(test, test.node, test.central, essential)


@dataclass(frozen=True)
class Group:
    """Where each of some tests holds in the same worlds: (D,) arrays of 1, 0 or nan, with weights that sum to one.

    `essential` are the positions of the tests that must hold whatever the others do. With `chance` there is one array, of the chance
    in each world, in [0, 1] or nan.
    """

    truths: Sequence[np.ndarray]
    weights: np.ndarray
    essential: tuple[int, ...] = ()
    chance: bool = False

    @property
    def effective(self) -> float:
        """Return the effective number of worlds."""
        return float(1.0 / np.sum(self.weights**2))

    def enough(self, wanted: int, holds: Rule) -> np.ndarray:
        """Return in which worlds (D,) at least `wanted` tests hold, the essential ones among them."""
        table = self.table(holds)
        return (np.sum(table, axis=0) >= wanted) & np.all(table[list(self.essential)], axis=0)

    def table(self, holds: Rule) -> np.ndarray:
        """Return where each test holds: (tests, D)."""
        return np.stack([np.broadcast_to(holds(truth), self.weights.shape) for truth in self.truths])


def enough(groups: Sequence[Group], wanted: int) -> Share:
    """Return the share of worlds in which at least `wanted` of the tests of all groups hold, all essential ones among them.

    Different groups have different worlds. They are assumed independent. For a chance, which stands alone, return the mean.
    """
    if groups[0].chance:
        return _mean_chance(groups[0])
    holds = _at_least(groups, wanted, _is_true)
    may_hold = _at_least(groups, wanted, _may_be_true)
    return Share(holds, max(may_hold - holds, 0.0), min(group.effective for group in groups))


def _mean_chance(group: Group) -> Share:
    chance = np.broadcast_to(group.truths[0], group.weights.shape)
    known = np.isfinite(chance)
    inside = float(np.sum(group.weights[known]))
    holds = float(np.sum(group.weights[known] * chance[known]))
    spread = group.weights[known] * (chance[known] - holds / inside) ** 2 if inside > 0 else np.zeros(1)
    deviation = float(np.sqrt(np.sum(spread) / inside)) if inside > 0 else 0.0
    return Share(holds, max(1.0 - inside, 0.0), group.effective, deviation)


def _is_true(truth: np.ndarray) -> np.ndarray:
    return np.asarray(truth == 1.0)


def _may_be_true(truth: np.ndarray) -> np.ndarray:
    return np.asarray(truth != 0.0)


def count_worlds(groups: Sequence[Group], wanted: int) -> WorldCount:
    """Count the worlds of a game in which at least `wanted` tests hold, all essential ones among them.

    Args:
        groups: the same worlds, weighted as each challenger type weights them; at least one.
        wanted: how many tests must hold.
    """
    held, failed, effective = [], [], []
    for group in groups:
        holds, may_hold = group.enough(wanted, _is_true), group.enough(wanted, _may_be_true)
        known = (group.weights > 0) & (holds | ~may_hold)
        held.append(known & holds)
        failed.append(known & ~holds)
        inside = group.weights[known]
        effective.append(float(np.sum(inside) ** 2 / np.sum(inside**2)) if known.any() else 0.0)
    holding, failing = np.any(held, axis=0), np.any(failed, axis=0)
    return WorldCount(
        holds=int(np.sum(holding)),
        fails=int(np.sum(failing)),
        of=int(np.sum(holding | failing)),
        effective=min(effective),
    )


def _at_least(groups: Sequence[Group], wanted: int, holds: Rule) -> float:
    counts = reduce(np.convolve, [_counts(group, holds) for group in groups])
    return float(np.clip(np.sum(counts[wanted:]), 0.0, 1.0))


def _counts(group: Group, holds: Rule) -> np.ndarray:
    """Return the probability of each number of tests that hold, from 0 to the number of tests; worlds without an essential one drop out."""
    table = group.table(holds)
    weights = group.weights * np.all(table[list(group.essential)], axis=0)
    return np.bincount(np.sum(table, axis=0), weights=weights, minlength=len(group.truths) + 1)


def _essential(checks: Sequence[Check]) -> tuple[int, ...]:
    return tuple(index for index, check in enumerate(checks) if check.essential)


@dataclass(frozen=True)
class Checks:
    """Several checks: those without a game, evaluated once, and those of the games by theatres."""

    case: Case
    estimated: tuple[Group, ...]
    modelled: Mapping[Theatres, tuple[Check, ...]]

    @classmethod
    def of(cls, case: Case, checks: Iterable[Check], seed: int) -> Checks:
        """Return checks that facts do not decide, at least one; the seed is that of the sample without a game."""
        listed = tuple(checks)
        free = _of(case, listed, "estimate")
        truths = [estimates.truth(case, replace(check.test, node=check.node), check.threshold, seed) for check in free]
        uniform = np.full(estimates.SAMPLE, 1.0 / estimates.SAMPLE)
        modelled: dict[Theatres, tuple[Check, ...]] = {}
        for check in _of(case, listed, "model"):
            theatres = theatres_of(case, [check.node])
            modelled[theatres] = (*modelled.get(theatres, ()), check)
        return cls(case, (Group(truths, uniform, _essential(free)),) if truths else (), modelled)

    def share(self, ensembles: Ensembles, model: Model | None, wanted: int) -> Share:
        """Return the share of worlds of a model in which at least `wanted` hold; without checks of games no model is needed."""
        games = [self.solved(ensembles, model, theatres) for theatres in self.modelled] if model else []
        return enough((*self.estimated, *games), wanted)

    def count(self, ensembles: Ensembles, models: Iterable[Model], wanted: int) -> WorldCount | None:
        """Count the worlds in which at least `wanted` hold; None unless the games of one set of theatres alone decide, or of a chance."""
        if self.estimated or len(self.modelled) != 1:
            return None
        (theatres,) = self.modelled
        if self.modelled[theatres][0].test.chance:
            return None
        return count_worlds([self.solved(ensembles, model, theatres) for model in models], wanted)

    def solved(self, ensembles: Ensembles, model: Model, theatres: Theatres) -> Group:
        """Return where the checks of some theatres hold in the worlds of one model, weighted by the records of these theatres."""
        ensemble = ensembles[theatres]
        weights, reader = ensemble.weight(model.type), ensemble.reader(model)
        checks = self.modelled[theatres]
        truths = [Evaluator(self.case, reader, weights, check.threshold).truth(check.node) for check in checks]
        return Group(truths, weights, _essential(checks), any(check.test.chance for check in checks))


def _of(case: Case, checks: Sequence[Check], basis: str) -> list[Check]:
    return [check for check in checks if basis_of(case, check.test) == basis]
