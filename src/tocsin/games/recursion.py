"""Backward induction with logit choice on a tree of arrays.

At a decision of player i with action values Q(a) = E[payoff of i | a],

    p(a) = exp(lambda_i Q(a)) / sum_b exp(lambda_i Q(b)),

the logit agent quantal response of McKelvey and Palfrey (Experimental Economics 1, 1998, eq. 6), and every value is the
expected payoff, own errors included. Exponents are shifted by their maximum, so no lambda overflows; lambda = 0 is
uniform play over the free actions and lambda -> inf the subgame-perfect equilibrium.

All that is carried back through the tree (the channels) lies stacked on the first axis of one array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np

from tocsin.games.backend import apart
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs, arrays, children, walk

Choices = dict[str, dict[str, Array]]
"""Decision name -> action -> probability."""


Continuation: TypeAlias = Callable[[str], Array]
"""What follows a stage, by label: a stack of values. Asked for where it is used, so that it costs no writing down."""


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What is carried back through the tree.

    Attributes:
        precision: player -> lambda_i >= 0, per unit of payoff.
        responders: name -> player; the value to a player that chooses best at every decision of its own from now on
            while all others keep their equilibrium choices.
        tallies: name -> the event, counted at some outcomes, of whose occurrence it is the probability.
    """

    precision: Mapping[str, Array]
    responders: Mapping[str, str] = field(default_factory=dict)
    tallies: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Players, then responders, then tallies: the rows of a stack."""
        return (*self.precision, *self.responders, *self.tallies)

    def untallied(self) -> Channels:
        """The same without tallies; its rows come first in a stack of these."""
        return replace(self, tallies={})

    def stack(self, rows: Mapping[str, Array | float]) -> Array:
        """One array (channels, ...) of rows by name, which are broadcast together; rows not named are 0.

        A responder's row not named is its player's, and a tally's its event's.
        """
        means = {**self.responders, **self.tallies}
        each = [jnp.asarray(rows.get(name, rows.get(means.get(name, name), 0.0))) for name in self.names]
        return jnp.stack(jnp.broadcast_arrays(*each))

    def unstack(self, stack: Array) -> dict[str, Array]:
        """The rows of a stack by name."""
        return dict(zip(self.names, stack, strict=True))


@dataclass(frozen=True)
class TreeSolution:
    """Values at the root, channels on the first axis, and the choice probabilities of every decision."""

    values: Array
    choices: Choices


def solve_tree(
    root: Node,
    channels: Channels,
    continuation: Continuation,
    *,
    fixed: Mapping[str, Mapping[str, Array]] | None = None,
) -> TreeSolution:
    """Solve a tree backwards.

    Args:
        root: the tree; its arrays broadcast together.
        channels: players with their precision, responders, tallies.
        continuation: label of an outcome's `next` -> values there, channels first; it may raise KeyError.
        fixed: decision name -> action -> probability, to be used in place of the logit choice there.

    Returns:
        Values at the root and the choice probabilities. Responders' choices are not reported.
    """
    labels = dict.fromkeys(node.next for node in walk(root) if isinstance(node, Outcome) and node.next is not None)
    follows = [continuation(label) for label in labels]
    known = [*arrays(root), *(array[0] for array in follows)]
    recursion = _Recursion(
        channels=channels,
        continuation=continuation,
        fixed=fixed or {},
        rank=max(np.ndim(array) for array in (0.0, *known)),
        known=known,
    )
    parents = Counter(id(child) for node in walk(root) for child in children(node))
    for node in walk(root):
        if isinstance(node, Decision) or (isinstance(node, Outcome) and parents[id(node)] > 1 and not _bare(node)):
            recursion.settle(node)
    return TreeSolution(recursion.value(root), recursion.choices)


@dataclass(frozen=True, kw_only=True)
class _Recursion:
    """One pass through a tree. Decisions, and what several nodes share, are written down; the rest is worked out in place.

    Attributes:
        rank: number of axes of a value, the channels' apart.
        known: the arrays that it starts from.
        values: what is written down, by the identity of its node.
        packed: stacks of payoffs and counts, by the identity of their mapping.
    """

    channels: Channels
    continuation: Continuation
    fixed: Mapping[str, Mapping[str, Array]]
    rank: int
    known: Sequence[object]
    values: dict[int, Array] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    packed: dict[int, Array] = field(default_factory=dict)

    def settle(self, node: Node) -> None:
        for inner in _in_place(node, self.values):
            self._pack(inner)
        if isinstance(node, Decision):
            self.values[id(node)], self.choices[node.name] = apart(partial(self._decide, node), self.known)
        else:
            self.values[id(node)] = apart(partial(self.value, node), self.known)

    def value(self, node: Node) -> Array:
        if id(node) in self.values:
            return self.values[id(node)]
        match node:
            case Outcome():
                here = self._outcome(node)
            case Part():
                here = self.value(node.of)[:, node.start : node.stop]
            case Chance():
                options = [self.value(child) for _, child in node.branches]
                here = _expect(options, [chance for chance, _ in node.branches])
            case Decision():
                raise AssertionError("decisions are written down before they are read")
        return self._received(node, here)

    def _outcome(self, node: Outcome) -> Array:
        follows = jnp.zeros((len(self.channels.names), *[1] * self.rank))
        if node.next is not None:
            follows = self._aligned(self.continuation(node.next))
        if any(event in node.counts for event in self.channels.tallies.values()):
            counted = self._packed(node.counts)
            follows = counted + (1.0 - counted) * follows
        return follows

    def _decide(self, node: Decision) -> tuple[Array, dict[str, Array]]:
        options = [self.value(child) for child in node.actions.values()]
        barred = [node.barred.get(action) for action in node.actions]
        if node.name in self.fixed:
            chances = [self.fixed[node.name][action] for action in node.actions]
        else:
            row = self.channels.names.index(node.player)
            own = [option[row] for option in options]
            chances = logit_choice(own, self.channels.precision[node.player], barred)
        mixed = _expect(options, chances)
        responding = np.array([self.channels.responders.get(name) == node.player for name in self.channels.names])
        if responding.any():
            free = [option if bar is None else option + bar for option, bar in zip(options, barred, strict=True)]
            mixed = jnp.where(responding.reshape(-1, *[1] * self.rank), reduce(jnp.maximum, free), mixed)
        return self._received(node, mixed), dict(zip(node.actions, chances, strict=True))

    def _received(self, node: Node, values: Array) -> Array:
        return values + self._packed(node.payoffs) if node.payoffs else values

    def _pack(self, node: Node) -> None:
        """Write down a node's payoffs and counts as stacks."""
        for rows in (node.payoffs, node.counts if isinstance(node, Outcome) else {}):
            if rows and id(rows) not in self.packed:
                self.packed[id(rows)] = apart(partial(self.channels.stack, rows), self.known)

    def _packed(self, rows: Payoffs) -> Array:
        return self._aligned(self.packed[id(rows)] if id(rows) in self.packed else self.channels.stack(rows))

    def _aligned(self, stack: Array) -> Array:
        return stack.reshape(stack.shape[0], *[1] * (self.rank + 1 - stack.ndim), *stack.shape[1:])


