"""Trees: finite games whose payoffs and probabilities are arrays.

A node holds its successors and the payoffs that players receive when play passes it. The arrays may have any shapes that broadcast
together, so that one tree describes a grid of states and an ensemble of draws at once. Nodes may be shared: a subtree that is
reached in several ways is solved once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Array: TypeAlias = Any
"""An array of JAX or NumPy, traced or not, or a number. No static type of either library covers all of these. Docstrings give the
shapes."""

Payoffs: TypeAlias = "Mapping[str, Array | float]"


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """The end of a path through the tree.

    Attributes:
        next: label of the continuation after the stage; `None` ends the game with value 0.
        payoffs: player -> payoff here. A responder (see `recursion.Channels`) may have a payoff of its own.
        counts: event -> probability in [0, 1] that it occurs here; a tally counts an event at most once.
    """

    next: str | None
    payoffs: Payoffs = field(default_factory=dict)
    counts: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Chance:
    """A chance move: `branches` are pairs of a probability in [0, 1] and a node; the probabilities sum to one."""

    branches: tuple[tuple[Array | float, Node], ...]
    payoffs: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Decision:
    """A move of a player.

    Attributes:
        name: unique in the tree; choice probabilities are reported under it.
        player: who chooses.
        actions: action -> node, in order.
        barred: action -> 0 where it is free, minus infinity where it is barred. One action must be free everywhere.
        believed: action -> node that the player believes to follow, where it is not the one that does. It governs the choice alone.
        information: name of the information set. The player cannot distinguish the decisions of a set; they must have the same
            player and the same actions in the same order. `None`: the decision is the only one of its set.
    """

    name: str
    player: str
    actions: Mapping[str, Node]
    information: str | None = None
    barred: Payoffs = field(default_factory=dict)
    believed: Mapping[str, Node] = field(default_factory=dict)
    payoffs: Payoffs = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """A slice of a grid of games.

    Games that differ only in numbers may be one node whose arrays have the games as first axis. All nodes of the tree then have
    that axis, of length 1 where there is a single game.

    Attributes:
        of: the grid.
        start, stop: first game of the slice, and the one after the last.
        counts: event -> probability in [0, 1] that it occurs here, as in an outcome.
    """

    of: Node
    start: int
    stop: int
    payoffs: Payoffs = field(default_factory=dict)
    counts: Payoffs = field(default_factory=dict)


Node: TypeAlias = Outcome | Chance | Decision | Part


def children(node: Node) -> tuple[Node, ...]:
    """Return the successors of a node, and those that its player believes in."""
    match node:
        case Outcome():
            return ()
        case Chance():
            return tuple(child for _, child in node.branches)
        case Decision():
            return (*node.actions.values(), *node.believed.values())
        case Part():
            return (node.of,)


def arrays(root: Node) -> Iterator[Array | float]:
    """Yield every array of a tree: payoffs, counts, probabilities and bars."""
    for node in walk(root):
        yield from node.payoffs.values()
        match node:
            case Outcome() | Part():
                yield from node.counts.values()
            case Chance():
                yield from (probability for probability, _ in node.branches)
            case Decision():
                yield from node.barred.values()


def walk(root: Node) -> Iterator[Node]:
    """Yield every node once, after all nodes below it."""
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
    """Return the decisions of a tree, each after those below it.

    Raises:
        ValueError: if two decisions have the same name, or one has no action.
    """
    nodes = tuple(node for node in walk(root) if isinstance(node, Decision))
    names = [node.name for node in nodes]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"two decisions are named {', '.join(twice)}; give each its own name")
    if empty := [node.name for node in nodes if not node.actions]:
        raise ValueError(f"the decision {empty[0]} has no action; give it at least one")
    return nodes
