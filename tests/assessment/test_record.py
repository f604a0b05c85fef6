"""The JSON and the tables of claims: parts with their own verdicts and facts, outcomes with scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.assessment.claim_record import ClaimRecord, PartRecord, SpanRecord
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.facts_result import FactRead, OutcomeResult
from tocsin.assessment.figures_result import EventParts, Figures, PartShare
from tocsin.assessment.frames import frame
from tocsin.assessment.judging import Judge
from tocsin.assessment.outcomes import outcomes_of
from tocsin.assessment.result import (
    Assessment,
    ClaimResult,
    Curve,
    Driver,
    Likelihood,
    PartResult,
    QuantityDrivers,
    RunRecord,
)
from tocsin.assessment.world_count import WorldCount
from tocsin.case import Case

READ = FactRead(key="sites", value="60 ships", date="2025", sources=("book", "news"), expected="2030")
CURVE = Curve(points=((0.01, 0.71234), (0.02, 0.4)), turns=(0.015,), unit="%", means="a loss worth a month")
COUNT = WorldCount(holds=210, fails=302, of=500, effective=480.123)
WORLDS = {"holds": 210, "fails": 302, "of": 500, "effective": 480.1}
LIKELIHOOD = Likelihood(low=0.2, mid=0.412345, high=0.6, error=0.01234, worlds=COUNT)
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
OUTCOME = OutcomeResult(key="later", says="It came.", happened=True, date="2029", sources=("news",))
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
    figures = Figures(spending=(), money="", loss=(), risk=(), pillar=(), pull=(), fan=(), history=())
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
    assert model["probability"] == {"low": 0.2, "mid": 0.4123, "high": 0.6, "error": 0.0123, "worlds": WORLDS}
    span = SpanRecord.model_validate(model["probability"])
    assert span == PartRecord.of(MODEL).probability
    assert span.worlds and span.worlds.count() == replace(COUNT, effective=480.1)
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
    assert frame(assessment, "outcomes").rows() == [
        ("C1", "later", "It came.", True, "2029", "2030", pytest.approx(0.345338, abs=1e-6))
    ]


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


def test_the_outcomes_of_a_claim_are_found(tmp_path: Path) -> None:
    case = with_outcome(tmp_path, "true")
    expected = OutcomeResult(
        key="later", says="It came", happened=True, date="2026", sources=("book", "record"), note="n"
    )
    assert outcomes_of(case, "C1") == (expected,)
    assert outcomes_of(case, "C3") == ()


@pytest.mark.parametrize(
    ("happened", "probability", "score"), [(True, 0.9, 0.01), (False, 0.9, 0.81), (True, 1.0, 0.0)]
)
def test_a_forecast_with_a_probability_is_scored(happened: bool, probability: float, score: float) -> None:
    claim = replace(CLAIM, probability=Likelihood(low=0.0, mid=probability, high=1.0))
    assert claim.brier(replace(OUTCOME, happened=happened)) == pytest.approx(score)


def test_without_a_probability_or_a_forecast_there_is_no_score() -> None:
    assert replace(CLAIM, probability=None).brier(OUTCOME) is None
    assert replace(CLAIM, kind="causal").brier(OUTCOME) is None
    (outcome,) = ClaimRecord.of(replace(CLAIM, probability=None)).outcomes
    assert outcome.brier is None


def test_claims_are_decided_with_their_facts_and_outcomes(tmp_path: Path) -> None:
    case = with_outcome(tmp_path, "true")
    judge = Judge(case, 1)
    fact = decide_claim(judge, "C3", case.claims["C3"])
    assert (fact.verdict, fact.words, fact.shown) == ("holds", "by the facts", "12 billion USD, above 10 billion USD")
    assert fact.read == (FactRead(key="budget.BET.2024", value="12 USD bn", date="2024-03-01", sources=("book",)),)


def test_parts_are_decided_with_their_facts(tmp_path: Path) -> None:
    parts = "parts: {more: {says: More, holds: 'fact(budget.BET.2024) > 20 USD bn'}, felt: {says: Felt, holds: 'fact(said.ALF.budget)'}}"
    case = minimal_case(tmp_path, replace={'holds: "fact(budget.BET.2024) > 10 USD bn"': parts})
    claim = decide_claim(Judge(case, 1), "C3", case.claims["C3"])
    assert claim.verdict == "partly"
    assert [part.shown for part in claim.parts] == [
        "12 billion USD, not above 20 billion USD",
        "said Alpha budget: true",
    ]
    assert [part.read[0].key for part in claim.parts] == ["budget.BET.2024", "said.ALF.budget"]
    assert (claim.shown, claim.read) == ("", ())


def test_the_tables_of_drivers_and_parts_of_events_have_a_row_for_each_share(case: Case) -> None:
    driver = Driver(input="stake.BET", share=0.5, low=0.4, high=0.6, first=0.45, total=0.55)
    drivers = (QuantityDrivers(id="risk@strait", drivers=(driver, replace(driver, input="precision", share=0.1))),)
    money = PartShare(part="money", changes=("spending.BET",), mean=0.03, band=(0.01, 0.03, 0.05))
    law = PartShare(part="law", changes=("regimes.BET", "usable.BET"), mean=0.01, band=(0.0, 0.01, 0.02))
    effect = EventParts(
        events=("rise", "amendment"), given=("exit",), theatre="strait", quantity="loss", claims=("C1", "C2"),
        mean=0.04, band=(0.02, 0.04, 0.06), parts=(money, law),
    )  # fmt: skip
    assessment = replace(assessment_of(case), quantity_drivers=drivers, event_parts=(effect,))
    assert frame(assessment, "quantity_drivers").rows() == [
        ("risk@strait", "stake.BET", 0.5, 0.4, 0.6, 0.45, 0.55),
        ("risk@strait", "precision", 0.1, 0.4, 0.6, 0.45, 0.55),
    ]
    said = ("loss", "strait", "rise + amendment", "exit", "C1;C2")
    assert frame(assessment, "event_parts").rows() == [
        (*said, "money", "spending.BET", 0.03, 0.01, 0.03, 0.05, 0.04),
        (*said, "law", "regimes.BET;usable.BET", 0.01, 0.0, 0.01, 0.02, 0.04),
    ]
    assert frame(assessment_of(case), "event_parts").is_empty()
