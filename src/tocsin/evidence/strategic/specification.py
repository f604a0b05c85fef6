"""A specification of a strategic model, read from YAML: the game, whose errors, and what each utility depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from tocsin.errors import did_you_mean
from tocsin.evidence.columns import Missing
from tocsin.evidence.formulas import columns_of, numeric_columns, terms_of
from tocsin.evidence.specification import SpecificationReader
from tocsin.evidence.strategic.likelihood import Errors, Link
from tocsin.evidence.strategic.penalty import PenaltyName
from tocsin.evidence.strategic.trees import NAMED, Game, Utility, decision_names, parse_tree
from tocsin.games.tree import decisions

REQUIRED = ("game", "link", "errors", "outcome", "utilities")
OPTIONAL = ("penalty", "subset", "missing", "outcomes", "fixed", "spread", "cluster")


@dataclass(frozen=True)
class Specification:
    """What to estimate.

    Attributes:
        game: the tree.
        name: of the game in the specification; empty for a tree written out.
        link, errors: distribution of the shocks, and whose they are.
        outcome: the column with the outcome; or several, one for the action taken at each decision.
        utilities: formula of each utility, in the game's order; `0` for none.
        penalty: against separation.
        subset: condition on the rows; empty for all.
        missing: values that mean missing.
        outcomes: how the column writes the outcomes, in the game's order; empty if it writes them as the game does.
        fixed: utilities held at a number.
        spread: formula of the logarithm of a player's spread of shocks.
        cluster: column of groups of cases that are not independent; empty for none.
    """

    game: Game
    name: str
    link: Link
    errors: Errors
    outcome: tuple[str, ...]
    utilities: Mapping[Utility, str]
    penalty: PenaltyName = "none"
    subset: str = ""
    missing: Missing = field(default_factory=Missing)
    outcomes: tuple[str, ...] = ()
    fixed: Mapping[Utility, float] = field(default_factory=dict)
    spread: Mapping[str, str] = field(default_factory=dict)
    cluster: str = ""

    def columns(self) -> tuple[str, ...]:
        """Return all columns that the specification uses."""
        return tuple(dict.fromkeys([*self.outcome, *self.regressors(), *([self.cluster] if self.cluster else [])]))

    def formulas(self) -> dict[str, str]:
        """Return all formulas, by the name of the utility or of the spread."""
        utilities = {utility_name(utility): formula for utility, formula in self.utilities.items()}
        return utilities | {spread_name(player): formula for player, formula in self.spread.items()}

    def regressors(self) -> tuple[str, ...]:
        """Return the columns that the formulas use."""
        return tuple(dict.fromkeys(name for formula in self.formulas().values() for name in columns_of(formula)))

    def numeric(self) -> frozenset[str]:
        """Return the columns that the formulas use outside `C()`."""
        return frozenset().union(*(numeric_columns(formula) for formula in self.formulas().values()))


def utility_name(utility: Utility) -> str:
    """Return a utility's name in specifications and tables: `u1(4)`."""
    player, outcome = utility
    return f"u{player}({outcome})" if player.isdigit() else f"u_{player}({outcome})"


def spread_name(player: str) -> str:
    """Return the name of a player's log spread in tables: `spread(1)`."""
    return f"spread({player})"


def read_specification(text: str, file: str) -> Specification:
    """Return the specification in a YAML text.

    Args:
        text: of the file.
        file: its name in errors.

    Raises:
        InputError: with the line of what is wrong.
    """
    return _Reader(text, file).specification()


class _Reader(SpecificationReader):
    def specification(self) -> Specification:
        self.check_keys(REQUIRED, OPTIONAL)
        name, game = self.game()
        link, errors = self.choice("link", get_args(Link)), self.choice("errors", get_args(Errors))
        if link == "probit" and any(len(decision.actions) > 2 for decision in decisions(game.root)):
            raise self.error("link", "probit allows only two actions at each decision", "write `link: logit`")
        names = {utility_name(utility): utility for utility in game.utilities}
        fixed = self.fixed(list(names))
        return Specification(
            game=game,
            name=name,
            link=link,
            errors=errors,
            outcome=self.outcome(game),
            utilities={names[key]: formula for key, formula in self.formulas(list(names), fixed).items()},
            penalty=self.choice("penalty", get_args(PenaltyName)) if "penalty" in self.data else "none",
            subset=self.subset(),
            missing=self.missing(),
            outcomes=self.outcomes(game),
            fixed={names[key]: value for key, value in fixed.items()},
            spread=self.spread(game),
            cluster=self.text("cluster"),
        )

    def game(self) -> tuple[str, Game]:
        value = self.data["game"]
        if isinstance(value, Mapping):
            with self.located("game"):
                return "", parse_tree(value)
        if str(value) not in NAMED:
            raise self.error("game", f"unknown game {value!r}", f"use {', '.join(NAMED)}, or write the tree out")
        return str(value), NAMED[str(value)]

    def outcome(self, game: Game) -> tuple[str, ...]:
        if isinstance(self.data["outcome"], str):
            return (self.data["outcome"],)
        names = self.texts("outcome")
        number = len(decision_names(game))
        if len(names) != number:
            raise self.error(
                "outcome", f"{len(names)} columns for {number} decisions", "name one column for each decision, in their order"
            )  # fmt: skip
        return names

    def outcomes(self, game: Game) -> tuple[str, ...]:
        names = self.texts("outcomes")
        if repeated := next((name for name in names if names.count(name) > 1), None):
            raise self.error("outcomes", f"{repeated!r} names two outcomes", "give each outcome a name of its own")
        if names and len(names) != len(game.outcomes):
            raise self.error(
                "outcomes", f"{len(names)} names for {len(game.outcomes)} outcomes", "name each outcome once, from left to right"
            )  # fmt: skip
        return names

    def spread(self, game: Game) -> dict[str, str]:
        value = self.data.get("spread", {})
        if not isinstance(value, Mapping):
            raise self.error("spread", "not a mapping of players to formulas", "write for example {2: 1}")
        formulas = {str(player): str(formula) for player, formula in value.items()}
        for player, formula in formulas.items():
            if player not in game.players:
                raise self.error("spread", f"unknown player {player!r}", did_you_mean(player, game.players))
            with self.located("spread"):
                terms_of(formula)
        return formulas
