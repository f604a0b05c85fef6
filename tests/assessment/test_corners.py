"""Inputs at the ends of their admissible ranges: every game has finite values there, and every quantity can be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.ensemble import base_scenario, scenarios_for
from tocsin.assessment.quantities import Reader
from tocsin.assessment.requests import calls_of
from tocsin.assessment.situations import central_models
from tocsin.case import Case, load
from tocsin.case.inputs import kind_of
from tocsin.case.override import override
from tocsin.errors import InputError, SolveError
from tocsin.models.coercion.history import log_likelihood
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import solve

pytestmark = pytest.mark.numeric


def ends(case: Case) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest admissible value of every belief that a model reads."""
    kinds = {name: kind_of(name) for name in case.beliefs}
    return {name: (kind[0].low, kind[0].high) for name, kind in kinds.items() if kind is not None}


def middle(case: Case, worlds: int) -> dict[str, np.ndarray]:
    return {name: np.full(worlds, float(shape.quantile(0.5))) for name, shape in case.distributions.items()}


def corners(case: Case) -> tuple[list[str], dict[str, np.ndarray]]:
    """Return worlds with one input at an end of its range and the others in the middle, and the name of each world."""
    moves = [(name, value) for name, pair in ends(case).items() for value in pair]
    draws = middle(case, len(moves))
    for world, (name, value) in enumerate(moves):
        draws[name][world] = value
    return [f"{name}={value:g}" for name, value in moves], draws


def joint_corners(case: Case, worlds: int, seed: int) -> dict[str, np.ndarray]:
    """Return worlds in which a third of all inputs, chosen at random, lie at an end of their ranges."""
    generator = np.random.default_rng(seed)
    draws = middle(case, worlds)
    for name, (low, high) in ends(case).items():
        choice = generator.integers(0, 6, worlds)
        draws[name] = np.where(choice == 0, low, np.where(choice == 1, high, draws[name]))
    return draws


def undefined(case: Case, draws: Mapping[str, np.ndarray], *, everything: bool) -> dict[int, str]:
    """Return the worlds in which a quantity that a claim asks for, or the likelihood of the record, is not finite.

    With `everything` all games that the claims need are solved, else only the base games. Worlds in which one of these games has not
    settled are left out.
    """
    bases = [base_scenario(case, theatre, kind) for theatre in case.theatres for kind in case.types]
    without = ("dent", "equal_rise", "signal")  # they have no value in some worlds, and the tests that read them say so
    calls = [call for group in calls_of(case).values() for call in group if everything and call.name not in without]
    solutions = solve(case, [*bases, *scenarios_for(case, central_models(case), calls)], draws)
    values = {f"record of {base.theatre}": log_likelihood(case, solutions[base], draws) for base in bases}
    for model in central_models(case):
        reader = Reader(case, model, solutions, draws, {})
        values |= {f"{call.name}, {model.type}": reader.read(call) for call in calls}
    settled = np.all([solution.settled for solution in solutions.values()], axis=0)
    return {
        int(world): name for name, array in values.items() for world in np.flatnonzero(~np.isfinite(array) & settled)
    }


@pytest.mark.parametrize("which", ["small", "founding"])
def test_every_input_may_lie_at_an_end_of_its_range(tmp_path: Path, which: str) -> None:
    case = minimal_case(tmp_path) if which == "small" else load("japan-buildup")
    names, draws = corners(case)
    bad = undefined(case, draws, everything=which == "small")
    assert {names[world]: what for world, what in bad.items()} == {}


@pytest.mark.slow
def test_many_inputs_may_lie_at_the_ends_of_their_ranges_at_once() -> None:
    case = load("japan-buildup")
    assert undefined(case, joint_corners(case, 256, seeded(1)), everything=True) == {}
    names, draws = corners(case)
    assert {names[world]: what for world, what in undefined(case, draws, everything=True).items()} == {}


@pytest.mark.parametrize(("name", "value"), [("depreciation", "0"), ("stake.GAM", "0")])
def test_values_at_which_the_model_is_undefined_are_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(InputError, match="outside the admissible range"):
        override(minimal_case(tmp_path), {name: value})


def test_two_unarmed_sides_are_evenly_matched_and_one_cannot_win(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    draws = middle(case, 2)
    draws["spending.ALF"][:] = 0.0
    solution = solve(case, [base_scenario(case, "strait", "revisionist")], draws)
    (result,) = solution.values()
    armed = solve(case, [base_scenario(case, "strait", "revisionist")], middle(case, 2))
    assert result.tallies["risk"].max() < next(iter(armed.values())).tallies["risk"].max()


@pytest.mark.parametrize("now", ["engaging", "aligned"])
def test_a_record_without_spells_is_read_at_the_present_state_whatever_the_hazards(tmp_path: Path, now: str) -> None:
    case = minimal_case(tmp_path, replace={"now: engaging": f"now: {now}"})
    draws = middle(case, 2)
    other = {"engaging": "firms", "aligned": "loosens"}[now]
    draws["loosens.GAM.alignment"][:] = draws["firms.GAM.alignment"][:] = 0.0
    base = base_scenario(case, "strait", "revisionist")
    still = log_likelihood(case, solve(case, [base], draws)[base], draws)
    draws[f"{other}.GAM.alignment"][:] = 1e-12
    moving = log_likelihood(case, solve(case, [base], draws)[base], draws)
    assert np.isfinite(still).all()
    assert moving == pytest.approx(still)
    draws[f"{other}.GAM.alignment"][:] = 0.0
    draws[f"{'loosens' if other == 'firms' else 'firms'}.GAM.alignment"][:] = 1e-12
    assert np.allclose(still, log_likelihood(case, solve(case, [base], draws)[base], draws), atol=1e-6)


def test_a_game_without_a_finite_value_names_the_world_and_the_input(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    draws = middle(case, 2)
    draws["shadow"][1] = np.nan
    draws["widening"][1] = 1.0
    with pytest.raises(SolveError, match=r"theatre `strait`.*in world 2.*widening = 1") as error:
        solve(case, [Scenario(theatre="strait", type="security", discount=0.92)], draws)
    assert "inside their ranges" in str(error.value.remedy)
