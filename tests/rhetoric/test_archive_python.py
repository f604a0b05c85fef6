"""The archive from Python: the powers of the command line, with typed results."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from tests.rhetoric.archived import make_archive

from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive import Defaults, Filter, ImportSummary, Statement, open_archive

DAY = dt.date(2011, 5, 12)
HOSTILE = "<script>alert(1)</script>"


def test_files_are_added_searched_and_exported(tmp_path: Path) -> None:
    table = tmp_path / "statements.csv"
    table.write_text("title,text,date\nJapan denounced,일본의 군국주의,2011-05-12\n,,\n", encoding="utf-8")
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        summary = archive.add_files([table], Defaults(outlet="Rodong Sinmun", language="English"))
        assert (summary.added, summary.known, summary.files, summary.exit_code) == (1, 0, 1, 1)
        assert summary.frame().rows() == [(str(table), 3, "neither title nor text", True)]
        assert "1 added, 0 already stored, 1 lost" in summary._repr_html_()
    with open_archive(tmp_path / "a.db") as archive:
        [statement] = archive.search("일본")
        assert (statement.outlet, statement.language, statement.rung) == ("rodong", "en", "newspaper")
        assert archive.get(statement.id) == statement and archive.near_duplicates(statement) == []
        assert statement.frame().row(0, named=True)["date"] == DAY and "Japan" in statement._repr_html_()
        assert archive.export(tmp_path / "x.parquet", Filter(first=DAY), words="일본") == 1
        assert pl.read_parquet(tmp_path / "x.parquet")["number"].to_list() == [statement.id]


def test_a_search_result_is_a_table_of_statements_and_excerpts(tmp_path: Path) -> None:
    statements = [Statement("Japan denounced", f"Japan {HOSTILE}", DAY, "kcna"), Statement("Japan again")]
    with make_archive(tmp_path / "a.db", statements) as archive:
        result = archive.search("japan")
        nothing = archive.search("tokyo")
    frame = result.frame()
    assert frame["title"].to_list() == ["Japan denounced", "Japan again"]
    assert frame["date"].to_list() == [DAY, None]
    assert frame["snippet"].to_list() == [f"[Japan] {HOSTILE}", None]
    assert "2 statements: japan" in result._repr_html_() and HOSTILE not in result._repr_html_()
    assert len(nothing) == 0 and nothing.frame().columns == frame.columns


def test_an_interrupted_import_leaves_its_counts_in_the_summary(tmp_path: Path) -> None:
    first, summary = tmp_path / "a.csv", ImportSummary()
    first.write_text("title\nA\n", encoding="utf-8")

    def interrupt(name: str, more: int) -> None:
        raise KeyboardInterrupt

    with open_archive(tmp_path / "a.db", writing=True) as archive:
        archive.add_files([first], summary=summary)
        with pytest.raises(KeyboardInterrupt):
            archive.add_files([first], summary=summary, progress=interrupt)
    assert summary.added == 1


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (Filter(outlet="kcn"), "no statement of outlet `kcn`"),
        (Filter(language="klingon"), "unknown language `klingon`"),
        (Filter(first=DAY, last=dt.date(2011, 5, 11)), "is after the last date"),
    ],
)
def test_wrong_filters_are_refused_by_every_query(tmp_path: Path, filter: Filter, message: str) -> None:
    with make_archive(tmp_path / "a.db", [Statement("Japan", outlet="kcna")]) as archive:
        for query in (
            lambda: archive.search("japan", filter),
            lambda: archive.count("japan", filter),
            lambda: archive.statements(filter),
            lambda: archive.export(tmp_path / "x.csv", filter),
        ):
            with pytest.raises(InputError, match=message):
                query()
    assert not (tmp_path / "x.csv").exists()


def test_an_archive_opened_to_read_refuses_statements(tmp_path: Path) -> None:
    with make_archive(tmp_path / "a.db", []) as archive, pytest.raises(SolveError, match="writing=True"):
        archive.add([Statement("Japan")])


def test_a_closed_archive_says_so(tmp_path: Path) -> None:
    with make_archive(tmp_path / "a.db", [Statement("Japan")]) as archive:
        statements = archive.statements()
    with pytest.raises(SolveError, match="while it is open"):
        next(statements)


def test_the_default_file_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "named.db"))
    with open_archive(writing=True) as archive:
        assert archive.file == tmp_path / "named.db"
