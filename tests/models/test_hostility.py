"""The payoff of pressing in itself: against the scalar oracle, neutral at 0, and the same as a lower cost of pressure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.models.plain_coercion import Plain
from tests.models.strikes import DRAWN, STRIKES
from tests.support import minimal_case, seeded

from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.form import INSTRUMENTS
from tocsin.case.inputs import optional
from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.scenario import RESPONDERS, Scenario
from tocsin.models.coercion.solve import Solution, settle, solve

pytestmark = pytest.mark.numeric

BASE = Scenario(theatre="strait", type="revisionist", discount=0.92)
DRAWS = 4


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("armed"), replace={"regimes:\n": STRIKES + DRAWN + "regimes:\n"})


@pytest.fixture(scope="module")
def draws(case: Case) -> Draws:
    return draw(case, seed=seeded(5), draws=DRAWS).draws


def arrays(solution: Solution) -> dict[str, np.ndarray]:
    """Return every array of a solution by name."""
    groups = (solution.values, solution.best_responses, solution.tallies, solution.probabilities)
    return {f"{index}.{name}": values for index, group in enumerate(groups) for name, values in group.items()}


def test_hostility_of_zero_is_bit_equal_to_none(case: Case, draws: Draws) -> None:
    assert "hostility" in optional(case, "strait") and "hostility" not in draws
    none, zero = (solve(case, [BASE], known)[BASE] for known in (draws, {**draws, "hostility": np.zeros(DRAWS)}))
    for name, values in arrays(none).items():
        assert np.array_equal(values, arrays(zero)[name]), name


def test_hostility_lowers_the_cost_of_pressure_by_as_much(case: Case, draws: Draws) -> None:
    earned = np.linspace(0.002, 0.008, DRAWS)
    one = solve(case, [BASE], {**draws, "hostility": earned})[BASE]
    other = solve(case, [BASE], {**draws, "cost.press": draws["cost.press"] - earned})[BASE]
    for name, values in arrays(one).items():
        assert values == pytest.approx(arrays(other)[name], abs=1e-9), name


@pytest.mark.parametrize("kind", ["revisionist", "security"])
def test_the_game_with_hostility_equals_its_scalar_oracle(case: Case, draws: Draws, kind: str) -> None:
    hostile = {**draws, "hostility": np.array([-0.02, 0.01, 0.03, 0.06])}
    scenario = replace(BASE, type=kind, discount=0.9)
    result = solve(case, [scenario], hostile)[scenario]
    end = settle(case, [scenario], hostile)[scenario]
    for index in (0, DRAWS - 1):
        row = Plain(prepare(case, scenario, hostile), index, end=end.values[..., index]).solve()[result.form.start, 3]
        assert result.tallies["risk"][3, index] == pytest.approx(row["risk"], abs=1e-11)
        for name in RESPONDERS:
            assert result.best_responses[name][3, index] == pytest.approx(row[name], abs=1e-11)


def test_more_hostility_makes_pressure_more_likely_if_the_future_is_given(case: Case, draws: Draws) -> None:
    """In one year with a given future, a higher payoff of one action raises its probability in a logit choice."""

    def pressed(hostility: float, world: int) -> float:
        plain = Plain(prepare(case, BASE, {**draws, "hostility": np.full(DRAWS, hostility)}), world)
        plain.year_after()
        return float(plain.probabilities[INSTRUMENTS.index("press")])

    for world in range(DRAWS):
        chances = [pressed(hostility, world) for hostility in (-0.02, 0.0, 0.02, 0.04)]
        assert np.all(np.diff(chances) > 0)


def test_hostility_may_differ_by_theatre(tmp_path: Path) -> None:
    text = '  hostility@strait: {is: "fixed(0.02)", unit: "1", by: tests, why: range}\nregimes:\n'
    case = minimal_case(tmp_path, replace={"regimes:\n": text})
    parameters = prepare(case, BASE, draw(case, seed=1, draws=2).draws).parameters
    assert list(parameters["hostility"]) == [0.02, 0.02]
