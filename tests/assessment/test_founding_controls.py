"""The controls of the founding case: which measures see what they must, and that none sees what is not there."""

from __future__ import annotations

import pytest

from tocsin.assessment import games
from tocsin.assessment.comparisons import compared
from tocsin.assessment.controls import ControlRuns
from tocsin.case import load

pytestmark = [pytest.mark.numeric, pytest.mark.slow]

WORLDS = 512
SEEN = ("equal_rise",)
UNSEEN = ("dent", "p_war", "risk", "signal")
"""Measures for which a positive control stays below the claims' thresholds. Tests that use them decide nothing."""

MISSED = pytest.mark.xfail(reason="a positive control does not register", raises=AssertionError, strict=True)


@pytest.fixture(scope="module")
def runs() -> ControlRuns:
    def quiet(_stage: str, _share: float) -> None: ...

    case = load("japan-buildup")
    central, _ = games._central(case, 1, WORLDS, quiet)
    return ControlRuns(case, games._controlled(central, WORLDS, quiet))


def test_every_measure_of_the_case_is_controlled(runs: ControlRuns) -> None:
    assert {row.quantity for row in runs.rows} == {*SEEN, *UNSEEN}
    assert {row.event for row in runs.rows} == set(runs.case.controls.events)


@pytest.mark.parametrize("quantity", [*SEEN, *(pytest.param(name, marks=MISSED) for name in UNSEEN)])
def test_positive_controls_register(runs: ControlRuns, quantity: str) -> None:
    rows = [row for row in runs.rows if row.positive and row.quantity == quantity]
    if not rows:
        pytest.fail("no test of the case uses this measure", pytrace=False)
    missed = [f"{row.event} in {row.theatre}: {row.exceeds:.2f} of worlds" for row in rows if not row.registers]
    assert missed == []


def test_negative_controls_do_not_register(runs: ControlRuns) -> None:
    rows = [row for row in runs.rows if not row.positive]
    assert rows and [row.quantity for row in rows if row.registers] == []


def test_what_misses_a_control_decides_nothing(runs: ControlRuns) -> None:
    tests = [test for tests in runs.case.tests.values() for test in tests.values()]
    deciding = [item for test in tests if runs.unseen(test) is None for item in compared(runs.case, test)]
    assert {item.call.name for item in deciding} == set(SEEN)
