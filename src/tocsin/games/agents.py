"""The agent form of a game: one agent for each information set, with the maps between their strategies and values.

With log-probabilities log p(s) of every action s, a terminal node z is reached with probability exp(L(z)), where

    L(z) = sum of log p(s) over the actions on its path + the log chance of nature's moves there.

What agent h expects of its action s, given that its information set is reached, is the mean of its player's payoff over
the terminal nodes Z(s) that s can lead to,

    Q(s) = sum over z in Z(s) of w(z) u(z),    w = softmax of L over Z(s),

since under perfect recall the player's own earlier moves weigh on all of Z(s) alike (Kuhn 1953). Everything stays in
logarithms, so that no strategy is too sharp for the beliefs to follow Bayes' rule.

Arrays have draws last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import tocsin.games.backend  # noqa: F401 - sets float64, without which no branch can be followed
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs, children

LEAST_LOG = -690.0
"""Log of the probability that a chance move of probability zero is given, so that beliefs behind it are the limit of
those under ever rarer chances; it moves no value by more than 1e-299 of a payoff."""

MAX_NODES = 100_000
"""The largest tree that is unfolded."""


@dataclass(frozen=True, kw_only=True)
class InformationSet:
    """What a player knows at some decisions: their common name, its actions, and the decisions' names."""

    name: str
    player: str
    actions: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Path:
    """A way from the root: actions taken, chances passed, payoffs received."""

    moves: tuple[int, ...] = ()
    chances: tuple[Array | float, ...] = ()
    payoffs: tuple[Payoffs, ...] = ()

    def through(self, node: Node) -> _Path:
        return _Path(moves=self.moves, chances=self.chances, payoffs=(*self.payoffs, node.payoffs))

    def taking(self, move: int) -> _Path:
        return _Path(moves=(*self.moves, move), chances=self.chances, payoffs=self.payoffs)

    def by_chance(self, chance: Array | float) -> _Path:
        return _Path(moves=self.moves, chances=(*self.chances, chance), payoffs=self.payoffs)


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["payoffs", "terminal_chance", "member_chance"],
    meta_fields=["players", "sets", "terminal_paths", "member_paths"],
)
@dataclass(frozen=True, kw_only=True)
class AgentForm:
    """A game by its information sets, actions (all sets' in one row) and terminal nodes.

    Attributes:
        players: in order.
        sets: information sets in the order in which the tree, read from the root, first meets them.
        terminal_paths: the actions that lead to each terminal node, by place.
        member_paths: the same for each decision, sets one after the other.
        payoffs: (I, Z, D), summed along the path.
        terminal_chance, member_chance: (Z, D), (N, D) log-probabilities of nature's moves on the path.
    """

    players: tuple[str, ...]
    sets: tuple[InformationSet, ...]
    terminal_paths: tuple[tuple[int, ...], ...]
    member_paths: tuple[tuple[int, ...], ...]
    payoffs: Array
    terminal_chance: Array
    member_chance: Array

    # --- structure -------------------------------------------------------------------------------------------------

    @cached_property
    def set_of(self) -> np.ndarray:
        """(S,) the set of each action."""
        return np.repeat(np.arange(len(self.sets)), [len(each.actions) for each in self.sets])

    @cached_property
    def player_of(self) -> np.ndarray:
        """(S,) the player of each action."""
        return np.array([self.players.index(self.sets[h].player) for h in self.set_of], dtype=int)

    @cached_property
    def first_of(self) -> np.ndarray:
        """(S,) the first action of each action's set, against which log-odds are taken."""
        starts = np.cumsum([0, *(len(each.actions) for each in self.sets)])[:-1]
        return starts[self.set_of]

    @cached_property
    def others(self) -> np.ndarray:
        """The actions that are not the first of their set: a strategy has one log-odds for each."""
        return np.flatnonzero(np.arange(len(self.first_of)) != self.first_of)

    @cached_property
    def member_set(self) -> np.ndarray:
        """(N,) the set of each decision."""
        return np.repeat(np.arange(len(self.sets)), [len(each.members) for each in self.sets])

    @cached_property
    def terminal_moves(self) -> np.ndarray:
        """(Z, S) bool: which actions lead to each terminal node."""
        return _incidence(self.terminal_paths, len(self.set_of))

    @cached_property
    def member_moves(self) -> np.ndarray:
        """(N, S) bool: which actions lead to each decision."""
        return _incidence(self.member_paths, len(self.set_of))

    @cached_property
    def _through(self) -> tuple[np.ndarray, np.ndarray]:
        """(S, m) terminal nodes that each action can lead to, and which of these places are filled."""
        return _padded([np.flatnonzero(column) for column in self.terminal_moves.T])

    # --- maps ------------------------------------------------------------------------------------------------------

    def log_strategy(self, odds: Array) -> Array:
        """(S, D) log-probabilities from the log-odds (S - H, D) of the other actions against their set's first."""
        full = jnp.zeros((len(self.set_of), odds.shape[-1])).at[self.others].set(odds)
        return full - self._sums(full, self.set_of)[self.set_of]

    def action_values(self, log_strategy: Array) -> tuple[Array, Array]:
        """Q (S, D), and what each terminal node through an action adds to its spread, w (u - Q): (S, m, D)."""
        index, filled = self._through
        reach = self._reach(log_strategy)[index]
        reach = jnp.where(filled[:, :, None], reach, -jnp.inf)
        weights = jnp.exp(reach - jnp.max(reach, axis=1, keepdims=True))
        weights = weights / jnp.sum(weights, axis=1, keepdims=True)
        received = self.payoffs[self.player_of[:, None], index]
        values = jnp.sum(weights * received, axis=1)
        return values, weights * (received - values[:, None])

    def slopes(self, log_strategy: Array, spread: Array) -> Array:
        """(S, S - H, D) derivatives of Q by the log-odds of `log_strategy`, given the `spread` of `action_values`.

        dQ(s) / d log p(r) = sum over z in Z(s) with r on its path of w (u - Q), and
        d log p(r) / d odds(r') = [r = r'] - p(r') within a set.
        """
        index, _ = self._through
        incidence = self.terminal_moves[index].transpose(0, 2, 1).astype(float)
        by_log = jnp.einsum("srm,smd->srd", incidence, spread)
        same_set = (self.set_of[:, None] == self.set_of[None, self.others]).astype(float)
        together = jnp.einsum("srd,ro->sod", by_log, same_set)
        return by_log[:, self.others] - jnp.exp(log_strategy)[self.others] * together

    def beliefs(self, log_strategy: Array) -> Array:
        """(N, D) probability of each decision given that its information set is reached, by Bayes' rule."""
        reach = self.member_moves.astype(float) @ log_strategy + self.member_chance
        return jnp.exp(reach - self._sums(reach, self.member_set)[self.member_set])

    def values(self, log_strategy: Array) -> Array:
        """(I, D) expected payoffs at the root."""
        return jnp.sum(jnp.exp(self._reach(log_strategy)) * self.payoffs, axis=1)

    def residual(self, log_strategy: Array, precision: Array) -> Array:
        """(D,) largest distance of a probability from the logit response to the strategies; `precision` (I, D)."""
        values, _ = self.action_values(log_strategy)
        exponents = precision[self.player_of] * (values - values[self.first_of])
        response = jnp.exp(exponents - self._sums(exponents, self.set_of)[self.set_of])
        return jnp.max(jnp.abs(response - jnp.exp(log_strategy)), axis=0, initial=0.0)

    def _reach(self, log_strategy: Array) -> Array:
        """(Z, D) log-probability of each terminal node."""
        return self.terminal_moves.astype(float) @ log_strategy + self.terminal_chance

    def _sums(self, rows: Array, group_of: np.ndarray) -> Array:
        """(groups, D) log of the sum of exponentials of the rows of each group."""
        index, filled = _padded([np.flatnonzero(group_of == group) for group in range(len(self.sets))])
        grid = jnp.where(filled[:, :, None], rows[index], -jnp.inf)
        most = jnp.max(grid, axis=1)
        return most + jnp.log(jnp.sum(jnp.exp(grid - most[:, None]), axis=1))


