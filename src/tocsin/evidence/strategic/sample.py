"""The cases that a specification takes from a table: outcomes, regressors, and which rows were left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.formulas import Design, design
from tocsin.evidence.strategic.specification import Specification, shown
from tocsin.evidence.strategic.trees import Game, Utility, labels_of, moves
from tocsin.evidence.tables import ROW, cases_of


@dataclass(frozen=True)
class Sample:
    """Cases of one game.

    Attributes:
        specification: what is made of them.
        designs: regressors of each predictor that has any: first the utilities, in the game's order, then the players' log
            spreads.
        outcome: (cases,) place of the outcome among the game's, from 0.
        rows: (cases,) number of each case's row in its file, from 1.
        missing: rows left out because a column has no value there, by column.
        coding: which words of the outcome column were taken for which outcomes, where it had to be guessed; else empty.
        groups: (cases,) number of the group of cases that are not independent; each its own where the specification has none.
    """

    specification: Specification
    designs: Mapping[str, Design]
    outcome: np.ndarray
    rows: np.ndarray
    missing: Mapping[str, list[int]]
    coding: Mapping[str, str]
    groups: np.ndarray

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Predictor and term of each coefficient."""
        return tuple((name, term) for name, part in self.designs.items() for term in part.terms)

    @cached_property
    def utilities(self) -> tuple[Utility, ...]:
        """The utilities that have regressors, in the order of `designs`."""
        return tuple(each for each in self.specification.game.utilities if shown(each) in self.designs)

    @cached_property
    def spreads(self) -> tuple[str, ...]:
        """The players whose log spreads have regressors, in the order of `designs`, behind the utilities."""
        return tuple(player for player in self.specification.spread if _spread(player) in self.designs)

    @cached_property
    def matrix(self) -> np.ndarray:
        """(cases, coefficients) the regressors of all predictors beside each other."""
        return np.concatenate([part.matrix for part in self.designs.values()], axis=1)

    @cached_property
    def predictor(self) -> np.ndarray:
        """(coefficients,) the place of each coefficient's predictor."""
        return np.repeat(np.arange(len(self.designs)), [len(part.terms) for part in self.designs.values()])

    @cached_property
    def constant(self) -> np.ndarray:
        """(coefficients,) True for constants."""
        return np.array([term == "(Intercept)" for _, term in self.names])

    def predictors(self, coefficients: np.ndarray) -> np.ndarray:
        """(cases, predictors) their values."""
        parts = np.split(coefficients, np.cumsum([len(part.terms) for part in self.designs.values()])[:-1])
        return np.column_stack([part.matrix @ each for part, each in zip(self.designs.values(), parts, strict=True)])

    def taken(self, places: np.ndarray, groups: np.ndarray | None = None) -> Sample:
        """Some of the cases, each as often as its place stands in `places`."""
        designs = {name: Design(part.terms, part.matrix[places]) for name, part in self.designs.items()}
        chosen = self.groups[places] if groups is None else groups
        return replace(self, designs=designs, outcome=self.outcome[places], rows=self.rows[places], groups=chosen)

    def with_outcomes(self, outcome: np.ndarray) -> Sample:
        """The same cases with other outcomes, as places among the game's."""
        return replace(self, outcome=outcome)


def sample(specification: Specification, table: pl.DataFrame) -> Sample:
    """The cases of a table as `read_table` gives it.

    Raises:
        InputError: for a column that is not there, an empty subset, an outcome that the game has not, a formula without
            meaning for the table, or where no row is complete.
    """
    cases, missing = cases_of(table, specification.columns(), specification.subset)
    formulas = {shown(utility): formula for utility, formula in specification.utilities.items()}
    formulas |= {_spread(player): formula for player, formula in specification.spread.items()}
    designs = {name: design(formula, cases, name) for name, formula in formulas.items()}
    outcome, coding = _outcomes(specification, cases)
    groups = cases[specification.cluster].rank("dense").to_numpy() if specification.cluster else np.arange(cases.height)
    return Sample(
        specification,
        {name: part for name, part in designs.items() if part.terms},
        outcome,
        cases[ROW].to_numpy(),
        missing,
        coding,
        groups,
    )


def _spread(player: str) -> str:
    return f"spread({player})"


def _outcomes(specification: Specification, cases: pl.DataFrame) -> tuple[np.ndarray, dict[str, str]]:
    game = specification.game
    if len(specification.outcome) > 1:
        return _from_moves(game, specification.outcome, cases), {}
    name = specification.outcome[0]
    written = [_plain(value) for value in cases[name]]
    labels, guessed = _labels(specification, written)
    for row, value in zip(cases[ROW], written, strict=True):
        if value not in labels:
            raise InputError(
                f"row {row}: `{name}` is {value!r}, which is no outcome of the game",
                remedy=f"its outcomes are {', '.join(labels)}; or name yours with `outcomes: [...]`, from left to right",
            )
    places = {label: at for at, label in enumerate(labels)}
    coding = dict(zip(labels, game.outcomes, strict=True)) if guessed else {}
    return np.array([places[value] for value in written]), coding


def _labels(specification: Specification, written: list[str]) -> tuple[tuple[str, ...], bool]:
    """How the outcome column writes the outcomes, and whether that was guessed: words that the game does not know are taken in the order
    in which they first appear, if they are as many as its outcomes."""
    game = specification.game
    if specification.outcomes:
        return specification.outcomes, False
    seen = tuple(dict.fromkeys(written))
    for labels in (game.outcomes, labels_of(specification.name)):
        if set(seen) <= set(labels):
            return labels, False
    if len(seen) == len(game.outcomes) and not any(value.replace(".", "").isdigit() for value in seen):
        return seen, True
    return game.outcomes, False


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _from_moves(game: Game, names: tuple[str, ...], cases: pl.DataFrame) -> np.ndarray:
    decisions = moves(game)
    found = np.zeros(cases.height, dtype=int)
    for at, values in enumerate(cases.select(names).iter_rows()):
        if bad := [name for name, value in zip(names, values, strict=True) if value not in (0, 1)]:
            value = values[names.index(bad[0])]
            raise InputError(
                f"row {cases[ROW][at]}: `{bad[0]}` is {value!r}, not 0 (left) or 1 (right)",
                remedy="code moves as 0 and 1",
            )
        taken = {decision: int(value) for decision, value in zip(decisions, values, strict=True)}
        found[at] = game.outcomes.index(game.reached(taken))
    return found
