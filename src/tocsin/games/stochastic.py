"""Stochastic games: a stage tree repeated over years and states.

With values V(t+1) by channel (players, responders, tallies) in the states of year t+1, a stage says what it is worth to
arrive there, A(t+1) = arrive(V(t+1)), and gives the tree of year t, whose solution is V(t):

    V_c(t) = flow_c + value at the root of form(inputs(t), A(t+1)).

The horizon is closed by the stationary game, the fixed point of the same step at the last year's inputs (Shapley, PNAS
39, 1953, for the values; logit choice inside). Discounting belongs to the stage. Distributions are carried forward
exactly, as the transpose of the backward step at the equilibrium choices: no simulation, no noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
from jax import lax

from tocsin.games.recursion import Channels, Choices, solve_tree
from tocsin.games.tree import Array, Node

Values: TypeAlias = dict[str, Array]
Inputs: TypeAlias = Any
"""A pytree of arrays; for `backward` each leaf has the years as its first axis."""


@dataclass(frozen=True, kw_only=True)
class StageForm:
    """One year's game, given the year's inputs and next year's values.

    Attributes:
        root: the tree.
        continuation: channel -> label -> value, linear in next year's values of that channel and already discounted.
        flow: channel -> what it receives this year whatever is done.
    """

    root: Node
    continuation: Mapping[str, Mapping[str, Array]]
    flow: Mapping[str, Array]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A year of a stochastic game.

    Attributes:
        arrive: a year's values -> what arriving is worth, by channel; affine in the values of each channel alone. It
            is kept apart so that it is worked out once a year and not at every outcome of the tree.
        form: (the year's inputs, next year's arrivals) -> the year's game.
    """

    arrive: Callable[[Values], Values]
    form: Callable[[Inputs, Values], StageForm]


Report = TypeVar("Report")


@dataclass(frozen=True, kw_only=True)
class Horizon(Generic[Report]):
    """A solved horizon.

    Attributes:
        values: channel -> value in the first year, shape (..., draws).
        end: channel -> value of the stationary end.
        residual: for each draw, the largest change of any player's value by the last year beyond the horizon.
        first: what was reported of the first year's choices.
    """

    values: Values
    end: Values
    residual: Array
    first: Report


def solve_year(
    stage: Stage, inputs: Inputs, arrivals: Values, channels: Channels, fixed: Choices | None = None
) -> tuple[Values, Choices]:
    """One step back: values and choices of a year, given what arriving in the next is worth."""
    form = stage.form(inputs, arrivals)
    solved = solve_tree(form.root, channels, form.continuation, fixed=fixed)
    return {name: value + form.flow.get(name, 0.0) for name, value in solved.values.items()}, solved.choices


_State: TypeAlias = tuple[Values, Values, Values, Array, Report]
"""Arrivals, the stationary end, the year's values, residual, what is reported."""


def solve_horizon(
    stage: Stage,
    inputs: Inputs,
    start: Values,
    channels: Channels,
    *,
    beyond: Array | int,
    report: Callable[[Choices], Report],
) -> Horizon[Report]:
    """Backward induction over a horizon that is closed by the stationary game at the last year's inputs.

    Beyond the horizon the game goes on for a given number of years at the last year's inputs, from a first guess of
    what it is worth. It is not iterated to a tolerance: a general-sum stochastic game need not have a fixed point that
    iteration finds, since sharp players may go round in circles. The residual says draw by draw how far the end has
    settled. Tallies begin at the horizon: they count nothing beyond it.

    Args:
        stage: the year's game.
        inputs: pytree whose leaves have the years as first axis, the horizon's and one more for the end.
        start: first guess of the end for every channel, arrays (..., draws) of one shape; tallies 0.
        channels: what is carried back.
        beyond: years beyond the horizon, at least 1.
        report: what to keep of the first year's choices; arrays.
    """
    years = jax.tree.leaves(inputs)[0].shape[0] - 1

    def inputs_at(year: Array) -> Inputs:
        return jax.tree.map(lambda leaf: lax.dynamic_index_in_dim(leaf, year, keepdims=False), inputs)

    def step(count: Array, state: _State[Report]) -> _State[Report]:
        arrivals, end, _, residual, _ = state
        within = count >= beyond
        year = jnp.where(within, years - 1 - (count - beyond), years)
        values, choices = solve_year(stage, inputs_at(year), arrivals, channels)
        values = {name: jnp.broadcast_to(value, start[name].shape) for name, value in values.items()}
        arrived = stage.arrive(values)
        moved = arrived | {name: jnp.where(within, arrived[name], 0.0) for name in channels.tallies}
        gap = _largest({name: arrived[name] - arrivals[name] for name in channels.precision})
        end = {name: jnp.where(within, end[name], values[name]) for name in end}
        return moved, end, values, jnp.where(within, residual, gap), report(choices)

    begin = stage.arrive(dict(start))
    shapes = jax.eval_shape(lambda: solve_year(stage, inputs_at(jnp.asarray(0)), begin, channels)[1])
    blank = report(jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes))
    draws = next(iter(start.values())).shape[-1]
    state = (begin, dict(start), dict(start), jnp.zeros(draws), blank)
    _, end, values, residual, first = lax.fori_loop(0, beyond + years, step, state)
    return Horizon(values=values, end=end, residual=residual, first=first)


def _largest(gaps: Values) -> Array:
    """The largest absolute value over channels and states, for each draw."""
    each = [jnp.max(jnp.abs(gap), axis=tuple(range(gap.ndim - 1))) for gap in gaps.values()]
    return jnp.max(jnp.stack(each), axis=0)


def backward(stage: Stage, inputs: Inputs, end: Values, channels: Channels) -> tuple[Values, Choices]:
    """Values of the first year and the choices of every year (years first), by backward induction from `end`."""

    def step(values: Values, year: Inputs) -> tuple[Values, Choices]:
        solved, choices = solve_year(stage, year, stage.arrive(values), channels)
        return {name: jnp.broadcast_to(value, end[name].shape) for name, value in solved.items()}, choices

    return lax.scan(step, end, inputs, reverse=True)


def occurrence(stage: Stage, inputs: Inputs, choices: Choices, tally: str, mass: Array) -> tuple[Array, Array]:
    """When a tallied event occurs, year by year, by forward propagation of the states in which it has not yet.

    The backward step of a tally at given choices is affine, h(t) = c(t) + A(t) h(t+1); the mass over states moves by
    the transpose of A, and what the event takes from it in a year is its product with c.

    Args:
        stage: the year's game.
        inputs: years first.
        choices: equilibrium choices of all years, as from `backward`.
        tally: the event.
        mass: starting distribution over states, shape of a value (..., draws).

    Returns:
        Probability that the event has occurred by the end of each year (years, draws), and the mass over states in
        which it has not (years, ..., draws).
    """
    alone = Channels(precision={}, tallies=(tally,))

    def step(carry: tuple[Array, Array], year: tuple[Inputs, Choices]) -> tuple[tuple[Array, Array], Any]:
        held, sofar = carry

        def value(following: Array) -> Array:
            values, _ = solve_year(stage, year[0], stage.arrive({tally: following}), alone, fixed=year[1])
            return jnp.broadcast_to(values[tally], following.shape)

        at_once, transpose = jax.vjp(value, jnp.zeros_like(held))
        sofar = sofar + jnp.sum(held * at_once, axis=tuple(range(held.ndim - 1)))
        (held,) = transpose(held)
        return (held, sofar), (sofar, held)

    _, (occurred, waiting) = lax.scan(step, (mass, jnp.zeros(mass.shape[-1])), (inputs, choices))
    return occurred, waiting
