"""Games without end: any tree a stage, any finite number of states, to the fixed point of values.

A stationary equilibrium has values that a further year leaves as they are, V = T(V), with the logit choice of the year
inside T. For one player, or for fixed strategies, T brings any two values closer by the discount factor (Shapley 1953).
With several sharp players it need not: then there may be many fixed points, or iteration may go round in circles. So
the modulus of contraction is measured at the point that was found, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from tocsin.games.recursion import Channels, Choices
from tocsin.games.stochastic import Inputs, Stage, StageForm, solve_year
from tocsin.games.tree import Array, Node

POWER_STEPS = 60
"""Derivatives along which the modulus is measured."""


@dataclass(frozen=True, kw_only=True)
class Stationary:
    """What iteration came to.

    Attributes:
        values: stack (channels, states..., D).
        choices: decision -> action -> probability, of a year.
        residual: (D,) largest change of a value by a further year.
        modulus: (D,) by how much a small change of values shrinks in a year, in the long run, around them: below 1 they
            are the only fixed point near by, and iteration leads there; from 1 on they are not to be relied on.
        converged: (D,) whether the residual is within the tolerance and the modulus below 1.
        years: iterations made.
    """

    values: Array
    choices: Choices
    residual: Array
    modulus: Array
    converged: Array
    years: Array


def stationary(
    stage: Stage, inputs: Inputs, start: Array, channels: Channels, *, tolerance: float = 1e-10, most: int = 10_000
) -> Stationary:
    """Iterate a year until values stay as they are.

    Args:
        stage: the year's game.
        inputs: of every year, pytree of arrays.
        start: first guess, a stack (channels, states..., D) without tallies.
        channels: players with their precision, responders; no tallies, which never stop counting.
        tolerance: largest change that is none, in units of payoff.
        most: iterations at most.

    Returns:
        What was found; look at `converged` before using it.
    """

    def year(values: Array) -> Array:
        return solve_year(stage, inputs, values, channels)[0]

    def change(before: Array, after: Array) -> Array:
        return jnp.max(jnp.abs(after - before), axis=tuple(range(before.ndim - 1)))

    def going(state: tuple[Array, Array, Array]) -> Array:
        return (state[2] < most) & jnp.any(change(state[0], state[1]) > 0.1 * tolerance)

    def further(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        return state[1], year(state[1]), state[2] + 1

    _, values, years = lax.while_loop(going, further, (start, year(start), jnp.asarray(1)))
    after, choices = solve_year(stage, inputs, values, channels)
    residual = change(values, after)
    modulus = _modulus(year, values)
    return Stationary(
        values=values,
        choices=choices,
        residual=residual,
        modulus=modulus,
        converged=(residual <= tolerance) & (modulus < 1.0),
        years=years,
    )


def _modulus(year: Callable[[Array], Array], values: Array) -> Array:
    """The spectral radius of a year's derivative, from how a direction grows in the second half of repeated steps."""
    axes = tuple(range(values.ndim - 1))

    def size(direction: Array) -> Array:
        return jnp.max(jnp.abs(direction), axis=axes)

    def step(_: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        direction, growth = state
        _, moved = jax.jvp(year, (values,), (direction,))
        scale = size(moved)
        return moved / jnp.where(scale > 0, scale, 1.0), growth + jnp.log(jnp.maximum(scale, 1e-300))

    # a direction that no symmetry of the game leaves out
    first = jnp.cos(jnp.arange(values[..., 0].size, dtype=float)).reshape(*values.shape[:-1], 1)
    settled, _ = lax.fori_loop(
        0, POWER_STEPS // 2, step, (jnp.broadcast_to(first, values.shape), jnp.zeros(values.shape[-1]))
    )
    _, growth = lax.fori_loop(0, POWER_STEPS // 2, step, (settled, jnp.zeros(values.shape[-1])))
    return jnp.exp(growth / (POWER_STEPS // 2))


def markov_stage(
    build: Callable[[Any], Node], transitions: Callable[[Any], Mapping[str, Array]], discount: float
) -> Stage:
    """A stage in which any tree is played in each of S states, and its outcomes say how the state moves.

    Args:
        build: the tree of a year from its inputs; its arrays are numbers, (S, 1) or (S, D), by state.
        transitions: from the same inputs, for each label that stands as `next` of an outcome, the probabilities (S, S) or
            (S, S, D) of next year's state given this one's; rows sum to one.
        discount: factor on next year's values, 0 <= discount < 1.

    Raises:
        ValueError: if the discount factor is out of range.
    """
    if not 0.0 <= discount < 1.0:
        raise ValueError(f"the discount factor must be from 0 to below 1, not {discount:g}")

    def stage(inputs: Inputs, following: Array, _channels: Channels) -> StageForm:
        moves = {label: jnp.asarray(rows) for label, rows in transitions(inputs).items()}

        def continuation(label: str) -> Array:
            rows = moves[label] if moves[label].ndim == 3 else moves[label][:, :, None]
            return discount * jnp.einsum(
                "ste,cte->cse", jnp.broadcast_to(rows, (*rows.shape[:2], following.shape[-1])), following
            )

        return StageForm(root=build(inputs), continuation=continuation, flow={})

    return stage
