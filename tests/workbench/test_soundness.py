"""An edit that must be sound is refused with its new errors alone, and a broken case can be mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.workbench.test_editing import write

from tocsin.case import load

DATE = ["facts", "boxes.2023", "date"]
HOLDS = ["claims", "C1", "holds"]


def edit(reader: httpx.Client, *puts: tuple[list[str], Any]) -> httpx.Response:
    base = reader.get("/api/case").json()["version"]
    changes = [{"do": "put", "loc": loc, "value": value} for loc, value in puts]
    return reader.post("/api/edit", json={"base": base, "changes": changes})


@pytest.mark.parametrize(
    ("loc", "value"),
    [
        (DATE, "28 November 2025"),
        (["facts", "boxes.2023", "value"], "forty"),
        (["claims", "C1", "says"], ""),
        (["claims", "C1", "kind"], {"a": 1}),
        (HOLDS, "fact(boxes.2024) > 1"),
    ],
)
def test_a_new_error_is_named_and_nothing_is_saved(
    reader: httpx.Client, case_file: Path, loc: list[str], value: Any
) -> None:
    before = case_file.read_bytes()
    answer = edit(reader, (loc, value))
    assert answer.status_code == 422
    assert all(problem["message"] for problem in answer.json()["problems"])
    assert case_file.read_bytes() == before
    assert reader.get("/api/case").json()["undo"] is False


def test_an_empty_text_is_called_empty(reader: httpx.Client) -> None:
    (problem,) = edit(reader, (["claims", "C1", "says"], "")).json()["problems"]
    assert problem == {"message": "`claims.C1.says`: the text is empty", "remedy": "write a text"}


def test_a_sound_edit_is_saved(reader: httpx.Client, case_file: Path) -> None:
    assert edit(reader, (DATE, "2024-01")).json()["problems"] == []
    assert load(case_file).facts["boxes.2023"].date == "2024-01"


def test_an_edit_is_not_blamed_for_old_errors(reader: httpx.Client, case_file: Path) -> None:
    write(reader, HOLDS, "fact(boxes.2024) > 1")
    assert edit(reader, (["claims", "C3", "says"], "Another")).status_code == 200
    assert "Another" in case_file.read_text(encoding="utf-8")


def test_a_mended_error_may_uncover_another(reader: httpx.Client, case_file: Path) -> None:
    write(reader, HOLDS, "fact(boxes.2024) > 1")
    write(reader, DATE, "28 November 2025")
    assert "boxes.2024" not in str(reader.get("/api/case").json()["problems"])  # a later stage
    answer = edit(reader, (DATE, "2024-02-01"))
    assert "boxes.2024" in str(answer.json()["problems"])
    assert edit(reader, (HOLDS, "fact(boxes.2023) > 1")).json()["problems"] == []
    load(case_file)


def test_a_wrong_value_in_place_of_another_is_refused(reader: httpx.Client, case_file: Path) -> None:
    write(reader, DATE, "28 November 2025")
    before = case_file.read_bytes()
    assert edit(reader, (DATE, "29 November 2025")).status_code == 422
    assert case_file.read_bytes() == before


def test_an_edit_of_a_place_that_is_not_there_is_refused(reader: httpx.Client) -> None:
    assert "there is no" in edit(reader, (["claims", "C9", "says"], "Another")).json()["message"]


def test_two_changes_that_are_sound_together_are_saved_in_one_edit(reader: httpx.Client, case_file: Path) -> None:
    renamed = (
        ["facts", "boxes.2024"],
        {"value": 1, "unit": "1", "date": "2024", "source": "authority", "confidence": "confirmed"},
    )
    reads = (HOLDS, "fact(boxes.2024) >= 1")
    assert edit(reader, reads).status_code == 422
    assert edit(reader, reads, renamed).json()["problems"] == []
    assert load(case_file).claims["C1"].holds == reads[1]
    version = reader.get("/api/case").json()["version"]
    reader.post("/api/undo", json={"base": version})
    assert "boxes.2024" not in case_file.read_text(encoding="utf-8")
