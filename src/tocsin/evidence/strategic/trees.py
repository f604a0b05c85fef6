"""Trees that strategic estimators know by name, and any other as a specification writes it.

A tree is one of `tocsin.games.tree`: decisions of named players, and outcomes whose `next` is their label. No payoff stands in
it; payoffs are what is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.errors import InputError
from tocsin.games.tree import Decision, Node, Outcome

Utility = tuple[str, str]
"""A player and an outcome: what the player thinks of it."""


@dataclass(frozen=True)
class Game:
    """A tree of moves whose outcomes are observed.

    Attributes:
        root: the tree.
        outcomes: their labels, from left to right.
        utilities: (player, outcome) in the order in which a specification lists their formulas; all others are 0.
    """

    root: Decision
    outcomes: tuple[str, ...]
    utilities: tuple[Utility, ...]

    @property
    def players(self) -> tuple[str, ...]:
        """Their names, in the order of their first moves."""
        return tuple(dict.fromkeys(decision.player for decision in _decisions(self.root)))

    def reached(self, moves: Mapping[str, int]) -> str:
        """The outcome to which moves lead: for each decision by name, which of its actions is taken, from 0."""
        node: Node = self.root
        while isinstance(node, Decision):
            node = list(node.actions.values())[moves[node.name]]
        return _label(node)


def _label(node: Node) -> str:
    assert isinstance(node, Outcome)
    assert node.next is not None
    return node.next


def _decisions(node: Node) -> tuple[Decision, ...]:
    """From the root down, left to right."""
    if not isinstance(node, Decision):
        return ()
    return (node, *(each for child in node.actions.values() for each in _decisions(child)))


def moves(game: Game) -> tuple[str, ...]:
    """Names of the decisions, from the root down, left to right."""
    return tuple(each.name for each in _decisions(game.root))


def _ends(*labels: str) -> list[Outcome]:
    return [Outcome(next=label) for label in labels]


def _move(player: str, left: Node, right: Node, at: str = "") -> Decision:
    return Decision(name=f"{player}{at}", player=player, actions={"left": left, "right": right})


def _two_moves() -> Game:
    stop, giving_in, fight = _ends("1", "3", "4")
    root = _move("1", stop, _move("2", giving_in, fight))
    return Game(root, ("1", "3", "4"), (("1", "1"), ("1", "3"), ("1", "4"), ("2", "4")))


def _two_by_two() -> Game:
    ends = _ends("1", "2", "3", "4")
    root = _move("1", _move("2", ends[0], ends[1], " after left"), _move("2", ends[2], ends[3], " after right"))
    return Game(root, ("1", "2", "3", "4"), (("1", "1"), ("1", "2"), ("1", "3"), ("1", "4"), ("2", "2"), ("2", "4")))


def _three_moves() -> Game:
    ends = _ends("1", "3", "5", "6")
    root = _move("1", ends[0], _move("2", ends[1], _move("3", ends[2], ends[3])))
    return Game(
        root,
        ("1", "3", "5", "6"),
        (("1", "1"), ("1", "3"), ("1", "5"), ("1", "6"), ("2", "3"), ("2", "5"), ("2", "6"), ("3", "6")),
    )


NAMED: Mapping[str, Game] = {"12": _two_moves(), "122": _two_by_two(), "123": _three_moves()}
"""The games of Signorino and of Kenkel and Signorino (2014), "Estimating Extensive Form Games in R", JSS 56(8), section 2:

12: player 1 ends the game (outcome 1) or goes on; player 2 then ends it (3) or goes on (4).
122: player 1 goes left or right; player 2 then goes left or right (1 left left, 2 left right, 3 right left, 4 right right).
123: as 12, but player 3 moves last, between outcomes 5 and 6.
"""
_LABELS = {"122": ("LL", "LR", "RL", "RR")}


def labels_of(name: str) -> tuple[str, ...]:
    """Other names by which data call a named game's outcomes, in the same order; empty where there are none."""
    return _LABELS.get(name, ())


def written(tree: Mapping[str, Any]) -> Game:
    """A game written as nested mappings: `{player: A, actions: {wait: quiet, attack: {player: B, actions: {...}}}}`, where
    a text is the label of an outcome. Every pair of player and outcome may have a utility.

    Raises:
        InputError: if a decision lacks its player or has fewer than two actions, or two outcomes bear one label.
    """
    outcomes: list[str] = []

    def node(value: Any, name: str) -> Node:
        if not isinstance(value, Mapping):
            outcomes.append(str(value))
            return Outcome(next=str(value))
        if set(value) != {"player", "actions"} or not isinstance(value["actions"], Mapping):
            raise InputError(
                f"a decision of the game needs `player` and `actions`, not {', '.join(map(str, value))}",
                remedy="write {player: A, actions: {stop: peace, go: war}}",
            )
        if len(value["actions"]) < 2:
            raise InputError(f"player {value['player']} has one action only", remedy="give each decision two or more")
        actions = {str(word): node(then, f"{name} {word}".strip()) for word, then in value["actions"].items()}
        return Decision(name=f"{value['player']} {name}".strip(), player=str(value["player"]), actions=actions)

    root = node(tree, "")
    if twice := {label for label in outcomes if outcomes.count(label) > 1}:
        raise InputError(f"two outcomes are called {sorted(twice)[0]!r}", remedy="give each its own label")
    assert isinstance(root, Decision)
    players = dict.fromkeys(each.player for each in _decisions(root))
    return Game(root, tuple(outcomes), tuple((player, label) for player in players for label in outcomes))
