"""The posterior of a specification, by the no-U-turn sampler, and models compared by what they foretell of cases left out."""

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
from tocsin.errors import InputError
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.likelihood import log_probabilities
from tocsin.evidence.strategic.penalty import CAUCHY_INTERCEPT, CAUCHY_SCALE, RIDGE_SCALE, Penalty
from tocsin.evidence.strategic.sample import Sample
from tocsin.mcmc import CHAINS, Mixing

MIN_DRAWS = 1_000
"""Fewest draws of each chain; comparisons by cases left out need many."""
WEAK_SCALE = 5.0
"""Prior standard deviation of each coefficient times its regressor's size, where the specification names no penalty: a predictor
of 5 makes an outcome all but certain, so this says next to nothing."""


@dataclass(frozen=True)
class Posterior:
    """Draws of a specification's coefficients.

    Attributes:
        sample: the cases.
        draws: (chains, draws, coefficients).
        logs: (chains, draws, cases) log probability of what happened.
        mixing: how well the chains of the coefficients mixed.
        seed: of the chains.
        seconds: what sampling took.
    """

    sample: Sample
    draws: np.ndarray
    logs: np.ndarray
    mixing: Mixing
    seed: int
    seconds: float

    @property
    def mean(self) -> np.ndarray:
        """(coefficients,)."""
        return np.asarray(self.draws.mean(axis=(0, 1)))

    @property
    def standard_deviation(self) -> np.ndarray:
        """(coefficients,)."""
        return np.asarray(self.draws.reshape(-1, self.draws.shape[-1]).std(axis=0, ddof=1))

    def quantiles(self, *levels: float) -> np.ndarray:
        """(levels, coefficients)."""
        return np.quantile(self.draws.reshape(-1, self.draws.shape[-1]), levels, axis=0)


def posterior(sample: Sample, *, seed: int) -> Posterior:
    """Draw from the posterior under the specification's penalty as prior, or, where it has none, a weak normal one.

    Args:
        sample: the cases.
        seed: of the chains.

    Raises:
        InputError: if coefficients are not identified.
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    begun = time.perf_counter()
    energy, data, logs = _model(sample)
    names = [f"{name}:{term}" for name, term in sample.names]

    def coefficients(walked: np.ndarray) -> np.ndarray:
        return np.asarray(data["centre"] + walked @ data["root"].T)

    def reported(walked: np.ndarray) -> dict[str, np.ndarray]:
        values = coefficients(walked)
        return {name: values[..., at] for at, name in enumerate(names)}

    walked, mixing = mcmc.sample(
        energy,
        data,
        np.random.default_rng(seed).normal(size=(CHAINS, len(names))),
        reported,
        what="the posterior",
        remedy="use a penalty, fewer terms or another seed",
        seed=seed,
        min_draws=MIN_DRAWS,
    )
    draws = coefficients(walked)
    pointwise = np.asarray(jax.lax.map(jax.vmap(logs), jnp.asarray(draws)))
    return Posterior(sample, draws, pointwise, mixing, seed, time.perf_counter() - begun)


def _start(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Return an approximate centre and a root of the covariance. Where the likelihood is not concave, use the prior's curvature alone."""
    found = fit(sample)
    informed, axes = np.linalg.eigh(np.linalg.pinv(found.covariance, hermitian=True))
    likelihood = (axes * np.maximum(informed, 0.0)) @ axes.T
    precision = likelihood + np.diag(_prior_precision(sample))
    centre = found.estimate if found.converged else np.zeros(informed.size)
    return centre, np.linalg.inv(np.linalg.cholesky(precision)).T


def _prior_precision(sample: Sample) -> np.ndarray:
    """(coefficients,) minus the second derivatives of the log prior at 0."""
    lengths = np.sqrt((sample.matrix**2).mean(axis=0))
    constant = jnp.asarray(sample.constant)
    penalty = sample.specification.penalty
    bend = jax.hessian(lambda b: -_log_prior(penalty, b, jnp.asarray(lengths), constant))
    return np.diag(np.asarray(bend(jnp.zeros(lengths.size))))


