"""What an extensive-form file holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = Decimal | Fraction
"""As the file writes it: a `Fraction` if it has a bar, else a `Decimal`. Either is exact."""

SetKey: TypeAlias = tuple[int, int]
"""Player by its place (0 is chance, 1 the first), and the number of the set, which is the player's own."""


@dataclass(frozen=True, kw_only=True)
class MoveSet:
    """An information set, of a player or of chance.

    Attributes:
        label: may be empty.
        actions: labels, which may be empty or alike.
        chances: of chance alone, the probability of each action, in [0, 1].
    """

    label: str
    actions: tuple[str, ...]
    chances: tuple[Number, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """An outcome, which may stand at any node: payoffs by player, in order."""

    label: str
    payoffs: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A node: its label, the information set that moves there (`None`: the end), its outcome's number (0: none)."""

    label: str
    moves: SetKey | None
    outcome: int


@dataclass(frozen=True, kw_only=True)
class ExtensiveGame:
    """A game as its file has it.

    Attributes:
        title: of the game.
        players: labels, which may be empty or alike.
        comment: `None` if the file has none.
        sets: by player and number, in the order of the file.
        outcomes: by number, from 1, in the order of the file.
        nodes: in the order of the file: each before what follows it, first action first.
    """

    title: str
    players: tuple[str, ...]
    comment: str | None
    sets: Mapping[SetKey, MoveSet]
    outcomes: Mapping[int, Result]
    nodes: tuple[Entry, ...]

    def children(self) -> list[list[int]]:
        """Places of the nodes that follow each node, first action first."""
        below: list[list[int]] = [[] for _ in self.nodes]
        open_nodes: list[tuple[int, int]] = []
        for place, node in enumerate(self.nodes):
            if open_nodes:
                parent, missing = open_nodes.pop()
                below[parent].append(place)
                if missing > 1:
                    open_nodes.append((parent, missing - 1))
            if node.moves is not None:
                open_nodes.append((place, len(self.sets[node.moves].actions)))
        return below


def named(labels: Sequence[str]) -> tuple[str, ...]:
    """Names that tell things apart: each label where it is given and stands once, else its place, from 1.

    Where a label is the place of something that has none, all go by place.
    """
    counts = Counter(labels)
    places = tuple(str(place) for place in range(1, len(labels) + 1))
    names = tuple(label if label and counts[label] == 1 else place for label, place in zip(labels, places, strict=True))
    return names if len(set(names)) == len(names) else places
