"""How much the probabilities of outcomes change with a column of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.formulas import is_category, names_in, shown
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.objective import kernel_of
from tocsin.evidence.strategic.sample import Sample


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


def marginal_effect(fit: Fit, column: str) -> Effect:
    """Return by how much the mean probability of each outcome changes per unit of a column.

    It is the mean of the derivative over the cases of the fit. Every term that uses the column moves along; all other columns, the
    cases, and means and spreads of `center()` and `scale()` stay.

    Args:
        fit: the model.
        column: a numeric column of a formula.

    Raises:
        InputError: if the column is not numeric, not used, constant, or a term has no derivative at a case.
    """
    _check_numeric(fit.sample, column)
    change = _change(fit.sample, column)
    errors = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    slopes = []
    for index, error in enumerate(errors):
        step = np.zeros_like(errors)
        step[index] = 1e-4 * error if error > 0 else 1e-8 / fit.sample.sizes[index]
        slopes.append((change(fit.estimate + step) - change(fit.estimate - step)) / (2.0 * step[index]))
    jacobian = np.array(slopes)
    variance = np.einsum("ko,kl,lo->o", jacobian, fit.covariance, jacobian)
    return Effect(column, change(fit.estimate), np.sqrt(np.maximum(variance, 0.0)))


def _check_numeric(sample: Sample, column: str) -> None:
    used = sample.specification.regressors()
    remedy = "name a numeric column of a formula"
    if column not in used:
        raise InputError(
            f"effect: `{column}` is not a numeric column of the model: no formula uses it",
            remedy=did_you_mean(column, used),
        )
    for name, part in sample.designs.items():
        for factor in part.recipe.factors:
            if column in names_in(factor) and (is_category(factor) or factor in part.recipe.levels):
                raise InputError(
                    f"effect: `{column}` is not a numeric column of the model: `{shown(factor)}` in {name} is a factor",
                    remedy=remedy,
                )
    values = sample.cases.table[column]
    if not values.dtype.is_numeric():
        raise InputError(f"effect: `{column}` is not a numeric column of the model", remedy=remedy)
    if values.n_unique() == 1:
        raise InputError(f"effect: `{column}` does not vary", remedy="choose another column")


def _change(sample: Sample, column: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from the coefficients to the mean derivatives of the probabilities in a column, (outcomes,)."""
    kernel = kernel_of(sample)
    matrices = [part.recipe.slopes(sample.cases.table, column) for part in sample.designs.values()]
    cases, outcomes = len(sample.outcome), len(sample.specification.game.outcomes)

    def change(coefficients: np.ndarray) -> np.ndarray:
        predictors, moved = sample.predictors(coefficients), sample.combined(matrices, coefficients)
        result = np.zeros(outcomes)
        for outcome in range(outcomes):
            logs, gradients, _ = kernel.derivatives(predictors, np.full(cases, outcome))
            result[outcome] = (np.exp(logs) * (gradients * moved).sum(axis=1)).mean()
        return result

    return change