def _model(sample: Sample) -> tuple[mcmc.Energy, dict[str, Any], Callable[[Array], Array]]:
    """Return minus the log posterior in near-round coordinates, its data, and the cases' log probabilities at coefficients.

    A vector z stands for the coefficients centre + root z, so that few steps carry far.
    """
    given = sample.specification
    utilities, spreads = sample.utilities, sample.spreads
    centre, root = _start(sample)
    data: dict[str, Any] = {
        "centre": jnp.asarray(centre),
        "root": jnp.asarray(root),
        "matrices": [jnp.asarray(part.matrix) for part in sample.designs.values()],
        "outcome": jnp.asarray(sample.outcome),
        "lengths": jnp.asarray(np.sqrt((sample.matrix**2).mean(axis=0))),
        "constant": jnp.asarray(sample.constant),
    }
    fixed = {name: jnp.asarray(value) for name, value in given.fixed.items()}
    ends = np.cumsum([matrix.shape[1] for matrix in data["matrices"]])[:-1]

    def logs(b: Array, data: dict[str, Any]) -> Array:
        parts = jnp.split(b, ends)
        predictors = jnp.stack([matrix @ part for matrix, part in zip(data["matrices"], parts, strict=True)], axis=1)

        def one(row: Array) -> Array:
            values = fixed | {name: row[at] for at, name in enumerate(utilities)}
            wide = {name: row[len(utilities) + at] for at, name in enumerate(spreads)}
            return log_probabilities(given.game, given.link, given.errors, values, wide)

        outcome = data["outcome"]
        return jax.vmap(one)(predictors)[jnp.arange(outcome.size), outcome]

    def energy(z: Array, data: dict[str, Any]) -> Array:
        b = data["centre"] + data["root"] @ z
        return -(logs(b, data).sum() + _log_prior(given.penalty, b, data["lengths"], data["constant"]))

    return energy, data, partial(logs, data=data)


def _log_prior(penalty: Penalty, b: Array, lengths: Array, constant: Array) -> Array:
    match penalty:
        case "logF":
            return (b / 2 - jnp.logaddexp(0.0, b)).sum()
        case "cauchy":
            return -jnp.log1p((b / jnp.where(constant, CAUCHY_INTERCEPT, CAUCHY_SCALE)) ** 2).sum()
        case "ridge":
            return -0.5 * (b**2).sum() / RIDGE_SCALE**2
        case _:
            return -0.5 * ((b * lengths / WEAK_SCALE) ** 2).sum()


@dataclass(frozen=True)
class LeftOut:
    """How well a posterior tells each case from all others.

    Attributes:
        score: sum over cases of the log probability of what happened, the case itself left out; error: its standard error.
        each: (cases,) the terms.
        shaky: how many cases weigh too much for the approximation (Pareto k above 0.7).
    """

    score: float
    error: float
    each: np.ndarray
    shaky: int


def left_out(found: Posterior) -> LeftOut:
    """By Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017, Statistics and Computing 27)."""
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    each, k, _ = array_stats.loo(np.moveaxis(found.logs, -1, 0))  # type: ignore[no-untyped-call]
    each, k = np.asarray(each), np.asarray(k)
    return LeftOut(float(each.sum()), float(np.sqrt(each.size * each.var())), each, int((k > 0.7).sum()))


def better(first: Posterior, second: Posterior) -> tuple[float, float]:
    """By how much the first tells cases left out better than the second, and the standard error of that.

    Raises:
        InputError: if they were fitted to other cases.
    """
    if not np.array_equal(first.sample.rows, second.sample.rows) or not np.array_equal(
        first.sample.outcome, second.sample.outcome
    ):
        raise InputError(
            "the two models were not fitted to the same cases", remedy="give both the same rows and outcomes"
        )
    gains = left_out(first).each - left_out(second).each
    return float(gains.sum()), float(np.sqrt(gains.size * gains.var()))
