"""Games of other shapes: against the scalar oracle, and what each shape must do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.plain_coercion import EVENTS, Plain
from tests.models.shapes import regime, shaped_case
from tests.support import seeded

from tocsin.assessment.quantities import Reader
from tocsin.assessment.situations import Model, with_events
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.nodes import Call
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import RESPONDERS, Scenario, stands_name
from tocsin.models.coercion.solve import Solution, settle, solve

pytestmark = pytest.mark.numeric

BASE = Scenario(theatre="strait", type="revisionist", discount=0.92)

BOTH: dict[str, Any] = {"theatre": {"protectors": ["DEL", "BET"], "backers": ["EPS", "BET"]}}
STRIKES = {"blows.BET": "lognormal(20 to 200)", "blows.GAM": "lognormal(20 to 200)", "launchers": "fixed(80)"}
SHAPES: dict[str, dict[str, Any]] = {
    "bound to both sides": BOTH,
    "bound to both sides, with first strikes": BOTH | {"strikes": True},
    "arms from a protector": {"theatre": {"protectors": ["BET", "DEL"], "backers": ["EPS"], "arms": {"ALF": "BET", "EPS": "DEL", "GAM": "EPS"}}},
    "promises": {
        "theatre": {
            "protectors": ["BET", "DEL"],
            "backers": ["EPS"],
            "promises": [
                {"by": "EPS", "to": "ALF", "when": ["struck"], "against": ["DEL"]},
                {"by": "DEL", "to": "GAM", "beside": ["BET"]},
                {"by": "BET", "to": "GAM", "when": ["attacked"]},
            ],
        },
        "strikes": True,
    },
    "promises against somebody": {
        "theatre": {
            "protectors": ["BET", "DEL"],
            "backers": ["EPS"],
            "promises": [{"by": "EPS", "to": "ALF", "against": ["DEL"]}],
        },
    },
    "two alignments of a protector": {
        "regimes": {"BET.cabinet": regime("BET"), "BET.congress": regime("BET", now="adrift"), "GAM.house": regime("GAM"), "GAM.senate": regime("GAM")}
    },
    "alignments of backer and challenger, with a posture": {
        "theatre": {"backers": ["EPS"]},
        "regimes": {"EPS.alignment": regime("EPS"), "ALF.alignment": regime("ALF", loosened_by=["press"]), "ALF.posture": regime("ALF", kind="posture")},
    },
    "posture of the challenger": {
        "regimes": {"ALF.posture": regime("ALF", kind="posture")},
    },
    "a treaty with a term": {
        "theatre": {"backers": ["EPS"]},
        "regimes": {"BET.treaty": regime("BET", kind="treaty", term="2027-01-15"), "EPS.treaty": regime("EPS", kind="treaty")},
    },
    "treaties with both sides": {
        **BOTH,
        "regimes": {"BET.west": regime("BET", kind="treaty", to="GAM", term="2025-06-30"), "BET.east": regime("BET", kind="treaty", to="ALF", now="lapsed")},
    },
}  # fmt: skip


def made(folder: Path, shape: Mapping[str, Any], beliefs: Mapping[str, str] | None = None) -> Case:
    strikes = STRIKES if shape.get("strikes") else {}
    return shaped_case(folder, shape.get("theatre", {}), shape.get("regimes"), {**strikes, **(beliefs or {})})


COVERED = ("bound to both sides", "promises against somebody", "posture of the challenger", "a treaty with a term")
"""Shapes of which another one has every part, too."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in COVERED else ()) for name in SHAPES]
)
def test_every_shape_equals_the_scalar_oracle(name: str, tmp_path: Path) -> None:
    case = made(tmp_path, SHAPES[name])
    draws = draw(case, seed=seeded(3), draws=2).draws
    result = solve(case, [BASE], draws)[BASE]
    end = settle(case, [BASE], draws)[BASE]
    prepared = prepare(case, BASE, draws)
    for index in range(2):
        oracle = Plain(prepared, index, end=end.values[..., index]).solve()
        for state in range(result.form.states):
            row = oracle[0, state]
            for role, actor in zip(result.form.anonymous().players, result.form.players, strict=True):
                assert result.values[actor][state, index] == pytest.approx(row[role], abs=1e-10), (actor, state)
            for response in RESPONDERS:
                assert result.best_responses[response][state, index] == pytest.approx(row[response], abs=1e-10)
            for event in (*EVENTS, "held"):
                assert result.tallies[event][state, index] == pytest.approx(row[event], abs=1e-10)


