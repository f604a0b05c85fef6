"""A slow NumPy solver of trees: one state and one draw at a time, path by path.

Tests compare `tocsin.games.recursion` with it. The two share only the tree: here choice probabilities are SciPy's softmax of
expectations over enumerated paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import softmax

from tocsin.games.recursion import Channels
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, decisions

Strategies = dict[str, np.ndarray]
"""Decision name -> probabilities of its actions, in order."""


def solve_plain(
    root: Node, channels: Channels, continuation: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, float], Strategies]:
    """Return the values at the root of a tree of numbers, by channel, and the choice probabilities.

    Args:
        root: a tree whose payoffs, probabilities and bars are numbers.
        channels: players with scalar precision, responders, tallies.
        continuation: channel -> label -> number.
    """
    game = _Game(channels, continuation)
    for decision in decisions(root):
        values = np.array([game.expected(child, decision.player) for child in decision.actions.values()])
        bars = np.array([_number(decision.barred.get(action, 0.0)) for action in decision.actions])
        game.strategies[decision.name] = softmax(_number(channels.precision[decision.player]) * values + bars)
    return {name: game.expected(root, name) for name in channels.names}, game.strategies


@dataclass(frozen=True)
class _Game:
    """What expectations depend on: channels, continuation values and the strategies computed so far."""

    channels: Channels
    continuation: Mapping[str, Mapping[str, float]]
    strategies: Strategies = field(default_factory=dict)

    def expected(self, node: Node, name: str) -> float:
        """Return the expected value of a channel at a node."""
        received = 0.0 if name in self.channels.tallies else self._payoff(node, name)
        match node:
            case Outcome():
                return received + self._end(node, name)
            case Chance():
                return received + sum(
                    _number(probability) * self.expected(child, name) for probability, child in node.branches
                )
            case Decision():
                values = [self.expected(child, name) for child in node.actions.values()]
                if self.channels.responders.get(name) == node.player:
                    free = [np.isfinite(_number(node.barred.get(action, 0.0))) for action in node.actions]
                    return received + max(value for value, is_free in zip(values, free, strict=True) if is_free)
                return received + float(np.dot(self.strategies[node.name], values))
            case Part():
                raise TypeError("a tree of numbers has no grids of games")

    def _end(self, node: Outcome, name: str) -> float:
        follows = 0.0 if node.next is None else _number(self.continuation[name][node.next])
        tallies = self.channels.tallies
        counted = _number(node.counts.get(tallies[name], 0.0)) if name in tallies else 0.0
        return counted + (1.0 - counted) * follows

    def _payoff(self, node: Node, name: str) -> float:
        default = node.payoffs.get(self.channels.responders.get(name, name), 0.0)
        return _number(node.payoffs.get(name, default))


def _number(value: Array) -> float:
    return float(np.asarray(value))
