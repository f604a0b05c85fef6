"""What the workbench refuses, remarks on or shows of the program's own texts is in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support import write_case
from tests.workbench.test_actors import new_game
from tests.workbench.test_facts import preview, sent

from tocsin.case.defaults import default_ranges, default_types
from tocsin.data.shipped import shipped_cases
from tocsin.evidence.reference import estimate
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.belief_views import beliefs_view
from tocsin.workbench.screens.event_views import events_view
from tocsin.workbench.screens.fact_views import measures_view
from tocsin.workbench.views import case_view

SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
"""Three words of English prose: names and citations have fewer in small letters."""


@pytest.fixture
def korean(reader: httpx.Client) -> httpx.Client:
    """Return a browser with Korean screens."""
    assert reader.post("/api/language", json={"language": "ko"}).status_code == 200
    return reader


def refusal(answer: httpx.Response, status: int = 422) -> tuple[str, str]:
    assert answer.status_code == status, answer.text
    return answer.json()["message"], answer.json()["remedy"]


def test_a_request_of_a_screen_is_refused_in_the_readers_language(korean: httpx.Client) -> None:
    base = korean.get("/api/case").json()["version"]
    assert refusal(korean.post("/api/undo", json={"base": base})) == ("되돌릴 것이 없다", "먼저 무언가를 고친다")
    taken = korean.post("/api/new", json={"folder": "case", "title": "", "day": ""})
    assert refusal(taken)[1] == "다른 폴더 이름을 고른다."
    prune = korean.post("/api/runs/prune", json={"days": None, "keep": None, "dry": True})
    assert refusal(prune) == ("어느 실행을 지울지 정하지 않았다.", "기간이나 개수, 또는 둘 다 채운다.")


def test_an_article_is_refused_in_the_readers_language(korean: httpx.Client) -> None:
    article = "Порт сегодня занят больше, чем в прошлом году, и это видно по числу судов."
    assert refusal(korean.post("/api/article", json={"text": article}))[0] == "글이 키릴 문자로 쓰여 있다"


def test_a_sentence_that_no_data_set_decides_is_refused_in_the_readers_language(korean: httpx.Client) -> None:
    says = "Poland's defence spending was higher in 2000 than in 2000"
    text, remedy = refusal(korean.post("/api/measured", json={"says": says}, timeout=60))
    assert (text, remedy) == ("문장에 두 해가 나와 있지 않다", '"in 2010 than in 2000"처럼 적는다')


def test_a_text_that_is_too_long_is_refused_in_the_readers_language(korean: httpx.Client) -> None:
    long = korean.post("/api/new", json={"folder": "a" * 256, "title": "", "day": ""})
    assert refusal(long, 400) == ("folder: 255자까지만 쓸 수 있다", "줄인다")


def test_a_browser_that_was_not_let_in_reads_why_in_its_language(korean: httpx.Client) -> None:
    korean.cookies.clear()
    assert korean.get("/api/case").text.startswith("거부됨: 이 브라우저는 아직 들어올 수 없다.")


def test_a_game_is_refused_in_the_readers_language(korean: httpx.Client, case_file: Path) -> None:
    before = case_file.read_bytes()
    text, remedy = refusal(new_game(korean, challenger="Ruritania"))
    assert text == "'Ruritania'은(는) 나라도 아니고 쓸 수 있는 짧은 이름도 아니다"
    assert remedy.startswith("KOR 같은 ISO 코드나 나라의 정식 이름을 적는다. ")
    assert case_file.read_bytes() == before


def test_cells_that_cannot_be_read_are_explained_in_the_readers_language(korean: httpx.Client) -> None:
    head = "key\tvalue\tunit\tsource\tconfidence\n"
    found = preview(
        korean, sent(f"{head}ships\tmany words\tpersons\tauthority\tconfirmed\ncranes\t3\t\tauthority\tsure\n")
    )
    assert {(item["cause"], item["cell"]) for item in found["errors"]} == {
        ("단위에 따르면 숫자여야 하는데 글이 있다", "many words"),
        ("신뢰도 단계가 아니다", "sure"),
    }
    assert not any(SENTENCE.search(item["remedy"]) for item in found["errors"])


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_measures_are_described_in_the_readers_language(language: str) -> None:
    measures = measures_view(Translator(language=language))["measures"]
    assert len(measures) > 20
    texts = [
        text
        for item in measures
        for text in (item["title"], item["states"], *(entry["meaning"] for entry in item["inputs"]))
    ]
    assert [text for text in texts if text.isascii()] == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_the_program_gives_its_reasons_in_the_readers_language(tmp_path: Path, language: str) -> None:
    whole = write_case(tmp_path / "whole") / "case.yaml"
    line = next(line for line in whole.read_text(encoding="utf-8").splitlines() if line.startswith("  toppling:"))
    desk = Desk(write_case(tmp_path / "case", replace={line: ""}) / "case.yaml")
    english = {belief["name"]: belief["why"] for belief in case_view(desk, desk.draft(), language)["case"]["beliefs"]}
    shown = {name: beside["why"] for name, beside in beliefs_view(desk, language)["beliefs"].items()}
    assert english["toppling"].startswith("Between two and seven in ten lost wars")
    assert not shown["toppling"].isascii()
    own = {name for name in shown if shown[name] == english[name]}
    assert own == set(shown) - {"toppling"}  # an author's reason stays as it is


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_reason_of_a_default_is_translated(language: str) -> None:
    reasons = [*(row.why for row in default_ranges()), *(kind.why for kind in default_types().values())]
    translator = Translator(language=language)
    assert [why for why in reasons if translator.plain(message(why)) == why] == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_an_estimate_is_described_in_the_readers_language(language: str) -> None:
    stored = estimate("evidence/conquest/initiator/1823_to_2003")
    said = Translator(language=language).plain(stored.describe())
    assert SENTENCE.search(str(stored.describe()))
    assert SENTENCE.search(said.replace(stored.cite, "")) is None


def test_a_condition_is_named_by_its_actor_and_kind(tmp_path: Path) -> None:
    desk = Desk(write_case(tmp_path / "case") / "case.yaml")
    case = desk.case()
    names: dict[str, Any] = events_view(desk, "en")["names"]
    for key, regime in case.regimes.items():
        assert names[f"regimes.{key}"] == f"{case.actors[regime.actor].name}: {regime.kind}"


def test_claims_and_their_parts_have_the_words_of_the_cases_translations() -> None:
    desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml")
    case = desk.case()
    claims = beliefs_view(desk, "ko")["claims"]
    assert set(claims) == set(case.claims)
    assert not claims["C21"]["says"].isascii()
    assert set(claims["C21"]["parts"]) == set(case.claims["C21"].all_parts)
    assert all(re.fullmatch("“[가-힣 ]+”", words) for words in claims["C21"]["parts"].values())
