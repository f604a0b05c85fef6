"""`tocsin why` gives the causes of a statement and the probability of alarm, or says what is unknown."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.facts_only import write_facts_only

from tocsin.assessment.alarm import alarm
from tocsin.assessment.ensemble import Ensemble, conditioned
from tocsin.case import load
from tocsin.cli import main
from tocsin.cli.why import Share
from tocsin.report.sentences import alarm_sentences
from tocsin.rhetoric import korean
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
    assert code == 0 and "calendar and habit" in output and "alarm unknown: the statement is more than a year" in output
    code, output = why(second)
    assert code == 0 and "the daily series covers only" in output and "it ends before the statement" in output
    assert "Real alarm over" in output and "newspaper or ministry" in output


def explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str, **details: str | dt.date | None
) -> tuple[int, str]:
    """Return exit status and output of `why` for the only statement of an archive."""
    file = tmp_path / "one.db"
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(file))
    statement = Statement(title, **({"date": dt.date(2026, 1, 6), "outlet": "kcna"} | details))  # type: ignore[arg-type]
    with open_archive(file, writing=True) as opened:
        opened.add([statement])
    return why(numbers(file)[0])


@pytest.mark.parametrize(
    ("outlet", "title"),
    [
        ("NHK", "Japan Cabinet Approves Record Defense Budget"), ("Yonhap", "N. Korea Slams Japan's Record Defense Budget"),
        ("Chinese MFA", "Foreign Ministry Spokesperson Condemns Japan's Record Military Budget"), ("朝日新聞", "防衛費が過去最大"),
    ],
)  # fmt: skip
def test_a_statement_of_another_outlet_is_refused(
    outlet: str, title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = explained(tmp_path, monkeypatch, title, outlet=outlet)
    assert code == 2 and f"is of {outlet}, which is no outlet of North Korea" in output and "alarm" not in output


def test_a_statement_without_outlet_or_of_a_foreign_speaker_is_not_taken_for_pyongyangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.cli.why._causes", lambda *_: "causes")
    title = "Japan's Record Military Budget Denounced"
    code, output = explained(tmp_path, monkeypatch, title, outlet=None)
    assert code == 0 and "alarm unknown: the statement has no outlet" in output
    title = "Chinese Foreign Ministry Spokesman Condemns Japan's Military Budget"
    code, output = explained(tmp_path / "2", monkeypatch, title)
    assert code == 0 and "a foreign speaker, quoted" in output and "alarm unknown: the words are those" in output


def test_a_title_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = explained(tmp_path, monkeypatch, "日本の軍国主義を糾弾")
    assert code == 2 and "has no English or Korean word" in output
    monkeypatch.setitem(sys.modules, "kiwipiepy", None)
    korean._analyser.cache_clear()
    code, output = explained(tmp_path / "2", monkeypatch, "일본의 군국주의를 규탄한다", outlet="rodong")
    assert code == 2 and "Korean titles need kiwipiepy" in output and "coded as" not in output


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        (dt.date(1996, 4, 15), "more than a year older than the case (2026-01-07)"), (dt.date(2024, 12, 1), "more than a year older"),
        (dt.date(2099, 1, 6), "more than a year later"),
    ],
)  # fmt: skip
def test_the_events_of_a_case_measure_no_statement_of_another_time(
    date: dt.date, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.cli.why._causes", lambda *_: "causes")
    code, output = explained(tmp_path, monkeypatch, "Japan's Militarism Denounced", date=date)
    assert code == 0 and "alarm unknown" in output and reason in output and "Real alarm" not in output


def test_the_events_of_a_case_measure_no_statement_about_another_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = explained(tmp_path, monkeypatch, "China's Unfair Action Condemned")
    assert code == 0 and "there are daily series about JPN, KOR, USA only, not about CHN" in output
    assert "alarm unknown: the events change JPN, not CHN" in output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("date", "reason"),
    [(dt.date(1996, 4, 15), "it begins after the statement"), (dt.date(2015, 4, 15), "it ends before")],
)
def test_a_statement_outside_the_series_is_told_which_side(
    date: dt.date, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = explained(tmp_path, monkeypatch, "Japan's Militarism Denounced", date=date)
    assert code == 0 and reason in output


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


def test_alarm_weights_the_worlds_by_the_recorded_years_at_their_own_forces(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Ensemble] = []
    monkeypatch.setattr("tocsin.assessment.alarm.measured", lambda ensemble, *_: seen.append(ensemble))
    case = load(CASE)
    alarm(case, "leader", ("plan",), draws=16)
    (ensemble,) = seen
    past, today = ensemble.with_past(), conditioned(case, (case.main,), ensemble.worlds, ensemble.log_weights)
    assert ensemble.records.keys() == past.records.keys() == {(case.main, kind) for kind in case.types}
    for key, logs in ensemble.records.items():
        assert np.array_equal(logs, past.records[key]) and not np.allclose(logs, today.records[key])


@pytest.mark.parametrize("rung", ["commentary", "newspaper", "ministry", "leader"])
def test_the_rung_has_the_name_that_the_archive_gives_it(
    rung: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.cli.why._causes", lambda *_: "causes")
    monkeypatch.setattr("tocsin.cli.why._alarm", lambda *_: "alarm")
    code, output = explained(tmp_path, monkeypatch, "Japan's Militarism Denounced", rung=rung)
    assert code == 0 and f"; rung {rung}\n" in output


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (Share("calendar and habit", 1.08, 0.75, 1.61), "calendar and habit explain more than the whole week (108%, between 75% and 161%)"),
        (Share("calendar and habit", 0.7, 0.6, 0.8), "calendar and habit explain most of them (70%, between 60% and 80%)"),
        (Share("the answer to events", 0.2, 0.1, 0.3), "the answer to events explains a part of them (20%, between 10% and 30%)"),
        (Share("the answer to events", 0.01, 0.0, 0.02), "the answer to events explains almost none of them (1%, between 0% and 2%)"),
        (Share("the answer to events", -0.14, -0.3, -0.05), "without the answer to events there would be more (-14%, between -30% and -5%)"),
        (Share("the answer to events", -0.14, -0.5, 0.1), "the answer to events may add to them or take from them (-14%, between -50% and 10%)"),
    ],
)  # fmt: skip
def test_a_share_is_a_sentence(share: Share, sentence: str) -> None:
    assert str(share) == sentence


def test_a_case_without_a_game_is_refused(tmp_path: Path) -> None:
    folder = write_facts_only(tmp_path / "case")
    done = CliRunner().invoke(main, ["why", "1", "--case", str(folder)])
    assert done.exit_code == 2
    assert "the case has no game" in done.stderr
