"""Infinite games with finitely many states and any tree as the year's game, solved for the fixed point of their values.

The values of a stationary equilibrium do not change in a further year, V = T(V), where T includes the year's logit choices. For one
player, or for fixed strategies, T contracts by the discount factor (Shapley 1953). With several sharp players it need not: there
may be many fixed points, or iteration may cycle. The result therefore includes the modulus of contraction at the last values.
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
"""Steps of the power iteration that estimates the modulus."""


@dataclass(frozen=True, kw_only=True)
class Stationary:
    """The values that iteration reached.

    Attributes:
        values: stack (channels, states..., D).
        choices: decision -> action -> probability, in every year.
        residual: (D,) largest change of a value in one further year.
        modulus: (D,) long-run factor by which a small change of the values grows in a year. Below 1, the values are locally the
            only fixed point and iteration leads to them. Otherwise they are unreliable.
        converged: (D,) whether the residual is within the tolerance and the modulus is below 1.
        years: number of iterations.
    """

    values: Array
    choices: Choices
    residual: Array
    modulus: Array
    converged: Array
    years: Array


def stationary(
    stage: Stage, inputs: Inputs, start: Array, channels: Channels, *, tolerance: float = 1e-10, max_years: int = 10_000
) -> Stationary:
    """Return the values after iterating the year until they converge; check `converged` before using them.

    Args:
        stage: the year's game.
        inputs: of every year, pytree of arrays.
        start: first guess, a stack (channels, states..., D) without tallies.
        channels: players with their precision, and responders. Tallies are not allowed: they would count forever.
        tolerance: largest change of a converged value, in units of payoff.
        max_years: largest number of iterations.
    """

    def year(values: Array) -> Array:
        return solve_year(stage, inputs, values, channels)[0]

    def change(before: Array, after: Array) -> Array:
        return jnp.max(jnp.abs(after - before), axis=tuple(range(before.ndim - 1)))

    def unfinished(state: tuple[Array, Array, Array]) -> Array:
        return (state[2] < max_years) & jnp.any(change(state[0], state[1]) > 0.1 * tolerance)

    def iterate(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        return state[1], year(state[1]), state[2] + 1

    _, values, years = lax.while_loop(unfinished, iterate, (start, year(start), jnp.asarray(1)))
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
    """Return the spectral radius (D,) of a year's derivative, by power iteration, from the second half of the steps."""
    axes = tuple(range(values.ndim - 1))

    def size(direction: Array) -> Array:
        return jnp.max(jnp.abs(direction), axis=axes)

    def step(_: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        direction, growth = state
        _, moved = jax.jvp(year, (values,), (direction,))
        scale = size(moved)
        return moved / jnp.where(scale > 0, scale, 1.0), growth + jnp.log(jnp.maximum(scale, 1e-300))

    # a start without symmetries, so that it has a component in the dominant direction
    first = jnp.cos(jnp.arange(values[..., 0].size, dtype=float)).reshape(*values.shape[:-1], 1)
    direction, _ = lax.fori_loop(
        0, POWER_STEPS // 2, step, (jnp.broadcast_to(first, values.shape), jnp.zeros(values.shape[-1]))
    )
    _, growth = lax.fori_loop(0, POWER_STEPS // 2, step, (direction, jnp.zeros(values.shape[-1])))
    return jnp.exp(growth / (POWER_STEPS // 2))


def markov_stage(
    build: Callable[[Any], Node], transitions: Callable[[Any], Mapping[str, Array]], discount: float
) -> Stage:
    """Return a stage that plays a tree in each of S states; the outcomes of the tree determine the transition.

    Args:
        build: builds the tree of a year from its inputs; its arrays are numbers, (S, 1) or (S, D), by state.
        transitions: from the same inputs, label of an outcome's `next` -> probabilities (S, S) or (S, S, D) of next year's state
            given this year's; rows sum to one.
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
