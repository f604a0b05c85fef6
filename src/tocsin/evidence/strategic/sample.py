"""The cases that a specification takes from a table: outcomes, regressors, and which rows are left out and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.cases import Cases, complete_cases
from tocsin.evidence.columns import as_text
from tocsin.evidence.designs import CONSTANT, Regressors, designs
from tocsin.evidence.strategic.specification import Specification, spread_name, utility_name
from tocsin.evidence.strategic.trees import Game, Utility, alternative_labels, decision_names
from tocsin.evidence.tables import ROW


@dataclass(frozen=True, kw_only=True)
class Sample(Regressors):
    """Cases of one game. Its designs are those of the utilities in the game's order, then those of the players' log spreads.

    Attributes:
        specification: what is estimated from the cases.
        outcome: (cases,) index of the outcome in the game's list.
        rows: (cases,) number of each case's row in its file, from 1.
        cases: the rows of the table, and which rows are left out.
        coding: which words of the outcome column stand for which outcomes, if this was guessed; otherwise empty.
        groups: (cases,) number of each case's cluster; all different without clusters.
    """

    specification: Specification
    outcome: np.ndarray
    rows: np.ndarray
    cases: Cases
    coding: Mapping[str, str]
    groups: np.ndarray

    @cached_property
    def utilities(self) -> tuple[Utility, ...]:
        """The utilities that have regressors, in the order of `designs`."""
        return tuple(name for name in self.specification.game.utilities if utility_name(name) in self.designs)

    @cached_property
    def spreads(self) -> tuple[str, ...]:
        """The players whose log spreads have regressors, in the order of `designs`, after the utilities."""
        return tuple(player for player in self.specification.spread if spread_name(player) in self.designs)

    @cached_property
    def predictor(self) -> np.ndarray:
        """(coefficients,) index of each coefficient's predictor."""
        return np.repeat(np.arange(len(self.designs)), [len(part.terms) for part in self.designs.values()])

    @cached_property
    def constant(self) -> np.ndarray:
        """(coefficients,) True for constants."""
        return np.array([term == CONSTANT for _, term in self.names])

    def predictors(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the values of the predictors, (cases, predictors)."""
        return self.combined([part.matrix for part in self.designs.values()], coefficients)

    def combined(self, matrices: Sequence[np.ndarray], coefficients: np.ndarray) -> np.ndarray:
        """Return the sums of regressors times coefficients, (cases, predictors).

        Args:
            matrices: (cases, terms) regressors of each design.
            coefficients: (coefficients,).
        """
        parts = np.split(coefficients, np.cumsum([len(part.terms) for part in self.designs.values()])[:-1])
        return np.column_stack([matrix @ part for matrix, part in zip(matrices, parts, strict=True)])

    def take(self, indices: np.ndarray, groups: np.ndarray | None = None) -> Sample:
        """Return the cases at some indices, which may repeat, with new clusters if given."""
        return replace(
            self,
            designs={name: replace(part, matrix=part.matrix[indices]) for name, part in self.designs.items()},
            outcome=self.outcome[indices],
            rows=self.rows[indices],
            groups=self.groups[indices] if groups is None else groups,
        )


def sample(specification: Specification, table: pl.DataFrame) -> Sample:
    """Return the cases of a table with row numbers, as `read_table` returns it.

    Raises:
        InputError: for an unknown column, an empty subset, an outcome that the game does not have, a formula that cannot be evaluated,
            or if no row is complete.
    """
    cases = complete_cases(
        table,
        specification.columns(),
        condition=specification.subset,
        mixed=set(specification.columns()) - specification.numeric(),
        missing=specification.missing,
    )
    outcome, coding = _outcomes(specification, cases.table)
    rows = cases.table
    return Sample(
        designs=designs(specification.formulas(), rows),
        specification=specification,
        outcome=outcome,
        rows=rows[ROW].to_numpy(),
        cases=cases,
        coding=coding,
        groups=rows[specification.cluster].rank("dense").to_numpy()
        if specification.cluster
        else np.arange(rows.height),
    )


def check_same_cases(first: Sample, second: Sample) -> None:
    """Raise InputError if two samples have different rows or outcomes."""
    if not np.array_equal(first.rows, second.rows) or not np.array_equal(first.outcome, second.outcome):
        raise InputError(
            "the two models were not fitted to the same cases",
            remedy="use models whose rows and outcomes are the same",
        )


def _outcomes(specification: Specification, cases: pl.DataFrame) -> tuple[np.ndarray, dict[str, str]]:
    """Return the index of each case's outcome, and the coding if it was guessed."""
    game = specification.game
    if len(specification.outcome) > 1:
        return _outcomes_from_moves(game, specification.outcome, cases), {}
    name = specification.outcome[0]
    values = [str(as_text(value)) for value in cases[name]]
    labels, guessed = _labels(specification, values)
    indices = _indices(labels, set(values))
    for row, value in zip(cases[ROW], values, strict=True):
        if value not in indices:
            raise InputError(
                f"row {row}: `{name}` is {value!r}, which is not an outcome of the game",
                remedy=f"use {', '.join(labels)}; or name your own with `outcomes: [...]`, from left to right",
            )
    coding = dict(zip(labels, game.outcomes, strict=True)) if guessed else {}
    return np.array([indices[value] for value in values]), coding


def _labels(specification: Specification, values: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return how the outcome column writes the outcomes, and whether this was guessed.

    Unknown words are taken in alphabetical order if the game is a named one, whose labels are numbers, and has as many outcomes.
    """
    game, words = specification.game, set(values)
    if specification.outcomes:
        return specification.outcomes, False
    for labels in (game.outcomes, alternative_labels(specification.name)):
        if len(_indices(labels, words)) == len(words):
            return labels, False
    numbers = any(word.replace(".", "").isdigit() for word in words)
    if specification.name and len(words) == len(game.outcomes) and not numbers:
        return tuple(sorted(words, key=lambda word: (word.lower(), word))), True
    return game.outcomes, False


def _indices(labels: Sequence[str], words: Collection[str]) -> dict[str, int]:
    """Return the index of the label that each word is, whether in capitals or not; other words are absent."""
    exact = {label: index for index, label in enumerate(labels)}
    folded = {label.lower(): index for label, index in exact.items()}
    if len(folded) < len(exact):
        folded = exact
    return {word: index for word in words if (index := exact.get(word, folded.get(word.lower()))) is not None}


def _outcomes_from_moves(game: Game, columns: tuple[str, ...], cases: pl.DataFrame) -> np.ndarray:
    """Return the index of the outcome that each case's moves lead to."""
    decisions = decision_names(game)
    indices = np.zeros(cases.height, dtype=int)
    for index, values in enumerate(cases.select(columns).iter_rows()):
        for name, value in zip(columns, values, strict=True):
            if value not in (0, 1):
                raise InputError(
                    f"row {cases[ROW][index]}: `{name}` is {as_text(value)}, not 0 (left) or 1 (right)",
                    remedy="code moves as 0 and 1",
                )
        moves = {decision: int(value) for decision, value in zip(decisions, values, strict=True)}
        indices[index] = game.outcomes.index(game.outcome_of(moves))
    return indices
