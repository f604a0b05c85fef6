"""Compute the usable strength of the actors by year and regime state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.stage import usable_factor

if TYPE_CHECKING:
    from tocsin.case.schema import Case


def strength(case: Case, scenario: Scenario, draws: Draws, state: int) -> dict[str, np.ndarray]:
    """Return the strength that each actor can use in a theatre: usable x reach x K^a N^(1-a).

    Args:
        case: a loaded case.
        scenario: theatre, spending paths and the like.
        draws: belief name -> (D,).
        state: regime state, as `Form.index` counts.

    Returns:
        actor -> (horizon + 1, D). The unit is arbitrary: only ratios within a world have a meaning.
    """
    prepared = prepare(case, scenario, draws)
    form = prepared.form
    shape = form.anonymous()
    strengths: dict[str, np.ndarray] = {}
    for actor, role in zip(form.players, shape.players, strict=True):
        share = np.asarray(usable_factor(shape, prepared.parameters, role))
        strengths[actor] = share[state] * prepared.forces[role]
    return strengths
