"""What an event does to the challenger: for its aim, for its survival, and as a share of what deterrence costs it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from tests.support import minimal_case, seeded

from tocsin.assessment.quantities import Reader, needs
from tocsin.assessment.rules import undeterred
from tocsin.assessment.situations import Model, without_events
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.nodes import Call
from tocsin.errors import InputError
from tocsin.models.coercion.paths import paths
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, solve
from tocsin.models.coercion.strength import strength

pytestmark = pytest.mark.numeric
DRAWS = 8
OF_EVENTS = ("loss", "loss_aim", "loss_survival", "loss_share", "dent", "delay", "fear_fall", "fear_struck")
MEASURES = (*OF_EVENTS, "fall", "struck", "preventive_years")
STRIKES = """  blows.BET: {is: "uniform(5 to 60)", unit: launchers, by: tests, why: range}
  decapitation.BET: {is: "uniform(0.05 to 0.3)", unit: "1", by: tests, why: range}
  launchers: {is: "uniform(40 to 80)", unit: launchers, by: tests, why: range}
  hidden: {is: "uniform(0.1 to 0.4)", unit: "1", by: tests, why: range}
  cost.strike: {is: "uniform(0 to 0.05)", unit: "1", by: tests, why: range}
  cost.strike.peace: {is: "uniform(0 to 0.1)", unit: "1", by: tests, why: range}
  alarm: {is: "uniform(0.05 to 0.3)", unit: per year, by: tests, why: range}
  warning: {is: "uniform(0.1 to 0.6)", unit: "1", by: tests, why: range}
regimes:
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("strikes"), replace={"regimes:\n  GAM": f"{STRIKES}  GAM"})


@pytest.fixture(scope="module")
def draws(case: Case) -> dict[str, np.ndarray]:
    return dict(draw(case, seed=seeded(3), draws=DRAWS).draws)


def asks(name: str, *events: str) -> Call:
    return Call(name, events=events or ("rise", "amendment"), theatre="strait")


def reader(case: Case, model: Model, draws: dict[str, np.ndarray], calls: list[Call]) -> Reader:
    games = [game for call in calls for game in needs(case, model, call)]
    return Reader(case, model, solve(case, games, draws), draws, {})


