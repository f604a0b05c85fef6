"""The signalling game of words, with every payoff in log odds, so that it can be differentiated.

`models/signal.py` describes the game. Here a payoff is multiplied by the precision with which the challenger chooses: data on
choices identify nothing else. The challenger's log odds of a choice at height h are

    home h - price h² - act [costly act] + relief s [alarmed] - bluff h (1 - s) [posturing]

where s is the probability that the other side slows down after it. The other side slows down with log odds caution (danger b - 1),
where b is its belief that the challenger is alarmed, by Bayes' rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.games import backend  # noqa: F401 - sets up float64

HEIGHTS: Mapping[str, float] = {"silence": 0.0, "commentary": 1 / 3, "statement": 2 / 3, "leader": 1.0}
"""Rung -> height of the words."""
ACTS = ("words", "act")
"""No costly act, and a costly act."""
CHOICES = tuple((rung, act) for rung in HEIGHTS for act in ACTS)
ROUNDS = 80
"""Steps of the damped iteration. From the pooling answer it comes to rest in 99 % of prior draws."""
DAMPING = 0.5
SETTLED = 1e-6
"""Largest change of a probability in one more step at which a solution counts as an equilibrium."""

_HEIGHT = np.array([HEIGHTS[rung] for rung, _ in CHOICES])
_ACT = np.array([float(act == "act") for _, act in CHOICES])


class Payoffs(NamedTuple):
    """Payoffs in log odds; the other side's are in its cost of slowing down, and `prior` is a probability."""

    home: Any
    price: Any
    act: Any
    bluff: Any
    relief: Any
    danger: Any
    caution: Any
    prior: Any


class Solution(NamedTuple):
    """An equilibrium.

    Attributes:
        alarmed, posturing: (8,) log probabilities of `CHOICES`, by type.
        residual: largest change of the other side's answers in one more step of the iteration.
    """

    alarmed: Array
    posturing: Array
    residual: Array


def solve(payoffs: Payoffs) -> Solution:
    """Return the equilibrium that damped iteration reaches from the answer to a choice that says nothing.

    It can be differentiated: the derivative of the fixed point comes from the implicit function theorem.
    """
    fixed = jax.lax.stop_gradient(payoffs)
    slow = jnp.full(len(CHOICES), _slow(fixed, fixed.prior))
    slow = jax.lax.fori_loop(0, ROUNDS, lambda _, s: (1 - DAMPING) * s + DAMPING * _answers(fixed, s), slow)
    slow = jax.lax.stop_gradient(slow)
    jacobian = jax.jacfwd(lambda s: _answers(fixed, s))(slow)
    gap = _answers(payoffs, slow) - slow
    slow = slow + jnp.linalg.solve(jnp.eye(len(CHOICES)) - jacobian, gap)
    alarmed, posturing = _chosen(payoffs, slow)
    residual = jnp.abs(_answers(fixed, jax.lax.stop_gradient(slow)) - slow).max()
    return Solution(alarmed, posturing, jnp.where(jnp.isfinite(residual), residual, jnp.inf))


def _answers(payoffs: Payoffs, slow: Array) -> Array:
    """Return the probabilities that the other side slows down after each choice, given that the challenger expects `slow`."""
    alarmed, posturing = _chosen(payoffs, slow)
    log_odds = jnp.log(payoffs.prior) - jnp.log1p(-payoffs.prior) + alarmed - posturing
    return _slow(payoffs, jax.nn.sigmoid(log_odds))


def _slow(payoffs: Payoffs, belief: Array) -> Array:
    return jax.nn.sigmoid(payoffs.caution * (payoffs.danger * belief - 1.0))


def _chosen(payoffs: Payoffs, slow: Array) -> tuple[Array, Array]:
    own = payoffs.home * _HEIGHT - payoffs.price * _HEIGHT**2 - payoffs.act * _ACT
    alarmed = own + payoffs.relief * slow
    posturing = own - payoffs.bluff * _HEIGHT * (1.0 - slow)
    return jax.nn.log_softmax(alarmed), jax.nn.log_softmax(posturing)
