"""What a screen writes is what the file says; edits are undone; nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tocsin.case import load
from tocsin.case.rewriting import with_value
from tocsin.reading import read_yaml


def view(reader: httpx.Client) -> dict[str, Any]:
    answer: dict[str, Any] = reader.get("/api/case").json()
    return answer


def put(reader: httpx.Client, loc: list[str | int], value: Any, base: str | None = None) -> Any:
    base = view(reader)["version"] if base is None else base
    return reader.post("/api/edit", json={"base": base, "changes": [{"do": "put", "loc": loc, "value": value}]})


def write(reader: httpx.Client, loc: Sequence[str | int], value: Any) -> None:
    """Write a value as the YAML screen does, which saves what is wrong too."""
    shown = reader.get("/api/text").json()
    text = with_value(shown["text"], "case.yaml", tuple(loc), value)
    assert reader.post("/api/text", json={"base": shown["version"], "text": text}).status_code == 200


def test_an_edit_is_in_the_file_and_loads(reader: httpx.Client, case_file: Path) -> None:
    answer = put(reader, ["title"], "A new title: with a colon")
    assert answer.status_code == 200
    assert load(case_file).title == "A new title: with a colon"
    assert answer.json()["case"]["title"] == "A new title: with a colon"
    assert answer.json()["problems"] == []


def test_a_text_that_breaks_the_case_is_saved_with_its_problems(reader: httpx.Client, case_file: Path) -> None:
    shown = reader.get("/api/text").json()
    text = shown["text"].replace("fact(strike)", "fact(nothing)")
    answer = reader.post("/api/text", json={"base": shown["version"], "text": text}).json()
    assert answer["case"] is None
    assert answer["problems"]
    assert all(problem["line"] and problem["message"] for problem in answer["problems"])
    assert case_file.read_text(encoding="utf-8") == text
    mended = reader.post("/api/undo", json={"base": answer["version"]}).json()
    assert mended["case"] is not None


def test_undo_and_redo_walk_through_every_edit(reader: httpx.Client, case_file: Path) -> None:
    texts = [case_file.read_bytes()]
    for number in range(4):
        put(reader, ["title"], f"Title {number}")
        texts.append(case_file.read_bytes())
    for text in reversed(texts[:-1]):
        reader.post("/api/undo", json={"base": view(reader)["version"]})
        assert case_file.read_bytes() == text
    assert view(reader)["undo"] is False
    refused = reader.post("/api/undo", json={"base": view(reader)["version"]})
    assert refused.status_code == 422
    for text in texts[1:]:
        reader.post("/api/redo", json={"base": view(reader)["version"]})
        assert case_file.read_bytes() == text


def test_a_new_edit_forgets_what_was_undone(reader: httpx.Client) -> None:
    put(reader, ["title"], "One")
    reader.post("/api/undo", json={"base": view(reader)["version"]})
    put(reader, ["title"], "Two")
    assert view(reader)["redo"] is False


def test_two_windows_do_not_overwrite_each_other(reader: httpx.Client, case_file: Path) -> None:
    seen_by_both = view(reader)["version"]
    put(reader, ["title"], "From the first window", seen_by_both)
    answer = put(reader, ["summary"], "From the second window.", seen_by_both)
    assert answer.status_code == 409
    assert "From the first window" in answer.json()["text"]
    assert "second window" not in case_file.read_text(encoding="utf-8")
    again = put(reader, ["summary"], "From the second window.", answer.json()["version"])
    assert again.status_code == 200
    case = load(case_file)
    assert (case.title, case.summary) == ("From the first window", "From the second window.")


def test_a_change_by_another_editor_is_seen_and_can_be_undone(reader: httpx.Client, case_file: Path) -> None:
    before = view(reader)
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text + "# by another editor\n", encoding="utf-8")
    assert put(reader, ["title"], "x", before["version"]).status_code == 409
    now = view(reader)
    assert now["undo"] is True
    reader.post("/api/undo", json={"base": now["version"]})
    assert case_file.read_text(encoding="utf-8") == text


def test_a_whole_text_is_saved_as_it_is(reader: httpx.Client, case_file: Path) -> None:
    text = "format: tocsin/1\n# half a ca"
    answer = reader.post("/api/text", json={"base": view(reader)["version"], "text": text})
    assert answer.status_code == 200
    assert answer.json()["problems"]
    assert case_file.read_text(encoding="utf-8") == text


def test_text_that_is_no_yaml_shows_its_problem_and_refuses_single_edits(reader: httpx.Client) -> None:
    broken = reader.post("/api/text", json={"base": view(reader)["version"], "text": "claims: [\n"}).json()
    assert broken["data"] is None
    assert broken["problems"][0]["line"]
    assert put(reader, ["title"], "x").status_code == 422


def test_taking_a_value_out_leaves_the_rest(reader: httpx.Client, case_file: Path) -> None:
    before = read_yaml(case_file.read_text(encoding="utf-8"), "x").data
    name = next(iter(before["claims"]))
    reader.post(
        "/api/edit",
        json={"base": view(reader)["version"], "changes": [{"do": "take", "loc": ["claims", name, "sentence"]}]},
    )
    after = read_yaml(case_file.read_text(encoding="utf-8"), "x").data
    del before["claims"][name]["sentence"]
    assert after == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"base": "x"},
        {"base": "x", "changes": []},
        {"base": "x", "changes": [{"do": "erase", "loc": ["title"]}]},
        {"base": "x", "changes": [{"do": "put", "loc": [], "value": 1}]},
        {"base": "x", "changes": [{"do": "put", "loc": ["a"] * 13, "value": 1}]},
        {"base": 3, "changes": [{"do": "take", "loc": ["title"]}]},
        {"base": "x", "changes": [{"do": "put", "loc": [1.5], "value": 1}]},
        [],
    ],
)
def test_a_request_of_another_form_is_refused(reader: httpx.Client, case_file: Path, body: Any) -> None:
    before = case_file.read_bytes()
    answer = reader.post("/api/edit", json=body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert case_file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"base": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_refused(reader: httpx.Client, content: bytes) -> None:
    assert reader.post("/api/edit", content=content).status_code == 400


def test_hostile_texts_come_back_as_they_are(reader: httpx.Client, case_file: Path) -> None:
    text = "<script>alert(1)</script> {{ x }} \u202e ${y} ' \" \\ 日本"
    assert put(reader, ["title"], text).json()["case"]["title"] == text
    assert load(case_file).title == text
