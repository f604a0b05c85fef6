"""The principal branch of logit equilibria, followed from precision 0 by predictor and corrector, for many games at once.

The logit agent equilibria of a game with precisions (lambda_1, ..., lambda_I) times t solve, for every action s of
player i that is not the first, s0, of its information set,

    F(y, t) = y(s) - t lambda_i (Q(s) - Q(s0)) = 0,    y(s) = log p(s) / p(s0)

(McKelvey and Palfrey 1998, eq. 6). At t = 0 play is uniform. From there a curve of solutions, the principal branch, leads
almost always to one sequential equilibrium as t grows (their theorem 4; Turocy, Games and Economic Behavior 51, 2005, for
following it). It is followed by its arc length (Keller; Allgower and Georg, Introduction to Numerical Continuation
Methods, 2003), so that it may turn back in t: a prediction along the tangent, then Newton's method across it.

Every draw is at a stage of its own, prediction or correction; one turn of the loop is one Newton step of each. How far
along the curve it is, is measured by `sharpness`, t times the largest lambda_i times spread of payoffs, so that steps mean
the same in every unit of payoff.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tocsin.games.agents import AgentForm
from tocsin.games.elimination import solve_linear
from tocsin.games.tree import Array

FIRST_STEP, LEAST_STEP = 0.3, 1e-10
"""Length of the first step along the branch, in log-odds; a shorter one than the least is given up."""

SHRINKAGE, GROWTH = 0.3, 3.0
"""How many times as long as the last step the next may be, at least and at most."""

NEAR, FAR = 0.1, 0.3
"""How far a prediction should be off the branch, by which the next step's length is set, and how far it may be."""

ROUGH, CLOSE = 1e-3, 1e-9
"""Last Newton step, in log-odds, after which a point is on the branch: on the way, and at a mark."""

CONTRACTION, MAX_CORRECTIONS, MAX_TURN = 0.5, 8, 0.7
"""A step is tried again at half its length if a Newton step is not this much shorter than the one before, if so many do
not suffice, or if the tangent turns so much that the cosine between old and new is below."""

CROSSING_STEP = 1e-4
"""Where the slopes' determinant changes its sign within a step as short as this, another branch is crossed; within a longer
one, the step has jumped to another branch and is tried again."""

MAX_TURNS = 20_000
"""Newton steps after which a game is given up."""


class Branch(NamedTuple):
    """What was found at each mark; marks K first, draws last.

    Attributes:
        odds: (K, S - H, D) log-odds of each action against its information set's first.
        reached: (K, D) bool.
        folds: (D,) how often the branch turned back in t on the way.
        crossings: (D,) how often it met another branch, where the principal branch is not unique.
        steps: (D,) Newton steps taken.
        pending: (D,) bool: those that were not waited for.
    """

    odds: Array
    reached: Array
    folds: Array
    crossings: Array
    steps: Array
    pending: Array


def _gap(form: AgentForm, precision: Array, odds: Array) -> tuple[Array, Array, Array]:
    """F (n, D), its derivatives by log-odds (n, n, D), and Q - Q0 (n, D), given lambda_i (n, D) of each action's player."""
    log_strategy = form.log_strategy(odds)
    values, spread = form.action_values(log_strategy)
    slopes = form.slopes(log_strategy, spread)
    gains = (values - values[form.first_of])[form.others]
    by_odds = precision[:, None] * (slopes - slopes[form.first_of])[form.others]
    return odds - precision * gains, jnp.eye(len(form.others))[:, :, None] - by_odds, gains


@dataclass(frozen=True)
class _Curve:
    """F in sharpness tau instead of t.

    Attributes:
        form: the game.
        scale: (n, D) lambda_i / sharpness at t = 1.
        sharpness: (D,) at t = 1.
    """

    form: AgentForm
    scale: Array
    sharpness: Array

    @classmethod
    def of(cls, form: AgentForm, precision: Array) -> _Curve:
        """The curve of a game with precisions (I, D) at t = 1."""
        span = jnp.max(form.payoffs, axis=1) - jnp.min(form.payoffs, axis=1)
        sharpness = jnp.max(precision * span, axis=0)
        scale = precision / jnp.where(sharpness > 0, sharpness, 1.0)
        return cls(form, scale[form.player_of][form.others], sharpness)

    def at(self, point: Array) -> tuple[Array, Array]:
        """F (n, D) and its derivatives (n, n + 1, D) by log-odds and tau at a point (n + 1, D)."""
        gap, slopes, gains = _gap(self.form, point[-1] * self.scale, point[:-1])
        return gap, jnp.concatenate([slopes, -(self.scale * gains)[:, None]], axis=1)


