"""Stochastic games: a stage game, given as a tree, repeated over years and states.

Let V(t+1) be the values of the channels (players, responders, tallies) in the states of year t+1. Given these, a stage builds the
tree of year t, whose solution is V(t):

    V_c(t) = flow_c + value at the root of stage(inputs(t), V(t+1)).

The horizon ends in the stationary game, which repeats the same step at the last year's inputs (Shapley, PNAS 39, 1953, with logit
choice added). The stage does the discounting. Distributions over states are propagated forward exactly, by the transpose of the
backward step at the equilibrium choices; nothing is simulated.

Values are stacks: channels first, then states, draws last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
from jax import lax

from tocsin.games.recursion import Channels, Choices, Continuation, solve_tree
from tocsin.games.tree import Array, Node

Inputs: TypeAlias = Any
"""A pytree of arrays; for several years every leaf has the years as first axis."""


@dataclass(frozen=True, kw_only=True)
class StageForm:
    """One year's game, given the year's inputs and next year's values.

    Attributes:
        root: the tree.
        continuation: label -> stack of discounted values, linear in next year's values of the same channel.
        flow: channel -> payoff of this year whatever the choices; a responder's default is its player's.
    """

    root: Node
    continuation: Continuation
    flow: Mapping[str, Array | float]


Stage: TypeAlias = Callable[[Inputs, Array, Channels], StageForm]
"""Builds the game of a year from (the year's inputs, the stack of next year's values, the channels of that stack)."""

Report = TypeVar("Report")


@dataclass(frozen=True, kw_only=True)
class Horizon(Generic[Report]):
    """A solved horizon.

    Attributes:
        values: stack of values in the first year.
        first: the arrays that `report` selects from the first year's choices.
    """

    values: Array
    first: Report


def solve_year(
    stage: Stage, inputs: Inputs, following: Array, channels: Channels, fixed: Choices | None = None
) -> tuple[Array, Choices]:
    """Return the values and choices of a year, given next year's values."""
    form = stage(inputs, following, channels)
    solution = solve_tree(form.root, channels, form.continuation, fixed=fixed)
    values = solution.values.reshape(-1, *solution.values.shape[1 - following.ndim :])
    if form.flow:
        flow = channels.stack(form.flow)
        values = values + flow.reshape(flow.shape[0], *[1] * (following.ndim - flow.ndim), *flow.shape[1:])
    return jnp.broadcast_to(values, following.shape), solution.choices


@dataclass(frozen=True, kw_only=True)
class Years:
    """How many years are played.

    Attributes:
        within: years played, the last ones of the horizon; with 0 the values are those at the end.
        until: tally -> number of years, from the first, in which it counts; others count in the whole horizon.
        lasting: tallies of the share of the horizon that is left when the event occurs, the year of the event included.
    """

    within: Array | int
    until: Mapping[str, int] = field(default_factory=dict)
    lasting: frozenset[str] = frozenset()

    def carried(self, names: Sequence[str], year: Array, horizon: int) -> Array:
        """Return the factors (channels,) on next year's values of the channels before a year of the horizon is solved."""
        left = horizon - year
        factors: list[Array] = []
        for name in names:
            if name in self.lasting:
                factors.append((left - 1.0) / left)
            else:
                factors.append(jnp.where(year + 1 < self.until[name], 1.0, 0.0) if name in self.until else 1.0)
        return jnp.stack(jnp.broadcast_arrays(*factors))


def solve_horizon(
    stage: Stage,
    inputs: Inputs,
    end: Array,
    channels: Channels,
    years: Years,
    *,
    report: Callable[[Choices], Report],
    blank: Report,
) -> Horizon[Report]:
    """Return the solution by backward induction from the values after the horizon.

    Args:
        stage: the year's game.
        inputs: pytree whose leaves have the years of the horizon as first axis.
        end: values after the horizon, a stack of players and responders; see `stationary`. Tallies do not count there.
        channels: the quantities carried back.
        years: how many years are played.
        report: selects arrays from the first year's choices.
        blank: arrays like those of `report`, returned if no year is played.
    """
    horizon = jax.tree.leaves(inputs)[0].shape[0]
    tallied = not channels.tallies.keys().isdisjoint({*years.until, *years.lasting})

    def play(count: Array, state: tuple[Array, Report]) -> tuple[Array, Report]:
        year = horizon - 1 - count
        following = state[0]
        if tallied:
            factors = years.carried(channels.names, year, horizon)
            following = following * factors.reshape(-1, *[1] * (following.ndim - 1))
        now = jax.tree.map(lambda leaf: lax.dynamic_index_in_dim(leaf, year, keepdims=False), inputs)
        values, choices = solve_year(stage, now, following, channels)
        return values, lax.cond(count == years.within - 1, report, lambda _: state[1], choices)

    last = jnp.concatenate([end, jnp.zeros((len(channels.tallies), *end.shape[1:]))])
    values, first = lax.fori_loop(0, years.within, play, (last, blank))
    return Horizon(values=values, first=first)


def backward(stage: Stage, inputs: Inputs, end: Array, channels: Channels) -> tuple[Array, Choices]:
    """Return the first year's values and all years' choices (years first), by backward induction from `end`."""

    def step(values: Array, year: Inputs) -> tuple[Array, Choices]:
        return solve_year(stage, year, values, channels)

    return lax.scan(step, end, inputs, reverse=True)


def occurrence(
    stage: Stage, inputs: Inputs, choices: Choices, tallies: tuple[str, ...], mass: Array
) -> tuple[Array, Array]:
    """Return the probabilities that events occur over time, by forward propagation of the distribution over states.

    At given choices the backward step of a tally is affine, h(t) = c(t) + A(t) h(t+1). The mass over the states in which the event
    has not occurred moves by the transpose of A; its product with c is the probability that the event occurs in the year.

    Args:
        stage: the year's game.
        inputs: pytree whose leaves have years first.
        choices: equilibrium choices of all years, as `backward` returns them.
        tallies: the events; each is followed separately.
        mass: initial distribution over states (states..., draws).

    Returns:
        Probability that each event has occurred by the end of each year (years, events, draws), and the mass over states in which
        it has not (years, events, states..., draws).
    """
    alone = Channels(precision={}, tallies={event: event for event in tallies})

    def step(carry: tuple[Array, Array], year: tuple[Inputs, Choices]) -> tuple[tuple[Array, Array], Any]:
        waiting, occurred = carry

        def value(following: Array) -> Array:
            return solve_year(stage, year[0], following, alone, fixed=year[1])[0]

        at_once, transpose = jax.vjp(value, jnp.zeros_like(waiting))
        occurred = occurred + jnp.sum(waiting * at_once, axis=tuple(range(1, waiting.ndim - 1)))
        (waiting,) = transpose(waiting)
        return (waiting, occurred), (occurred, waiting)

    start = jnp.broadcast_to(mass, (len(tallies), *mass.shape))
    _, (occurred, waiting) = lax.scan(step, (start, jnp.zeros((len(tallies), mass.shape[-1]))), (inputs, choices))
    return occurred, waiting
