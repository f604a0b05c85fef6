"""Follow the principal branch of logit equilibria from precision 0 by predictor and corrector, for many games at once.

The logit agent equilibria of a game with precisions t (lambda_1, ..., lambda_I) solve, for every action s of player i except the
first action s0 of its information set,

    F(y, t) = y(s) - t lambda_i (Q(s) - Q(s0)) = 0,    y(s) = log p(s) / p(s0)

(McKelvey and Palfrey 1998, eq. 6). At t = 0 play is uniform. The principal branch is the curve of solutions that begins there.
As t grows, it leads to a sequential equilibrium in almost all games (their theorem 4). Turocy (Games and Economic Behavior 51,
2005) follows it numerically. The branch may turn back in t, so it is parametrised by arc length (Keller; Allgower and Georg,
Introduction to Numerical Continuation Methods, 2003): predict along the tangent, then correct across it by Newton's method.

Each draw is in its own phase, prediction or correction; one pass of the loop is one Newton step of each draw. The position along
the curve is measured by `sharpness`, which is t times the largest product of a lambda_i and its player's spread of payoffs. So
steps do not depend on the unit of payoffs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tocsin.games.agents import AgentForm
from tocsin.games.elimination import solve_bordered
from tocsin.games.tree import Array

FIRST_STEP, MIN_STEP = 0.3, 1e-10
"""Length of the first step along the branch, in log odds, and the length below which the branch counts as lost."""

SHRINKAGE, GROWTH = 0.3, 3.0
"""Smallest and largest ratio of a step to the one before."""

TARGET_ERROR, MAX_ERROR = 0.1, 0.3
"""Distance of a prediction from the branch: the one that sets the step length, and the largest that is accepted."""

ROUGH, CLOSE = 1e-3, 1e-9
"""A point counts as on the branch if the last Newton step, in log odds, is at most this: between marks, and at a mark."""

CONTRACTION, MAX_CORRECTIONS, MIN_COSINE = 0.5, 8, 0.7
"""A step is retried at half its length if a Newton step is longer than `CONTRACTION` times the one before, if `MAX_CORRECTIONS`
steps do not suffice, or if the cosine between the old and new tangents is below `MIN_COSINE`."""

CROSSING_STEP = 1e-4
"""If the determinant of the slopes changes sign within a step of at most this length, the branch crosses another one. Within a
longer step, the sign shows that the step jumped to another branch; the step is retried."""

MAX_STEPS = 20_000
"""Newton steps after which the branch counts as lost."""


class Branch(NamedTuple):
    """The equilibria on the principal branch at K marks; arrays have marks first and draws last.

    Attributes:
        log_odds: (K, S - H, D) of each action against the first action of its information set.
        reached: (K, D) whether the mark was reached.
        folds: (D,) number of times the branch turned back in t.
        crossings: (D,) number of times it met another branch, where its continuation is not unique.
        steps: (D,) number of Newton steps.
        pending: (D,) whether the draw was abandoned because it was among the slowest.
    """

    log_odds: Array
    reached: Array
    folds: Array
    crossings: Array
    steps: Array
    pending: Array


class _Slopes(NamedTuple):
    """The derivatives of F by log odds, with the log odds of independent agents (`AgentForm.independent`) first.

    Among these the derivatives are the identity.

    Attributes:
        upper: (n1, n2, D) of the independent agents by the others' log odds.
        lower: (n2, n1, D) of the others by the independent agents' log odds.
        corner: (n2, n2, D) of the others by their own.
    """

    upper: Array
    lower: Array
    corner: Array


def _order(form: AgentForm) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the log odds of independent agents and of the others."""
    return np.flatnonzero(form.independent), np.flatnonzero(~form.independent)


def _gap(form: AgentForm, precision: Array, log_odds: Array) -> tuple[Array, _Slopes, Array]:
    """Return F (n, D), its derivatives by log odds, and Q - Q0 (n, D), given lambda_i (n, D) of each action's player."""
    log_strategy = form.log_strategy(log_odds)
    values, spread = form.action_values(log_strategy)
    gains = (values - values[form.first_of])[form.others]
    free, rest = _order(form)

    def slopes(rows: np.ndarray, columns: np.ndarray) -> Array:
        return -precision[rows][:, None] * form.gain_slopes(log_strategy, spread, rows, columns)

    corner = jnp.eye(len(rest))[:, :, None] + slopes(rest, rest)
    return log_odds - precision * gains, _Slopes(slopes(free, rest), slopes(rest, free), corner), gains


@dataclass(frozen=True)
class _Curve:
    """F as a function of sharpness tau instead of t.

    Attributes:
        form: the game.
        scale: (n, D) lambda_i divided by the sharpness at t = 1.
        sharpness: (D,) at t = 1.
    """

    form: AgentForm
    scale: Array
    sharpness: Array

    @classmethod
    def of(cls, form: AgentForm, precision: Array) -> _Curve:
        """Return the curve of a game with precisions (I, D) at t = 1."""
        span = jnp.max(form.payoffs, axis=1) - jnp.min(form.payoffs, axis=1)
        sharpness = jnp.max(precision * span, axis=0)
        scale = precision / jnp.where(sharpness > 0, sharpness, 1.0)
        return cls(form, scale[form.player_of][form.others], sharpness)

    def gap(self, point: Array) -> tuple[Array, _Slopes, Array]:
        """Return F (n, D) and its derivatives by log odds and by tau (n, D) at a point (n + 1, D)."""
        gap, slopes, gains = _gap(self.form, point[-1] * self.scale, point[:-1])
        return gap, slopes, -(self.scale * gains)


