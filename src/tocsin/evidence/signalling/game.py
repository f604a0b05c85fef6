"""The canonical crisis game with hidden types, and its equilibria.

A accepts the status quo or challenges; B concedes or resists; A then stands firm or backs down. A's payoffs are S_A at the status quo,
V_A if B concedes, W_A + e if both stand firm, and a + e' if A backs down. B's payoffs are 0 at the status quo, C_B if it concedes,
W_B + e'' if both stand firm, and V_B if A backs down. The three shocks are standard normal, and each is known only to the player that
receives it (Lewis and Schultz 2003, Political Analysis 11(4); Jo 2011, Political Analysis 19(3)). Let p_R be the probability that B
resists, p_F the probability that A, having challenged, stands firm, and p_C the probability that A challenges:

    c   = (S_A - (1 - p_R) V_A) / p_R                       A challenges if its better continuation is worth at least c
    p_C = 1 - F(c - a) F(c - W_A)
    p_F = F2((W_A - a) / sqrt 2, W_A - c; 1 / sqrt 2) / p_C
    p_R = F((p_F W_B + (1 - p_F) V_B - C_B) / p_F)

(Crisman-Cox and Gibilisco 2021, PSRM 9(3), eq. 1 to 5), where F and F2 are the normal distribution functions of one and two variables.
An equilibrium is a fixed point p_R of these equations; a game can have several. The search is over u, where p_R = F(u).
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import log_ndtr, ndtr

from tocsin.games.backend import compiled_lightly

PAYOFFS = ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")
OUTCOMES = ("status quo", "B concedes", "both stand firm", "A backs down")
MAX_EQUILIBRIA = 5
"""Equilibria inside the range of the search; any more are ignored."""
GRID = 241
MAX_U = 8.0
"""The search goes over u from -8 to 8 in 240 steps: p_R from 6e-16 to 1 - 6e-16."""
_HALVINGS = 60
_MAX_THRESHOLD = 1e3
_NODES, _WEIGHTS = (jnp.asarray(part) for part in np.polynomial.legendre.leggauss(24))


class Choices(NamedTuple):
    """Probabilities that A challenges, that B then resists, and that A then stands firm."""

    challenge: Array
    resist: Array
    firm: Array


def binormal(h: Array, k: Array) -> Array:
    """Return P(X < h, Y < k) for standard normals with correlation 1 / sqrt 2.

    The integral is over the angle of the correlation (Drezner and Wesolowsky 1990).
    """
    angle = (_NODES + 1.0) * (jnp.pi / 8.0)
    square = (h * h + k * k - 2.0 * h * k * jnp.sin(angle)) / (2.0 * jnp.cos(angle) ** 2)
    return ndtr(h) * ndtr(k) + (_WEIGHTS * jnp.exp(-square)).sum() / 16.0


def response_of_a(payoffs: Array, resist: Array) -> tuple[Array, Array]:
    """Return the probabilities that A challenges and that it then stands firm.

    Args:
        payoffs: (7,) in the order of `PAYOFFS`.
        resist: probability that B resists, in (0, 1).
    """
    s_a, v_a, _, w_a, _, back_down, _ = payoffs
    threshold = jnp.clip((s_a - (1.0 - resist) * v_a) / resist, -_MAX_THRESHOLD, _MAX_THRESHOLD)
    fight, yielding = log_ndtr(w_a - threshold), log_ndtr(back_down - threshold)
    challenge = jnp.exp(fight) + jnp.exp(yielding) - jnp.exp(fight + yielding)
    # if challenges are very rare, at most one continuation is worth a challenge
    rare = challenge < 1e-9
    ratio = binormal((w_a - back_down) / jnp.sqrt(2.0), w_a - threshold) / jnp.where(rare, 1.0, challenge)
    firm = jnp.where(rare, jax.nn.sigmoid(fight - yielding), ratio)
    return challenge, jnp.clip(firm, 1e-12, 1.0 - 1e-12)


def response_of_b(payoffs: Array, firm: Array) -> Array:
    """Return the u for which F(u) is the probability that B resists, given the probability that A stands firm."""
    _, _, c_b, _, w_b, _, v_b = payoffs
    return (firm * w_b + (1.0 - firm) * v_b - c_b) / firm


def gap(payoffs: Array, u: Array) -> Array:
    """Return by how much B's response differs from u; 0 at an equilibrium."""
    return response_of_b(payoffs, response_of_a(payoffs, ndtr(u))[1]) - u


def choices(payoffs: Array, u: Array) -> Choices:
    """Return the probabilities of the three choices at an equilibrium."""
    challenge, firm = response_of_a(payoffs, ndtr(u))
    return Choices(challenge, ndtr(u), firm)


def log_outcomes(payoffs: Array, u: Array) -> Array:
    """Return the log probabilities of `OUTCOMES` at an equilibrium, (4,)."""
    s_a, v_a, _, w_a, _, back_down, _ = payoffs
    challenge, firm = response_of_a(payoffs, ndtr(u))
    threshold = jnp.clip((s_a - (1.0 - ndtr(u)) * v_a) / ndtr(u), -_MAX_THRESHOLD, _MAX_THRESHOLD)
    quiet = log_ndtr(threshold - w_a) + log_ndtr(threshold - back_down)
    begun = jnp.log(jnp.maximum(challenge, 1e-300))
    return jnp.stack(
        [quiet, begun + log_ndtr(-u), begun + log_ndtr(u) + jnp.log(firm), begun + log_ndtr(u) + jnp.log1p(-firm)]
    )


@compiled_lightly
def equilibria(payoffs: Array) -> Array:
    """Return the equilibria u of each game, (games, 7), NaN where there are fewer.

    The first five columns are equilibria inside the search; the last two are its ends, -8 and 8, if an equilibrium lies beyond them.

    Args:
        payoffs: (games, 7).
    """
    return jax.vmap(_equilibria)(payoffs)


def _equilibria(payoffs: Array) -> Array:
    grid = jnp.linspace(-MAX_U, MAX_U, GRID)
    gaps = jax.vmap(partial(gap, payoffs))(grid)
    crossed = (gaps[:-1] > 0) != (gaps[1:] > 0)
    indices = jnp.nonzero(crossed, size=MAX_EQUILIBRIA, fill_value=-1)[0]
    low, high = grid[indices], grid[indices + 1]
    sign = jnp.where(gaps[indices] > 0, 1.0, -1.0)

    def halve(_: int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        left, right = ends
        middle = 0.5 * (left + right)
        up = sign * jax.vmap(partial(gap, payoffs))(middle) > 0
        return jnp.where(up, middle, left), jnp.where(up, right, middle)

    low, high = jax.lax.fori_loop(0, _HALVINGS, halve, (low, high))
    inside = jnp.where(indices >= 0, 0.5 * (low + high), jnp.nan)
    # B almost surely concedes, or almost surely resists
    ends = jnp.stack([jnp.where(gaps[0] < 0, -MAX_U, jnp.nan), jnp.where(gaps[-1] > 0, MAX_U, jnp.nan)])
    return jnp.concatenate([inside, ends])
