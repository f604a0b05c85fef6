"""The file of an archive: nothing is lost or stored twice, readers work beside a writer, near-duplicates are found."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rhetoric.archived import make_archive

from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive import Added, Filter, Statement, database, open_archive
from tocsin.rhetoric.archive import writing as writing_module
from tocsin.rhetoric.archive.near_duplicates import Shingler, bands, jaccard

DAY = dt.date(2001, 1, 2)


def test_adding_again_adds_nothing_and_a_reused_source_id_stores_both_texts(tmp_path: Path) -> None:
    one = Statement("Japan denounced", "text", DAY, "kcna", source_id="n1")
    other = replace(one, text="another text")
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        added = archive.add([one, one])
        assert (added.added, added.known, added.reused) == (1, 1, ())
        added = archive.add([replace(one, title="x", source_id=None), other])
        assert added.added == 2 and [(note.index, note.what) for note in added.reused] == [(1, "n1")]
        assert archive.get(added.reused[0].other).text == "text"
        assert archive.add([replace(other, outlet="rodong")]).reused == ()  # another outlet's source id
        assert archive.add([one, other]) == Added(known=2)
        assert sorted(statement.text for statement in archive.statements()) == [
            "another text",
            "another text",
            "text",
            "text",
        ]


def test_a_known_statement_with_other_details_is_reported(tmp_path: Path) -> None:
    statement = Statement("Japan denounced", "text", DAY, "kcna", address="http://a.kp/1")
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        archive.add([statement])
        added = archive.add([statement, replace(statement, rung="leader"), replace(statement, address=None)])
        assert added.known == 3 and [(note.index, note.what) for note in added.differing] == [(1, "rung")]
        assert archive.add([replace(statement, address=None, language="en")]).differing[0].what == "language"
        assert next(archive.statements()).address == "http://a.kp/1"


def test_statements_at_different_addresses_or_of_different_days_are_different(tmp_path: Path) -> None:
    statement = Statement("Press review", "", DAY, "kcna", address="http://a.kp/1")
    others = [replace(statement, address="http://a.kp/2"), replace(statement, date=DAY + dt.timedelta(1))]
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        assert archive.add([statement, *others]).added == 3
        assert archive.add([others[0], *others, replace(statement, address=None)]) == Added(known=4)


@pytest.mark.parametrize(
    ("one", "other"), [("10² tanks", "102 tanks"), ("ＡＢ", "AB"), ("Tokyo", "TOKYO"), ("é", "e\u0301")]
)
def test_texts_that_differ_by_a_letter_are_two_statements(tmp_path: Path, one: str, other: str) -> None:
    with make_archive(tmp_path / "a.db", [Statement("t", one), Statement("t", other)]) as archive:
        assert archive.count() == 2


def test_the_hash_tells_title_from_text() -> None:
    assert Statement("a", "b").hash != Statement("ab", "").hash != Statement("", "ab").hash


def test_numbers_follow_dates_and_statements_without_a_date_come_first(tmp_path: Path) -> None:
    days = [None, dt.date(1945, 8, 15), dt.date(2026, 1, 6), DAY, None, DAY]
    with make_archive(
        tmp_path / "a.db", [Statement(f"word {index}", date=day) for index, day in enumerate(days)]
    ) as archive:
        assert [statement.title[5:] for statement in archive.statements()] == ["0", "4", "1", "3", "5", "2"]
        assert [statement.title[5:] for statement in archive.search("word")] == ["2", "5", "3", "1", "4", "0"]
        assert archive.count(filter=Filter(last=dt.date(2001, 12, 31))) == 3
        assert archive.count("word", Filter(first=DAY)) == 3
        assert archive.count("word", Filter(first=dt.date(2030, 1, 1))) == 0


def test_a_statement_before_the_year_1000_is_refused(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", writing=True) as archive, pytest.raises(InputError, match="0999"):
        archive.add([Statement("x", date=dt.date(999, 1, 1))])


def test_invalid_unicode_is_refused_and_earlier_statements_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_module, "CHUNK", 1)
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        with pytest.raises(InputError, match="surrogate pair"):
            archive.add([Statement("good"), Statement("bad", "\ud800"), Statement("never reached")])
        assert [statement.title for statement in archive.statements()] == ["good"]


def test_near_duplicates_are_found_and_others_are_not(tmp_path: Path) -> None:
    words = [f"word{index}" for index in range(60)]
    near = [*words[:30], "changed", *words[31:]]
    far = [*words[:20], *(f"other{index}" for index in range(40))]
    statements = [
        Statement(f"title {index}", " ".join(text), dt.date(2001, 1, 3 - index))
        for index, text in enumerate((words, near, far))
    ]
    with make_archive(
        tmp_path / "a.db", [*statements, Statement("Press review", date=DAY), Statement("Press review")]
    ) as archive:
        by_title = {item.title: item for item in archive.statements()}
        first, second, third = (by_title[f"title {index}"] for index in range(3))
        assert (first.alike, second.alike, third.alike) == (
            first.id,
            first.id,
            third.id,
        )  # the first one added, not the first date
        assert (
            archive.near_duplicates(second) == [first]
            and archive.near_duplicates(first) == [second]
            and archive.near_duplicates(third) == []
        )
        assert archive.near_duplicates(by_title["Press review"]) == []  # too short to compare


@settings(max_examples=150, deadline=None)
@given(st.integers(200, 400), st.floats(0.0, 1.0), st.integers(0, 10**6))
def test_similar_sets_share_bands_and_others_do_not(size: int, share: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    one = np.unique(random.integers(0, 2**63, size, dtype=np.uint64))
    common = one[: int(share * size)]
    other = np.unique(np.concatenate([common, random.integers(0, 2**63, size - common.size, dtype=np.uint64)]))
    similarity = jaccard(one, other)
    both = np.intersect1d(one, other).size
    assert similarity == pytest.approx(both / (one.size + other.size - both))
    shared = len(set(bands(one)) & set(bands(other)))
    if similarity > 0.97:
        assert shared > 0
    if similarity < 0.1:
        assert shared <= 2


def test_98_of_100_pairs_at_four_fifths_share_a_band() -> None:
    random, matches = np.random.default_rng(5), 0
    for _ in range(400):
        drawn = np.unique(random.integers(0, 2**63, 360, dtype=np.uint64))
        random.shuffle(drawn)
        matches += bool(set(bands(drawn[:324])) & set(bands(drawn[36:360])))  # 288 of 360 in common
    assert 0.96 < matches / 400 <= 1  # theory: 1 - (1 - 0.8^4)^8 = 0.985


def test_shingles_never_change_and_need_enough_words() -> None:
    assert Shingler().shingles([f"w{index}" for index in range(10)]).size == 0
    assert (
        int(Shingler().shingles([f"w{index}" for index in range(11)]).sum(dtype=np.uint64))
        == 13_346_288_415_513_682_619
    )


def test_a_file_that_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(InputError, match="another program"):
        open_archive(other, writing=True)
    text = tmp_path / "text.db"
    text.write_text("hello, this is a long text and not a database" * 40)
    for writing in (False, True):
        with pytest.raises(InputError, match="not an archive"):
            open_archive(text, writing=writing)
    assert text.read_text().startswith("hello")
    with pytest.raises(InputError, match="no such archive"):
        open_archive(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(InputError, match="empty"):
        open_archive(tmp_path / "empty.db")
    with pytest.raises(SolveError, match="cannot use"):
        open_archive(tmp_path)


@pytest.mark.parametrize(("version", "message"), [(99, "later version"), (1, "earlier version")])
def test_an_archive_of_another_version_is_refused(tmp_path: Path, version: int, message: str) -> None:
    file = tmp_path / "a.db"
    make_archive(file, [Statement("x")]).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {version}")
    for writing in (False, True):
        with pytest.raises(InputError, match=message):
            open_archive(file, writing=writing)


def test_a_damaged_archive_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    make_archive(file, [Statement(f"statement {index}", "text " * 200, DAY) for index in range(1_000)]).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(file.read_bytes())
    for index in range(8_192, len(data) - 5_000, 2_000):
        data[index : index + 900] = bytes([index % 251]) * 900
    file.write_bytes(data)
    with pytest.raises(SolveError, match="damaged"), open_archive(file) as archive:
        archive.search("statement", limit=1_000)
    with pytest.raises(SolveError, match="damaged"), open_archive(file, writing=True) as archive:
        archive.add([Statement(f"more {index}", "words " * 50, DAY) for index in range(50)])


def test_readers_read_beside_a_writer_and_a_second_writer_times_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TIMEOUT", 0.2)
    file = tmp_path / "a.db"
    make_archive(file, [Statement("first", date=DAY)]).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as writer, writer:
        writer.execute("BEGIN IMMEDIATE")
        with open_archive(file) as reader:
            assert reader.count("first") == 1
        with open_archive(file, writing=True) as second, pytest.raises(SolveError, match="other import"):
            second.add([Statement("second")])
        writer.execute("ROLLBACK")
    with open_archive(file, writing=True) as second:
        assert second.add([Statement("second")]).added == 1


def test_readers_see_whole_chunks_beside_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_module, "CHUNK", 50)
    file = tmp_path / "a.db"
    with open_archive(file, writing=True) as archive:
        archive.add([Statement("statement 0")])
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            with open_archive(file) as reader:
                titles = [statement.title for statement in reader.statements()]
                seen.append((len(titles), len(set(titles))))

    readers = [threading.Thread(target=look) for _ in range(3)]
    for thread in readers:
        thread.start()
    with open_archive(file, writing=True) as archive:
        archive.add(Statement(f"statement {index}", f"text {index} " * 20) for index in range(1, 2_001))
    done.set()
    for thread in readers:
        thread.join()
    assert all(size == different and (size - 1) % 50 == 0 for size, different in seen) and len(seen) > 5


def test_two_writers_may_add_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_module, "CHUNK", 100)
    file = tmp_path / "a.db"
    statements = [Statement(f"statement {index}", date=DAY) for index in range(3_000)]

    def fill() -> None:
        with open_archive(file, writing=True) as archive:
            archive.add(statements)

    threads = [threading.Thread(target=fill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_archive(file) as archive:
        assert archive.count() == archive.count("statement") == 3_000


def _rows(count: int) -> list[dict[str, str]]:
    generator = random.Random(8)
    words = [f"word{index}" for index in range(400)] + ["일본군국주의", "憲法改正"]
    rows = [
        {
            "id": f"n{index}",
            "title": f"Statement {index}",
            "text": " ".join(generator.choices(words, k=30)),
            "date": f"20{generator.randrange(10, 24)}-{generator.randrange(1, 13):02d}-{generator.randrange(1, 29):02d}",
            "outlet": generator.choice(["kcna", "rodong"]),
        }
        for index in range(count)
    ]
    for index in range(7, count, 50):
        rows[index] = rows[index - 5] | {"title": f"Again {index}"}  # the same text with the same source id
    return rows


IMPORT = """
import sys
from tocsin.rhetoric.archive import writing
writing.CHUNK = 100
from tocsin.cli import main
main(["rhetoric", "add", sys.argv[1], "--archive", sys.argv[2]])
"""


@pytest.mark.parametrize("kills", [5, pytest.param(40, marks=pytest.mark.slow)])
def test_a_killed_import_loses_and_doubles_nothing(tmp_path: Path, kills: int) -> None:
    source, file, clean = tmp_path / "s.jsonl", tmp_path / "a.db", tmp_path / "clean.db"
    source.write_text("".join(json.dumps(row) + "\n" for row in _rows(600 * kills)), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, str(source), str(file)]
    generator, before, killed = random.Random(3), 0, 0
    for _ in range(kills):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
        if generator.random() < 0.3:
            time.sleep(generator.uniform(0.1, 0.8))  # while it starts or creates the file
        else:
            while not _committed(file) > before and running.poll() is None:
                time.sleep(0.005)
            time.sleep(generator.uniform(0.0, 0.15))
        if running.poll() is None:
            killed += 1
        running.send_signal(signal.SIGKILL)
        running.wait()
        now = _committed(file)
        assert now >= before  # committed statements stay
        before = now
    assert killed >= 0.4 * kills
    for archive_file in (file, clean):
        subprocess.run([*command[:-1], str(archive_file)], check=True, capture_output=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    with open_archive(file) as archive, open_archive(clean) as other:
        assert list(archive.statements()) == list(other.statements())
        for words in ("statement", "word17", "일본", "憲法", '"word1 word2"'):
            assert archive.search(words, limit=9_999) == other.search(words, limit=9_999)


def _committed(file: Path) -> int:
    """Return how many statements are stored."""
    if not file.exists():
        return 0
    connection = sqlite3.connect(file, timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM statements").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()
