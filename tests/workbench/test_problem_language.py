"""Errors, notices and refusals stand on the screens in the reader's language."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.workbench.test_editing import put

from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.link import Link, Requests
from tocsin.workbench.screens.argument_views import argument_view
from tocsin.workbench.views import case_view
from tocsin.workbench.worker import parsed

MISSPELT = {"rivals: [R1]": "rivals: [R2]"}
IDLE = {"against: [C1], ": "", "rivals: [R1],\n": "\n"}
KOREAN = ("알 수 없는 논거: `R2`", "다음 가운데 하나를 쓴다: R1")
JAPANESE = ("未知の論拠：`R2`", "次のいずれかを使う：R1")


def view(folder: Path, language: str, replace: dict[str, str]) -> dict[str, Any]:
    desk = Desk(write_facts_only(folder / "case", replace=replace) / "case.yaml")
    return case_view(desk, desk.draft(), language)


def said(item: dict[str, Any]) -> tuple[str, str]:
    return item["message"], item["remedy"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("unknown argument `R2`", "use one of R1")),
        ("ko", KOREAN),
        ("ja", JAPANESE),
    ],
)
def test_an_error_and_its_remedy_are_in_the_readers_language(
    tmp_path: Path, language: str, expected: tuple[str, str]
) -> None:
    (problem,) = view(tmp_path, language, MISSPELT)["problems"]
    assert said(problem) == expected
    assert problem["line"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("argument `R1` bears on no claim", "name it among a claim's rivals")),
        ("ko", ("`R1` 논거와 관련된 주장이 없다", "주장의 `rivals`에 적는다")),
        ("ja", ("論拠`R1`が関わる主張がない", "主張の`rivals`に書く")),
    ],
)
def test_a_notice_is_in_the_readers_language(tmp_path: Path, language: str, expected: tuple[str, str]) -> None:
    assert expected in map(said, view(tmp_path, language, IDLE)["notices"])


def test_a_refused_edit_says_why_in_the_readers_language(reader: httpx.Client) -> None:
    assert reader.post("/api/language", json={"language": "ko"}).status_code == 200
    answer = put(reader, ["claims", "C1", "rivals"], ["R2"])
    assert answer.status_code == 422
    assert said(answer.json()) == KOREAN
    assert [said(problem) for problem in answer.json()["problems"]] == [said(answer.json())]


def test_what_a_claim_needs_names_its_errors_in_the_readers_language(tmp_path: Path) -> None:
    desk = Desk(write_facts_only(tmp_path / "case", replace=MISSPELT) / "case.yaml")
    (need,) = argument_view(desk, "ja")["needs"]["C1"]
    assert (need["text"], need["remedy"]) == JAPANESE


def test_a_text_crosses_from_a_worker_to_the_server_with_its_template() -> None:
    out = io.BytesIO()
    Link(Requests([]), out).say(message=message("argument `{name}` bears on no claim", name="R1"), remedy=None)
    line = parsed(out.getvalue())
    assert line == {"message": "argument `R1` bears on no claim", "remedy": None}
    assert Translator(language="ja").plain(line["message"]) == "論拠`R1`が関わる主張がない"
