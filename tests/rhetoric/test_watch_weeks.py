"""The latest weeks beside what is expected of them: the same judgement as the bell's, and nothing made up where a week is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rhetoric.test_watch_runs import MONDAY, TODAY, settings, short_counts, write_week

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Statement, open_archive
from tocsin.rhetoric.coder import coder
from tocsin.rhetoric.watch import counted
from tocsin.rhetoric.watch.events import watch_events
from tocsin.rhetoric.watch.ledger import Ledger
from tocsin.rhetoric.watch.weeks import TargetWeeks, latest_weeks

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module", autouse=True)
def _short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "stored_counts", short_counts)
        patch.setenv("TOCSIN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def weeks(folder: Path, *files: Path, today: dt.date = TODAY) -> TargetWeeks:
    with open_archive(folder / "archive.db", writing=True) as archive:
        archive.add_files(files)
    return latest_weeks(settings(folder, today=today), coder())[0]


@pytest.mark.slow
def test_a_loud_week_rings_and_a_quiet_one_is_within_its_range(tmp_path: Path) -> None:
    second = MONDAY + dt.timedelta(weeks=1)
    watched = weeks(
        tmp_path,
        write_week(tmp_path / "a.csv", 3),
        write_week(tmp_path / "b.csv", 40, monday=second),
        today=TODAY + dt.timedelta(weeks=1),
    )
    assert watched.judgement is not None and watched.judgement.rings and watched.judgement.week == second
    quiet, loud = watched.weeks
    assert (quiet.critical, quiet.hostile, loud.critical, quiet.output) == (3, 3, 40, 143)
    assert quiet.expected is not None and loud.expected is not None
    assert quiet.expected.low <= 3 <= quiet.expected.high and loud.expected.high < 40
    assert quiet.expected.calendar > 0 and quiet.expected.low <= quiet.expected.mean <= quiet.expected.high
    assert len(watched.statements) == 40
    with Ledger(tmp_path / "archive.db") as ledger:
        assert ledger.pending() == []  # to look records no alarm


@pytest.mark.slow
def test_the_anniversaries_of_the_judged_week_are_named(tmp_path: Path) -> None:
    watched = weeks(tmp_path, write_week(tmp_path / "a.csv", 3))
    assert "Party foundation" in watched.occasions  # 10 October


@pytest.mark.slow
def test_a_week_that_is_missing_or_not_over_has_no_expectation(tmp_path: Path) -> None:
    last = MONDAY + dt.timedelta(weeks=2)
    files = write_week(tmp_path / "a.csv", 3), write_week(tmp_path / "b.csv", 1, monday=last, days=2)
    watched = weeks(tmp_path, *files, today=last + dt.timedelta(days=2))
    _, missing, now = watched.weeks
    assert missing.critical is None and missing.hostile is None and missing.gap and missing.gap.kind == "empty"
    assert now.gap and now.gap.kind == "open" and now.critical == 1
    assert missing.expected is None and now.expected is None
    assert watched.judgement is not None and watched.judgement.week == MONDAY


def test_an_archive_without_a_week_to_judge_says_so(tmp_path: Path) -> None:
    watched = weeks(tmp_path, write_week(tmp_path / "a.csv", 3, days=2))
    assert watched.judgement is None and [week.gap and week.gap.kind for week in watched.weeks] == ["days"]
    with open_archive(tmp_path / "other.db", writing=True) as archive:
        archive.add([Statement("Farm Finishes Sowing", outlet="rodong", language="en")])
    (tmp_path / "other.db").rename(tmp_path / "archive.db")
    assert latest_weeks(settings(tmp_path), coder())[0].weeks == ()


def test_no_archive_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such archive"):
        latest_weeks(settings(tmp_path), coder())


def test_events_are_of_the_shipped_case_unless_a_file_is_named(tmp_path: Path) -> None:
    assert set(watch_events()) == {"JPN", "KOR", "USA"} and all(watch_events().values())
    file = tmp_path / "events.csv"
    file.write_text("date,actor,category\n2014-12-01,JPN,law\n", encoding="utf-8")
    assert [str(event.date) for event in watch_events(["Japan"], file)["JPN"]] == ["2014-12-01"]
