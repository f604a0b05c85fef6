"""What a moved belief makes of a claim: solved again it agrees with a full run, and the sketch's weights with both."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.assessment.run import assess
from tocsin.assessment.sketching import HOLDS, STEPS, UNDEFINED
from tocsin.errors import InputError
from tocsin.workbench import hand
from tocsin.workbench.asking import OTHER_CLAIM, Hand
from tocsin.workbench.link import Link, Requests
from tocsin.workbench.sketch import sketch

FEW = 40


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("case")
    case = minimal_case(folder)
    name = next(iter(case.claims))
    return case, name, hand.built_for(case, name, lambda _stage, _done: None)


@pytest.mark.numeric
def test_the_sketch_reads_the_claim_as_it_stands(solved: Any) -> None:
    _, name, bench = solved
    data = sketch(bench, name)
    assert data["tests"]
    for test in data["tests"]:
        group = data["groups"][test["group"]]
        total = 0.0
        for kind, pool in data["pool"].items():
            weights = np.frombuffer(base64.b64decode(group["weights"][kind]), "<f4")
            holds = np.frombuffer(base64.b64decode(test["holds"][kind]), "u1")
            assert len(weights) == len(holds) == group["worlds"]
            assert weights.sum() == pytest.approx(1.0, abs=1e-5)
            known = holds != UNDEFINED
            total += pool * float(np.average(holds[known] / HOLDS, weights=weights[known]))
        assert total == pytest.approx(test["probability"], abs=1e-5)


@pytest.mark.numeric
def test_the_sketch_has_the_quantiles_of_every_input_that_can_be_moved(solved: Any) -> None:
    case, name, bench = solved
    data = sketch(bench, name)
    for group in data["groups"]:
        points = np.frombuffer(base64.b64decode(group["points"]), "<u2").reshape(len(group["inputs"]), group["worlds"])
        assert points.max() <= STEPS
        ensemble = next(iter(bench.judge.central.values()))
        for row, belief in zip(points, group["inputs"], strict=True):
            assert row / STEPS == pytest.approx(ensemble.worlds.points[belief], abs=1e-5)
    for belief, known in data["inputs"].items():
        assert known["values"] == pytest.approx(case.distributions[belief].quantile(np.array(data["table"])), rel=1e-3)
        assert case.beliefs[belief].is_.startswith(known["family"])


@pytest.mark.slow
@pytest.mark.numeric
def test_a_moved_belief_agrees_with_a_full_run(solved: Any) -> None:
    case, name, bench = solved
    data = sketch(bench, name)
    belief = next(iter(data["inputs"]))
    values = case.distributions[belief].quantile(np.array([0.3, 0.7]))
    settings = {belief: f"{data['inputs'][belief]['family']}({values[0]:.4g} to {values[1]:.4g})"}
    answered = hand.answer(bench, name, bench.few(FEW), settings)
    claim = assess(case, settings=settings).claim(name)
    parts: dict[str, ClaimResult | PartResult] = {part.name: part for part in claim.parts} or {"": claim}
    for part, answer in answered["parts"].items():
        known = parts[part].probability
        assert known is not None
        assert abs(answer["probability"] - known.mid) <= 3.0 * np.hypot(answer["error"], known.error)


@pytest.mark.numeric
def test_bad_inputs_are_refused_with_their_remedy(solved: Any) -> None:
    _, name, bench = solved
    few = bench.few(FEW)
    for settings in ({"nonsense": "1"}, {next(iter(bench.case.beliefs)): "hello"}):
        with pytest.raises(InputError) as caught:
            hand.answer(bench, name, few, settings)
        assert caught.value.remedy


def test_a_claim_that_is_not_there_is_named(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    with pytest.raises(InputError, match="no claim 'C99'"):
        hand.built_for(case, "C99", lambda _stage, _done: None)


def test_lines_are_read_while_one_is_worked_on() -> None:
    requests = Requests([b'{"id": 1}', b'{"id": 2}'])
    taken = iter(requests)
    assert next(taken) == {"id": 1}
    assert requests.waiting
    assert next(taken) == {"id": 2}
    assert list(taken) == []


def test_a_wait_ends_when_a_line_comes_and_takes_none() -> None:
    feed: SimpleQueue[bytes] = SimpleQueue()
    requests = Requests(iter(feed.get, b""))
    requests.wait(0.05)
    assert not requests.waiting
    feed.put(b'{"id": 1}')
    feed.put(b'{"id": 2}')
    requests.wait(60)
    assert requests.waiting
    feed.put(b"")
    assert list(requests) == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("later", [[], [b"{}"]])
def test_a_question_that_another_line_follows_is_left_out(tmp_path: Path, later: list[bytes]) -> None:
    feed: SimpleQueue[bytes] = SimpleQueue()
    requests, out = Requests(iter(feed.get, b"")), io.BytesIO()
    for line in later:
        feed.put(line)
        requests.wait(60)
    hand.Answers(tmp_path / "case.yaml", Link(requests, out)).work({"id": 1, "set": {"stake.BET": "1"}})
    feed.put(b"")
    assert (b"not solved yet" in out.getvalue()) is (later == [])


async def _focused(asked: Hand, name: str) -> None:
    await asked.focus(name, "v1")
    while "ready" not in asked.state:
        assert "message" not in asked.state
        await asyncio.sleep(0.05)


async def _all(answers: AsyncIterator[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [answer async for answer in answers]


@pytest.mark.slow
def test_answers_come_from_more_and_more_worlds_and_give_way_to_a_later_question(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    name, belief = next(iter(case.claims)), next(iter(case.beliefs))

    async def ask() -> list[list[Mapping[str, Any]]]:
        asked = Hand(case.folder / "case.yaml")
        await asked.focus(name, "v1")
        assert "not solved yet" in (await _all(asked.ask(name, {belief: "1"})))[0]["message"]
        await _focused(asked, name)
        assert await _all(asked.ask("C99", {belief: "0.1"})) == [OTHER_CLAIM] == [asked.state_of("C99")]
        whole = await _all(asked.ask(name, {belief: "0.1"}))
        early = asyncio.create_task(_all(asked.ask(name, {belief: "0.2"})))
        await asyncio.sleep(0)
        late = await _all(asked.ask(name, {belief: "0.3"}))
        wrong = await _all(asked.ask(name, {belief: "hello"}))
        last = asyncio.create_task(_all(asked.ask(name, {belief: "0.4"})))
        await asyncio.sleep(0)
        await asked.close()
        return [whole, await early, late, wrong, await last]

    whole, early, late, wrong, last = asyncio.run(ask())
    for answers in (whole, late):
        worlds = [answer["worlds"] for answer in answers]
        assert worlds == sorted(set(worlds)) and len(worlds) == len(hand.WORLDS)
        assert [answer["more"] for answer in answers] == [True, True, False]
    errors = [max(part["error"] for part in answer["parts"].values()) for answer in whole]
    assert errors[-1] < errors[0]
    assert early == last == [{"superseded": True}]
    assert len(wrong) == 1 and wrong[0]["remedy"]


@pytest.mark.slow
def test_a_claim_chosen_while_another_is_solved_takes_its_place(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    names = list(case.claims)

    async def choose() -> Mapping[str, Any]:
        asked = Hand(case.folder / "case.yaml")
        await asked.focus("C99", "v1")
        while "message" not in asked.state:
            await asyncio.sleep(0.05)
        await asked.focus(names[-1], "v1")
        await _focused(asked, names[0])
        state = asked.state
        await asked.close()
        return state

    assert asyncio.run(choose())["claim"] == names[0]
