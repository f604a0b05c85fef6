"""Sampling: known posteriors are recovered, slow ones get more draws, and stuck ones raise an error that names them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from tests.support import seeded

from tocsin import mcmc
from tocsin.errors import SolveError
from tocsin.mcmc import BLOCK, CHAINS, MIN_EFFECTIVE, Limits, Target, mixing, sample

pytestmark = pytest.mark.numeric

COVARIANCE = np.array([[1.0, 0.9], [0.9, 2.0]])


def normal(z: Array, precision: Array) -> Array:
    return 0.5 * z @ precision @ z


def run(energy: mcmc.Energy, data: Any, size: int, *, seed: int = 1, spread: float = 1.0, **limits: Any) -> Any:
    start = spread * np.random.default_rng(seeded(seed)).normal(size=(CHAINS, size))
    return sample(target(energy, data), start, seed=seed, limits=Limits(**limits))


def target(energy: mcmc.Energy, data: Any, factor: float = 1.0) -> Target:
    """Return a target whose reported quantity is the parameters times a factor."""
    return Target(name="a test", energy=energy, data=data, reported=lambda draws: {"x": factor * draws}, remedy="wait")


def test_a_normal_posterior_is_recovered_within_its_monte_carlo_error() -> None:
    draws, result = run(normal, jnp.asarray(np.linalg.inv(COVARIANCE)), 2, seed=seeded(1), min_draws=8 * BLOCK)
    flat = draws.reshape(-1, 2)
    errors = np.sqrt(np.diag(COVARIANCE) / result.bulk)
    assert np.abs(flat.mean(axis=0) / errors).max() < 5.0
    # the standard error of a variance is the variance times the root of 2 / n
    assert np.abs(np.cov(flat.T) - COVARIANCE).max() < 5.0 * 2.0 * np.sqrt(2.0 / result.effective)
    assert result.draws == draws.shape[1] == 8 * BLOCK and result.divergent == 0.0


def test_the_same_seed_gives_the_same_draws_and_one_program_serves_all_data_of_a_shape() -> None:
    data = jnp.asarray(np.linalg.inv(COVARIANCE))
    first, _ = run(normal, data, 2)
    compiled = mcmc._programs.cache_info().misses
    again, _ = run(normal, data, 2)
    other, _ = run(normal, 4.0 * data, 2)
    assert np.array_equal(first, again)
    assert mcmc._programs.cache_info().misses == compiled
    assert other.std() == pytest.approx(first.std() / 2.0, rel=0.2)


def heavy(z: Array, freedom: Array) -> Array:
    """Student's t, whose tails NUTS crosses slowly."""
    return (0.5 * (freedom + 1.0) * jnp.log1p(z**2 / freedom)).sum()


def test_chains_that_mix_slowly_are_extended_until_they_have_mixed() -> None:
    draws, result = run(heavy, jnp.asarray(1.0), 1, seed=seeded(1))
    assert result.enough and result.draws > BLOCK and draws.shape[1] == result.draws
    assert result.slowest == "x[0]"


def two_modes(z: Array, distance: Array) -> Array:
    return -jnp.logaddexp(-0.5 * ((z - distance) ** 2).sum(), -0.5 * ((z + distance) ** 2).sum())


def test_chains_in_two_modes_are_refused_at_the_limit_of_draws_or_time_and_the_slowest_is_named() -> None:
    with pytest.raises(
        SolveError, match=r"a test: the chains did not mix in 500 draws .* slowest is x\[0\]\n  remedy: wait"
    ):
        run(two_modes, jnp.asarray(20.0), 1, spread=20.0, warmup=0, max_draws=2 * BLOCK)
    with pytest.raises(SolveError, match="did not mix in 250 draws"):
        run(two_modes, jnp.asarray(20.0), 1, spread=20.0, warmup=0, max_seconds=0.0)


def test_a_warm_up_beyond_the_limit_of_time_is_refused() -> None:
    with pytest.raises(SolveError, match="a test: the warm-up took more than 0 s"):
        run(normal, jnp.asarray(np.linalg.inv(COVARIANCE)), 2, max_seconds=0.0)


def test_divergent_draws_are_refused_after_the_chains_were_extended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcmc, "MAX_DIVERGENT", -1.0)
    with pytest.raises(SolveError, match=r"0\.0% of the draws diverged in 1000 draws of each chain"):
        run(normal, jnp.asarray(np.linalg.inv(COVARIANCE)), 2, max_draws=4 * BLOCK)


def test_a_constant_quantity_is_refused_at_once() -> None:
    start = np.random.default_rng(1).normal(size=(CHAINS, 2))
    with pytest.raises(SolveError, match="in 250 draws of each chain"):
        sample(target(normal, jnp.eye(2), factor=0.0), start, seed=1)


@pytest.mark.parametrize("limits", [{"warmup": 100}, {"min_draws": 500, "max_draws": 250}])
def test_limits_that_contradict_each_other_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="warmup must be a multiple of 250"):
        Limits(**limits)


def test_a_single_chain_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two chains"):
        sample(target(normal, jnp.eye(2)), np.zeros((1, 2)), seed=1)


def test_independent_draws_are_all_effective_and_separate_chains_are_not_enough() -> None:
    random = np.random.default_rng(seeded(3))
    good = mixing({"a": random.normal(size=(4, 500, 2)), "b": random.normal(size=(4, 500, 2, 3))})
    assert good.enough and good.bulk > 1_000 and good.tail > 1_000
    shifted = random.normal(size=(4, 500, 2, 3))
    shifted[0, :, 1, 2] += 3.0
    separate = mixing({"a": random.normal(size=(4, 500)), "b": shifted})
    assert not separate.enough and separate.slowest == "b[1, 2]"
    # a chain that is only wider has the same middle
    wider = random.normal(size=(4, 500))
    wider[0] *= 5.0
    assert not mixing({"a": wider}).enough


def test_the_slowest_quantity_may_be_determined_by_r_hat_alone() -> None:
    random = np.random.default_rng(seeded(3))
    walk = np.zeros((4, 2000))
    for draw in range(1, 2000):
        walk[:, draw] = 0.5 * walk[:, draw - 1] + random.normal(size=4)
    shifted = random.normal(size=(4, 2000)) + 0.35 * np.array([1.0, -1.0, 0.0, 0.0])[:, None]
    assert mixing({"walk": walk, "shifted": shifted}).slowest == "shifted"


def test_a_quantity_that_is_not_a_number_is_never_enough() -> None:
    random = np.random.default_rng(seeded(3))
    broken = random.normal(size=(4, 500, 2))
    broken[1, 3, 1] = np.nan
    result = mixing({"a": broken})
    assert not result.enough and result.slowest == "a[1]"


def test_four_hundred_effective_draws_are_required() -> None:
    random = np.random.default_rng(seeded(3))
    few = mixing({"a": random.normal(size=(4, MIN_EFFECTIVE // 8))})
    assert few.r_hat < 1.2 and not few.enough
