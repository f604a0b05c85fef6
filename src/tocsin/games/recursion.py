"""Backward induction with logit choice on a tree of arrays.

At a decision of player i with action values Q(a) = E[payoff of i | a],

    p(a) = exp(lambda_i Q(a)) / sum_b exp(lambda_i Q(b)),

the logit agent quantal response of McKelvey and Palfrey (Experimental Economics 1, 1998, eq. 6), and every value is the
expected payoff, own errors included. Exponents are shifted by their maximum, so no lambda overflows; lambda = 0 is
uniform play over the free actions and lambda -> inf the subgame-perfect equilibrium.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from types import ModuleType
from typing import TypeVar

import jax.numpy as jnp
from jax import lax

import tocsin.games.backend  # noqa: F401  float64 before any array is made
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, children, walk

Choices = dict[str, dict[str, Array]]
"""Decision name -> action -> probability."""


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What is carried back through the tree.

    Attributes:
        precision: player -> lambda_i >= 0, per unit of payoff.
        responders: name -> player; the value to a player that chooses best at every decision of its own from now on
            while all others keep their equilibrium choices.
        tallies: names of probabilities that an event counted at some outcomes occurs.
    """

    precision: Mapping[str, Array]
    responders: Mapping[str, str] = field(default_factory=dict)
    tallies: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Players, then responders, then tallies."""
        return (*self.precision, *self.responders, *self.tallies)


@dataclass(frozen=True)
class TreeSolution:
    """Values at the root by channel, and the choice probabilities of every decision."""

    values: dict[str, Array]
    choices: Choices


def solve_tree(
    root: Node,
    channels: Channels,
    continuation: Mapping[str, Mapping[str, Array]],
    *,
    fixed: Mapping[str, Mapping[str, Array]] | None = None,
    xp: ModuleType = jnp,
) -> TreeSolution:
    """Solve a tree backwards.

    Args:
        root: the tree; its arrays broadcast together.
        channels: players with their precision, responders, tallies.
        continuation: channel -> label of an outcome's `next` -> value there (broadcastable).
        fixed: decision name -> action -> probability, to be used in place of the logit choice there.
        xp: `jax.numpy`, or `numpy` for use outside compiled code.

    Returns:
        Values at the root and the choice probabilities. Responders' choices are not reported.

    Raises:
        KeyError: if an outcome's `next` has no continuation.
    """
    values: dict[int, dict[str, Array]] = {}
    choices: Choices = {}
    parents = Counter(id(child) for node in walk(root) for child in children(node))
    for node in walk(root):
        match node:
            case Outcome():
                here = _outcome(node, channels, continuation)
            case Chance():
                here = _chance(node, channels, values)
            case Decision():
                given = (fixed or {}).get(node.name)
                here, choices[node.name] = _decide(node, channels, values, given, xp)
        here = _with_payoffs(node, here, channels)
        values[id(node)] = _settle(here, xp) if parents[id(node)] > 1 else here
    return TreeSolution(values[id(root)], choices)


def _with_payoffs(node: Node, values: dict[str, Array], channels: Channels) -> dict[str, Array]:
    if not node.payoffs:
        return values
    received = dict(values)
    for name in (*channels.precision, *channels.responders):
        payoff = node.payoffs.get(name, node.payoffs.get(channels.responders.get(name, name)))
        if payoff is not None:
            received[name] = values[name] + payoff
    return received


def _outcome(node: Outcome, channels: Channels, continuation: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    values: dict[str, Array] = {}
    for name in channels.names:
        follows = 0.0 if node.next is None else continuation[name][node.next]
        if name in channels.tallies and name in node.counts:
            counted = node.counts[name]
            follows = counted + (1.0 - counted) * follows
        values[name] = follows
    return values


def _chance(node: Chance, channels: Channels, values: Mapping[int, dict[str, Array]]) -> dict[str, Array]:
    """Expected values; the last branch takes what the others leave, so that probabilities sum to one exactly."""
    last = values[id(node.branches[-1][1])]
    mixed: dict[str, Array] = {}
    for name in channels.names:
        total = last[name]
        for probability, child in node.branches[:-1]:
            total = total + probability * (values[id(child)][name] - last[name])
        mixed[name] = total
    return mixed


def _decide(
    node: Decision,
    channels: Channels,
    values: Mapping[int, dict[str, Array]],
    fixed: Mapping[str, Array] | None,
    xp: ModuleType,
) -> tuple[dict[str, Array], dict[str, Array]]:
    following = {action: values[id(child)] for action, child in node.actions.items()}
    barred = [node.barred.get(action) for action in node.actions]
    if fixed is None:
        own = [following[action][node.player] for action in node.actions]
        chances = logit_choice(own, channels.precision[node.player], barred, xp)
    else:
        chances = [fixed[action] for action in node.actions]
    mixed: dict[str, Array] = {}
    for name in channels.names:
        options = [following[action][name] for action in node.actions]
        if channels.responders.get(name) == node.player:
            free = [x if bar is None else x + bar for x, bar in zip(options, barred, strict=True)]
            mixed[name] = reduce(xp.maximum, free)
        else:
            mixed[name] = _expect(options, chances)
    return mixed, dict(zip(node.actions, chances, strict=True))


def _expect(options: list[Array], chances: list[Array]) -> Array:
    last = options[-1]
    total = last
    for value, chance in zip(options[:-1], chances[:-1], strict=True):
        total = total + chance * (value - last)
    return total


def logit_choice(
    values: list[Array], precision: Array, barred: list[Array | float | None], xp: ModuleType = jnp
) -> list[Array]:
    """Choice probabilities of a logit player.

    Args:
        values: expected payoff of each action, finite arrays that broadcast together.
        precision: lambda >= 0.
        barred: for each action `None`, or 0 / minus infinity where it is free / barred.
        xp: array module.

    Returns:
        One array a action, in [0, 1], summing to one to rounding.
    """
    if len(values) == 1:
        return [xp.ones_like(values[0])]
    exponents = [
        precision * value if bar is None else precision * value + bar for value, bar in zip(values, barred, strict=True)
    ]
    if len(values) == 2:
        first = _sigmoid(exponents[0] - exponents[1], xp)
        return [first, 1.0 - first]
    highest = reduce(xp.maximum, exponents)
    weights = [xp.exp(exponent - highest) for exponent in exponents]
    scale = 1.0 / sum(weights[1:], weights[0])
    return [_settle(weight * scale, xp) for weight in weights]


def _sigmoid(x: Array, xp: ModuleType) -> Array:
    """1 / (1 + exp(-x)) without overflow on either side."""
    if xp is jnp:
        return _settle(1.0 / (1.0 + jnp.exp(-x)), xp)
    decay = xp.exp(-xp.abs(x))
    return xp.where(x >= 0, 1.0, decay) / (1.0 + decay)


Settled = TypeVar("Settled")


def _settle(x: Settled, xp: ModuleType) -> Settled:
    """Keep the compiler from computing what is used in several places again for each."""
    return lax.optimization_barrier(x) if xp is jnp else x  # type: ignore[no-untyped-call]
