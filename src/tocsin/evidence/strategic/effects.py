"""How much the probabilities of outcomes change with a column of the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.objective import kernel_of
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.tables import check_columns

STEP = 1e-4


@dataclass(frozen=True)
class Effect:
    """The marginal effect of a column.

    Attributes:
        column: its name.
        change: (outcomes,) of the mean probability of each outcome per unit of the column.
        standard_error: (outcomes,) by the delta method.
    """

    column: str
    change: np.ndarray
    standard_error: np.ndarray


def marginal_effect(fit: Fit, table: pl.DataFrame, column: str) -> Effect:
    """Return by how much the mean probability of each outcome changes per unit of a column.

    The mean is over the complete rows. The column moves by a ten-thousandth of its standard deviation to either side; every term that
    uses it moves along, and all other columns keep their values.

    Args:
        fit: the model.
        table: its cases, with row numbers.
        column: a numeric column of a formula.

    Raises:
        InputError: if the column is not numeric, not used, or constant.
    """
    specification = fit.sample.specification
    check_columns(table, [column], "marginal effect")
    if column not in specification.columns() or not table.schema[column].is_numeric():
        raise InputError(
            f"`{column}` is not a numeric column of the model", remedy="name a numeric column of a formula"
        )
    spread = float(table[column].cast(pl.Float64).std() or 0.0)  # type: ignore[arg-type]
    if not spread > 0.0:
        raise InputError(f"`{column}` does not vary", remedy="choose another column")
    half = STEP * spread
    moved = [
        sample(specification, table.with_columns((pl.col(column).cast(pl.Float64) + sign * half).alias(column)))
        for sign in (-1, 1)
    ]
    kernel = kernel_of(fit.sample)

    def change(coefficients: np.ndarray) -> np.ndarray:
        low, high = (np.exp(kernel.log_probabilities(cases.predictors(coefficients))).mean(axis=0) for cases in moved)
        return np.asarray((high - low) / (2.0 * half))

    errors = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    slopes = []
    for index, error in enumerate(errors):
        step = np.zeros_like(errors)
        step[index] = max(1e-4 * error, 1e-8)
        slopes.append((change(fit.estimate + step) - change(fit.estimate - step)) / (2.0 * step[index]))
    jacobian = np.array(slopes)
    variance = np.einsum("ko,kl,lo->o", jacobian, fit.covariance, jacobian)
    return Effect(column, change(fit.estimate), np.sqrt(np.maximum(variance, 0.0)))
