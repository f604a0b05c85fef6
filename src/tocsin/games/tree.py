"""Trees: finite games of perfect information whose payoffs and chances are arrays.

A node says what every player receives on passing it (`payoffs`) and what follows. The arrays may have any shapes that
broadcast together, so one tree stands for a whole grid of states and a whole ensemble of draws at once. Nodes may be
shared: a subtree that is reached in several ways is solved once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Array: TypeAlias = Any
"""An array of JAX or of NumPy, traced or not, or a number: trees and kernels work on any of them alike, which no static
type of either library says. Shapes are in the docstrings."""

Payoffs: TypeAlias = "Mapping[str, Array | float]"


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """The end of a path through the tree.

    Attributes:
        next: label of what follows the stage (a key of the continuation values; `None` ends the game with value 0).
        payoffs: what each player receives here, in the game's unit. A responder's name (see `recursion.Channels`) may
            be given beside its player's, where the two differ.
        counts: for a tally, the share in [0, 1] of this outcome that the tally counts (and then stops).
    """

    next: str | None
    payoffs: Payoffs = field(default_factory=dict)
    counts: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Chance:
    """A move of nature: `branches` are pairs (probability in [0, 1], node) whose probabilities sum to one."""

    branches: tuple[tuple[Array | float, Node], ...]
    payoffs: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Decision:
    """A move of a player.

    Attributes:
        name: unique in the tree; the choice probabilities are reported under it.
        player: who chooses.
        actions: what may be chosen, in order.
        barred: for an action, 0 where it may be chosen and minus infinity where it may not. At least one action must
            be free everywhere.
        information: name of the information set; the player cannot tell the decisions of one set apart, which must
            be its own and have the same actions in the same order. `None` where it knows exactly where it stands.
    """

    name: str
    player: str
    actions: Mapping[str, Node]
    information: str | None = None
    barred: Payoffs = field(default_factory=dict)
    payoffs: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """Some of a grid of games.

    Games that differ in numbers alone may be one node whose arrays have the games as their first axis; all nodes of a
    tree then have that axis, of length 1 where they are but one.

    Attributes:
        of: the grid.
        start, stop: which of its games follow.
    """

    of: Node
    start: int
    stop: int
    payoffs: Payoffs = field(default_factory=dict)


Node: TypeAlias = Outcome | Chance | Decision | Part


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that may follow `node` directly."""
    match node:
        case Outcome():
            return ()
        case Chance():
            return tuple(child for _, child in node.branches)
        case Decision():
            return tuple(node.actions.values())
        case Part():
            return (node.of,)


def arrays(root: Node) -> Iterator[Array | float]:
    """Every array of a tree: payoffs, counts, chances and bars."""
    for node in walk(root):
        yield from node.payoffs.values()
        match node:
            case Outcome():
                yield from node.counts.values()
            case Chance():
                yield from (chance for chance, _ in node.branches)
            case Decision():
                yield from node.barred.values()


def walk(root: Node) -> Iterator[Node]:
    """Every node once, each after all that may follow it."""
    seen: set[int] = set()

    def visit(node: Node) -> Iterator[Node]:
        if id(node) in seen:
            return
        seen.add(id(node))
        for child in children(node):
            yield from visit(child)
        yield node

    yield from visit(root)


def decisions(root: Node) -> tuple[Decision, ...]:
    """The decisions of a tree, each after those that may follow it.

    Raises:
        ValueError: if two decisions bear the same name or one has no action.
    """
    found = tuple(node for node in walk(root) if isinstance(node, Decision))
    names = [node.name for node in found]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"two decisions are named {', '.join(twice)}; give each its own name")
    if empty := [node.name for node in found if not node.actions]:
        raise ValueError(f"the decision {empty[0]} has no action; give it at least one")
    return found
