"""Shapley values of a game of coalitions, over worlds at once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial

import numpy as np


def coalitions(players: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Return all subsets, the empty one first."""
    return tuple(frozenset(group) for size in range(len(players) + 1) for group in combinations(players, size))


def shapley(players: tuple[str, ...], worth: Mapping[frozenset[str], np.ndarray]) -> dict[str, np.ndarray]:
    """Return each player's Shapley value (Shapley 1953): its mean marginal contribution over all orders of joining.

    Args:
        players: n of them.
        worth: v(S) for each of the 2^n coalitions, arrays of one shape.

    Returns:
        Player -> value; the values sum to v(all) - v(none).
    """
    count = len(players)
    values: dict[str, np.ndarray] = {}
    for player in players:
        others = tuple(other for other in players if other != player)
        total = np.zeros_like(worth[frozenset()])
        for group in coalitions(others):
            weight = factorial(len(group)) * factorial(count - len(group) - 1) / factorial(count)
            total = total + weight * (worth[group | {player}] - worth[group])
        values[player] = total
    return values