def agent_form(root: Node, players: Sequence[str]) -> AgentForm:
    """The agent form of a tree.

    Args:
        root: a tree with no continuation (`next`), no grids (`Part`) and no bars; its arrays are numbers or (D,).
        players: all who receive payoffs or move, in order.

    Raises:
        ValueError: if the tree is too large, a set's decisions differ in player or actions, or a player forgets what
            it did or knew (the set is named).
    """
    reading = _Reading(players)
    reading.read(root)
    sets = tuple(
        InformationSet(
            name=name, player=first.player, actions=tuple(first.actions), members=tuple(reading.members[name])
        )
        for name, first in reading.first.items()
    )
    paths = [path for name in reading.first for path in reading.members[name].values()]
    reading.check_recall()
    draws = _draws([*reading.terminals, *paths])
    return AgentForm(
        players=tuple(players),
        sets=sets,
        terminal_paths=tuple(path.moves for path in reading.terminals),
        member_paths=tuple(path.moves for path in paths),
        payoffs=_rows([[_total(path, player) for path in reading.terminals] for player in players], draws),
        terminal_chance=_rows([[_log_chance(path) for path in reading.terminals]], draws)[0],
        member_chance=_rows([[_log_chance(path) for path in paths]], draws)[0],
    )


class _Reading:
    """A walk over every path of a tree, from the root, that numbers actions as it meets them."""

    def __init__(self, players: Sequence[str]) -> None:
        self.players = set(players)
        self.first: dict[str, Decision] = {}
        self.starts: dict[str, int] = {}
        self.members: dict[str, dict[str, _Path]] = {}
        self.terminals: list[_Path] = []
        self.owner: list[tuple[str, str]] = []

    def read(self, root: Node) -> None:
        waiting: list[tuple[Node, _Path]] = [(root, _Path())]
        count = 0
        while waiting:
            node, before = waiting.pop()
            count += 1
            if count > MAX_NODES:
                raise ValueError(f"the tree has more than {MAX_NODES:,} nodes")
            path = before.through(node)
            match node:
                case Outcome():
                    if node.next is not None:
                        raise ValueError("a game with information sets ends at its outcomes: leave `next` empty")
                    self.terminals.append(path)
                case Chance():
                    waiting += [(child, path.by_chance(chance)) for chance, child in reversed(node.branches)]
                case Decision():
                    start = self._meet(node, path)
                    places = range(start, start + len(node.actions))
                    waiting += [
                        (child, path.taking(move))
                        for move, child in reversed([*zip(places, children(node), strict=True)])
                    ]
                case Part():
                    raise ValueError("a game with information sets has no grids of games")

    def _meet(self, node: Decision, path: _Path) -> int:
        name = node.information or node.name
        if node.player not in self.players:
            raise ValueError(f"{node.player} moves at {node.name} but is not among the players")
        if not node.actions or node.barred:
            raise ValueError(f"the decision {node.name} must have actions, none of them barred")
        first = self.first.setdefault(name, node)
        if first.player != node.player or tuple(first.actions) != tuple(node.actions):
            raise ValueError(
                f"information set {name}: {first.name} and {node.name} differ in player or actions, so they can be told apart"
            )
        if name not in self.starts:
            self.starts[name] = len(self.owner)
            self.owner += [(node.player, name)] * len(node.actions)
        others = self.members.setdefault(name, {})
        others[node.name if node.name not in others else f"{node.name} ({len(others) + 1})"] = path
        return self.starts[name]

    def check_recall(self) -> None:
        """Every decision of a set must come after the same own actions (Kuhn 1953)."""
        for name, first in self.first.items():
            own = {
                tuple(move for move in path.moves if self.owner[move][0] == first.player)
                for path in self.members[name].values()
            }
            shared = first.information is None  # one decision reached in several ways: what follows is the same
            if len(own) > 1 and not shared:
                raise ValueError(
                    f"{first.player} forgets at information set {name} what it did or knew before: no perfect recall"
                )


