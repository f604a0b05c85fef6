"""The coercion model: against its scalar oracle, and the theorems that hold in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from tests.models.plain_coercion import EVENTS, Plain
from tests.models.strikes import DRAWN, STRIKES
from tests.support import minimal_case, seeded

from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.form import INSTRUMENTS
from tocsin.games.backend import compiled_lightly
from tocsin.games.recursion import Channels, Choices
from tocsin.games.stochastic import Stage, solve_year
from tocsin.models.coercion.contest import destroyed, usable_factor
from tocsin.models.coercion.paths import paths
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.programs import settling
from tocsin.models.coercion.scenario import LEAVES, RESPONDERS, Outputs, Scenario
from tocsin.models.coercion.solve import Solution, settle, solve
from tocsin.models.coercion.stage import channels, make_stage
from tocsin.models.coercion.strength import strength

pytestmark = pytest.mark.numeric

BASE = Scenario(theatre="strait", type="revisionist", discount=0.92)
DRAWS = 6


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


@pytest.fixture(scope="module")
def armed(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the case with draws, and with two defenders that may strike first."""
    return minimal_case(tmp_path_factory.mktemp("armed"), replace={"regimes:\n": STRIKES + DRAWN + "regimes:\n"})


@pytest.fixture(scope="module")
def draws(case: Case) -> dict[str, np.ndarray]:
    return draw(case, seed=seeded(5), draws=DRAWS).draws


@pytest.fixture(scope="module")
def base(case: Case, draws: dict[str, np.ndarray]) -> Solution:
    return solve(case, [BASE], draws)[BASE]


@pytest.mark.parametrize("kind", ["revisionist", "security"])
@pytest.mark.parametrize("which", ["case", "armed"])
def test_model_equals_its_scalar_oracle(which: str, kind: str, request: pytest.FixtureRequest) -> None:
    case: Case = request.getfixturevalue(which)
    draws = draw(case, seed=seeded(5), draws=2).draws
    scenario = replace(BASE, type=kind, discount=0.9)
    result = solve(case, [scenario], draws)[scenario]
    end = settle(case, [scenario], draws)[scenario]
    for index in range(2):
        oracle = Plain(prepare(case, scenario, draws), index, end=end.values[..., index]).solve()
        for state in range(result.form.states):
            row = oracle[result.form.start, state]
            players = zip(result.form.anonymous().players, result.form.players, strict=True)
            assert {role: result.values[actor][state, index] for role, actor in players} == pytest.approx(
                {role: row[role] for role in result.form.anonymous().players}, abs=1e-11
            )
            for name in RESPONDERS:
                assert result.best_responses[name][state, index] == pytest.approx(row[name], abs=1e-11)
            for name in (*EVENTS, "held"):
                assert result.tallies[name][state, index] == pytest.approx(row[name], abs=1e-11)


@pytest.mark.parametrize("kind", ["revisionist", "security"])
def test_the_end_of_a_game_is_a_fixed_point_of_the_oracle(armed: Case, kind: str) -> None:
    draws, scenario = draw(armed, seed=seeded(5), draws=3).draws, replace(BASE, type=kind)
    prepared = prepare(armed, scenario, draws)
    end = settle(armed, [scenario], draws)[scenario]
    players = prepared.form.anonymous().players
    for index in map(int, np.flatnonzero(end.settled)):
        oracle = Plain(prepared, index, end=end.values[..., index])
        stakes = {
            name: oracle.p[f"scale.{name if name in players else 'challenger'}"] for name in (*players, *RESPONDERS)
        }
        change = [
            (row[name] - end.values[k, level, state, index]) / stakes[name]
            for (level, state), row in oracle.year_after().items()
            for k, name in enumerate(stakes)
        ]
        assert np.max(np.abs(change)) <= 1e-6
        assert np.max(np.abs(change)) == pytest.approx(end.residual[index], abs=1e-9)
    assert np.sum(end.settled) >= 2


BEFORE = {
    ("revisionist", 4): {
        "challenger": 0.388711672, "target": -1.173704279, "protector0": -0.389846009, "best": 0.50970699,
        "best_aim": 0.545400235, "risk": 0.975307033, "war": 0.16492559,
    },
    ("revisionist", 5): {
        "challenger": 0.636430253, "target": -0.949240036, "protector0": -0.246703596, "best": 0.637422486,
        "best_aim": 0.640557375, "risk": 0.999035945, "war": 0.016070272,
    },
    ("security", 3): {
        "challenger": 0.006076771, "target": -0.00050308, "protector0": -0.000068123, "best": 0.009478293,
        "best_aim": 0.009630824, "risk": 0.000060603, "war": 0.000193938,
    },
}  # fmt: skip
"""Values of the first year by type and world, from the scalar version of the model as it was before strikes and draws.

It played 61 years after the horizon. One more year changes them by 2e-11, 2e-13 and 3e-6."""


