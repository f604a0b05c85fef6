"""Runs of the bell: nothing rings twice or is lost, whatever is saved, killed or run at once; nothing is fetched without the flag."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive import Defaults
from tocsin.rhetoric.series import stored_counts
from tocsin.rhetoric.watch import bell, counted
from tocsin.rhetoric.watch.bell import Report, Settings, watch
from tocsin.rhetoric.watch.judging import Judgement
from tocsin.rhetoric.watch.ledger import Ledger, one_at_a_time

pytestmark = pytest.mark.numeric

MONDAY = dt.date(2014, 10, 6)
TODAY = MONDAY + dt.timedelta(days=8)


def short_counts(target: str) -> pl.DataFrame:
    """Return the last weeks of the stored counts, which take seconds to fit."""
    return stored_counts(target).filter(pl.col("from") >= dt.date(2012, 10, 1))


@pytest.fixture(scope="module", autouse=True)
def _short() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "stored_counts", short_counts)
        yield


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(cache))


def write_week(file: Path, critical: int, monday: dt.date = MONDAY, days: int = 7) -> Path:
    """Write a table of invented headlines: 20 a day about farms, and some about Japan."""
    rows = [
        (monday + dt.timedelta(days=day), f"Farm No. {day * 20 + n} Finishes Sowing")
        for day in range(days)
        for n in range(20)
    ]
    rows += [
        (monday + dt.timedelta(days=n % days), f"Japan's Reckless Military Buildup Condemned {n}")
        for n in range(critical)
    ]
    lines = [f'{day},"{title}",kcna,en' for day, title in rows]
    file.write_text("\n".join(["date,title,outlet,language", *lines]) + "\n", encoding="utf-8")
    return file


def settings(folder: Path, *sources: Path | str, today: dt.date = TODAY) -> Settings:
    return Settings(folder / "archive.db", tuple(map(str, sources)), {"JPN": ()}, 0.01, Defaults(), today)


def run(choice: Settings) -> tuple[list[Mapping[str, Any]], Report]:
    alarms: list[Mapping[str, Any]] = []
    return alarms, watch(choice, alarms.append)


@pytest.mark.slow
def test_a_loud_week_rings_once_and_a_quiet_one_never(tmp_path: Path) -> None:
    loud, quiet = write_week(tmp_path / "loud.csv", 40), write_week(tmp_path / "quiet.csv", 3)
    alarms, report = run(settings(tmp_path, loud))
    assert [alarm["id"] for alarm in alarms] == [f"{MONDAY} JPN"] and report.exit_code == 0
    assert len(alarms[0]["statements"]) == 10 and json.loads(json.dumps(alarms[0])) == alarms[0]
    again, report = run(settings(tmp_path, loud))
    assert again == [] and report.judged == 0 and report.notes == []
    (tmp_path / "other").mkdir()
    alarms, report = run(settings(tmp_path / "other", quiet))
    assert alarms == [] and report.judged == 1


@pytest.mark.slow
def test_quiet_weeks_after_a_very_loud_one_are_judged(tmp_path: Path) -> None:
    mondays = [dt.date(2026, 8, 3) + dt.timedelta(weeks=week) for week in range(18)]
    files = [
        write_week(tmp_path / f"{monday}.csv", 85 if week == 15 else 1, monday) for week, monday in enumerate(mondays)
    ]
    alarms, report = run(settings(tmp_path, *files, today=mondays[-1] + dt.timedelta(days=8)))
    assert [alarm["id"] for alarm in alarms] == [f"{mondays[15]} JPN"] and report.judged == 8


def test_more_pages_of_a_week_that_rang_do_not_ring_again(tmp_path: Path) -> None:
    first = run(settings(tmp_path, write_week(tmp_path / "a.csv", 40)))[0]
    second, report = run(settings(tmp_path, write_week(tmp_path / "b.csv", 60)))
    assert len(first) == 1 and second == [] and report.judged == 1


def test_a_week_that_is_not_over_waits_and_is_named_once(tmp_path: Path) -> None:
    file = write_week(tmp_path / "a.csv", 3, days=5)
    open_week = settings(tmp_path, file, today=MONDAY + dt.timedelta(days=5))
    alarms, report = run(open_week)
    assert alarms == [] and any("is not over" in note for note in report.notes)
    assert run(open_week)[1].notes == []
    alarms, report = run(settings(tmp_path, file))
    assert alarms == [] and report.judged == 1


def test_a_week_that_is_not_over_rings_early_only_if_it_exceeds_whole_weeks(tmp_path: Path) -> None:
    wednesday = MONDAY + dt.timedelta(days=2)
    alarms = run(settings(tmp_path, write_week(tmp_path / "a.csv", 40, days=2), today=wednesday))[0]
    assert len(alarms) == 1 and "is not over" in alarms[0]["reason"] and "in a whole week" in alarms[0]["reason"]
    assert run(settings(tmp_path, write_week(tmp_path / "b.csv", 40)))[0] == []  # the same week at its end


def test_a_week_with_few_days_is_not_judged_until_they_are_added(tmp_path: Path) -> None:
    alarms, report = run(settings(tmp_path, write_week(tmp_path / "a.csv", 40, days=3)))
    assert alarms == [] and any("only 3 of its days" in note for note in report.notes)
    assert len(run(settings(tmp_path, write_week(tmp_path / "b.csv", 40)))[0]) == 1


def test_old_weeks_are_history(tmp_path: Path) -> None:
    late = settings(tmp_path, write_week(tmp_path / "a.csv", 40), today=MONDAY + dt.timedelta(weeks=20))
    alarms, report = run(late)
    assert alarms == [] and report.judged == 0


def test_a_statement_of_the_future_does_not_count(tmp_path: Path) -> None:
    file = write_week(tmp_path / "a.csv", 40, monday=MONDAY + dt.timedelta(weeks=30))
    alarms, report = run(settings(tmp_path, file))
    assert alarms == [] and report.judged == 0 and "not counted" in report.notes[0]


def test_a_young_archive_says_once_that_only_an_extreme_week_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = Judgement("JPN", MONDAY, 1, 2.0, 2.0, 0.0, 0.0, "all", 1, 2.0, 5, "", 0.9, 0.01, 0.008)
    monkeypatch.setattr(bell.Watched, "judge", lambda *_: quiet)
    monday = dt.date(2026, 11, 16)
    young = settings(tmp_path, write_week(tmp_path / "a.csv", 3, monday=monday), today=monday + dt.timedelta(days=8))
    report = run(young)[1]
    assert report.judged == 1 and any("only 1 covered week" in note for note in report.notes)
    assert run(young)[1].notes == []


def test_an_archive_that_cannot_be_locked_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SolveError, match="cannot lock"), one_at_a_time(tmp_path / "file" / "archive.db"):
        pass


def test_an_alarm_whose_ringing_fails_rings_in_the_next_run(tmp_path: Path) -> None:
    choice = settings(tmp_path, write_week(tmp_path / "a.csv", 40))

    def fail(_: Mapping[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        watch(choice, fail)
    assert len(run(choice)[0]) == 1
    assert run(choice)[0] == []


def test_a_failed_judgement_keeps_no_recorded_alarm_from_ringing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = settings(tmp_path, write_week(tmp_path / "a.csv", 3))
    with Ledger(choice.archive) as ledger:
        ledger.record("2014-01-06 JPN", "earlier", {"id": "2014-01-06 JPN"})

    def fail(*_: object, **__: object) -> None:
        raise SolveError("no mode")

    monkeypatch.setattr(bell, "judge", fail)
    alarms: list[Mapping[str, Any]] = []
    with pytest.raises(SolveError):
        watch(choice, alarms.append)
    assert [alarm["id"] for alarm in alarms] == ["2014-01-06 JPN"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.rhetoric import test_watch_runs as tests
from tocsin.rhetoric.watch import bell
bell._judge_recent = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
bell.watch(tests.settings(folder, folder / "a.csv"), print)
"""