class _State(NamedTuple):
    """Where each draw is; all arrays end with D.

    Attributes:
        base, tangent: the last point on the branch, log-odds and sharpness (n + 1, D), and its unit tangent.
        length: of the step from there.
        point: what is corrected now; `aiming`: whether at a mark's sharpness rather than across the tangent.
        tries, last, first: Newton steps made in this correction, the size of the last and of the first.
        sign: of the slopes' determinant at the base, 0 before there is one.
        mark: how many marks are reached; `odds`, `reached` at each.
        folds, crossings, steps: see `Branch`; `lost`: given up.
    """

    base: Array
    tangent: Array
    length: Array
    point: Array
    aiming: Array
    tries: Array
    last: Array
    first: Array
    sign: Array
    mark: Array
    odds: Array
    reached: Array
    folds: Array
    crossings: Array
    steps: Array
    lost: Array


def follow(form: AgentForm, precision: Array, marks: Array, wait_for: Array | float = 1.0) -> Branch:
    """Follow the principal branch of every draw to each mark.

    Args:
        form: the game.
        precision: (I, D) lambda_i >= 0 at t = 1, finite.
        marks: (K,) values of t, 0 or more and ascending, at which the equilibrium is asked for: the first point of the
            branch at each.
        wait_for: share of the draws, in (0, 1], that is followed to the end; the slowest others are left pending.

    Returns:
        The log-odds at each mark. Nothing is differentiated; see `polished` for derivatives.
    """
    curve = _Curve.of(form, precision)
    aims = marks[:, None] * curve.sharpness[None]
    left = (1.0 - wait_for) * aims.shape[1]

    def going(state: _State) -> Array:
        return jnp.sum(_going(aims, state)) > left

    state = lax.while_loop(going, lambda state: _turn(curve, aims, state), _start(curve, aims))
    return Branch(state.odds, state.reached, state.folds, state.crossings, state.steps, _going(aims, state))


def points(form: AgentForm, precision: Array) -> tuple[np.ndarray, np.ndarray]:
    """The principal branch of one game, point by point as it is followed, around its folds too.

    Args:
        form: a game of one draw.
        precision: (I, 1) lambda_i >= 0 at t = 1, finite.

    Returns:
        (P,) values of t from 0 to 1, not always ascending, and (P, S) probabilities of all actions. If the branch is lost
        on the way, the last t is below 1.
    """
    curve = _Curve.of(form, precision)
    aims = curve.sharpness[None]
    turn, state = jax.jit(lambda state: _turn(curve, aims, state)), _start(curve, aims)
    bases = [state.base]
    while _going(aims, state).all():
        state = turn(state)
        if not bool(jnp.array_equal(state.base, bases[-1])):
            bases.append(state.base)
    table = jnp.concatenate(bases, axis=-1)
    whole = float(curve.sharpness[0])
    chances = np.exp(np.asarray(form.log_strategy(table[:-1])))
    return np.asarray(table[-1]) / (whole or 1.0), chances.T


def _start(curve: _Curve, aims: Array) -> _State:
    """Uniform play, at precision 0."""
    size, draws, count = len(curve.form.others), curve.sharpness.shape[0], aims.shape[0]
    none, zero = jnp.zeros(draws), jnp.zeros(draws, dtype=int)
    return _State(
        base=jnp.zeros((size + 1, draws)),
        tangent=jnp.zeros((size + 1, draws)).at[-1].set(1.0),
        length=none,
        point=jnp.zeros((size + 1, draws)),
        aiming=none > 0,
        tries=none,
        last=none,
        first=none,
        sign=none,
        mark=zero,
        odds=jnp.zeros((count, size, draws)),
        reached=jnp.zeros((count, draws), dtype=bool),
        folds=zero,
        crossings=zero,
        steps=zero,
        lost=none > 0,
    )


def _aim(aims: Array, state: _State) -> Array:
    """(D,) the sharpness at the next mark."""
    return jnp.take_along_axis(aims, jnp.minimum(state.mark, aims.shape[0] - 1)[None], axis=0)[0]


def _going(aims: Array, state: _State) -> Array:
    """(D,) which draws are under way."""
    return (state.mark < aims.shape[0]) & ~state.lost


class _Newton(NamedTuple):
    """One Newton step: the new point, the tangent there, the step's size, the sign of the slopes' determinant."""

    point: Array
    tangent: Array
    size: Array
    sign: Array


def _turn(curve: _Curve, aims: Array, state: _State) -> _State:
    """One Newton step of every draw that is under way, and what follows from it."""
    going = _going(aims, state)
    newton = _newton(curve, state)
    there, failed = _judged(aims, state, newton)
    state = _kept(state, newton, there & going, failed & going)
    state = _aimed(aims, state, newton, there | failed)
    return state._replace(
        steps=state.steps + going,
        lost=state.lost | (going & failed & (state.length < LEAST_STEP)) | (state.steps >= MAX_TURNS),
    )


