"""The sketch of moved beliefs against games that are solved in full with the beliefs moved."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm
from tests.support import minimal_case

from tocsin.assessment.challenging.solving import solved
from tocsin.assessment.judging import Judge
from tocsin.assessment.requests import basis_of
from tocsin.assessment.run import DRAWS
from tocsin.assessment.sketching import HOLDS, MAX_POINTS, STEPS, Sketched, of_claim, sketch_data
from tocsin.case import Case, load
from tocsin.case.override import override

LEAST = 10
"""Worlds below which a page shows no guess."""
MOVES = ((0.05, 0.6), (0.4, 0.95), (0.2, 0.8), (0.1, 0.5), (0.5, 0.9))
"""Ends of moved beliefs, as quantiles of the belief as it stands."""
BELIEFS = 10
MOVED = ("precision", 0.2, 0.8)
"""A moved belief that all games read."""


def unpacked(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind).astype(float)


def ratio(family: str, low: float, high: float, points: np.ndarray) -> np.ndarray:
    """Return how much likelier a moved belief makes its values at some quantiles, as frontend/src/sketch.ts does."""
    if family in ("uniform", "loguniform"):
        beyond = (high - low) / 18
        return np.where((points < low - beyond) | (points > high + beyond), 0.0, 1 / (high - low + 2 * beyond))
    left, right = norm.ppf([low, high])
    middle, spread = (left + right) / 2, (right - left) / (2 * norm.ppf(0.95))
    scores = norm.ppf(np.clip(points, 0.5 / STEPS, 1 - 0.5 / STEPS))
    return np.asarray(norm.pdf((scores - middle) / spread) / spread / norm.pdf(scores))


def guesses(
    data: Mapping[str, Any], name: str, low: float, high: float
) -> Iterator[tuple[str, str, float, float, float]]:
    """Yield claim, part, probability, standard error and worlds of each test that reads a moved belief."""
    for test in data["tests"]:
        group = data["groups"][test["group"]]
        if name not in group["inputs"]:
            continue
        points = unpacked(group["points"], "<u2").reshape(len(group["inputs"]), -1)[group["inputs"].index(name)] / STEPS
        factors = ratio(data["inputs"][name]["family"], low, high, points)
        share, worlds = test["probability"], np.inf
        for kind, pool in data["pool"].items():
            holds, weights = unpacked(test["holds"][kind], "u1"), unpacked(group["weights"][kind], "<f4")
            known = holds <= HOLDS
            after = (weights * factors)[known]
            moved, before = (np.average(holds[known] / HOLDS, weights=w) for w in (after, weights[known]))
            share += pool * (moved - before)
            worlds = min(worlds, after.sum() ** 2 / (after**2).sum())
        share = min(max(share, 0.0), 1.0)
        yield (
            test["claim"],
            test["part"],
            share,
            float(np.sqrt(max(share * (1 - share), 0.01) / max(worlds, 1))),
            worlds,
        )


def solved_in_full(case: Case) -> Judge:
    return solved(case, 1, DRAWS, lambda _stage, _done: None)


def sketched(judge: Judge) -> dict[str, Any]:
    tests = []
    for name, parts in judge.case.tests.items():
        for part, test in parts.items():
            known = judge.judge(test).probability
            if known is not None and basis_of(judge.case, test) == "model":
                tests.append(Sketched(name, part, test, known.mid))
    return sketch_data(judge.case, tests, judge.central, judge.reads.of)


def errors(case: Case) -> Iterator[tuple[float, float, float]]:
    """Yield, for each test that reads one of ten moved beliefs, how far the guess is off, its standard error, and its worlds."""
    judge = solved_in_full(case)
    data = sketched(judge)
    names = np.random.default_rng(3).permutation(sorted(data["inputs"]))[:BELIEFS]
    for index, name in enumerate(map(str, names)):
        low, high = MOVES[index % len(MOVES)]
        ends = case.distributions[name].quantile(np.array([low, high]))
        moved = override(case, {name: f"{data['inputs'][name]['family']}({ends[0]:.6g} to {ends[1]:.6g})"})
        again = solved_in_full(moved)
        for claim, part, share, error, worlds in guesses(data, name, low, high):
            known = again.judge(moved.tests[claim][part]).probability
            if known is not None and worlds >= LEAST:
                yield share - known.mid, error, worlds


def check(guessed: list[tuple[float, float, float]]) -> None:
    """Check that nine of ten guesses lie within two standard errors of what is solved in full."""
    assert len(guessed) >= BELIEFS
    off = np.abs([miss for miss, _, _ in guessed])
    stated = np.array([error for _, error, _ in guessed])
    assert np.mean(off <= 2 * stated) >= 0.9
    assert np.mean(off) <= np.mean(stated)


@pytest.mark.slow
@pytest.mark.numeric
def test_guesses_lie_within_their_error_of_games_solved_in_full(tmp_path: Path) -> None:
    check(list(errors(minimal_case(tmp_path))))


@pytest.mark.slow
@pytest.mark.numeric
def test_guesses_of_the_founding_case_lie_within_their_error() -> None:
    check(list(errors(load(Path("cases/japan-buildup")))))


@pytest.mark.numeric
def test_the_data_stay_small(tmp_path: Path) -> None:
    judge = solved(minimal_case(tmp_path), 1, 128, lambda _stage, _done: None)
    data = sketched(judge)
    assert sum(group["worlds"] * len(group["inputs"]) for group in data["groups"]) <= MAX_POINTS
    assert len(json.dumps(data)) < 400_000


@pytest.mark.numeric
def test_the_data_of_one_claim_are_its_tests_with_what_they_read(tmp_path: Path) -> None:
    data = sketched(solved(minimal_case(tmp_path), 1, 128, lambda _stage, _done: None))
    for claim in {test["claim"] for test in data["tests"]}:
        own = of_claim(data, claim)
        assert own is not None
        assert list(guesses(own, *MOVED)) == [guess for guess in guesses(data, *MOVED) if guess[0] == claim]
        assert own["inputs"].keys() == {name for group in own["groups"] for name in group["inputs"]}
    assert of_claim(data, "C99") is None
