"""Say how each world bears on a probability: the influence values behind the error of a difference.

A probability p is a ratio of weighted means over the worlds, p = sum w f / sum w g: f says where enough tests hold, and g where that is
defined. To first order, world d moves it by

    psi_d = w_d (f_d - p g_d) / sum w g.

The variance of p is about the sum of psi^2 (self-normalised weights: Owen, Monte Carlo theory, methods and examples, 2013, eq. 9.8). Two
cases in common worlds have the difference psi - psi' in each world, so what both share cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tocsin.assessment.shares import Checks, Group

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles
    from tocsin.assessment.situations import Model

WorldSet: TypeAlias = tuple[str, ...]
"""Names of the worlds in which some tests are read; two cases with the same set share its worlds."""
Influence: TypeAlias = Mapping[WorldSet, np.ndarray]
"""By set of worlds, how each world (D,) bears on a probability; each array sums to zero."""
Placed: TypeAlias = Mapping[WorldSet, Group]
"""By set of worlds, where tests hold in it."""


def placed(checks: Checks, ensembles: Ensembles, model: Model | None) -> dict[WorldSet, Group]:
    """Return where checks hold, by set of worlds. A model is needed only for checks of games."""
    sample: WorldSet = (
        "",
        *checks.case.distributions,
    )  # cases with the same inputs share the sample of their estimates
    alone: dict[WorldSet, Group] = dict.fromkeys([sample], checks.estimated[0]) if checks.estimated else {}
    games = {theatres: checks.solved(ensembles, model, theatres) for theatres in checks.modelled} if model else {}
    return {**alone, **games}


def fewest(groups: Placed) -> float:
    """Return the smallest effective number of worlds behind a probability."""
    return min(group.effective for group in groups.values())


def influence(groups: Placed, wanted: int) -> dict[WorldSet, np.ndarray]:
    """Return how each world bears on the probability that at least `wanted` of the tests of all groups hold.

    Groups have different worlds, and are independent: see `shares.enough`. For a chance, which stands alone, the mean counts.
    """
    if any(group.chance for group in groups.values()):
        return {world_set: _of_chance(group) for world_set, group in groups.items()}
    holds, bears = _parts(groups, wanted, lambda truth: truth == 1.0)
    may_hold, may_bear = _parts(groups, wanted, lambda truth: truth != 0.0)
    defined = 1.0 + holds - may_hold
    if defined <= 0.0:
        return {world_set: np.zeros(len(group.weights)) for world_set, group in groups.items()}
    share = holds / defined
    return {
        world_set: (bears[world_set] - share * (bears[world_set] - may_bear[world_set])) / defined
        for world_set in groups
    }


def _of_chance(group: Group) -> np.ndarray:
    chance = np.broadcast_to(group.truths[0], group.weights.shape)
    known = np.isfinite(chance)
    inside = np.where(known, group.weights, 0.0)
    whole = float(np.sum(inside))
    if whole <= 0.0:
        return np.zeros(len(inside))
    values = np.where(known, chance, 0.0)
    return np.asarray(inside * (values - float(np.sum(inside * values)) / whole) / whole)


def _parts(
    groups: Placed, wanted: int, holds: Callable[[np.ndarray], np.ndarray]
) -> tuple[float, dict[WorldSet, np.ndarray]]:
    """Return the share of worlds in which enough tests hold, and how each world bears on it.

    A world of one group bears on it by the chance that enough tests hold, given how many hold in that world.
    """
    counts = {world_set: _counts(group, holds) for world_set, group in groups.items()}
    share = float(np.sum(reduce(np.convolve, [row for row, _ in counts.values()])[wanted:]))
    bears = {}
    for world_set, group in groups.items():
        others = [row for other, (row, _) in counts.items() if other != world_set]
        enough = _at_least(others, wanted, len(group.truths))
        held = counts[world_set][1]
        given = np.where(held < 0, 0.0, enough[np.maximum(held, 0)])
        bears[world_set] = group.weights * (given - share)
    return share, bears


def _counts(group: Group, holds: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of each number of tests that hold, and that number in each world; -1 where an essential one fails."""
    table = group.table(lambda truth: np.asarray(holds(truth)))
    essential = np.all(table[list(group.essential)], axis=0)
    held = np.where(essential, np.sum(table, axis=0), -1)
    inside = essential.nonzero()[0]
    row = np.bincount(held[inside], weights=group.weights[inside], minlength=len(group.truths) + 1)
    return row, held


def _at_least(others: Sequence[np.ndarray], wanted: int, most: int) -> np.ndarray:
    """Return the probability that the other groups make up what is lacking, for each number of tests that hold here, 0 to `most`."""
    row = reduce(np.convolve, others, np.ones(1))
    tail = np.append(np.cumsum(row[::-1])[::-1], 0.0)
    lacking = np.clip(wanted - np.arange(most + 1), 0, len(tail) - 1)
    return np.asarray(tail[lacking])


def pooled(parts: Sequence[tuple[float, Influence]]) -> dict[WorldSet, np.ndarray]:
    """Return the influence on a weighted mean of probabilities in the same worlds: of (weight, influence) by challenger type."""
    world_sets = dict.fromkeys(world_set for _, part in parts for world_set in part)
    return {world_set: np.asarray(sum(weight * part[world_set] for weight, part in parts)) for world_set in world_sets}


def variance(one: Influence, other: Influence) -> float:
    """Return the variance of the difference of two probabilities, paired where they share their worlds."""
    total = 0.0
    for world_set in {*one, *other}:
        total += float(np.sum((one.get(world_set, np.zeros(1)) - other.get(world_set, np.zeros(1))) ** 2))
    return total


def paired_error(one: Influence, other: Influence, worlds: float) -> float:
    """Return the standard error of the difference of two probabilities, paired where they share their worlds.

    One world more on either side, of so many effective ones, is added: a difference in which no world changes sides has an error too.
    """
    return float((variance(one, other) + worlds**-2) ** 0.5)
