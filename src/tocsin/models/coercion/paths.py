"""Follow the aim year by year: exact forward propagation of one scenario from one starting state."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import Form
from tocsin.games.compiled import compiled
from tocsin.games.stochastic import backward, occurrence
from tocsin.games.tree import Array
from tocsin.models.coercion.blocks import Packed, as_numpy
from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import settle
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
        settled: (D,) in which draws the game's stationary end is an equilibrium; elsewhere the path has no meaning.
    """

    levels: np.ndarray
    won: np.ndarray
    fallen: np.ndarray
    risk: np.ndarray
    war: np.ndarray
    struck: np.ndarray
    settled: np.ndarray


def paths(case: Case, scenario: Scenario, draws: Draws, state: int) -> Paths:
    """Propagate a scenario forward from the theatre's starting level and a regime state.

    Args:
        case: a loaded case.
        scenario: what is played.
        draws: belief name -> (D,); a few hundred worlds are enough for a picture.
        state: regime state at the start, as `Form.index` counts.
    """

    prepared = prepare(case, scenario, draws)
    packed = Packed.of(prepared)
    end = settle(case, [scenario], draws)[scenario]
    program = _compiled(packed.form.timeless(), packed.names)

    def work(columns: np.ndarray) -> dict[str, np.ndarray]:
        parameters, forces = packed.block(columns)
        values = packed.filled(end.values[: len(packed.form.players), ..., columns])
        results = as_numpy(program(parameters, forces, values, state))
        return {name: rows[..., : len(columns)] for name, rows in results.items()}

    blocks = [work(columns) for columns in packed.blocks()]
    joined = {name: np.concatenate([block[name] for block in blocks], axis=-1) for name in blocks[0]}
    return Paths(**joined, settled=end.settled)


@lru_cache(maxsize=16)
def _compiled(form: Form, names: tuple[str, ...]) -> Callable[..., dict[str, Array]]:
    def run(parameters: Array, forces: Array, end: Array, state: Array) -> dict[str, Array]:
        constants = dict(zip(names, parameters, strict=True))
        stage = make_stage(form, constants)
        every = dict(zip(form.yearly, forces, strict=True))
        years = jax.tree.map(lambda leaf: leaf[:-1], every)
        logit = channels(form, constants)
        _, choices = backward(stage, years, end, logit)
        mass = jnp.zeros_like(end[0]).at[form.start, state].set(1.0)
        occurred, waiting = occurrence(stage, years, choices, (*EVENTS, "over"), mass)
        events = {event: occurred[:, index] for index, event in enumerate(EVENTS)}
        return events | {"levels": jnp.sum(waiting[:, -1], axis=2)}

    return compiled(run, {"form": asdict(form), "names": names})
