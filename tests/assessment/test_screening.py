"""Signal and noise among inputs: the stated level of false hits, and the power to see what is there."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.assessment.screening import LEVEL, Scored, signals

pytestmark = pytest.mark.numeric

WORLDS = 300


def quantity(rng: np.random.Generator, effect: float, inputs: int, curve: bool = False) -> Scored:
    """Return a quantity that the first input moves, among others without effect, in unequally weighted worlds."""
    points = rng.random((inputs, WORLDS))
    cause = (2 * points[0] - 1) ** 2 if curve else points[0]
    values = effect * cause + rng.standard_exponential(WORLDS)
    weights = rng.gamma(2.0, size=WORLDS) * (0.5 + points[1])
    names = [f"x{index}" for index in range(inputs)]
    return Scored("worlds", dict(zip(names, points, strict=True)), values, weights / weights.sum())


@pytest.mark.parametrize("curve", [False, True])
def test_an_effect_is_found_whether_straight_or_curved(curve: bool) -> None:
    (result,) = signals([[quantity(np.random.default_rng(1), 3.0, 20, curve)]], seed=1)
    assert set(result) == {"x0"}


@pytest.mark.slow
def test_a_run_reports_any_input_without_effect_no_more_often_than_stated() -> None:
    runs, false = 200, 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        groups = [[quantity(rng, effect, 25)] for effect in (0.0, 1.0, 3.0)]
        first, *others = signals(groups, seed)
        false += bool(first) or any(row.keys() - {"x0"} for row in others)
    allowed = runs * LEVEL + 3 * np.sqrt(runs * LEVEL * (1 - LEVEL))
    assert false <= allowed


def test_more_quantities_raise_the_bar() -> None:
    rng = np.random.default_rng(3)
    weak = quantity(rng, 0.8, 3)
    assert signals([[weak]], seed=1)[0]
    noise = [[quantity(rng, 0.0, 400)] for _ in range(5)]
    assert not signals([[weak], *noise], seed=1)[0]


def test_a_quantity_without_worlds_has_no_inputs_and_constants_are_never_found() -> None:
    rng = np.random.default_rng(4)
    scored = quantity(rng, 3.0, 2)
    points = {**scored.points, "fixed": np.full(WORLDS, 0.5)}
    still = Scored("worlds", points, scored.values, scored.weights)
    assert signals([[], [still]], seed=1) == [{}, pytest.approx(signals([[scored]], seed=1)[0], rel=1e-6)]


def test_the_seed_alone_decides_the_signs() -> None:
    groups = [[quantity(np.random.default_rng(5), 0.5, 10)]]
    assert signals(groups, seed=1) == signals(groups, seed=1)