def _bare(node: Node) -> bool:
    """Whether a node's value is its continuation as it is."""
    return isinstance(node, Outcome) and not node.payoffs and not node.counts


def _in_place(node: Node, values: Mapping[int, Array]) -> list[Node]:
    """A node and those below it that are worked out with it."""
    found = [node]
    for child in children(node):
        if id(child) not in values:
            found += _in_place(child, values)
    return found


def _expect(options: Sequence[Array], chances: Sequence[Array | float]) -> Array:
    """Expected values; the last option takes what the others leave, so that probabilities sum to one exactly."""
    last = options[-1]
    total = last
    for value, chance in zip(options[:-1], chances[:-1], strict=True):
        total = total + chance * (value - last)
    return total


def logit_choice(values: Sequence[Array], precision: Array, barred: Sequence[Array | float | None]) -> list[Array]:
    """Choice probabilities of a logit player.

    Args:
        values: expected payoff of each action, finite arrays that broadcast together.
        precision: lambda >= 0.
        barred: for each action `None`, or 0 / minus infinity where it is free / barred.

    Returns:
        One array a action, in [0, 1], summing to one to rounding.
    """
    if len(values) == 1:
        return [jnp.ones_like(values[0])]
    exponents = [
        precision * value if bar is None else precision * value + bar for value, bar in zip(values, barred, strict=True)
    ]
    if len(values) == 2:
        first = 1.0 / (1.0 + jnp.exp(exponents[1] - exponents[0]))
        return [first, 1.0 - first]
    together = jnp.stack(jnp.broadcast_arrays(*exponents))
    weights = jnp.exp(together - jnp.max(together, axis=0))
    return list(weights / jnp.sum(weights, axis=0))
