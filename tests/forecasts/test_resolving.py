"""How questions end: yes, no, not yet due, not known, disputed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.forecasts.lists import OPENS, asking, listed, random_days

from tocsin.errors import InputError
from tocsin.forecasts.making import make_forecasts
from tocsin.forecasts.record import QuestionRecord
from tocsin.forecasts.resolving import Answer, resolve, split_files

DUE = OPENS + timedelta(days=30)
LONG_AFTER = date(2030, 1, 1)
HEADER = "question,happened,date,source,note\n"


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, QuestionRecord]:
    record = make_forecasts(asking(tmp_path_factory.mktemp("case"), days=random_days(1)), OPENS)
    return {item.id: item for item in record.questions}


@pytest.fixture
def calls(questions: dict[str, QuestionRecord]) -> QuestionRecord:
    return questions["calls_30"]


@pytest.mark.parametrize(("ahead", "state"), [(0, "no"), (1, "yes"), (30, "yes"), (31, "no")])
def test_only_days_after_the_opening_and_up_to_the_due_day_count(calls: QuestionRecord, ahead: int, state: str) -> None:
    events = listed([OPENS + timedelta(days=ahead)], last=LONG_AFTER)
    assert resolve(calls, events, (), LONG_AFTER).state == state


def test_a_list_that_ends_before_the_due_day_does_not_say_no(calls: QuestionRecord) -> None:
    ended = resolve(calls, listed([], last=DUE - timedelta(days=1)), (), LONG_AFTER)
    assert (ended.state, ended.outcome) == ("not known", None)
    assert "ends on 2024-07-29, before the question was due (2024-07-30)" in ended.why
    assert resolve(calls, listed([], last=DUE), (), LONG_AFTER).state == "no"


def test_an_event_says_yes_before_the_list_reaches_the_due_day(calls: QuestionRecord) -> None:
    day = OPENS + timedelta(days=4)
    ended = resolve(calls, listed([day], last=day), (), day)
    assert (ended.state, ended.why) == ("yes", "calls: on 2024-07-04")


def test_a_question_that_is_not_due_is_not_scored(calls: QuestionRecord) -> None:
    assert resolve(calls, listed([], last=OPENS), (), DUE).state == "not yet due"
    assert resolve(calls, listed([], last=OPENS), (), DUE + timedelta(days=1)).state == "not known"


@pytest.mark.parametrize(
    ("text", "state"), [("2024-07", "not known"), ("2024", "not known"), ("2024-09", "no"), ("2023", "no")]
)
def test_an_event_without_a_day_leaves_open_whether_it_came_in_time(
    calls: QuestionRecord, text: str, state: str
) -> None:
    assert resolve(calls, listed([], last=LONG_AFTER, undated=(text,)), (), LONG_AFTER).state == state


def test_sources_that_disagree_resolve_nothing_and_are_named(
    questions: dict[str, QuestionRecord], calls: QuestionRecord
) -> None:
    answers = (Answer(True, date(2024, 8, 2), "a paper"), Answer(False, date(2024, 9, 28), "a ministry"))
    ended = resolve(questions["strike_90"], None, answers, LONG_AFTER)
    assert (ended.state, ended.outcome) == ("disputed", None)
    assert "a paper: on 2024-08-02; a ministry: not by 2024-09-28" in ended.why
    events = listed([], last=LONG_AFTER)
    assert resolve(calls, events, (Answer(True, date(2024, 7, 4), "a paper"),), LONG_AFTER).state == "disputed"


def test_without_an_answer_or_a_table_the_reason_is_given(
    questions: dict[str, QuestionRecord], calls: QuestionRecord
) -> None:
    assert resolve(questions["strike_90"], None, (), LONG_AFTER).why == "no answer was given"
    assert resolve(calls, None, (), LONG_AFTER).why == "calls.csv was not given"


def test_files_are_told_apart_by_their_columns_and_names(questions: dict[str, QuestionRecord], tmp_path: Path) -> None:
    answers, table = tmp_path / "answers.csv", tmp_path / "calls.csv"
    answers.write_text(HEADER + "strike_90,true,2024-08-02,a paper,\n", encoding="utf-8")
    table.write_text("date,kind\n2024-07-04,ship\n", encoding="utf-8")
    given, tables = split_files([answers, table], list(questions.values()), LONG_AFTER)
    assert given == {"strike_90": [Answer(True, date(2024, 8, 2), "a paper")]}
    assert tables == {"calls.csv": table}


def test_tables_of_one_name_are_told_apart_by_their_folders(
    questions: dict[str, QuestionRecord], tmp_path: Path
) -> None:
    calls = questions["calls_30"]
    asked = [
        calls.model_copy(update={"resolves": calls.resolves.model_copy(update={"what": f"{folder}/calls.csv"})})
        for folder in ("north", "south")
    ]
    for folder in (tmp_path, tmp_path / "south"):
        folder.mkdir(exist_ok=True)
        (folder / "calls.csv").write_text("date,kind\n2024-07-04,ship\n", encoding="utf-8")
    south = tmp_path / "south" / "calls.csv"
    assert split_files([south], asked, LONG_AFTER)[1] == {"south/calls.csv": south}
    with pytest.raises(InputError, match=r"it may be a copy of north/calls\.csv and south/calls\.csv"):
        split_files([tmp_path / "calls.csv"], asked, LONG_AFTER)


@pytest.mark.parametrize(
    ("row", "message", "remedy"),
    [
        ("strke_90,true,2024-08-02,a paper,", "unknown question 'strke_90'", "did you mean `strike_90`"),
        ("strike_90,yes,2024-08-02,a paper,", "'yes' is not true or false", "write true or false"),
        ("strike_90,true,2024-08-02,,", "an answer without a source", "who says so"),
        ("strike_90,true,August 2024,a paper,", "'August 2024' is not a day", "YYYY-MM-DD"),
        ("strike_90,true,2024-06-30,a paper,", "2024-06-30 is not within 'strike_90'", "does not count"),
        ("strike_90,true,2024-09-29,a paper,", "2024-09-29 is not within 'strike_90'", "happened: false"),
        (
            "strike_90,false,2024-09-27,a paper,",
            "'strike_90' is due on 2024-09-28, after 2024-09-27",
            "not before it is due",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_at_its_cell(
    questions: dict[str, QuestionRecord], tmp_path: Path, row: str, message: str, remedy: str
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        split_files([file], list(questions.values()), LONG_AFTER)
    assert error.value.line == 2
    assert remedy in str(error.value.remedy)


@pytest.mark.parametrize(
    ("row", "today", "message", "remedy"),
    [
        ("true,2024-08-02", date(2024, 8, 1), "2024-08-02 lies in the future: today is 2024-08-01", "until that day"),
        ("false,2024-09-28", date(2024, 8, 1), "2024-09-28 lies in the future", "until that day"),
        ("false,2028-01-01", date(2024, 10, 1), "2028-01-01 lies in the future", "correct the date"),
        (
            "false,2024-08-01",
            date(2024, 8, 1),
            "not yet due: its due day is 2024-09-28",
            "until the due day has passed",
        ),
        (
            "false,2024-09-28",
            date(2024, 9, 28),
            "not yet due: its due day is 2024-09-28",
            "until the due day has passed",
        ),
    ],
)
def test_an_answer_that_nobody_can_know_yet_is_refused_at_its_cell(
    questions: dict[str, QuestionRecord], tmp_path: Path, row: str, today: date, message: str, remedy: str
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(f"{HEADER}strike_90,{row},a paper,\n", encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        split_files([file], list(questions.values()), today)
    assert (error.value.file, error.value.line) == (str(file), 2)
    assert remedy in str(error.value.remedy)


@pytest.mark.parametrize(
    ("row", "today"), [("true,2024-08-02", date(2024, 8, 2)), ("false,2024-09-28", date(2024, 9, 29))]
)
def test_an_answer_counts_from_the_first_day_on_which_it_can_be_known(
    questions: dict[str, QuestionRecord], tmp_path: Path, row: str, today: date
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(f"{HEADER}strike_90,{row},a paper,\n", encoding="utf-8")
    given, _ = split_files([file], list(questions.values()), today)
    assert len(given["strike_90"]) == 1


@pytest.mark.parametrize(("happened", "means"), [("TRUE", True), ("True", True), ("FALSE", False), ("False", False)])
def test_true_and_false_may_be_in_capitals_as_a_spreadsheet_saves_them(
    questions: dict[str, QuestionRecord], tmp_path: Path, happened: str, means: bool
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(f"{HEADER}strike_90,{happened},2024-09-28,a paper,\n", encoding="utf-8")
    given, _ = split_files([file], list(questions.values()), LONG_AFTER)
    assert given == {"strike_90": [Answer(means, date(2024, 9, 28), "a paper")]}


def test_a_list_that_runs_beyond_today_answers_nothing_early(calls: QuestionRecord) -> None:
    planned = listed([DUE - timedelta(days=1)], last=LONG_AFTER)
    assert resolve(calls, planned, (), DUE - timedelta(days=2)).state == "not yet due"
    assert resolve(calls, planned, (), DUE - timedelta(days=1)).state == "yes"
    assert resolve(calls, listed([], last=LONG_AFTER), (), DUE).state == "not yet due"


def test_a_file_that_is_neither_is_refused(questions: dict[str, QuestionRecord], tmp_path: Path) -> None:
    file = tmp_path / "others.csv"
    file.write_text("date,kind\n2024-07-04,ship\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"others\.csv"):
        split_files([file], list(questions.values()), LONG_AFTER)
