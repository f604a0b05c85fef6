"""Game trees of the strategic estimators: three named games, and any tree that a specification writes out.

Trees are those of `tocsin.games.tree`: decisions of named players, and outcomes whose `next` is their label. They hold no payoffs,
because payoffs are what is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tocsin.errors import InputError
from tocsin.games.tree import Decision, Node, Outcome

Utility: TypeAlias = tuple[str, str]
"""A player and an outcome: the player's utility of the outcome."""


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

    def outcome_of(self, moves: Mapping[str, int]) -> str:
        """Return the outcome that moves lead to; `moves` gives the index of the action taken at each decision."""
        node: Node = self.root
        while isinstance(node, Decision):
            node = list(node.actions.values())[moves[node.name]]
        assert isinstance(node, Outcome)
        assert node.next is not None
        return node.next


def _decisions(node: Node) -> tuple[Decision, ...]:
    """Return the decisions, each before those below it, from left to right."""
    if not isinstance(node, Decision):
        return ()
    return (node, *(decision for child in node.actions.values() for decision in _decisions(child)))


def decision_names(game: Game) -> tuple[str, ...]:
    """Return the names of the decisions, each before those below it, from left to right."""
    return tuple(decision.name for decision in _decisions(game.root))


def _ends(*labels: str) -> list[Outcome]:
    return [Outcome(next=label) for label in labels]


def _decision(player: str, left: Node, right: Node, suffix: str = "") -> Decision:
    return Decision(name=f"{player}{suffix}", player=player, actions={"left": left, "right": right})


def _two_moves() -> Game:
    stop, give_in, fight = _ends("1", "3", "4")
    root = _decision("1", stop, _decision("2", give_in, fight))
    return Game(root, ("1", "3", "4"), (("1", "1"), ("1", "3"), ("1", "4"), ("2", "4")))


def _two_by_two() -> Game:
    ends = _ends("1", "2", "3", "4")
    left = _decision("2", ends[0], ends[1], " after left")
    right = _decision("2", ends[2], ends[3], " after right")
    root = _decision("1", left, right)
    return Game(root, ("1", "2", "3", "4"), (("1", "1"), ("1", "2"), ("1", "3"), ("1", "4"), ("2", "2"), ("2", "4")))


def _three_moves() -> Game:
    ends = _ends("1", "3", "5", "6")
    root = _decision("1", ends[0], _decision("2", ends[1], _decision("3", ends[2], ends[3])))
    return Game(
        root,
        ("1", "3", "5", "6"),
        (("1", "1"), ("1", "3"), ("1", "5"), ("1", "6"), ("2", "3"), ("2", "5"), ("2", "6"), ("3", "6")),
    )


NAMED: Mapping[str, Game] = {"12": _two_moves(), "122": _two_by_two(), "123": _three_moves()}
"""The games of Signorino and of Kenkel and Signorino (2014), "Estimating Extensive Form Games in R", JSS 56(8), section 2:

12: player 1 ends the game (outcome 1) or continues; player 2 then ends it (3) or continues (4).
122: player 1 goes left or right; player 2 then goes left or right (1 left left, 2 left right, 3 right left, 4 right right).
123: as 12, but player 3 moves last, between outcomes 5 and 6.
"""
_LABELS = {"122": ("LL", "LR", "RL", "RR")}


def alternative_labels(name: str) -> tuple[str, ...]:
    """Return other labels that data use for a named game's outcomes, in the same order; empty if there are none."""
    return _LABELS.get(name, ())


def parse_tree(tree: Mapping[str, Any]) -> Game:
    """Return the game of nested mappings: `{player: A, actions: {wait: quiet, attack: {player: B, actions: {...}}}}`.

    A text is the label of an outcome. Every pair of player and outcome can have a utility.

    Raises:
        InputError: if a decision lacks its player or has fewer than two actions, or two outcomes have the same label.
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
            raise InputError(f"player {value['player']} has only one action", remedy="give each decision two or more")
        actions = {str(action): node(then, f"{name} {action}".strip()) for action, then in value["actions"].items()}
        return Decision(name=f"{value['player']} {name}".strip(), player=str(value["player"]), actions=actions)

    root = node(tree, "")
    if twice := {label for label in outcomes if outcomes.count(label) > 1}:
        raise InputError(f"two outcomes are labelled {sorted(twice)[0]!r}", remedy="give each outcome its own label")
    assert isinstance(root, Decision)
    players = dict.fromkeys(decision.player for decision in _decisions(root))
    return Game(root, tuple(outcomes), tuple((player, label) for player in players for label in outcomes))
