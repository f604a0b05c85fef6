"""New cases, copies and other cases from the start panel: what is written, and what is refused."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import Any

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.runs.support import stored
from tests.workbench.conftest import serving

from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.case.reasons import MARKS
from tocsin.data.shipped import shipped_cases
from tocsin.runs.names import resolve
from tocsin.workbench.instances import claimed

ARTICLE = (
    "The port is full\n\n2 May 2024\n\nTrade has doubled in ten years because the harbour was dredged in 2013. "
    "The port authority spent 12 million dollars on cranes in 2023. Ninety ships will wait outside by the end of 2024.\n"
)


def new(reader: httpx.Client, folder: str, **fields: str) -> Any:
    return reader.post("/api/new", json={"folder": folder, "title": "", "day": "", **fields})


def shown_file(reader: httpx.Client) -> str:
    return str(reader.get("/api/case").json()["file"])


def test_a_pasted_article_becomes_the_open_case(reader: httpx.Client, tmp_path: Path) -> None:
    answer = new(reader, "my port", text=ARTICLE, title="Is the port full?", day="2024-05-02")
    assert answer.status_code == 200, answer.text
    file = tmp_path / "my port" / "case.yaml"
    assert answer.json() == {"file": str(file)}
    case = load(file)
    assert (case.id, case.title, str(case.as_of)) == ("my-port", "Is the port full?", "2024-05-02")
    assert len(case.claims) >= 2
    view = reader.get("/api/case").json()
    assert (view["file"], view["writable"], view["case"]["title"]) == (str(file), True, "Is the port full?")
    assert ARTICLE[40:] not in file.read_text(encoding="utf-8")


def test_a_file_becomes_a_case(reader: httpx.Client, tmp_path: Path) -> None:
    page = f"<html><body><article><h1>The port</h1><p>{ARTICLE}</p></article></body></html>"
    answer = new(reader, "page", file=b64encode(page.encode()).decode(), name="op-ed.html", day="2024-05-02")
    assert answer.status_code == 200, answer.text
    assert load(tmp_path / "page").claims


def test_a_case_without_an_article_runs_as_it_is(reader: httpx.Client, tmp_path: Path) -> None:
    assert new(reader, "empty", title='A "quoted" title', day="2024-05-02").status_code == 200
    case = load(tmp_path / "empty")
    assert (case.title, str(case.as_of)) == ("A 'quoted' title", "2024-05-02")
    assert reader.get("/api/case").json()["problems"] == []


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../up", "a/b", "/etc", "a\\b", ".hidden", "a.", "a ", "a\nb", "a\0b", "~", "x" * 81, "-rf", "a:b"],
)
def test_a_name_that_leads_elsewhere_is_refused(reader: httpx.Client, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    answer = new(reader, name, title="x")
    assert answer.status_code == 422
    assert answer.json()["remedy"]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_an_existing_name_is_refused(reader: httpx.Client, tmp_path: Path, kind: str) -> None:
    taken = tmp_path / "taken"
    if kind == "folder":
        taken.mkdir()
    elif kind == "file":
        taken.write_text("mine", encoding="utf-8")
    else:
        taken.symlink_to(tmp_path / "nowhere")
    answer = new(reader, "taken", text=ARTICLE)
    assert answer.status_code == 422
    assert "exists" in answer.json()["message"]
    assert kind != "file" or taken.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (
            {
                "text": "Où est la gare ? Les trains ne partent plus depuis hier, et personne ne sait pourquoi cela dure."
            },
            422,
        ),
        ({"text": "No."}, 422),
        ({"file": "!!", "name": "x.txt"}, 422),
        ({"file": b64encode(b"\x89PNG\r\n").decode(), "name": "x.txt"}, 422),
        ({"file": b64encode(b"%PDF-1.7 broken").decode(), "name": "x.pdf"}, 422),
        ({"text": ARTICLE, "day": "yesterday"}, 422),
        ({"text": ARTICLE, "day": "0001-01-01"}, 422),
        ({"text": "x" * 1_000_001}, 400),
        ({"title": "x" * 301}, 400),
        ({"path": "/etc"}, 400),
    ],
)
def test_what_cannot_be_drafted_leaves_nothing(
    reader: httpx.Client, tmp_path: Path, case_file: Path, fields: dict[str, str], status: int
) -> None:
    answer = new(reader, "draft", **fields)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]
    assert not (tmp_path / "draft").exists()
    assert shown_file(reader) == str(case_file)


def test_a_shipped_case_is_copied_under_an_id_of_its_own(tmp_path: Path) -> None:
    source = shipped_cases()["ladakh"]
    with (
        serving(source / "case.yaml", home=tmp_path) as access,
        httpx.Client(base_url=f"http://127.0.0.1:{access.port}", trust_env=False, follow_redirects=True) as client,
    ):
        client.headers["Origin"] = str(client.base_url).rstrip("/")
        client.get(access.address())
        assert client.get("/api/case").json()["writable"] is False
        assert client.post("/api/copy", json={"folder": "mine"}).status_code == 200
        view = client.get("/api/case").json()
        assert (view["file"], view["writable"]) == (str(tmp_path / "mine" / "case.yaml"), True)
        assert client.post("/api/copy", json={"folder": "again"}).status_code == 422  # it is no shipped case now
    copy, original = load(tmp_path / "mine"), load(source)
    assert copy.id == "mine"
    assert copy.claims.keys() == original.claims.keys()
    assert len(list(lint(copy))) == len(list(lint(original)))
    names = {path.relative_to(source) for path in source.rglob("*") if path.name != "verdicts.json"}
    assert {path.relative_to(tmp_path / "mine") for path in (tmp_path / "mine").rglob("*")} == names


def test_two_cases_never_share_their_runs(
    reader: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    ids = set()
    for folder in ("베트남 사례", "베트남과-중국", "日本", "my case", "elsewhere"):
        assert new(reader, folder).status_code == 200
        assert reader.get("/api/verdicts").json() is None
        case = load(tmp_path / folder)
        ids.add(case.id)
        stored(case)
    (tmp_path / "elsewhere").rename(tmp_path / "moved")
    assert new(reader, "elsewhere").status_code == 200
    assert reader.get("/api/verdicts").json() is None
    assert len(ids | {load(tmp_path / "elsewhere").id}) == 6


def test_a_case_made_again_after_its_folder_was_removed_says_why_its_id_has_a_number(
    reader: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    assert new(reader, "port").status_code == 200
    assert reader.get("/api/runs").json()["earlier"] == ""
    run = stored(load(tmp_path / "port"))
    rmtree(tmp_path / "port")
    assert new(reader, "port").status_code == 200
    shown = reader.get("/api/runs").json()
    assert (shown["id"], shown["earlier"], shown["runs"]) == ("port-2", "port", [])
    assert resolve("port") == run


def test_another_listed_case_is_opened_and_no_other_file(reader: httpx.Client, tmp_path: Path, case_file: Path) -> None:
    other = write_facts_only(tmp_path / "other", replace={"id: op-ed": "id: other"}) / "case.yaml"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "case.yaml").write_text("claims: [", encoding="utf-8")
    listed = reader.get("/api/cases").json()
    assert listed["home"] == str(tmp_path)
    own = {case["name"]: case["title"] for case in listed["cases"] if not case["shipped"]}
    assert own == {"case": "Is the port as busy as the op-ed says?", "other": own["case"], "broken": ""}
    assert {case["name"] for case in listed["cases"] if case["shipped"]} == set(shipped_cases())
    assert reader.post("/api/open", json={"file": str(other)}).status_code == 200
    assert shown_file(reader) == str(other)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    hidden = write_facts_only(tmp_path / "deep" / "er") / "case.yaml"
    for file in (str(hidden), "/etc/passwd", "", "case.yaml", str(case_file.parent)):
        assert reader.post("/api/open", json={"file": file}).status_code == 422
    assert shown_file(reader) == str(other)


def test_a_case_that_another_workbench_shows_is_not_opened_twice(
    reader: httpx.Client, tmp_path: Path, case_file: Path
) -> None:
    other = write_facts_only(tmp_path / "other") / "case.yaml"
    held = claimed(other)
    answer = reader.post("/api/open", json={"file": str(other)})
    assert answer.status_code == 422
    assert "another workbench" in answer.json()["message"]
    assert shown_file(reader) == str(case_file)
    assert held is not None
    held.release()
    assert reader.post("/api/open", json={"file": str(other)}).status_code == 200
    assert claimed(other) is None


def test_an_edit_of_the_old_case_does_not_reach_the_new_one(
    reader: httpx.Client, tmp_path: Path, case_file: Path
) -> None:
    base = reader.get("/api/case").json()["version"]
    assert new(reader, "fresh").status_code == 200
    before = (tmp_path / "fresh" / "case.yaml").read_bytes()
    answer = reader.post("/api/edit", json={"base": base, "changes": [{"do": "put", "loc": ["title"], "value": "x"}]})
    assert answer.status_code == 409
    assert (tmp_path / "fresh" / "case.yaml").read_bytes() == before
    assert load(case_file).title != "x"


def test_the_run_of_the_old_case_ends(reader: httpx.Client) -> None:
    assert reader.post("/api/run", json={}).status_code == 200
    assert new(reader, "fresh").status_code == 200
    with reader.stream("GET", "/api/progress") as stream:
        assert '"running": false' in next(line for line in stream.iter_lines() if line)


def test_an_empty_file_is_no_case_without_an_article(reader: httpx.Client, tmp_path: Path) -> None:
    answer = new(reader, "nothing", file="", name="op-ed.pdf")
    assert answer.status_code == 422
    assert answer.json()["message"] == "The file op-ed.pdf is empty."
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(("name", "kind"), [("op-ed.pdf", "PDF"), ("op-ed.docx", "Word")])
def test_random_bytes_are_said_to_be_no_document(reader: httpx.Client, name: str, kind: str) -> None:
    data = Random(7).randbytes(5_000)
    answer = new(reader, "noise", file=b64encode(data).decode(), name=name)
    assert answer.status_code == 422
    assert f"no {kind} document" in answer.json()["message"]


def test_the_names_that_are_taken_are_told(reader: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "my-case").mkdir()
    assert reader.get("/api/cases").json()["taken"] == ["case", "my-case"]


def test_a_day_that_is_none_keeps_the_panel_with_its_text(reader: httpx.Client) -> None:
    answer = new(reader, "late", text=ARTICLE, day="52026-06-01")
    assert answer.status_code == 422
    assert "is not a day" in answer.json()["message"] and "load the page" not in answer.json()["remedy"]
    answer = new(reader, "long", text=ARTICLE, title="x" * 301)
    assert (answer.status_code, answer.json()["remedy"]) == (400, "shorten it")


def test_an_article_in_korean_becomes_a_korean_case(reader: httpx.Client, tmp_path: Path) -> None:
    answer = new(reader, "한국", text="정부는 국방비를 두 배로 늘렸다. 의회는 토론 없이 법을 통과시켰다.")
    assert answer.status_code == 200
    (file,) = tmp_path.rglob("한국/case.yaml")
    case = load(file)
    assert (case.language, len(case.sentences), dict(case.questions)) == ("ko", 2, {})
    (claim,) = case.claims.values()  # a case has a claim: this one has no words yet
    assert (claim.says, claim.sentence, claim.sources) == (MARKS["ko"], None, ("article",))
    assert reader.get("/api/case").json()["problems"] == []


def test_an_article_in_another_language_can_be_left_out(reader: httpx.Client) -> None:
    answer = new(reader, "other", text="Die Regierung hat den Haushalt verdoppelt, weil sie einen Krieg befürchtet.")
    assert answer.status_code == 422
    assert "begin the case without it" in answer.json()["remedy"]
