"""`tocsin forecast` and `tocsin score` as their users meet them, and the rate on the past of a list."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.data.test_readers import cached as cached
from tests.forecasts.lists import FORECASTS, OPENS, listed, random_days, write_calls, write_case

from tocsin.cli import main
from tocsin.errors import SolveError
from tocsin.forecasts.events import read_register
from tocsin.forecasts.rate import Record
from tocsin.forecasts.record import read_forecast
from tocsin.forecasts.replay import DAYS, FIRST, LAST, replay
from tocsin.forecasts.words import replay_text

ROOT = Path(__file__).resolve().parents[2]
FOUNDING = ROOT / "cases" / "japan-buildup" / "forecasts"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Return a forecast file of the case of calls, with the later days of calls not yet known."""
    folder = write_case(tmp_path / "case", days=random_days(1))
    code, out, err = run("forecast", folder, "-o", tmp_path / "forecast.json")
    assert code == 0, err
    assert "Will the mayor resign within 90 days?" in out
    assert json.loads((tmp_path / "forecast.json").read_text())["seal"] in out
    return tmp_path / "forecast.json"


def test_a_forecast_is_scored_from_a_later_table_and_answers(sealed: Path, tmp_path: Path) -> None:
    calls, answers = tmp_path / "calls.csv", tmp_path / "answers.csv"
    write_calls(calls, [*random_days(1), OPENS + timedelta(days=9)])
    answers.write_text("question,happened,date,source\nstrike_90,false,2024-10-01,the port's log\n", encoding="utf-8")
    code, out, err = run("score", sealed, "--events", calls, "--events", answers)
    assert code == 0, err
    assert "calls_30: calls.csv: on 2024-07-09" in out
    assert "strike_90: the port's log: not by 2024-10-01" in out
    assert "mayor_90: no answer was given" in out
    assert "2 of 3 questions are resolved" in out
    assert "Against the base rates listed below (2 questions)" in out
    assert "The errors treat questions answered by the same register or table as dependent." in out
    assert "after its opening day (all questions)" in out


def test_the_gain_names_the_base_rates_of_scored_questions_alone(sealed: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "question,happened,date,source\nstrike_90,false,2024-10-01,a log\nmayor_90,false,2024-10-01,a log\n",
        encoding="utf-8",
    )
    _, out, _ = run("score", sealed, "--events", answers)
    after = out.partition("The gain is only over these base rates, which the forecast file contains:\n")[2].splitlines()
    assert after[0] == "  strike_90: 4 % (1 in 40 cases: quarters of other ports)"
    assert after[1].startswith("Another base rate gives another gain.")
    answers.write_text("question,happened,date,source\nmayor_90,false,2024-10-01,a log\n", encoding="utf-8")
    assert "these base rates" not in run("score", sealed, "--events", answers)[1]


def test_an_answer_of_tomorrow_is_refused(tmp_path: Path) -> None:
    tomorrow = date.today() + timedelta(days=1)
    asked = FORECASTS.replace("due: 2024-09-28", f"due: {tomorrow}")
    folder, file = write_case(tmp_path / "case", days=random_days(1), forecasts=asked), tmp_path / "forecast.json"
    assert run("forecast", folder, "-o", file)[0] == 0
    answers = tmp_path / "answers.csv"
    for happened in ("true", "false"):
        answers.write_text(
            f"question,happened,date,source\nstrike_90,{happened},{tomorrow},the port's log\n", encoding="utf-8"
        )
        code, out, err = run("score", file, "--events", answers)
        assert (code, out) == (2, "")
        assert f"{tomorrow} lies in the future" in err
        assert "answers.csv:2" in err


def test_without_answers_nothing_is_scored(sealed: Path) -> None:
    code, out, _ = run("score", sealed)
    assert code == 0
    assert "Nothing can be scored yet." in out


def test_a_file_cannot_move_the_cursor(sealed: Path, tmp_path: Path) -> None:
    record = read_forecast(sealed)
    first = record.questions[0].model_copy(update={"id": "\x1b[2Jq", "asks": "\x1b[31mred", "marks": ("\x1b]0;x",)})
    other = tmp_path / "other.json"
    other.write_text(record.model_copy(update={"questions": (first,)}).sealed(), encoding="utf-8")
    code, out, err = run("score", other)
    assert code == 0, err
    assert "\x1b" not in out


def test_a_forecast_is_never_overwritten(sealed: Path, tmp_path: Path) -> None:
    before = sealed.read_text(encoding="utf-8")
    code, _, err = run("forecast", tmp_path / "case", "-o", sealed)
    assert code == 2
    assert "a forecast is never overwritten" in err
    assert sealed.read_text(encoding="utf-8") == before


def test_a_changed_file_is_refused(sealed: Path) -> None:
    text = sealed.read_text(encoding="utf-8")
    sealed.write_text(text.replace("Will the mayor", "Shall the mayor"), encoding="utf-8")
    code, _, err = run("score", sealed)
    assert code == 2
    assert "the file was changed after it was made" in err


def test_a_case_that_asks_nothing_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case", days=random_days(1), forecasts="")
    code, _, err = run("forecast", folder, "-o", tmp_path / "forecast.json")
    assert code == 2
    assert "ask about dated events in a block `forecasts:`" in err
    assert not (tmp_path / "forecast.json").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give either a forecast FILE or --past"),
        (["x.json", "--past", "provocations"], "give either a forecast FILE or --past"),
        (["--past", "provocation"], "did you mean `provocations`"),
        (["--past", "provocations", "--events", "x.csv"], "leave it out with --past"),
    ],
)
def test_what_score_cannot_do_is_refused(arguments: list[str], says: str) -> None:
    code, _, err = run("score", *arguments)
    assert code == 2
    assert says in err