class _State(NamedTuple):
    """The progress of each draw; all arrays have draws last.

    Attributes:
        base, tangent: last point on the branch (n + 1, D), log odds and sharpness, and the unit tangent there.
        length: of the step from the base.
        point: the point being corrected.
        aiming: whether the correction holds sharpness at a mark's value, instead of moving across the tangent.
        tries, last, first: number of Newton steps in this correction, and the sizes of the last and the first.
        sign: of the determinant of the slopes at the base; 0 at the start.
        mark: number of marks reached.
        log_odds, reached, folds, crossings, steps: see `Branch`.
        lost: whether the branch is lost.
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
    log_odds: Array
    reached: Array
    folds: Array
    crossings: Array
    steps: Array
    lost: Array


def follow(form: AgentForm, precision: Array, marks: Array, wait_for: Array | float = 1.0) -> Branch:
    """Follow the principal branch of every draw to each mark.

    The result cannot be differentiated; that of `polished` can.

    Args:
        form: the game.
        precision: (I, D) lambda_i >= 0 at t = 1, finite.
        marks: (K,) requested values of t, 0 or more and ascending; the result is the first point of the branch at each.
        wait_for: share of the draws, in (0, 1], that is followed to the end; the slowest draws are left pending.
    """
    curve = _Curve.of(form, precision)
    aims = marks[:, None] * curve.sharpness[None]
    max_pending = (1.0 - wait_for) * aims.shape[1]

    def unfinished(state: _State) -> Array:
        return jnp.sum(_active(aims, state)) > max_pending

    state = lax.while_loop(unfinished, lambda state: _advance(curve, aims, state), _start(curve, aims))
    return Branch(state.log_odds, state.reached, state.folds, state.crossings, state.steps, _active(aims, state))


def points(form: AgentForm, precision: Array) -> tuple[np.ndarray, np.ndarray]:
    """Return all points of the principal branch of one game, including those at folds.

    Args:
        form: a game of one draw.
        precision: (I, 1) lambda_i >= 0 at t = 1, finite.

    Returns:
        (P,) values of t from 0 to 1, not always ascending, and (P, S) probabilities of all actions. If the branch is lost, the
        last t is below 1.
    """
    curve = _Curve.of(form, precision)
    aims = curve.sharpness[None]
    advance, state = jax.jit(lambda state: _advance(curve, aims, state)), _start(curve, aims)
    bases = [state.base]
    while _active(aims, state).all():
        state = advance(state)
        if not bool(jnp.array_equal(state.base, bases[-1])):
            bases.append(state.base)
    table = jnp.concatenate(bases, axis=-1)
    end = float(curve.sharpness[0])
    probabilities = np.exp(np.asarray(form.log_strategy(table[:-1])))
    return np.asarray(table[-1]) / (end or 1.0), probabilities.T


def _start(curve: _Curve, aims: Array) -> _State:
    """Return the state at precision 0, uniform play."""
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
        log_odds=jnp.zeros((count, size, draws)),
        reached=jnp.zeros((count, draws), dtype=bool),
        folds=zero,
        crossings=zero,
        steps=zero,
        lost=none > 0,
    )


def _aim(aims: Array, state: _State) -> Array:
    """Return the sharpness (D,) at the next mark."""
    return jnp.take_along_axis(aims, jnp.minimum(state.mark, aims.shape[0] - 1)[None], axis=0)[0]


def _active(aims: Array, state: _State) -> Array:
    """Return which draws (D,) have marks left and are not lost."""
    return (state.mark < aims.shape[0]) & ~state.lost


class _Newton(NamedTuple):
    """A Newton step: the new point, the tangent there, the size of the step, the sign of the determinant of the slopes."""

    point: Array
    tangent: Array
    size: Array
    sign: Array


def _advance(curve: _Curve, aims: Array, state: _State) -> _State:
    """Make one Newton step in every active draw, and accept, retry or continue."""
    active = _active(aims, state)
    newton = _newton(curve, state)
    accepted, failed = _judge(aims, state, newton)
    state = _record(state, newton, accepted & active, failed & active)
    state = _predict(aims, state, newton, accepted | failed)
    return state._replace(
        steps=state.steps + active,
        lost=state.lost | (active & failed & (state.length < MIN_STEP)) | (state.steps >= MAX_STEPS),
    )


def _newton(curve: _Curve, state: _State) -> _Newton:
    """Make a Newton step across the tangent or, if `aiming`, at the mark's sharpness."""
    along = jnp.zeros_like(state.base).at[-1].set(1.0)
    border = jnp.where(state.aiming, along, state.tangent)
    gap, slopes, by_tau = curve.gap(state.point)
    free, rest = _order(curve.form)
    beyond = np.append(rest, len(gap))  # the last row and column are those of the border and of tau
    lower = jnp.concatenate([slopes.lower, border[None, free]])
    upper = jnp.concatenate([slopes.upper, by_tau[free, None]], axis=1)
    corner = jnp.concatenate([slopes.corner, by_tau[rest, None]], axis=1)
    corner = jnp.concatenate([corner, border[None, beyond]])
    right = jnp.zeros((state.base.shape[0], 2, state.base.shape[1])).at[:-1, 0].set(-gap).at[-1, 1].set(1.0)
    first, last, sign = solve_bordered(upper, lower, corner, right[free], right[beyond])
    solution = jnp.zeros_like(right).at[free].set(first).at[beyond].set(last)
    change, ahead = solution[:, 0], solution[:, 1]
    return _Newton(
        point=state.point + change,
        tangent=ahead / jnp.sqrt(jnp.sum(ahead * ahead, axis=0)),
        size=jnp.sqrt(jnp.sum(change * change, axis=0)),
        sign=sign,
    )


