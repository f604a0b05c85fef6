"""Penalties that keep coefficients finite where an outcome is foretold perfectly (separation)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.special import expit

Penalty: TypeAlias = Literal["none", "logF", "cauchy", "ridge"]

CAUCHY_SCALE, CAUCHY_INTERCEPT = 2.5, 10.0
RIDGE_SCALE = 5.0


class Penalised(NamedTuple):
    """What is added to the log likelihood, its slope and the diagonal of its curvature, (coefficients,) each."""

    value: float
    slope: np.ndarray
    curvature: np.ndarray


def penalise(name: Penalty, coefficients: np.ndarray, constant: np.ndarray) -> Penalised:
    """The penalty of coefficients.

    logF: each coefficient b adds b / 2 - log(1 + exp(b)), the log-F(1, 1) prior (Greenland and Mansournia 2015, Statistics in
    Medicine 34, section 4; Crisman-Cox, Gasparyan and Signorino 2023, Political Analysis). cauchy: a Cauchy prior of scale
    2.5, of constants 10 (Gelman et al. 2008, Annals of Applied Statistics 2(4)). ridge: a normal prior of standard deviation 5.

    Args:
        name: which.
        coefficients: (coefficients,).
        constant: (coefficients,) True for constants.
    """
    return _PENALTIES[name](coefficients, constant)


def _none(b: np.ndarray, _: np.ndarray) -> Penalised:
    return Penalised(0.0, np.zeros_like(b), np.zeros_like(b))


def _log_f(b: np.ndarray, _: np.ndarray) -> Penalised:
    chance = expit(b)
    return Penalised(float((b / 2 - np.logaddexp(0.0, b)).sum()), 0.5 - chance, -chance * (1.0 - chance))


def _cauchy(b: np.ndarray, constant: np.ndarray) -> Penalised:
    square = np.where(constant, CAUCHY_INTERCEPT, CAUCHY_SCALE) ** 2
    total = square + b**2
    return Penalised(float(-np.log(total / square).sum()), -2.0 * b / total, -2.0 * (square - b**2) / total**2)


def _ridge(b: np.ndarray, _: np.ndarray) -> Penalised:
    return Penalised(
        float(-0.5 * (b**2).sum() / RIDGE_SCALE**2), -b / RIDGE_SCALE**2, np.full_like(b, -1 / RIDGE_SCALE**2)
    )


_PENALTIES: dict[Penalty, Callable[[np.ndarray, np.ndarray], Penalised]] = {
    "none": _none, "logF": _log_f, "cauchy": _cauchy, "ridge": _ridge,
}  # fmt: skip
