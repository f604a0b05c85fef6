"""Sampling by one rule: known posteriors are recovered, slow ones get more draws, stuck ones are refused by name."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from tests.support import seeded

from tocsin import mcmc
from tocsin.errors import SolveError
from tocsin.mcmc import BLOCK, CHAINS, MIN_EFFECTIVE, mixing, sample

pytestmark = pytest.mark.numeric

COVARIANCE = np.array([[1.0, 0.9], [0.9, 2.0]])


def normal(z: Array, precision: Array) -> Array:
    return 0.5 * z @ precision @ z


def run(energy: mcmc.Energy, data: Any, size: int, *, seed: int = 1, spread: float = 1.0, **limits: Any) -> Any:
    start = spread * np.random.default_rng(seeded(seed)).normal(size=(CHAINS, size))
    return sample(energy, data, start, lambda draws: {"x": draws}, what="a test", remedy="wait", seed=seed, **limits)


def test_a_normal_posterior_is_recovered_within_its_monte_carlo_error() -> None:
    draws, found = run(normal, jnp.asarray(np.linalg.inv(COVARIANCE)), 2, seed=seeded(1), min_draws=8 * BLOCK)
    flat = draws.reshape(-1, 2)
    errors = np.sqrt(np.diag(COVARIANCE) / found.bulk)
    assert np.abs(flat.mean(axis=0) / errors).max() < 5.0
    # the error of a variance is its size times the root of 2 / n
    assert np.abs(np.cov(flat.T) - COVARIANCE).max() < 5.0 * 2.0 * np.sqrt(2.0 / found.effective)
    assert found.draws == draws.shape[1] == 8 * BLOCK and found.divergent == 0.0


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


def test_chains_that_mix_slowly_are_extended_until_they_are_good() -> None:
    draws, found = run(heavy, jnp.asarray(1.0), 1, seed=seeded(1))
    assert found.enough and found.draws > BLOCK and draws.shape[1] == found.draws
    assert found.slowest == "x[0]"


def two_hills(z: Array, apart: Array) -> Array:
    return -jnp.logaddexp(-0.5 * ((z - apart) ** 2).sum(), -0.5 * ((z + apart) ** 2).sum())


def test_chains_on_two_hills_are_refused_at_the_limit_of_draws_or_of_time_with_the_slowest_named() -> None:
    with pytest.raises(
        SolveError, match=r"a test: the chains did not mix in 500 draws .* slowest is x\[0\]\n  remedy: wait"
    ):
        run(two_hills, jnp.asarray(20.0), 1, spread=20.0, max_draws=2 * BLOCK)
    with pytest.raises(SolveError, match="the warm-up took more than 0 s"):
        run(two_hills, jnp.asarray(20.0), 1, spread=20.0, max_seconds=0.0)
    with pytest.raises(SolveError, match="did not mix in 250 draws"):
        run(two_hills, jnp.asarray(20.0), 1, spread=20.0, warmup=0, max_seconds=0.0)


def test_divergent_draws_are_refused_by_name_after_the_chains_were_extended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcmc, "MAX_DIVERGENT", -1.0)
    with pytest.raises(SolveError, match=r"0\.0% of the draws diverged in 1000 draws of each chain"):
        run(normal, jnp.asarray(np.linalg.inv(COVARIANCE)), 2, max_draws=4 * BLOCK)


def test_a_quantity_that_never_moves_is_refused_at_once() -> None:
    start = np.random.default_rng(1).normal(size=(CHAINS, 2))
    with pytest.raises(SolveError, match="in 250 draws of each chain"):
        sample(
            normal, jnp.eye(2), start, lambda draws: {"x": 0.0 * draws}, what="a test", remedy="wait", seed=1, warmup=0
        )


@pytest.mark.parametrize("limits", [{"warmup": 100}, {"min_draws": 500, "max_draws": 250}])
def test_limits_that_contradict_each_other_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two chains or more"):
        run(normal, jnp.eye(2), 2, **limits)


def test_one_chain_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="two chains or more"):
        sample(normal, jnp.eye(2), np.zeros((1, 2)), lambda draws: {"x": draws}, what="", remedy="", seed=1)


def test_independent_draws_are_all_effective_and_chains_apart_are_not_enough() -> None:
    random = np.random.default_rng(seeded(3))
    good = mixing({"a": random.normal(size=(4, 500, 2)), "b": random.normal(size=(4, 500, 2, 3))})
    assert good.enough and good.bulk > 1_000 and good.tail > 1_000
    shifted = random.normal(size=(4, 500, 2, 3))
    shifted[0, :, 1, 2] += 3.0
    apart = mixing({"a": random.normal(size=(4, 500)), "b": shifted})
    assert not apart.enough and apart.slowest == "b[1, 2]"
    # a chain that is only wider does not shift the middle
    wider = random.normal(size=(4, 500))
    wider[0] *= 5.0
    assert not mixing({"a": wider}).enough


def test_the_slowest_quantity_may_be_so_by_r_hat_alone() -> None:
    random = np.random.default_rng(seeded(3))
    walk = np.zeros((4, 2000))
    for at in range(1, 2000):
        walk[:, at] = 0.5 * walk[:, at - 1] + random.normal(size=4)
    shifted = random.normal(size=(4, 2000)) + 0.35 * np.array([1.0, -1.0, 0.0, 0.0])[:, None]
    assert mixing({"walk": walk, "shifted": shifted}).slowest == "shifted"


def test_a_quantity_that_is_not_a_number_is_never_enough() -> None:
    random = np.random.default_rng(seeded(3))
    broken = random.normal(size=(4, 500, 2))
    broken[1, 3, 1] = np.nan
    found = mixing({"a": broken})
    assert not found.enough and found.slowest == "a[1]"


def test_draws_are_enough_only_with_four_hundred_effective_ones() -> None:
    random = np.random.default_rng(seeded(3))
    few = mixing({"a": random.normal(size=(4, MIN_EFFECTIVE // 8))})
    assert few.r_hat < 1.2 and not few.enough
