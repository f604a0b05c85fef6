"""Fit strategic models by maximum likelihood, plain or penalised, and warn of estimates not to be trusted."""

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

STARTS, EXTRA_STARTS = 3, 10
FAR, MIN_FALL = 10.0, 1e-3
"""A likelihood with a maximum falls by more than `MIN_FALL` after a step that changes a predictor by `FAR`."""
FEW_CLUSTERS = 20
"""With fewer clusters, sandwich errors are too small (Cameron and Miller 2015, Journal of Human Resources 50(2), section VI)."""
IDENTIFIED = 1e-10
"""Tolerance of `check_identified`."""


@dataclass(frozen=True, kw_only=True)
class Fit(Estimate):
    """A maximum likelihood estimate.

    The covariance is the inverse of the observed information without the penalty, or with clusters the sandwich estimator. `loglik`
    includes the penalty. `seconds` is the time of the search.

    Attributes:
        sample: the cases.
        seconds_compiling: time before the search, mostly for compiling, which is done once for each game and sample size.
    """

    sample: Sample
    seconds_compiling: float

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Return the utility and term of each coefficient."""
        return self.sample.names

    def log_probabilities(self) -> np.ndarray:
        """Return the log probabilities of all outcomes in the cases, (cases, outcomes)."""
        return kernel_of(self.sample).log_probabilities(self.sample.predictors(self.estimate))


def fit(sample: Sample, *, starts: int = STARTS, seed: int = 0) -> Fit:
    """Return the maximum likelihood estimate.

    The search goes over coefficients of orthogonal regressors.

    Args:
        sample: the cases.
        starts: number of searches, since the likelihood may have several local maxima. One starts from 0, the others from random
            points nearby.
        seed: seed of the random points.

    Raises:
        InputError: if there are fewer cases than coefficients, some coefficients are not identified, or all cases are one cluster.
    """
    cases, size = sample.matrix.shape
    if cases < size:
        raise InputError(f"{size} coefficients for {cases} cases", remedy="use simpler formulas or more cases")
    cluster_warnings = tuple(_cluster_warnings(sample))
    begin = time.perf_counter()
    standard, back = sample.standardised()
    objective = Objective(standard, kernel_of(sample), sample.specification.penalty, back)
    points = _random_points(standard, starts, seed)
    points[0] = 0.0
    objective(points[0])
    _check_identified(objective, points[-1] if starts > 1 else 0.1 / standard.sizes, sample)
    compiled = time.perf_counter()
    maximum, warnings = _highest(objective, points, seed)
    return Fit(
        estimate=back @ maximum.coefficients,
        covariance=back @ _covariance(objective, maximum) @ back.T,
        loglik=maximum.value,
        converged=maximum.converged,
        warnings=(*_data_warnings(sample), *cluster_warnings, *warnings),
        seconds=time.perf_counter() - compiled,
        sample=sample,
        seconds_compiling=compiled - begin,
    )


def _random_points(sample: Sample, number: int, seed: int) -> np.ndarray:
    """Return random coefficients near 0, (number, coefficients)."""
    return np.random.default_rng(seed).normal(size=(number, sample.sizes.size)) * 0.5 / sample.sizes


def _highest(objective: Objective, starts: np.ndarray, seed: int) -> tuple[Maximum, list[str]]:
    """Return the highest maximum reached from several starts, with warnings.

    If the likelihood has no maximum, the result is marked as not converged.
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
    """Return the inverse observed information without the penalty, as is usual; with clusters the sandwich estimator."""
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


def _check_identified(objective: Objective, point: np.ndarray, original: Sample) -> None:
    """Refuse coefficients whose effects on the log probabilities at a point are linearly dependent."""
    sample = objective.sample
    predictors = sample.predictors(point)
    products = np.zeros((point.size, point.size))
    for outcome in range(len(sample.specification.game.outcomes)):
        _, gradients, _ = objective.kernel.derivatives(predictors, np.full(len(predictors), outcome))
        effects = sample.matrix * gradients[:, sample.predictor]
        products += effects.T @ effects
    back = objective.back * original.sizes[:, None]
    check_identified(products, back, original.names, tolerance=IDENTIFIED)


def _cluster_warnings(sample: Sample) -> Iterator[str]:
    """Warn of standard errors from few clusters.

    Raises:
        InputError: if all cases are one cluster.
    """
    name = sample.specification.cluster
    if not name:
        return
    clusters, size = np.unique(sample.groups).size, sample.matrix.shape[1]
    if clusters == 1:
        raise InputError(
            f"cluster: all cases have the same `{name}`, so there are no errors by clusters",
            remedy="leave out `cluster`, or name a column with many groups",
        )
    if clusters <= size:
        yield (
            f"{clusters} clusters of `{name}` for {size} coefficients: the covariance matrix is singular, and standard errors are far "
            "too small"
        )
    elif clusters < FEW_CLUSTERS:
        yield f"only {clusters} clusters of `{name}`: standard errors are too small (fewer than {FEW_CLUSTERS})"


def _has_no_maximum(objective: Objective, maximum: Maximum) -> bool:
    """Return whether, in some direction, the likelihood does not fall even far away."""
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
    """Warn of rows left out, and state how the words in the data are coded as outcomes."""
    yield from sample.cases.warnings()
    if sample.coding:
        pairs = ", ".join(f"{word} is {outcome}" for word, outcome in sample.coding.items())
        yield f"outcomes are coded in alphabetical order: {pairs}; `outcomes: [...]` sets another order"
