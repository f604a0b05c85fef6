"""Read disputes for the flexible predictor: components of capability of both sides, with missing values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.tables import ROW, check_columns

COMPONENTS = ("irst", "milex", "milper", "pec", "tpop", "upop")
OUTCOMES = ("VictoryB", "Stalemate", "VictoryA")
"""From the worst to the best for side A."""
YEAR, OUTCOME = "StYear", "Y"


@dataclass(frozen=True)
class Disputes:
    """Bilateral disputes.

    Attributes:
        year: (cases,) of the start.
        components: (cases, 2, components) of sides A and B, in the units of National Material Capabilities; NaN if
            missing.
        capability: (cases, 2) composite index, a share of the system's total.
        outcome: (cases,) index in `OUTCOMES`.
    """

    year: np.ndarray
    components: np.ndarray
    capability: np.ndarray
    outcome: np.ndarray

    def take(self, rows: np.ndarray) -> Disputes:
        """Return the disputes with these indices."""
        return Disputes(self.year[rows], self.components[rows], self.capability[rows], self.outcome[rows])

    def __len__(self) -> int:
        return len(self.year)


def disputes(table: pl.DataFrame) -> Disputes:
    """Return the disputes of a table with columns StYear, Y and, for sides a and b, irst_a to upop_a and cinc_a.

    Raises:
        InputError: if a column or a capability is missing, or an outcome is not one of `OUTCOMES`.
    """
    sides = [[f"{name}_{side}" for name in COMPONENTS] for side in "ab"]
    indices = ["cinc_a", "cinc_b"]
    check_columns(table, [YEAR, OUTCOME, *indices, *sides[0], *sides[1]], "disputes")
    wrong = table.filter(~pl.col(OUTCOME).is_in(OUTCOMES) | pl.col(OUTCOME).is_null())
    if wrong.height:
        raise InputError(
            f"row {wrong[ROW][0]}: `{OUTCOME}` is {wrong[OUTCOME][0]!r}", remedy=f"use one of {', '.join(OUTCOMES)}"
        )
    if any(table[name].null_count() for name in indices):
        raise InputError("`cinc_a` or `cinc_b` is missing in a row", remedy="leave out such rows")
    components = np.stack([table.select(pl.col(side).cast(pl.Float64)).to_numpy() for side in sides], axis=1)
    outcome = np.array([OUTCOMES.index(value) for value in table[OUTCOME]])
    capability = table.select(pl.col(indices).cast(pl.Float64)).to_numpy()
    return Disputes(table[YEAR].cast(pl.Float64).to_numpy(), components, capability, outcome)


def features(cases: Disputes, imputed: np.ndarray) -> np.ndarray:
    """Return (cases, features): the year, logarithms of both sides' components and index, and their differences.

    Args:
        cases: the disputes.
        imputed: (cases, 2 * components) what `log_components` returns, with missing values imputed.
    """
    half = imputed.shape[1] // 2
    index = np.log(cases.capability + 1e-6)
    return np.column_stack(
        [cases.year, imputed, imputed[:, :half] - imputed[:, half:], index, index[:, 0] - index[:, 1]]
    )


def log_components(cases: Disputes) -> np.ndarray:
    """Return (cases, 2 * components) log(1 + component) of side A, then of side B; NaN if missing."""
    return np.log1p(cases.components).reshape(len(cases), -1)
