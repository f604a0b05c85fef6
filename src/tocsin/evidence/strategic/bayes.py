"""Sample posteriors by the no-U-turn sampler, and compare models by leave-one-out cross-validation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin import mcmc
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.likelihood import log_probabilities
from tocsin.evidence.strategic.penalty import CAUCHY_INTERCEPT, CAUCHY_SCALE, RIDGE_SCALE, PenaltyName
from tocsin.evidence.strategic.sample import Sample, check_same_cases
from tocsin.mcmc import CHAINS, Mixing

MIN_DRAWS = 1_000
"""Fewest draws of each chain; leave-one-out cross-validation needs many."""
WEAK_SCALE = 5.0
"""Prior standard deviation of each coefficient of orthogonal regressors of mean square 1, if the specification names no penalty. A
predictor of 5 makes an outcome almost certain, so this prior is weak, whatever the units and origins of the columns."""
MAX_PARETO_K = 0.7
"""Pareto k up to which the importance sampling is reliable."""


@dataclass(frozen=True)
class Posterior:
    """Draws of a specification's coefficients.

    Attributes:
        sample: the cases.
        draws: (chains, draws, coefficients).
        logs: (chains, draws, cases) log probability of the observed outcome.
        mixing: diagnostics of the chains.
        seed: seed of the chains.
        seconds: duration of sampling.
    """

    sample: Sample
    draws: np.ndarray
    logs: np.ndarray
    mixing: Mixing
    seed: int
    seconds: float

    def quantiles(self, *levels: float) -> np.ndarray:
        """Return quantiles of the coefficients, (levels, coefficients)."""
        return np.quantile(self.draws.reshape(-1, self.draws.shape[-1]), levels, axis=0)


def posterior(sample: Sample, *, seed: int) -> Posterior:
    """Sample the posterior. The prior is the specification's penalty, or a weak normal prior if it has none.

    Args:
        sample: the cases.
        seed: seed of the chains.

    Raises:
        InputError: if coefficients are not identified.
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """
    begin = time.perf_counter()
    energy, data, logs = _model(sample)
    names = [f"{name}:{term}" for name, term in sample.names]

    def orthogonal(z: np.ndarray) -> np.ndarray:
        return np.asarray(data["centre"] + z @ data["root"].T)

    def reported(z: np.ndarray) -> dict[str, np.ndarray]:
        values = orthogonal(z) @ np.asarray(data["back"]).T
        return {name: values[..., index] for index, name in enumerate(names)}

    target = mcmc.Target(
        name="the posterior",
        energy=energy,
        data=data,
        reported=reported,
        remedy="use a penalty, fewer terms or another seed",
    )
    start = np.random.default_rng(seed).normal(size=(CHAINS, len(names)))
    z, mixing = mcmc.sample(target, start, seed=seed, limits=mcmc.Limits(min_draws=MIN_DRAWS))
    draws = orthogonal(z)
    pointwise = np.asarray(jax.lax.map(jax.vmap(logs), jnp.asarray(draws)))
    return Posterior(sample, draws @ np.asarray(data["back"]).T, pointwise, mixing, seed, time.perf_counter() - begin)


def _start(sample: Sample, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return an approximate centre of the posterior of the orthogonal coefficients and a square root of its covariance matrix.

    The centre is the estimate, or 0 if the fit did not converge. In directions in which the likelihood is not concave, only the
    curvature of the prior counts.
    """
    estimate, inverse = fit(sample), np.linalg.inv(back)
    covariance = inverse @ estimate.covariance @ inverse.T
    values, vectors = np.linalg.eigh(np.linalg.pinv(covariance, hermitian=True))
    likelihood = (vectors * np.maximum(values, 0.0)) @ vectors.T
    precision = likelihood + _prior_precision(sample, back)
    centre = inverse @ estimate.estimate if estimate.converged else np.zeros(values.size)
    return centre, np.linalg.inv(np.linalg.cholesky(precision)).T


def _prior_precision(sample: Sample, back: np.ndarray) -> np.ndarray:
    """Return the precision of the prior at 0: minus the second derivatives of its log, (coefficients, coefficients)."""
    constant, matrix = jnp.asarray(sample.constant), jnp.asarray(back)
    hessian = jax.hessian(lambda b: -_log_prior(sample.specification.penalty, b, matrix, constant))
    return np.asarray(hessian(jnp.zeros(len(back))))


