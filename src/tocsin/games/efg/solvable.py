"""Build a tree that can be solved from the content of an extensive-form file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tocsin.errors import InputError
from tocsin.games.efg.game import ExtensiveGame, SetKey, named
from tocsin.games.tree import Chance, Decision, Node, Outcome, Payoffs

MAX_DEPTH = 400
"""Largest number of nodes on a path of a tree that is solved, including the terminal node."""


@dataclass(frozen=True)
class Solvable:
    """An extensive game as a tree of `games.tree`, with the names under which its parts are reported.

    Players and actions are called by their label if it is unique, else by their position from 1; information sets are called by
    their number in the file.
    """

    game: ExtensiveGame

    @cached_property
    def players(self) -> tuple[str, ...]:
        """Return the names of the players."""
        return named(self.game.players)

    def set_name(self, key: SetKey) -> str:
        """Return the name of an information set in the tree: player and number."""
        return f"{self.players[key[0] - 1]}:{key[1]}"

    def actions(self, key: SetKey) -> tuple[str, ...]:
        """Return the names of the actions of an information set."""
        return named(self.game.sets[key].actions)

    @cached_property
    def keys(self) -> dict[str, SetKey]:
        """Return the players' information sets by their name in the tree, in the order of the file."""
        return {self.set_name(key): key for key in self.game.sets if key[0] != 0}

    @property
    def decisions(self) -> dict[str, SetKey]:
        """Return the information set of each decision, by the decision's name in the tree."""
        return {
            str(number): node.moves
            for number, node in enumerate(self.game.nodes, start=1)
            if node.moves is not None and node.moves[0] != 0
        }

    def root(self, number: Callable[[Fraction], Any] = float) -> Node:
        """Return the tree.

        Args:
            number: converts the exact payoffs and probabilities, by default to float64.

        Raises:
            InputError: if a path has more than `MAX_DEPTH` nodes.
        """
        below = self.game.children()
        depth = [0] * len(below)
        for index in reversed(range(len(below))):
            depth[index] = 1 + max((depth[child] for child in below[index]), default=0)
        if depth[0] > MAX_DEPTH:
            raise InputError(
                f"a path of this game has {depth[0]} nodes",
                remedy=f"solve a game with paths of at most {MAX_DEPTH} nodes",
            )
        built: dict[int, Node] = {}
        for index in reversed(range(len(self.game.nodes))):
            built[index] = self._node(index, [built.pop(child) for child in below[index]], number)
        return built[0]

    def _node(self, index: int, following: list[Node], number: Callable[[Fraction], Any]) -> Node:
        node = self.game.nodes[index]
        payoffs = self._payoffs(node.outcome, number)
        if node.moves is None:
            return Outcome(next=None, payoffs=payoffs)
        if node.moves[0] == 0:
            probabilities = map(number, self._probabilities(node.moves))
            return Chance(branches=tuple(zip(probabilities, following, strict=True)), payoffs=payoffs)
        return Decision(
            name=str(index + 1),
            player=self.players[node.moves[0] - 1],
            actions=dict(zip(self.actions(node.moves), following, strict=True)),
            information=self.set_name(node.moves),
            payoffs=payoffs,
        )

    def _payoffs(self, outcome: int, number: Callable[[Fraction], Any]) -> Payoffs:
        if outcome == 0:
            return {}
        exact = [Fraction(payoff) for payoff in self.game.outcomes[outcome].payoffs]
        return dict(zip(self.players, map(number, exact), strict=True))

    def _probabilities(self, key: SetKey) -> list[Fraction]:
        exact = [Fraction(probability) for probability in self.game.sets[key].probabilities]
        total = sum(exact, Fraction(0))
        return [probability / total for probability in exact]
