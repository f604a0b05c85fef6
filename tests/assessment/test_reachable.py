"""The verdicts within reach: no move of some parts reaches another one, and what cannot matter is left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from tocsin.assessment.flip_words import search_sentence
from tocsin.assessment.moved import OpenTests, Seen
from tocsin.assessment.outlook import Outlook, moved
from tocsin.assessment.reachable import mattering, pivotal, reachable
from tocsin.assessment.result import Basis, ClaimResult, Likelihood, PartResult, Rule, Search, Verdict

DRAWS = 40
POOL = {"a": 1.0}


def part(name: str, verdict: Verdict, *, basis: Basis = "model", essential: bool = False) -> PartResult:
    share = {"holds": 0.9, "fails": 0.1}.get(verdict, 0.5)
    chance = Likelihood(low=share, mid=share, high=share) if basis == "model" else None
    return PartResult(
        name=name, says="", verdict=verdict, probability=chance, note="", basis=basis, essential=essential
    )


def claim(rule: Rule, verdict: Verdict, *parts: PartResult) -> ClaimResult:
    return ClaimResult(
        id="C1", kind="causal", says="x", sentence=None, mechanism="", verdict=verdict, words="", basis="model",
        rule=rule, parts=parts, probability=None,
    )  # fmt: skip


def seen(**shares: float) -> dict[str, Seen]:
    """Return tests that hold in these shares of worlds, which they do in different worlds."""
    rng = np.random.default_rng(0)
    truths = {name: rng.permutation(np.arange(DRAWS) < share * DRAWS).astype(float) for name, share in shares.items()}
    weights = np.full(DRAWS, 1.0 / DRAWS)
    rows: dict[str, Any] = {name: ((truth, truth[None] - 0.5), weights, ("t",)) for name, truth in truths.items()}
    return {"a": Seen.of(rows)}


def opened(*names: str, wanted: int = 1, together: bool = False) -> OpenTests:
    return OpenTests(dict.fromkeys(names), wanted, frozenset(), together)  # type: ignore[arg-type]


def test_a_claim_without_parts_can_turn_if_its_test_moves() -> None:
    alone = replace(claim("all", "holds"), probability=Likelihood(low=0.9, mid=0.9, high=0.9))
    assert reachable(alone, opened(""), seen(**{"": 0.9}), [], POOL) == {"holds"}
    assert "fails" in reachable(alone, opened(""), seen(**{"": 0.9}), [""], POOL)


def test_parts_that_hold_and_fail_keep_a_conjunction_partial_whatever_another_part_does() -> None:
    whole = claim(
        "all", "partly", part("x", "holds", basis="facts"), part("y", "fails", basis="facts"), part("z", "fails")
    )
    assert reachable(whole, opened("z"), seen(z=0.1), ["z"], POOL) == {"partly"}
    assert mattering(whole, opened("z"), ["z"]) == frozenset()


def test_an_essential_part_can_sink_what_another_part_cannot() -> None:
    whole = claim(
        "all", "partly", part("x", "holds", basis="facts"), part("y", "fails"), part("z", "disputed", essential=True)
    )
    tests, free = opened("y", "z"), ["y", "z"]
    assert reachable(whole, tests, seen(y=0.1, z=0.5), ["y"], POOL) == {"partly"}
    assert "fails" in reachable(whole, tests, seen(y=0.1, z=0.5), free, POOL)
    assert mattering(whole, tests, ["z"]) == {"z"}
    assert pivotal(whole, {"x": "holds", "y": "fails", "z": "disputed"}) == {"x", "z"}


def test_a_part_that_the_games_leave_undecided_may_come_out_in_any_way() -> None:
    undecided = replace(part("y", "cannot tell"), probability=None)
    whole = claim("any", "cannot tell", part("x", "fails"), undecided)
    assert {"holds", "cannot tell", "fails"} <= reachable(whole, opened("x"), seen(x=0.1), ["x"], POOL)


def test_a_part_about_which_sources_disagree_leaves_a_claim_without_a_probability() -> None:
    whole = claim("all", "fails", part("x", "cannot tell"), part("y", "cannot tell"))
    tests, worlds = opened("x", "y", wanted=2, together=True), seen(x=0.5, y=0.5)
    assert {"fails", "cannot tell", "disputed"} <= reachable(whole, tests, worlds, ["x"], POOL)


def test_two_parts_that_hardly_ever_hold_keep_a_majority_out_of_reach() -> None:
    whole = claim("most", "fails", *(part(name, "fails") for name in "wxyz"))
    tests, worlds = opened(*"wxyz", wanted=3, together=True), seen(w=0.05, x=0.05, y=0.05, z=0.05)
    assert reachable(whole, tests, worlds, ["w", "x"], POOL) == {"fails"}
    assert "holds" in reachable(whole, tests, worlds, ["w", "x", "y"], POOL)


@pytest.mark.parametrize("rule", ["all", "any", "most"])
def test_no_outcome_of_the_free_parts_leaves_what_is_reachable(rule: Rule) -> None:
    shares = {"x": 0.9, "y": 0.5, "z": 0.1}
    verdicts: dict[str, Verdict] = {"x": "holds", "y": "cannot tell", "z": "fails"}
    result = claim(rule, "cannot tell", *(part(name, verdict) for name, verdict in verdicts.items()))
    tests = opened(*shares, wanted={"all": 3, "any": 1, "most": 2}[rule], together=True)
    worlds = seen(**shares)
    before = Outlook.of(tests, worlds)
    for free in (["x"], ["z"], ["y", "z"]):
        within = reachable(result, tests, worlds, free, POOL)
        for outcome in product((0.0, 1.0), repeat=len(free)):
            truths = dict(worlds["a"].truths) | {
                name: np.full(DRAWS, value) for name, value in zip(free, outcome, strict=True)
            }
            after = Outlook.of(tests, {"a": replace(worlds["a"], truths=truths)})
            assert moved(result, before, after, POOL, 0.0).verdict in within


def test_a_search_says_what_bears_on_nothing() -> None:
    assert search_sentence(Search(ends=4, tried=0, idle=4), "model", str) == (
        "No single input turns it: each bears only on tests that cannot turn it."
    )
    assert search_sentence(Search(ends=10, tried=4, idle=6), "model", str) == (
        "No single input turns it at an end of its range: 4 ends were tried, and 6 bear only on tests that cannot turn it."
    )
    assert search_sentence(Search(ends=10, tried=2, idle=6), "model", str) == (
        "None of the 2 ends of ranges tried, of 4, turns it."
    )