# --- what each shape must do -----------------------------------------------------------------------------------------


def soft(draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return draws in which players are so soft that there is one equilibrium, wherever the search for it begins."""
    return {**draws, "precision": np.full_like(draws["precision"], 10.0)}


def solved(case: Case, draws: Mapping[str, np.ndarray], **changes: Any) -> Solution:
    return solve(case, [BASE], {**draws, **changes})[BASE]


@pytest.mark.slow
def test_a_promise_to_both_sides_at_no_price_leaves_a_protector_free(tmp_path: Path) -> None:
    """A backer's place that costs nothing to leave and a side that it would never choose add nothing to a game of sharp players."""
    theatre = {"protectors": ["BET"], "backers": []}
    alone = shaped_case(tmp_path / "alone", theatre)
    both = shaped_case(tmp_path / "both", theatre | {"backers": ["BET"]})
    draws = draw(both, seed=seeded(4), draws=8).draws
    free = {
        "standing_aside.BET.challenger": np.zeros(8),
        "cost.war.protector": np.full(8, 5.0),
        "standing_aside.BET": np.full(8, 50.0),
    }
    for actor, values in solved(both, draws, **free).values.items():
        assert values == pytest.approx(solved(alone, draws, **free).values[actor], abs=1e-6)


def test_a_dearer_promise_to_the_challenger_helps_the_challenger(tmp_path: Path) -> None:
    case = shaped_case(tmp_path, {"protectors": ["BET"], "backers": ["BET"]})
    draws = draw(case, seed=seeded(5), draws=16).draws
    cheap = solved(case, draws, **{"standing_aside.BET.challenger": np.full(16, 0.0)})
    dear = solved(case, draws, **{"standing_aside.BET.challenger": np.full(16, 3.0)})
    both = cheap.settled & dear.settled
    assert both.sum() >= 8
    assert np.mean(dear.tallies["conquered"][0, both]) > np.mean(cheap.tallies["conquered"][0, both])


def test_arms_that_nobody_would_lose_change_nothing(tmp_path: Path) -> None:
    plain = shaped_case(tmp_path / "plain", {"protectors": ["BET"]})
    armed = shaped_case(tmp_path / "armed", {"protectors": ["BET"], "arms": {"ALF": "BET"}})
    draws = draw(armed, seed=seeded(6), draws=8).draws
    same = solved(armed, draws, **{"arms_lost.ALF": np.zeros(8)})
    for actor, values in solved(plain, draws).values.items():
        assert same.values[actor] == pytest.approx(values, abs=1e-12)


def test_a_protector_that_arms_the_challenger_deters_more(tmp_path: Path) -> None:
    """If it stands in, the challenger also loses its deliveries: it then conquers less often."""
    case = shaped_case(tmp_path, {"protectors": ["BET"], "arms": {"ALF": "BET"}})
    draws = draw(case, seed=seeded(7), draws=16).draws
    firm = {"standing_aside.BET": np.full(16, 5.0)}
    none = solved(case, draws, **firm, **{"arms_lost.ALF": np.zeros(16)})
    half = solved(case, draws, **firm, **{"arms_lost.ALF": np.full(16, 0.8)})
    both = none.settled & half.settled
    assert both.sum() >= 8
    assert np.all(half.best_responses["best"][0, both] <= none.best_responses["best"][0, both] + 1e-9)


def test_a_promise_that_never_binds_costs_nothing(tmp_path: Path) -> None:
    """Without strikers nobody strikes first, so a promise for that occasion alone is worth as much as one without a price."""
    bound = shaped_case(tmp_path / "bound", {"protectors": ["BET"], "promises": [{"by": "BET", "to": "GAM", "when": ["struck"]}]})  # fmt: skip
    free = shaped_case(tmp_path / "free", {"protectors": ["BET"]})
    draws = soft(draw(free, seed=seeded(8), draws=8).draws)
    never = solved(bound, draws, **{"standing_aside.BET": np.full(8, 3.0)})
    nothing = solved(free, draws, **{"standing_aside.BET": np.zeros(8)})
    for actor, values in nothing.values.items():
        assert never.values[actor] == pytest.approx(values, abs=1e-12)


@pytest.mark.slow
def test_a_promise_beside_an_ally_that_always_stands_in_binds_always(tmp_path: Path) -> None:
    theatre = {"protectors": ["BET", "DEL"]}
    beside = shaped_case(tmp_path / "beside", theatre | {"promises": [{"by": "DEL", "to": "GAM", "beside": ["BET"]}]})
    always = shaped_case(tmp_path / "always", theatre)
    draws = soft(draw(always, seed=seeded(9), draws=8).draws)
    for price, alike in ((500.0, True), (0.0, False)):
        prices = {"standing_aside.BET": np.full(8, price), "standing_aside.DEL": np.full(8, 2.0)}
        one, other = solved(beside, draws, **prices), solved(always, draws, **prices)
        same = np.allclose(one.values["DEL"], other.values["DEL"], atol=1e-9)
        assert same == alike


def test_a_lapsed_treaty_is_a_promise_without_a_price(tmp_path: Path) -> None:
    still: dict[str, Any] = {"loosened_by": [], "rallied_by": []}
    lapsed = shaped_case(tmp_path / "lapsed", {}, {"BET.treaty": regime("BET", kind="treaty", now="lapsed", **still)})
    free = shaped_case(tmp_path / "free", {})
    draws = soft(draw(lapsed, seed=seeded(10), draws=8).draws)
    never = {"loosens.BET.treaty": np.full(8, 1e-12), "firms.BET.treaty": np.full(8, 1e-12)}
    one = solved(lapsed, draws, **never, **{"standing_aside.BET": np.full(8, 3.0)})
    other = solved(free, draws, **{"standing_aside.BET": np.zeros(8)})
    state, both = one.form.index(), one.settled & other.settled
    assert both.sum() >= 6
    for actor, values in other.values.items():
        assert one.values[actor][state, both] == pytest.approx(values[0, both], abs=1e-4)


@pytest.mark.slow
def test_a_term_ends_in_its_year_unless_renewed(tmp_path: Path) -> None:
    """The treaty ends by the end of its horizon with the probability that it is not renewed, if nothing else ends it."""
    still: dict[str, Any] = {"loosened_by": [], "rallied_by": []}
    case = shaped_case(tmp_path, {}, {"BET.treaty": regime("BET", kind="treaty", term="2026-08-01", **still)})
    draws = draw(case, seed=seeded(11), draws=4).draws
    renewed = np.array([0.0, 0.3, 0.9, 1.0])
    result = solved(case, draws, **{"renewed.BET.treaty": renewed, "loosens.BET.treaty": np.full(4, 1e-15), "firms.BET.treaty": np.full(4, 0.1)})  # fmt: skip
    assert result.form.regimes[0].term == 2
    moves = Scenario(theatre="strait", type="revisionist", discount=0.92, outputs="moves")
    leaves = solve(case, [moves], {**draws, "renewed.BET.treaty": renewed, "loosens.BET.treaty": np.full(4, 1e-15)})[moves].tallies["leaves:BET.treaty"][0]  # fmt: skip
    over = result.tallies["fallen"][0] + result.tallies["conquered"][0]
    assert leaves == pytest.approx((1.0 - renewed), abs=float(np.max(over)) + 1e-9)
    assert leaves[3] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("term", "year"), [("2024-07-01", 0), ("2025-06-30", 0), ("2025-07-01", 1), ("2030-06-30", 5), ("2030-07-01", None)]
)
def test_the_year_of_a_term(term: str, year: int | None, tmp_path: Path) -> None:
    case = shaped_case(tmp_path, {}, {"BET.treaty": regime("BET", kind="treaty", term=term)})
    assert case.forms["strait"].regimes[0].term == year


