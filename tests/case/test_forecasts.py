"""Questions about dated events in a case: what loads, and what is refused at which place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.facts_only import FACTS_ONLY

from tocsin.case import Case, load
from tocsin.case.forecast_blocks import parse_count
from tocsin.errors import CaseErrors, InputError

QUESTION = {
    "asks": "Will it happen?",
    "due": "2024-08-01",
    "resolves": "{register: provocations}",
    "probability": "{rate: {}}",
}


def asking(folder: Path, **changes: str | None) -> Case:
    """Load the case of facts alone with one question, some of whose keys are changed, or left out if None."""
    lines = [f"    {key}: {value}" for key, value in {**QUESTION, **changes}.items() if value is not None]
    text = FACTS_ONLY + "\n".join(["forecasts:", "  q:", *lines, ""])
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def refusal(folder: Path, **changes: str | None) -> InputError:
    """Return the only error with which the case is refused."""
    with pytest.raises(CaseErrors) as caught:
        asking(folder, **changes)
    (problem,) = caught.value.problems
    return problem


def test_a_question_opens_at_the_day_of_the_case_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert asking(tmp_path).forecasts["q"].opens is None
    assert asking(tmp_path, opens="2024-07-05").forecasts["q"].opens == date(2024, 7, 5)


@pytest.mark.parametrize(
    ("changes", "message", "remedy"),
    [
        ({"due": "2024-06-30"}, "it is due on 2024-06-30, not after its opening day (2024-06-30)", "a later day"),
        ({"due": "2024-03-01"}, "it is due on 2024-03-01, not after its opening day (2024-06-30)", "a later day"),
        ({"opens": "2024-06-29"}, "it opens on 2024-06-29, before as_of (2024-06-30)", "at as_of or later"),
        ({"opens": "2024-08-02"}, "it is due on 2024-08-01, not after its opening day (2024-08-02)", "a later day"),
        ({"resolves": "{register: provocation}"}, "unknown register of dated events `provocation`", "`provocations`"),
        ({"resolves": "{register: nmc}"}, "unknown register of dated events `nmc`", "missile_tests, provocations"),
        ({"resolves": "{register: provocations, where: {typ: fire}}"}, "unknown column of provocations `typ`", "`type`"),
        ({"resolves": "{}", "probability": '{judged: {is: "beta(0.1 to 0.4)", by: me, why: so}}'}, "it has none of register, table, manual", "exactly one"),
        ({"resolves": "{register: provocations, manual: a report}"}, "it has register and manual", "exactly one"),
        ({"probability": "{}"}, "it has none of rate, share, judged, estimate, assessed", "exactly one"),
        ({"resolves": "{manual: a report}"}, "a rate needs dated events", "name a register or table"),
        ({"probability": '{judged: {is: "beta(0.4 to 0.1)", by: me, why: so}}'}, "beta(0.4 to 0.1)", ""),
        ({"probability": '{judged: {is: "uniform(2, 3)", by: me, why: so}}'}, "uniform(2, 3)", ""),
        ({"probability": "{share: {count: 3 of 20, of: cases, source: paper}}"}, "'3 of 20' is not a count", "3 in 26 years"),
        ({"probability": "{share: {count: 6 in 5 cases, of: cases, source: paper}}"}, "not a possible count", "0 or more"),
        ({"base": "{count: 3 in 0 years, of: cases, source: paper}"}, "not a possible count", "more than 0"),
        ({"base": "{count: 3 in 9 years, of: cases, source: papers}"}, "unknown source `papers`", "`paper`"),
        ({"probability": "{estimate: evidence/camp/x}"}, "no stored result", "`camps`"),
        ({"probability": "{estimate: measure/cinc/JPN}"}, "is not a stored estimate", "evidence/NAME/KEY"),
        ({"probability": "{estimate: evidence/alliances/berkemeier_fuhrmann/since_1945/defence}"}, "the estimate is in `1`", "yearly"),
        ({"probability": "{assessed: {claim: C9}}"}, "unknown claim `C9`", "C1"),
        ({"probability": "{assessed: {claim: C1}}"}, "claim `C1` is not a forecast (fact)", "kind forecast"),
        ({"probability": "{assessed: {theatre: korea}}"}, "it has neither a claim nor an event", "theatre and event"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(
    tmp_path: Path, changes: dict[str, str], message: str, remedy: str
) -> None:
    problem = refusal(tmp_path, **changes)
    assert message in problem.message
    assert remedy in (problem.remedy or "")
    assert (problem.line or 0) > FACTS_ONLY.count("\n")


def test_a_table_is_part_of_the_case(tmp_path: Path) -> None:
    problem = refusal(tmp_path, resolves="{table: calls.csv}")
    assert "calls.csv" in str(problem)
    (tmp_path / "calls.csv").write_text("date\n2020-01-01\n", encoding="utf-8")
    before = asking(tmp_path, resolves="{table: calls.csv}").sha256
    (tmp_path / "calls.csv").write_text("date\n2020-01-02\n", encoding="utf-8")
    assert asking(tmp_path, resolves="{table: calls.csv}").sha256 != before


@pytest.mark.parametrize(
    ("text", "events", "size", "in_years"),
    [
        ("3 in 26 years", 3, 26, True),
        ("5 in 15.6 years", 5, 15.6, True),
        ("0 in 1 case", 0, 1, False),
        ("9 in 2 years", 9, 2, True),
    ],
)
def test_a_count_is_of_cases_or_of_years(text: str, events: float, size: float, in_years: bool) -> None:
    count = parse_count(text)
    assert (count.events, count.size, count.in_years) == (events, size, in_years)
