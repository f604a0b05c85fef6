"""Foresight: a fit to the worlds says which move turns a test, and takes noise for little."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.assessment.foresight import Regression
from tocsin.assessment.leaves import leaves, scales_of, squashed, truth
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Input, Unary
from tocsin.case.units import Unit

pytestmark = pytest.mark.numeric

DRAWS = 2000


def points(count: int) -> dict[str, np.ndarray]:
    table = np.random.default_rng(1).random((count, DRAWS))
    return {f"x{index}": row for index, row in enumerate(table)}


def test_an_effect_of_one_belief_is_foreseen_and_that_of_the_others_is_small() -> None:
    drawn, weights = points(20), np.full(DRAWS, 1.0 / DRAWS)
    fit = Regression(drawn, weights)
    values = 3.0 * drawn["x4"] + np.random.default_rng(2).normal(0.0, 0.5, DRAWS)
    factors = fit.fit(values)
    moved = values + fit.change(factors, {"x4": 1.0})
    assert np.mean(moved) == pytest.approx(3.0, abs=0.1)
    assert np.std(moved) == pytest.approx(0.5, abs=0.05)
    for name in drawn:
        if name != "x4":
            assert abs(np.mean(fit.change(factors, {name: 1.0}))) < 0.2


def test_a_bend_is_foreseen_at_both_ends() -> None:
    drawn, weights = points(5), np.full(DRAWS, 1.0 / DRAWS)
    fit = Regression(drawn, weights)
    values = (drawn["x0"] - 0.5) ** 2
    factors = fit.fit(values)
    for end in (0.0, 1.0):
        assert np.mean(values + fit.change(factors, {"x0": end})) == pytest.approx(0.25, abs=0.02)


def test_weights_decide_which_worlds_count() -> None:
    drawn = points(1)
    inside = drawn["x0"] < 0.5
    values = np.where(inside, drawn["x0"], 5.0)
    fit = Regression(drawn, inside / np.sum(inside))
    assert np.mean((values + fit.change(fit.fit(values), {"x0": 0.4}))[inside]) == pytest.approx(0.4, abs=0.02)


def test_undefined_values_and_constant_ones_foresee_no_change() -> None:
    fit = Regression(points(2), np.full(DRAWS, 1.0 / DRAWS))
    assert np.all(fit.fit(np.full(DRAWS, np.nan)) == 0.0)
    assert np.allclose(fit.change(fit.fit(np.ones(DRAWS)), {"x0": 1.0}), 0.0)
    assert np.all(Regression({}, np.full(DRAWS, 1.0 / DRAWS)).change(np.zeros((0, 2)), {"x0": 1.0}) == 0.0)


# --- the comparisons of a test -------------------------------------------------------------------------------------------

NUMBER = Unit((), 1)  # type: ignore[arg-type]
A, B = (Binary(">", Input(name, NUMBER), Input("c", NUMBER)) for name in "ab")


def test_a_test_holds_where_its_comparisons_say() -> None:
    values = np.array([[1.0, 1.0, -1.0, np.nan], [1.0, -1.0, 1.0, -1.0]])
    for node, expected in (
        (Binary("and", A, B), [1, 0, 0, 0]),
        (Binary("or", A, B), [1, 1, 1, np.nan]),
        (Binary("and", Unary("not", A), B), [0, 0, 1, 0]),
    ):
        test = Test(node)
        assert leaves(test) == (A, B)
        np.testing.assert_array_equal(truth(test, values), expected)


def test_a_squashed_margin_keeps_its_sign_and_admits_the_infinite() -> None:
    margins = np.array([[-2.0, 0.0, 2.0, np.inf, np.nan]])
    result = squashed(margins, scales_of(margins))[0]
    np.testing.assert_allclose(result[:4], [-0.5, 0.0, 0.5, 1.0])
    assert np.isnan(result[4])
