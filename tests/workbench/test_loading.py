"""The case on the desk is loaded once for all requests, and again as soon as one of its files changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import write_facts_only

from tocsin.errors import CaseErrors
from tocsin.workbench.desk import Desk

TABLE = "key,value,unit,date,kind,source,confidence,note\nmore,{value},1,2025-01-01,observed,port,medium,\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "data"))
    return Desk(write_facts_only(tmp_path / "case") / "case.yaml")


def with_table(desk: Desk) -> Path:
    """Give the case a table of facts."""
    source = next(iter(desk.case().sources))
    table = desk.file.parent / "more.csv"
    table.write_text(TABLE.format(value=1).replace("port", source), encoding="utf-8")
    desk.file.write_text(desk.file.read_text(encoding="utf-8") + "\nfact_tables: [more.csv]\n", encoding="utf-8")
    return table


def test_a_case_that_has_not_changed_is_not_loaded_again(desk: Desk) -> None:
    assert desk.case() is desk.case()


def test_an_edit_is_in_the_case_at_once(desk: Desk) -> None:
    before = desk.case()
    desk.edit(desk.draft().version, lambda text: text.replace(before.title, "Another title"))
    assert desk.case().title == "Another title"


def test_a_changed_table_is_in_the_case_at_once(desk: Desk) -> None:
    table = with_table(desk)
    assert desk.case().facts["more"].value == "1"
    table.write_text(table.read_text(encoding="utf-8").replace("more,1,", "more,25,"), encoding="utf-8")
    assert desk.case().facts["more"].value == "25"
    table.unlink()
    with pytest.raises(CaseErrors):
        desk.case()


def test_a_new_data_set_makes_the_case_load_again(desk: Desk, tmp_path: Path) -> None:
    before = desk.case()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "new.parquet").write_bytes(b"1")
    assert desk.case() is not before


def test_errors_are_said_until_they_are_gone(desk: Desk) -> None:
    text = desk.file.read_text(encoding="utf-8")
    desk.file.write_text(text + "\nnonsense: 1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(CaseErrors):
            desk.case()
    desk.file.write_text(text, encoding="utf-8")
    assert desk.case().title
