"""Fit logits with a ridge penalty that is chosen by how well pairs of states left out are predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Penalties to choose from: on half the squared coefficients of standardized columns, against the sum of log probabilities."""
FOLDS = 5
CLIP = 5.0
"""Standardized columns are held within so many standard deviations of the past."""
MAX_STEPS, TOLERANCE = 50, 1e-8
_CONSTANT = 1e-6


@dataclass(frozen=True)
class Logit:
    """An estimated logit.

    Attributes:
        names: of the columns.
        coefficients: (1 + columns,) of the constant and the standardized columns.
        covariance: of the coefficients, with scores summed by group.
        mean, scale: (columns,) of the columns in the past.
        penalty: the chosen penalty.
        inner: mean log probability of the outcomes of the pairs left out, under that penalty; nan if read from a stored result.
        cases, events: how many cases it was learned from, and how many of these had the outcome.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    penalty: float
    inner: float
    cases: int
    events: int

    def predict(self, columns: np.ndarray, coefficients: np.ndarray | None = None) -> np.ndarray:
        """Return probabilities of cases with these columns, (cases, columns).

        Args:
            columns: in the order of `names`.
            coefficients: to use instead of the estimates, such as draws (..., 1 + columns).
        """
        used = self.coefficients if coefficients is None else coefficients
        return np.asarray(expit(used @ _standardized(columns, self.mean, self.scale).T))

    def paired(self, columns: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Return probabilities (...,) of cases with these columns, (..., columns), each with coefficients of its own.

        Args:
            columns: in the order of `names`.
            coefficients: (..., 1 + columns), broadcast against the columns.
        """
        scaled = np.clip((columns - self.mean) / self.scale, -CLIP, CLIP)
        return np.asarray(expit(coefficients[..., 0] + (scaled * coefficients[..., 1:]).sum(axis=-1)))

    def original_units(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the coefficients (1 + columns,) of the constant and of the columns as they are, and their covariance."""
        back = np.linalg.inv(_to_standard(self.mean, self.scale))
        return back @ self.coefficients, back @ self.covariance @ back.T

    @classmethod
    def from_original_units(
        cls,
        names: Sequence[str],
        values: np.ndarray,
        covariance: np.ndarray,
        moments: tuple[np.ndarray, np.ndarray],
        learned: tuple[int, int, float],
    ) -> Logit:
        """Return the logit with the coefficients and the covariance that `original_units` gave.

        Args:
            names: of the columns.
            values: (1 + columns,).
            covariance: (1 + columns, 1 + columns).
            moments: mean and scale of the columns in the past.
            learned: cases, events and penalty.
        """
        there = _to_standard(*moments)
        cases, events, penalty = learned
        return cls(
            names=tuple(names),
            coefficients=there @ values,
            covariance=there @ covariance @ there.T,
            mean=moments[0],
            scale=moments[1],
            penalty=penalty,
            inner=float("nan"),
            cases=cases,
            events=events,
        )


def fit(columns: np.ndarray, outcome: np.ndarray, groups: np.ndarray, names: Sequence[str]) -> Logit:
    """Return the logit of an outcome.

    Args:
        columns: (cases, columns).
        outcome: (cases,) 0 or 1.
        groups: (cases,) numbers; cases of one group are left out together.
        names: of the columns.
    """
    mean, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = _standardized(columns, mean, scale)
    scores = [_left_out(design, outcome, groups, penalty) for penalty in PENALTIES]
    penalty = PENALTIES[int(np.argmax(scores))]
    coefficients = maximize(design, outcome, penalty)
    return Logit(
        names=tuple(names),
        coefficients=coefficients,
        covariance=_covariance(design, outcome, groups, coefficients, penalty),
        mean=mean,
        scale=scale,
        penalty=penalty,
        inner=max(scores),
        cases=len(outcome),
        events=int(outcome.sum()),
    )


def maximize(design: np.ndarray, outcome: np.ndarray, penalty: float) -> np.ndarray:
    """Return the coefficients with the highest penalized likelihood, by Newton steps.

    Args:
        design: (cases, coefficients), the first column constant; it is hardly penalized.
        outcome: (cases,) 0 or 1.
        penalty: on half the squared coefficients.
    """
    weights = np.full(design.shape[1], penalty)
    weights[0] = _CONSTANT
    point = np.zeros(design.shape[1])
    point[0] = logit((outcome.sum() + 0.5) / (len(outcome) + 1.0))
    for _ in range(MAX_STEPS):
        chance = expit(design @ point)
        gradient = design.T @ (outcome - chance) - weights * point
        step = np.linalg.solve(_curvature(design, chance, weights), gradient)
        point = point + step
        if np.abs(step).max() < TOLERANCE:
            break
    return point


def _to_standard(mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return what turns the coefficients of a constant and of columns into those of the standardized columns."""
    there = np.diag(np.concatenate([[1.0], scale]))
    there[0, 1:] = mean
    return there


def _curvature(design: np.ndarray, chance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray((design * (chance * (1.0 - chance))[:, None]).T @ design + np.diag(weights))


def _standardized(columns: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return a constant and the standardized columns."""
    scaled = np.clip((columns - mean) / scale, -CLIP, CLIP)
    return np.column_stack([np.ones(len(scaled)), scaled])


def _left_out(design: np.ndarray, outcome: np.ndarray, groups: np.ndarray, penalty: float) -> float:
    """Return the mean log probability of outcomes, each predicted from the groups in other folds."""
    _, numbers = np.unique(groups, return_inverse=True)
    folds = np.random.default_rng(0).integers(FOLDS, size=numbers.max() + 1)[numbers]
    total = 0.0
    for fold in range(FOLDS):
        learned = folds != fold
        odds = design[~learned] @ maximize(design[learned], outcome[learned], penalty)
        total += float((outcome[~learned] * odds - np.logaddexp(0.0, odds)).sum())
    return total / len(outcome)


def _covariance(
    design: np.ndarray, outcome: np.ndarray, groups: np.ndarray, coefficients: np.ndarray, penalty: float
) -> np.ndarray:
    """Return the covariance by curvature and scores summed by group (White 1982, Econometrica 50(1))."""
    weights = np.full(design.shape[1], penalty)
    weights[0] = _CONSTANT
    chance = expit(design @ coefficients)
    inverse = np.linalg.inv(_curvature(design, chance, weights))
    _, numbers = np.unique(groups, return_inverse=True)
    scores = design * (outcome - chance)[:, None]
    sums = np.stack([np.bincount(numbers, weights=score) for score in scores.T], axis=1)
    return np.asarray(inverse @ (sums.T @ sums) @ inverse)
