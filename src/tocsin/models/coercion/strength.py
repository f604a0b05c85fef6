"""Usable strength of the actors, year by year and regime by regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.stage import usable_factor

if TYPE_CHECKING:
    from tocsin.case.schema import Case


def strength(case: Case, scenario: Scenario, draws: Draws, state: int) -> dict[str, np.ndarray]:
    """Strength that each actor can bring to bear in a theatre, usable x reach x K^a N^(1-a).

    Args:
        case: a loaded case.
        scenario: theatre, spending paths and the like.
        draws: belief name -> (D,).
        state: regime state, as `Form.index` counts.

    Returns:
        actor -> (horizon + 1, D), in a unit of its own: only ratios within a world mean anything.
    """
    prepared = prepare(case, scenario, draws)
    form = prepared.form
    shape = form.anonymous()
    found: dict[str, np.ndarray] = {}
    for actor, role in zip(form.players, shape.players, strict=True):
        share = np.asarray(usable_factor(shape, prepared.parameters, role))
        found[actor] = share[state] * prepared.forces[role]
    return found
