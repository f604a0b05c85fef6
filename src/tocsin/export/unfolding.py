"""Unfold a tree of arrays at one state into an extensive game with numbers.

A subgame that occurs again, or that would make the game too large, becomes an end whose payoffs are its solved values. At the precision
at which it was solved, this changes no other choice and no value.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from tocsin.games.efg import ExtensiveGame, FileNode, FileOutcome, MoveSet
from tocsin.games.recursion import Choices, Continuation
from tocsin.games.tree import Chance, Decision, Node, Outcome, Part, Payoffs, children

MAX_NODES = 1_000
"""Largest number of nodes of a game that is written."""
PLACES = Decimal("1e-15")
"""Probabilities of chance are rounded to this, so that they sum to exactly one; a smaller one is left out."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A solved tree of arrays at one state.

    Attributes:
        root, continuation, choices: as in `games.recursion`.
        at: index of the state on the last axes of an array; the axis before them, if any, is that of games, see `games.tree.Part`.
        players: label -> (name in the tree, row of its values in the continuation, its stake, by which payoffs are divided).
        flow: player in the tree -> payoff whatever the choices.
    """

    root: Node
    continuation: Continuation
    choices: Choices
    at: tuple[int, ...]
    players: Mapping[str, tuple[str, int, float]]
    flow: Payoffs

    def number(self, array: Any, game: int) -> float:
        """Return the entry of an array for one game of a grid."""
        values = np.asarray(array, dtype=float)
        values = values.reshape((1,) * (1 + len(self.at) - values.ndim) + values.shape)
        wanted = (game, *self.at)
        return float(values[tuple(0 if size == 1 else index for size, index in zip(values.shape, wanted, strict=True))])

    def payoffs(self, rows: Payoffs, game: int) -> np.ndarray:
        """Return payoffs (players,) in own stakes."""
        return np.array([self.number(rows.get(name, 0.0), game) / stake for name, _, stake in self.players.values()])

    def follows(self, label: str | None, game: int) -> np.ndarray:
        """Return the values (players,) after an outcome, in own stakes."""
        if label is None:
            return np.zeros(len(self.players))
        stack = self.continuation(label)
        return np.array([self.number(stack[row], game) / stake for _, row, stake in self.players.values()])


@dataclass(frozen=True)
class _Move:
    """A node with numbers: who moves there (None: chance), the name, and the actions with probability and successor."""

    player: str | None
    name: str
    options: tuple[tuple[str, float, _Position], ...]


@dataclass(frozen=True, eq=False)
class _Position:
    """A node of the grid for one of its games, without parts before it, and the payoffs on the way to it."""

    node: Outcome | Chance | Decision
    game: int
    payoffs: np.ndarray

    @property
    def key(self) -> tuple[int, int]:
        return id(self.node), self.game


@dataclass(eq=False)
class _Branch:
    """A node of the unfolded game: payoffs from the root to it, its move, and its successors; an end has no move."""

    position: _Position
    payoffs: np.ndarray
    move: _Move | None = None
    children: list[_Branch] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Unfolded:
    """The game, and how many of its ends stand for subgames."""

    game: ExtensiveGame
    cut: int


def unfold(grid: Grid, *, title: str, comment: str) -> Unfolded:
    """Return a grid's tree at one state as a game with at most `MAX_NODES` nodes.

    A tree that fits is whole. In a larger one a subgame stands once, where it is nearest to the root.
    """
    tree = _Tree(grid)
    root, cut = _grown(tree, sharing=False)
    if cut:
        root, cut = _grown(tree, sharing=True)
    return Unfolded(game=_written(tree, root, title, comment), cut=cut)


def _grown(tree: _Tree, *, sharing: bool) -> tuple[_Branch, int]:
    """Return the root of the unfolded tree, which grows level by level, and the number of subgames that it leaves out.

    Args:
        tree: the tree of arrays.
        sharing: whether a repeated subgame is written only once.
    """
    start = tree.position(tree.grid.root, 0, tree.grid.payoffs(tree.grid.flow, 0))
    root = _Branch(start, start.payoffs)
    waiting, seen, count, cut = deque([root]), set[tuple[int, int]](), 1, 0
    while waiting:
        branch = waiting.popleft()
        if isinstance(branch.position.node, Outcome):
            continue
        move = tree.move(branch.position)
        if (sharing and branch.position.key in seen) or count + len(move.options) > MAX_NODES:
            cut += 1
            continue
        seen.add(branch.position.key)
        branch.move = move
        branch.children = [_Branch(position, branch.payoffs + position.payoffs) for _, _, position in move.options]
        waiting.extend(branch.children)
        count += len(branch.children)
    return root, cut


class _Tree:
    """Reads a grid at its state, and the values of its nodes."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.known: dict[tuple[int, int], np.ndarray] = {}
        self.sizes: dict[int, int] = {}

    def size(self, node: Node) -> int:
        """Return the number of games of a node; one game serves wherever it is reached, from whatever game of a grid."""
        if isinstance(node, Part):
            return node.stop - node.start
        if id(node) not in self.sizes:
            rank = 1 + len(self.grid.at)
            own = [np.shape(array)[0] for array in _arrays(node) if np.ndim(array) == rank]
            self.sizes[id(node)] = max([1, *own, *map(self.size, children(node))])
        return self.sizes[id(node)]

    def position(self, node: Node, game: int, payoffs: np.ndarray | float = 0.0) -> _Position:
        """Return a position without the parts before its node."""
        total = payoffs + self.grid.payoffs(node.payoffs, game)
        while isinstance(node, Part):
            game = node.start + (game if self.size(node) > 1 else 0)
            node = node.of
            total = total + self.grid.payoffs(node.payoffs, game)
        return _Position(node, game if self.size(node) > 1 else 0, total)

    def move(self, position: _Position) -> _Move:
        """Return the move at a position.

        A player whose beliefs differ from what follows moves by its solved probabilities, as chance.
        """
        node, game = position.node, position.game
        if isinstance(node, Chance):
            named = [(str(k), self.grid.number(p, game), child) for k, (p, child) in enumerate(node.branches, start=1)]
            options = [(name, share, child) for name, share, child in named if share > float(PLACES)]
            return _Move(None, "chance", tuple((name, p, self.position(child, game)) for name, p, child in options))
        assert isinstance(node, Decision)
        barred = {action for action, bar in node.barred.items() if self.grid.number(bar, game) < 0.0}
        solved = self.grid.choices[node.name]
        options = [
            (action, self.grid.number(solved[action], game), child)
            for action, child in node.actions.items()
            if action not in barred
        ]
        if node.believed:
            options = [option for option in options if option[1] > float(PLACES)]
        positions = tuple((action, share, self.position(child, game)) for action, share, child in options)
        return _Move(None if node.believed else node.player, node.name, positions)

    def value(self, position: _Position) -> np.ndarray:
        """Return the solved values (players,) at a position, without the payoffs on the way to it."""
        if position.key not in self.known:
            if isinstance(position.node, Outcome):
                self.known[position.key] = self.grid.follows(position.node.next, position.game)
            else:
                options = self.move(position).options
                total = sum(share for _, share, _ in options)
                self.known[position.key] = np.sum(
                    [share / total * (child.payoffs + self.value(child)) for _, share, child in options], axis=0
                )
        return self.known[position.key]


