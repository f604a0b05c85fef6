"""What models of past disputes say of a case's tests: who speaks, who counts, the pool, and what a disagreement does to confidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.assessment.test_confidence import GOOD, JUDGED, claim, driven_by
from tests.support import minimal_case

from tocsin.assessment import other_models as module
from tocsin.assessment.confidence import confidence, rated
from tocsin.assessment.health_findings import Grounds
from tocsin.assessment.health_result import Health
from tocsin.assessment.other_models import NO_CHANGE, NO_FORCES, PastModels, other_models
from tocsin.assessment.other_models_record import OtherModelsRecord
from tocsin.assessment.other_models_result import BOUNDS, ModelAnswer, OtherModels
from tocsin.assessment.result import ClaimResult, Likelihood, PartResult
from tocsin.case import Case, load
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Call, Threshold
from tocsin.evidence.courses.names import AUDIENCE, BARGAINING, FORCES, GAME, MODELS, RECORD, SPIRAL
from tocsin.evidence.courses.weights import weights

pytestmark = pytest.mark.numeric

CASE = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"
DRAWS = 128


@pytest.fixture(scope="module")
def case() -> Case:
    return load(CASE)


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DRAWS", DRAWS)


@pytest.fixture(scope="module")
def past(case: Case) -> PastModels:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DRAWS", DRAWS)
        models = PastModels(case, seed=2)
        assert models.worlds.size == models.players.draws == DRAWS
    return models


def war(*events: str, theatre: str = "korea") -> Call:
    return Call("p_war", events=events, theatre=theatre)


def answers(**probabilities: float | None) -> OtherModels:
    """Return answers with these probabilities; a model without one is silent, and all have the weights of the back-test."""
    return OtherModels(
        claim="C1",
        part="",
        years=15,
        counterfactual=True,
        answers=tuple(
            ModelAnswer(
                model=model,
                weight=weight,
                probability=probabilities.get(model),
                silent="" if probabilities.get(model) is not None else "x",
            )
            for model, weight in weights().items()
        ),
    )


# --- the pool ----------------------------------------------------------------------------------------------------------


def test_silent_models_contribute_the_prior() -> None:
    assert answers().pooled == 0.5
    expected = 0.5 + (0.9 - 0.5) * weights()[GAME]
    assert answers(moves=0.9).pooled == pytest.approx(expected)


def test_a_model_that_misses_a_control_does_not_count() -> None:
    blind = replace(answers(moves=0.9), answers=tuple(replace(row, silent="x") for row in answers(moves=0.9).answers))
    assert blind.pooled == 0.5 and not blind.differ


def test_the_pooled_figure_is_held_within_bounds() -> None:
    for end, bound in ((0.0, BOUNDS[0]), (1.0, BOUNDS[1])):
        assert answers(coercion=end, **dict.fromkeys(MODELS, end)).pooled == bound


@pytest.mark.parametrize(
    ("given", "differ", "against"),
    [
        ({"coercion": 0.6, "moves": 0.4}, True, True),
        ({"coercion": 0.6, "moves": 0.5}, False, False),
        ({"moves": 0.9, "audience": 0.1}, True, False),  # the game is silent
        ({"coercion": 0.5, "moves": 0.9, "audience": 0.1}, True, False),  # the game takes no side
        ({"coercion": 0.2, "moves": 0.1}, False, False),
        ({}, False, False),
    ],
)
def test_models_differ_by_the_rules_of_verdicts(given: dict[str, float], differ: bool, against: bool) -> None:
    row = answers(**given)
    assert (row.differ, row.against_game) == (differ, against)


def test_a_model_that_contradicts_the_game_takes_a_step_off_the_confidence(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    result = claim(drivers=driven_by("toppling"))
    high, _ = confidence(case, result, GOOD, JUDGED)
    moderate, limits = confidence(case, result, replace(GOOD, contradicted=True), JUDGED)
    assert (high, moderate) == ("high", "moderate") and "a model of past disputes says the contrary" in limits
    result = replace(result, sources=("record",), drivers=driven_by("accident"))
    levels = [
        rated(case, [result], Health(), Grounds(), others)[0].confidence
        for others in (
            (),
            (answers(coercion=0.8, moves=0.1),),
            (replace(answers(coercion=0.8, moves=0.1), claim="C9"),),
        )
    ]
    assert levels == ["high", "moderate", "high"]


# --- forces ------------------------------------------------------------------------------------------------------------


def test_today_is_no_shift_and_a_rise_of_the_defenders_is_one_above_it(past: PastModels) -> None:
    base, doubled = past.shift(war()), past.shift(war("seoul_doubles"))
    assert base.shape == (15, DRAWS)
    np.testing.assert_allclose(base[0], 0.0, atol=1e-12)
    assert (doubled > base).all()
    assert (past.shift(war("washington_leaves")) < base).all()


def test_an_event_of_another_theatre_shifts_nothing(past: PastModels) -> None:
    np.testing.assert_array_equal(past.shift(war("taipei_doubles")), past.shift(war()))


# --- who speaks --------------------------------------------------------------------------------------------------------


def test_only_models_with_forces_compare_worlds(past: PastModels, case: Case) -> None:
    for test in case.tests["C23"].values():
        answers = {model: past.answer(model, test) for model in MODELS}
        assert {model for model, answer in answers.items() if answer.probability is not None} == set(FORCES)
        assert {answers[model].silent for model in (BARGAINING, SPIRAL, RECORD)} == {NO_FORCES}
        assert all(answer.level for answer in answers.values())
        assert sum(answer.weight for answer in answers.values()) == pytest.approx(1.0 - weights()["coercion"])


def test_a_threshold_that_a_control_reaches_lets_a_model_count(past: PastModels, case: Case) -> None:
    test = case.tests["C23"]["korea"]
    blind, seeing = (past.answer(AUDIENCE, replace(test, central=threshold)) for threshold in (0.01, 1e-6))
    assert not blind.counts and "misses a control (Seoul doubles its spending)" in blind.silent
    assert seeing.counts and seeing.effect is not None and seeing.effect == blind.effect


def test_all_models_speak_of_a_level(past: PastModels) -> None:
    level = Test(node=Binary(">", war(), Threshold()), thresholds=(0.02,), central=0.02)
    answers = [past.answer(model, level) for model in MODELS]
    assert all(answer.counts for answer in answers)
    spread = {answer.model: answer.probability for answer in answers}
    assert spread[SPIRAL] == pytest.approx(1.0) and spread[GAME] == pytest.approx(0.0, abs=0.05)


def test_events_that_move_no_force_leave_every_model_silent(past: PastModels, case: Case) -> None:
    test = case.tests["C23"]["korea"]
    same = Binary(">", Binary("-", war("seoul_aligned"), war("seoul_drifts")), Threshold())
    answer = past.answer(GAME, replace(test, node=same))
    assert answer.probability is None and answer.silent == NO_CHANGE


# --- a case ------------------------------------------------------------------------------------------------------------


def decided(case: Case, mid: float | None) -> list[ClaimResult]:
    """Return the claims of the case, with a probability for both parts of C23."""
    known = None if mid is None else Likelihood(low=mid, mid=mid, high=mid)
    parts = tuple(
        PartResult(name=name, says="x", verdict="fails", words="unseen", probability=known, note="")
        for name in case.tests["C23"]
    )
    return [claim(id=name, parts=parts if name == "C23" else ()) for name in case.claims]


def test_only_the_claim_on_war_is_answered(case: Case) -> None:
    rows = other_models(case, decided(case, 0.8), seed=1)
    assert [(row.claim, row.part, row.years) for row in rows] == [("C23", "korea", 15), ("C23", "taiwan", 15)]
    assert all(row.counterfactual and row.answers[0].probability == 0.8 for row in rows)
    assert [row.model for row in rows[0].answers] == ["coercion", *MODELS]
    assert rows == other_models(case, decided(case, 0.8), seed=1)


def test_a_game_without_a_probability_is_silent(case: Case) -> None:
    rows = other_models(case, decided(case, None), seed=1)
    assert rows[0].answers[0].silent == "unseen" and rows[0].pooled == 0.5


def test_states_without_a_record_are_left_alone(tmp_path: Path) -> None:
    test = {"loss_aim(ALF, rise + amendment) > threshold": "p_war() - p_war(rise) > threshold"}
    invented = minimal_case(tmp_path, replace=test)
    claims = [claim(id=name) for name in invented.claims]
    assert other_models(invented, claims, seed=1) == ()


def test_the_record_of_answers_is_read_back_as_written(case: Case) -> None:
    for row in other_models(case, decided(case, 0.8), seed=1):
        record = OtherModelsRecord.of(row)
        assert OtherModelsRecord.model_validate_json(record.model_dump_json()) == record
        assert record.pooled == pytest.approx(row.pooled, abs=1e-4)
