"""Backward induction with logit choice on a tree of arrays.

At a decision of player i with action values Q(a) = E[payoff of i | a],

    p(a) = exp(lambda_i Q(a)) / sum_b exp(lambda_i Q(b)),

the logit agent quantal response of McKelvey and Palfrey (Experimental Economics 1, 1998, eq. 6). Every value is the expected
payoff, including a player's own errors. Exponents are shifted by their maximum, so that no lambda overflows. With lambda = 0 play
is uniform over the free actions. As lambda -> inf it approaches the subgame-perfect equilibrium. A player may believe that something
else follows an action than does. It then chooses by what it believes; its value is that of what follows.

The quantities carried back through the tree (the channels) are stacked on the first axis of one array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np

from tocsin.games.backend import computed_once
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs, arrays, children, walk

Choices = dict[str, dict[str, Array]]
"""Decision name -> action -> probability."""


Continuation: TypeAlias = Callable[[str], Array]
"""Returns the stack of values after the stage, by label. It is called at each use, so that the stack need not be stored."""


@dataclass(frozen=True, kw_only=True)
class Channels:
    """The quantities carried back through the tree.

    Attributes:
        precision: player -> lambda_i >= 0, per unit of payoff.
        responders: name -> player; its value is the player's best response to the equilibrium choices of all others.
        tallies: name -> event; its value is the probability of the event, which some outcomes count.
    """

    precision: Mapping[str, Array]
    responders: Mapping[str, str] = field(default_factory=dict)
    tallies: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the rows of a stack: players, then responders, then tallies."""
        return (*self.precision, *self.responders, *self.tallies)

    def stack(self, rows: Mapping[str, Array | float]) -> Array:
        """Return one array (channels, ...) of the rows by name, broadcast together.

        A missing row defaults to the row of the responder's player or of the tally's event, and then to 0.
        """
        defaults = {**self.responders, **self.tallies}
        stacked = [jnp.asarray(rows.get(name, rows.get(defaults.get(name, name), 0.0))) for name in self.names]
        return jnp.stack(jnp.broadcast_arrays(*stacked))

    def unstack(self, stack: Array) -> dict[str, Array]:
        """Return the rows of a stack by name."""
        return dict(zip(self.names, stack, strict=True))


@dataclass(frozen=True)
class TreeSolution:
    """Values at the root, with channels on the first axis, and the choice probabilities at every decision."""

    values: Array
    choices: Choices


