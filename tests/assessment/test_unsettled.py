"""Games that have not settled are missing: wherever they are read, their worlds do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment import figures
from tocsin.assessment.alarm import measured
from tocsin.assessment.bands import mean
from tocsin.assessment.ensemble import Ensemble, base_scenario, conditioned, scenarios_for
from tocsin.assessment.equal_rise import equal_rise
from tocsin.assessment.figures_result import Scene
from tocsin.assessment.judging import Judge
from tocsin.assessment.quantities import OF_GAMES, effect, effect_games
from tocsin.assessment.requests import calls_of
from tocsin.assessment.situations import Model, central_models
from tocsin.assessment.worlds import draw
from tocsin.case.nodes import Call
from tocsin.case.nodes import calls as calls_in
from tocsin.models.coercion.solve import Solution, base_of

pytestmark = pytest.mark.numeric
WORLDS, LOST = 12, np.array([2, 7])
"""Worlds, and those of them in which no game but the base games settles."""
KEPT = np.setdiff1d(np.arange(WORLDS), LOST)
THEATRE = ("strait",)
EVENTS = ("rise", "amendment")


def unsettled(solution: Solution) -> Solution:
    """Return a solution that has not settled in the lost worlds, with values there that no figure could overlook."""
    if solution.scenario == base_of(solution.scenario):
        return solution
    lost = np.isin(np.arange(WORLDS), LOST)
    poisoned = solution._changed(lambda values: np.where(lost, 50.0, values))
    return replace(poisoned, residual=np.where(lost, 1.0, solution.residual))


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return an ensemble in which every base game settles."""
    case = minimal_case(tmp_path_factory.mktemp("minimal"))
    worlds = draw(case, seed=seeded(3), draws=WORLDS)
    # games settle at low precision
    calm = worlds.fixed("precision", 5.0)
    games = [*figures.figure_scenarios(case, ()), *figures.few_worlds_scenarios(case)]
    games += [game for model in central_models(case) for call in calls() for game in effect_games(case, model, call)]
    built = conditioned(case, THEATRE, calm, np.zeros(WORLDS)).with_games(games)
    assert all(solution.settled.all() for solution in built.solutions.values())
    return built


@pytest.fixture(scope="module")
def lacking(solved: Ensemble) -> Ensemble:
    """Return the ensemble in which games have not settled in the lost worlds."""
    return replace(solved, solutions={game: unsettled(item) for game, item in solved.solutions.items()}, memo={})


@pytest.fixture(scope="module")
def without(solved: Ensemble) -> Ensemble:
    """Return the ensemble without the lost worlds."""
    return Ensemble(
        solved.case,
        THEATRE,
        solved.worlds.some(KEPT),
        {game: item.some(KEPT) for game, item in solved.solutions.items()},
        {key: logs[KEPT] for key, logs in solved.records.items()},
        solved.log_weights[KEPT],
        {game: end.some(KEPT) for game, end in solved.ends.items()},
    )


def calls() -> Iterator[Call]:
    """Yield the calls whose effects controls measure."""
    for name in (*OF_GAMES, "loss", "delay"):
        yield Call(name, events=EVENTS, theatre="strait")
    yield Call("risk_by", events=EVENTS, theatre="strait", year=2029)
    yield Call("p_war_by", events=EVENTS, theatre="strait", year=2034)
    yield Call("equal_rise", events=EVENTS, theatre="strait", actor="BET")


@pytest.mark.parametrize("call", list(calls()), ids=lambda call: call.name)
def test_an_effect_is_missing_where_a_game_has_not_settled(lacking: Ensemble, without: Ensemble, call: Call) -> None:
    for model in central_models(lacking.case):
        sizes, kept = effect(lacking.reader(model), call), effect(without.reader(model), call)
        assert np.isnan(sizes[LOST]).all()
        assert np.array_equal(sizes[KEPT], kept) and not np.isnan(kept).any()


def test_an_equal_rise_is_missing_where_a_loss_is() -> None:
    missing = np.array([np.nan, 0.1, 0.1, 0.1])
    near, far = np.array([0.1, np.nan, 0.1, 0.1]), np.array([0.4, 0.4, np.nan, 0.4])
    assert list(np.isnan(equal_rise(missing, (near, far)))) == [True, True, True, False]


# --- figures -------------------------------------------------------------------------------------------------------


def test_pillars_and_risks_leave_out_worlds_in_which_a_game_has_not_settled(
    lacking: Ensemble, without: Ensemble
) -> None:
    one, other = (figures.pillar_rows({THEATRE: built}, ()) for built in (lacking, without))
    assert any(row.share for row in one)
    for row, kept in zip(one, other, strict=True):
        assert replace(row, share=None) == replace(kept, share=None)
        assert row.share == (kept.share and pytest.approx(kept.share))
    everyone = set(lacking.case.forms["strait"].defenders)
    risks, fewer = (figures.risk_rows({THEATRE: built}, ()) for built in (lacking, without))
    assert len(risks) == 4
    for risk, left in zip(risks, fewer, strict=True):
        assert risk == left or set(risk.members) == everyone  # that game is a base game, so it has settled


