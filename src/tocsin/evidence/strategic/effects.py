"""What a fitted model foretells: plays drawn from it, and how much outcomes change with a column of the table."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.strategic.fit import Fit, kernel_of
from tocsin.evidence.strategic.sample import Sample, sample
from tocsin.evidence.tables import known

STEP = 1e-4


def draw(cases: Sample, coefficients: np.ndarray, *, seed: int) -> Sample:
    """The same cases with outcomes drawn from the model at some coefficients."""
    chances = np.exp(kernel_of(cases).logs(cases.predictors(coefficients)))
    edges = np.cumsum(chances, axis=1)
    points = np.random.default_rng(seed).uniform(size=(len(chances), 1)) * edges[:, -1:]
    return cases.with_outcomes((points > edges).sum(axis=1))


def probabilities(found: Fit, table: pl.DataFrame) -> np.ndarray:
    """(cases, outcomes) of the complete rows of a table with the same columns."""
    return np.exp(found.log_probabilities(sample(found.sample.specification, table)))


def marginal_effects(found: Fit, table: pl.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    """By how much the mean probability of each outcome changes for one unit of a column, and its standard error by the delta
    method, (outcomes,) each.

    The mean is over the complete rows. A numeric column is moved by a ten-thousandth of its spread to either side. Rows keep their
    other values; what a formula makes of the column moves with it.

    Raises:
        InputError: if the column is not numeric or not used.
    """
    given = found.sample.specification
    known(table, [column], "marginal effect")
    if column not in given.columns() or not table.schema[column].is_numeric():
        raise InputError(f"`{column}` is no numeric column of the model", remedy="name one that stands in a formula")
    spread = float(table[column].cast(pl.Float64).std() or 0.0)  # type: ignore[arg-type]
    if not spread > 0.0:
        raise InputError(f"`{column}` does not vary", remedy="choose another")
    half = STEP * spread
    moved = [
        sample(given, table.with_columns((pl.col(column).cast(pl.Float64) + sign * half).alias(column)))
        for sign in (-1, 1)
    ]
    kernel = kernel_of(found.sample)

    def effect(coefficients: np.ndarray) -> np.ndarray:
        low, high = (np.exp(kernel.logs(each.predictors(coefficients))).mean(axis=0) for each in moved)
        return np.asarray((high - low) / (2.0 * half))

    errors = np.sqrt(np.maximum(np.diag(found.covariance), 0.0))
    slopes = []
    for at, error in enumerate(errors):
        step = np.zeros_like(errors)
        step[at] = max(1e-4 * error, 1e-8)
        slopes.append((effect(found.estimate + step) - effect(found.estimate - step)) / (2.0 * step[at]))
    jacobian = np.array(slopes)
    return effect(found.estimate), np.sqrt(
        np.maximum(np.einsum("ko,kl,lo->o", jacobian, found.covariance, jacobian), 0.0)
    )
