"""Year 1 of a game in one world as a tree of numbers, with the solved years after it as payoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from tocsin.case.form import Form
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.games.recursion import Choices
from tocsin.games.stochastic import StageForm, backward, solve_year
from tocsin.models.coercion.blocks import Packed
from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import settle
from tocsin.models.coercion.stage import channels, make_stage
from tocsin.translation import message


@dataclass(frozen=True, kw_only=True)
class FirstYear:
    """The game of year 1 in one world. Arrays have the axes (sets of helpers,) levels, regime states and draws; there is one draw.

    Attributes:
        form: the game with actors' names.
        roles: actor -> its name in the tree.
        tree: the year, see `games.stochastic.StageForm`; its payoffs are in units of the challenger's whole aim.
        choices: solved probabilities, by decision and action.
        values: actor -> value (levels, regime states) of the whole game from year 1 on.
        stakes: actor -> what its lifetime stake is, in the same unit.
        precision: of choice, per unit of a player's own stake.
    """

    form: Form
    roles: Mapping[str, str]
    tree: StageForm
    choices: Choices
    values: Mapping[str, np.ndarray]
    stakes: Mapping[str, float]
    precision: float


def first_year(case: Case, scenario: Scenario, draws: Draws) -> FirstYear:
    """Return year 1 of a game in one world.

    Args:
        case: a loaded case.
        scenario: the game.
        draws: belief name -> (1,) value in the world.

    Raises:
        InputError: if the model lacks an input.
        SolveError: if the years after the horizon do not settle in this world.
    """
    game = prepare(case, scenario, draws)
    end = settle(case, [scenario], draws)[scenario]
    if not end.settled.all():
        raise SolveError(
            message("the game in theatre `{theatre}` does not settle in this world", theatre=scenario.theatre),
            remedy=message("name another --world"),
        )
    packed = Packed.of(game)
    form, constants = packed.form, dict(zip(packed.names, map(jnp.asarray, packed.parameters), strict=True))
    players, stage = channels(form, constants), make_stage(form, constants)
    years = dict(zip(form.yearly, map(jnp.asarray, packed.forces[:, :-1]), strict=True))
    later = {name: force[1:] for name, force in years.items()}
    following, _ = backward(stage, later, jnp.asarray(end.values[: len(form.players)]), players)
    now = {name: force[0] for name, force in years.items()}
    values, choices = solve_year(stage, now, following, players)
    roles = dict(zip(game.form.players, form.players, strict=True))
    return FirstYear(
        form=game.form,
        roles=roles,
        tree=stage(now, following, players),
        choices=choices,
        values={actor: np.asarray(values[form.players.index(role)])[..., 0] for actor, role in roles.items()},
        stakes={actor: float(game.parameters[f"scale.{role}"][0]) for actor, role in roles.items()},
        precision=float(game.parameters["precision"][0]),
    )