def changed(built: Ensemble) -> list[Scene]:
    """Return the scenes whose games are no base games."""
    fewer = built.with_games(figures.scene_pillar_scenarios(built.case))
    return [scene for scene in figures.scenes({THEATRE: built}, fewer) if scene.spending == "rise"]


def test_switches_leave_out_worlds_in_which_a_game_has_not_settled(lacking: Ensemble, without: Ensemble) -> None:
    one, other = changed(lacking), changed(without)
    assert len(one) == 4 and {"dent", "delay", "fear_fall", "fear_struck", "risk", "p_war"} <= one[0].values.keys()
    for scene, kept in zip(one, other, strict=True):
        shown = {name for name in scene.values if not name.startswith("pillar")}  # those games are solved again here
        assert {name: scene.values[name] for name in shown} == {name: kept.values[name] for name in shown}


def test_the_share_of_worlds_with_a_gain_is_one_of_those_that_count(lacking: Ensemble, without: Ensemble) -> None:
    call = Call("loss", events=EVENTS, theatre="strait")
    one, other = (figures._share_below_zero(built, call) for built in (lacking, without))
    assert one == pytest.approx(other, abs=1e-12)


def test_a_mean_leaves_out_what_is_missing() -> None:
    assert mean(np.array([1.0, np.nan, 4.0]), np.array([0.2, 0.4, 0.4])) == pytest.approx(3.0)
    assert np.isnan(mean(np.array([np.nan]), np.array([1.0])))


# --- other discount factors ----------------------------------------------------------------------------------------


def swept(solved: Ensemble, kind: str, settle: float) -> Judge:
    """Return a judge with worlds at one other discount factor, there with a share of settled base games for one type."""
    case = solved.case
    asked = [call for test in case.tests["C1"].values() for call in calls_in(test.node)]
    built = {}
    for discount in (0.92, 0.96):
        models = [Model(name, discount) for name in case.types]
        base = conditioned(case, THEATRE, solved.worlds, np.zeros(WORLDS), discount=discount)
        built[discount] = base.with_games(scenarios_for(case, models, asked))
    game = base_scenario(case, "strait", kind, 0.96)
    weights = np.cumsum(built[0.96].weight(kind))
    residual = np.where(weights <= settle, 0.0, 1.0)
    solutions = {**built[0.96].solutions, game: replace(built[0.96].solutions[game], residual=residual)}
    other = replace(built[0.96], solutions=solutions, memo={})
    return Judge(case, 1, {THEATRE: built[0.92]}, {THEATRE: built[0.92]}, {0.96: {THEATRE: other}})


def test_a_discount_factor_at_which_games_do_not_settle_is_left_out_of_the_range_and_named(solved: Ensemble) -> None:
    tests = solved.case.tests["C1"]
    result = swept(solved, "revisionist", 0.9).together(tests, 1)
    assert set(result.by_model) == {"revisionist", "security", "security, discount 0.96"}
    assert (
        "The base games in `strait` for the type `revisionist` at a discount factor of 0.96 settle in " in result.note
    )
    none = swept(solved, "revisionist", 0.0).together(tests, 1)
    assert set(none.by_model) == set(result.by_model) and "settle in <1 %" in none.note


def test_a_discount_factor_at_which_games_settle_counts(solved: Ensemble) -> None:
    result = swept(solved, "revisionist", 1.01).together(solved.case.tests["C1"], 1)
    assert "revisionist, discount 0.96" in result.by_model and "settle" not in result.note


# --- alarm ---------------------------------------------------------------------------------------------------------


def test_alarm_counts_the_worlds_in_which_its_games_have_settled(solved: Ensemble) -> None:
    weight = np.array([0.25, 0.25, 0.5, 0.0])
    values = {"loss": np.array([1.0, 0.0, np.nan, np.nan]), "signal": np.array([3.0, 3.0, np.nan, np.nan])}
    stub = SimpleNamespace(
        case=solved.case,
        weight=lambda _kind: weight,
        reader=lambda _model: SimpleNamespace(read=lambda call: values[call.name]),
    )
    result = measured(cast(Ensemble, stub), "leader", ("rise",))
    assert result.ratio == (3.0, 3.0, 3.0)
    assert result.before.mid == pytest.approx(0.5) and result.after.mid == pytest.approx(0.75)


def test_a_test_whose_games_do_not_settle_needs_none_at_other_discount_factors(
    solved: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.assessment.judging.MIN_EFFECTIVE", 1)
    case = solved.case
    games = scenarios_for(case, central_models(case), calls_of(case)[THEATRE])
    whole = solved.with_games(games)
    assert Judge(case, 1, {THEATRE: whole}).swept_calls() == calls_of(case)
    everywhere = {game: replace(item, residual=np.ones(WORLDS)) for game, item in whole.solutions.items()}
    test = case.tests["C1"][""]
    own = set(scenarios_for(case, central_models(case), calls_in(test.node))) - {base_of(game) for game in games}
    lacking = replace(whole, solutions={**whole.solutions, **{game: everywhere[game] for game in own}}, memo={})
    judge = Judge(case, 1, {THEATRE: lacking})
    assert judge.judge(test).verdict == "cannot tell"
    assert set(judge.swept_calls().get(THEATRE, ())).isdisjoint(calls_in(test.node))
