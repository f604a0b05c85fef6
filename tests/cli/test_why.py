"""Why was it said: the command divides a statement between habit, answer and alarm, or says what it cannot tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.assessment.alarm import alarm
from tocsin.case import load
from tocsin.cli import main
from tocsin.report.alarm import sentence
from tocsin.rhetoric.archive import open_archive
from tocsin.rhetoric.archive.statement import Statement

CASE = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "a.db"
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(file))
    said = [
        Statement(
            "Japan's Moves for Militarism Denounced", date=dt.date(2011, 8, 15), outlet="kcna", rung="commentary"
        ),
        Statement(
            "Japan's Record Military Budget Denounced by Rodong Sinmun", date=dt.date(2026, 1, 6), outlet="rodong"
        ),
        Statement("Art Exhibition Opens"),
    ]
    with open_archive(file, writing=True) as made:
        made.add(said)
    return file


def numbers(file: Path) -> list[int]:
    with open_archive(file) as archive:
        return [each.id for each in archive.statements()]


def why(number: int, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["why", str(number), "--case", str(CASE), *more])
    return done.exit_code, done.output


def test_what_is_critical_of_no_state_cannot_be_told(archive: Path) -> None:
    code, said = why(numbers(archive)[0])
    assert code == 0 and "its day is not known" in said and "Propaganda" not in said


@pytest.mark.slow
def test_a_statement_within_the_series_is_divided_and_a_later_one_is_not(archive: Path) -> None:
    _, first, second = numbers(archive)
    code, said = why(first)
    assert code == 0 and "calendar and habit" in said and "Propaganda or fear?" in said
    code, said = why(second)
    assert code == 0 and "cannot tell, the daily series ends" in said and "newspaper or ministry" in said


def test_a_number_that_is_not_there_and_an_unknown_event_are_refused(archive: Path) -> None:
    assert why(99)[0] == 2
    code, said = why(numbers(archive)[2], "--event", "picnic")
    assert code == 2 and "picnic" in said


def test_alarm_rises_with_what_the_statement_tells() -> None:
    case = load(CASE)
    found = alarm(case, "leader", ("plan", "amendment"), draws=128)
    assert found.ratio[0] <= found.ratio[1] <= found.ratio[2]
    assert found.before[0] <= found.before[1] <= found.before[2]
    assert "the leader's word" in sentence(found).lower()
    assert (found.after[1] >= found.before[1]) == (found.ratio[0] >= 1) or found.ratio[0] < 1 < found.ratio[2]