def test_without_one_that_is_bound_to_both_sides_nobody_takes_its_place(tmp_path: Path) -> None:
    form = made(tmp_path, BOTH).forms["strait"]
    assert form.players == ("ALF", "GAM", "DEL", "BET", "EPS")
    without = form.with_only(frozenset({"GAM", "DEL"}))
    assert (without.protectors, without.backers) == (("DEL",), ("EPS",))


# --- events that multiply an input ----------------------------------------------------------------------------------------


def test_an_event_that_multiplies_an_input_is_the_game_with_that_input(tmp_path: Path) -> None:
    events = {
        "front": {"says": "Beta must watch a second front.", "multiply": {"reach.BET": 0.5, "personnel.BET": 0.5}},
        "price": {"says": "Pressing costs Alpha more.", "multiply": {"cost.press": 3}},
        "whole": {"says": "Beta brings all.", "multiply": {"reach.BET@strait": 10}},
    }
    case = shaped_case(tmp_path, {"protectors": ["BET"]}, events=events)
    draws = soft(draw(case, seed=seeded(13), draws=6).draws)
    draws["strike_instability"] = np.zeros(
        6
    )  # accidents are judged at the strength of today, which an event leaves as it is
    halved = {"reach.BET": 0.5 * draws["reach.BET"], "personnel.BET": 0.5 * draws["personnel.BET"]}
    for name, changes in (
        ("front", halved),
        ("price", {"cost.press": 3.0 * draws["cost.press"]}),
        ("whole", {"reach.BET": np.minimum(10.0 * draws["reach.BET"], 1.0)}),
    ):
        call = Call("risk", events=(name,), theatre="strait")
        game = with_events(case, Model("revisionist", 0.92), call).scenario
        assert game != BASE
        by_event = solve(case, [game], draws)[game]
        by_hand = solved(case, draws, **changes)
        both = by_hand.settled & by_event.settled
        assert both.sum() >= 4
        for actor, values in by_hand.values.items():
            assert by_event.values[actor][:, both] == pytest.approx(values[:, both], abs=1e-4), (
                name
            )  # both ends settle to a millionth


