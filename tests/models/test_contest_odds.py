"""Odds of war and clash: cutpoints that cross, cases without cutpoints, and the odds of the founding case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from tests.support import minimal_case, seeded

from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.strength import strength

pytestmark = pytest.mark.numeric

BASE = Scenario(theatre="strait", type="revisionist", discount=0.92)
WIN, LOSE = "cutpoint.war.win", "cutpoint.war.lose"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


def test_where_the_cutpoints_of_war_cross_no_war_is_drawn(case: Case) -> None:
    draws = draw(case, seed=seeded(1), draws=4).draws
    given = {WIN: np.array([-1.0, -1.0, 0.5, 2.0]), LOSE: np.array([0.5, 1.0, -0.2, -3.0])}
    parameters = prepare(case, BASE, draws | given).parameters
    assert parameters[WIN].tolist() == given[WIN].tolist()
    assert parameters[LOSE].tolist() == [1.0, 1.0, -0.2, -2.0]


def test_a_case_without_cutpoints_draws_nothing_and_conquers_always(case: Case) -> None:
    drawn = draw(case, seed=seeded(1), draws=4).draws
    given = {name: values for name, values in drawn.items() if not name.startswith("cutpoint.")}
    parameters = prepare(case, BASE, given).parameters
    names = (WIN, LOSE, "cutpoint.clash.win")
    assert all((parameters[name] == 0.0).all() for name in names) and (parameters["conquest"] == 1.0).all()


def test_in_the_founding_case_most_clashes_are_drawn_and_victory_is_seldom_conquest() -> None:
    """Pyongyang against Seoul, Washington and Tokyo. Without draws it would win 45 % of clashes, and conquer in 38 % of wars."""
    case = load(Path(__file__).resolve().parents[2] / "cases" / "japan-buildup")
    scenario = Scenario(theatre="korea", type="revisionist", discount=0.92)
    beliefs = draw(case, seed=1, draws=1024).draws
    now = {actor: force[0] for actor, force in strength(case, scenario, beliefs, case.forms["korea"].index()).items()}
    ratio = np.log(now["PRK"] / (now["KOR"] + now["USA"] + now["JPN"]))
    clash, war = (beliefs[f"decisiveness.{kind}"] * ratio for kind in ("clash", "war"))
    assert (expit(clash).mean(), expit(war).mean()) == pytest.approx((0.45, 0.38), abs=0.01)
    won, lost = expit(war - beliefs[WIN]), expit(-war - beliefs[LOSE])
    assert (won.mean(), lost.mean(), (1 - won - lost).mean()) == pytest.approx((0.38, 0.41, 0.21), abs=0.01)
    assert (1 - won - lost).min() > 0.0
    assert (won * beliefs["conquest"]).mean() == pytest.approx(0.04, abs=0.005)
    assert expit(clash - beliefs["cutpoint.clash.win"]).mean() == pytest.approx(0.03, abs=0.005)
