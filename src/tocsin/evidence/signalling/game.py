"""The canonical crisis game with hidden types and its equilibria.

A leaves the status quo alone or challenges; B concedes or resists; A then stands firm or backs down. Payoffs of A: S_A at the status
quo, V_A when B concedes, W_A + e when both stand firm, a + e' when A backs down; of B: 0, C_B when it concedes, W_B + e'' and V_B. The
three shocks are standard normal, and only who bears one knows it (Lewis and Schultz 2003, Political Analysis 11(4); Jo 2011,
Political Analysis 19(3)). With p_R the chance that B resists and p_F the chance that A, having challenged, stands firm:

    c   = (S_A - (1 - p_R) V_A) / p_R                       A challenges if its better continuation is worth at least c
    p_C = 1 - F(c - a) F(c - W_A)
    p_F = F2((W_A - a) / sqrt 2, W_A - c; 1 / sqrt 2) / p_C
    p_R = F((p_F W_B + (1 - p_F) V_B - C_B) / p_F)

(Crisman-Cox and Gibilisco 2021, PSRM 9(3), eq. 1 to 5), F and F2 the normal distributions of one and two variables. An equilibrium is
a p_R that comes back through the three lines; a game may have several. It is sought as u, p_R = F(u).
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import log_ndtr, ndtr

from tocsin.games import backend  # noqa: F401 - sets up float64

PAYOFFS = ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")
OUTCOMES = ("status quo", "B concedes", "both stand firm", "A backs down")
MOST = 5
"""Equilibria within the search that are looked at."""
GRID = 241
FAR = 8.0
"""The search goes over u from -8 to 8 in 240 steps: p_R from 6e-16 to 1 - 6e-16."""
_HALVINGS = 60
_EDGE = 1e3
_NODES, _WEIGHTS = (jnp.asarray(each) for each in np.polynomial.legendre.leggauss(24))


class Chances(NamedTuple):
    """Of challenge, of resistance to one, and of standing firm after it."""

    challenge: Array
    resist: Array
    firm: Array


def both_above(h: Array, k: Array) -> Array:
    """P(X < h, Y < k) of standard normals with correlation 1 / sqrt 2 (Drezner and Wesolowsky 1990, by the angle of the correlation)."""
    angle = (_NODES + 1.0) * (jnp.pi / 8.0)
    square = (h * h + k * k - 2.0 * h * k * jnp.sin(angle)) / (2.0 * jnp.cos(angle) ** 2)
    return ndtr(h) * ndtr(k) + (_WEIGHTS * jnp.exp(-square)).sum() / 16.0


def answered(payoffs: Array, resist: Array) -> tuple[Array, Array]:
    """(challenge, firm) of A where B resists with a given chance.

    Args:
        payoffs: (7,) in the order of `PAYOFFS`.
        resist: chance in (0, 1).
    """
    s_a, v_a, _, w_a, _, back_down, _ = payoffs
    least = jnp.clip((s_a - (1.0 - resist) * v_a) / resist, -_EDGE, _EDGE)
    fight, yielding = log_ndtr(w_a - least), log_ndtr(back_down - least)
    challenge = jnp.exp(fight) + jnp.exp(yielding) - jnp.exp(fight + yielding)
    # where hardly anyone challenges, both continuations are never worth it at once
    rare = challenge < 1e-9
    ratio = both_above((w_a - back_down) / jnp.sqrt(2.0), w_a - least) / jnp.where(rare, 1.0, challenge)
    firm = jnp.where(rare, jax.nn.sigmoid(fight - yielding), ratio)
    return challenge, jnp.clip(firm, 1e-12, 1.0 - 1e-12)


def worth_of_resisting(payoffs: Array, firm: Array) -> Array:
    """The u with F(u) the chance that B resists where A stands firm with a given chance."""
    _, _, c_b, _, w_b, _, v_b = payoffs
    return (firm * w_b + (1.0 - firm) * v_b - c_b) / firm


def gap(payoffs: Array, u: Array) -> Array:
    """0 at an equilibrium."""
    return worth_of_resisting(payoffs, answered(payoffs, ndtr(u))[1]) - u


def chances(payoffs: Array, u: Array) -> Chances:
    """Of the three decisions at an equilibrium."""
    challenge, firm = answered(payoffs, ndtr(u))
    return Chances(challenge, ndtr(u), firm)


def log_outcomes(payoffs: Array, u: Array) -> Array:
    """(4,) log probabilities of `OUTCOMES` at an equilibrium."""
    s_a, v_a, _, w_a, _, back_down, _ = payoffs
    challenge, firm = answered(payoffs, ndtr(u))
    least = jnp.clip((s_a - (1.0 - ndtr(u)) * v_a) / ndtr(u), -_EDGE, _EDGE)
    quiet = log_ndtr(least - w_a) + log_ndtr(least - back_down)
    begun = jnp.log(jnp.maximum(challenge, 1e-300))
    return jnp.stack(
        [quiet, begun + log_ndtr(-u), begun + log_ndtr(u) + jnp.log(firm), begun + log_ndtr(u) + jnp.log1p(-firm)]
    )


@jax.jit
def equilibria(payoffs: Array) -> Array:
    """(games, 7) the equilibria u of each game, nan where there is none: up to five within the search, then its ends, -8 and 8, where
    an equilibrium lies beyond them.

    Args:
        payoffs: (games, 7).
    """
    return jax.vmap(_equilibria)(payoffs)


def _equilibria(payoffs: Array) -> Array:
    grid = jnp.linspace(-FAR, FAR, GRID)
    gaps = jax.vmap(partial(gap, payoffs))(grid)
    crossed = (gaps[:-1] > 0) != (gaps[1:] > 0)
    places = jnp.nonzero(crossed, size=MOST, fill_value=-1)[0]
    low, high = grid[places], grid[places + 1]
    sign = jnp.where(gaps[places] > 0, 1.0, -1.0)

    def halve(_: int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        left, right = ends
        middle = 0.5 * (left + right)
        up = sign * jax.vmap(partial(gap, payoffs))(middle) > 0
        return jnp.where(up, middle, left), jnp.where(up, right, middle)

    low, high = jax.lax.fori_loop(0, _HALVINGS, halve, (low, high))
    found = jnp.where(places >= 0, 0.5 * (low + high), jnp.nan)
    # B all but surely concedes, or all but surely resists
    ends = jnp.stack([jnp.where(gaps[0] < 0, -FAR, jnp.nan), jnp.where(gaps[-1] > 0, FAR, jnp.nan)])
    return jnp.concatenate([found, ends])
