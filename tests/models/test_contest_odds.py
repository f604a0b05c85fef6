"""Odds of war and clash: cutpoints that cross, and cases without cutpoints."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import Scenario

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
    parameters = prepare(case, BASE, draw(case, seed=seeded(1), draws=4).draws).parameters
    names = (WIN, LOSE, "cutpoint.clash.win")
    assert all((parameters[name] == 0.0).all() for name in names) and (parameters["conquest"] == 1.0).all()
