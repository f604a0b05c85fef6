"""The slow NumPy twin of `recursion`, which its tests trust: one state and one draw at a time, path by path.

Nothing here is shared with the compiled solver but the tree itself: choice probabilities come from SciPy's softmax of
values that are expectations over enumerated paths.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import softmax

from tocsin.games.recursion import Channels
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, decisions

Strategies = dict[str, np.ndarray]
"""Decision name -> probabilities of its actions, in order."""


def solve_plain(
    root: Node, channels: Channels, continuation: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, float], Strategies]:
    """Values at the root of a tree of scalars, by channel, and the choice probabilities.

    Args:
        root: a tree whose payoffs, chances and bars are numbers.
        channels: players with scalar precision, responders, tallies.
        continuation: channel -> label -> number.
    """
    strategies: Strategies = {}
    for decision in decisions(root):
        values = np.array(
            [
                _expected(child, decision.player, channels, continuation, strategies)
                for child in decision.actions.values()
            ]
        )
        bars = np.array([float(np.asarray(decision.barred.get(action, 0.0))) for action in decision.actions])
        strategies[decision.name] = softmax(float(np.asarray(channels.precision[decision.player])) * values + bars)
    found = {name: _expected(root, name, channels, continuation, strategies) for name in channels.names}
    return found, strategies


def _expected(
    node: Node,
    name: str,
    channels: Channels,
    continuation: Mapping[str, Mapping[str, float]],
    strategies: Strategies,
) -> float:
    def below(child: Node) -> float:
        return _expected(child, name, channels, continuation, strategies)

    received = 0.0 if name in channels.tallies else _payoff(node, name, channels)
    match node:
        case Outcome():
            follows = 0.0 if node.next is None else float(np.asarray(continuation[name][node.next]))
            counted = (
                float(np.asarray(node.counts.get(channels.tallies[name], 0.0))) if name in channels.tallies else 0.0
            )
            return received + counted + (1.0 - counted) * follows
        case Chance():
            return received + sum(float(np.asarray(chance)) * below(child) for chance, child in node.branches)
        case Decision():
            values = [below(child) for child in node.actions.values()]
            if channels.responders.get(name) == node.player:
                free = [np.isfinite(float(np.asarray(node.barred.get(action, 0.0)))) for action in node.actions]
                return received + max(value for value, open_ in zip(values, free, strict=True) if open_)
            return received + float(np.dot(strategies[node.name], values))
        case Part():
            raise TypeError("a tree of numbers has no grids of games")


def _payoff(node: Node, name: str, channels: Channels) -> float:
    default: Array | float = node.payoffs.get(channels.responders.get(name, name), 0.0)
    return float(np.asarray(node.payoffs.get(name, default)))
