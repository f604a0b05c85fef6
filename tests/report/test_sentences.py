"""The sentences and table rows of the brief agree with the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.sample import sample

from tocsin.assessment.result import Alarm, Assessment, Curve, Likelihood
from tocsin.report import sentences
from tocsin.report.table_rows import fragile_rows, range_text, untested_rows, web
from tocsin.translation import message


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


def test_the_threshold_that_changes_a_verdict_is_named(assessment: Assessment) -> None:
    assert sentences.explanation(assessment.case, assessment.claims[0]) == (
        "In this model it has almost no chance (below 5 %) of holding. The test counts only effects above 2 % of its own aim. "
        "If any effect counts, it is almost certain (above 95 %) to hold."
    )


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("holds", "has almost no chance (below 5 %) of holding"),
        ("fails", "has almost no chance (below 5 %) of holding"),
        ("cannot tell", "cannot be decided: almost no chance (below 5 %)"),
        ("disputed", "is disputed: almost no chance (below 5 %)"),
        ("partly", "holds in part: almost no chance (below 5 %)"),
        ("not tested", "is not tested"),
    ],
)
def test_a_verdict_is_said_with_its_reason(assessment: Assessment, verdict: str, said: str) -> None:
    assert sentences.verdict_text(replace(assessment.claims[0], verdict=verdict)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("basis", "start"), [("model", "In this model it has almost no"), ("estimate", "By the estimates it has almost no")]
)
def test_a_probability_names_what_it_rests_on(assessment: Assessment, basis: str, start: str) -> None:
    claim = replace(assessment.claims[0], basis=basis)  # type: ignore[arg-type]
    assert sentences.explanation(assessment.case, claim).startswith(start)


def test_a_verdict_that_more_draws_could_turn_says_so(assessment: Assessment) -> None:
    claim = replace(assessment.claims[0], turnable=True)
    assert sentences.explanation(assessment.case, claim).endswith("The sampling error could turn the verdict.")
    part = replace(assessment.claims[1].parts[0], turnable=True)
    assert sentences.part_said(part) == "Models disagree (10 % to 90 %). The sampling error could turn the verdict."


def test_facts_are_said_with_what_they_show(assessment: Assessment) -> None:
    said = sentences.explanation(assessment.case, assessment.claims[2])
    assert said == "12 billion USD, above 10 billion USD."


def test_a_part_that_repeats_a_judgement_says_so(assessment: Assessment) -> None:
    part = replace(assessment.claims[1].parts[1], words=message("not tested: {reason}", reason="repeats a judgement"))
    assert sentences.part_said(part) == "Repeats a judgement."


def test_an_answer_quotes_its_claims_and_says_what_is_not_tested(assessment: Assessment) -> None:
    case = assessment.case
    question = case.questions["fear"].model_copy(update={"claims": ("C1", "C3", "C4")})
    other = replace(assessment, case=case.model_copy(update={"questions": {"fear": question}}))
    (full,) = sentences.questions(other)
    assert full.text.startswith(
        "“Alpha loses by a stronger and freer Beta” has almost no chance (below 5 %) of holding (C1)."
    )
    assert "It would hold if smaller effects counted. One related claim holds: “" in full.text
    assert full.text.endswith(
        "is not tested: “Alpha speaks from alarm” (C4). To test this, the case needs rhetoric and games."
    )


@pytest.mark.parametrize(
    ("ratio", "weight"),
    [
        ((1.0, 1.01, 1.11), "So it says almost nothing about alarm."),
        ((1.0, 2.0, 4.0), "So it may or may not be evidence."),
        ((3.0, 5.0, 9.0), "So it is evidence."),
    ],
)
def test_a_statement_is_evidence_only_if_alarm_makes_it_much_likelier(
    ratio: tuple[float, float, float], weight: str
) -> None:
    before, after = Likelihood(low=0.0, mid=0.06, high=0.1), Likelihood(low=0.001, mid=0.5, high=0.6)
    said = sentences.alarm_sentences(Alarm("leader", ("plan",), ratio, before, after))
    assert (
        "Real alarm over “plan” has a roughly even chance (50 %); its range over the types of challenger is below 5 % to 60 %."
        in said
    )
    assert "The evidence is a statement by the leader, with no costly act beside it." in said
    assert said.endswith(weight)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("loguniform(20 to 120)", "1", "20 to 120 (90 %, loguniform)"),
        ("rate(3 in 22.3)", "per year", "3 in 22.3 years at risk"),
        ("fixed(5)", "persons", "5 persons, fixed"),
        ("fact(personnel.ALF)", "persons", "the fact personnel.ALF"),
        ("uniform(0, 0.2)", "1", "0 to 0.2 (all, uniform)"),
        ("rate(0 in 761)", "1", "0 in 761 trials"),
    ],
)
def test_distributions_are_given_in_words(text: str, unit: str, said: str) -> None:
    assert range_text(text, unit) == said


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a?b", "example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://[bad", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, host: str) -> None:
    assert web(url) == ((url, host) if host else ("", ""))


def test_lists_name_untested_and_fragile_claims_and_parts(assessment: Assessment) -> None:
    assert [(row.claim, row.part, row.needs) for row in untested_rows(assessment)] == [
        ("C2", 2, "rhetoric"),
        ("C4", 0, "rhetoric and games"),
    ]
    assert [(row.claim, row.part, row.range) for row in fragile_rows(assessment)] == [
        ("C1", 0, "below 5 % to above 95 %"),
        ("C2", 1, "10 % to 90 %"),
    ]


def test_the_sample_says_that_it_is_made_up(tmp_path: Path) -> None:
    assert sample(tmp_path).case.summary == "A small made-up case for tests."


def test_a_claim_with_too_few_worlds_is_not_said_to_be_decided_by_facts(assessment: Assessment) -> None:
    opened = replace(assessment.claims[0], verdict="cannot tell", words="too few worlds", probability=None, curve=None)
    assert sentences.verdict_text(opened) == "cannot be decided: too few worlds"
    assert sentences.explanation(assessment.case, opened) == "Cannot be decided: too few worlds."


def test_a_curve_says_what_its_threshold_means_and_where_the_verdict_turns() -> None:
    points = ((0.0, 0.96), (0.02, 0.03))
    assert sentences.curve_text(Curve(points=points), "estimate") == "threshold 0 %: 96 %; threshold 2 %: 3 %"
    assert sentences.curve_text(Curve(points=((1e-10, 0.5),)), "model") == "threshold 0.00000001 %: 50 %"
    full = Curve(points=points, turns=(0.0007, 0.0012), means="a year of trade")
    assert sentences.curve_text(full, "model") == (
        "a year of trade; threshold 0 %: above 95 %; threshold 2 %: below 5 %; the verdict turns at 0.07 % and 0.12 %"
    )
