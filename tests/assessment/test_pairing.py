"""Differences of probabilities in the same worlds: their errors, and changed cases that share the games of others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import seeded

from tocsin.assessment.challenging.answers import Shift, shift
from tocsin.assessment.pairing.influence import Placed, WorldSet, influence, paired_error, variance
from tocsin.assessment.shares import Group, enough

pytestmark = pytest.mark.numeric


def weighted(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return where two tests hold in the same worlds, and two sets of weights of these worlds."""
    x = rng.random(size)
    logs = np.exp(1.5 * x), np.exp(1.2 * x + 0.2 * rng.random(size))
    one, other = (each / np.sum(each) for each in logs)
    return (x < 0.4).astype(float), (x < 0.45).astype(float), one, other


def test_the_error_of_a_paired_difference_matches_its_spread() -> None:
    rng = np.random.default_rng(seeded(7))
    values, errors, unpaired = [], [], []
    for _ in range(400):
        first, second, one, other = weighted(rng, 500)
        groups: list[dict[WorldSet, Group]] = [{("a",): Group([first], one)}, {("a",): Group([second], other)}]
        bears = [influence(group, 1) for group in groups]
        shares = [enough(list(group.values()), 1) for group in groups]
        values.append(shares[1].probability - shares[0].probability)
        errors.append(variance(*bears) ** 0.5)
        unpaired.append(float(np.hypot(shares[0].error, shares[1].error)))
    spread = np.std(values)
    assert np.mean(errors) == pytest.approx(spread, rel=0.15)
    assert np.mean(errors) < 0.7 * np.mean(unpaired)


def test_the_error_of_a_product_over_groups_matches_its_spread() -> None:
    """Two groups have worlds of their own, and two of three tests must hold, of which one is undefined in some worlds."""
    rng = np.random.default_rng(seeded(8))
    values, errors = [], []
    for _ in range(400):
        first, second, one, _other = weighted(rng, 300)
        lone = np.where(rng.random(200) < 0.1, np.nan, (rng.random(200) < 0.3).astype(float))
        groups: dict[WorldSet, Group] = {
            ("a",): Group([first, second], one),
            ("b",): Group([lone], np.full(200, 1 / 200)),
        }
        values.append(enough(list(groups.values()), 2).probability)
        errors.append(variance(influence(groups, 2), {}) ** 0.5)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.15)


@settings(deadline=None)
@given(
    truths=st.lists(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=6, max_size=6), min_size=1, max_size=3),
    wanted=st.integers(1, 3),
    world=st.integers(0, 5),
)
def test_influence_is_the_slope_of_a_probability(truths: Sequence[Sequence[float]], wanted: int, world: int) -> None:
    """More weight on one world moves the probability by its influence, to first order; all influences sum to zero."""
    weights = np.arange(1.0, 7.0) / 21.0
    arrays, lone = [np.array(truth) for truth in truths], np.array([1.0, 0.0, 1.0])
    wanted = min(wanted, len(arrays) + 1)

    def groups(moved: float) -> dict[tuple[str, ...], Group]:
        changed = weights.copy()
        changed[world] *= 1.0 + moved
        return {("a",): Group(arrays, changed / np.sum(changed)), ("b",): Group([lone], np.full(3, 1 / 3))}

    def share(moved: float) -> float:
        return enough(list(groups(moved).values()), wanted).probability

    bears = influence(groups(0.0), wanted)
    if np.isnan(share(0.0)):
        assert not any(values.any() for values in bears.values())
        return
    assert bears["a",][world] == pytest.approx((share(1e-6) - share(-1e-6)) / 2e-6, abs=1e-6)
    for values in bears.values():
        assert np.sum(values) == pytest.approx(0.0, abs=1e-12)


def test_the_influence_of_a_mean_chance_is_its_slope() -> None:
    chance, weights = np.array([0.2, 0.9, np.nan, 0.4]), np.array([0.1, 0.2, 0.3, 0.4])
    bears = influence({("a",): Group([chance], weights, chance=True)}, 1)["a",]
    moved = weights * np.array([1.0, 1.0 + 1e-6, 1.0, 1.0])
    new = enough([Group([chance], moved / np.sum(moved), chance=True)], 1).probability
    old = enough([Group([chance], weights, chance=True)], 1).probability
    assert bears[1] == pytest.approx((new - old) / 1e-6, abs=1e-5)
    assert bears[2] == 0.0


# --- a change of several types in common worlds -----------------------------------------------------------------------

POOL = {"one": 0.3, "two": 0.7}
"""Weights of two types of challenger."""


def moved(rng: np.random.Generator, wanted: int, size: int = 8000) -> tuple[Shift, float]:
    """Return the shift of a claim of two parts in two places, of which one changes, and the change itself, pooled."""
    x, y = rng.random(size), rng.random(size // 2)
    weights = {"one": np.exp(x), "two": np.exp(0.5 * (1.0 - x))}

    def placed(edge: float, kind: str) -> Placed:
        here = Group([(x < edge).astype(float)], weights[kind] / np.sum(weights[kind]))
        return {("a",): here, ("b",): Group([(y < 0.7).astype(float)], np.full(len(y), 1.0 / len(y)))}

    before, after = ({kind: placed(edge, kind) for kind in POOL} for edge in (0.4, 0.5))
    shifted = shift(before, after, wanted, POOL)
    return shifted, sum(POOL[kind] * change for kind, change in shifted.change.items())


@pytest.mark.parametrize("wanted", [1, 2])
def test_the_error_of_a_shift_matches_its_spread_where_any_part_or_all_are_needed(wanted: int) -> None:
    rng = np.random.default_rng(seeded(5))
    shifts, changes = zip(*(moved(rng, wanted) for _ in range(400)), strict=True)
    assert np.std(changes) == pytest.approx(np.mean([one.pooled_error for one in shifts]), rel=0.12)
    for kind in POOL:
        spread = np.std([one.change[kind] for one in shifts])
        assert spread == pytest.approx(np.mean([one.error[kind] for one in shifts]), rel=0.12)


def test_a_part_that_holds_almost_surely_leaves_little_of_another_that_need_not_hold() -> None:
    """One of two parts suffices: with the other at 70 %, a change of one moves the claim by 30 % of it, and so does its error."""
    rng = np.random.default_rng(seeded(6))
    any_part, _ = moved(rng, 1)
    rng = np.random.default_rng(seeded(6))
    both, _ = moved(rng, 2)
    assert any_part.pooled_error < 0.6 * both.pooled_error


def test_a_difference_in_which_no_world_changes_sides_has_the_error_of_one_world() -> None:
    assert paired_error({}, {}, 50.0) == pytest.approx(1 / 50)
