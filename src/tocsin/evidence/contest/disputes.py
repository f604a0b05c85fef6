"""Disputes as the flexible predictor sees them: components of capability of both sides, some missing."""

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
        year: (cases,) of the beginning.
        components: (cases, 2, components) of sides A and B, in the units of National Material Capabilities; nan where missing.
        capability: (cases, 2) composite index, share of the system's.
        outcome: (cases,) place among `OUTCOMES`.
    """

    year: np.ndarray
    components: np.ndarray
    capability: np.ndarray
    outcome: np.ndarray

    def taken(self, places: np.ndarray) -> Disputes:
        """Some of them."""
        return Disputes(self.year[places], self.components[places], self.capability[places], self.outcome[places])

    def __len__(self) -> int:
        return len(self.year)


def disputes(table: pl.DataFrame) -> Disputes:
    """From a table with columns StYear, Y and, for sides a and b, irst_a ... upop_a, cinc_a.

    Raises:
        InputError: for a column that is missing, an outcome that is none of three, or a capability that is not known.
    """
    sides = [[f"{name}_{side}" for name in COMPONENTS] for side in "ab"]
    indices = ["cinc_a", "cinc_b"]
    check_columns(table, [YEAR, OUTCOME, *indices, *sides[0], *sides[1]], "disputes")
    strange = table.filter(~pl.col(OUTCOME).is_in(OUTCOMES) | pl.col(OUTCOME).is_null())
    if strange.height:
        raise InputError(
            f"row {strange[ROW][0]}: `{OUTCOME}` is {strange[OUTCOME][0]!r}", remedy=f"use one of {', '.join(OUTCOMES)}"
        )
    if any(table[name].null_count() for name in indices):
        raise InputError("`cinc_a` or `cinc_b` is missing in a row", remedy="leave such rows out")
    components = np.stack([table.select(pl.col(side).cast(pl.Float64)).to_numpy() for side in sides], axis=1)
    outcome = np.array([OUTCOMES.index(value) for value in table[OUTCOME]])
    capability = table.select(pl.col(indices).cast(pl.Float64)).to_numpy()
    return Disputes(table[YEAR].cast(pl.Float64).to_numpy(), components, capability, outcome)


def features(cases: Disputes, imputed: np.ndarray) -> np.ndarray:
    """(cases, features): the year, logarithms of both sides' components and index, and their differences.

    Args:
        cases: the disputes.
        imputed: (cases, 2 * components) `log_components` with nothing missing.
    """
    half = imputed.shape[1] // 2
    index = np.log(cases.capability + 1e-6)
    return np.column_stack(
        [cases.year, imputed, imputed[:, :half] - imputed[:, half:], index, index[:, 0] - index[:, 1]]
    )


def log_components(cases: Disputes) -> np.ndarray:
    """(cases, 2 * components) logarithms of 1 + the components of side A, then of B; nan where missing."""
    return np.log1p(cases.components).reshape(len(cases), -1)
