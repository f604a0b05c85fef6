"""Maximum likelihood, plain or penalised, with its errors and warnings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tocsin.errors import InputError
from tocsin.evidence.curvature import check_identified, unit_scale
from tocsin.evidence.estimate import Estimate
from tocsin.evidence.strategic.objective import (
    MAX_STEPS,
    Maximum,
    Objective,
    kernel_of,
    newton_maximize,
    newton_step,
)
from tocsin.evidence.strategic.sample import Sample
from tocsin.evidence.strategic.separation import separation_warnings
from tocsin.evidence.tables import left_out_warnings

STARTS, EXTRA_STARTS = 3, 10
FAR, MIN_FALL = 10.0, 1e-3
"""If the likelihood has a maximum, it falls by more than `MIN_FALL` where a step has changed a predictor by `FAR`."""
IDENTIFIED = 1e-10


@dataclass(frozen=True, kw_only=True)
class Fit(Estimate):
    """A maximum likelihood estimate.

    The covariance is the inverse of the curvature of the log likelihood; with clusters it is the sandwich estimator. `loglik` includes
    the penalty. `seconds` is the time of the search.

    Attributes:
        sample: the cases.
        seconds_compiling: time before the search, spent once for a game and a size of samples.
    """

    sample: Sample
    seconds_compiling: float

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Utility and term of each coefficient."""
        return self.sample.names

    def log_probabilities(self, sample: Sample | None = None) -> np.ndarray:
        """Return the log probabilities of the outcomes of the fit's cases or of others, (cases, outcomes)."""
        cases = sample or self.sample
        return kernel_of(cases).log_probabilities(cases.predictors(self.estimate))


def fit(sample: Sample, *, starts: int = STARTS, seed: int = 0) -> Fit:
    """Return the maximum likelihood estimate.

    Args:
        sample: the cases.
        starts: number of searches: one from 0, the others from random points nearby, since the likelihood of a game may have
            several local maxima.
        seed: of the starts.

    Raises:
        InputError: if there are fewer cases than coefficients, or some coefficients are not identified.
    """
    cases, size = sample.matrix.shape
    if cases < size:
        raise InputError(f"{size} coefficients for {cases} cases", remedy="use simpler formulas or more cases")
    begin = time.perf_counter()
    objective = Objective(sample, kernel_of(sample), sample.specification.penalty)
    points = _random_points(sample, starts, seed)
    points[0] = 0.0
    objective(points[0])
    _check_identified(objective, points[-1] if starts > 1 else 0.1 / sample.sizes)
    compiled = time.perf_counter()
    maximum, warnings = _highest(objective, points, seed)
    covariance = _covariance(objective, maximum)
    return Fit(
        estimate=maximum.coefficients,
        covariance=covariance,
        loglik=maximum.value,
        converged=maximum.converged,
        warnings=(*_data_warnings(sample), *warnings),
        seconds=time.perf_counter() - compiled,
        sample=sample,
        seconds_compiling=compiled - begin,
    )


def _random_points(sample: Sample, number: int, seed: int) -> np.ndarray:
    """Return random coefficients near 0, (number, coefficients)."""
    return np.random.default_rng(seed).normal(size=(number, sample.sizes.size)) * 0.5 / sample.sizes


def _highest(objective: Objective, starts: np.ndarray, seed: int) -> tuple[Maximum, list[str]]:
    """Return the highest maximum that searches from several starts reach, with warnings.

    It is marked as not converged if the likelihood has no maximum.
    """
    sample = objective.sample
    best = max((newton_maximize(objective, start) for start in starts), key=lambda maximum: maximum.value)
    warnings: list[str] = []
    if objective.penalty == "none" and any(separation_warnings(sample, objective.log_probabilities(best.coefficients))):
        # the likelihood of separated data has many local maxima
        extra = _random_points(sample, EXTRA_STARTS, seed + 1)
        best = max([best, *(newton_maximize(objective, start) for start in extra)], key=lambda maximum: maximum.value)
        warnings += separation_warnings(sample, objective.log_probabilities(best.coefficients))
        warnings.append("add a penalty to the specification, such as `penalty: logF`")
        if _has_no_maximum(objective, best):
            warnings.append("the likelihood has no maximum: it keeps rising as coefficients grow")
            return replace(best, converged=False), warnings
    if not best.converged:
        warnings.append(f"not converged: the likelihood still rises after {MAX_STEPS} steps")
    return best, warnings


def _covariance(objective: Objective, maximum: Maximum) -> np.ndarray:
    """Return the inverse curvature of the likelihood without its penalty, as is usual; with clusters the sandwich estimator."""
    here = replace(objective, penalty="none").derivatives(maximum.coefficients)
    scale = unit_scale(here.hessian)
    inverse = np.linalg.pinv(-here.hessian * np.outer(scale, scale), rcond=1e-14, hermitian=True)
    inverse = inverse * np.outer(scale, scale)
    if not objective.sample.specification.cluster:
        return inverse
    groups = objective.sample.groups
    labels = np.unique(groups)
    sums = np.array([here.scores[groups == label].sum(axis=0) for label in labels])
    return inverse @ (sums.T @ sums) @ inverse * labels.size / (labels.size - 1)


def _check_identified(objective: Objective, point: np.ndarray) -> None:
    """Refuse coefficients whose effects on all probabilities, at a random point, depend linearly on each other."""
    sample = objective.sample
    predictors = sample.predictors(point)
    products = np.zeros((point.size, point.size))
    for outcome in range(len(sample.specification.game.outcomes)):
        _, gradients, _ = objective.kernel.derivatives(predictors, np.full(len(predictors), outcome))
        effects = sample.matrix * gradients[:, sample.predictor]
        products += effects.T @ effects
    check_identified(products, sample.sizes, sample.names, tolerance=IDENTIFIED)


def _has_no_maximum(objective: Objective, maximum: Maximum) -> bool:
    """Return whether the likelihood is no lower far away in some direction."""
    here = objective.derivatives(maximum.coefficients)
    scale = unit_scale(here.hessian)
    _, vectors = np.linalg.eigh(-here.hessian * np.outer(scale, scale))
    step, _, _ = newton_step(here.gradient, here.hessian)
    for direction in (*(scale * vectors.T), maximum.coefficients, step):
        far = FAR / max(objective.max_change(direction), 1e-300) * direction
        highest = max(objective(maximum.coefficients + far), objective(maximum.coefficients - far))
        if highest > maximum.value - MIN_FALL:
            return True
    return False


def _data_warnings(sample: Sample) -> Iterator[str]:
    """Say which rows are left out and which words are taken for which outcomes."""
    yield from left_out_warnings(sample.missing)
    if sample.coding:
        pairs = ", ".join(f"{word} is {outcome}" for word, outcome in sample.coding.items())
        yield f"outcomes are coded in their order of first appearance: {pairs}"