# --- who stands in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bound to both sides, with first strikes", "promises"])
def test_who_stands_in_equals_the_scalar_oracle(name: str, tmp_path: Path) -> None:
    case = made(tmp_path, SHAPES[name])
    draws = draw(case, seed=seeded(3), draws=2).draws
    result, end = solve(case, [BASE], draws)[BASE], settle(case, [BASE], draws)[BASE]
    for index in range(2):
        oracle = Plain(prepare(case, BASE, draws), index, end=end.values[..., index])
        oracle.solve()
        for role, slot in zip(result.form.anonymous().slots, result.form.slots, strict=True):
            standing = result.probabilities[stands_name(slot)]
            assert standing[0, index] == pytest.approx(oracle.standing[role.actor, role.partner], abs=1e-10)


def test_a_helper_for_which_standing_aside_is_ruinous_stands_in(tmp_path: Path) -> None:
    case = shaped_case(tmp_path, {"protectors": ["BET"], "backers": ["EPS"]}, claims={
        "C1": {"says": "Beta stands in.", "kind": "causal", "sources": ["book"], "holds": "p_stands(BET) > 0.5 and p_stands(EPS) < 0.5"}
    })  # fmt: skip
    draws = draw(case, seed=seeded(12), draws=8).draws
    ruin = {
        "standing_aside.BET": np.full(8, 50.0),
        "standing_aside.EPS": np.zeros(8),
        "cost.war.backer": np.full(8, 50.0),
    }
    result = solved(case, draws, **ruin)
    reader = Reader(case, Model("revisionist", 0.92), {BASE: result}, draws, {})
    assert reader.read(Call("p_stands", actor="BET", theatre="strait")) == pytest.approx(1.0)
    assert reader.read(Call("p_stands", actor="EPS", theatre="strait")) == pytest.approx(0.0, abs=1e-9)
