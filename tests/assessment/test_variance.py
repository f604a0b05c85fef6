"""Shares of variance: closed forms, the numbers of another program, and the axioms of Shapley."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import qmc

from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.variance import Sample, VarianceShares, variance_shares

pytestmark = pytest.mark.numeric

SALIB = {
    "ishigami": {
        "first": ([0.31422, 0.44344, -0.00033], [0.02985, 0.02774, 0.0264]),
        "total": ([0.55755, 0.44222, 0.24454], [0.04615, 0.01903, 0.01459]),
    },
    "g": {
        "first": ([0.72311, 0.18188, 0.02312], [0.03545, 0.01627, 0.00768]),
        "total": ([0.79291, 0.24399, 0.03455], [0.03143, 0.01383, 0.00272]),
    },
}
"""Indices by SALib 1.6.0 with half the widths of their 95 % intervals (sample.sobol and analyze.sobol, N = 4096, seed 1)."""
G_COEFFICIENTS = np.array([0.0, 1.0, 4.5])


def uniform(inputs: int, size: int, seed: int = 1) -> np.ndarray:
    return np.asarray(qmc.Sobol(inputs, scramble=True, rng=np.random.default_rng(seed)).random(size).T)


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def g_function(points: np.ndarray) -> np.ndarray:
    spread = G_COEFFICIENTS[:, None]
    return np.asarray(np.prod((np.abs(4 * points - 2) + spread) / (1 + spread), axis=0))


def shares(points: np.ndarray, values: np.ndarray) -> VarianceShares:
    return variance_shares([Sample(points, values, np.full(len(values), 1 / len(values)))])


def test_the_ishigami_function_has_its_shares_within_their_intervals() -> None:
    a, b, pi = 7.0, 0.1, np.pi
    first = [(1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, 0.0]
    both = 8 * b**2 * pi**8 / 225
    whole = sum(first) + both
    truth = np.array([first[0] + both / 2, first[1], both / 2]) / whole
    points = uniform(3, 2048)
    result = shares(points, ishigami(points))
    assert np.all((result.low <= truth) & (truth <= result.high))
    assert result.first == pytest.approx(np.array(first) / whole, abs=0.01)
    assert result.total == pytest.approx(np.array([first[0] + both, first[1], both]) / whole, abs=0.02)


def test_the_g_function_has_its_shares_within_their_intervals() -> None:
    alone = 1 / 3 / (1 + G_COEFFICIENTS) ** 2
    whole = np.prod(1 + alone) - 1
    truth = np.zeros(3)
    for size in range(1, 4):
        for group in map(list, combinations(range(3), size)):
            truth[group] += np.prod(alone[group]) / whole / size
    points = uniform(3, 2048)
    result = shares(points, g_function(points))
    assert np.all((result.low <= truth) & (truth <= result.high)), (truth, result)


@pytest.mark.parametrize(("name", "function"), [("ishigami", ishigami), ("g", g_function)])
def test_sobol_indices_agree_with_those_of_another_program(
    name: str, function: Callable[[np.ndarray], np.ndarray]
) -> None:
    points = uniform(3, 2048)
    result = shares(points, function(points))
    for kind, ours in (("first", result.first), ("total", result.total)):
        theirs, widths = map(np.array, SALIB[name][kind])
        assert np.all(np.abs(ours - theirs) <= widths + 0.01)


def gaussian(correlation: float, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the quantiles of two correlated normal inputs and the inputs."""
    normal = ndtri(uniform(2, size, seed))
    normal[1] = correlation * normal[0] + np.sqrt(1 - correlation**2) * normal[1]
    order = np.argsort(np.argsort(normal, axis=1), axis=1)
    return (order + 0.5) / size, normal


