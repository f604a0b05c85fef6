"""A specification of a strategic model: which game, whose errors, what each utility depends on; read from YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from tocsin.errors import did_you_mean
from tocsin.evidence.formulas import columns_of
from tocsin.evidence.keyed import Keyed
from tocsin.evidence.strategic.likelihood import Errors, Link
from tocsin.evidence.strategic.penalty import Penalty
from tocsin.evidence.strategic.trees import NAMED, Game, Utility, moves, written
from tocsin.games.tree import decisions
from tocsin.reading import read_yaml

REQUIRED = ("game", "link", "errors", "outcome", "utilities")
OPTIONAL = ("penalty", "subset", "outcomes", "fixed", "spread", "cluster")


@dataclass(frozen=True)
class Specification:
    """What is to be estimated.

    Attributes:
        game: the tree; `name` as the specification has it (empty for one written out).
        link, errors: distribution of the shocks, and whose they are.
        outcome: the column that codes the outcome; or, several, the columns that say which action was taken at each decision.
        utilities: formula of each utility, in the game's order; `0` for none.
        penalty: against separation.
        subset: condition on the rows; empty for all.
        outcomes: how the column writes the outcomes, in the game's order; empty where it writes them as the game does.
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
    penalty: Penalty = "none"
    subset: str = ""
    outcomes: tuple[str, ...] = ()
    fixed: Mapping[Utility, float] = field(default_factory=dict)
    spread: Mapping[str, str] = field(default_factory=dict)
    cluster: str = ""

    def columns(self) -> tuple[str, ...]:
        """Every column that it uses."""
        formulas = (*self.utilities.values(), *self.spread.values())
        named = [name for formula in formulas for name in columns_of(formula)]
        return tuple(dict.fromkeys([*self.outcome, *named, *([self.cluster] if self.cluster else [])]))


def shown(utility: Utility) -> str:
    """A utility as people write it: `u1(4)`."""
    player, outcome = utility
    return f"u{player}({outcome})" if player.isdigit() else f"u_{player}({outcome})"


def read_specification(text: str, file: str) -> Specification:
    """A specification from YAML.

    Args:
        text: of the file.
        file: its name, for errors.

    Raises:
        InputError: with the line of what is wrong.
    """
    document = read_yaml(text, file)
    return _Reading(document, file).specification()


class _Reading(Keyed):
    def specification(self) -> Specification:
        self.check(REQUIRED, OPTIONAL)
        name, game = self.game()
        link, errors = self.one_of("link", get_args(Link)), self.one_of("errors", get_args(Errors))
        penalty: Penalty = self.one_of("penalty", get_args(Penalty)) if "penalty" in self.data else "none"
        if link == "probit" and any(len(each.actions) > 2 for each in decisions(game.root)):
            raise self.error("link", "a decision with more than two actions is not probit here", "write `link: logit`")
        fixed = self.fixed(game)
        return Specification(
            game=game,
            name=name,
            link=link,
            errors=errors,
            outcome=self.outcome(game),
            utilities=self.utilities(game, fixed),
            penalty=penalty,
            subset=self.text("subset"),
            outcomes=self.outcomes(game),
            fixed=fixed,
            spread=self.spread(game),
            cluster=self.text("cluster"),
        )

    def game(self) -> tuple[str, Game]:
        given = self.data["game"]
        if isinstance(given, Mapping):
            with self.at("game"):
                return "", written(given)
        if str(given) not in NAMED:
            raise self.error(
                "game", f"{given!r} is no game known here", f"use {', '.join(NAMED)}, or write the tree out"
            )
        return str(given), NAMED[str(given)]

    def one_of(self, key: str, choices: Sequence[str]) -> Any:
        given = self.data[key]
        if given not in choices:
            raise self.error(key, f"{given!r} is none of {', '.join(choices)}", did_you_mean(str(given), choices))
        return given

    def text(self, key: str) -> str:
        given = self.data.get(key, "")
        if not isinstance(given, str):
            raise self.error(key, f"{given!r} is no text", "write a text")
        return given.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        given = self.data.get(key, [])
        if not isinstance(given, list) or not all(isinstance(each, str | int) for each in given):
            raise self.error(key, f"{given!r} is no list of names", "write such as [esc, war]")
        return tuple(map(str, given))

    def outcome(self, game: Game) -> tuple[str, ...]:
        if isinstance(self.data["outcome"], str):
            return (self.data["outcome"],)
        names = self.texts("outcome")
        if len(names) != (decisions := len(moves(game))):
            raise self.error(
                "outcome", f"{len(names)} indicators for a game of {decisions} decisions", "name one column for each decision, in their order"
            )  # fmt: skip
        return names

    def outcomes(self, game: Game) -> tuple[str, ...]:
        names = self.texts("outcomes")
        if names and (len(names) != len(game.outcomes) or len(set(names)) != len(names)):
            raise self.error(
                "outcomes", f"{len(names)} names for {len(game.outcomes)} outcomes", "name each outcome once, from left to right"
            )  # fmt: skip
        return names

    def utility(self, key: str, name: str, game: Game) -> Utility:
        for utility in game.utilities:
            if shown(utility) == name.replace(" ", ""):
                return utility
        raise self.error(key, f"there is no utility {name!r}", did_you_mean(name, map(shown, game.utilities)))

    def fixed(self, game: Game) -> dict[Utility, float]:
        given = self.data.get("fixed", {})
        if not isinstance(given, Mapping) or not all(isinstance(each, int | float) for each in given.values()):
            raise self.error("fixed", "no mapping of utilities to numbers", "write such as {u1(4): -1}")
        return {self.utility("fixed", str(name), game): float(value) for name, value in given.items()}

    def utilities(self, game: Game, fixed: Mapping[Utility, float]) -> dict[Utility, str]:
        given = self.data["utilities"]
        if isinstance(given, Mapping):
            named = {self.utility("utilities", str(name), game): formula for name, formula in given.items()}
            formulas = [named.get(utility, "0") for utility in game.utilities]
        elif isinstance(given, list) and len(given) == len(game.utilities):
            formulas = given
        else:
            names = ", ".join(map(shown, game.utilities))
            raise self.error(
                "utilities",
                f"{len(given) if isinstance(given, list) else 'no list of'} formulas for {len(game.utilities)} utilities",
                f"give those of {names}, `0` for none",
            )
        found = {utility: str(formula).lstrip("~ ") for utility, formula in zip(game.utilities, formulas, strict=True)}
        for utility, formula in found.items():
            with self.at("utilities"):
                columns_of(formula)
            if utility in fixed and formula.strip() != "0":
                raise self.error("fixed", f"{shown(utility)} has a formula too", "fix it, or give it a formula")
        if all(formula.strip() in ("", "0") for formula in found.values()):
            raise self.error("utilities", "every utility is 0: nothing is to be estimated", "give one a formula")
        return found

    def spread(self, game: Game) -> dict[str, str]:
        given = self.data.get("spread", {})
        if not isinstance(given, Mapping):
            raise self.error("spread", "no mapping of players to formulas", "write such as {2: 1}")
        for player, formula in given.items():
            if str(player) not in game.players:
                raise self.error("spread", f"{player!r} is no player", did_you_mean(str(player), game.players))
            with self.at("spread"):
                columns_of(str(formula))
        return {str(player): str(formula) for player, formula in given.items()}
