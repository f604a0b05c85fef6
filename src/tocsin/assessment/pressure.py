"""Hold the pressure of a theatre's first year against what history lets one expect of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from tocsin.assessment.ensemble import Ensemble, base_scenario
from tocsin.assessment.health_result import PressureLevel
from tocsin.assessment.weighting import effective, normalised
from tocsin.case.pressure import expected_pressure, looking_back
from tocsin.models.coercion.history import present_pressure


def pressure_levels(ensembles: Iterable[Ensemble]) -> tuple[PressureLevel, ...]:
    """Return the levels of each theatre whose pressure comes from history, by challenger type.

    Args:
        ensembles: those of single theatres.
    """
    return tuple(level for ensemble in ensembles for level in _levels(ensemble))


def _levels(ensemble: Ensemble) -> Iterator[PressureLevel]:
    case, (theatre,) = ensemble.case, ensemble.theatres
    expected = expected_pressure(case, theatre)
    if expected is None:
        return
    before, past = normalised(ensemble.log_weights), looking_back(case, theatre)
    for kind in case.types:
        solution, weights = ensemble.solutions[base_scenario(case, theatre, kind)], ensemble.weight(kind)
        chance = present_pressure(case, solution, ensemble.worlds.draws)
        yield PressureLevel(
            theatre=theatre,
            type=kind,
            expected=expected.chance.band,
            mean=expected.chance.mean,
            source=expected.source,
            origin=expected.origin,
            before=float(np.sum(before * chance)),
            after=float(np.sum(weights * chance)),
            effective_draws=effective(weights),
            past=past,
        )
