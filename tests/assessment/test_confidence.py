"""Confidence: what caps it, what takes a step off, and that the reasons are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import driver, flip, minimal_case

from tocsin.assessment.confidence import LEVELS, Ground, confidence, rated
from tocsin.assessment.health_findings import Grounds
from tocsin.assessment.health_result import Health, TypeFit
from tocsin.assessment.result import ClaimResult, Driver, Likelihood, PartResult
from tocsin.case import Case

GOOD = Ground(sources=("record",), effective=500.0, settled=0.9)
JUDGED = frozenset({"stake.GAM", "precision"})


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    case = minimal_case(tmp_path_factory.mktemp("minimal"))
    graded = {
        name: case.sources["book"].model_copy(update={"grade": grade})
        for name, grade in (("weekly", "C3"), ("rumour", "E4"))
    }
    return case.model_copy(update={"sources": {**case.sources, **graded}})


def likelihood(low: float = 0.7, mid: float = 0.8, high: float = 0.9) -> Likelihood:
    return Likelihood(low=low, mid=mid, high=high)


def claim(**changes: object) -> ClaimResult:
    result = ClaimResult(
        id="C1", kind="causal", says="x", sentence=None, mechanism="", verdict="holds", words="", basis="model",
        probability=likelihood(), confidence="low",
    )  # fmt: skip
    return replace(result, **changes)  # type: ignore[arg-type]


def part(**changes: object) -> PartResult:
    return replace(PartResult(name="a", says="x", verdict="holds", probability=likelihood(), note=""), **changes)  # type: ignore[arg-type]


def driven_by(*names: str) -> tuple[Driver, ...]:
    return tuple(driver(name, 1 / len(names)) for name in names)


@pytest.mark.parametrize(
    ("sources", "level", "reason"),
    [
        (("record", "book"), "high", ""),
        (("record", "weekly"), "moderate", "its weakest source, weekly, has grade C3"),
        (("weekly", "rumour", "record"), "low", "its weakest source, rumour, has grade E4"),
        ((), "low", "it names no source"),
    ],
)
def test_the_weakest_source_caps_confidence(case: Case, sources: tuple[str, ...], level: str, reason: str) -> None:
    assert confidence(case, claim(), replace(GOOD, sources=sources), JUDGED) == (level, (reason,) if reason else ())


@pytest.mark.parametrize(
    ("known", "level"), [("confirmed", "high"), ("medium", "moderate"), ("low", "low"), ("recalled", "low")]
)
def test_the_weakest_fact_caps_confidence(case: Case, known: str, level: str) -> None:
    facts = {**case.facts, "budget.BET.2024": case.facts["budget.BET.2024"].model_copy(update={"confidence": known})}
    other = case.model_copy(update={"facts": facts})
    by_facts = claim(basis="facts", probability=None)
    result, limits = confidence(other, by_facts, Ground(sources=("record",), facts=("budget.BET.2024",)), JUDGED)
    assert result == level
    assert all("budget.BET.2024" in reason for reason in limits) and bool(limits) == (level != "high")


def test_a_verdict_that_hangs_first_on_a_judgement_is_at_most_moderate(case: Case) -> None:
    assert confidence(case, claim(drivers=driven_by("accident", "precision")), GOOD, JUDGED) == ("high", ())
    level, limits = confidence(case, claim(drivers=driven_by("precision", "accident")), GOOD, JUDGED)
    assert (level, limits) == ("moderate", ("it hangs first on a judged input, precision",))


def test_a_verdict_that_hangs_first_on_a_default_is_low(case: Case) -> None:
    default = case.beliefs["precision"].model_copy(update={"is_default": True})
    other = case.model_copy(update={"beliefs": {**case.beliefs, "precision": default}})
    level, limits = confidence(other, claim(drivers=driven_by("precision", "accident")), GOOD, JUDGED)
    assert level == "low"
    assert limits == ("it hangs first on a default range of the program, precision, which nobody judged for this case",)
    assert confidence(other, claim(drivers=driven_by("accident", "precision")), GOOD, JUDGED) == ("high", ())


def test_a_verdict_that_one_judgement_turns_is_low(case: Case) -> None:
    turned = claim(drivers=driven_by("accident", "stake.GAM"), flips=(flip("stake.GAM", 1.5, 1.9, 0.9),))
    level, limits = confidence(case, turned, GOOD, JUDGED)
    assert level == "low" and "stake.GAM" in limits[0] and "turns the verdict" in limits[0]
    default = case.beliefs["stake.GAM"].model_copy(update={"is_default": True})
    other = case.model_copy(update={"beliefs": {**case.beliefs, "stake.GAM": default}})
    limits = confidence(other, turned, GOOD, JUDGED)[1]
    assert limits == ("one default range of the program, stake.GAM, turns the verdict by itself",)
    assert confidence(case, turned, GOOD, frozenset()) == ("high", ())
    far = replace(turned, flips=(flip("stake.GAM", 1.5, 1.99, 0.97),))
    assert confidence(case, far, GOOD, JUDGED) == ("high", ())


@pytest.mark.parametrize(
    ("result", "ground", "reason"),
    [
        (claim(), replace(GOOD, impossible=(("security", "strait"),)), "the type security cannot make the record of strait"),
        (claim(), replace(GOOD, settled=0.66), "only 66 % of its games settle"),
        (claim(), replace(GOOD, effective=499.0), "it has only 499 effective draws"),
        (claim(turnable=True), GOOD, "the sampling error could turn the verdict"),
        (claim(probability=None, parts=(part(turnable=True),)), GOOD, "the sampling error could turn the verdict"),
        (claim(by_model={"revisionist": 0.8, "security": 0.3}), GOOD, "models range from 30 % to 80 %"),
        (claim(parts=(part(by_model={"a": 0.0, "b": 0.2, "c": 1.0}),)), GOOD, "models range from below 5 % to above 95 %"),
    ],
)  # fmt: skip
def test_each_weakness_of_the_run_takes_a_step_off(
    case: Case, result: ClaimResult, ground: Ground, reason: str
) -> None:
    assert confidence(case, claim(), GOOD, JUDGED) == ("high", ())
    assert confidence(case, result, ground, JUDGED) == ("moderate", (reason,))


def test_steps_come_off_the_cap_and_stop_at_low(case: Case) -> None:
    weak = replace(GOOD, impossible=(("security", "strait"),), settled=0.5, effective=20.0)
    level, limits = confidence(case, claim(turnable=True, drivers=driven_by("precision")), weak, JUDGED)
    assert level == "low" and len(limits) == 5
    one = replace(GOOD, settled=0.5)
    assert confidence(case, claim(drivers=driven_by("precision")), one, JUDGED)[0] == "low"


@pytest.mark.parametrize(
    ("result", "level"),
    [
        (claim(verdict="not tested", basis="nothing", probability=None), ""),
        (claim(verdict="cannot tell", words="this measure would miss such an effect", probability=None), ""),
        (claim(verdict="cannot tell", basis="facts", words="undefined", probability=None), ""),
        (claim(verdict="cannot tell", probability=likelihood(0.4, 0.5, 0.6)), "low"),
        (claim(verdict="fails", basis="facts", probability=None), "low"),
        (claim(verdict="partly", probability=None), "low"),
    ],
)
def test_nothing_said_leaves_nothing_to_have_confidence_in(case: Case, result: ClaimResult, level: str) -> None:
    (only,) = rated(case, [replace(result, sources=("rumour",), confidence="")], Health(), Grounds())
    assert only.confidence == level and bool(only.limits) == bool(level)


def test_models_that_agree_and_a_wide_range_over_thresholds_leave_confidence_as_it_is(case: Case) -> None:
    wide = claim(probability=likelihood(0.0, 0.8, 1.0), by_model={"revisionist": 0.7, "security": 0.9})
    assert confidence(case, wide, GOOD, JUDGED) == ("high", ())


def test_the_run_does_not_bear_on_what_facts_decide(case: Case) -> None:
    by_facts = claim(basis="facts", probability=None)
    assert confidence(case, by_facts, Ground(sources=("record",), facts=("budget.BET.2024",)), JUDGED) == ("high", ())


@given(
    sources=st.lists(st.sampled_from(["record", "book", "weekly", "rumour"]), max_size=3),
    settled=st.floats(0.0, 1.0),
    effective=st.floats(1.0, 2_000.0),
    drivers=st.lists(st.sampled_from(["accident", "precision", "stake.GAM"]), max_size=3, unique=True),
    turnable=st.booleans(),
)
def test_more_weakness_never_raises_confidence_and_only_high_has_no_limits(
    sources: list[str], settled: float, effective: float, drivers: list[str], turnable: bool, case: Case
) -> None:
    ground = Ground(sources=tuple(sources), settled=settled, effective=effective)
    result = claim(drivers=driven_by(*drivers) if drivers else (), turnable=turnable)
    level, limits = confidence(case, result, ground, JUDGED)
    assert (level == "high") == (limits == ())
    for worse in (replace(ground, settled=0.0), replace(ground, effective=1.0), replace(ground, sources=())):
        assert LEVELS.index(confidence(case, result, worse, JUDGED)[0]) <= LEVELS.index(level)


def test_facts_that_settle_a_claim_of_several_parts_are_not_held_back_by_the_run(case: Case) -> None:
    false = part(name="fact", basis="facts", verdict="fails", probability=None)
    weak = replace(GOOD, settled=0.5, effective=60.0)
    decided = claim(verdict="fails", parts=(false, replace(false, name="b")), drivers=driven_by("precision"))
    assert confidence(case, decided, weak, JUDGED) == ("high", ())
    modelled = claim(
        verdict="fails", parts=(part(basis="model", verdict="fails"), part(basis="model", verdict="fails"))
    )
    assert confidence(case, modelled, weak, JUDGED)[0] == "low"


def test_claims_are_rated_by_the_theatres_that_decide_them(case: Case) -> None:
    results = [claim(sources=("record",)), claim(id="C3", basis="facts", probability=None)]
    fit = TypeFit(
        theatre="strait", type="security", recorded={}, after={}, predictive={}, weight=0.5, by_evidence=0.01, possible=False, by_error=0.4
    )  # fmt: skip
    health = Health(effective=300.0, settled=0.95, settled_by={"strait": 0.95}, fits=(fit,))
    grounds = Grounds(theatres={"C1": ("strait",), "C3": ()}, effective={"C1": 300.0})
    modelled, by_facts = rated(case, results, health, grounds)
    assert modelled.confidence == "low"
    assert modelled.limits == (
        "the type security cannot make the record of strait",
        "it has only 300 effective draws",
    )
    # it names no source of its own, so that of the fact counts
    assert (by_facts.confidence, by_facts.limits) == ("high", ())


@pytest.mark.parametrize(
    ("sources", "level", "limits"),
    [
        (("article",), "high", ()),
        (("article", "record"), "high", ()),
        (("article", "weekly"), "moderate", ("its weakest source, weekly, has grade C3",)),
    ],
)
def test_the_article_that_makes_a_claim_does_not_limit_what_facts_decide(
    case: Case, sources: tuple[str, ...], level: str, limits: tuple[str, ...]
) -> None:
    article = case.sources["book"].model_copy(update={"grade": "F6"})
    drafted = case.model_copy(update={"sources": {**case.sources, "article": article}})
    result = claim(id="C3", basis="facts", probability=None, sources=sources)
    (by_facts,) = rated(drafted, [result], Health(), Grounds())
    assert (by_facts.confidence, by_facts.limits) == (level, limits)
    (modelled,) = rated(
        drafted, [replace(result, id="C1", basis="model", probability=likelihood())], Health(), Grounds()
    )
    assert modelled.limits[0] == "its weakest source, article, has grade F6"
