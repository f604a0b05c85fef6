"""Probabilities of outcomes in other cases than those of the fit."""

from __future__ import annotations

import polars as pl

from tocsin.evidence.columns import typed_as
from tocsin.evidence.estimate import outcome_frame
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.objective import kernel_of
from tocsin.evidence.tables import ROW


def probabilities(fit: Fit, table: pl.DataFrame) -> pl.DataFrame:
    """Return the probability of each outcome in each row: `row`, then a column for each outcome, null where a regressor is missing.

    Types of columns, means, spreads and levels of factors are those of the fit.

    Args:
        fit: the model.
        table: with row numbers and the columns of the formulas.

    Raises:
        InputError: if a column is absent or holds a level or type of value that the fit does not know.
    """
    sample = fit.sample
    names = sample.specification.regressors()
    cases = typed_as(table, {name: sample.cases.readings[name] for name in names}, "probabilities")
    complete = cases.drop_nulls(names) if names else cases
    matrices = [part.recipe.matrix(complete) for part in sample.designs.values()]
    logs = kernel_of(sample).log_probabilities(sample.combined(matrices, fit.estimate))
    known = outcome_frame(complete[ROW].to_numpy(), logs, sample.specification.game.outcomes)
    rows = table.select(row=pl.col(ROW))
    return rows.join(known, on="row", how="left", maintain_order="left")