@pytest.mark.parametrize(("kind", "world"), BEFORE)
def test_without_strikes_and_draws_the_model_is_the_one_before_they_came(case: Case, kind: str, world: int) -> None:
    drawn = draw(case, seed=5, draws=6).draws
    draws = {name: values for name, values in drawn.items() if not name.startswith("cutpoint.")}
    before, scenario = BEFORE[kind, world], replace(BASE, type=kind)
    row = Plain(prepare(case, scenario, draws), world, 61).solve()[0, 3]
    assert {name: row[name] for name in before} == pytest.approx(before, abs=2e-9)
    assert row["struck"] == 0.0
    compiled = solve(case, [scenario], draws)[scenario]
    values = dict(
        zip(("challenger", "target", "protector0"), (compiled.values[a] for a in compiled.values), strict=True)
    )
    values |= compiled.best_responses | compiled.tallies
    tolerance = 1e-6 if kind == "revisionist" else 5e-5
    assert {name: values[name][3, world] for name in before} == pytest.approx(before, abs=tolerance)


def test_strikes_that_nobody_would_begin_change_nothing(case: Case, armed: Case) -> None:
    # pre-emption too is new, so the challenger may not attack
    draws = draw(armed, seed=seeded(5), draws=DRAWS).draws
    never = draws | {"cost.strike": np.full(DRAWS, 1e9), "alarm": np.zeros(DRAWS)}
    scenario = replace(BASE, menu=frozenset({"hold", "condemn", "influence", "press"}))
    ends = settle(case, [scenario], draws)
    without, free, shut = (
        solve(which, [scenario], known, ends=ends)[scenario]
        for which, known in ((case, draws), (armed, draws), (armed, never))
    )
    for name, values in (without.best_responses | without.tallies | without.values).items():
        again = (shut.best_responses | shut.tallies | shut.values)[name]
        assert again == pytest.approx(values, abs=1e-11), name
    assert np.max(free.tallies["struck"]) > 1e-3


def test_a_case_that_gives_no_blows_has_no_strikers(case: Case, armed: Case) -> None:
    assert case.forms["strait"].strikers == ()
    assert armed.forms["strait"].strikers == ("GAM", "BET")
    assert armed.forms["strait"].with_only(frozenset({"GAM"})).strikers == ("GAM",)


def test_lumps_and_errors_keep_their_size_in_years_of_the_aim(armed: Case) -> None:
    draws = draw(armed, seed=seeded(5), draws=4).draws | {"hostility": np.linspace(-0.02, 0.04, 4)}
    central, patient = (prepare(armed, replace(BASE, discount=delta), draws).parameters for delta in (0.92, 0.96))
    for name in (
        "cost.press",
        "hostility",
        "cost.war.target",
        "shadow",
        "standing_aside.protector0",
        "cost.strike",
        "dividend",
    ):
        assert patient[name] / (1 - 0.96) == pytest.approx(central[name] / (1 - 0.92), rel=1e-12)
        odds = [each["precision"] * each[name] for each in (central, patient)]
        assert odds[0] == pytest.approx(odds[1], rel=1e-12)
    assert np.array_equal(patient["falling"], central["falling"])


@pytest.mark.parametrize("discount", [0.88, 0.92, 0.96])
def test_the_size_of_the_unit_changes_nothing(armed: Case, discount: float) -> None:
    draws = draw(armed, seed=seeded(5), draws=3).draws | {"hostility": np.array([-0.01, 0.02, 0.05])}
    scenario = replace(BASE, type="security", discount=discount)
    prepared = prepare(armed, scenario, draws)
    payoffs = ("cost.", "hostility", "shadow", "dividend", "standing_aside.", "aim.", "falling")
    bigger = {
        name: 7.0 * values if name.startswith(payoffs) else values for name, values in prepared.parameters.items()
    }
    bigger["precision"] = prepared.parameters["precision"] / 7.0
    for world in range(3):
        rows = [
            Plain(replace(prepared, parameters=parameters), world, 3).solve()[0, 3]
            for parameters in (prepared.parameters, bigger)
        ]
        for name in rows[0]:
            scale = 7.0 if name in (*prepared.form.anonymous().players, *RESPONDERS) else 1.0
            assert rows[1][name] == pytest.approx(scale * rows[0][name], rel=1e-9, abs=1e-12)