def _newton(curve: _Curve, state: _State) -> _Newton:
    """Back to the branch, across the tangent; or at the mark's precision, where that is aimed at."""
    along = jnp.zeros_like(state.base).at[-1].set(1.0)
    border = jnp.where(state.aiming, along, state.tangent)
    off, slopes = curve.at(state.point)
    right = jnp.zeros((state.base.shape[0], 2, state.base.shape[1])).at[:-1, 0].set(-off).at[-1, 1].set(1.0)
    solved, sign = solve_linear(jnp.concatenate([slopes, border[None]], axis=0), right)
    change, ahead = solved[:, 0], solved[:, 1]
    return _Newton(
        point=state.point + change,
        tangent=ahead / jnp.sqrt(jnp.sum(ahead * ahead, axis=0)),
        size=jnp.sqrt(jnp.sum(change * change, axis=0)),
        sign=sign,
    )


def _judged(aims: Array, state: _State, newton: _Newton) -> tuple[Array, Array]:
    """Whether the new point is on the branch, and whether the step that led there must be tried again, shorter."""
    aim = _aim(aims, state)
    small = jnp.where(state.aiming, CLOSE, ROUGH)
    broken = ~(jnp.isfinite(newton.size) & jnp.isfinite(newton.tangent).all(axis=0))
    bent = (state.tries == 0) & (newton.size > FAR)
    stuck = (state.tries > 0) & (newton.size > CONTRACTION * state.last)
    # at a mark, what rounding leaves of a sharp game is taken; its residual says how good it is
    noise = state.aiming & stuck & (newton.size <= ROUGH)
    slow = stuck & (newton.size > small) & ~noise
    failed = broken | bent | slow | (state.tries >= MAX_CORRECTIONS)
    there = ~failed & ((newton.size <= small) | noise)
    turned = jnp.sum(newton.tangent * state.tangent, axis=0) < MAX_TURN
    jumped = _flipped(state, newton) & (state.length > CROSSING_STEP)
    passed = ~state.aiming & (state.base[-1] < aim) & (newton.point[-1] >= aim)
    elsewhere = there & (state.sign != 0) & (turned | jumped | passed)
    return there & ~elsewhere, failed | elsewhere


def _flipped(state: _State, newton: _Newton) -> Array:
    return (state.sign != 0) & (newton.sign != state.sign)


def _kept(state: _State, newton: _Newton, there: Array, failed: Array) -> _State:
    """The new point written down where it is on the branch; the length of the next step."""
    hit = there & state.aiming
    here = hit & (jnp.arange(state.reached.shape[0])[:, None] == state.mark)
    first = jnp.where(state.tries == 0, newton.size, state.first)
    suited = state.length * jnp.clip(jnp.sqrt(NEAR / jnp.maximum(first, LEAST_STEP)), SHRINKAGE, GROWTH)
    longer = jnp.where(state.sign == 0, FIRST_STEP, jnp.where(hit, jnp.maximum(suited, state.length), suited))
    return state._replace(
        base=jnp.where(there, newton.point, state.base),
        tangent=jnp.where(there, newton.tangent, state.tangent),
        length=jnp.where(there, longer, jnp.where(failed, 0.5 * state.length, state.length)),
        sign=jnp.where(there, newton.sign, state.sign),
        mark=state.mark + hit,
        odds=jnp.where(here[:, None], newton.point[None, :-1], state.odds),
        reached=state.reached | here,
        folds=state.folds + (there & (newton.tangent[-1] * state.tangent[-1] < 0)),
        crossings=state.crossings + (there & _flipped(state, newton)),
        first=first,
    )


def _aimed(aims: Array, state: _State, newton: _Newton, fresh: Array) -> _State:
    """The next point to look at: where a step begins anew (`fresh`), a prediction along the branch or, if that is nearer,
    to the mark; elsewhere the corrected point."""
    pace = state.tangent[-1]
    needed = (_aim(aims, state) - state.base[-1]) / jnp.where(pace > 0, pace, 1.0)
    aiming = (pace > 0) & (needed >= 0) & (needed <= state.length)
    predicted = state.base + jnp.where(aiming, needed, state.length) * state.tangent
    return state._replace(
        point=jnp.where(fresh, predicted, newton.point),
        aiming=jnp.where(fresh, aiming, state.aiming),
        tries=jnp.where(fresh, 0, state.tries + 1),
        last=newton.size,
    )


def polished(form: AgentForm, precision: Array, odds: Array) -> Array:
    """Log-odds (n, D) after one more Newton step at t = 1; `precision` is (I, D).

    Derivatives by payoffs, chances and precision flow through this step, whose slopes are held: they are those of the
    implicit function theorem, dy = -F_y^-1 F_theta dtheta.
    """
    odds = lax.stop_gradient(odds)
    gap, slopes, _ = _gap(form, precision[form.player_of][form.others], odds)
    change, _ = solve_linear(lax.stop_gradient(slopes), gap[:, None])
    return odds - change[:, 0]
