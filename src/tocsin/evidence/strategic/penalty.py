"""Penalties that keep coefficients finite if a regressor predicts an outcome perfectly (separation)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.special import expit

PenaltyName: TypeAlias = Literal["none", "logF", "cauchy", "ridge"]

CAUCHY_SCALE, CAUCHY_INTERCEPT = 2.5, 10.0
RIDGE_SCALE = 5.0


class Penalty(NamedTuple):
    """What is added to the log likelihood, to its gradient and to the diagonal of its Hessian, (coefficients,) each."""

    value: float
    gradient: np.ndarray
    curvature: np.ndarray


def penalty(name: PenaltyName, coefficients: np.ndarray, constant: np.ndarray) -> Penalty:
    """Return the penalty of coefficients.

    - logF: each coefficient b adds b / 2 - log(1 + exp(b)), the log-F(1, 1) prior (Greenland and Mansournia 2015, Statistics in
      Medicine 34, section 4; Crisman-Cox, Gasparyan and Signorino 2023, Political Analysis).
    - cauchy: a Cauchy prior of scale 2.5, for constants of scale 10 (Gelman et al. 2008, Annals of Applied Statistics 2(4)).
    - ridge: a normal prior of standard deviation 5.

    Args:
        name: which penalty.
        coefficients: (coefficients,).
        constant: (coefficients,) True for constants.
    """
    return _PENALTIES[name](coefficients, constant)


def _none(b: np.ndarray, _: np.ndarray) -> Penalty:
    return Penalty(0.0, np.zeros_like(b), np.zeros_like(b))


def _log_f(b: np.ndarray, _: np.ndarray) -> Penalty:
    p = expit(b)
    return Penalty(float((b / 2 - np.logaddexp(0.0, b)).sum()), 0.5 - p, -p * (1.0 - p))


def _cauchy(b: np.ndarray, constant: np.ndarray) -> Penalty:
    square = np.where(constant, CAUCHY_INTERCEPT, CAUCHY_SCALE) ** 2
    total = square + b**2
    return Penalty(float(-np.log(total / square).sum()), -2.0 * b / total, -2.0 * (square - b**2) / total**2)


def _ridge(b: np.ndarray, _: np.ndarray) -> Penalty:
    return Penalty(
        float(-0.5 * (b**2).sum() / RIDGE_SCALE**2), -b / RIDGE_SCALE**2, np.full_like(b, -1 / RIDGE_SCALE**2)
    )


_PENALTIES: dict[PenaltyName, Callable[[np.ndarray, np.ndarray], Penalty]] = {
    "none": _none, "logF": _log_f, "cauchy": _cauchy, "ridge": _ridge,
}  # fmt: skip