def test_more_launchers_found_means_more_destroyed_and_never_all(armed: Case) -> None:
    draws = draw(armed, seed=seeded(5), draws=4).draws
    shares = []
    for blows in (0.0, 5.0, 50.0, 1e6):
        prepared = prepare(armed, BASE, dict(draws) | {"blows.BET": np.full(4, blows)})
        form = prepared.form.anonymous()
        parameters = prepared.parameters
        strength = {role: usable_factor(form, parameters, role) * prepared.forces[role][0] for role in form.strikers}
        shares.append(np.asarray(destroyed(form, parameters, strength)["destroyed.protector0"])[form.index()])
    assert np.all(shares[0] == 0.0)
    assert np.all(np.diff(np.array(shares), axis=0) > 0)
    assert shares[-1] == pytest.approx(1.0 - draws["hidden"], rel=1e-9)


def test_barred_instruments_are_not_used(case: Case, draws: dict[str, np.ndarray]) -> None:
    scenario = replace(BASE, acting=frozenset({"GAM"}), menu=frozenset({"hold", "press"}))
    result = solve(case, [scenario], draws)[scenario]
    assert np.all(result.probabilities["attack"] == 0.0)
    assert np.all(result.probabilities["condemn"] == 0.0)
    assert np.all(result.tallies["risk"] >= 0.0)


def test_probabilities_are_probabilities(base: Solution) -> None:
    total = sum(base.probabilities[name] for name in ("hold", "condemn", "influence", "press", "attack"))
    assert total == pytest.approx(1.0, abs=1e-12)
    for array in (base.tallies["risk"], base.tallies["war"], *base.probabilities.values()):
        assert array.min() >= -1e-12
        assert array.max() <= 1.0 + 1e-12


def test_results_do_not_depend_on_the_company_of_other_draws(
    case: Case, draws: dict[str, np.ndarray], base: Solution
) -> None:
    alone = solve(case, [BASE], {name: values[2:3] for name, values in draws.items()})[BASE]
    assert alone.best_responses["best"][:, 0] == pytest.approx(base.best_responses["best"][:, 2], abs=1e-12)
    assert alone.tallies["risk"][:, 0] == pytest.approx(base.tallies["risk"][:, 2], abs=1e-12)


def test_results_do_not_depend_on_which_other_games_are_solved(
    case: Case, draws: dict[str, np.ndarray], base: Solution
) -> None:
    other = replace(BASE, paths=(("BET", "rise"),))
    together = solve(case, [other, BASE], draws)
    assert np.array_equal(together[BASE].best_responses["best"], base.best_responses["best"])


def test_no_event_no_loss(case: Case, draws: dict[str, np.ndarray], base: Solution) -> None:
    same = solve(case, [replace(BASE, scale=(("BET", 1.0),))], draws)
    (again,) = same.values()
    assert np.array_equal(again.best_responses["best"], base.best_responses["best"])


def test_zero_susceptibility_means_zero_pull(case: Case, draws: dict[str, np.ndarray]) -> None:
    name = "GAM.alignment"
    quiet = dict(draws) | {f"susceptibility.{name}": np.zeros(DRAWS)}
    stated, deaf = replace(BASE, outputs="moves"), replace(BASE, outputs="moves", deaf=frozenset({name}))
    result = solve(case, [stated, deaf], quiet)
    assert np.array_equal(result[stated].tallies[LEAVES + name], result[deaf].tallies[LEAVES + name])


def test_protector_with_neither_force_nor_access_is_no_pillar(case: Case, draws: dict[str, np.ndarray]) -> None:
    form = case.forms["strait"]
    weak = dict(draws) | {
        "reach.BET": np.zeros(DRAWS),
        "standing_aside.BET": np.zeros(DRAWS),
        "cost.clash": np.zeros(DRAWS),
    }
    games = {group: replace(BASE, acting=group | {"GAM"}) for group in coalitions(form.protectors)}
    result = solve(case, list(games.values()), weak)
    worth = {group: -result[scenario].tallies["risk"][form.index()] for group, scenario in games.items()}
    settled = np.all([result[scenario].settled for scenario in games.values()], axis=0)
    assert np.sum(settled) >= DRAWS - 1
    assert shapley(form.protectors, worth)["BET"][settled] == pytest.approx(0.0, abs=1e-5)


