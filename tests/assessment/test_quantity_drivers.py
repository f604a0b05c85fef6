"""Drivers of quantities: only inputs that a quantity reads, with shares inside their intervals; the same seed gives the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment.ensemble import Ensembles, conditioned, scenarios_for
from tocsin.assessment.quantity_drivers import MOST, PRESENT, quantity_drivers
from tocsin.assessment.reads import Reads
from tocsin.assessment.situations import central_models
from tocsin.assessment.worlds import draw
from tocsin.case.nodes import Call

pytestmark = pytest.mark.numeric

WORLDS = 256


@pytest.mark.slow
def test_quantities_are_moved_by_inputs_that_they_read(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    (theatre,) = case.theatres
    calls = {f"{name}@{theatre}": Call(name, theatre=theatre) for name in PRESENT}
    calls |= {f"dent({name})": Call("dent", events=(name,), theatre=theatre) for name in case.events}
    base = conditioned(case, (theatre,), draw(case, seed=1, draws=WORLDS), np.zeros(WORLDS))
    ensembles: Ensembles = {(theatre,): base.with_games(scenarios_for(case, central_models(case), calls.values()))}
    reads = Reads(case)
    rows = quantity_drivers(ensembles, reads, 1)
    assert rows and rows == quantity_drivers(ensembles, reads, 1)
    for row in rows:
        assert row.id in calls
        assert 1 <= len(row.drivers) <= MOST
        inputs = {driver.input for driver in row.drivers}
        assert inputs <= reads.of_call(calls[row.id])
        assert not any(case.distributions[name].is_certain for name in inputs)
        assert all(driver.low <= driver.share + 0.05 and driver.share <= driver.high + 0.05 for driver in row.drivers)
