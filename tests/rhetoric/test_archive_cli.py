"""The commands `tocsin rhetoric add | search | show | export`, and the same from Python."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.data.server import Site, serving
from tests.rhetoric.archived import make_archive, read_all, run

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Defaults, Remark, Statement, importing, open_archive
from tocsin.rhetoric.archive.export import export
from tocsin.rhetoric.archive.reading import Parsed, read_file

ENDINGS = (".csv", ".json", ".jsonl", ".parquet")
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\x1b[31m\u202e [bold]x[/bold]"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "archive" / "a.db"
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(file))
    return file


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_commands_add_search_show_and_export(archive: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "s.csv", "headline,text,date\nJapan denounced,일본의 군국주의,2011-05-12\n")
    assert run("search", "japan") == (
        2,
        f"tocsin: {archive}: no such archive\n  remedy: create it: `tocsin rhetoric add FILES`\n",
    )
    code, output = run("add", table, "--outlet", "Rodong Sinmun")
    assert code == 0 and "1 added" in output
    assert "0 added, 1 already stored" in run("add", table, "--outlet", "rodong")[1]
    code, output = run("search", "일본")
    assert code == 0 and "Japan denounced" in output and "[일본]의" in output
    number = output.split()[0]
    code, output = run("show", number)
    assert "rung: newspaper" in output and "audience: foreign" in output and "일본의 군국주의" in output
    assert run("show", "5")[0] == 2 and run("show", str(10**30))[0] == 2
    assert run("search", "tokyo") == (0, "no match\n")
    assert run("search", "japan", "--count") == (0, "1\n")
    assert run("search", "japan", "--json", tmp_path / "o.json")[0] == 0
    [row] = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert row["outlet"] == "rodong" and row["snippet"] == "일본의 군국주의"
    assert run("export", "-o", tmp_path / "o.html")[0] == 0
    assert run("export", "tokyo", "-o", tmp_path / "o.csv") == (0, f"{tmp_path / 'o.csv'}: 0 statements\n")
    code, output = run("export", "-o", tmp_path / "o.xyz")
    assert code == 2 and ".parquet" in output


def test_wrong_queries_and_filters_are_refused_with_a_remedy(archive: Path) -> None:
    make_archive(archive, [Statement("Japan", date=dt.date(2011, 1, 1), outlet="kcna")]).close()
    assert "did you mean `kcna`" in run("search", "japan", "--outlet", "kcn")[1]
    assert run("search", "japan", "--outlet", "KCNA", "--count") == (0, "1\n")
    assert run("search", "japan", "--language", "klingon")[0] == 2
    assert "is after" in run("search", "japan", "--from", "2012-01-01", "--to", "2011-01-01")[1]
    assert run("search", "!!!")[0] == 2 and run("search", '"japan')[0] == 2
    code, output = run("search", "japan", "--from", "12 May")
    assert code == 2
    assert "'12 May' is not a day: write YYYY-MM-DD" in output
    assert "%" not in output
    assert run("add", "x.csv", "--language", "klingon")[0] == 2


def test_exit_status_and_summary_report_what_was_not_added(archive: Path, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", "title,date\nA,2011-01-02\nB,2999-01-02\n")
    bad = write(tmp_path / "bad.csv", "title,date\n" + ",x\n" * 12 + "C,2011-01-02\n")
    assert run("add", good)[0] == 0
    code, output = run("add", good, bad, tmp_path / "none.csv", "--json", tmp_path / "o.json")
    assert code == 1 and "1 added, 2 already stored" in output and "13 not added" in output
    assert all(f"bad.csv:{line}: neither title nor text" in output for line in range(2, 14))
    assert "none.csv: cannot read: no such file or folder; check the path" in output
    data = json.loads((tmp_path / "o.json").read_text())
    assert len(data["lost"]) == 13 and data["counts"]["date in the future"] == 1
    assert run("add", tmp_path / "none.csv")[0] == 2
    assert run("add", write(tmp_path / "empty.csv", "title\n"))[0] == 2


def test_reused_source_ids_and_other_details_are_reported_with_their_row(archive: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "s.csv", "id,title,text,url\n1,A,one,\n1,A,two,\n2,A,one,http://x.org/\n")
    code, output = run("add", table)
    assert code == 0 and "2 added, 1 already stored" in output
    assert f"1 source id already used for another text; both are stored: {table}:3" in output
    assert f"1 already stored with other details, which stay: {table}:4" in output


def test_a_folder_is_read_and_skipped_files_are_reported(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    write(folder / "b.csv", "title\nB\n")
    write(folder / "sub" / "c.html", "<title>C</title><p>words of the page")
    write(folder / ".hidden" / "d.csv", "title\nD\n")
    write(folder / "notes.doc", "x")
    write(folder / "bad.json", "{")
    code, output = run("add", folder)
    assert (
        code == 1 and "2 added" in output and "notes.doc" in output and "bad.json" in output and ".hidden" not in output
    )
    (tmp_path / "bare").mkdir()
    assert run("add", tmp_path / "bare")[0] == 2


def test_only_an_address_uses_the_network(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = "<item><title>Japan denounced</title><pubDate>Thu, 12 May 2011 08:00:00 +0900</pubDate></item>"
    feed = f"<rss version='2.0'><channel><title>c</title>{item}</channel></rss>".encode()
    with serving(Site(feed)) as site:
        code, output = run("add", site.address, "--outlet", "kcna")
        assert code == 0 and "1 added" in output
        monkeypatch.setenv("TOCSIN_OFFLINE", "1")
        code, output = run("add", site.address)
        assert code == 2 and "offline" in output and len(site.requests) == 1
    monkeypatch.delenv("TOCSIN_OFFLINE")
    for plan, why in (("missing", "404"), ("plain_http", "not https")):
        with serving(Site(feed, plan=[plan])) as site:
            code, output = run("add", site.address)
            assert code == 2 and why in output
    with serving(Site(b"<html>no feed</html>")) as site:
        assert "not an RSS or Atom feed" in run("add", site.address)[1]


def test_an_interrupted_import_is_stored_and_reported(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(file: Path, defaults: Defaults) -> Iterator[Parsed | Remark]:
        if file.name == "b.csv":
            raise KeyboardInterrupt
        yield from read_file(file, defaults)

    monkeypatch.setattr(importing, "read_file", interrupted)
    first, second = write(tmp_path / "a.csv", "title\nA\n"), write(tmp_path / "b.csv", "title\nB\n")
    code, output = run("add", first, second)
    assert (
        code == 130
        and "1 added" in output
        and "the statements added so far are stored" in output
        and "half-written" not in output
    )
    assert run("search", "a", "--count") == (0, "1\n")


def test_hostile_markup_is_stored_and_shown_harmlessly(archive: Path, tmp_path: Path) -> None:
    statement = Statement(
        HOSTILE,
        HOSTILE,
        dt.date(2001, 1, 1),
        f"x{HOSTILE}",
        '"><script>',
        address="javascript:alert(3)",
        translation=HOSTILE,
    )
    with make_archive(
        archive, [statement, replace(statement, title="link", address='http://x.org/"onclick=alert(1)')]
    ) as opened:
        numbers = [statement.id for statement in opened.statements()]
        assert next(opened.statements()).text == HOSTILE
    shown = run("search", "alert")[1] + "".join(run("show", str(number))[1] for number in numbers)
    assert "\x1b" not in shown and "\u202e" not in shown and "<script>" in shown and "[bold]" in shown
    assert run("export", "-o", tmp_path / "o.html")[0] == 0
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page
    assert 'href="javascript' not in page and '"onclick' not in page and "default-src 'none'" in page


def _texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
        ["=cmd()", "'=x", "''+1", "@a", "-1", "\t=", " padded ", "a\r\nb", "일본", "1,2", '"q"', "null", "2011-01-01"]
    )


_maybe = _texts().filter(bool) | st.none()
STATEMENTS = st.lists(
    st.builds(
        Statement,
        title=_texts().filter(str.strip),
        text=_texts(),
        date=st.dates(dt.date(1000, 1, 1)) | st.none(),
        outlet=_maybe,
        language=st.sampled_from(["en", "ko", None]),
        audience=st.sampled_from(["home", "foreign", None]),
        rung=st.sampled_from(["leader", None]),
        translation=_maybe,
        address=_maybe,
        source_id=_maybe,
    ),
    max_size=6,
    unique_by=lambda statement: statement.hash,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATEMENTS)
def test_an_export_that_is_added_again_gives_the_same_statements(
    tmp_path_factory: pytest.TempPathFactory, statements: list[Statement]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    with make_archive(folder / "a.db", statements) as archive:
        before = list(archive.statements())
        for ending in ENDINGS:
            file = folder / f"x{ending}"
            assert export(archive.statements(), file) == len(statements)
            if statements:
                with make_archive(folder / f"{ending}.db", read_all(file)[0]) as again:
                    assert list(again.statements()) == before, ending


def test_csv_formulas_are_escaped_and_other_apostrophes_are_kept(tmp_path: Path) -> None:
    statement = Statement("=cmd|' /C calc'!A0", "+1", translation="@x")
    export([statement], tmp_path / "x.csv")
    cells = pl.read_csv(tmp_path / "x.csv", infer_schema=False).row(0, named=True)
    assert cells["title"].startswith("'=") and cells["text"] == "'+1" and cells["translation"] == "'@x"
    [again], _ = read_all(tmp_path / "x.csv")
    assert (again.title, again.text, again.translation) == (statement.title, statement.text, statement.translation)
    [strange], _ = read_all(write(tmp_path / "y.csv", "title,hash\n'=x,abc\n"))
    assert strange.title == "'=x"


def test_a_failed_export_leaves_the_file_unchanged(tmp_path: Path) -> None:
    def broken() -> Iterator[Statement]:
        yield Statement("A")
        raise InputError("stopped")

    for ending in (*ENDINGS, ".html"):
        write(tmp_path / f"x{ending}", "before")
        with pytest.raises(InputError, match="stopped"):
            export(broken(), tmp_path / f"x{ending}")
        assert (tmp_path / f"x{ending}").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 5
    with pytest.raises(InputError, match="cannot write"):
        export([], write(tmp_path / "file", "") / "x.csv")


def test_progress_is_reported_and_statements_are_immutable(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        stored: list[int] = []
        archive.add((Statement(f"A {number}") for number in range(3)), stored.append)
        assert stored == [3] and archive.count("a") == 3
        with pytest.raises(AttributeError):
            archive.search("a")[0].title = "x"  # type: ignore[misc]


def test_an_archive_of_real_headlines_has_all_of_them(archive: Path, tmp_path: Path, shared: Path) -> None:
    for name, outlet in (("kcna_kp_2024", "kcna"), ("rodong_en_frontpage_2021_2022", "rodong")):
        file = shared / "data" / f"{name}.parquet"
        table = pl.read_parquet(file)
        code, output = run("add", file)
        rows = set(table.select(pl.col("date").cast(pl.String).str.slice(0, 10), "headline", "text").rows())
        assert code == 0 and f"{len(rows):,} added" in output
        with open_archive(archive) as opened:
            stored = {(str(row.date), row.title, row.text) for row in opened.statements() if row.outlet == outlet}
        assert {(day, title.strip(), text.strip()) for day, title, text in rows} == stored


def test_a_remark_about_a_whole_file_counts_files(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.csv").write_bytes(b"title\nJapan\n" + b"a\xed\xa0\x80b\n")
    code, output = run("add", tmp_path / "in" / "x.csv")
    assert code == 0 and "1 file: bytes that are not UTF-8 replaced by \ufffd in 3 places, first in line 3" in output
    for name in ("y.csv", "z.csv"):
        (tmp_path / "in" / name).write_bytes(b"title\nJapan " + name.encode() + b"\xff\n")
    assert (
        "2 files: bytes that are not UTF-8 replaced by \ufffd in 1 place, in line 2" in run("add", tmp_path / "in")[1]
    )