def measured(case: Case, model: Model, draws: dict[str, np.ndarray], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    calls = [asks(name) for name in names]
    read = reader(case, model, draws, calls)
    return {call.name: read.read(call) for call in calls}


# --- no event, no fear ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["revisionist", "security"])
def test_an_event_that_brings_the_world_it_is_compared_with_brings_no_fear(
    case: Case, draws: dict[str, np.ndarray], kind: str
) -> None:
    same = case.events["rise"].model_copy(update={"against": {"spending.BET": "rise"}})
    changed = case.model_copy(update={"events": {**case.events, "rise": same}})
    calls = [asks(name, "rise") for name in OF_EVENTS]
    read = reader(changed, Model(kind, 0.92), draws, calls)
    for call in calls:
        values = read.read(call)
        assert np.all(values[~np.isnan(values)] == 0.0), call.name
    assert not np.isnan(read.read(asks("dent", "rise"))).all()


def test_an_event_that_changes_the_world_shows_in_every_measure(case: Case, draws: dict[str, np.ndarray]) -> None:
    effects = measured(case, Model("revisionist", 0.92), draws, OF_EVENTS)
    for name, values in effects.items():
        assert np.any(np.abs(values) > 1e-6), name


# --- identities ----------------------------------------------------------------------------------------------------


def test_a_dent_of_minus_one_drops_all_defenders_and_one_of_one_doubles_what_they_cost(
    case: Case, draws: dict[str, np.ndarray]
) -> None:
    model, call = Model("revisionist", 0.92), asks("dent", "rise")
    read = reader(case, model, draws, [call])
    before = without_events(case, model, call)
    now, free = (read.solutions[game] for game in (before.scenario, undeterred(before)))
    twice = {"best": 2 * now.best_responses["best"] - free.best_responses["best"]}
    for after, dent in ((free, -1.0), (now, 0.0), (replace(now, best_responses=twice), 1.0)):
        values = Reader(case, model, {**read.solutions, _with(case, model, call): after}, draws, {}).read(call)
        costs = free.best_responses["best"] > now.best_responses["best"]
        known = costs[before.state] & now.settled & free.settled & _settled(case, model, call, read)
        assert np.array_equal(np.isfinite(values), known) and np.sum(known) > len(values) / 2
        assert values[known] == pytest.approx(dent)


def _settled(case: Case, model: Model, call: Call, read: Reader) -> np.ndarray:
    return np.all([read.solutions[game].settled for game in needs(case, model, call)], axis=0)


def _with(case: Case, model: Model, call: Call) -> Scenario:
    before, after = needs(case, model, call)[:2]
    assert before != after
    return after


def test_a_dent_is_undefined_where_deterrence_costs_nothing(case: Case, draws: dict[str, np.ndarray]) -> None:
    model, call = Model("revisionist", 0.92), asks("dent", "rise")
    read = reader(case, model, draws, [call])
    free = undeterred(without_events(case, model, call))
    worse = replace(read.solutions[free], best_responses={"best": read.solutions[free].best_responses["best"] - 100.0})
    assert np.isnan(Reader(case, model, {**read.solutions, free: worse}, draws, {}).read(call)).all()


def test_shares_and_losses_have_one_numerator(case: Case, draws: dict[str, np.ndarray]) -> None:
    for kind in case.types:
        model = Model(kind, 0.92)
        losses = measured(case, model, draws, ("loss", "loss_aim", "loss_survival", "loss_share", "dent"))
        assert losses["loss"] == pytest.approx(losses["loss_aim"] + losses["loss_survival"], abs=1e-12)
        for name in ("loss_share", "dent"):
            known = ~np.isnan(losses[name])
            assert np.array_equal(np.sign(losses[name][known]), np.sign(losses["loss"][known]))


def test_rises_are_differences_of_levels(case: Case, draws: dict[str, np.ndarray]) -> None:
    model = Model("revisionist", 0.92)
    calls = [asks("fear_fall"), asks("fear_struck"), asks("fall"), asks("struck")]
    calls += [replace(call, events=()) for call in calls[2:]]
    read = reader(case, model, draws, calls)
    for rise, level in (("fear_fall", "fall"), ("fear_struck", "struck")):
        after, before = read.read(asks(level)), read.read(replace(asks(level), events=()))
        assert read.read(asks(rise)) == pytest.approx(after - before, abs=1e-15)
        assert np.all((after >= 0) & (after <= 1))


def test_a_challenger_that_nobody_can_strike_is_never_struck(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    draws = dict(draw(case, seed=1, draws=4).draws)
    effects = measured(case, Model("revisionist", 0.92), draws, ("struck", "fear_struck", "fall"))
    assert np.all(effects["struck"] == 0.0) and np.all(effects["fear_struck"] == 0.0)
    assert np.all(effects["fall"] > 0.0)  # a war that it begins may still topple it


def test_delay_and_fall_follow_the_paths_of_the_game(case: Case, draws: dict[str, np.ndarray]) -> None:
    known, model = draws | {"precision": np.full(DRAWS, 20.0)}, Model("revisionist", 0.5)  # so that every game settles
    read = reader(case, model, known, [asks("delay", "rise"), asks("fall", "rise"), asks("struck", "rise")])
    state = case.forms["strait"].index()
    before, after = (paths(case, game, known, state) for game in needs(case, model, asks("delay", "rise")))
    assert read.read(asks("delay", "rise")) == pytest.approx(np.sum(before.risk - after.risk, axis=0), abs=1e-6)
    assert read.read(asks("fall", "rise")) == pytest.approx(after.fallen[-1], abs=1e-6)
    assert read.read(asks("struck", "rise")) == pytest.approx(after.struck[-1], abs=1e-6)
    assert np.max(after.struck[-1]) > 1e-4 and np.max(np.abs(read.read(asks("delay", "rise")))) > 1e-3


# --- units ---------------------------------------------------------------------------------------------------------

PAYOFFS = ("aim.security", "falling.security", "stake.", "cost.", "shadow", "dividend", "standing_aside.")


@pytest.mark.parametrize("discount", [0.88, 0.92, 0.96])
def test_no_measure_depends_on_the_unit_of_payoffs(case: Case, draws: dict[str, np.ndarray], discount: float) -> None:
    # precision is per unit of a player's own stake, so that errors grow with the stakes; games settle to a millionth of it.
    # a power of two is exact, so that a search takes the same steps
    scaled = {name: 4.0 * values if name.startswith(PAYOFFS) else values for name, values in draws.items()}
    model = Model("security", discount)
    before, after = (measured(case, model, known, MEASURES) for known in (draws, scaled))
    for name, values in before.items():
        assert after[name] == pytest.approx(values, rel=1e-6, abs=1e-8, nan_ok=True), name


def test_a_loss_counts_in_the_challengers_own_aim(case: Case, draws: dict[str, np.ndarray]) -> None:
    model, call = Model("security", 0.92), asks("loss")
    read = reader(case, model, draws, [call])
    before, after = (read.solutions[game] for game in needs(case, model, call))
    lost = _best(before, case.forms["strait"].index()) - _best(after, _normal(case))
    assert read.read(call) == pytest.approx(lost / draws["aim.security"])


def _best(solution: Solution, state: int) -> np.ndarray:
    return solution.best_responses["best"][state]


def _normal(case: Case) -> int:
    return case.forms["strait"].index({"BET.posture": "normal"})


def test_a_delay_is_compared_with_times_only(tmp_path: Path) -> None:
    test = 'holds: "fact(budget.BET.2024) > 10 USD bn"'
    minimal_case(tmp_path / "a", replace={test: 'holds: "delay(rise) > 3 months and preventive_years() >= 1 year"'})
    with pytest.raises(InputError) as caught:
        minimal_case(tmp_path / "b", replace={test: 'holds: "delay(rise) > 0.1"'})
    assert "incompatible units" in str(caught.value)


# --- preventive war ------------------------------------------------------------------------------------------------


def test_the_preventive_years_are_those_of_fearons_criterion(case: Case, draws: dict[str, np.ndarray]) -> None:
    rising = draws | {f"growth.{actor}": np.ones(DRAWS) for actor in ("BET", "GAM")}
    rising |= {"spending.ALF": np.full(DRAWS, 300.0), "decisiveness.war": np.full(DRAWS, 2.0)}
    rising["cost.war.challenger"] = np.linspace(0.01, 1.5, DRAWS)
    model = Model("revisionist", 0.92)
    years = measured(case, model, rising, ("preventive_years",))["preventive_years"]
    assert np.array_equal(years, _by_hand(case, model, rising)) and np.sum(years > 0) > DRAWS / 2
    dearer = rising | {"cost.war.challenger": rising["cost.war.challenger"] + 10.0}
    assert np.all(measured(case, model, dearer, ("preventive_years",))["preventive_years"] == 0)
    assert np.all(measured(case, model, draws, ("preventive_years",))["preventive_years"] == 0)


def _by_hand(case: Case, model: Model, draws: dict[str, np.ndarray]) -> list[float]:
    """Return how often war now is better than the whole aim for a year and then war a year later."""
    scenario = needs(case, model, asks("preventive_years"))[0]
    force = strength(case, scenario, draws, _normal(case))
    years = []
    for world in range(DRAWS):
        odds = [
            expit(draws["decisiveness.war"][world] * np.log(own / (one + two)))
            for own, one, two in zip(
                force["ALF"][:, world], force["BET"][:, world], force["GAM"][:, world], strict=True
            )
        ]
        cost, d = draws["cost.war.challenger"][world] + draws["shadow"][world], model.discount
        years.append(sum(now - cost > (1 - d) + d * (later - cost) for now, later in pairwise(odds)))
    return [float(year) for year in years]
