"""Networks of military alliances (Jackson and Nei, PNAS 112, 2015)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

MAX_STATES = 12


def vulnerability(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return which states are vulnerable to some group of allies.

    A group is a state alone, or with some or all of its allies. It beats state i if its strength exceeds gamma times the strength of i and those of
    i's allies that are not in the group. State i is vulnerable if some group without i beats it.

    Args:
        parameters: `strength.X` of each state, `tie.X.Y` or `tie.Y.X` where allied, `advantage` gamma.

    Returns:
        `vulnerable.X` of each state, and `secure`.

    Raises:
        ValueError: if there are more than `MAX_STATES` states.
    """
    states = [name.removeprefix("strength.") for name in parameters if name.startswith("strength.")]
    if len(states) > MAX_STATES:
        raise ValueError(f"{len(states)} states: the model takes at most {MAX_STATES}")
    strength = np.stack([parameters[f"strength.{state}"] for state in states])
    tied = _ties(parameters, states)
    exposed = {state: _exposed(index, strength, tied, parameters["advantage"]) for index, state in enumerate(states)}
    vulnerable = {f"vulnerable.{state}": 1.0 * beaten for state, beaten in exposed.items()}
    return vulnerable | {"secure": 1.0 * ~np.any(np.stack(list(exposed.values())), axis=0)}


def _ties(parameters: Mapping[str, np.ndarray], states: Sequence[str]) -> np.ndarray:
    """Return (n, n, D) whether two states are allied: symmetric, false on the diagonal."""
    tied = np.zeros((len(states), len(states), len(parameters["advantage"])), dtype=bool)
    for a, b in combinations(range(len(states)), 2):
        for name in (f"tie.{states[a]}.{states[b]}", f"tie.{states[b]}.{states[a]}"):
            if name in parameters:
                tied[a, b] |= parameters[name] >= 0.5
        tied[b, a] = tied[a, b]
    return tied


def _exposed(target: int, strength: np.ndarray, tied: np.ndarray, advantage: np.ndarray) -> np.ndarray:
    """Return (D,) whether some group beats the target."""
    others = [state for state in range(len(strength)) if state != target]
    beaten = np.zeros(strength.shape[-1], dtype=bool)
    for group in _groups(others):
        members = list(group)
        # some member is allied with all the others
        connected = np.any([np.all(tied[lead][[m for m in members if m != lead]], axis=0) for lead in members], axis=0)
        allies = [state for state in others if state not in group]
        defence = strength[target] + np.sum(strength[allies] * tied[target][allies], axis=0)
        beaten |= connected & (np.sum(strength[members], axis=0) > advantage * defence)
    return beaten


def _groups(states: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in range(1, len(states) + 1):
        yield from combinations(states, size)
