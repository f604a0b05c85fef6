"""Theorems of the coercion model, which hold for any inputs if some choices are fixed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.models.strikes import DRAWN, STRIKES
from tests.support import minimal_case, seeded

from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.worlds import draw
from tocsin.case.form import form_of
from tocsin.games.recursion import Channels
from tocsin.games.stochastic import backward, solve_year
from tocsin.models.coercion.blocks import Packed
from tocsin.models.coercion.prepare import Prepared, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import solve
from tocsin.models.coercion.stage import channels, make_stage

pytestmark = pytest.mark.numeric

BASE = Scenario(theatre="strait", type="revisionist", discount=0.92)
FAMILY = 40


@pytest.fixture(scope="module", params=["calm", "armed"])
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Prepared:
    """Return the small case with drawn fights; `armed`: two defenders may strike first."""
    beliefs = DRAWN if request.param == "calm" else STRIKES + DRAWN
    case = minimal_case(tmp_path_factory.mktemp("minimal"), replace={"regimes:\n": beliefs + "regimes:\n"})
    ready = prepare(case, BASE, draw(case, seed=seeded(11), draws=FAMILY).draws)
    packed = Packed.of(ready)
    parameters = {name: packed.filled(values) for name, values in ready.parameters.items()}
    return Prepared(ready.form, parameters, {k: packed.filled(v) for k, v in ready.forces.items()}, outputs="all")


def guess(prepared: Prepared) -> jnp.ndarray:
    """Return a first guess of the end for the players only."""
    return jnp.asarray(Packed.of(prepared).status_quo(()))


def test_with_others_choices_fixed_a_build_up_never_helps_the_challenger(prepared: Prepared) -> None:
    form = prepared.form.anonymous()
    stage = make_stage(form, prepared.parameters)
    players = guess(prepared)
    weak = {actor: jnp.asarray(force[:-1]) for actor, force in prepared.forces.items()}
    logit = channels(form, prepared.parameters)
    _, choices = jax.jit(partial(backward, stage, channels=logit))(weak, players)
    alone = Channels(precision={}, responders={"best": form.challenger})

    @jax.jit
    def best(factor: float) -> jax.Array:
        forces = dict(prepared.forces) | {"protector0": factor * prepared.forces["protector0"]}
        years = {actor: jnp.asarray(force) for actor, force in forces.items()}
        value = players[:1]
        for year in range(form.horizon - 1, -1, -1):
            inputs = jax.tree.map(lambda leaf, at=year: leaf[at], years)
            fixed = jax.tree.map(lambda leaf, at=year: leaf[at], choices)
            value, _ = solve_year(stage, inputs, value, alone, fixed)
        return value

    values = np.array([best(factor) for factor in (0.5, 1.0, 1.5, 3.0)])
    assert np.all(np.diff(values, axis=0) <= 1e-12)


def test_in_equilibrium_a_build_up_may_help_the_challenger(tmp_path: Path) -> None:
    # in one world the target concedes twice as often beside a stronger protector
    case = minimal_case(tmp_path, replace={"regimes:\n": DRAWN + "regimes:\n"})
    draws, risen = draw(case, seed=11, draws=FAMILY).draws, replace(BASE, scale=(("BET", 2.0),))
    solved = solve(case, [BASE, risen], draws)
    now = solved[BASE].form.index()
    gain, yields = (
        later[now] - before[now]
        for later, before in (
            (solved[risen].best_responses["best"], solved[BASE].best_responses["best"]),
            (solved[risen].probabilities["concede"], solved[BASE].probabilities["concede"]),
        )
    )
    known = solved[BASE].settled & solved[risen].settled
    world = int(np.argmax(np.where(known, gain, -np.inf)))
    assert gain[world] > 0.02 and yields[world] > 0.05
    assert np.mean(gain[known] < 0.0) > 0.9


def attacks(prepared: Prepared, **barred: float) -> np.ndarray:
    """Return the probability of attack at rising costs of war to the challenger, with fixed continuation values."""
    form, players, probabilities = prepared.form.anonymous(), guess(prepared), []
    for extra in (0.0, 0.1, 0.5, 2.0):
        parameters = dict(prepared.parameters)
        parameters["cost.war.challenger"] = parameters["cost.war.challenger"] + extra
        size = parameters["precision"].shape[-1]
        parameters |= {f"barred.{name}": np.full(size, bar) for name, bar in barred.items()}
        stage = make_stage(form, parameters)
        first = {actor: force[0] for actor, force in prepared.forces.items()}
        _, choices = solve_year(stage, first, players, channels(form, parameters))
        probabilities.append(np.broadcast_to(choices["instrument"]["attack"][0], (form.levels, form.states, size)))
    return np.array(probabilities)


def test_without_pressure_a_higher_cost_of_war_never_raises_the_probability_of_attack(prepared: Prepared) -> None:
    assert np.all(np.diff(attacks(prepared, press=-np.inf), axis=0) <= 1e-12)


def test_with_pressure_a_higher_cost_of_war_may_raise_it(tmp_path: Path) -> None:
    # the threat to escalate is less credible, so the target resists, and pressure loses more than attack does
    case = minimal_case(tmp_path)
    ready = prepare(case, BASE, draw(case, seed=11, draws=FAMILY).draws)
    packed = Packed.of(ready)
    parameters = {name: packed.filled(values) for name, values in ready.parameters.items()}
    prepared = Prepared(ready.form, parameters, {k: packed.filled(v) for k, v in ready.forces.items()}, outputs="all")
    assert np.max(np.diff(attacks(prepared), axis=0)) > 0.1


def test_identical_protectors_are_identical_pillars(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    assert case.spending is not None
    theatre = case.theatres["strait"].model_copy(update={"protectors": ("BET", "DEL"), "regimes": ("GAM.alignment",)})
    twins = case.model_copy(
        update={
            "theatres": {"strait": theatre},
            "actors": {**case.actors, "DEL": case.actors["BET"]},
            "spending": case.spending.model_copy(update={"paths": {}}),
            "spending_rows": (
                *case.spending_rows,
                *(row.model_copy(update={"actor": "DEL"}) for row in case.spending_rows if row.actor == "BET"),
            ),
        }
    )
    twins = twins.model_copy(update={"forms": {"strait": form_of(twins, "strait")}})
    draws = draw(case, seed=seeded(4), draws=8).draws
    draws |= {"usable.BET": draws["usable.BET.firm"]}
    draws |= {name.replace("BET", "DEL"): values for name, values in draws.items() if "BET" in name}
    form = twins.forms["strait"]
    games = {
        group: Scenario(theatre="strait", type="revisionist", discount=0.92, acting=group | {"GAM"})
        for group in coalitions(form.protectors)
    }
    solved = solve(twins, list(games.values()), draws)
    safety = {group: -solved[scenario].tallies["risk"] for group, scenario in games.items()}
    pillars = shapley(form.protectors, safety)
    assert pillars["BET"] == pytest.approx(pillars["DEL"], abs=1e-12)
    assert np.max(np.abs(pillars["BET"])) > 1e-3


def test_results_do_not_depend_on_the_names_of_actors(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    draws = draw(case, seed=seeded(4), draws=4).draws
    base = solve(case, [BASE], draws)[BASE]
    regimes = {
        name.replace("BET", "ZED"): regime.model_copy(update={"actor": regime.actor.replace("BET", "ZED")})
        for name, regime in case.regimes.items()
    }
    theatre = case.theatres["strait"].model_copy(
        update={"protectors": ("ZED",), "regimes": ("GAM.alignment", "ZED.posture")}
    )
    assert case.spending is not None
    renamed = case.model_copy(
        update={
            "theatres": {"strait": theatre},
            "actors": {**case.actors, "ZED": case.actors["BET"]},
            "regimes": regimes,
            "spending": case.spending.model_copy(update={"paths": {"ZED": case.spending.paths["BET"]}}),
            "spending_rows": tuple(
                row.model_copy(update={"actor": row.actor.replace("BET", "ZED")}) for row in case.spending_rows
            ),
        }
    )
    renamed = renamed.model_copy(update={"forms": {"strait": form_of(renamed, "strait")}})
    other = solve(renamed, [BASE], {name.replace("BET", "ZED"): values for name, values in draws.items()})[BASE]
    assert np.array_equal(other.best_responses["best"], base.best_responses["best"])
    assert np.array_equal(other.values["ZED"], base.values["BET"])