def _arrays(node: Node) -> list[Any]:
    """Return the arrays of a node itself."""
    arrays: list[Any] = [*node.payoffs.values()]
    if isinstance(node, Chance):
        arrays += [probability for probability, _ in node.branches]
    elif isinstance(node, Decision):
        arrays += [*node.barred.values()]
    return arrays


# --- as a file ------------------------------------------------------------------------------------------------------


def _written(tree: _Tree, root: _Branch, title: str, comment: str) -> ExtensiveGame:
    labels, names = tuple(tree.grid.players), {name: label for label, (name, _, _) in tree.grid.players.items()}
    sets: dict[tuple[int, int], MoveSet] = {}
    outcomes: dict[int, FileOutcome] = {}
    nodes: list[FileNode] = []
    open_branches = [root]
    while open_branches:
        branch = open_branches.pop()
        if branch.move is None:
            ends = branch.payoffs + tree.value(branch.position)
            label = "" if isinstance(branch.position.node, Outcome) else _readable(_name(branch.position), names)
            number = len(outcomes) + 1
            outcomes[number] = FileOutcome(
                label=f"{label or 'end'} {number}", payoffs=tuple(Decimal(repr(float(x))) for x in ends)
            )
            nodes.append(FileNode(label="", moves=None, outcome=number))
            continue
        player = 0 if branch.move.player is None else labels.index(names[branch.move.player]) + 1
        key = (player, 1 + sum(owner == player for owner, _ in sets))  # Gambit wants one label for each set of a player
        shares = [share for _, share, _ in branch.move.options]
        sets[key] = MoveSet(
            label=f"{_readable(branch.move.name, names)} {key[1]}",
            actions=tuple(action for action, _, _ in branch.move.options),
            probabilities=() if player else _exact(shares),
        )
        nodes.append(FileNode(label="", moves=key, outcome=0))
        open_branches.extend(reversed(branch.children))
    return ExtensiveGame(title=title, players=labels, comment=comment, sets=sets, outcomes=outcomes, nodes=tuple(nodes))


def _name(position: _Position) -> str:
    return f"value of: {position.node.name}" if isinstance(position.node, Decision) else "value of what follows"


def _readable(name: str, names: Mapping[str, str]) -> str:
    return re.sub("|".join(rf"\b{re.escape(role)}\b" for role in names), lambda match: names[match[0]], name)


def _exact(shares: Sequence[float]) -> tuple[Decimal, ...]:
    """Return probabilities that sum to exactly one; the last takes the rest."""
    total = sum(shares)
    rounded = [Decimal(repr(share / total)).quantize(PLACES) for share in shares[:-1]]
    return (*rounded, 1 - sum(rounded, Decimal(0)))
