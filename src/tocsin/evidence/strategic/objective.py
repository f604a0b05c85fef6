"""The penalised log likelihood of a sample as a function of the coefficients, and its maximum by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.evidence.curvature import unit_scale
from tocsin.evidence.strategic.likelihood import Kernel, kernel
from tocsin.evidence.strategic.penalty import Penalty, PenaltyName, penalty
from tocsin.evidence.strategic.sample import Sample

MAX_STEPS = 200
MIN_GAIN = 1e-10
"""The search has converged if a Newton step would raise the objective by less than this."""
MAX_CHANGE = 30.0
"""Largest change of any case's predictor in one step. The quadratic approximation is useless beyond it."""


def kernel_of(sample: Sample) -> Kernel:
    """Return the compiled functions of a sample's game."""
    spec = sample.specification
    return kernel(spec.game, spec.link, spec.errors, sample.utilities, sample.spreads, tuple(spec.fixed.items()))


@dataclass(frozen=True)
class Derivatives:
    """An objective and its derivatives at some coefficients.

    Attributes:
        value: of the objective.
        gradient: (coefficients,).
        hessian: (coefficients, coefficients).
        scores: (cases, coefficients) gradient of each case's log likelihood, without the penalty.
    """

    value: float
    gradient: np.ndarray
    hessian: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class Objective:
    """Log likelihood of a sample plus a penalty, as a function of the coefficients (coefficients,).

    Attributes:
        sample: the cases.
        kernel: of their game.
        penalty: on the original coefficients.
        back: (coefficients, coefficients) what turns the coefficients into the original ones.
    """

    sample: Sample
    kernel: Kernel
    penalty: PenaltyName
    back: np.ndarray

    def __call__(self, coefficients: np.ndarray) -> float:
        """Return the value of the objective."""
        logs = self.log_probabilities(coefficients)
        return float(logs[np.arange(len(logs)), self.sample.outcome].sum()) + self._penalty(coefficients).value

    def log_probabilities(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the log probabilities of the outcomes, (cases, outcomes)."""
        return self.kernel.log_probabilities(self.sample.predictors(coefficients))

    def derivatives(self, coefficients: np.ndarray) -> Derivatives:
        """Return the value and its exact derivatives."""
        sample = self.sample
        values, gradients, hessians = self.kernel.derivatives(sample.predictors(coefficients), sample.outcome)
        scores = sample.matrix * gradients[:, sample.predictor]
        size = sample.matrix.shape[1]
        hessian = np.empty((size, size))
        for first in range(len(sample.designs)):
            for second in range(first + 1):
                rows, columns = sample.predictor == first, sample.predictor == second
                block = (sample.matrix[:, rows] * hessians[:, first, second, None]).T @ sample.matrix[:, columns]
                hessian[np.ix_(rows, columns)] = block
                hessian[np.ix_(columns, rows)] = block.T
        extra = self._penalty(coefficients)
        return Derivatives(
            float(values.sum()) + extra.value,
            scores.sum(axis=0) + self.back.T @ extra.gradient,
            hessian + (self.back.T * extra.curvature) @ self.back,
            scores,
        )

    def _penalty(self, coefficients: np.ndarray) -> Penalty:
        return penalty(self.penalty, self.back @ coefficients, self.sample.constant)

    def max_change(self, step: np.ndarray) -> float:
        """Return the largest change of any case's predictor that a step of the coefficients makes."""
        return float(np.abs(self.sample.predictors(step)).max())


@dataclass(frozen=True)
class Maximum:
    """Where a search ended.

    Attributes:
        coefficients: (coefficients,).
        value: of the objective there.
        converged: whether the gradient vanishes and the objective is concave there.
    """

    coefficients: np.ndarray
    value: float
    converged: bool


def newton_maximize(objective: Objective, start: np.ndarray) -> Maximum:
    """Climb from a start to a local maximum by Newton's method with line search.

    Where the objective is not concave, the step uses the absolute values of the eigenvalues of its Hessian.
    """
    point = start
    here = objective.derivatives(point)
    for _ in range(MAX_STEPS):
        step, gain, concave = newton_step(here.gradient, here.hessian)
        if gain < MIN_GAIN and concave:
            return Maximum(point, here.value, True)
        step *= min(1.0, MAX_CHANGE / max(objective.max_change(step), 1e-300))
        share = 1.0
        there = objective.derivatives(point + step)
        while not there.value >= here.value + 1e-4 * share * float(here.gradient @ step):
            share /= 2.0
            if share < 1e-12:
                # floating-point numbers are too coarse to find a higher value from here
                return Maximum(point, here.value, gain < 1e-6 and concave)
            there = objective.derivatives(point + share * step)
        point = point + share * step
        here = there
    return Maximum(point, here.value, False)


def newton_step(gradient: np.ndarray, hessian: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Return the step, by how much it would raise a quadratic function, and whether the function is concave here."""
    scale = unit_scale(hessian)
    values, vectors = np.linalg.eigh(-hessian * np.outer(scale, scale))
    along = vectors.T @ (scale * gradient) / np.maximum(np.abs(values), 1e-12 * np.abs(values).max())
    step = scale * (vectors @ along)
    return step, 0.5 * float(gradient @ step), bool(values[0] > -1e-9)
