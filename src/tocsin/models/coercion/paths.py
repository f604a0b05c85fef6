"""Follow the aim year by year: exact forward propagation of one scenario from one starting state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import Form
from tocsin.games.backend import COMPILER_OPTIONS
from tocsin.games.stochastic import backward, occurrence
from tocsin.games.tree import Array
from tocsin.models.coercion.blocks import Packed, in_blocks
from tocsin.models.coercion.prepare import Draws
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import YEARS_FIRST, YEARS_MORE
from tocsin.models.coercion.stage import channels, make_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.case.schema import Case

EVENTS = ("won", "fallen", "risk", "war", "struck")


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Probabilities by the end of each year, years first, draws last.

    Attributes:
        levels: (years, L, D) that the aim is at level l; with `won` and `fallen` they sum to one.
        won: (years, D) that the aim is reached whole.
        fallen: (years, D) that the challenger has fallen.
        risk: (years, D) that the aim has exceeded its start.
        war: (years, D) that war has come by any path.
        struck: (years, D) that the challenger has been struck first.
    """

    levels: np.ndarray
    won: np.ndarray
    fallen: np.ndarray
    risk: np.ndarray
    war: np.ndarray
    struck: np.ndarray


def paths(case: Case, scenario: Scenario, draws: Draws, state: int) -> Paths:
    """Propagate a scenario forward from the theatre's starting level and a regime state.

    Args:
        case: a loaded case.
        scenario: what is played.
        draws: belief name -> (D,); a few hundred worlds are enough for a picture.
        state: regime state at the start, as `Form.index` counts.
    """

    def work(_scenario: Scenario, packed: Packed, part: slice) -> dict[str, np.ndarray]:
        inputs, form = packed.cut(part), packed.prepared.form.anonymous()
        _, end = packed.program(*inputs, packed.status_quo(part), YEARS_FIRST + YEARS_MORE, 0)
        results = _compiled(form, tuple(packed.prepared.parameters))(*inputs, end, state)
        return {name: np.asarray(values) for name, values in results.items()}

    size = len(next(iter(draws.values())))
    ((_, blocks),) = in_blocks(case, (scenario,), draws, work)
    return Paths(**{name: np.concatenate([block[name] for block in blocks], axis=-1)[..., :size] for name in blocks[0]})


@lru_cache(maxsize=16)
def _compiled(form: Form, names: tuple[str, ...]) -> Callable[..., dict[str, Array]]:
    def run(parameters: Array, forces: Array, end: Array, state: Array) -> dict[str, Array]:
        constants = dict(zip(names, parameters, strict=True))
        stage = make_stage(form, constants)
        every = dict(zip(form.players, forces, strict=True))
        years = jax.tree.map(lambda leaf: leaf[:-1], every)
        logit = channels(form, constants)
        _, choices = backward(stage, years, end[: len(form.players)], logit)
        mass = jnp.zeros_like(end[0]).at[form.start, state].set(1.0)
        occurred, waiting = occurrence(stage, years, choices, (*EVENTS, "over"), mass)
        events = {event: occurred[:, index] for index, event in enumerate(EVENTS)}
        return events | {"levels": jnp.sum(waiting[:, -1], axis=2)}

    return jax.jit(run, compiler_options=COMPILER_OPTIONS)
