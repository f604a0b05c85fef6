"""The argument screen's requests: an article read, what claims need, tests tried before they are saved, tests from data."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.checking.small import small_tables
from tests.support import minimal_case
from tests.workbench.test_editing import write

from tocsin.case import load
from tocsin.case.reasons import TEMPLATE
from tocsin.checking.data_sets import Library
from tocsin.data.shipped import shipped_cases
from tocsin.draft.sentences import MAX_QUOTE
from tocsin.workbench.access import MAX_BODY
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.argument_views import argument_view

SAYS = "Chile had at least 2.6 times as many soldiers as Peru in 2003"
TEXT = """\
Who pays for the port

3 March 2024

The port handled 1.2 million boxes in 2023, and its trade has doubled since 2013. The mayor wants it so. Trade will fall by 2026. Is it so?
"""


def edit(reader: httpx.Client, *changes: dict[str, Any]) -> httpx.Response:
    version = reader.get("/api/case").json()["version"]
    return reader.post("/api/edit", json={"base": version, "changes": list(changes)})


def read(reader: httpx.Client, **body: str) -> httpx.Response:
    return reader.post("/api/article", json=body, timeout=60)


def needs(reader: httpx.Client, claim: str) -> list[str]:
    return [need["text"] for need in reader.get("/api/argument", timeout=60).json()["needs"][claim]]


@pytest.fixture
def article(reader: httpx.Client) -> Any:
    answer = read(reader, text=TEXT)
    assert answer.status_code == 200
    return answer.json()


def test_an_article_is_read_whole_and_nothing_is_stored(article: Any, case_file: Path, reader: httpx.Client) -> None:
    before = case_file.read_bytes()
    read(reader, text=TEXT)
    assert case_file.read_bytes() == before
    assert (article["title"], article["day"]) == ("Who pays for the port", "2024-03-03")
    assert [sentence["text"] for sentence in article["sentences"]][1:3] == [
        "The mayor wants it so.",
        "Trade will fall by 2026.",
    ]
    assert [sentence["proposed"] for sentence in article["sentences"]] == [True, True, True, False]
    assert {flag["kind"] for flag in article["sentences"][0]["block"]["flags"]} >= {"two_claims"}


def test_a_file_gives_the_same_sentences_as_its_text(article: Any, reader: httpx.Client) -> None:
    answer = read(reader, name="a.txt", file=base64.b64encode(TEXT.encode()).decode()).json()
    assert answer["sentences"] == article["sentences"]


def test_the_sentences_and_their_claims_make_a_case_that_loads(
    article: Any, reader: httpx.Client, case_file: Path
) -> None:
    blocks = {str(sentence["number"]): sentence["block"] for sentence in article["sentences"]}
    claims = [claim for sentence in article["sentences"] for claim in sentence["claims"]]
    changes = [{"do": "put", "loc": ["claims", f"N{at}"], "value": claim} for at, claim in enumerate(claims)]
    put = {"do": "put", "loc": ["sentences"], "value": blocks}
    source = {"do": "put", "loc": ["sources", "article"], "value": article["source"]}
    block = {"do": "put", "loc": ["article"], "value": article["article"]}
    assert edit(reader, put, source, block, *changes).json()["problems"] == []
    case = load(case_file)
    assert [sentence.hash for sentence in case.sentences.values()] == [block["hash"] for block in blocks.values()]
    assert all(len(sentence.quote.removesuffix(" ...").split()) <= MAX_QUOTE for sentence in case.sentences.values())
    assert "handled 1.2 million boxes in 2023, and its trade has doubled since 2013" not in case_file.read_text("utf-8")
    assert case.claims["N0"].all_parts.keys() == {"first", "second"}
    assert case.claims["N2"].due == "2026"
    assert any("no test" in need for need in needs(reader, "N1"))


def test_a_korean_article_is_split_and_its_reader_chooses_the_claims(reader: httpx.Client) -> None:
    made = read(reader, text="북한은 예산을 비난했다. 왜 지금인가? 일본도 예산을 올렸다.").json()
    assert [(item["text"], item["proposed"]) for item in made["sentences"]] == [
        ("북한은 예산을 비난했다.", False), ("왜 지금인가?", False), ("일본도 예산을 올렸다.", False),
    ]  # fmt: skip
    assert [claim["says"] for claim in made["sentences"][2]["claims"]] == ["일본도 예산을 올렸다."]
    assert "no rule reads them" in made["notes"][-1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": " \n "}, "empty"),
        ({"text": "Der Hafen ist so voll wie nie zuvor und niemand weiß, was man dagegen tun kann."}, "English"),
        ({"text": "Is it so?"}, "can be proposed"),
        ({"name": "a.pdf", "file": base64.b64encode(b"%PDF-1.7 broken").decode()}, "PDF"),
        ({"name": "a.docx", "file": base64.b64encode(b"PK\x03\x04 broken").decode()}, "archive"),
        ({"name": "../../x.txt", "file": base64.b64encode(b"\x00\x01\x02 binary").decode()}, "binary"),
        ({"name": "a.txt", "file": "no base64!"}, "did not arrive whole"),
    ],
)
def test_what_is_no_article_is_refused_with_a_remedy(reader: httpx.Client, body: dict[str, str], said: str) -> None:
    answer = read(reader, **body)
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.json()["remedy"]


@pytest.mark.parametrize("body", [{}, {"text": "a", "file": "YQ=="}, {"text": 1}, {"text": "a", "other": "b"}])
def test_a_request_of_another_form_is_refused(reader: httpx.Client, body: Any) -> None:
    assert reader.post("/api/article", json=body).status_code == 400


def test_a_file_that_is_too_large_is_refused(reader: httpx.Client) -> None:
    assert read(reader, name="a.txt", file="A" * MAX_BODY).status_code == 413


def test_script_in_an_article_stays_text(reader: httpx.Client) -> None:
    says = "The port handled 3 million boxes &lt;script&gt;alert(1)&lt;/script&gt; in 2023, more than it did in any year before."
    html = f"<html><body><article><p>{says}</p><script>alert(2)</script></article></body></html>"
    answer = read(reader, name="a.html", file=base64.b64encode(html.encode()).decode()).json()
    assert [sentence["text"] for sentence in answer["sentences"]] == [
        "The port handled 3 million boxes <script>alert(1)</script> in 2023, more than it did in any year before."
    ]


def test_the_last_claim_cannot_go(reader: httpx.Client) -> None:
    takes = [
        {"do": "take", "loc": loc} for loc in (["questions"], ["arguments"], *(["claims", f"C{n}"] for n in (1, 2, 3)))
    ]
    assert any("claims" in problem["message"] for problem in edit(reader, *takes).json()["problems"])


@pytest.mark.parametrize("claims", ["claims: {}\n", "claims:\n", ""])
def test_the_first_claim_can_be_added(reader: httpx.Client, case_file: Path, claims: str) -> None:
    text = case_file.read_text(encoding="utf-8")
    start = text[: text.index("claims:\n")]
    case_file.write_text(re.sub(r"arguments:\n.*\n", "", start) + claims, encoding="utf-8")
    assert reader.get("/api/case").json()["case"] is None
    empty = reader.get("/api/argument").json()["terms"]["empty"]
    assert edit(reader, {"do": "put", "loc": ["claims", "C1"], "value": empty}).json()["problems"] == []
    assert TEMPLATE in load(case_file).claims["C1"].says
    assert "\n  C1: {" in case_file.read_text(encoding="utf-8")
    assert len(needs(reader, "C1")) == 2


def test_a_claim_that_reads_a_missing_fact_says_so_and_leads_to_the_facts(reader: httpx.Client) -> None:
    write(reader, ["claims", "C2", "parts", "calm", "holds"], "not fact(strikes)")
    view = reader.get("/api/argument").json()
    assert view["tests"] is None
    assert list(view["needs"]) == ["C2"]
    (need,) = view["needs"]["C2"]
    assert "strikes" in need["text"]
    assert (need["screen"], bool(need["line"]), "strike" in need["remedy"]) == ("facts", True, True)


def test_an_error_outside_the_claims_is_no_need_of_the_last_claim(reader: httpx.Client) -> None:
    write(reader, ["questions", "busy", "claims"], ["C9"])
    assert reader.get("/api/argument").json()["needs"] == {}


def test_a_text_that_is_no_yaml_has_no_needs(reader: httpx.Client) -> None:
    version = reader.get("/api/case").json()["version"]
    reader.post("/api/text", json={"base": version, "text": "claims: ["})
    assert reader.get("/api/argument").json()["needs"] == {}
    assert edit(reader, {"do": "take", "loc": ["claims"]}).json()["message"]


def test_needs_name_weak_facts_sources_and_sentences(reader: httpx.Client) -> None:
    assert needs(reader, "C1") == []
    changes = (
        {"do": "put", "loc": ["facts", "boxes.2023", "confidence"], "value": "low"},
        {"do": "put", "loc": ["facts", "boxes.2023", "flag"], "value": "nothing better"},
        {"do": "put", "loc": ["facts", "boxes.2013", "note"], "value": TEMPLATE},
        {"do": "take", "loc": ["claims", "C2", "sources"]},
        {"do": "put", "loc": ["claims", "C3", "kind"], "value": "forecast"},
        {"do": "put", "loc": ["sentences"], "value": {"1": {"hash": "0" * 16, "quote": "Trade has doubled."}}},
    )
    assert edit(reader, *changes).json()["problems"] == []
    assert [text.split()[0:2] for text in needs(reader, "C1")] == [["Fact", "boxes.2013"], ["Nobody", "has"]]
    assert needs(reader, "C2") == [
        "It names no source and no rival argument.",
        "claim `C2` is sentence 2, which is not under `sentences`",
    ]
    assert needs(reader, "C3") == ["It is a forecast without a day by which it comes true."]


def test_a_game_gives_quantities_and_the_beliefs_that_need_a_reason(tmp_path: Path) -> None:
    case = minimal_case(tmp_path / "case")
    view = argument_view(Desk(case.folder / "case.yaml"), "en")
    (need,) = (need for need in view["needs"]["C1"] if need["screen"] == "beliefs")
    assert "such as" in need["text"] and need["item"] in case.beliefs
    assert not any("screen" in need and need["screen"] for need in view["needs"]["C3"])
    strait = view["tests"]["theatres"]["strait"]
    assert strait["actors"]["pillar"] == ["BET"]
    assert strait["words"]["regime"] == ["GAM.alignment", "BET.posture"]
    assert set(view["tests"]["events"]) == {"rise", "amendment", "aligned"}


def test_a_translated_case_says_its_claims_in_the_reader_s_language() -> None:
    desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml", writable=False)
    said = argument_view(desk, "ko")["said"]
    case = load(desk.file)
    assert said.keys() == case.claims.keys()
    assert all(text != case.claims[key].says for key, texts in said.items() if (text := texts.get("")))
    assert "" in said["C01"] and "record" in said["C02"]
    assert not any(argument_view(desk, "en")["said"].values())


def test_a_test_from_data_brings_its_facts_and_sources(
    reader: httpx.Client, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.checking.run.Library", lambda: Library(small_tables()))
    measured = reader.post("/api/measured", json={"says": SAYS}, timeout=60).json()
    puts = [
        {"do": "put", "loc": [block, key], "value": value}
        for block in ("sources", "facts")
        for key, value in measured[block].items()
    ]
    test = {"do": "put", "loc": ["claims", "C3", "holds"], "value": measured["test"]["holds"]}
    assert edit(reader, *puts, test, {"do": "take", "loc": ["claims", "C3", "untested"]}).json()["problems"] == []
    assert load(case_file).claims["C3"].holds == measured["test"]["holds"]
    again = reader.post("/api/measured", json={"says": SAYS}, timeout=60).json()
    assert (again["sources"], again["facts"]) == ({}, {})
    key = next(iter(measured["facts"]))
    write(reader, ["facts", key, "value"], 1)
    assert "another fact" in reader.post("/api/measured", json={"says": SAYS}, timeout=60).json()["message"]


def test_a_sentence_that_data_do_not_decide_is_refused(reader: httpx.Client) -> None:
    answer = reader.post("/api/measured", json={"says": "The mayor wants it so."}, timeout=60)
    assert answer.status_code == 422
    assert answer.json()["remedy"]


def test_nothing_is_read_for_a_browser_that_was_not_let_in(stranger: httpx.Client) -> None:
    assert stranger.get("/api/argument").status_code == 403
    assert read(stranger, text=TEXT).status_code == 403


def test_an_empty_file_is_refused_in_words(reader: httpx.Client) -> None:
    answer = reader.post("/api/article", json={"name": "op-ed.txt", "file": ""})
    assert (answer.status_code, answer.json()["message"]) == (422, "the file is empty")


def test_a_sentence_without_data_names_the_command_that_gets_them(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.checking.run.Library", lambda: Library({}))
    answer = reader.post("/api/measured", json={"says": SAYS}, timeout=60)
    assert answer.status_code == 422
    assert "`tocsin data get " in answer.json()["remedy"]


def test_remedies_on_the_screen_do_not_lead_to_commands_that_it_replaces(reader: httpx.Client) -> None:
    for says in ("The mayor wants it so.", "市長がそう望む。"):
        assert "tocsin check" not in reader.post("/api/measured", json={"says": says}, timeout=60).json()["remedy"]
