"""An archive of the earlier version is searched as it is, and brought to this version before anything is added."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.golden.commands import INPUTS
from tests.rhetoric.archived import run

from tocsin.errors import SolveError
from tocsin.rhetoric.archive import Added, Statement, database, open_archive

UPGRADE = """
import os, signal, sys
from tocsin.rhetoric.archive import database, open_archive
database.UPGRADED_AT_ONCE, calls = 3, 0
def upgrading(more):
    global calls
    calls += 1
    if calls == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
open_archive(sys.argv[1], writing=True, upgrading=upgrading)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "old.db"
    shutil.copy(INPUTS / "archive.db", file)
    assert version(file) == 2
    return file


def version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def statements(file: Path) -> list[Statement]:
    with open_archive(file) as archive:
        return list(archive.statements())


def test_an_upgrade_keeps_all_statements_with_their_numbers_and_recognises_them(old: Path) -> None:
    before, seen = statements(old), list[int]()
    with open_archive(old) as archive:
        words = before[0].title.split()[0]
        hits = archive.search(words)
    with open_archive(old, writing=True, upgrading=seen.append) as archive:
        assert seen[0] == 0 and sum(seen) == len(before) > 1
        assert archive.add(before) == Added(known=len(before))
        assert list(archive.statements()) == before and archive.search(words) == hits
        [one] = (item for item in before if item.address and item.date)
        assert archive.add([replace(one, address="http://a.kp/other")]).added == 1  # version 2 had no room for it
    assert version(old) == database.VERSION
    with closing(sqlite3.connect(old)) as connection, connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_an_upgraded_archive_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    def schema(file: Path) -> list[tuple[str, ...]]:
        with open_archive(file, writing=True), closing(sqlite3.connect(file)) as connection:
            return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()

    assert schema(old) == schema(tmp_path / "new.db")


def test_a_second_opening_upgrades_nothing(old: Path) -> None:
    open_archive(old, writing=True).close()
    seen: list[int] = []
    open_archive(old, writing=True, upgrading=seen.append).close()
    assert seen == []


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_killed_upgrade_leaves_the_earlier_archive_whole(old: Path, call: int) -> None:
    before = statements(old)
    killed = subprocess.run([sys.executable, "-c", UPGRADE, str(old), str(call)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert version(old) == 2 and statements(old) == before
    with open_archive(old, writing=True) as archive:
        assert archive.add(before) == Added(known=len(before)) and list(archive.statements()) == before
    assert version(old) == database.VERSION


def test_an_upgrade_that_fails_leaves_the_earlier_archive_whole(old: Path) -> None:
    before = statements(old)

    def upgrading(more: int) -> None:
        if more:
            raise OSError(28, "No space left on device")

    with pytest.raises(SolveError, match="check disk space"):
        open_archive(old, writing=True, upgrading=upgrading)
    assert version(old) == 2 and statements(old) == before


def test_the_command_says_in_one_line_that_it_upgraded(old: Path, tmp_path: Path) -> None:
    count = len(statements(old))
    (tmp_path / "s.csv").write_text("title,date\nanother,2020-01-02\n")
    code, output = run("add", tmp_path / "s.csv", "--archive", old)
    assert code == 0 and f"old.db: upgraded to this version of Tocsin; all {count} statements are kept\n" in output
    assert "upgraded" not in run("add", tmp_path / "s.csv", "--archive", old)[1]


def test_reading_changes_nothing_in_an_earlier_archive(old: Path) -> None:
    data = old.read_bytes()
    word = statements(old)[0].title.split()[0]
    assert run("search", word, "--archive", old)[0] == 0
    assert run("export", "-o", old.with_name("o.csv"), "--archive", old)[0] == 0
    assert old.read_bytes() == data


def test_a_reader_reads_on_beside_an_upgrade_and_two_writers_upgrade_once(old: Path) -> None:
    before, seen = statements(old), list[int]()

    def upgrade(upgrading: Callable[[int], None] | None) -> None:
        open_archive(old, writing=True, upgrading=upgrading).close()

    with open_archive(old) as reader:
        threads = [threading.Thread(target=upgrade, args=(seen.append,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert list(reader.statements()) == before
    assert seen.count(0) == 1 and sum(seen) == len(before)
