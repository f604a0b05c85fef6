"""Drivers of claims: what a test reads, and what moves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.support import minimal_case

from tocsin.assessment import estimates
from tocsin.assessment.drivers import MAX_DRIVERS, Margins, drivers, signed_ranks
from tocsin.assessment.reads import Reads, Trace
from tocsin.case import Case

WORLDS = 400


def margins(values: np.ndarray, points: dict[str, np.ndarray], **changes: object) -> Margins:
    fields = {"worlds": "w", "points": points, "margin": values, "weights": np.full(len(values), 1 / len(values))}
    return Margins(**{"pool": 1.0, **fields, **changes})  # type: ignore[arg-type]


def inputs(count: int, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {f"x{index}": rng.random(WORLDS) for index in range(count)}


def test_the_drivers_are_those_that_move_the_margin_largest_share_first() -> None:
    points = inputs(30)
    (rows,) = drivers([[margins(points["x3"] + 2.0 * points["x7"], points)]], seed=1)
    assert [row.input for row in rows] == ["x7", "x3"]
    assert [row.share for row in rows] == pytest.approx([0.8, 0.2], abs=0.05)
    assert all(row.low <= row.share <= row.high for row in rows)


def test_undefined_worlds_count_for_nothing_and_a_claim_that_never_varies_has_no_driver() -> None:
    points = inputs(5)
    values = np.where(points["x1"] > 0.5, np.nan, points["x0"])
    (rows, none, empty) = drivers([[margins(values, points)], [margins(np.ones(WORLDS), points)], []], seed=1)
    assert [row.input for row in rows] == ["x0"]
    assert none == () and empty == ()


def test_an_input_that_is_certain_moves_nothing(tmp_path: Path) -> None:
    """A fixed input has points like any other, and chance may tie them to a margin."""
    case = case_with(tmp_path, "input(ppp_weight) > 0.5")
    (test,) = case.tests["C1"].values()
    assert case.distributions["personnel.BET"].is_certain
    assert [*estimates.margins(case, test, 1, ["personnel.BET", "ppp_weight"]).points] == ["ppp_weight"]


def test_at_most_five_drivers_are_named() -> None:
    points = inputs(10)
    (rows,) = drivers([[margins(np.sum(list(points.values()), axis=0), points)]], seed=1)
    assert len(rows) == MAX_DRIVERS


def test_types_are_pooled_by_their_weight() -> None:
    points = inputs(4)
    groups = [margins(points["x0"], points, pool=0.75), margins(points["x1"], points, pool=0.25)]
    (rows,) = drivers([groups], seed=1)
    assert {row.input: row.share for row in rows} == pytest.approx({"x0": 0.75, "x1": 0.25}, abs=0.03)


@given(arrays(float, 12, elements=st.sampled_from([-np.inf, -2.0, -1.0, 0.0, 0.5, 3.0, np.inf, np.nan])))
def test_signed_ranks_keep_sign_and_order(margin: np.ndarray) -> None:
    ranks = signed_ranks(margin, np.full(12, 1 / 12))
    known = ~np.isnan(margin)
    assert np.array_equal(np.isnan(ranks), ~known)
    assert np.array_equal(np.sign(ranks[known]), np.sign(margin[known]))
    order = np.argsort(margin[known], kind="stable")
    assert np.all(np.diff(ranks[known][order]) >= -1e-12)
    assert np.all(np.abs(ranks[known]) <= 1.0)


# --- what tests read ---------------------------------------------------------------------------------------------------


def case_with(folder: Path, text: str) -> Case:
    """Return the case with a test in place of the first claim's."""
    return minimal_case(
        folder,
        replace={
            'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
            '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}': f'holds: "{text}"}}'
        },
    )


def reads(folder: Path, text: str) -> frozenset[str]:
    """Return the beliefs that a test reads, written in place of the first claim's."""
    case = case_with(folder, text)
    return Reads(case).of(case.tests["C1"][""])


def test_a_test_of_one_hazard_reads_that_hazard_alone(tmp_path: Path) -> None:
    assert reads(tmp_path, "hazard(GAM.alignment, leave) > 0.05 per year") == {"loosens.GAM.alignment"}
    assert reads(tmp_path, "input(toppling) > 2 * input(widening)") == {"toppling", "widening"}


def test_a_test_of_strength_reads_what_arms_one_side(tmp_path: Path) -> None:
    read = reads(tmp_path, "strength_at(2030, ALF) > 0")
    assert {"spending.ALF", "usable.ALF", "capital_share"} <= read
    assert read.isdisjoint({"precision", "cost.press", "stray", "loosens.GAM.alignment"})


def test_a_test_of_a_game_reads_the_inputs_of_the_game_but_not_those_of_the_record(tmp_path: Path) -> None:
    read = reads(tmp_path, "loss_aim(ALF, rise) > 0.02")
    assert {"precision", "cost.press", "spending.ALF", "usable.BET.loose", "aim.security"} <= read
    assert read.isdisjoint({"stray", "stray.concession"})


def test_judgements_set_equal_are_read_as_the_first_of_them(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    read = Reads(case).of(case.tests["C2"]["moved"])
    assert "susceptibility.BET.posture" in read
    assert "susceptibility.GAM.alignment" not in read


def test_a_trace_remembers_what_is_read_and_not_what_is_looked_for() -> None:
    trace = Trace({"a": np.zeros(1), "b": np.ones(1)})
    assert "b" in trace and len(trace) == 2 and trace["a"] == 0.0
    assert trace.read == {"a"}