# --- the past ------------------------------------------------------------------------------------------------------


def test_the_past_is_told_from_the_days_before_each_question() -> None:
    first, last = date(1990, 1, 1), date(2025, 12, 31)
    days = random_days(7, first=first, last=last, share=0.01)
    cut = date(2010, 1, 1)
    whole = replay(listed(days, first=first, last=last))
    other = (*(day for day in days if day <= cut), *random_days(8, first=cut + timedelta(days=1), last=last, share=0.1))
    changed = replay(listed(other, first=first, last=last))
    chances = [
        [(item.rate, item.constant) for item in result.questions if item.opens <= cut] for result in (whole, changed)
    ]
    assert chances[0] == chances[1]
    assert len(chances[0]) == (2010 - FIRST) * 12 + 1
    assert whole.questions[-1] != changed.questions[-1]


def test_no_question_on_the_past_is_asked_after_its_last_year() -> None:
    first, last = date(1990, 1, 1), date(2027, 12, 31)
    questions = replay(listed(random_days(7, first=first, last=last), first=first, last=last)).questions
    assert len(questions) == (LAST - FIRST + 1) * 12
    assert questions[-1].opens == date(LAST, 12, 1)
    short = replay(listed(random_days(7, first=first, last=date(2001, 3, 30)), first=first, last=date(2001, 3, 30)))
    assert short.questions[-1].opens == date(2001, 2, 1)
    assert (date(2001, 3, 30) - short.questions[-1].opens).days >= DAYS


def test_a_list_that_ends_before_the_first_question_has_no_past() -> None:
    first, last = date(1980, 1, 1), date(1995, 12, 31)
    with pytest.raises(SolveError, match="ends before the first question of 1996"):
        replay(listed(random_days(7, first=first, last=last), first=first, last=last))


def test_a_steady_process_gives_no_gain_and_bursts_give_one() -> None:
    first, last = date(1985, 1, 1), date(2025, 12, 31)
    steady = replay(listed(random_days(9, first=first, last=last, share=0.015), first=first, last=last))
    assert abs(steady.rate.log_gain.mean) < 0.03
    bursts = [day for day in random_days(9, first=first, last=last, share=0.06) if day.year % 3 == 0]
    gain = replay(listed(bursts, first=first, last=last)).rate.log_gain
    assert gain.mean > 0.1
    assert gain.mean > 2 * gain.error


@pytest.mark.numeric
@pytest.mark.parametrize("name", ["provocations", "missile_tests"])
def test_the_page_has_the_scores_of_the_registers(cached: Path, name: str) -> None:
    del cached
    text = replay_text(replay(read_register(name, {})))
    page = (ROOT / "docs" / "forecasts.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("  ") if cell.strip()]
        if cells and cells[0].startswith(("rate", "share of", "constant")):
            assert f"| {cells[0]} | " in page
            assert all(cell in page for cell in cells[1:]), line
    said = next(line for line in text.splitlines() if line.startswith("The rate gains"))
    assert said.split()[3] in page


# --- the founding case ---------------------------------------------------------------------------------------------


@pytest.mark.numeric
def test_the_founding_case_was_scored_as_the_page_says(cached: Path) -> None:
    del cached
    record = read_forecast(FOUNDING / "2026-01-07.json")
    code, out, err = run("score", FOUNDING / "2026-01-07.json", "--events", FOUNDING / "answers.csv")
    assert code == 0, err
    page = (ROOT / "docs" / "forecasts.md").read_text(encoding="utf-8")
    assert "7 of 11 questions are resolved: log score -0.278, Brier score 0.082." in out
    assert "log score -0.278, Brier score 0.082" in page
    listed_rates = out.partition("The gain is only over these base rates")[2].splitlines()[1:6]
    assert listed_rates[0] == "  provocation_30: 28 % (225 of 803 earlier windows of 30 days had one)"
    assert [line.split(":")[0].strip() for line in listed_rates] == [
        question.id for question in record.questions if question.kind == "rate"
    ]
    rows = [line for line in out.splitlines() if line.startswith(tuple(question.id for question in record.questions))]
    scored = [line.split()[-2:] for line in rows if " yes " in line or (" no " in line and ":" not in line)]
    assert len(scored) == 7
    assert [pair for pair in scored if f"| {' | '.join(pair)} |" not in page] == []


def test_the_sealed_forecast_uses_nothing_after_the_day_of_the_case() -> None:
    record = read_forecast(FOUNDING / "2026-01-07.json")
    assert len(record.questions) == 11
    for question in record.questions:
        assert question.opens == record.case.as_of == date(2026, 1, 7)
        assert all(used.until <= question.opens for used in question.data)
        assert any("after its opening day" in mark for mark in question.marks)


@pytest.mark.numeric
def test_the_sealed_rates_come_again_from_the_registers(cached: Path) -> None:
    del cached
    record = read_forecast(FOUNDING / "2026-01-07.json")
    rates = [question for question in record.questions if question.kind == "rate"]
    assert len(rates) == 5
    for question in rates:
        events = read_register(question.resolves.what, question.resolves.where)
        assert events.sha256 == question.data[0].sha256
        again = Record(events).forecast(question.opens, (question.due - question.opens).days).chance
        assert (again.probability, again.low, again.high) == pytest.approx(
            (question.forecast.probability, question.forecast.low, question.forecast.high), abs=2e-6
        )


def test_a_register_that_is_not_in_the_cache_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    code, _, err = run("score", "--past", "provocations")
    assert code == 1
    assert "`provocations` is not in the cache" in err
    assert "tocsin data get provocations" in err