def test_strength_grows_with_spending_and_usability(case: Case, draws: dict[str, np.ndarray]) -> None:
    form = case.forms["strait"]
    flat = strength(case, BASE, draws, form.index())["BET"]
    rise = strength(case, replace(BASE, paths=(("BET", "rise"),)), draws, form.index())["BET"]
    free = strength(case, BASE, draws, form.index({"BET.posture": "normal"}))["BET"]
    assert np.all(rise[-1] > flat[-1])
    assert np.all(free > flat)


def test_paths_sum_to_one_every_year_and_agree_with_the_backward_risk(
    case: Case, draws: dict[str, np.ndarray], base: Solution
) -> None:
    form = case.forms["strait"]
    result = paths(case, BASE, draws, form.index())
    total = result.levels.sum(axis=1) + result.won + result.fallen
    assert total == pytest.approx(1.0, abs=1e-12)
    assert np.all(np.diff(result.risk, axis=0) >= -1e-15)
    assert result.risk[-1] == pytest.approx(base.tallies["risk"][form.index()], abs=1e-9)


@pytest.mark.parametrize("outputs", ["risk", "moves", "choices"])
def test_choices_do_not_depend_on_what_else_is_computed(
    case: Case, draws: dict[str, np.ndarray], base: Solution, outputs: Outputs
) -> None:
    scenario = replace(BASE, outputs=outputs)
    result = solve(case, [scenario], draws)[scenario]
    for name, values in base.probabilities.items():
        assert result.probabilities[name] == pytest.approx(values, abs=1e-12)


@pytest.mark.parametrize("outputs", ["all", "risk"])
def test_risk_by_a_year_is_that_of_the_paths(case: Case, draws: dict[str, np.ndarray], outputs: Outputs) -> None:
    scenario = replace(BASE, outputs=outputs)
    result, form = solve(case, [scenario], draws)[scenario], case.forms["strait"]
    assert form.milestones == (5,)
    forward = paths(case, BASE, draws, form.index())
    settled = forward.settled
    assert np.sum(settled) >= DRAWS - 1
    assert np.all(result.settled[settled])
    for name, risk in (("risk:5", forward.risk[4]), ("risk", forward.risk[-1])):
        assert result.tallies[name][form.index()][settled] == pytest.approx(risk[settled], abs=1e-9)


def test_war_by_a_year_is_that_of_the_paths(case: Case, draws: dict[str, np.ndarray]) -> None:
    form = replace(case.forms["strait"], war_years=(1, 4))
    asked = case.model_copy(update={"forms": {"strait": form}})
    result, forward = solve(asked, [BASE], draws)[BASE], paths(case, BASE, draws, form.index())
    assert np.sum(forward.settled) >= DRAWS - 1
    for name, war in (("war:1", forward.war[0]), ("war:4", forward.war[3]), ("war", forward.war[-1])):
        assert result.tallies[name][form.index()][forward.settled] == pytest.approx(war[forward.settled], abs=1e-9)
    assert "war:4" not in solve(case, [BASE], draws)[BASE].tallies


def test_reported_years_leave_the_end_of_a_game_and_its_program_alone(case: Case, draws: dict[str, np.ndarray]) -> None:
    before, programs = settle(case, [BASE], draws)[BASE], settling.cache_info().misses
    form = replace(case.forms["strait"], milestones=(2,), war_years=(1, 4))
    after = settle(case.model_copy(update={"forms": {"strait": form}}), [BASE], draws)[BASE]
    assert np.array_equal(after.values, before.values)
    assert settling.cache_info().misses == programs


def _year_before(
    stage: Stage, forces: dict[str, np.ndarray], carried: Channels, fixed: Choices | None, values: Array
) -> Array:
    return solve_year(stage, forces, values, carried, fixed)[0]


def test_an_absent_protector_is_one_without_force_that_always_stands_aside(
    case: Case, draws: dict[str, np.ndarray]
) -> None:
    whole = prepare(case, BASE, draws)
    lesser = prepare(case, replace(BASE, acting=frozenset({"GAM"})), draws)
    aside = {"support": jnp.zeros(1), "aside": jnp.ones(1)}
    fixed = {f"{what}: protector0": aside for what in ("attack", "press")}
    ends = []
    for prepared, forces, choices in (
        (whole, whole.forces | {"protector0": np.zeros_like(whole.forces["protector0"])}, fixed),
        (lesser, lesser.forces, None),
    ):
        form = prepared.form.anonymous()
        first = {actor: force[0] for actor, force in forces.items()}
        carried, stage = channels(form, prepared.parameters), make_stage(form, prepared.parameters)
        values = jnp.zeros((len(form.players), form.levels, form.states, DRAWS))
        earlier = compiled_lightly(partial(_year_before, stage, first, carried, choices))
        for _ in range(4):
            values = earlier(values)
        ends.append(np.asarray(values[:2]))
    states = list(whole.form.states_in(lesser.form))
    assert len(lesser.form.regimes) < len(whole.form.regimes)
    assert ends[0] == pytest.approx(ends[1][:, :, states], abs=1e-12)


