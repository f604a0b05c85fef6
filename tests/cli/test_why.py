"""`tocsin why` gives the causes of a statement and the probability of alarm, or says what is unknown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.assessment.alarm import alarm
from tocsin.case import load
from tocsin.cli import main
from tocsin.report.sentences import alarm_sentences
from tocsin.rhetoric.archive import Statement, open_archive

CASE = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "a.db"
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(file))
    statements = [
        Statement(
            "Japan's Moves for Militarism Denounced", date=dt.date(2011, 8, 15), outlet="kcna", rung="commentary"
        ),
        Statement(
            "Japan's Record Military Budget Denounced by Rodong Sinmun", date=dt.date(2026, 1, 6), outlet="rodong"
        ),
        Statement("Art Exhibition Opens"),
    ]
    with open_archive(file, writing=True) as opened:
        opened.add(statements)
    return file


def numbers(file: Path) -> list[int]:
    with open_archive(file) as archive:
        return [statement.id for statement in archive.statements()]


def why(number: int, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["why", str(number), "--case", str(CASE), *more])
    return result.exit_code, result.output


def test_a_statement_without_date_or_target_has_unknown_causes(archive: Path) -> None:
    code, output = why(numbers(archive)[0])
    assert code == 0 and "causes unknown: the statement has no date" in output and "Propaganda" not in output


@pytest.mark.slow
def test_causes_are_known_within_the_series_only(archive: Path) -> None:
    _, first, second = numbers(archive)
    code, output = why(first)
    assert code == 0 and "calendar and habit" in output and "Real alarm over" in output
    code, output = why(second)
    assert code == 0 and "the daily series covers only" in output and "newspaper or ministry" in output


def test_an_unknown_number_or_event_is_refused(archive: Path) -> None:
    assert why(99)[0] == 2
    code, output = why(numbers(archive)[2], "--event", "picnic")
    assert code == 2 and "picnic" in output


def test_alarm_rises_with_the_likelihood_ratio_of_the_statement() -> None:
    case = load(CASE)
    result = alarm(case, "leader", ("plan", "amendment"), draws=128)
    assert result.ratio[0] <= result.ratio[1] <= result.ratio[2]
    assert result.before.low <= result.before.mid <= result.before.high
    assert "a statement by the leader" in alarm_sentences(result).lower()
    assert (result.after.mid >= result.before.mid) == (result.ratio[0] >= 1) or result.ratio[0] < 1 < result.ratio[2]
