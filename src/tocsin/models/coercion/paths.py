"""Where the aim stands year by year: exact forward propagation of one scenario from one starting state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.games.backend import COMPILER_OPTIONS, use_disk_cache
from tocsin.games.stochastic import Values, backward, occurrence
from tocsin.games.tree import Array
from tocsin.models.coercion.form import Form, Scenario
from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.solve import BLOCK, YEARS_FIRST, compiled, padded, status_quo
from tocsin.models.coercion.stage import channels, make_stage, yearly

if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.case.schema import Case

EVENTS = ("won", "fallen", "risk", "war")


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Probabilities by the end of each year, years first, draws last.

    Attributes:
        levels: (years, L, D) that the aim stands at level l; with `won` and `fallen` they sum to one.
        won: (years, D) that the aim is reached whole.
        fallen: (years, D) that the challenger has fallen.
        risk: (years, D) that the aim has exceeded its start.
        war: (years, D) that war has come by any path.
    """

    levels: np.ndarray
    won: np.ndarray
    fallen: np.ndarray
    risk: np.ndarray
    war: np.ndarray


def paths(case: Case, scenario: Scenario, draws: Draws, state: int) -> Paths:
    """Propagate a scenario forward from the theatre's starting level and a regime state.

    Args:
        case: a loaded case.
        scenario: what is played.
        draws: belief name -> (D,); at most a few hundred worlds are needed for a picture.
        state: regime state at the start, as `Form.index` counts.
    """
    use_disk_cache()
    prepared = prepare(case, scenario, draws)
    shape = prepared.form.anonymous()
    size = len(prepared.parameters["precision"])
    blocks = []
    for at in range(0, size, BLOCK):
        part = slice(at, min(at + BLOCK, size))
        parameters = {name: padded(values, part) for name, values in prepared.parameters.items()}
        forces = {name: padded(values, part) for name, values in prepared.forces.items()}
        _, end = compiled(shape, False)(parameters, forces, status_quo(shape, parameters), YEARS_FIRST)
        found = _compiled(shape)(parameters, forces, end, state)
        blocks.append({name: np.asarray(values)[..., : part.stop - part.start] for name, values in found.items()})
    joined = {name: np.concatenate([block[name] for block in blocks], axis=-1) for name in blocks[0]}
    return Paths(**joined)


@lru_cache(maxsize=16)
def _compiled(form: Form) -> Callable[..., dict[str, Array]]:
    def run(parameters: dict[str, Array], forces: dict[str, Array], end: Values, state: Array) -> dict[str, Array]:
        stage = make_stage(form, parameters)
        years = jax.tree.map(lambda leaf: leaf[:-1], yearly(form, parameters, forces))
        players: Values = {name: end[name] for name in form.players}
        _, choices = backward(stage, years, players, channels(form, parameters, responders=False))
        mass = jnp.zeros_like(end[form.challenger]).at[form.start, state].set(1.0)
        found: dict[str, Any] = {}
        for event in EVENTS:
            found[event], _ = occurrence(stage, years, choices, event, mass)
        _, waiting = occurrence(stage, years, choices, "over", mass)
        return found | {"levels": jnp.sum(waiting, axis=2)}

    return jax.jit(run, compiler_options=COMPILER_OPTIONS)
