"""Stochastic games: a stage tree repeated over years and states.

With values V(t+1) by channel (players, responders, tallies) in the states of year t+1, a stage gives the tree of year t,
whose solution is V(t):

    V_c(t) = flow_c + value at the root of stage(inputs(t), V(t+1)).

The horizon is closed by the stationary game, the fixed point of the same step at the last year's inputs (Shapley, PNAS
39, 1953, for the values; logit choice inside). Discounting belongs to the stage. Distributions are carried forward
exactly, as the transpose of the backward step at the equilibrium choices: no simulation, no noise.

Values are stacks: channels first, then states, draws last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
from jax import lax

from tocsin.games.recursion import Channels, Choices, Continuation, solve_tree
from tocsin.games.tree import Array, Node

Inputs: TypeAlias = Any
"""A pytree of arrays; for several years each leaf has the years as its first axis."""


@dataclass(frozen=True, kw_only=True)
class StageForm:
    """One year's game, given the year's inputs and next year's values.

    Attributes:
        root: the tree.
        continuation: label -> stack of values; linear in next year's of the same channel and already discounted.
        flow: channel -> what it receives this year whatever is done; a responder's, if not given, is its player's.
    """

    root: Node
    continuation: Continuation
    flow: Mapping[str, Array | float]


Stage: TypeAlias = Callable[[Inputs, Array, Channels], StageForm]
"""A year of a stochastic game: (the year's inputs, next year's values, the channels that these stack) -> its game."""

Report = TypeVar("Report")


@dataclass(frozen=True, kw_only=True)
class Horizon(Generic[Report]):
    """A solved horizon.

    Attributes:
        values: stack of values in the first year.
        end: stack of values at the stationary end, without tallies.
        residual: for each draw, the largest change of any player's value by the last year beyond the horizon.
        first: what was reported of the first year's choices.
    """

    values: Array
    end: Array
    residual: Array
    first: Report


def solve_year(
    stage: Stage, inputs: Inputs, following: Array, channels: Channels, fixed: Choices | None = None
) -> tuple[Array, Choices]:
    """One step back: values and choices of a year, given next year's values."""
    form = stage(inputs, following, channels)
    solved = solve_tree(form.root, channels, form.continuation, fixed=fixed)
    values = solved.values.reshape(-1, *solved.values.shape[1 - following.ndim :])
    if form.flow:
        flow = channels.stack(form.flow)
        values = values + flow.reshape(flow.shape[0], *[1] * (following.ndim - flow.ndim), *flow.shape[1:])
    return jnp.broadcast_to(values, following.shape), solved.choices


def solve_horizon(
    stage: Stage,
    inputs: Inputs,
    start: Array,
    channels: Channels,
    *,
    beyond: Array | int,
    within: Array | int,
    report: Callable[[Choices], Report],
    blank: Report,
    until: Mapping[str, int] | None = None,
) -> Horizon[Report]:
    """Backward induction over a horizon that is closed by the stationary game at the last year's inputs.

    Beyond the horizon the game goes on for a given number of years at the last year's inputs, from a first guess of
    what it is worth. It is not iterated to a tolerance: a general-sum stochastic game need not have a fixed point that
    iteration finds, since sharp players may go round in circles. The residual says draw by draw how far the end has
    settled. Tallies begin at the horizon: they count nothing beyond it.

    Args:
        stage: the year's game.
        inputs: pytree whose leaves have the years as first axis, the horizon's and one more for the end.
        start: first guess of the end, a stack of players and responders.
        channels: what is carried back.
        beyond: years played beyond the horizon; with 0 the guess itself closes it, and the residual says nothing.
        within: years played within it, up to all of them; with 0 only the end is found.
        report: what to keep of the first year's choices; arrays.
        until: tally -> number of years from the first within which it counts; all of the horizon if not named.
        blank: arrays as `report` gives them, kept if no year is played within the horizon.
    """
    years = jax.tree.leaves(inputs)[0].shape[0] - 1

    def inputs_at(year: Array | int) -> Inputs:
        return jax.tree.map(lambda leaf: lax.dynamic_index_in_dim(leaf, year, keepdims=False), inputs)

    def further(_: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        values, _before = state
        found, _choices = solve_year(stage, inputs_at(years), values, channels.untallied())
        return found, values

    end, before = lax.fori_loop(0, beyond, further, (start, start))
    gaps = jnp.abs(end - before)[: len(channels.precision)]
    residual = jnp.max(gaps, axis=tuple(range(gaps.ndim - 1)))

    def step(count: Array, state: tuple[Array, Report]) -> tuple[Array, Report]:
        year = years - 1 - count
        values, choices = solve_year(stage, inputs_at(year), state[0], channels)
        if until and not channels.tallies.keys().isdisjoint(until):
            counts = jnp.stack([jnp.where(year < until.get(name, years), 1.0, 0.0) for name in channels.names])
            values = values * counts.reshape(-1, *[1] * (values.ndim - 1))
        return values, lax.cond(count == within - 1, report, lambda _: state[1], choices)

    begin = jnp.concatenate([end, jnp.zeros((len(channels.tallies), *end.shape[1:]))])
    values, first = lax.fori_loop(0, within, step, (begin, blank))
    return Horizon(values=values, end=end, residual=residual, first=first)


def backward(stage: Stage, inputs: Inputs, end: Array, channels: Channels) -> tuple[Array, Choices]:
    """Values of the first year and the choices of every year (years first), by backward induction from `end`."""

    def step(values: Array, year: Inputs) -> tuple[Array, Choices]:
        return solve_year(stage, year, values, channels)

    return lax.scan(step, end, inputs, reverse=True)


def occurrence(
    stage: Stage, inputs: Inputs, choices: Choices, tallies: tuple[str, ...], mass: Array
) -> tuple[Array, Array]:
    """When tallied events occur, year by year, by forward propagation of the states in which they have not yet.

    The backward step of a tally at given choices is affine, h(t) = c(t) + A(t) h(t+1); the mass over states moves by
    the transpose of A, and what the event takes from it in a year is its product with c.

    Args:
        stage: the year's game.
        inputs: years first.
        choices: equilibrium choices of all years, as from `backward`.
        tallies: the events, each by itself.
        mass: starting distribution over states, shape (states..., draws).

    Returns:
        Probability that each event has occurred by the end of each year (years, events, draws), and the mass over
        states in which it has not (years, events, states..., draws).
    """
    alone = Channels(precision={}, tallies={event: event for event in tallies})

    def step(carry: tuple[Array, Array], year: tuple[Inputs, Choices]) -> tuple[tuple[Array, Array], Any]:
        held, sofar = carry

        def value(following: Array) -> Array:
            return solve_year(stage, year[0], following, alone, fixed=year[1])[0]

        at_once, transpose = jax.vjp(value, jnp.zeros_like(held))
        sofar = sofar + jnp.sum(held * at_once, axis=tuple(range(1, held.ndim - 1)))
        (held,) = transpose(held)
        return (held, sofar), (sofar, held)

    start = jnp.broadcast_to(mass, (len(tallies), *mass.shape))
    _, (occurred, waiting) = lax.scan(step, (start, jnp.zeros((len(tallies), mass.shape[-1]))), (inputs, choices))
    return occurred, waiting
