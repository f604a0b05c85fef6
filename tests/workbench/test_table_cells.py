"""A cell of a table of the case is changed in its file, checked, undone, and safe under other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import minimal_case
from tests.workbench.test_actors import reading
from tests.workbench.test_editing import put, view

from tocsin.case import load
from tocsin.case.cell_rewriting import with_cell
from tocsin.errors import InputError
from tocsin.reading.strict_csv import read_csv

TABLE = 'key,value,note\r\na,1,"one, two"\r\n\r\n"b",2,"three\r\nfour ""five"""\r\nc,3,\r\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return minimal_case(tmp_path / "case").folder


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    with reading(folder / "case.yaml") as client:
        yield client


def cell(client: httpx.Client, text: str, /, **changed: Any) -> httpx.Response:
    shown = view(client)
    body = {
        "base": shown["version"], "seen": shown["case"]["tables"]["facts.csv"], "file": "facts.csv", "line": 2,
        "key": "personnel.ALF", "column": "value", "text": text,
    }  # fmt: skip
    return client.post("/api/facts/cell", json=body | changed)


@pytest.mark.parametrize(
    ("line", "key", "column", "old", "new", "written"),
    [
        (2, "a", "value", "a,1,", "10", "a,10,"),
        (2, "a", "note", '"one, two"', "", ""),
        (4, "b", "note", '"three\r\nfour ""five"""', 'say "so"', '"say ""so"""'),
        (6, "c", "note", "c,3,", " x", 'c,3," x"'),
        (6, "c", "key", "c,3", "d", "d,3"),
    ],
)
def test_only_the_cell_changes(line: int, key: str, column: str, old: str, new: str, written: str) -> None:
    for mark in ("", "\ufeff"):
        after = with_cell(mark + TABLE, "t.csv", line=line, key=key, column=column, value=new)
        assert after == mark + TABLE.replace(old, written, 1)


@pytest.mark.parametrize(
    ("line", "key", "column"),
    [(1, "key", "value"), (3, "a", "value"), (2, "b", "value"), (2, "a", "unit"), (5, "b", "note"), (99, "a", "value")],
)
def test_a_cell_that_is_not_there_is_refused(line: int, key: str, column: str) -> None:
    with pytest.raises(InputError, match="is not there"):
        with_cell(TABLE, "t.csv", line=line, key=key, column=column, value="1")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30).map(str.strip))
def test_what_is_written_is_read_again(value: str) -> None:
    after = with_cell(TABLE, "t.csv", line=4, key="b", column="note", value=value)
    rows = read_csv(after, "t.csv", ("key", "value", "note"))
    assert [row.cells["note"] for row in rows] == ["one, two", value, ""]


def test_a_cell_is_in_the_file_and_undone_and_made_again(client: httpx.Client, folder: Path) -> None:
    table, case = (folder / "facts.csv").read_bytes(), (folder / "case.yaml").read_bytes()
    put(client, ["title"], "Another")
    answer = cell(client, "301000").json()
    assert answer["problems"] == []
    assert load(folder).facts["personnel.ALF"].value == "301000"
    after = (folder / "facts.csv").read_bytes()
    for path, text in (("undo", table), ("redo", after), ("undo", table)):
        assert client.post(f"/api/{path}", json={"base": view(client)["version"]}).status_code == 200
        assert (folder / "facts.csv").read_bytes() == text
    client.post("/api/undo", json={"base": view(client)["version"]})
    assert (folder / "case.yaml").read_bytes() == case


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("many", {}),
        ("", {}),
        ("nobody", {"column": "source"}),
        ("sure", {"column": "confidence"}),
        ("1", {"line": 3}),
        ("1", {"key": "personnel.BET"}),
        ("1", {"file": "spending.csv"}),
        ("1", {"file": "../facts.csv"}),
        ("1", {"seen": "0" * 64}),
    ],
)
def test_a_wrong_cell_is_refused_and_nothing_is_saved(
    client: httpx.Client, folder: Path, text: str, changed: dict[str, Any]
) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    refused = cell(client, text, **changed)
    assert refused.status_code == 422
    assert refused.json()["message"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert view(client)["undo"] is False


@pytest.mark.parametrize("changed", [{"column": "key"}, {"line": 1}, {"text": "x" * 10_001}, {"more": 1}])
def test_a_request_of_another_form_is_refused(client: httpx.Client, changed: dict[str, Any]) -> None:
    assert cell(client, "1", **changed).status_code == 400


def test_an_edit_on_an_old_case_file_is_refused(client: httpx.Client) -> None:
    old = view(client)["version"]
    put(client, ["title"], "Another")
    assert cell(client, "301000", base=old).status_code == 409


def test_a_table_that_another_program_changed_is_not_undone(client: httpx.Client, folder: Path) -> None:
    cell(client, "301000")
    file = folder / "facts.csv"
    file.write_bytes(file.read_bytes().replace(b"301000", b"302000"))
    refused = client.post("/api/undo", json={"base": view(client)["version"]})
    assert refused.status_code == 422
    assert "facts.csv changed meanwhile" in refused.json()["message"]
    assert b"302000" in file.read_bytes()
    assert view(client)["undo"] is False
