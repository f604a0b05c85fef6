"""The content of an extensive-form file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = Decimal | Fraction
"""A number exactly as the file writes it: a `Fraction` if it has a slash, else a `Decimal`."""

SetKey: TypeAlias = tuple[int, int]
"""An information set: number of its player (0 is chance), and its own number among that player's sets."""


@dataclass(frozen=True, kw_only=True)
class MoveSet:
    """An information set of a player or of chance.

    Attributes:
        label: may be empty.
        actions: labels, which may be empty or repeated.
        probabilities: for chance only, the probability of each action, in [0, 1].
    """

    label: str
    actions: tuple[str, ...]
    probabilities: tuple[Number, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileOutcome:
    """An outcome, which any node may have: payoffs by player, in order."""

    label: str
    payoffs: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class FileNode:
    """A node: its label, the information set that moves there (`None`: the end), its outcome's number (0: none)."""

    label: str
    moves: SetKey | None
    outcome: int


@dataclass(frozen=True, kw_only=True)
class ExtensiveGame:
    """A game as its file describes it.

    Attributes:
        title: of the game.
        players: labels, which may be empty or repeated.
        comment: `None` if the file has none.
        sets: by player and number, in the order of the file.
        outcomes: by number, from 1, in the order of the file.
        nodes: in the order of the file: each node before its successors, first action first.
    """

    title: str
    players: tuple[str, ...]
    comment: str | None
    sets: Mapping[SetKey, MoveSet]
    outcomes: Mapping[int, FileOutcome]
    nodes: tuple[FileNode, ...]

    def children(self) -> list[list[int]]:
        """Return for each node the indices of its successors, first action first."""
        below: list[list[int]] = [[] for _ in self.nodes]
        open_nodes: list[tuple[int, int]] = []
        for index, node in enumerate(self.nodes):
            if open_nodes:
                parent, missing = open_nodes.pop()
                below[parent].append(index)
                if missing > 1:
                    open_nodes.append((parent, missing - 1))
            if node.moves is not None:
                open_nodes.append((index, len(self.sets[node.moves].actions)))
        return below


def named(labels: Sequence[str]) -> tuple[str, ...]:
    """Return unique names: each label that is not empty and occurs once, and the position, from 1, of the others.

    If a position is also a label of another item, all names are positions.
    """
    counts = Counter(labels)
    numbers = tuple(str(number) for number in range(1, len(labels) + 1))
    names = tuple(
        label if label and counts[label] == 1 else number for label, number in zip(labels, numbers, strict=True)
    )
    return names if len(set(names)) == len(names) else numbers
