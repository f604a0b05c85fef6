"""Compute the usable strength of the actors by year and regime state, and what a war would bring the challenger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np

from tocsin.models.coercion.contest import usable_factor, win_probabilities
from tocsin.models.coercion.prepare import Draws, Forces, Prepared, prepare
from tocsin.models.coercion.scenario import Scenario

if TYPE_CHECKING:
    from tocsin.case.schema import Case


def strength(
    case: Case, scenario: Scenario, draws: Draws, state: int, known: Forces | None = None
) -> dict[str, np.ndarray]:
    """Return the strength that each actor can use in a theatre: usable x reach x K^a N^(1-a).

    Args:
        case: a loaded case.
        scenario: theatre, spending paths and the like.
        draws: belief name -> (D,).
        state: regime state, as `Form.index` counts.
        known: cache of forces for these draws; new ones are added.

    Returns:
        actor -> (horizon + 1, D). The unit is arbitrary: only ratios within a world have a meaning.
    """
    prepared = prepare(case, scenario, draws, known)
    roles = _by_role(prepared, state)
    return {
        actor: roles[role] for actor, role in zip(prepared.form.players, prepared.form.anonymous().players, strict=True)
    }


def _by_role(prepared: Prepared, state: int) -> dict[str, np.ndarray]:
    form = prepared.form.anonymous()
    shares = {role: np.asarray(usable_factor(form, prepared.parameters, role)) for role in form.players}
    return {role: share[state] * prepared.forces[role] for role, share in shares.items()}


@dataclass(frozen=True)
class War:
    """A war that the challenger fights against all defenders, without a backer.

    Attributes:
        won: (horizon + 1, D) probability in each year that it wins its whole aim.
        cost: (D,) what the war costs it, in its own whole aims.
    """

    won: np.ndarray
    cost: np.ndarray


def war_with_all(case: Case, scenario: Scenario, draws: Draws, state: int) -> War:
    """Return the challenger's prospects in a war against all defenders, by year; arguments as in `strength`."""
    prepared = prepare(case, scenario, draws)
    form, parameters = prepared.form.anonymous(), prepared.parameters
    odds = win_probabilities(form, parameters, {name: jnp.asarray(x) for name, x in _by_role(prepared, state).items()})
    without_backers = 2 ** len(form.protectors) - 1
    won = np.asarray(odds["war.win"])[without_backers, 0] * parameters["conquest"]
    cost = (parameters["cost.war.challenger"] + parameters["shadow"]) / parameters["aim.challenger"]
    return War(won, cost)
