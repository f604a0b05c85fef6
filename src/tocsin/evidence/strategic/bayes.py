"""The posterior of a specification, by the no-U-turn sampler, and models compared by what they foretell of cases left out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.errors import InputError, SolveError
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.likelihood import log_probabilities
from tocsin.evidence.strategic.penalty import CAUCHY_INTERCEPT, CAUCHY_SCALE, RIDGE_SCALE, Penalty
from tocsin.evidence.strategic.sample import Sample

CHAINS, DRAWS, WARMUP = 4, 1000, 500
MOST_R_HAT, LEAST_EFFECTIVE = 1.01, 400.0
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
        r_hat: the largest, split; effective: the fewest effective draws; divergent: share of divergent draws.
        seed: of the chains.
        seconds: what sampling took.
    """

    sample: Sample
    draws: np.ndarray
    logs: np.ndarray
    r_hat: float
    effective: float
    divergent: float
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


def posterior(
    sample: Sample, *, seed: int, chains: int = CHAINS, draws: int = DRAWS, warmup: int = WARMUP
) -> Posterior:
    """The posterior under the specification's penalty as prior, or, where it has none, a weak normal one.

    Args:
        sample: the cases.
        seed: of the chains.
        chains, draws, warmup: how many, and how many draws of each are kept and thrown away.

    Raises:
        InputError: if coefficients are not identified.
        SolveError: if the chains did not mix: R-hat above 1.01, fewer than 400 effective draws, or 1 % divergent.
    """
    from numpyro.diagnostics import summary
    from numpyro.infer import MCMC, NUTS

    begun = time.perf_counter()
    centre, spread = _start(sample)
    potential, coefficients, logs = _model(sample, centre, spread)
    # chains walk in a space in which the posterior is about round, so that few steps carry far
    sampler = MCMC(
        NUTS(potential_fn=potential, target_accept_prob=0.85),
        num_warmup=warmup,
        num_samples=draws,
        num_chains=chains,
        chain_method="vectorized",
        progress_bar=False,
    )
    begin = jnp.asarray(np.random.default_rng(seed).normal(size=(chains, centre.size)))
    sampler.run(jax.random.key(seed), init_params=begin, extra_fields=("diverging",))
    walked = sampler.get_samples(group_by_chain=True)
    found = np.asarray(jax.vmap(jax.vmap(coefficients))(walked))
    told = summary({"b": found}, group_by_chain=True)["b"]
    r_hat, effective = float(np.max(told["r_hat"])), float(np.min(told["n_eff"]))
    divergent = float(np.asarray(sampler.get_extra_fields()["diverging"]).mean())
    if not (r_hat <= MOST_R_HAT and effective >= LEAST_EFFECTIVE and divergent < 0.01):
        raise SolveError(
            f"the chains did not mix: R-hat {r_hat:.3f} (at most {MOST_R_HAT}), {effective:.0f} effective draws (at least {LEAST_EFFECTIVE:.0f}), "
            f"{divergent:.1%} divergent; use a penalty, fewer terms or more draws"
        )
    pointwise = np.asarray(jax.lax.map(jax.vmap(logs), jnp.asarray(found)))
    return Posterior(sample, found, pointwise, r_hat, effective, divergent, seed, time.perf_counter() - begun)


def _start(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Where the posterior is about, and (coefficients, coefficients) a root of its covariance."""
    found = fit(sample)
    lengths = np.sqrt((sample.matrix**2).mean(axis=0))
    prior = np.diag((lengths / WEAK_SCALE) ** 2)
    precision = np.linalg.pinv(found.covariance, hermitian=True) + prior
    centre = found.estimate if found.converged else np.zeros(lengths.size)
    return centre, np.linalg.cholesky(np.linalg.inv(precision))


def _model(
    sample: Sample, centre: np.ndarray, spread: np.ndarray
) -> tuple[Callable[[Array], Array], Callable[[Array], Array], Callable[[Array], Array]]:
    """Minus the log posterior in the round space, the coefficients there, and the cases' log probabilities at coefficients."""
    given = sample.specification
    utilities, spreads = sample.utilities, sample.spreads
    fixed = {name: jnp.asarray(value) for name, value in given.fixed.items()}
    matrices = [jnp.asarray(part.matrix) for part in sample.designs.values()]
    ends = np.cumsum([matrix.shape[1] for matrix in matrices])[:-1]
    outcome, cases = jnp.asarray(sample.outcome), jnp.arange(len(sample.outcome))
    lengths = jnp.asarray(np.sqrt((sample.matrix**2).mean(axis=0)))
    constant = jnp.asarray(sample.constant)

    def one(predictors: Array) -> Array:
        values = fixed | {name: predictors[at] for at, name in enumerate(utilities)}
        wide = {name: predictors[len(utilities) + at] for at, name in enumerate(spreads)}
        return log_probabilities(given.game, given.link, given.errors, values, wide)

    def logs(b: Array) -> Array:
        parts = jnp.split(b, ends)
        predictors = jnp.stack([matrix @ part for matrix, part in zip(matrices, parts, strict=True)], axis=1)
        return jax.vmap(one)(predictors)[cases, outcome]

    def coefficients(z: Array) -> Array:
        return jnp.asarray(centre) + jnp.asarray(spread) @ z

    def potential(z: Array) -> Array:
        b = coefficients(z)
        return -(logs(b).sum() + _log_prior(given.penalty, b, lengths, constant))

    return potential, coefficients, logs


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
