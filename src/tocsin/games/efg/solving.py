"""From a file's game to a tree that can be solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tocsin.errors import InputError
from tocsin.games.efg.game import ExtensiveGame, SetKey, named
from tocsin.games.tree import Chance, Decision, Node, Outcome, Payoffs

MAX_DEEP = 400
"""The longest path of a tree that is solved."""


@dataclass(frozen=True)
class Solvable:
    """An extensive game as a tree of `games.tree`, with the names by which its parts are reported.

    Players and actions go by label where the file gives one of their own, else by place from 1; information sets by
    their number in the file.
    """

    game: ExtensiveGame

    @cached_property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return named(self.game.players)

    def set_name(self, key: SetKey) -> str:
        """Name of an information set in the tree: player and number."""
        return f"{self.players[key[0] - 1]}:{key[1]}"

    def actions(self, key: SetKey) -> tuple[str, ...]:
        """Names of the actions of an information set."""
        return named(self.game.sets[key].actions)

    @cached_property
    def keys(self) -> dict[str, SetKey]:
        """Information sets of the players by their name in the tree, in the order of the file."""
        return {self.set_name(key): key for key in self.game.sets if key[0] != 0}

    @property
    def decisions(self) -> dict[str, SetKey]:
        """The players' decisions by their name in the tree, and the information set of each."""
        return {
            str(place): node.moves
            for place, node in enumerate(self.game.nodes, start=1)
            if node.moves is not None and node.moves[0] != 0
        }

    def root(self, number: Callable[[Fraction], Any] = float) -> Node:
        """The tree, its payoffs and chances as float64 numbers, or as `number` makes them of exact fractions.

        Raises:
            InputError: if the tree is deeper than can be walked.
        """
        below = self.game.children()
        built: dict[int, Node] = {}
        depth = [0] * len(below)
        for place in reversed(range(len(below))):
            depth[place] = 1 + max((depth[child] for child in below[place]), default=0)
        if depth[0] > MAX_DEEP:
            raise InputError(
                f"a play of this game may take {depth[0]} moves", remedy=f"solve one of at most {MAX_DEEP}"
            )
        for place in reversed(range(len(self.game.nodes))):
            built[place] = self._node(place, [built.pop(child) for child in below[place]], number)
        return built[0]

    def _node(self, place: int, following: list[Node], number: Callable[[Fraction], Any]) -> Node:
        node = self.game.nodes[place]
        payoffs = self._payoffs(node.outcome, number)
        if node.moves is None:
            return Outcome(next=None, payoffs=payoffs)
        if node.moves[0] == 0:
            return Chance(
                branches=tuple(zip(map(number, self._chances(node.moves)), following, strict=True)), payoffs=payoffs
            )
        return Decision(
            name=str(place + 1),
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

    def _chances(self, key: SetKey) -> list[Fraction]:
        exact = [Fraction(chance) for chance in self.game.sets[key].chances]
        total = sum(exact, Fraction(0))
        return [chance / total for chance in exact]