def _model(sample: Sample) -> tuple[mcmc.Energy, dict[str, Any], Callable[[Array], Array]]:
    """Return minus the log posterior, its data, and a function from orthogonal coefficients to the cases' log probabilities.

    The log posterior is a function of z, where the coefficients of orthogonal regressors are centre + root z, and those of the terms
    are back times these; in z the posterior is nearly isotropic.
    """
    spec = sample.specification
    utilities, spreads = sample.utilities, sample.spreads
    standard, back = sample.standardised()
    centre, root = _start(sample, back)
    data: dict[str, Any] = {
        "centre": jnp.asarray(centre),
        "root": jnp.asarray(root),
        "back": jnp.asarray(back),
        "matrices": [jnp.asarray(part.matrix) for part in standard.designs.values()],
        "outcome": jnp.asarray(sample.outcome),
        "constant": jnp.asarray(sample.constant),
    }
    fixed = {name: jnp.asarray(value) for name, value in spec.fixed.items()}
    ends = np.cumsum([matrix.shape[1] for matrix in data["matrices"]])[:-1]

    def logs(b: Array, data: dict[str, Any]) -> Array:
        parts = jnp.split(b, ends)
        predictors = jnp.stack([matrix @ part for matrix, part in zip(data["matrices"], parts, strict=True)], axis=1)

        def of_case(row: Array) -> Array:
            values = fixed | {name: row[index] for index, name in enumerate(utilities)}
            log_spreads = {name: row[len(utilities) + index] for index, name in enumerate(spreads)}
            return log_probabilities(spec.game, spec.link, spec.errors, values, log_spreads)

        outcome = data["outcome"]
        return jax.vmap(of_case)(predictors)[jnp.arange(outcome.size), outcome]

    def energy(z: Array, data: dict[str, Any]) -> Array:
        b = data["centre"] + data["root"] @ z
        return -(logs(b, data).sum() + _log_prior(spec.penalty, b, data["back"], data["constant"]))

    return energy, data, partial(logs, data=data)


def _log_prior(penalty: PenaltyName, orthogonal: Array, back: Array, constant: Array) -> Array:
    """Return the log prior: a penalty on the coefficients of the terms, or a weak one on the orthogonal coefficients."""
    b = back @ orthogonal
    match penalty:
        case "logF":
            return (b / 2 - jnp.logaddexp(0.0, b)).sum()
        case "cauchy":
            return -jnp.log1p((b / jnp.where(constant, CAUCHY_INTERCEPT, CAUCHY_SCALE)) ** 2).sum()
        case "ridge":
            return -0.5 * (b**2).sum() / RIDGE_SCALE**2
        case _:
            return -0.5 * ((orthogonal / WEAK_SCALE) ** 2).sum()


@dataclass(frozen=True)
class LeftOut:
    """How well a posterior predicts each case from all others, by leave-one-out cross-validation.

    Attributes:
        scores: (cases,) log probability of each case's observed outcome, given the other cases.
        unreliable: number of cases too influential for the approximation (Pareto k above 0.7).
    """

    scores: np.ndarray
    unreliable: int

    @property
    def total(self) -> float:
        """Return the sum of the scores."""
        return float(self.scores.sum())

    @property
    def standard_error(self) -> float:
        """Return the standard error of the total."""
        return _error_of_sum(self.scores)


def left_out(chains: Posterior) -> LeftOut:
    """Predict each case from the others by Pareto-smoothed importance sampling (PSIS-LOO).

    Vehtari, Gelman and Gabry 2017, Statistics and Computing 27.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    scores, k, _ = array_stats.loo(np.moveaxis(chains.logs, -1, 0))  # type: ignore[no-untyped-call]
    return LeftOut(np.asarray(scores), int((np.asarray(k) > MAX_PARETO_K).sum()))


@dataclass(frozen=True)
class LeftOutDifference:
    """The difference between two models' leave-one-out scores.

    Attributes:
        difference: total of the first model minus that of the second; positive if the first predicts better.
        standard_error: standard error of the difference.
    """

    difference: float
    standard_error: float

    def to_dict(self) -> dict[str, float]:
        """Return a JSON-ready dict."""
        return {"better": self.difference, "se": self.standard_error}


def compare_left_out(first: Posterior, second: Posterior) -> LeftOutDifference:
    """Return the difference between two models' leave-one-out scores.

    Raises:
        InputError: if the models have different cases.
    """
    check_same_cases(first.sample, second.sample)
    gains = left_out(first).scores - left_out(second).scores
    return LeftOutDifference(float(gains.sum()), _error_of_sum(gains))


def _error_of_sum(terms: np.ndarray) -> float:
    return float(np.sqrt(terms.size * terms.var()))
