"""The compiled programs of a form of game: one searches for the stationary end, one plays the years of the horizon.

Arguments and results are arrays with draws last; names of actors are roles (see `Form.anonymous`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache, partial
from typing import TypeAlias

import jax.numpy as jnp
from jax import export

from tocsin.case.form import INSTRUMENTS, Form
from tocsin.games.compiled import compiled
from tocsin.games.recursion import Channels, Choices
from tocsin.games.stationary import Search, search, year_of
from tocsin.games.stochastic import Stage, Years, solve_horizon, solve_year
from tocsin.games.tree import Array
from tocsin.models.coercion.scenario import HELD, ONE_YEAR, Outputs, channels_of, risk_by, stands_name, war_by
from tocsin.models.coercion.stage import channels, decision_name, make_stage

Settle: TypeAlias = Callable[[Array, Array, Search, int], Search]
"""(parameters (names, D), forces of the last year (players, D), search, draws that may wait) -> the search when it pauses."""

Play: TypeAlias = Callable[[Array, Array, Array, int], tuple[Array, dict[str, Array]]]
"""(parameters, forces (players, years, D), values after the horizon, years played) -> (values of the channels (channels, R, D) at the
starting level, probabilities in year 1 (R, D))."""


export.register_namedtuple_serialization(Search, serialized_name="tocsin.games.stationary.Search")


@lru_cache(maxsize=64)
def settling(form: Form, names: tuple[str, ...], responders: tuple[str, ...]) -> Settle:
    """Return the program that continues a search for the end of the players' and responders' values, in their own stakes.

    `names` are those of the parameters.
    """

    def run(parameters: Array, forces: Array, state: Search, waiting: Array) -> Search:
        constants = dict(zip(names, parameters, strict=True))
        carried = channels(form, constants, responders)
        shape = (len(carried.names), form.levels, form.states, parameters.shape[-1])
        last = dict(zip(form.yearly, forces, strict=True))
        year = year_of(make_stage(form, constants), last, shape, carried)
        roles = (*form.players, *[form.challenger] * len(responders))
        stakes = jnp.stack([constants[f"scale.{role}"] for role in roles])
        scale = jnp.repeat(stakes, form.levels * form.states, axis=0)
        return search(lambda points, share: year(scale * points, share) / scale, state, waiting)

    return compiled(run, {"form": asdict(form), "names": names, "responders": responders})


@lru_cache(maxsize=64)
def playing(form: Form, names: tuple[str, ...], outputs: Outputs) -> Play:
    """Return the program that plays the horizon; `outputs` are computed beside the players' values."""

    def run(parameters: Array, forces: Array, end: Array, within: Array) -> tuple[Array, dict[str, Array]]:
        constants = dict(zip(names, parameters, strict=True))
        carried = channels(form, constants, *channels_of(form, outputs))
        stage, years = make_stage(form, constants), dict(zip(form.yearly, forces, strict=True))
        now = {actor: force[0] for actor, force in years.items()}

        def report(choices: Choices) -> dict[str, Array]:
            occurs = _occurs(form, stage, now, end[0], choices)
            return chosen(form, end[0], choices) | occurs | _standing(form, end[0], choices)

        until = {risk_by(year): year for year in form.milestones}
        until |= {war_by(year): year for year in form.war_years}
        solved = solve_horizon(
            stage,
            years,
            end,
            carried,
            Years(within=within, until=until, lasting=frozenset({HELD})),
            report=report,
            blank=dict.fromkeys(
                (*INSTRUMENTS, "concede", "back_down", *ONE_YEAR, *map(stands_name, form.slots)),
                jnp.zeros(end.shape[2:]),
            ),
        )
        in_years = carried.stack(dict.fromkeys(carried.names, 1.0) | {HELD: float(form.horizon)})
        return in_years[:, None, None] * solved.values[:, form.start], solved.first

    return compiled(run, {"form": asdict(form), "names": names, "outputs": outputs})


def _occurs(form: Form, stage: Stage, forces: Mapping[str, Array], like: Array, choices: Choices) -> dict[str, Array]:
    """Return the probabilities, at the starting level, that events occur in year 1."""
    alone = Channels(precision={}, tallies={event: event for event in ONE_YEAR})
    none = jnp.zeros((len(ONE_YEAR), *like.shape))
    values, _ = solve_year(stage, forces, none, alone, fixed=choices)
    return dict(zip(ONE_YEAR, values[:, form.start], strict=True))


def _standing(form: Form, like: Array, choices: Choices) -> dict[str, Array]:
    """Return the probabilities in year 1, at the starting level, that each helper supports its side once the challenger attacks."""
    sets = jnp.ones((1, *like.shape[1:]))
    probabilities = {}
    for slot in form.slots:
        support = _here(form, like, choices[decision_name("attack", form, slot)]["support"])
        probabilities[stands_name(slot)] = jnp.sum(sets * support, axis=0)
        sets = jnp.concatenate([sets * (1.0 - support), sets * support])
    return probabilities


def _here(form: Form, like: Array, array: Array) -> Array:
    """Return an array over sets of helpers at the starting level."""
    return jnp.broadcast_to(array, (len(array), *like.shape))[:, form.start]


def chosen(form: Form, like: Array, choices: Choices) -> dict[str, Array]:
    """Return year-1 probabilities at the starting level: of each instrument, of a concession, and of backing down."""

    here = partial(_here, form, like)
    stands = jnp.ones((1, *like.shape[1:]))
    for slot in form.slots:
        support = here(choices[decision_name("press", form, slot)]["support"])
        stands = jnp.concatenate([stands * (1.0 - support), stands * support])
    probabilities = {instrument: here(choices["instrument"][instrument])[0] for instrument in INSTRUMENTS}
    probabilities["concede"] = here(choices["answer"]["concede"])[0]
    probabilities["back_down"] = jnp.sum(stands * here(choices["escalate"]["back_down"]), axis=0)
    return probabilities
