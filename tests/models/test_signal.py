"""The signalling game: when statements carry information, when they do not, and that its solution is an equilibrium."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.support import seeded

from tocsin.evidence.words.game import ACTS, HEIGHTS
from tocsin.models.signal import PARAMETERS, likelihood_ratio, rates

pytestmark = pytest.mark.numeric

DRAWS = 24


def parameters(**changes: float) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seeded(5))
    low = dict(zip(PARAMETERS, (0.1, 1.0, 1.0, 0.1, 0.1, 0.3, 0.1, 1.0), strict=True))
    high = dict(zip(PARAMETERS, (3.0, 10.0, 8.0, 5.0, 0.6, 3.0, 0.9, 5.0), strict=True))
    drawn = {name: random.uniform(low[name], high[name], DRAWS) for name in PARAMETERS}
    return drawn | {name: np.full(DRAWS, value) for name, value in changes.items()}


def ratio(rung: str, fear: float, ordinary: float = 0.1, precision: float = 60.0, **changes: float) -> np.ndarray:
    wide = {"fear": fear, "precision": precision, "ordinary": ordinary}
    return likelihood_ratio(
        rung, parameters=parameters(**changes), **{name: np.full(DRAWS, value) for name, value in wide.items()}
    )


@pytest.mark.parametrize("rung", ["commentary", "statement", "leader"])
def test_without_fear_and_without_a_cost_of_bluffing_statements_carry_no_information(rung: str) -> None:
    assert ratio(rung, 0.0, bluff=0.0) == pytest.approx(np.ones(DRAWS), abs=1e-9)
    assert ratio(rung, -0.1, bluff=0.0) == pytest.approx(np.ones(DRAWS), abs=1e-9)


def test_a_challenger_to_whom_its_loss_is_worth_nothing_reveals_nothing_without_a_cost_of_bluffing() -> None:
    assert ratio("leader", 0.1, precision=0.0, bluff=0.0) == pytest.approx(np.ones(DRAWS), abs=1e-9)


def test_only_the_product_of_loss_and_precision_counts() -> None:
    assert ratio("leader", 0.1, precision=60.0) == pytest.approx(ratio("leader", 0.2, precision=30.0), abs=1e-12)


def test_statements_that_come_in_any_case_reveal_only_that_no_act_was_taken() -> None:
    always, other = ratio("leader", 0.1, ordinary=1.0), ratio("commentary", 0.1, ordinary=1.0)
    assert always == pytest.approx(other, abs=1e-12)
    chosen = rates(fear=np.full(DRAWS, 0.1), precision=np.full(DRAWS, 60.0), parameters=parameters())
    quiet = {kind: sum(of_type[rung, "words"] for rung in HEIGHTS) for kind, of_type in chosen.items()}
    assert always == pytest.approx(quiet["alarmed"] / quiet["posturing"], abs=1e-12)


def test_the_costlier_bluffing_is_the_more_the_leaders_word_reveals() -> None:
    ratios = [ratio("leader", 0.05, ordinary=0.0, bluff=bluff) for bluff in (0.0, 1.0, 5.0)]
    assert (ratios[1] > ratios[0]).all() and (ratios[2] > ratios[1]).all()


def test_habit_moves_the_ratio_of_statements_towards_that_of_the_act_alone() -> None:
    shares = [ratio("leader", 0.1, ordinary=share, bluff=3.0) for share in (0.0, 0.3, 0.9, 1.0)]
    assert all((earlier >= later - 1e-12).all() for earlier, later in pairwise(shares))


def test_choice_probabilities_are_logit_responses_to_beliefs_by_bayes_rule() -> None:
    given, fear, precision = parameters(), np.full(DRAWS, 0.08), np.full(DRAWS, 50.0)
    chosen = rates(fear=fear, precision=precision, parameters=given)
    gains: dict[str, list[np.ndarray]] = {"alarmed": [], "posturing": []}
    for rung, height in HEIGHTS.items():
        for act in ACTS:
            odds = (
                given["prior"] * chosen["alarmed"][rung, act] / ((1 - given["prior"]) * chosen["posturing"][rung, act])
            )
            alarmed = odds / (1 + odds)
            slow = 1 / (1 + np.exp(-given["caution"] * (given["danger"] * alarmed - 1)))
            own = given["home"] * height - given["price"] * height**2 - given["act"] * (act == "act")
            gains["alarmed"].append(own + precision * fear * given["undone"] * slow)
            gains["posturing"].append(own - given["bluff"] * height * (1 - slow))
    for kind, values in gains.items():
        powers = np.exp(np.stack(values) - np.max(values, axis=0))
        expected = powers / powers.sum(axis=0)
        actual = np.stack([chosen[kind][rung, act] for rung in HEIGHTS for act in ACTS])
        assert actual == pytest.approx(expected, abs=1e-8)


def test_inputs_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        ratio("leader", float("nan"))
