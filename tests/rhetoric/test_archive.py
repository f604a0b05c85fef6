"""The archive: nothing lost, nothing twice, every script searched, hostile pages harmless."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.cli import main
from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive.dates import day_of
from tocsin.rhetoric.archive.export import exported, printable, snippet
from tocsin.rhetoric.archive.reading import Given, Remark, decoded, read
from tocsin.rhetoric.archive.rungs import language_of, outlet_at, rung_of
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.store import Added, Archive, Where, open_archive
from tocsin.rhetoric.archive.terms import plain

TODAY = dt.date(2020, 1, 1)


def filled(file: Path, statements: list[Statement]) -> Archive:
    with open_archive(file, writing=True) as archive:
        for _ in archive.add(statements):
            pass
    return open_archive(file)


def found(file: Path, given: Given | None = None) -> tuple[list[Statement], list[Remark]]:
    both = list(read(file, given or Given(TODAY)))
    return [each for each in both if isinstance(each, Statement)], [each for each in both if isinstance(each, Remark)]


def test_adding_again_adds_nothing_and_one_name_for_two_texts_keeps_both(tmp_path: Path) -> None:
    one = Statement("Japan denounced", "text", dt.date(2001, 1, 2), "kcna", source_id="n1")
    other = Statement("Japan denounced", "another text", dt.date(2001, 1, 2), "kcna", source_id="n1")
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        assert list(archive.add([one, one])) == [Added(added=1, known=1)]
        assert list(archive.add([other])) == [Added(added=1, reused=("n1",))]
        assert sum(archive.add([one, other]), Added()) == Added(known=2)
        assert [each.text for each in archive.statements()] == ["text", "another text"]


def test_near_duplicates_are_found_and_others_are_not(tmp_path: Path) -> None:
    words = [f"word{at}" for at in range(60)]
    near = [*words[:30], "changed", *words[31:]]
    far = [*words[:20], *(f"other{at}" for at in range(40))]
    texts = [" ".join(each) for each in (words, near, far)]
    with filled(
        tmp_path / "a.db", [Statement("title", text, dt.date(2001, 1, 1 + at)) for at, text in enumerate(texts)]
    ) as archive:
        first, second, third = archive.statements()
        assert (first.alike, second.alike, third.alike) == (first.id, first.id, third.id)
        assert archive.alike(second) == [first]


KOREAN, JAPANESE, LATIN = "일본군국주의헌법", "日本軍国主義憲法のカタ", "abé "
texts = st.text(st.sampled_from(KOREAN + JAPANESE + LATIN + "·、 \n"), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(texts, min_size=1, max_size=12, unique=True),
    st.text(st.sampled_from(KOREAN + JAPANESE), min_size=1, max_size=4),
)
def test_queries_in_korean_and_japanese_find_what_a_plain_scan_finds(
    tmp_path_factory: pytest.TempPathFactory, some: list[str], asked: str
) -> None:
    file = tmp_path_factory.mktemp("archive") / "a.db"
    with filled(file, [Statement(f"t{at}", text) for at, text in enumerate(some)]) as archive:
        ours = {each.text for each in archive.search(asked, limit=100)}
        assert ours == {text.strip("") for text in some if plain(asked) in plain(text)}
        assert archive.count(asked) == len(ours)


def test_every_word_must_occur_and_nothing_asked_for_is_a_command(tmp_path: Path) -> None:
    said = [
        Statement("Japan's budget", "a record budget", dt.date(2001, 1, 2)),
        Statement("Japan", "budget of record", dt.date(2002, 1, 2)),
    ]
    with filled(tmp_path / "a.db", said) as archive:
        assert len(archive.search("japan budget")) == 2
        assert [each.date for each in archive.search('"record budget"')] == [dt.date(2001, 1, 2)]
        assert [each.date for each in archive.search("japan", limit=1)] == [dt.date(2002, 1, 2)]
        assert [each.date for each in archive.search("japan", Where(last=dt.date(2001, 12, 31)))] == [
            dt.date(2001, 1, 2)
        ]
        for hostile in (
            'japan" OR "x',
            "japan NOT budget",
            "terms:japan",
            "japan*",
            "NEAR(japan)",
            "'; DROP TABLE statements",
        ):
            archive.search(hostile)
        for empty in ("", "   ", '""', "!!!", '"'):
            with pytest.raises(InputError, match="nothing to search"):
                archive.search(empty)


@pytest.mark.parametrize(
    "text",
    [
        "2011-05-12", "2011-05-12T08:00:00+09:00", "2011/5/12", "2011.05.12", "2011.05.12.", "20110512", "12 May 2011",
        "May 12, 2011", "Thursday, May 12, 2011", "12th May, 2011", "2011년 5월 12일", "2011年5月12日",
        "Juche 100(2011).5.12", "주체100(2011)년 5월 12일", "Thu, 12 May 2011 08:00:00 +0900", "2011-5-12 08:00",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_forms_that_outlets_use(text: str) -> None:
    assert day_of(text) == dt.date(2011, 5, 12)


@pytest.mark.parametrize("text", ["03/04/2011", "2011-13-01", "2011-02-30", "yesterday", "", None, "12", "99999999"])
def test_a_day_that_cannot_be_told_is_missing(text: str | None) -> None:
    assert day_of(text) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    assert day_of(text) is None or isinstance(day_of(text), dt.date)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "일본 군국주의"), ("utf-8-sig", "日本"), ("utf-16", "일본"), ("cp949", "일본은 군국주의 책동을 걷어치워야 한다"),
        ("euc_jp", "これは日本のニュースです"), ("shift_jis", "これは日本のニュースです"),
    ],
)  # fmt: skip
def test_encodings_of_the_east_are_told_apart(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_bytes_in_no_known_encoding_refuse_the_file_by_name(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(b"title\n\xff\xfe\xfa\x80\x81")
    with pytest.raises(InputError, match=r"bad\.csv: in no encoding"):
        found(file)


def test_rows_that_cannot_be_taken_are_told_and_doubts_too(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(
        "title,date,rung\nA,2011-01-02,leader\n,2011-01-02,\nB,03/04/2011,\nC,2099-01-01,king\n", encoding="utf-8"
    )
    statements, remarks = found(file)
    assert [(each.title, each.date, each.rung) for each in statements] == [
        ("A", dt.date(2011, 1, 2), "leader"), ("B", None, None), ("C", dt.date(2099, 1, 1), None),
    ]  # fmt: skip
    assert [(each.row, each.lost) for each in remarks] == [(2, True), (3, False), (4, False), (4, False)]
    lines = tmp_path / "x.jsonl"
    lines.write_text('{"title": "A"}\nnot json\n[1]\n{"headline": "B", "text": 5}\n', encoding="utf-8")
    statements, remarks = found(lines)
    assert [each.title for each in statements] == ["A", "B"]
    assert [each.row for each in remarks if each.lost] == [2, 3]


HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\x1b[31m"


def test_hostile_markup_is_kept_as_text_and_escaped_wherever_it_is_shown(tmp_path: Path) -> None:
    said = Statement(HOSTILE, HOSTILE, dt.date(2001, 1, 1), address="javascript:alert(3)")
    page = exported([said], Path("o.html"))
    assert isinstance(page, str)
    assert "<script>" not in page and "<img" not in page and "&lt;script&gt;" in page and "href" not in page
    assert "\x1b" not in printable(HOSTILE)
    html = tmp_path / "p.html"
    html.write_text(f"<html><title>T</title><body><p>Words of it{HOSTILE}<p>{'more words ' * 60}<div", encoding="utf-8")
    [statement], _ = found(html)
    assert "alert" not in statement.text and "more words" in statement.text


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("<>/ abcdiv script='\"&;!-\n\0일"), max_size=80))
def test_broken_pages_break_nothing(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("page") / "p.html"
    file.write_text(text, encoding="utf-8")
    statements, remarks = found(file)
    assert len(statements) + sum(each.lost for each in remarks) == 1


def test_a_feed_gives_its_entries(tmp_path: Path) -> None:
    file = tmp_path / "f.xml"
    item = "<item><title>Japan &lt;b&gt;denounced&lt;/b&gt;</title><link>http://www.rodong.rep.kp/en/1</link><description>&lt;p&gt;Text&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description><pubDate>Thu, 12 May 2011 08:00:00 +0900</pubDate><guid>g1</guid></item>"
    file.write_text(f"<rss version='2.0'><channel><title>c</title>{item}</channel></rss>", encoding="utf-8")
    [statement], _ = found(file)
    assert (statement.title, statement.text, statement.date) == ("Japan denounced", "Text", dt.date(2011, 5, 12))
    assert (statement.outlet, statement.rung, statement.audience) == ("rodong", "newspaper", "foreign")


@pytest.mark.slow
def test_a_page_of_fifty_megabytes_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "big.html"
    file.write_text("<html><title>Big</title><body>" + "<div><p>words of it " * 2_600_000, encoding="utf-8")
    assert file.stat().st_size > 50_000_000
    begun = time.perf_counter()
    [statement], _ = found(file)
    assert statement.title == "Big" and "words of it" in statement.text
    assert time.perf_counter() - begun < 120


def test_what_is_exported_can_be_added_again(tmp_path: Path) -> None:
    said = [
        Statement("일본, \"군국\"", "본문\n둘째 줄", dt.date(2001, 1, 2), "rodong", "ko", "home", "newspaper", "Japan", "http://x.kp/1", "id1"),
        Statement("=cmd()", "", None, None, "en", None, None),
    ]  # fmt: skip
    for ending in (".csv", ".json", ".jsonl", ".parquet"):
        file = tmp_path / f"x{ending}"
        data = exported(said, file)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        again, _ = found(file)
        assert [each.hash for each in again] == [each.hash for each in said], ending
        assert again[0] == said[0], ending


def test_who_speaks_is_told_by_title_and_outlet() -> None:
    rodong = outlet_at("http://www.rodong.rep.kp/en/index.php")
    assert rodong is not None and rodong.audience("ko") == "home" and rodong.audience("en") == "foreign"
    assert outlet_at("http://evil.org/rodong.rep.kp") is None and outlet_at("http://[") is None
    assert rung_of("Press Statement of Kim Yo Jong", None) == "leader"
    assert rung_of("Foreign Ministry Spokesman Blasts Japan", None) == "ministry"
    assert rung_of("외무성 대변인 담화", rodong) == "ministry"
    assert rung_of("Rodong Sinmun Denounces Japan", None) == "newspaper"
    assert rung_of("KCNA Commentary on Japan", None) == "commentary"
    assert rung_of("Japan's moves", None) is None and rung_of("Japan's moves", rodong) == "newspaper"
    assert [language_of(text) for text in ("일본 군국", "日本の軍国", "日本军国主义", "Japan", "123")] == [
        "ko",
        "ja",
        "zh",
        "en",
        None,
    ]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(InputError, match="another program"):
        open_archive(other, writing=True)
    text = tmp_path / "text.db"
    text.write_text("hello, this is no database at all, just a longer text" * 40)
    with pytest.raises(InputError, match="no archive"):
        open_archive(text)
    with pytest.raises(InputError, match="there is no archive"):
        open_archive(tmp_path / "none.db")
    later = tmp_path / "later.db"
    filled(later, [Statement("x")])
    with sqlite3.connect(later) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="later version"):
        open_archive(later)


def test_readers_read_while_one_writes_and_a_second_writer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.rhetoric.archive.store.PATIENCE", 0.2)
    file = tmp_path / "a.db"
    filled(file, [Statement("first", date=dt.date(2001, 1, 1))])
    with sqlite3.connect(file, isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with open_archive(file) as reader:
            assert reader.count("first") == 1
        with open_archive(file, writing=True) as second, pytest.raises(SolveError, match="other import"):
            list(second.add([Statement("second")]))
        writer.execute("ROLLBACK")
    with open_archive(file, writing=True) as second:
        assert sum(second.add([Statement("second")]), Added()).added == 1


def test_a_kill_in_mid_import_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    rows = [
        {"title": f"Statement {at}", "text": f"text {at} " * 5, "date": f"2001-01-{at % 28 + 1:02d}"}
        for at in range(6_000)
    ]
    source, file = tmp_path / "s.jsonl", tmp_path / "a.db"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "tocsin", "rhetoric", "add", str(source), "--archive", str(file)]
    chance, before = random.Random(3), 0
    for _ in range(6):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
        time.sleep(chance.uniform(0.6, 2.0))
        running.send_signal(signal.SIGKILL)
        running.wait()
        if file.exists() and file.stat().st_size:
            with sqlite3.connect(file) as connection:
                tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'statements'").fetchone()[
                    0
                ]
                now = connection.execute("SELECT count(*) FROM statements").fetchone()[0] if tables else 0
            assert now >= before  # what was committed stays
            before = now
    subprocess.run(command, check=True, capture_output=True)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with open_archive(file) as archive:
        assert sorted(each.title for each in archive.statements()) == sorted(row["title"] for row in rows)
        assert archive.count("statement") == len(rows)


def test_the_commands_add_search_show_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    table = tmp_path / "s.csv"
    table.write_text("headline,text,date\nJapan denounced,일본의 군국주의,2011-05-12\n", encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["rhetoric", *arguments])
        return done.exit_code, done.output

    assert run("search", "japan")[0] == 2
    code, said = run("add", str(table), str(tmp_path / "none.csv"), "--outlet", "rodong")
    assert code == 0 and "1 added" in said and "none.csv: cannot read" in said
    assert run("add", str(tmp_path / "none.csv"))[0] == 2
    code, said = run("search", "일본")
    assert code == 0 and "Japan denounced" in said and "[일본]" in said
    number = said.split()[0]
    assert "rung: newspaper" in run("show", number)[1]
    assert run("show", "5")[0] == 2
    assert run("search", "tokyo") == (0, "nothing found\n")
    assert run("search", "japan", "--count") == (0, "1\n")
    assert run("export", "-o", str(tmp_path / "o.html"))[0] == 0
    assert run("export", "-o", str(tmp_path / "o.xyz"))[0] == 2


def test_a_snippet_marks_what_was_asked_for() -> None:
    assert snippet("a" * 200 + " Japan " + "b" * 200, "japan").count("[Japan]") == 1
    assert snippet("short", "other") == "short"


@pytest.mark.slow
def test_a_million_statements_are_searched_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    chance = random.Random(1)
    words = [f"w{at}" for at in range(5_000)]
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        made = (
            Statement(
                f"일본 {at} " + " ".join(chance.choices(words, k=6)),
                date=dt.date(1990, 1, 1) + dt.timedelta(days=at % 9_000),
                rung="leader" if at % 7 == 0 else "commentary",
            )
            for at in range(1_000_000)
        )
        assert sum((done.added for done in archive.add(made)), 0) == 1_000_000
        for asked in ("w17", "일본", "일본 w17 w18", "일", '"w17 w18"', "123456"):
            for where in (None, Where(dt.date(2000, 1, 1), dt.date(2000, 12, 31)), Where(rung="leader")):
                begun = time.perf_counter()
                archive.search(asked, where)
                assert time.perf_counter() - begun < 0.1, (asked, where)
