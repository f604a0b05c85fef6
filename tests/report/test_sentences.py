"""The sentences of the brief say what the numbers say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import sample

from tocsin.assessment.result import Assessment, Likelihood
from tocsin.assessment.words import percent, words
from tocsin.report import prose
from tocsin.report.registers import fragile, range_text, untested, web


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (0.0005, "0.05 %"),
        (-0.0123, "\N{MINUS SIGN}1.2 %"),
        (3.4e-6, "0.0003 %"),
        (-3.4e-6, "\N{MINUS SIGN}0.0003 %"),
        (1e-9, "0 %"),
        (1.0, "100 %"),
        (2.345, "230 %"),
        (float("nan"), "unknown"),
    ],
)
def test_shares_of_the_aim_are_printed_plainly(value: float, text: str) -> None:
    assert prose.amount(value) == text


@given(st.floats(-5, 5))
def test_shares_are_never_printed_with_an_exponent(value: float) -> None:
    assert re.fullmatch(r"\N{MINUS SIGN}?\d+(\.\d+)? %", prose.amount(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.08, "12 months"),
        (1 - 0.92**5, "5 years"),
        (0.92**0 - 0.92 ** (10 / 365.25), "10 days"),
        (1e-6, "less than an hour"),
        (1.0, "for ever"),
        (float("inf"), "unknown"),
    ],
)
def test_a_share_is_worth_some_time_of_holding_the_whole(value: float, text: str) -> None:
    assert prose.held_for(value, 0.92) == text


@given(st.floats(0, 1))
def test_holding_keeps_word_and_number_together(probability: float) -> None:
    assert f"{words(probability)} ({percent(probability)})" in prose.holding(probability)


def test_lists_and_cuts() -> None:
    assert prose.listed([]) == ""
    assert prose.listed(["a"]) == "a"
    assert prose.listed(["a", "b", "c"]) == "a, b and c"
    assert prose.clip("One two three four.", 3) == "One two three …"
    assert prose.clip("One two.", 3) == "One two"


def test_answer_names_the_central_claim_and_what_turns_it(assessment: Assessment) -> None:
    first, second, third = prose.answer(assessment)
    assert first.startswith("In this model the central claim (C1)")
    assert "almost no chance (3 %)" in first
    assert "if any effect at all counts, it is almost certain (96 %) to hold" in first
    assert "Of 3 events" in second
    assert "Beta's force becomes usable" in second
    assert "almost certain (99 %) not to help it" in second
    assert third == (
        "Of 4 claims 1 holds, 1 fails, 1 is disputed or cannot be told and 1 is not yet tested, "
        "among them 1 of 1 about motive."
    )


def test_a_range_is_given_where_no_threshold_turns_the_central_claim(assessment: Assessment) -> None:
    claims = (replace(assessment.claims[0], by_threshold=()), *assessment.claims[1:])
    first = prose.answer(replace(assessment, claims=claims))[0]
    assert first.endswith("over models and thresholds the figure runs from <1 % to 96 %.")


@pytest.mark.parametrize("verdict", ["holds", "fails", "cannot tell", "disputed", "partly"])
def test_a_finding_repeats_no_number_without_its_word(assessment: Assessment, verdict: str) -> None:
    claim = replace(assessment.claims[1], verdict=verdict, probability=Likelihood(low=0.4, mid=0.5, high=0.6))  # type: ignore[arg-type]
    said = prose.found(claim)
    assert verdict == "partly" or "roughly even chance (50 %)" in said
    assert "1 of its 2 parts not yet tested" in said


def test_questions_own_up_to_what_is_not_tested(assessment: Assessment) -> None:
    case = assessment.case
    question = case.questions["fear"].model_copy(update={"claims": ("C1", "C3", "C4")})
    asked = replace(assessment, case=case.model_copy(update={"questions": {"fear": question}}))
    (answer,) = prose.questions(asked)
    assert "its verdict turns with the threshold" in answer.short
    assert "Beside it C3 holds." in answer.short
    assert answer.short.endswith("Not yet tested (for want of rhetoric and games): C4.")


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("loguniform(20 to 120)", "1", "20 to 120 (90 %, loguniform)"),
        ("rate(3 in 22.3)", "per year", "3 in 22.3 years at risk"),
        ("fixed(5)", "persons", "5 persons, fixed"),
        ("fact(personnel.ALF)", "persons", "the fact personnel.ALF"),
        ("uniform(0, 0.2)", "1", "uniform(0, 0.2)"),
    ],
)
def test_ranges_are_put_in_words(text: str, unit: str, said: str) -> None:
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


def test_register_lists_what_is_open_and_what_is_fragile(assessment: Assessment) -> None:
    assert [(row.claim, row.needs) for row in untested(assessment.case)] == [
        ("C2", "rhetoric"),
        ("C4", "rhetoric, games"),
    ]
    assert [(name, span) for name, _, span in fragile(assessment)] == [("C1", "<1 % to 96 %"), ("C2", "10 % to 90 %")]


def test_unsolved_sample_is_marked_as_such(tmp_path: Path) -> None:
    assert sample(tmp_path).case.summary == "A small made-up case for tests."
