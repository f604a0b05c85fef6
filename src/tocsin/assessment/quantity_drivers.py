"""Drivers of the quantities of the games: the inputs that explain why a quantity differs between worlds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.assessment.drivers import Margins, drivers
from tocsin.assessment.ensemble import Ensembles
from tocsin.assessment.reads import Reads
from tocsin.assessment.result import QuantityDrivers
from tocsin.assessment.situations import central_models
from tocsin.case.events import touches
from tocsin.case.nodes import Call

PRESENT = ("risk", "p_war", "fall", "struck", "preventive_years", "p_press")
"""Quantities of the present world of each theatre that are explained."""

MOST = 3
"""Inputs of a quantity whose shares are computed."""


def quantity_drivers(ensembles: Ensembles, reads: Reads, seed: int) -> tuple[QuantityDrivers, ...]:
    """Return the inputs that move the main quantities of the run, with their shares of the variance over worlds.

    These are the present world's levels, and what each event of the main theatre takes from the challenger, as a share of all that
    deterrence costs it. One rule tells signal from noise over all of them, see `screening`.
    """
    listed = _calls(ensembles)
    margins = [_margins(ensembles, reads, call) for call in listed.values()]
    driver_rows = drivers(margins, seed, MOST)
    return tuple(QuantityDrivers(id=name, drivers=rows) for name, rows in zip(listed, driver_rows, strict=True) if rows)


def _calls(ensembles: Ensembles) -> dict[str, Call]:
    """Return the quantities, by their id in the table of quantities; controls, which only few worlds solve, are left out."""
    case = next(iter(ensembles.values())).case
    present = {f"{name}@{theatre}": Call(name, theatre=theatre) for theatre in case.theatres for name in PRESENT}
    events = (name for name, event in case.events.items() if touches(case, event, case.main))
    return present | {
        f"dent({name})": Call("dent", events=(name,), theatre=case.main)
        for name in events
        if name not in case.controls.events
    }


def _margins(ensembles: Ensembles, reads: Reads, call: Call) -> Sequence[Margins]:
    ensemble = ensembles[str(call.theatre),]
    beliefs = ensemble.case.distributions
    points = {
        name: ensemble.worlds.points[name] for name in sorted(reads.of_call(call)) if not beliefs[name].is_certain
    }
    types = ensemble.case.types
    groups = []
    for model in central_models(ensemble.case):
        values = np.broadcast_to(ensemble.reader(model).read(call), ensemble.worlds.size)
        groups.append(Margins(ensemble.theatres, points, values, ensemble.weight(model.type), types[model.type].weight))
    return groups
