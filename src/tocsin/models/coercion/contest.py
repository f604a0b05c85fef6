"""Strength, and who would win: what depends on the forces of a year. Arrays have axes (regime states, draws) or broadcast to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import Form, subsets
from tocsin.games.backend import computed_once
from tocsin.games.tree import Array
from tocsin.models.coercion.scenario import NO_FORCE

Parameters: TypeAlias = Mapping[str, Array]
"""Constant inputs of a scenario by name (see `prepare.Prepared`): arrays that broadcast to (regime states, draws)."""


def is_loose(form: Form, index: int) -> np.ndarray:
    """Return 1 in the states in which one regime is loose, else 0, (R, 1)."""
    return np.array([[float(state >> index & 1)] for state in range(form.states)])


def usable_factor(form: Form, parameters: Parameters, actor: str) -> Array:
    """Return the share (R, draws) of an actor's force that it can use: usability by posture, reach by alignment."""
    share = parameters[f"reach.{actor}"] * np.ones((form.states, 1))
    posture = form.posture_of(actor)
    if posture is None:
        share = share * parameters[f"usable.{actor}"]
    else:
        firm, loose = parameters[f"usable.{actor}.firm"], parameters[f"usable.{actor}.loose"]
        share = share * (firm + is_loose(form, posture) * (loose - firm))
    for index in form.regimes_of(actor, "alignment") if actor in form.helpers else ():
        reach = parameters[f"loose_reach.{form.regimes[index].name}"]
        share = share * (1.0 + is_loose(form, index) * (reach - 1.0))
    return share


def _log(strength: Array) -> Array:
    return jnp.log(jnp.maximum(strength, NO_FORCE))


def win_probabilities(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the probabilities (sets of helpers, 1, R, draws) that the challenger wins or loses a war, or wins a clash.

    They are those of an ordered logit in the log ratio x of strength: logit P(win) = m x - k_win, logit P(lose) = -m x - k_lose
    (McCullagh, Journal of the Royal Statistical Society B 42, 1980). The rest are draws.
    """
    defence = _totals(form, parameters, strength, form.protectors, form.backers, partial(_defence, form, parameters))
    attack = _totals(form, parameters, strength, form.backers, form.protectors, partial(_attack, form))
    log_ratio = _log(jnp.swapaxes(attack, 0, 1)) - _log(defence)
    log_ratio = log_ratio.reshape(-1, 1, *log_ratio.shape[2:])
    war, clash = (parameters[f"decisiveness.{kind}"] * log_ratio for kind in ("war", "clash"))
    return {
        "war.win": jax.nn.sigmoid(war - parameters["cutpoint.war.win"]),
        "war.lose": jax.nn.sigmoid(-war - parameters["cutpoint.war.lose"]),
        "clash.win": jax.nn.sigmoid(clash - parameters["cutpoint.clash.win"]),
    }


def accidents(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the yearly hazards (R, draws) of war by mistake; both rise with either side's usable strength."""
    total = sum((strength[actor] for actor in form.defenders), strength[form.challenger])
    armed = parameters["strike_instability"] * _log(total / jnp.maximum(parameters["armed_now"], NO_FORCE))
    return {
        "accident": jax.nn.sigmoid(parameters["accident"] + armed),
        "accident_after_clash": jax.nn.sigmoid(parameters["accident_after_clash"] + armed),
    }


def destroyed(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the share (R, draws) of the challenger's launchers that the first strike of each striker destroys.

    Blows fall at random on the launchers that can be found, so that some are hit twice: with b blows on n launchers the share
    exp(-b / n) of them survives.
    """
    exposed = 1.0 - parameters["hidden"] if form.strikers else 0.0
    return {
        f"destroyed.{actor}": exposed
        * -jnp.expm1(-parameters[f"blows.{actor}"] * strength[actor] / (exposed * parameters["launchers"]))
        for actor in form.strikers
    }


def _totals(
    form: Form,
    parameters: Parameters,
    strength: Mapping[str, Array],
    helpers: tuple[str, ...],
    others: tuple[str, ...],
    total: Callable[[Mapping[str, Array], frozenset[str]], Array],
) -> Array:
    """Return the strength of a side (sets of the other side's helpers, sets of its own helpers, R, draws).

    The first axis has length 1 unless somebody on this side has its arms from a helper of the other.
    """
    supplied = any(supplier in others for _, supplier in form.arms)
    rows = [
        total(_armed(form, parameters, strength, opposed), stand)
        for opposed in (subsets(others) if supplied else (frozenset[str](),))
        for stand in subsets(helpers)
    ]
    stacked = computed_once(lambda: jnp.stack(rows), rows)
    return stacked.reshape(-1, 2 ** len(helpers), *stacked.shape[1:])


def _armed(
    form: Form, parameters: Parameters, strength: Mapping[str, Array], opposed: frozenset[str]
) -> Mapping[str, Array]:
    """Return the strength of the actors if some helpers have taken the other side: it cuts off those whom they supply."""
    cut_off = [receiver for receiver, supplier in form.arms if supplier in opposed]
    return {**strength, **{actor: strength[actor] * (1.0 - parameters[f"arms_lost.{actor}"]) for actor in cut_off}}


def _attack(form: Form, strength: Mapping[str, Array], stand: frozenset[str]) -> Array:
    """Return the strength of the challenger and its supporters."""
    return sum((strength[backer] for backer in form.backers if backer in stand), strength[form.challenger])


def _defence(form: Form, parameters: Parameters, strength: Mapping[str, Array], stand: frozenset[str]) -> Array:
    """Return the strength of the target and its supporters; a protector loses reach if its host stands aside."""
    total = strength[form.target]
    hosts = dict(form.access)
    for protector in form.protectors:
        if protector in stand:
            part = strength[protector]
            if protector in hosts and hosts[protector] not in stand:
                part = part * (1.0 - parameters[f"access_lost.{protector}"])
            total = total + part
    return total