def test_free_war_is_waged_as_precision_grows(case: Case, draws: dict[str, np.ndarray]) -> None:
    free = dict(draws) | {
        "cost.war.challenger": np.zeros(DRAWS),
        "shadow": np.zeros(DRAWS),
        "falling.revisionist": np.zeros(DRAWS),
        "toppling": np.zeros(DRAWS),
        "cost.condemn": np.full(DRAWS, 0.001),
    }
    menu = replace(BASE, menu=frozenset({"hold", "condemn", "attack"}))
    probabilities = []
    for precision in (20.0, 200.0, 5000.0):
        result = solve(case, [menu], free | {"precision": np.full(DRAWS, precision)})[menu]
        probabilities.append(result.probabilities["attack"][result.form.index()])
    assert np.all(probabilities[-1] > 0.99)
    assert np.all(np.diff(np.array(probabilities), axis=0) >= -1e-9)


@pytest.mark.parametrize(("precision", "size"), [(1e6, 1.0), (60.0, 1e6), (1e6, 1e6), (0.0, 1e6)])
def test_no_precision_and_no_payoff_overflows(
    case: Case, draws: dict[str, np.ndarray], precision: float, size: float
) -> None:
    costly = [
        name
        for name in draws
        if name.startswith(("cost.", "falling.", "standing_aside.", "stake.")) or name == "shadow"
    ]
    extreme = dict(draws) | {name: size * draws[name] for name in costly} | {"precision": np.full(DRAWS, precision)}
    every: tuple[Outputs, ...] = ("all", "risk", "moves")
    for outputs in every:
        scenario = replace(BASE, outputs=outputs)
        result = solve(case, [scenario], extreme)[scenario]
        tables = (result.values, result.best_responses, result.tallies)
        assert all(np.isfinite(values).all() for table in tables for values in table.values())
        probabilities = [result.probabilities[name] for name in INSTRUMENTS]
        assert np.sum(probabilities, axis=0) == pytest.approx(1.0, abs=1e-12)
        assert all(np.all((probability >= 0.0) & (probability <= 1.0)) for probability in probabilities)


@pytest.mark.slow
def test_a_later_process_finds_the_programs_of_an_earlier_one(tmp_path: Path) -> None:
    minimal_case(tmp_path / "minimal")
    script = """
import sys
import tocsin
from tocsin.assessment.worlds import draw
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import solve

case = tocsin.load(sys.argv[1])
games = [Scenario(theatre="strait", type="revisionist", discount=0.92, outputs=outputs) for outputs in ("all", "moves")]
solved = solve(case, games, draw(case, seed=1, draws=1).draws)
print([float(values.sum()).hex() for solution in solved.values() for values in solution.tallies.values()])
"""

    def files() -> dict[str, int]:
        folders = [tmp_path / "cache" / name for name in ("programs", "compiled")]
        kept = [file for folder in folders for file in folder.iterdir() if not file.name.endswith("-atime")]
        return {file.name: file.stat().st_mtime_ns for file in kept}

    printed, known = [], []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TOCSIN_CACHE": str(tmp_path / "cache")}
        arguments = [sys.executable, "-c", script, str(tmp_path / "minimal")]
        printed.append(subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True).stdout)
        known.append(files())
    assert printed[0] == printed[1]
    assert known[0] == known[1]
    assert sum(name.endswith(".stablehlo") for name in known[0]) == 4


def test_missing_input_is_named_with_its_remedy(case: Case, draws: dict[str, np.ndarray]) -> None:
    from tocsin.errors import InputError

    with pytest.raises(InputError, match=r"needs the belief 'stake\.BET'") as error:
        prepare(case, BASE, {name: values for name, values in draws.items() if name != "stake.BET"})
    assert "add `stake.BET:`" in str(error.value)


def test_alike_inputs_take_one_set_of_draws(case: Case, draws: dict[str, np.ndarray]) -> None:
    parameters = prepare(case, replace(BASE, alike="both"), draws).parameters
    assert np.array_equal(parameters["susceptibility.regime0"], parameters["susceptibility.regime1"])


def test_minimal_case_is_where_it_was_written(case: Case) -> None:
    assert isinstance(case.folder, Path)
