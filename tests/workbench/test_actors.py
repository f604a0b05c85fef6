"""The screens of actors and events: what they show of a game and of its last run, and a game added to a case without one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from tests.report.sample import sample
from tests.support import minimal_case
from tests.workbench.conftest import WAIT, serving
from tests.workbench.test_editing import put, view, write

from tocsin.assessment.record import AssessmentRecord
from tocsin.case import load
from tocsin.errors import InputError
from tocsin.report.storing import new_run
from tocsin.runs.copies import copy_case
from tocsin.runs.store import store_run
from tocsin.workbench.adding_game import Adding, Aim, Players
from tocsin.workbench.desk import Desk

HOSTILE = "<script>alert(1)</script> & \"Alpha\" ]]> 'x'"


@contextmanager
def reading(file: Path) -> Iterator[httpx.Client]:
    """Serve a case, and return a browser that was let in."""
    with serving(file) as access:
        home = f"http://127.0.0.1:{access.port}"
        headers = {"Origin": home}
        with httpx.Client(
            base_url=home, headers=headers, timeout=WAIT, trust_env=False, follow_redirects=True
        ) as client:
            client.get(access.address())
            yield client


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """Serve the small case with a game, which was never run."""
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    with reading(minimal_case(tmp_path / "case").folder / "case.yaml") as client:
        yield client


def run_sample(folder: Path) -> None:
    """Store a run of the small case with invented results."""
    assessment = sample(folder)
    record = AssessmentRecord.of(assessment)
    store_run(new_run(assessment, record, copy_case(assessment.case), draws=64))


def test_the_game_shows_its_moves_in_their_order(game: httpx.Client) -> None:
    shown = game.get("/api/games").json()
    moves = shown["theatres"]["strait"]["moves"]
    assert [move["who"] for move in moves] == [
        "Alpha (challenger)", "Gamma (target)", "Beta (protector)", "Alpha (challenger)",
    ]  # fmt: skip
    assert [option["name"] for option in moves[0]["options"]] == ["Hold", "Condemn", "Influence", "Press", "Attack"]
    assert shown["run"] is None
    assert shown["theatres"]["strait"]["ends"] == []
    assert "Beta: Support the target, Stand aside" in shown["theatres"]["strait"]["says"]


def test_an_actor_that_can_strike_first_moves_in_a_crisis(game: httpx.Client) -> None:
    beliefs = {
        "blows.BET": {"is": "lognormal(5 to 30)", "unit": "launchers", "by": "tests", "why": "a range for tests"},
        "launchers": {"is": "fixed(50)", "unit": "launchers", "by": "tests", "why": "a count for tests"},
    }
    changes = [{"do": "put", "loc": ["beliefs", name], "value": belief} for name, belief in beliefs.items()]
    assert game.post("/api/edit", json={"base": view(game)["version"], "changes": changes[:1]}).status_code == 422
    assert game.post("/api/edit", json={"base": view(game)["version"], "changes": changes}).status_code == 200
    crisis = game.get("/api/games").json()["theatres"]["strait"]["moves"][-2:]
    assert [move["who"] for move in crisis] == ["Alpha (challenger)", "Beta (able to strike)"]


def test_the_last_run_says_how_likely_the_ends_are(game: httpx.Client, tmp_path: Path) -> None:
    run_sample(tmp_path / "case")
    shown = game.get("/api/games").json()
    assert shown["run"]["stale"] is False
    assert shown["types"] == ["revisionist", "security"]
    ends = {end["name"]: end["chances"] for end in shown["theatres"]["strait"]["ends"]}
    assert ends["The challenger falls"] == ["8 % (below 5 % to 20 %)"] * 2
    fan = shown["fan"]
    assert fan["theatre"] == "strait"
    assert all(len(year["chances"]) == len(fan["heads"]) for year in fan["years"])
    assert "8 %" in shown["theatres"]["strait"]["picture"]
    assert game.get("/api/fan.svg").headers["content-type"] == "image/svg+xml"
    put(game, ["title"], "Another title")
    assert game.get("/api/games").json()["run"]["stale"] is True


def test_the_drawing_is_well_formed_and_runs_no_script(game: httpx.Client) -> None:
    put(game, ["actors", "ALF", "name"], HOSTILE)
    root = ElementTree.fromstring(game.get("/api/games").json()["theatres"]["strait"]["picture"])
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
    assert any("<script>" in (element.text or "") for element in root.iter())
    edge = float(root.attrib["viewBox"].split()[2])
    frames = [element for element in root.iter() if element.tag.endswith("rect") and "x" in element.attrib]
    assert all(float(frame.attrib["x"]) + float(frame.attrib["width"]) <= edge for frame in frames)


def test_there_is_no_chart_without_a_run(game: httpx.Client) -> None:
    assert game.get("/api/fan.svg").status_code == 404


def test_a_case_with_errors_is_not_drawn(game: httpx.Client) -> None:
    write(game, ["theatres", "strait", "target"], "XXX")
    for path in ("/api/games", "/api/fan.svg", "/api/effects"):
        assert game.get(path).status_code == 422


def test_events_show_what_they_do_and_which_claims_ask(game: httpx.Client, tmp_path: Path) -> None:
    before = game.get("/api/effects").json()
    assert before["run"] is None
    assert before["found"] is None
    assert {"stake.BET", "reach.BET", "cost.press"} <= set(before["inputs"])
    assert load(tmp_path / "case").place("history", "strait").line == before["lines"]["strait"]  # type: ignore[union-attr]
    run_sample(tmp_path / "case")
    effects = game.get("/api/effects").json()["found"]
    assert [claim["id"] for claim in effects["claims"]["rise"]] == ["C1"]
    assert set(effects["effects"]) <= {"rise", "amendment", "aligned"}
    assert all(text for effect in effects["effects"].values() for text in effect.values())
    assert "law 0.02" in effects["parts"][0]
    assert effects["ladder"]["title"] == "What each event costs Alpha"
    ElementTree.fromstring(effects["ladder"]["picture"])


# --- a game for a case without one ----------------------------------------------------------------------------------


def new_game(reader: httpx.Client, **changed: Any) -> httpx.Response:
    body = {
        "challenger": "ATH",
        "target": "MEL",
        "protectors": ["SPA"],
        "backers": [],
        "aim": "tribute",
        "levels": 2,
        "horizon": 20,
    }
    return reader.post("/api/games", json={"base": view(reader)["version"], **body, **changed}, timeout=120)


def test_a_game_is_added_and_undone(reader: httpx.Client, case_file: Path) -> None:
    assert reader.get("/api/games").json()["theatres"] == {}
    before = case_file.read_bytes()
    answer = new_game(reader)
    assert answer.status_code == 200
    assert answer.json()["problems"] == []
    theatre = next(iter(load(case_file).theatres.values()))
    assert (theatre.challenger, theatre.target, theatre.protectors) == ("ATH", "MEL", ("SPA",))
    assert (theatre.aim, theatre.levels, theatre.horizon) == ("tribute", 2, 20)
    placeholders = {tuple(item["loc"][:2]) for item in answer.json()["case"]["templates"]}
    assert placeholders >= {("beliefs", "personnel.ATH"), ("beliefs", "spending.MEL"), ("events", "build_up")}
    assert ("theatres", "main") not in placeholders
    again = new_game(reader)
    assert again.status_code == 422
    assert "has a game already" in again.json()["message"]
    reader.post("/api/undo", json={"base": view(reader)["version"]})
    assert case_file.read_bytes() == before


def test_names_that_are_no_actors_are_refused(reader: httpx.Client, case_file: Path) -> None:
    before = case_file.read_bytes()
    refused = new_game(reader, challenger="Ruritania").json()
    assert "'Ruritania' is neither a state" in refused["message"]
    assert refused["remedy"].startswith("write an ISO code")
    assert new_game(reader, target="--facts").status_code == 422
    assert new_game(reader, target="").status_code == 400
    assert new_game(reader, protectors=["A1"] * 4).status_code == 400
    for wrong in ({"aim": ""}, {"levels": 0}, {"levels": 9}, {"levels": "2"}, {"horizon": 0}, {"horizon": 101}):
        assert new_game(reader, **wrong).status_code == 400
    assert new_game(reader, base="0" * 64).status_code == 409
    assert case_file.read_bytes() == before


def test_a_case_that_cannot_be_changed_gets_no_game(case_file: Path) -> None:
    desk = Desk(case_file, writable=False)
    with pytest.raises(InputError, match="cannot be changed"):
        asyncio.run(Adding().add(desk, desk.draft().version, Players("ATH", "MEL"), Aim("tribute", 2, 20)))
