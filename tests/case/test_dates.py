"""Dates against the day of the case: late facts, expected things, forecasts that are due, and outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import FACTS, minimal_case, write_case

from tocsin.case import Case, load
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.types import is_after
from tocsin.errors import CaseErrors, InputError

AS_OF = "2024-06-30"
TAIL = "questions:\n"


def refusals(folder: Path, **replace: str) -> list[InputError]:
    """Return the errors with which the minimal case is refused after some replacements."""
    with pytest.raises(CaseErrors) as caught:
        minimal_case(folder, replace=replace)
    return list(caught.value.problems)


def with_outcome(folder: Path, outcomes: str, *, claim: str = "kind: causal, sentence: 1") -> Case:
    """Load the minimal case with outcomes, and with other fields of claim C1."""
    return minimal_case(folder, replace={TAIL: f"outcomes:\n{outcomes}{TAIL}", "kind: causal, sentence: 1": claim})


def outcome(key: str = "loss", **fields: str) -> str:
    """Return the line of one outcome of claim C1."""
    written = {"claim": "C1", "says": "It lost", "happened": "true", "date": "2025-03-01", "source": "book"} | fields
    return f"  {key}: {{{', '.join(f'{name}: {value}' for name, value in written.items())}}}\n"


# --- late facts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        ("2024-07-01", AS_OF, True),
        (AS_OF, AS_OF, False),
        ("2024-07", AS_OF, True),
        ("2024-06", AS_OF, False),
        ("2024", AS_OF, False),
        ("2025", AS_OF, True),
        ("2024", "2024-06", False),
        ("2025-01", "2024", True),
    ],
)
def test_a_year_or_month_is_after_a_day_only_if_it_begins_after_it(first: str, second: str, after: bool) -> None:
    assert is_after(first, second) is after


@pytest.mark.parametrize("date", ["2024-07-01", "2024-07", "2025"])
def test_a_test_that_reads_a_late_fact_is_refused_at_the_fact(tmp_path: Path, date: str) -> None:
    (error,) = refusals(tmp_path, **{"date: 2024-03-01": f"date: {date}"})
    assert error.message == f"the test reads fact `budget.BET.2024`, which is dated after as_of ({date})"
    assert "outcomes" in (error.remedy or "") and AS_OF in (error.remedy or "")
    line = (tmp_path / "case.yaml").read_text(encoding="utf-8").splitlines()[(error.line or 0) - 1]
    assert line[(error.column or 0) - 1 :].startswith("fact(budget.BET.2024)")


@pytest.mark.parametrize("date", [AS_OF, "2024-06", "2024"])
def test_a_fact_of_the_years_and_months_of_the_case_is_not_late(tmp_path: Path, date: str) -> None:
    case = minimal_case(tmp_path, replace={"date: 2024-03-01": f"date: {date}"})
    assert not [notice for notice in lint(case) if "after as_of" in notice.message]


def test_a_late_fact_in_a_part_is_refused(tmp_path: Path) -> None:
    parts = "parts: {more: {says: More, holds: 'fact(budget.BET.2024) > 10 USD bn'}}"
    old = 'holds: "fact(budget.BET.2024) > 10 USD bn"'
    (error,) = refusals(tmp_path, **{"date: 2024-03-01": "date: 2025", old: parts})
    assert "the test reads fact `budget.BET.2024`" in error.message


def test_a_late_fact_that_no_test_reads_is_only_noticed(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={"date: 2024-03-02": "date: 2024-07-02"})
    messages = [notice.message for notice in lint(case)]
    assert "fact `said.ALF.budget` is dated after as_of (2024-07-02); no test can read it" in messages


def late_in_table(folder: Path, **replace: str) -> Path:
    """Write the minimal case with the fact of a belief, in its table, dated after the day of the case."""
    write_case(folder, replace=replace)
    (folder / "facts.csv").write_text(FACTS.replace(",2024,", ",2025,"), encoding="utf-8")
    return folder


def test_a_belief_that_takes_a_late_fact_is_refused_if_a_game_reads_it(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as caught:
        load(late_in_table(tmp_path))
    (error,) = caught.value.problems
    assert error.message == (
        "belief `personnel.ALF` takes the value of fact `personnel.ALF`, which is dated after as_of (2025)"
    )
    assert error.file == "case.yaml" and error.line is not None


def test_a_belief_that_takes_a_late_fact_is_accepted_if_nothing_reads_it(tmp_path: Path) -> None:
    unread = '  words.late: {is: "fact(late)", unit: "1", why: x}\n'
    fact = "  late: {value: 3, date: 2025, source: book, confidence: confirmed}\n"
    case = minimal_case(tmp_path, replace={"facts:\n": f"facts:\n{fact}", "beliefs:\n": f"beliefs:\n{unread}"})
    assert "no theatre and no test reads belief `words.late`" in [notice.message for notice in lint(case)]


@pytest.mark.parametrize(
    "replace",
    [
        {'holds: "fact(budget.BET.2024) > 10 USD bn"': 'holds: "input(words.late) > 2"'},
        {"sets: [[susceptibility": "sets: [[words.late, precision], [susceptibility"},
    ],
)
def test_a_belief_that_takes_a_late_fact_is_refused_if_a_test_reads_it(tmp_path: Path, replace: dict[str, str]) -> None:
    unread = '  words.late: {is: "fact(late)", unit: "1", why: x}\n'
    fact = "  late: {value: 3, date: 2025, source: book, confidence: confirmed}\n"
    errors = refusals(tmp_path, **{"facts:\n": f"facts:\n{fact}", "beliefs:\n": f"beliefs:\n{unread}"}, **replace)
    assert "belief `words.late` takes the value of fact `late`" in errors[0].message


def test_setting_a_fact_for_a_run_keeps_its_date(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={"date: 2024-03-02": "date: 2025"})
    assert override(case, {"said.ALF.budget": "false"}).values["said.ALF.budget"] is False


# --- expected things -----------------------------------------------------------------------------------------------


def test_a_thing_to_come_is_a_fact_that_a_test_can_read(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={"date: 2024-03-01": "date: 2024-03-01, expected: 2030"})
    assert case.facts["budget.BET.2024"].expected == "2030"


def test_a_fact_table_may_have_a_column_of_expected_dates(tmp_path: Path) -> None:
    write_case(tmp_path)
    header, row = FACTS.splitlines()
    (tmp_path / "facts.csv").write_text(f"{header},expected\n{row},2027-03\n", encoding="utf-8")
    assert load(tmp_path).facts["personnel.ALF"].expected == "2027-03"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("expected: 2030", "fact `x` is expected but has no date"),
        ("date: 2025, expected: 2030", "fact `x` is expected, but 2025, when that was known, is after as_of"),
        ("date: 2023, expected: 2024-05", "fact `x` is expected in 2024-05, before as_of"),
    ],
)
def test_the_dates_of_an_expected_thing_fit(tmp_path: Path, fields: str, message: str) -> None:
    fact = f"  x: {{value: 3, {fields}, source: book, confidence: confirmed}}\n"
    (error,) = refusals(tmp_path, **{"facts:\n": f"facts:\n{fact}"})
    assert error.message == message
    assert error.remedy and error.line


@pytest.mark.parametrize(("expected", "noticed"), [("", True), (", expected: 2025-01-01", False)])
def test_a_day_to_come_that_is_not_marked_as_expected_gets_a_notice(
    tmp_path: Path, expected: str, noticed: bool
) -> None:
    fact = f"  starts: {{value: 2025-01-01, date: 2024-03-01{expected}, source: book, confidence: confirmed}}\n"
    case = minimal_case(tmp_path, replace={"facts:\n": f"facts:\n{fact}"})
    message = "the value of fact `starts` is a day after as_of (2025-01-01)"
    assert (message in [notice.message for notice in lint(case)]) is noticed


# --- forecasts that are due ----------------------------------------------------------------------------------------

FORECAST = "kind: forecast, sentence: 1"


@pytest.mark.parametrize("due", ["2024-06-30", "2024", "2026-01", "2030"])
def test_a_forecast_may_say_when_it_is_due(tmp_path: Path, due: str) -> None:
    case = minimal_case(tmp_path, replace={"kind: causal, sentence: 1": f"{FORECAST}, due: {due}"})
    assert case.claims["C1"].due == due


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (f"{FORECAST}, due: 2024-06-29", "claim `C1` is due in 2024-06-29, before as_of"),
        (f"{FORECAST}, due: 2023", "claim `C1` is due in 2023, before as_of"),
        ("kind: causal, sentence: 1, due: 2030", "claim `C1` is due, but it is not a forecast (causal)"),
    ],
)
def test_only_a_forecast_is_due_and_not_before_the_case(tmp_path: Path, fields: str, message: str) -> None:
    (error,) = refusals(tmp_path, **{"kind: causal, sentence: 1": fields})
    assert error.message == message
    assert error.remedy and error.line and error.column


# --- outcomes ------------------------------------------------------------------------------------------------------


def test_an_outcome_says_what_happened_after_the_day_of_the_case(tmp_path: Path) -> None:
    case = with_outcome(tmp_path, outcome(source="[book, record]", note="as reported"))
    assert case.outcomes["loss"].happened is True
    assert case.outcomes["loss"].source == ("book", "record")


@pytest.mark.parametrize(
    ("written", "message", "marked"),
    [
        (outcome(date="2024-06-30"), "outcome `loss` is dated 2024-06-30, not after as_of (2024-06-30)", "2024-06-30"),
        (outcome(date="2024"), "outcome `loss` is dated 2024, not after as_of (2024-06-30)", "2024,"),
        (outcome(claim="C9"), "unknown claim `C9`", "C9"),
        (outcome(source="bok"), "unknown source `bok`", "bok"),
        (outcome(happened='"yes"'), '`outcomes.loss.happened`: "yes" is not a valid boolean', '"yes"'),
        (outcome("budget.BET.2024"), "outcome `budget.BET.2024` has the key of a fact", "budget.BET.2024: {claim"),
        (
            outcome() + outcome("no_loss", happened="false"),
            "outcomes `loss` and `no_loss` of claim `C1` contradict each other",
            "false",
        ),
    ],
)
def test_a_wrong_outcome_is_refused_at_its_place(tmp_path: Path, written: str, message: str, marked: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        with_outcome(tmp_path, written)
    (error,) = caught.value.problems
    assert error.message == message
    assert error.remedy
    line = (tmp_path / "case.yaml").read_text(encoding="utf-8").splitlines()[(error.line or 0) - 1]
    assert line[(error.column or 0) - 1 :].startswith(marked)


@pytest.mark.parametrize("missing", ["claim", "says", "happened", "date", "source"])
def test_an_outcome_is_complete(tmp_path: Path, missing: str) -> None:
    whole = outcome()
    start = whole.index(f"{missing}: ")
    end = min(position for position in (whole.find(", ", start), whole.find("}", start)) if position > 0)
    with pytest.raises(CaseErrors) as caught:
        with_outcome(tmp_path, whole[:start] + whole[end:].removeprefix(", "))
    assert any(f"missing key `{missing}`" in problem.message for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("due", "happened", "date", "message"),
    [
        ("2026", "true", "2027", "outcome `loss` happened in 2027, after claim `C1` was due (2026)"),
        ("2026", "true", "2027-01-01", "outcome `loss` happened on 2027-01-01, after claim `C1` was due (2026)"),
        ("2026", "false", "2026-06", ""),
        ("2026", "false", "2025-12-31", ""),
        ("2026", "true", "2025-01-01", ""),
        ("2026", "true", "2026-12-31", ""),
        ("2026", "false", "2027-01-01", ""),
    ],
)
def test_an_outcome_fits_the_date_at_which_the_forecast_is_due(
    tmp_path: Path, due: str, happened: str, date: str, message: str
) -> None:
    written, claim = outcome(happened=happened, date=date), f"{FORECAST}, due: {due}"
    if not message:
        assert with_outcome(tmp_path, written, claim=claim).outcomes["loss"].date == date
        return
    with pytest.raises(CaseErrors) as caught:
        with_outcome(tmp_path, written, claim=claim)
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("happened", "date", "count"), [("false", "2025-12-31", 1), ("false", "2026", 0), ("true", "2025", 0)]
)
def test_a_forecast_may_be_refuted_before_it_is_due_and_lint_says_so(
    tmp_path: Path, happened: str, date: str, count: int
) -> None:
    case = with_outcome(tmp_path, outcome(happened=happened, date=date), claim=f"{FORECAST}, due: 2026")
    notices = [notice for notice in lint(case) if "refutes claim `C1`" in notice.message]
    assert len(notices) == count
    assert all("before it is due (2026)" in notice.message and notice.line for notice in notices)


def test_a_test_cannot_read_an_outcome(tmp_path: Path) -> None:
    old = 'holds: "fact(budget.BET.2024) > 10 USD bn"'
    (error,) = refusals(tmp_path, **{TAIL: f"outcomes:\n{outcome()}{TAIL}", old: 'holds: "fact(loss)"'})
    assert error.message == "`loss` is an outcome, which no test can read"
    assert error.remedy == "name a fact: a test reads only what was known at as_of"
