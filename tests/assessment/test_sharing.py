"""Pillars compared with one another: undefined where the defenders together prevent next to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.quantities import Reader, needs
from tocsin.assessment.run import assess
from tocsin.assessment.sharing import DIVIDED_FROM, _whole, pillars_compared
from tocsin.assessment.situations import Model, central_models
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.language import parse
from tocsin.case.nodes import Call, Node
from tocsin.case.typing_rules import resolved
from tocsin.case.units import ONE
from tocsin.models.coercion.solve import solve

TOTAL = np.array([0.01, DIVIDED_FROM, 0.06, 0.6])
"""What all defenders together prevent in four worlds."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


def tree(case: Case, text: str) -> Node:
    return resolved(parse(text), case, ONE)


def evaluator(case: Case, threshold: float = 0.01) -> Evaluator:
    """Return an evaluator of worlds in which GAM carries seven tenths of what is prevented, and BET the rest."""

    def read(call: Call) -> np.ndarray:
        if call.name == "pillar_all":
            return {"GAM": 0.7, "BET": 0.3}[str(call.actor)] * TOTAL
        return (2.0 if call.events else 1.0) * TOTAL if call.name in ("pillar", "pillar_by", "deterred") else TOTAL

    source = SimpleNamespace(read=read, draws={})
    return Evaluator(case, source, np.full(4, 0.25), threshold)


@pytest.mark.parametrize(
    "text",
    [
        "pillar_all(GAM) > pillar_all(BET)",
        "not pillar_all(BET) >= pillar_all(GAM)",
        "pillar_all(BET) < 0.5 * pillar_all(GAM)",
        "pillar_all(GAM) - pillar_all(BET) > 0",
        "pillar_all(GAM) / (pillar_all(GAM) + pillar_all(BET)) > 0.5",
        "pillar(BET) > 0.5 * deterred()",
        "pillar_by(5, BET) > 0.5 * pillar_by(5, BET) and pillar_all(GAM) > pillar_all(BET)",
    ],
)
def test_a_comparison_of_pillars_is_undefined_where_there_is_next_to_nothing_to_share(case: Case, text: str) -> None:
    assert np.array_equal(evaluator(case).truth(tree(case, text)), [np.nan, np.nan, 1.0, 1.0], equal_nan=True)


@pytest.mark.parametrize(
    "text",
    [
        "pillar_all(GAM) > 0.001",
        "pillar_all(GAM) > pillar_all(BET) + 0.0001",  # a least lead is named
        "1000 * (pillar_all(GAM) - pillar_all(BET)) > threshold",
        "pillar_all(GAM) > 0.001 and pillar_all(BET) > 0.001",
        "risk() < risk(rise) + 0.1",
    ],
)
def test_a_comparison_with_a_number_is_defined_everywhere(case: Case, text: str) -> None:
    assert np.array_equal(evaluator(case).truth(tree(case, text)), np.ones(4))


def test_a_pillar_of_two_worlds_needs_a_whole_in_one_of_them(case: Case) -> None:
    truth = evaluator(case).truth(tree(case, "pillar(BET, rise) > 1.5 * pillar(BET)"))
    assert np.array_equal(truth, [np.nan, 1.0, 1.0, 1.0], equal_nan=True)  # twice 0.05 in the second


def test_the_margin_is_missing_where_the_test_is_undefined(case: Case) -> None:
    margin = evaluator(case).margin(tree(case, "pillar_all(BET) < pillar_all(GAM)"))
    assert np.array_equal(np.isnan(margin), [True, True, False, False])
    assert margin[2:] == pytest.approx(0.4 * TOTAL[2:])


@pytest.mark.numeric
@pytest.mark.parametrize("call", [Call("pillar", actor="BET"), Call("pillar_all", actor="GAM"), Call("deterred")])
def test_the_whole_is_what_all_prevent_together(case: Case, call: Call) -> None:
    asked = replace(call, theatre="strait", events=("amendment",))
    draws = draw(case, seed=seeded(2), draws=32).draws
    for model in central_models(case):
        reader = _reader(case, model, asked, draws)
        free, guarded = (_risk(reader, acting) for acting in _ends(case, call))
        whole = _whole(case, asked, reader.read)
        known = np.isfinite(whole)  # the sum is missing where the game of any group has not settled
        assert np.sum(known) > 24 and np.max(np.abs(whole[known])) > 1e-4
        np.testing.assert_allclose(whole[known], (free - guarded)[known], rtol=0, atol=1e-12)


def _reader(case: Case, model: Model, call: Call, draws: Mapping[str, np.ndarray]) -> Reader:
    return Reader(case, model, solve(case, needs(case, model, call), draws), draws, {})


def _ends(case: Case, call: Call) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    return (frozenset() if call.name == "pillar_all" else frozenset({case.theatres["strait"].target})), None


def _risk(reader: Reader, acting: frozenset[str] | None) -> np.ndarray:
    state = reader.case.forms["strait"].index({"BET.posture": "normal"})
    (game,) = (game for game in reader.solutions if game.acting == acting)
    return reader.solution(game).tallies["risk"][state]


@pytest.mark.numeric
def test_a_claim_about_who_carries_next_to_nothing_is_not_decided(tmp_path: Path) -> None:
    beliefs = {'usable.BET.loose: {is: "beta(0.1 to 0.5)"': 'usable.BET.loose: {is: "beta(0.001 to 0.002)"'}
    tests = {
        "pull(GAM.alignment) > pull(BET.posture)": "pillar(BET) > 0.4 * deterred()",
        "sentence: 2, alike: both,": "sentence: 2,",
    }
    result = assess(minimal_case(tmp_path, replace={**beliefs, **tests}), seed=seeded(1), draws=256)
    part = result.claim("C2").parts[0]
    assert part.verdict == "cannot tell" and part.words.startswith("undefined in ")
    assert "next to nothing to share out" in part.note


def test_what_compares_pillars_is_found_in_the_case(case: Case) -> None:
    assert len(pillars_compared(case, tree(case, "pillar_all(GAM) > pillar_all(BET)"))) == 2
    assert pillars_compared(case, tree(case, "pillar_all(GAM) > 0.1")) == ()