def _incidence(paths: Sequence[tuple[int, ...]], count: int) -> np.ndarray:
    found = np.zeros((len(paths), count), dtype=bool)
    for place, moves in enumerate(paths):
        found[place, list(moves)] = True
    return found


def _total(path: _Path, player: str) -> Array:
    return sum((payoffs[player] for payoffs in path.payoffs if player in payoffs), 0.0)


def _log_chance(path: _Path) -> Array:
    total: Array = 0.0
    for chance in path.chances:
        numeric = _numeric([chance])
        total = total + numeric.where(chance > 0, numeric.log(numeric.where(chance > 0, chance, 1.0)), LEAST_LOG)
    return total


def _draws(paths: Sequence[_Path]) -> int:
    """D: the number of draws of the arrays on some paths."""
    shapes = [
        np.shape(array)
        for path in paths
        for array in (*path.chances, *(row for payoffs in path.payoffs for row in payoffs.values()))
    ]
    (draws,) = np.broadcast_shapes((1,), *shapes)
    return int(draws)


def _rows(table: Sequence[Sequence[Array]], draws: int) -> Array:
    """Rows of numbers or (D,) as one array (rows, columns, D)."""
    numeric = _numeric([entry for row in table for entry in row])
    each = [[numeric.broadcast_to(numeric.asarray(entry, dtype=float), (draws,)) for entry in row] for row in table]
    return numeric.asarray(each, dtype=float).reshape(len(table), -1, draws)


def _numeric(arrays: Sequence[Array]) -> Any:
    """NumPy for plain numbers, which costs no compilation; JAX for its own arrays."""
    return jnp if any(isinstance(array, jax.Array) for array in arrays) else np


def _padded(groups: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Groups of places as a rectangle (groups, most), and which of it is filled."""
    most = max((len(group) for group in groups), default=1)
    index = np.zeros((len(groups), most), dtype=int)
    filled = np.zeros((len(groups), most), dtype=bool)
    for row, group in enumerate(groups):
        index[row, : len(group)] = group
        filled[row, : len(group)] = True
    return index, filled