@pytest.mark.parametrize("correlation", [-0.7, 0.0, 0.4, 0.9])
def test_two_correlated_normal_inputs_have_the_shares_of_owen_and_prieur(correlation: float) -> None:
    one, two = 1.0, 2.0
    points, normal = gaussian(correlation, 2048, 3)
    result = shares(points, one * normal[0] + two * normal[1])
    variance = one**2 + two**2 + 2 * correlation * one * two
    common, half = correlation * one * two, correlation**2 / 2
    truth = np.array(
        [one**2 * (1 - half) + common + two**2 * half, two**2 * (1 - half) + common + one**2 * half]
    )  # Owen and Prieur 2017, sec. 4.2
    assert result.shapley == pytest.approx(truth / variance, abs=0.02)
    assert result.explained == pytest.approx(1.0, abs=0.01)


def test_an_interval_covers_the_truth_about_as_often_as_stated() -> None:
    truth, inside, runs = np.array([0.5, 0.125]), np.zeros(2), 120
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        points = rng.random((2, 400))
        values = np.sqrt(12) * (points[0] + 0.5 * points[1]) + np.sqrt(0.75) * rng.standard_normal(400)
        result = variance_shares([Sample(points, values, np.full(400, 1 / 400), seed=seed)])
        inside += (result.low <= truth) & (truth <= result.high)
    assert np.all(inside / runs > 0.8)


def test_weights_count_as_repetitions_do() -> None:
    rng = np.random.default_rng(5)
    points = rng.random((2, 300))
    values = points[0] + points[1] ** 2 + 0.2 * rng.standard_normal(300)
    weights = np.where(np.arange(300) < 150, 2.0, 1.0)
    twice = np.concatenate([np.arange(300), np.arange(150)])
    weighted = variance_shares([Sample(points, values, weights / weights.sum())])
    repeated = shares(points[:, twice], values[twice])
    assert weighted.shapley == pytest.approx(repeated.shapley, abs=0.01)


def test_worlds_without_weight_change_nothing_and_samples_are_pooled_by_their_weight() -> None:
    rng = np.random.default_rng(6)
    points = rng.random((2, 400))
    values = points[0] + 0.1 * rng.standard_normal(400)
    spoilt = np.where(np.arange(400) < 100, 1e6, values)
    weights = np.where(np.arange(400) < 100, 0.0, 1 / 300)
    first = Sample(points, spoilt, weights)
    assert variance_shares([first]).shapley == pytest.approx(shares(points[:, 100:], values[100:]).shapley, abs=1e-6)
    other = Sample(points, points[1], np.full(400, 1 / 400), pool=3.0)
    pooled = variance_shares([first, other]).shapley
    apart = variance_shares([first]).shapley / 4 + 3 * variance_shares([other]).shapley / 4
    assert pooled == pytest.approx(apart)


# --- the axioms of Shapley, on random games ----------------------------------------------------------------------------

PLAYERS = ("A", "B", "C", "D")
games = st.lists(st.floats(-5, 5), min_size=16, max_size=16).map(
    lambda values: {group: np.array([value]) for group, value in zip(coalitions(PLAYERS), values, strict=True)}
)


@settings(max_examples=50)
@given(games, games)
def test_the_value_of_a_sum_of_games_is_the_sum_of_their_values(
    one: dict[frozenset[str], np.ndarray], two: dict[frozenset[str], np.ndarray]
) -> None:
    total = shapley(PLAYERS, {group: one[group] + 2.0 * two[group] for group in one})
    for player in PLAYERS:
        assert total[player] == pytest.approx(
            shapley(PLAYERS, one)[player] + 2.0 * shapley(PLAYERS, two)[player], abs=1e-9
        )


def test_shares_sum_to_what_all_inputs_explain_whatever_their_order() -> None:
    rng = np.random.default_rng(7)
    points = rng.random((4, 500))
    values = points[0] * points[1] + points[2] + 0.3 * rng.standard_normal(500)
    result = shares(points, values)
    assert np.sum(result.shapley) == pytest.approx(result.explained)
    turned = shares(points[::-1], values)
    assert turned.shapley[::-1] == pytest.approx(result.shapley)
    assert result.shapley[3] == pytest.approx(0.0, abs=0.03)
