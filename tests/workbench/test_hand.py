"""What a moved belief makes of a claim: solved again it agrees with a full run, and the sketch's weights with both."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.assessment.run import assess
from tocsin.assessment.sketching import HOLDS, STEPS, UNDEFINED
from tocsin.errors import InputError
from tocsin.workbench import hand
from tocsin.workbench.asking import Hand
from tocsin.workbench.sketch import sketch


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("case")
    case = minimal_case(folder)
    name = next(iter(case.claims))
    return case, name, hand.built_for(case.folder / "case.yaml", name)


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
    answered = hand.answer(bench, name, bench.few(hand.WORLDS), settings)
    claim = assess(case, settings=settings).claim(name)
    parts: dict[str, ClaimResult | PartResult] = {part.name: part for part in claim.parts} or {"": claim}
    for part, found in answered["parts"].items():
        known = parts[part].probability
        assert known is not None
        assert abs(found["probability"] - known.mid) <= 3.0 * np.hypot(found["error"], known.error)


@pytest.mark.numeric
def test_bad_inputs_are_refused_with_their_remedy(solved: Any) -> None:
    _, name, bench = solved
    few = bench.few(hand.WORLDS)
    for settings in ({"nonsense": "1"}, {next(iter(bench.case.beliefs)): "hello"}):
        with pytest.raises(InputError) as caught:
            hand.answer(bench, name, few, settings)
        assert caught.value.remedy


def test_a_claim_that_is_not_there_is_named(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    with pytest.raises(InputError, match="no claim 'C99'"):
        hand.built_for(case.folder / "case.yaml", "C99")


@pytest.mark.slow
def test_a_question_that_waits_gives_way_to_a_later_one(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    name, belief = next(iter(case.claims)), next(iter(case.beliefs))

    async def ask() -> list[Any]:
        asked = Hand(case.folder / "case.yaml")
        assert (await asked.ask({belief: "1"}))["message"]
        await asked.focus(name, "v1")
        while "ready" not in asked.state:
            assert "message" not in asked.state
            await asyncio.sleep(0.05)
        questions = [asyncio.create_task(asked.ask({belief: f"{value}"})) for value in (0.1, 0.2, 0.3)]
        answers = await asyncio.gather(*questions)
        task = asyncio.create_task(asked.ask({belief: "0.4"}))
        await asyncio.sleep(0)
        await asked.close()
        return [*answers, await task]

    first, second, third, last = asyncio.run(ask())
    assert "parts" in first and "parts" in third
    assert second == last == {"superseded": True}
