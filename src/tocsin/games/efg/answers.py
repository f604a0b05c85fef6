"""The answer of a solved extensive-form file: strategies, beliefs and values under the file's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tocsin.tables import html_table

if TYPE_CHECKING:
    import polars as pl

Strategies: TypeAlias = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Player -> number of the information set -> action -> probability."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A strategy profile and the expected payoffs (player -> value)."""

    strategies: Strategies
    values: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"strategies": self.strategies, "values": self.values}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An equilibrium of a game at one precision, or without errors.

    Attributes:
        game: title of the game.
        precision: lambda, one for all players or player -> lambda; `None` for play without errors.
        method: `recursion` or `branch` for a logit equilibrium; `spe` for subgame-perfect equilibria in pure strategies; `limit`
            for the limit of the principal branch.
        residual: largest distance of a probability from the logit response; with `limit`, the largest shortfall of a choice
            from the best one, as a share of the spread of payoffs.
        converged: whether the residual is within the tolerance.
        strategies: player -> number of the information set -> action -> probability.
        beliefs: player -> number of the information set -> probability of each of its decisions, in the order of the file.
        values: player -> expected payoff.
        labels: player -> number of the information set -> its label, where it has one.
        folds: number of times the branch turned back in precision on the way (logit equilibria only).
        crossings: number of times the branch met another one on the way (logit equilibria only).
        equilibria: with `spe`, the subgame-perfect equilibria; the other attributes describe the first.
        complete: with `spe`, whether these are all of them.
        sharpness: with `limit`, lambda times the spread of payoffs at the last point of the branch that was used.
        followed: with `limit`, player -> lambda at that point.
    """

    game: str
    precision: float | Mapping[str, float] | None
    method: Literal["recursion", "branch", "spe", "limit"]
    residual: float
    converged: bool
    strategies: Strategies
    beliefs: Mapping[str, Mapping[str, Sequence[float]]]
    values: Mapping[str, float]
    labels: Mapping[str, Mapping[str, str]]
    folds: int | None = None
    crossings: int | None = None
    equilibria: tuple[Profile, ...] = ()
    complete: bool | None = None
    sharpness: float | None = None
    followed: Mapping[str, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; docs/games.md describes its keys."""
        shared = {
            "game": self.game,
            "lambda": self.precision,
            "method": self.method,
            "residual": self.residual,
            "converged": self.converged,
            "strategies": self.strategies,
            "beliefs": self.beliefs,
            "values": self.values,
            "labels": self.labels,
        }
        match self.method:
            case "spe":
                equilibria = [profile.to_dict() for profile in self.equilibria]
                return shared | {"equilibria": equilibria, "complete": self.complete}
            case "limit":
                return shared | {"sharpness": self.sharpness, "followed": self.followed}
            case _:
                return shared | {"folds": self.folds, "crossings": self.crossings}

    def frame(self) -> pl.DataFrame:
        """Return a table with one row per player, information set and action.

        Columns: player, its precision (null for play without errors), number and label of the information set, action,
        probability, and whether the answer converged.
        """
        import polars as pl

        rows = [
            (player, self._precision_of(player), int(number), self.labels[player].get(number), action, probability)
            for player, sets in self.strategies.items()
            for number, actions in sets.items()
            for action, probability in actions.items()
        ]
        schema = {
            "player": pl.String,
            "precision": pl.Float64,
            "set": pl.Int64,
            "label": pl.String,
            "action": pl.String,
            "probability": pl.Float64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(converged=pl.lit(self.converged))

    @property
    def heading(self) -> str:
        """Return one line with the game, the precision, the method and the residual."""
        match self.precision:
            case None:
                play = "without errors"
            case Mapping() as rates:
                play = "lambda " + ", ".join(f"{player} {rate:g}" for player, rate in rates.items())
            case rate:
                play = f"lambda {rate:g}"
        return f"{self.game or 'game'}: {play}, method {self.method}, residual {self.residual:.1e}" + (
            "" if self.converged else ", NOT CONVERGED"
        )

    def _precision_of(self, player: str) -> float | None:
        return self.precision[player] if isinstance(self.precision, Mapping) else self.precision

    def _repr_html_(self) -> str:
        return html_table(self.heading, self.frame())