def test_a_kill_between_adding_and_ringing_loses_no_alarm(tmp_path: Path) -> None:
    choice = settings(tmp_path, write_week(tmp_path / "a.csv", 40))
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], cwd=root, capture_output=True, text=True, check=False
    )
    assert killed.returncode == -9 and killed.stdout == ""
    alarms, report = run(choice)
    assert len(alarms) == 1 and report.summary.added == 0  # the pages were stored before the kill


def test_two_runs_at_once_ring_once(tmp_path: Path) -> None:
    choice = settings(tmp_path, write_week(tmp_path / "a.csv", 40))
    alarms: list[Mapping[str, Any]] = []
    runs = [threading.Thread(target=watch, args=(choice, alarms.append)) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert len(alarms) == 1


def test_a_run_does_not_wait_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    with one_at_a_time(file), pytest.raises(SolveError, match="another run"), one_at_a_time(file, 0.1):
        pass


def test_nothing_is_fetched_without_the_flag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def fetch(address: str) -> bytes:
        fetched.append(address)
        return b"<html>no feed</html>"

    monkeypatch.setattr("tocsin.data.fetch.fetch_bytes", fetch)
    choice = settings(tmp_path, "HTTPS://example.org/feed.xml")
    with pytest.raises(InputError, match="--fetch"):
        watch(choice, print)
    assert fetched == [] and not choice.archive.exists()
    report = run(replace(choice, fetch=True))[1]
    assert fetched == ["HTTPS://example.org/feed.xml"] and report.exit_code == 2


def test_a_broken_source_is_listed_and_the_others_are_judged(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"\x00\x01<html><title>\x1b[31m Japan \x07</title>" + b"<div>" * 5_000)
    (tmp_path / "feed.xml").write_text("<html>no feed</html>", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    sources = (
        page,
        tmp_path / "feed.xml",
        tmp_path / "empty",
        tmp_path / "absent.csv",
        write_week(tmp_path / "a.csv", 40),
    )
    alarms, report = run(settings(tmp_path, *sources))
    assert len(alarms) == 1 and report.exit_code == 1
    lost = {Path(remark.file).name for remark in report.summary.lost}
    assert lost == {"feed.xml", "empty", "absent.csv"}
    assert any("1 of the 181 added statements are not counted" in note for note in report.notes)  # the page has no day


def cli(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["watch", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_one_line_for_an_alarm_and_nothing_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "pyongyang_today", lambda: TODAY)
    file, events = write_week(tmp_path / "a.csv", 40), tmp_path / "events.csv"
    events.write_text(
        "date,actor,category\n2014-12-01,JPN,law\n", encoding="utf-8"
    )  # after the week: the fit stays as it is
    archive = ("--archive", tmp_path / "archive.db", "--target", "JPN", "--events", events, "--rate", "0.01")
    status, out, _ = cli(file, *archive, "--json-lines")
    assert status == 0 and out.count("\n") == 1
    alarm = json.loads(out)
    assert alarm["id"] == f"{MONDAY} JPN" and alarm["rings"] and "are expected" in alarm["reason"]
    assert cli(file, *archive) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing to watch"),
        (("https://example.org/feed.xml",), "--fetch"),
        (("pages", "--replay", "2011:2014"), "--replay with FEEDS"),
        (("--replay", "2011"), "not in the cache"),
        (("--replay", "soon"), "not a span of years"),
        (("--replay", "2014:2011"), "such as 2011:2014"),
        (("pages", "--target", "Atlantis"), "Atlantis"),
        (("pages", "--target", "FRA"), "no stored counts for FRA\n  remedy: watch JPN, KOR, USA"),
        (("pages", "--rate", "0"), "--rate"),
        (("pages", "--rate", "1"), "--rate"),
        (("pages", "--events", "absent.csv"), "absent.csv"),
    ],
)
def test_wrong_input_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    status, out, err = cli(*arguments, "--archive", tmp_path / "archive.db")
    assert status in (1, 2) and out == "" and message in err


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    status, out, err = cli(tmp_path, "--archive", tmp_path / "sub" / "archive.db", "--target", "JPN")
    assert status == 2 and out == "" and "no readable file" in err
