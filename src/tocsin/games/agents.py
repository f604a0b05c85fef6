"""The agent form of a game: one agent for each information set, and the maps between strategies and values.

Let p(s) be the probability of action s. Terminal node z is reached with probability exp(L(z)), where

    L(z) = sum of log p(s) over the actions on its path + the log-probability of nature's moves there.

The value Q(s) of an action is the expected payoff u of its player, given that its information set is reached. It is a mean over
the set Z(s) of terminal nodes that s can lead to,

    Q(s) = sum over z in Z(s) of w(z) u(z),    w = softmax of L over Z(s).

Under perfect recall the player's own earlier moves change L by the same amount on all of Z(s) (Kuhn 1953). All computations use
logarithms, so beliefs follow Bayes' rule however sharp the strategies are.

Arrays have draws last. D is the number of draws, I of players, H of information sets, S of actions, N of decisions and Z of
terminal nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import tocsin.games.backend  # noqa: F401 - sets float64
from tocsin.errors import InputError
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs, children

MIN_LOG = -690.0
"""Log-probability of a chance move of probability zero. Beliefs after it are then the limit as the move becomes rarer; the values
change by at most 1e-299 of a payoff."""

MAX_NODES = 100_000
"""Largest tree that is converted to agent form."""


@dataclass(frozen=True, kw_only=True)
class InformationSet:
    """Decisions that their player cannot distinguish: the set's name, its player and actions, and the decisions' names."""

    name: str
    player: str
    actions: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Path:
    """A path from the root: indices of actions, probabilities of chance moves, payoffs."""

    moves: tuple[int, ...] = ()
    probabilities: tuple[Array | float, ...] = ()
    payoffs: tuple[Payoffs, ...] = ()

    def through(self, node: Node) -> _Path:
        return _Path(moves=self.moves, probabilities=self.probabilities, payoffs=(*self.payoffs, node.payoffs))

    def taking(self, move: int) -> _Path:
        return _Path(moves=(*self.moves, move), probabilities=self.probabilities, payoffs=self.payoffs)

    def by_chance(self, probability: Array | float) -> _Path:
        return _Path(moves=self.moves, probabilities=(*self.probabilities, probability), payoffs=self.payoffs)


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["payoffs", "terminal_chance", "member_chance"],
    meta_fields=["players", "sets", "terminal_paths", "member_paths"],
)
@dataclass(frozen=True, kw_only=True)
class AgentForm:
    """A game in agent form; actions are numbered over all information sets.

    Attributes:
        players: names, in order.
        sets: information sets, in the order in which a walk from the root reaches them.
        terminal_paths: for each terminal node, the actions on its path.
        member_paths: the same for each decision, sorted by information set.
        payoffs: (I, Z, D), summed along the path.
        terminal_chance: (Z, D) log-probabilities of nature's moves on the path.
        member_chance: (N, D) the same for each decision.
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
        """Return the information set (S,) of each action."""
        return np.repeat(np.arange(len(self.sets)), [len(info.actions) for info in self.sets])

    @cached_property
    def player_of(self) -> np.ndarray:
        """Return the player (S,) of each action."""
        return np.array([self.players.index(self.sets[h].player) for h in self.set_of], dtype=int)

    @cached_property
    def first_of(self) -> np.ndarray:
        """Return the first action (S,) of each action's set, the reference of its log odds."""
        starts = np.cumsum([0, *(len(info.actions) for info in self.sets)])[:-1]
        return starts[self.set_of]

    @cached_property
    def others(self) -> np.ndarray:
        """Return the actions (S - H,) that are not the first of their set. A strategy has log odds for each of them."""
        return np.flatnonzero(np.arange(len(self.first_of)) != self.first_of)

    @cached_property
    def member_set(self) -> np.ndarray:
        """Return the information set (N,) of each decision."""
        return np.repeat(np.arange(len(self.sets)), [len(info.members) for info in self.sets])

    @cached_property
    def terminal_moves(self) -> np.ndarray:
        """Return whether each action is on the path to each terminal node (Z, S)."""
        return _incidence(self.terminal_paths, len(self.set_of))

    @cached_property
    def member_moves(self) -> np.ndarray:
        """Return whether each action is on the path to each decision (N, S)."""
        return _incidence(self.member_paths, len(self.set_of))

    @cached_property
    def _actions_of(self) -> np.ndarray:
        """Return whether each action belongs to each information set (S, H)."""
        return self.set_of[:, None] == np.arange(len(self.sets))

    @cached_property
    def _through(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the terminal nodes (S, m) that each action can lead to, and a mask of the filled entries."""
        return _padded([np.flatnonzero(column) for column in self.terminal_moves.T])

    # --- maps ------------------------------------------------------------------------------------------------------

    def log_strategy(self, log_odds: Array) -> Array:
        """Return log-probabilities (S, D), given the log odds (S - H, D) against each set's first action."""
        full = jnp.zeros((len(self.set_of), log_odds.shape[-1])).at[self.others].set(log_odds)
        return full - self._log_sums(full, self.set_of)[self.set_of]

    def action_values(self, log_strategy: Array) -> tuple[Array, Array]:
        """Return Q (S, D) and the contributions w (u - Q) of terminal nodes to each action's spread (S, m, D)."""
        index, filled = self._through
        reach = self._reach(log_strategy)[index]
        reach = jnp.where(filled[:, :, None], reach, -jnp.inf)
        weights = jnp.exp(reach - jnp.max(reach, axis=1, keepdims=True))
        weights = weights / jnp.sum(weights, axis=1, keepdims=True)
        received = self.payoffs[self.player_of[:, None], index]
        values = jnp.sum(weights * received, axis=1)
        return values, weights * (received - values[:, None])

    def gain_slopes(self, log_strategy: Array, spread: Array, rows: np.ndarray, columns: np.ndarray) -> Array:
        """Return the derivatives (rows, columns, D) of Q(s) - Q(s0) by the log odds y.

        dQ(s) / d log p(r) = sum over z in Z(s) with r on its path of w (u - Q), and
        d log p(r) / dy(r') = [r = r'] - p(r') within an information set.

        Args:
            log_strategy: (S, D).
            spread: from `action_values`.
            rows, columns: numbers of log odds, 0 to S - H - 1: those of the gains, and those of the derivatives.
        """
        actions, varied = self.others[rows], self.others[columns]
        groups, group = np.unique(self.set_of[varied], return_inverse=True)
        through = self.terminal_moves[:, varied]
        through_set = (self.terminal_moves @ self._actions_of)[:, groups]
        probability = jnp.exp(log_strategy)[varied]

        def slopes(of: np.ndarray) -> Array:
            together = self._summed(spread, of, through_set)[:, group]
            return self._summed(spread, of, through) - probability * together

        return slopes(actions) - slopes(self.first_of[actions])

    def _summed(self, spread: Array, actions: np.ndarray, through: np.ndarray) -> Array:
        """Return the sums (actions, k, D) of each action's spread over its terminal nodes in each of k groups `through` (Z, k)."""
        index, filled = (table[actions] for table in self._through)
        inside = through[index] & filled[:, :, None]
        width = max(int(inside.sum(axis=1).max(initial=0)), 1)
        order = np.argsort(~inside, axis=1, kind="stable")[:, :width]
        flat = spread.reshape(-1, spread.shape[-1])[order + (actions * spread.shape[1])[:, None, None]]
        return jnp.sum(jnp.where(np.take_along_axis(inside, order, axis=1)[..., None], flat, 0.0), axis=1)

    @cached_property
    def independent(self) -> np.ndarray:
        """Return which log odds (S - H,) belong to a set of agents of whom none's values depend on another's strategy.

        The largest agents come first into it, compared with the number of agents on whom they depend or who depend on them.
        """
        index, filled = self._through
        passed = self.terminal_moves[index] & filled[:, :, None]
        some, all_ = passed.any(axis=1), (passed | ~filled[:, :, None]).all(axis=1)
        depends = self._actions_of.T @ (some & ~all_) @ self._actions_of
        linked = (depends | depends.T) & ~np.eye(len(self.sets), dtype=bool)
        sizes = self._actions_of.sum(axis=0) - 1
        chosen = np.zeros(len(self.sets), dtype=bool)
        for agent in np.argsort(-sizes / (1 + linked.sum(axis=1)), kind="stable"):
            chosen[agent] = not linked[agent, chosen].any()
        return chosen[self.set_of[self.others]]

    def beliefs(self, log_strategy: Array) -> Array:
        """Return the probability (N, D) of each decision given that its information set is reached, by Bayes' rule."""
        reach = self.member_moves.astype(float) @ log_strategy + self.member_chance
        return jnp.exp(reach - self._log_sums(reach, self.member_set)[self.member_set])

    def values(self, log_strategy: Array) -> Array:
        """Return the expected payoffs (I, D)."""
        return jnp.sum(jnp.exp(self._reach(log_strategy)) * self.payoffs, axis=1)

    def residual(self, log_strategy: Array, precision: Array) -> Array:
        """Return the largest distance (D,) of a probability from the logit response, given `precision` (I, D)."""
        values, _ = self.action_values(log_strategy)
        exponents = precision[self.player_of] * (values - values[self.first_of])
        response = jnp.exp(exponents - self._log_sums(exponents, self.set_of)[self.set_of])
        return jnp.max(jnp.abs(response - jnp.exp(log_strategy)), axis=0, initial=0.0)

    def _reach(self, log_strategy: Array) -> Array:
        """Return the log-probability (Z, D) of each terminal node."""
        return self.terminal_moves.astype(float) @ log_strategy + self.terminal_chance

    def _log_sums(self, rows: Array, group_of: np.ndarray) -> Array:
        """Return the log (H, D) of the sum of exponentials of each information set's rows."""
        index, filled = _padded([np.flatnonzero(group_of == group) for group in range(len(self.sets))])
        grid = jnp.where(filled[:, :, None], rows[index], -jnp.inf)
        largest = jnp.max(grid, axis=1)
        return largest + jnp.log(jnp.sum(jnp.exp(grid - largest[:, None]), axis=1))


def agent_form(root: Node, players: Sequence[str]) -> AgentForm:
    """Return the agent form of a tree.

    Args:
        root: a tree without continuation (`next`), grids (`Part`) and bars; its arrays are numbers or (D,).
        players: all players who move or receive payoffs, in order.

    Raises:
        InputError: if the tree has more than `MAX_NODES` nodes or a player has no perfect recall.
        ValueError: if the tree is malformed: it has a continuation, grid or bar, an unknown player, or an information set whose
            decisions differ in player or actions.
    """
    walk = _Walk(players)
    walk.visit_all(root)
    sets = tuple(
        InformationSet(name=name, player=first.player, actions=tuple(first.actions), members=tuple(walk.members[name]))
        for name, first in walk.first.items()
    )
    paths = [path for name in walk.first for path in walk.members[name].values()]
    walk.check_recall()
    draws = _draws([*walk.terminals, *paths])
    return AgentForm(
        players=tuple(players),
        sets=sets,
        terminal_paths=tuple(path.moves for path in walk.terminals),
        member_paths=tuple(path.moves for path in paths),
        payoffs=_rows([[_total(path, player) for path in walk.terminals] for player in players], draws),
        terminal_chance=_rows([[_log_chance(path) for path in walk.terminals]], draws)[0],
        member_chance=_rows([[_log_chance(path) for path in paths]], draws)[0],
    )


class _Walk:
    """Visits every path of a tree from the root and numbers the actions in the order in which it reaches them.

    Attributes:
        first: information set -> its first decision.
        starts: information set -> number of its first action.
        members: information set -> decision -> its path.
        terminals: paths of the terminal nodes.
        owner: for each action, its player and information set.
    """

    def __init__(self, players: Sequence[str]) -> None:
        self.players = set(players)
        self.first: dict[str, Decision] = {}
        self.starts: dict[str, int] = {}
        self.members: dict[str, dict[str, _Path]] = {}
        self.terminals: list[_Path] = []
        self.owner: list[tuple[str, str]] = []

    def visit_all(self, root: Node) -> None:
        waiting: list[tuple[Node, _Path]] = [(root, _Path())]
        count = 0
        while waiting:
            node, before = waiting.pop()
            count += 1
            if count > MAX_NODES:
                raise InputError(f"the tree has more than {MAX_NODES:,} nodes", remedy="solve a smaller game")
            path = before.through(node)
            match node:
                case Outcome():
                    if node.next is not None:
                        raise ValueError(
                            "a game with information sets cannot continue after its outcomes: leave `next` empty"
                        )
                    self.terminals.append(path)
                case Chance():
                    waiting += [(child, path.by_chance(probability)) for probability, child in reversed(node.branches)]
                case Decision():
                    start = self._add(node, path)
                    moves = range(start, start + len(node.actions))
                    waiting += [
                        (child, path.taking(move))
                        for move, child in reversed([*zip(moves, children(node), strict=True)])
                    ]
                case Part():
                    raise ValueError("a game with information sets cannot have grids of games")

    def _add(self, node: Decision, path: _Path) -> int:
        """Record a decision and return the number of its first action."""
        name = node.information or node.name
        if node.player not in self.players:
            raise ValueError(f"unknown player {node.player} at decision {node.name}")
        if not node.actions or node.barred:
            raise ValueError(f"decision {node.name} must have actions, none of them barred")
        first = self.first.setdefault(name, node)
        if first.player != node.player or tuple(first.actions) != tuple(node.actions):
            raise ValueError(f"information set {name}: {first.name} and {node.name} differ in player or actions")
        if name not in self.starts:
            self.starts[name] = len(self.owner)
            self.owner += [(node.player, name)] * len(node.actions)
        others = self.members.setdefault(name, {})
        others[node.name if node.name not in others else f"{node.name} ({len(others) + 1})"] = path
        return self.starts[name]

    def check_recall(self) -> None:
        """Check that all decisions of a set follow the same actions of their player (Kuhn 1953)."""
        for name, first in self.first.items():
            own = {
                tuple(move for move in path.moves if self.owner[move][0] == first.player)
                for path in self.members[name].values()
            }
            shared = first.information is None  # one decision on several paths, all with the same subtree
            if len(own) > 1 and not shared:
                raise InputError(
                    f"{first.player} forgets at information set {name} what it did or knew before: no perfect recall",
                    remedy="split the information set, so that the player remembers its own moves and what it knew",
                )


def _incidence(paths: Sequence[tuple[int, ...]], count: int) -> np.ndarray:
    """Return (paths, count) whether an action is on a path."""
    incidence = np.zeros((len(paths), count), dtype=bool)
    for row, moves in enumerate(paths):
        incidence[row, list(moves)] = True
    return incidence


def _total(path: _Path, player: str) -> Array:
    return sum((payoffs[player] for payoffs in path.payoffs if player in payoffs), 0.0)


def _log_chance(path: _Path) -> Array:
    total: Array = 0.0
    for probability in path.probabilities:
        numeric = _numeric([probability])
        total = total + numeric.where(
            probability > 0, numeric.log(numeric.where(probability > 0, probability, 1.0)), MIN_LOG
        )
    return total


def _draws(paths: Sequence[_Path]) -> int:
    """Return the number of draws of the arrays on the paths."""
    shapes = [
        np.shape(array)
        for path in paths
        for array in (*path.probabilities, *(row for payoffs in path.payoffs for row in payoffs.values()))
    ]
    (draws,) = np.broadcast_shapes((1,), *shapes)
    return int(draws)


def _rows(table: Sequence[Sequence[Array]], draws: int) -> Array:
    """Return a table of numbers or arrays (D,) as one array (rows, columns, D)."""
    numeric = _numeric([value for row in table for value in row])
    wide = [[numeric.broadcast_to(numeric.asarray(value, dtype=float), (draws,)) for value in row] for row in table]
    return numeric.asarray(wide, dtype=float).reshape(len(table), -1, draws)


def _numeric(arrays: Sequence[Array]) -> Any:
    """Return JAX's module if an array is one of JAX's, else NumPy, which needs no compilation."""
    return jnp if any(isinstance(array, jax.Array) for array in arrays) else np


def _padded(groups: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return groups of indices as the rows of a rectangle, and a mask of the filled entries."""
    width = max((len(group) for group in groups), default=1)
    index = np.zeros((len(groups), width), dtype=int)
    filled = np.zeros((len(groups), width), dtype=bool)
    for row, group in enumerate(groups):
        index[row, : len(group)] = group
        filled[row, : len(group)] = True
    return index, filled