def _judge(aims: Array, state: _State, newton: _Newton) -> tuple[Array, Array]:
    """Return whether the new point is on the branch, and whether the step must be retried at half its length."""
    aim = _aim(aims, state)
    small = jnp.where(state.aiming, CLOSE, ROUGH)
    broken = ~(jnp.isfinite(newton.size) & jnp.isfinite(newton.tangent).all(axis=0))
    inexact = (state.tries == 0) & (newton.size > MAX_ERROR)
    stuck = (state.tries > 0) & (newton.size > CONTRACTION * state.last)
    # in a sharp game, rounding may stop Newton's method early at a mark: accept the point, whose residual says how exact it is
    noise = state.aiming & stuck & (newton.size <= ROUGH)
    slow = stuck & (newton.size > small) & ~noise
    failed = broken | inexact | slow | (state.tries >= MAX_CORRECTIONS)
    accepted = ~failed & ((newton.size <= small) | noise)
    turned = jnp.sum(newton.tangent * state.tangent, axis=0) < MIN_COSINE
    jumped = _flipped(state, newton) & (state.length > CROSSING_STEP)
    passed = ~state.aiming & (state.base[-1] < aim) & (newton.point[-1] >= aim)
    astray = accepted & (state.sign != 0) & (turned | jumped | passed)
    return accepted & ~astray, failed | astray


def _flipped(state: _State, newton: _Newton) -> Array:
    return (state.sign != 0) & (newton.sign != state.sign)


def _record(state: _State, newton: _Newton, accepted: Array, failed: Array) -> _State:
    """Store the accepted points and set the length of the next step."""
    hit = accepted & state.aiming
    here = hit & (jnp.arange(state.reached.shape[0])[:, None] == state.mark)
    first = jnp.where(state.tries == 0, newton.size, state.first)
    proposed = state.length * jnp.clip(jnp.sqrt(TARGET_ERROR / jnp.maximum(first, MIN_STEP)), SHRINKAGE, GROWTH)
    longer = jnp.where(state.sign == 0, FIRST_STEP, jnp.where(hit, jnp.maximum(proposed, state.length), proposed))
    return state._replace(
        base=jnp.where(accepted, newton.point, state.base),
        tangent=jnp.where(accepted, newton.tangent, state.tangent),
        length=jnp.where(accepted, longer, jnp.where(failed, 0.5 * state.length, state.length)),
        sign=jnp.where(accepted, newton.sign, state.sign),
        mark=state.mark + hit,
        log_odds=jnp.where(here[:, None], newton.point[None, :-1], state.log_odds),
        reached=state.reached | here,
        folds=state.folds + (accepted & (newton.tangent[-1] * state.tangent[-1] < 0)),
        crossings=state.crossings + (accepted & _flipped(state, newton)),
        first=first,
    )


def _predict(aims: Array, state: _State, newton: _Newton, fresh: Array) -> _State:
    """Set the next point: a prediction where a step begins (`fresh`), else the corrected point.

    A step that would pass the next mark is shortened to end there.
    """
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


def polished(form: AgentForm, precision: Array, log_odds: Array) -> Array:
    """Return log odds (n, D) after one more Newton step at t = 1, given `precision` (I, D).

    This step can be differentiated by payoffs, probabilities and precision. The slopes are held constant, so the derivatives are
    those of the implicit function theorem, dy = -F_y^-1 F_theta dtheta. In a game so sharp that rounding makes the slopes singular
    the log odds stay as they are; their residual says how exact they are.
    """
    log_odds = lax.stop_gradient(log_odds)
    gap, slopes, _ = _gap(form, precision[form.player_of][form.others], log_odds)
    free, rest = _order(form)
    first, last, _ = solve_bordered(*lax.stop_gradient(slopes), gap[free, None], gap[rest, None])
    change = jnp.zeros_like(gap).at[free].set(first[:, 0]).at[rest].set(last[:, 0])
    return log_odds - jnp.where(jnp.isfinite(change).all(axis=0), change, 0.0)
