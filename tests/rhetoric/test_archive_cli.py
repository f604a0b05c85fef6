"""`tocsin rhetoric add | search | show | export`, as a user meets them."""

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
from tests.rhetoric.archived import filled, found, run

from tocsin.errors import InputError
from tocsin.rhetoric.archive import bringing
from tocsin.rhetoric.archive.export import export
from tocsin.rhetoric.archive.reading import Found, Given, read
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.store import open_archive

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
        f"tocsin: {archive}: there is no archive\n  remedy: fill it: `tocsin rhetoric add FILES`\n",
    )
    code, said = run("add", table, "--outlet", "Rodong Sinmun")
    assert code == 0 and "1 added" in said
    assert "0 added, 1 known before" in run("add", table, "--outlet", "rodong")[1]
    code, said = run("search", "일본")
    assert code == 0 and "Japan denounced" in said and "[일본]의" in said
    number = said.split()[0]
    code, said = run("show", number)
    assert "rung: newspaper" in said and "audience: foreign" in said and "일본의 군국주의" in said
    assert run("show", "5")[0] == 2 and run("show", str(10**30))[0] == 2
    assert run("search", "tokyo") == (0, "nothing found\n")
    assert run("search", "japan", "--count") == (0, "1\n")
    assert run("search", "japan", "--json", tmp_path / "o.json")[0] == 0
    [row] = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert row["outlet"] == "rodong" and row["snippet"] == "일본의 군국주의"
    assert run("export", "-o", tmp_path / "o.html")[0] == 0
    assert run("export", "tokyo", "-o", tmp_path / "o.csv") == (0, f"{tmp_path / 'o.csv'}: 0 statements\n")
    code, said = run("export", "-o", tmp_path / "o.xyz")
    assert code == 2 and ".parquet" in said


def test_what_is_asked_wrongly_is_told(archive: Path) -> None:
    filled(archive, [Statement("Japan", date=dt.date(2011, 1, 1), outlet="kcna")])
    assert "did you mean `kcna`" in run("search", "japan", "--outlet", "kcn")[1]
    assert run("search", "japan", "--outlet", "KCNA", "--count") == (0, "1\n")
    assert run("search", "japan", "--language", "klingon")[0] == 2
    assert "is after" in run("search", "japan", "--from", "2012-01-01", "--to", "2011-01-01")[1]
    assert run("search", "!!!")[0] == 2 and run("search", '"japan')[0] == 2
    assert run("search", "japan", "--from", "12 May")[0] == 2
    assert run("add", "x.csv", "--language", "klingon")[0] == 2