def solve_tree(
    root: Node,
    channels: Channels,
    continuation: Continuation,
    *,
    fixed: Mapping[str, Mapping[str, Array]] | None = None,
) -> TreeSolution:
    """Solve a tree by backward induction.

    Args:
        root: the tree; its arrays broadcast together.
        channels: players with their precision, responders, tallies.
        continuation: label of an outcome's `next` -> values there, channels first; it may raise KeyError.
        fixed: decision name -> action -> probability, which replaces the logit choice there.

    Returns:
        Values at the root and the players' choice probabilities; the choices of responders are not reported.
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
        shared = parents[id(node)] > 1 and not isinstance(node, Part) and not _only_continues(node)
        if isinstance(node, Decision) or shared:
            recursion.store(node)
    return TreeSolution(recursion.value(root), recursion.choices)


@dataclass(frozen=True, kw_only=True)
class _Recursion:
    """One pass through a tree. Values of decisions and of shared nodes are stored; others, and slices, are computed at each use.

    Attributes:
        rank: number of axes of a value without the channel axis.
        known: all arrays of the tree and its continuation.
        values: stored values, by the identity of their node.
        packed: stored stacks of payoffs and counts, by the identity of their mapping.
    """

    channels: Channels
    continuation: Continuation
    fixed: Mapping[str, Mapping[str, Array]]
    rank: int
    known: Sequence[object]
    values: dict[int, Array] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    packed: dict[int, Array] = field(default_factory=dict)

    def store(self, node: Node) -> None:
        """Compute and store the value of a node, and the choices at a decision."""
        for inner in _computed_with(node, self.values):
            self._pack(inner)
        if isinstance(node, Decision):
            self.values[id(node)], self.choices[node.name] = computed_once(partial(self._decide, node), self.known)
        else:
            self.values[id(node)] = computed_once(partial(self.value, node), self.known)

    def value(self, node: Node) -> Array:
        """Return the value of a node. All decisions from it on must be stored already."""
        if id(node) in self.values:
            return self.values[id(node)]
        match node:
            case Outcome():
                here = self._counted(node, self._following(node))
            case Part():
                here = self._counted(node, self.value(node.of)[:, node.start : node.stop])
            case Chance():
                options = [self.value(child) for _, child in node.branches]
                here = _expect(options, [probability for probability, _ in node.branches])
            case Decision():
                raise AssertionError("decisions are stored before they are used")
        return self._with_payoffs(node, here)

    def _following(self, node: Outcome) -> Array:
        if node.next is None:
            return jnp.zeros((len(self.channels.names), *[1] * self.rank))
        return self._aligned(self.continuation(node.next))

    def _counted(self, node: Outcome | Part, follows: Array) -> Array:
        if not any(event in node.counts for event in self.channels.tallies.values()):
            return follows
        counted = self._packed(node.counts)
        return counted + (1.0 - counted) * follows

    def _decide(self, node: Decision) -> tuple[Array, dict[str, Array]]:
        options = [self.value(child) for child in node.actions.values()]
        barred = [node.barred.get(action) for action in node.actions]
        if node.name in self.fixed:
            probabilities = [self.fixed[node.name][action] for action in node.actions]
        else:
            row = self.channels.names.index(node.player)
            seen = [
                self.value(node.believed[action]) if action in node.believed else option
                for action, option in zip(node.actions, options, strict=True)
            ]
            own = [option[row] for option in seen]
            probabilities = logit_choice(own, self.channels.precision[node.player], barred)
        mixed = _expect(options, probabilities)
        responding = np.array([self.channels.responders.get(name) == node.player for name in self.channels.names])
        if responding.any():
            free = [option if bar is None else option + bar for option, bar in zip(options, barred, strict=True)]
            mixed = jnp.where(responding.reshape(-1, *[1] * self.rank), reduce(jnp.maximum, free), mixed)
        return self._with_payoffs(node, mixed), dict(zip(node.actions, probabilities, strict=True))

    def _with_payoffs(self, node: Node, values: Array) -> Array:
        return values + self._packed(node.payoffs) if node.payoffs else values

    def _pack(self, node: Node) -> None:
        """Store a node's payoffs and counts as stacks."""
        for rows in (node.payoffs, node.counts if isinstance(node, Outcome | Part) else {}):
            if rows and id(rows) not in self.packed:
                self.packed[id(rows)] = computed_once(partial(self.channels.stack, rows), self.known)

    def _packed(self, rows: Payoffs) -> Array:
        return self._aligned(self.packed[id(rows)] if id(rows) in self.packed else self.channels.stack(rows))

    def _aligned(self, stack: Array) -> Array:
        return stack.reshape(stack.shape[0], *[1] * (self.rank + 1 - stack.ndim), *stack.shape[1:])


def _only_continues(node: Node) -> bool:
    """Return whether a node's value is its continuation unchanged."""
    return isinstance(node, Outcome) and not node.payoffs and not node.counts


def _computed_with(node: Node, values: Mapping[int, Array]) -> list[Node]:
    """Return a node and the nodes below it whose values are not stored."""
    nodes = [node]
    for child in children(node):
        if id(child) not in values:
            nodes += _computed_with(child, values)
    return nodes


def _expect(options: Sequence[Array], probabilities: Sequence[Array | float]) -> Array:
    """Return expected values. The last option gets the remaining probability, so that probabilities sum to exactly one."""
    last = options[-1]
    total = last
    for value, probability in zip(options[:-1], probabilities[:-1], strict=True):
        total = total + probability * (value - last)
    return total


def logit_choice(values: Sequence[Array], precision: Array, barred: Sequence[Array | float | None]) -> list[Array]:
    """Return the choice probabilities of a logit player, one array for each action.

    Args:
        values: expected payoff of each action, finite arrays that broadcast together.
        precision: lambda >= 0.
        barred: for each action `None`, or 0 where it is free and minus infinity where it is barred.
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
