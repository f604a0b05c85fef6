"""The JSON and the tables of claims: parts with their own verdicts and facts, outcomes with scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.assessment.claim_record import ClaimRecord
from tocsin.assessment.facts_result import FactRead, OutcomeResult
from tocsin.assessment.frames import frame
from tocsin.assessment.outcomes import with_outcomes
from tocsin.assessment.result import Assessment, ClaimResult, Curve, Figures, Likelihood, PartResult, RunRecord
from tocsin.case import Case

READ = FactRead(key="sites", value="60 ships", date="2025", sources=("book", "news"), expected="2030")
CURVE = Curve(points=((0.01, 0.71234), (0.02, 0.4)), turns=(0.015,), unit="%", means="a loss worth a month")
LIKELIHOOD = Likelihood(low=0.2, mid=0.412345, high=0.6, error=0.01234)
FACT = PartResult(
    name="many",
    says="There are ninety.",
    verdict="fails",
    probability=None,
    note="counted",
    words="by the facts",
    basis="facts",
    essential=True,
    read=(READ,),
    shown="60 ships, not above 90",
)
MODEL = PartResult(
    name="feared",
    says="They are feared.",
    verdict="fails",
    probability=LIKELIHOOD,
    note="",
    words="unlikely (41 %)",
    basis="model",
    turnable=True,
    by_model={"security": 0.2},
    curve=CURVE,
)
OUTCOME = OutcomeResult(key="later", says="It came.", happened=True, date="2029", sources=("news",), brier=0.34531)
CLAIM = ClaimResult(
    id="C1",
    kind="forecast",
    says="It is so.",
    sentence=None,
    mechanism="",
    verdict="fails",
    words="unlikely (41 %)",
    probability=LIKELIHOOD,
    confidence="low",
    limits=("few draws",),
    basis="model",
    rule="any",
    parts=(FACT, MODEL),
    due="2030",
    outcomes=(OUTCOME,),
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


def assessment_of(case: Case, *claims: ClaimResult) -> Assessment:
    run = RunRecord(
        seed=1,
        draws=1,
        settings=(),
        models=(),
        data=(),
        versions={},
        effective_draws=1.0,
        settled=1.0,
        seconds=0.0,
    )
    figures = Figures(spending=(), money="", fear=(), risk=(), pillar=(), pull=(), fan=(), history=())
    return Assessment(case=case, run=run, quantities=(), claims=claims, figures=figures, scenes=())


def test_every_part_is_recorded_with_what_decided_it() -> None:
    fact, model = (part.model_dump(mode="json") for part in ClaimRecord.of(CLAIM).parts)
    assert fact == {
        "name": "many",
        "says": "There are ninety.",
        "verdict": "fails",
        "words": "by the facts",
        "basis": "facts",
        "essential": True,
        "probability": None,
        "turnable": False,
        "by_model": {},
        "curve": None,
        "read": [
            {"key": "sites", "value": "60 ships", "date": "2025", "sources": ["book", "news"], "expected": "2030"}
        ],
        "shown": "60 ships, not above 90",
        "note": "counted",
    }
    assert model["probability"] == {"low": 0.2, "mid": 0.4123, "high": 0.6, "error": 0.0123}
    assert model["turnable"] is True
    assert model["by_model"] == {"security": 0.2}
    assert model["curve"] == {
        "points": [{"threshold": 0.01, "probability": 0.7123}, {"threshold": 0.02, "probability": 0.4}],
        "turns": [0.015],
        "unit": "%",
        "means": "a loss worth a month",
    }


def test_a_claim_is_recorded_with_its_rule_limits_and_outcomes() -> None:
    record = ClaimRecord.of(CLAIM).model_dump(mode="json")
    assert (record["rule"], record["basis"], record["limits"], record["due"]) == ("any", "model", ["few draws"], "2030")
    (outcome,) = record["outcomes"]
    assert outcome == {
        "key": "later",
        "says": "It came.",
        "happened": True,
        "date": "2029",
        "sources": ["news"],
        "note": "",
        "brier": 0.3453,
    }


def test_tables_of_parts_facts_and_curves_have_a_row_for_each_item(case: Case) -> None:
    assessment = assessment_of(case, CLAIM, replace(CLAIM, id="C2", parts=(), read=(READ,), outcomes=()))
    parts = frame(assessment, "parts")
    assert parts["part"].to_list() == ["many", "feared"]
    assert parts["shown"].to_list() == ["60 ships, not above 90", ""]
    assert parts["error"].to_list() == [None, 0.01234]
    assert frame(assessment, "facts").rows() == [
        ("C1", "many", "sites", "60 ships", "2025", "2030", "book;news"),
        ("C2", "", "sites", "60 ships", "2025", "2030", "book;news"),
    ]
    assert frame(assessment, "curves")["threshold"].to_list() == [0.01, 0.02]
    assert frame(assessment, "models").rows() == [("C1", "feared", "security", 0.2)]
    assert frame(assessment, "outcomes").rows() == [("C1", "later", "It came.", True, "2029", "2030", 0.34531)]


# --- outcomes ------------------------------------------------------------------------------------------------------


def with_outcome(folder: Path, happened: str) -> Case:
    written = (
        f"  later: {{claim: C1, says: It came, happened: {happened}, date: 2026, source: [book, record], note: n}}\n"
    )
    return minimal_case(
        folder,
        replace={
            "kind: causal, sentence: 1": "kind: forecast, sentence: 1, due: 2026",
            "questions:\n": f"outcomes:\n{written}questions:\n",
        },
    )


@pytest.mark.parametrize(("happened", "probability", "score"), [("true", 0.9, 0.01), ("false", 0.9, 0.81)])
def test_a_forecast_with_a_probability_is_scored(
    tmp_path: Path, happened: str, probability: float, score: float
) -> None:
    case = with_outcome(tmp_path, happened)
    claim = replace(CLAIM, outcomes=(), due="", probability=Likelihood(low=0.0, mid=probability, high=1.0))
    result = with_outcomes(case, claim)
    assert result.due == "2026"
    (outcome,) = result.outcomes
    assert outcome.brier == pytest.approx(score)
    assert outcome == OutcomeResult(
        key="later",
        says="It came",
        happened=happened == "true",
        date="2026",
        sources=("book", "record"),
        note="n",
        brier=outcome.brier,
    )


@pytest.mark.parametrize("change", [{"probability": None}, {"kind": "causal"}])
def test_without_a_probability_or_a_forecast_there_is_no_score(tmp_path: Path, change: dict[str, None]) -> None:
    result = with_outcomes(with_outcome(tmp_path, "true"), replace(CLAIM, **change))  # type: ignore[arg-type]
    assert [outcome.brier for outcome in result.outcomes] == [None]


def test_a_claim_has_only_its_own_outcomes(tmp_path: Path) -> None:
    assert with_outcomes(with_outcome(tmp_path, "true"), replace(CLAIM, id="C3")).outcomes == ()