def test_the_exit_status_and_the_summary_tell_what_was_not_taken(archive: Path, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", "title,date\nA,2011-01-02\nB,2999-01-02\n")
    bad = write(tmp_path / "bad.csv", "title,date\n" + ",x\n" * 12 + "C,2011-01-02\n")
    assert run("add", good)[0] == 0
    code, said = run("add", good, bad, tmp_path / "none.csv", "--json", tmp_path / "o.json")
    assert code == 1 and "1 added, 2 known before" in said and "13 not taken" in said
    assert all(f"bad.csv:{line}: neither title nor text" in said for line in range(2, 14))
    assert "none.csv: cannot read: No such file or directory; see that it is there" in said
    data = json.loads((tmp_path / "o.json").read_text())
    assert len(data["lost"]) == 13 and data["counts"]["its day lies in the future; kept as it stands"] == 1
    assert run("add", tmp_path / "none.csv")[0] == 2
    assert run("add", write(tmp_path / "empty.csv", "title\n"))[0] == 2


def test_the_same_name_with_another_text_and_other_details_are_told_with_their_row(
    archive: Path, tmp_path: Path
) -> None:
    table = write(tmp_path / "s.csv", "id,title,text,url\n1,A,one,\n1,A,two,\n2,A,one,http://x.org/\n")
    code, said = run("add", table)
    assert code == 0 and "2 added, 1 known before" in said
    assert f"1 under a source's name that has another text too; both are kept: {table}:3" in said
    assert f"1 known before, with other details, which are kept: {table}:4" in said


def test_a_folder_is_read_in_order_and_what_is_left_aside_is_told(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    write(folder / "b.csv", "title\nB\n")
    write(folder / "sub" / "c.html", "<title>C</title><p>words of the page")
    write(folder / ".hidden" / "d.csv", "title\nD\n")
    write(folder / "notes.doc", "x")
    write(folder / "bad.json", "{")
    code, said = run("add", folder)
    assert code == 1 and "2 added" in said and "notes.doc" in said and "bad.json" in said and ".hidden" not in said
    (tmp_path / "bare").mkdir()
    assert run("add", tmp_path / "bare")[0] == 2


def test_a_live_feed_is_fetched_only_when_asked_for(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = "<item><title>Japan denounced</title><pubDate>Thu, 12 May 2011 08:00:00 +0900</pubDate></item>"
    feed = f"<rss version='2.0'><channel><title>c</title>{item}</channel></rss>".encode()
    with serving(Site(feed)) as site:
        code, said = run("add", site.address, "--outlet", "kcna")
        assert code == 0 and "1 added" in said
        monkeypatch.setenv("TOCSIN_OFFLINE", "1")
        code, said = run("add", site.address)
        assert code == 2 and "offline" in said and len(site.requests) == 1
    monkeypatch.delenv("TOCSIN_OFFLINE")
    for plan, why in (("missing", "404"), ("plain_http", "not https")):
        with serving(Site(feed, plan=[plan])) as site:
            code, said = run("add", site.address)
            assert code == 2 and why in said
    with serving(Site(b"<html>no feed</html>")) as site:
        assert "no RSS or Atom feed" in run("add", site.address)[1]


def test_what_is_stopped_is_kept_and_said(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(file: Path, given: Given) -> Iterator[Found]:
        if file.name == "b.csv":
            raise KeyboardInterrupt
        yield from read(file, given)

    monkeypatch.setattr(bringing, "read", stopped)
    first, second = write(tmp_path / "a.csv", "title\nA\n"), write(tmp_path / "b.csv", "title\nB\n")
    code, said = run("add", first, second)
    assert code == 130 and "1 added" in said and "what was added is kept" in said and "nothing was written" not in said
    assert run("search", "a", "--count") == (0, "1\n")


def test_hostile_markup_is_kept_and_harmless_wherever_it_is_shown(archive: Path, tmp_path: Path) -> None:
    said = Statement(
        HOSTILE,
        HOSTILE,
        dt.date(2001, 1, 1),
        f"x{HOSTILE}",
        '"><script>',
        address="javascript:alert(3)",
        translation=HOSTILE,
    )
    with filled(archive, [said, replace(said, title="link", address='http://x.org/"onclick=alert(1)')]) as opened:
        numbers = [each.id for each in opened.statements()]
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
    unique_by=lambda each: each.hash,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATEMENTS)
def test_what_is_exported_and_added_again_gives_the_same_statements(
    tmp_path_factory: pytest.TempPathFactory, said: list[Statement]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    with filled(folder / "a.db", said) as archive:
        before = list(archive.statements())
        for ending in ENDINGS:
            file = folder / f"x{ending}"
            assert export(archive.statements(), file) == len(said)
            if said:
                with filled(folder / f"{ending}.db", found(file)[0]) as again:
                    assert list(again.statements()) == before, ending


def test_a_formula_is_made_safe_in_csv_and_a_strangers_apostrophe_is_left(tmp_path: Path) -> None:
    said = Statement("=cmd|' /C calc'!A0", "+1", translation="@x")
    export([said], tmp_path / "x.csv")
    cells = pl.read_csv(tmp_path / "x.csv", infer_schema=False).row(0, named=True)
    assert cells["title"].startswith("'=") and cells["text"] == "'+1" and cells["translation"] == "'@x"
    [again], _ = found(tmp_path / "x.csv")
    assert (again.title, again.text, again.translation) == (said.title, said.text, said.translation)
    [strange], _ = found(write(tmp_path / "y.csv", "title,hash\n'=x,abc\n"))
    assert strange.title == "'=x"


def test_an_export_is_whole_or_not_there(tmp_path: Path) -> None:
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


def test_a_python_user_adds_and_finds(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        done: list[int] = []
        archive.add((Statement(f"A {at}") for at in range(3)), done.append)
        assert done == [3] and archive.count("a") == 3
        with pytest.raises(AttributeError):
            archive.search("a")[0].title = "x"  # type: ignore[misc]


def test_the_archive_of_real_headlines_is_the_one_that_was_given(archive: Path, tmp_path: Path, shared: Path) -> None:
    for name, outlet in (("kcna_kp_2024", "kcna"), ("rodong_en_frontpage_2021_2022", "rodong")):
        file = shared / "data" / f"{name}.parquet"
        table = pl.read_parquet(file)
        code, said = run("add", file)
        rows = set(table.select(pl.col("date").cast(pl.String).str.slice(0, 10), "headline", "text").rows())
        assert code == 0 and f"{len(rows):,} added" in said
        with open_archive(archive) as opened:
            kept = {(str(each.date), each.title, each.text) for each in opened.statements() if each.outlet == outlet}
        assert {(day, title.strip(), text.strip()) for day, title, text in rows} == kept
