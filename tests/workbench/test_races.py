"""Two requests at once: one that waits holds up no other, and none undoes what another wrote."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.workbench.test_workers import within

from tocsin.workbench import desk as desk_module
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import Desk

WAIT = 20.0
"""Seconds; what does not wait for another request takes far less."""


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", "/api/text", None), ("POST", "/api/focus", {"claim": "C1"})]
)
def test_a_request_that_waits_for_a_slow_edit_holds_up_no_other(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any
) -> None:
    editing, done = threading.Event(), threading.Event()

    def slow(_text: str, *_more: object) -> str:
        editing.set()
        assert done.wait(WAIT)
        return "title: changed\n"

    monkeypatch.setattr("tocsin.case.rewriting.with_value", slow)
    edit = {
        "base": reader.get("/api/text").json()["version"],
        "changes": [{"do": "put", "loc": ["title"], "value": "x"}],
    }
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: reader.post("/api/edit", json=edit, timeout=WAIT)),
        threading.Thread(target=lambda: answers.append(reader.request(method, path, json=body, timeout=WAIT))),
    ]
    threads[0].start()
    assert editing.wait(WAIT)
    threads[1].start()
    threads[1].join(0.5)
    try:
        assert reader.get("/api/words", timeout=WAIT / 4).status_code == 200
        assert not answers
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert answers[0].status_code == 200


def test_the_texts_kept_for_undo_have_a_limit_and_the_last_is_always_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(write_facts_only(tmp_path / "case") / "case.yaml")
    monkeypatch.setattr(desk_module, "MAX_KEPT", 3 * len(desk.draft().text))
    for number in range(6):
        desk.edit(desk.draft().version, lambda text, number=number: text + f"# {number}\n")  # type: ignore[misc]
    undone = 0
    while desk.can_undo:
        desk.undo(desk.draft().version)
        undone += 1
    assert undone == 2
    monkeypatch.setattr(desk_module, "MAX_KEPT", 1)
    desk.edit(desk.draft().version, lambda text: text + "# last\n")
    assert desk.can_undo


def test_an_answer_for_an_earlier_text_of_the_case_is_not_shown(
    case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    old, new = ('{"claim": "C1", "version": "%s", "ready": {"of": "%s"}}' % (v, v) for v in ("v1", "v2"))  # noqa: UP031
    program.write_text(
        f"#!/bin/sh\nread one; read other\necho '{old}'\nsleep 0.3\necho '{new}'\nexec sleep 600\n", encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    async def run() -> list[Any]:
        hand, shown = Hand(case_file), list[Any]()
        await hand.focus("C1", "v1")
        await hand.focus("C1", "v2")
        while not shown or shown[-1] is None:
            shown.append(hand.state.get("ready"))
            await asyncio.sleep(0.01)
        await hand.close()
        return shown

    assert within(run())[-1] == {"of": "v2"}


def test_a_window_whose_claim_another_window_replaced_is_told_so(reader: httpx.Client) -> None:
    said = {"message": "another window chose another claim", "remedy": "choose the claim again"}
    assert reader.post("/api/focus", json={"claim": "C1"}).status_code == 200
    assert reader.post("/api/focus", json={"claim": "C2"}).status_code == 200
    assert reader.get("/api/hand?claim=C1").json() == {"claim": "C1", **said}
    assert "message" not in reader.get("/api/hand?claim=C2").json()
    assert reader.post("/api/move", json={"claim": "C1", "set": {"ships.waiting": "95"}}).json() == said


@pytest.mark.parametrize(
    "body",
    [
        {"set": {"ships.waiting": "95"}},
        {"claim": "C1", "set": {}},
        {"claim": "C1", "set": {"": "95"}},
        {"claim": "C1", "set": {"ships.waiting": "9" * 2_001}},
    ],
)
def test_a_move_without_a_claim_or_of_no_input_is_refused(reader: httpx.Client, body: dict[str, Any]) -> None:
    assert reader.post("/api/move", json=body).status_code == 400
