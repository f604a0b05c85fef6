"""Sample a posterior by NUTS until every reported quantity has mixed.

Chains are extended block by block until each quantity has a rank-normalised split R-hat of at most 1.01, and at least 400 effective
draws in the bulk and in the tails. (Vehtari, Gelman, Simpson, Carpenter and Buerkner, Bayesian Analysis 16(2), 2021, sections 3
and 4.) Rounding differs between processors and moves every chain, so a fixed number of draws would pass on one machine and fail on
another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.errors import SolveError
from tocsin.games.backend import COMPILER_OPTIONS, use_disk_cache
from tocsin.translation import Text, message

MAX_R_HAT = 1.01
MIN_EFFECTIVE = 400
MAX_DIVERGENT = 0.005
"""Largest share of divergent draws."""
ACCEPT = 0.8
"""Target acceptance of the step size."""
CHAINS = 4
BLOCK = 250
"""Draws of each chain between two checks; the warm-up is a whole number of blocks."""
MAX_DRAWS = 8_000
"""Draws of each chain after which sampling stops with an error."""
MAX_SECONDS = 900.0
"""Seconds after which sampling stops with an error."""
TAILS = (0.05, 0.95)
"""Quantiles that reports give. The effective draws in the tails are the smaller number at these two quantiles."""

Energy = Callable[[Array, Any], Array]
"""Returns minus the log density, up to a constant, given a vector of unbounded parameters and the data."""


@dataclass(frozen=True)
class Mixing:
    """How well chains mixed.

    Attributes:
        r_hat: the largest rank-normalised split R-hat of any quantity.
        bulk: the smallest number of effective draws for the middle of a quantity.
        tail: the same for its 5 % and 95 % quantiles.
        slowest: the quantity that is farthest from mixing, by R-hat or effective draws.
        divergent: share of draws in which the sampler diverged.
        draws: draws of each chain.
    """

    r_hat: float
    bulk: float
    tail: float
    slowest: str
    divergent: float
    draws: int

    @property
    def effective(self) -> float:
        """Return the smallest number of effective draws, in bulk or tails."""
        return min(self.bulk, self.tail)

    @property
    def enough(self) -> bool:
        """Return whether R-hat and effective draws permit a report."""
        return self.r_hat <= MAX_R_HAT and self.effective >= MIN_EFFECTIVE

    def to_dict(self) -> dict[str, float | int | str]:
        """Return a JSON-ready dict."""
        return {
            "r_hat": round(self.r_hat, 4),
            "effective_draws": round(self.effective),
            "slowest": self.slowest,
            "divergent": round(self.divergent, 6),
            "draws_per_chain": self.draws,
        }


def mixing(quantities: Mapping[str, np.ndarray], divergent: float = 0.0) -> Mixing:
    """Return the worst value of each diagnostic over some quantities.

    R-hat is NaN, and never passes, if a quantity is constant or NaN.

    Args:
        quantities: name -> (chains, draws, ...), at least two chains.
        divergent: share of draws that diverged.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    flat = [np.moveaxis(values.reshape(*values.shape[:2], -1), -1, 0) for values in quantities.values()]
    stacked = np.concatenate(flat)
    with np.errstate(invalid="ignore"):
        bulk = np.asarray(array_stats.ess(stacked, method="bulk"))  # type: ignore[no-untyped-call]
        tail = np.asarray(array_stats.ess(stacked, method="tail", prob=TAILS))  # type: ignore[no-untyped-call]
        r_hat = np.asarray(array_stats.rhat(stacked, method="rank"))  # type: ignore[no-untyped-call]
    far = np.maximum((r_hat - 1.0) / (MAX_R_HAT - 1.0), MIN_EFFECTIVE / np.minimum(bulk, tail))
    names = [(name, index) for name, values in quantities.items() for index in np.ndindex(values.shape[2:])]
    name, index = names[int(np.nan_to_num(far, nan=np.inf).argmax())]
    slowest = f"{name}[{', '.join(map(str, index))}]" if index else name
    return Mixing(float(r_hat.max()), float(bulk.min()), float(tail.min()), slowest, divergent, stacked.shape[2])


@dataclass(frozen=True, kw_only=True)
class Target:
    """A posterior to sample.

    Attributes:
        name: of the posterior, in messages.
        energy: minus the log density. It is compiled once for each function object and shape of data.
        data: second argument of `energy`, a tree of arrays.
        reported: maps draws (chains, draws, parameters) to the quantities that must mix, (chains, draws, ...) each.
        remedy: what a user can do if the chains do not mix.
    """

    name: str
    energy: Energy
    data: Any
    reported: Callable[[np.ndarray], Mapping[str, np.ndarray]]
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long to sample.

    Attributes:
        warmup: draws of each chain to discard, a multiple of `BLOCK`.
        min_draws, max_draws: fewest and most draws of each chain.
        max_seconds: checked after each block.
    """

    warmup: int = 2 * BLOCK
    min_draws: int = BLOCK
    max_draws: int = MAX_DRAWS
    max_seconds: float = MAX_SECONDS

    def __post_init__(self) -> None:
        if self.warmup % BLOCK or self.min_draws > self.max_draws:
            raise ValueError(f"warmup must be a multiple of {BLOCK}, and min_draws at most max_draws")


DEFAULT_LIMITS = Limits()


def sample(
    target: Target, start: np.ndarray, *, seed: int, limits: Limits = DEFAULT_LIMITS
) -> tuple[np.ndarray, Mixing]:
    """Draw from a posterior until its reported quantities have mixed.

    Args:
        target: the posterior.
        start: (chains, parameters) first points of at least two chains, about as far apart as the posterior is wide.
        seed: of the chains.
        limits: how long to sample.

    Returns:
        (chains, draws, parameters) and the diagnostics of the quantities.

    Raises:
        SolveError: if the chains did not mix within the limits, if more than 0.5 % of all draws diverged, or if a quantity is
            constant or not a number.
        ValueError: if there are fewer than two chains.
    """
    if start.shape[0] < 2:
        raise ValueError("at least two chains are needed")
    use_disk_cache()
    started = time.perf_counter()
    draws: list[np.ndarray] = []
    diverged: list[np.ndarray] = []
    checked: list[Mapping[str, np.ndarray]] = []
    blocks = _blocks(target, start, seed, limits.warmup)
    for block, (new_draws, new_diverged) in enumerate(blocks, start=1 - limits.warmup // BLOCK):
        seconds = time.perf_counter() - started
        if block > 0:
            draws.append(new_draws)
            diverged.append(new_diverged)
            checked.append(target.reported(new_draws))
        elif seconds > limits.max_seconds:
            wrong = message(
                "{name}: the warm-up took more than {seconds} s", name=target.name, seconds=f"{limits.max_seconds:.0f}"
            )
            raise SolveError(wrong, remedy=target.remedy)
        is_last = (block + 1) * BLOCK > limits.max_draws or seconds > limits.max_seconds
        if block > 0 and (is_last or block * BLOCK >= limits.min_draws):
            result = mixing(_joined(checked), float(np.mean(diverged)))
            if result.enough and result.divergent <= MAX_DIVERGENT:
                return np.concatenate(draws, axis=1), result
            if is_last or not np.isfinite(result.r_hat):
                raise SolveError(_failure(target.name, result, seconds), remedy=target.remedy)
    raise AssertionError("blocks have no end")


def _joined(parts: list[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def _failure(name: str, result: Mixing, seconds: float) -> Text:
    if result.enough:
        return message(
            "{name}: {share} of the draws diverged in {draws} draws of each chain ({seconds} s); at most {most} may",
            name=name,
            share=f"{result.divergent:.1%}",
            draws=result.draws,
            seconds=f"{seconds:.0f}",
            most=f"{MAX_DIVERGENT:.1%}",
        )
    return message(
        "{name}: the chains did not mix in {draws} draws of each chain ({seconds} s): R-hat {r_hat} (at most {most}), "
        "{effective} effective draws (at least {least}); slowest is {slowest}",
        name=name,
        draws=result.draws,
        seconds=f"{seconds:.0f}",
        r_hat=f"{result.r_hat:.3f}",
        most=f"{MAX_R_HAT}",
        effective=f"{result.effective:.0f}",
        least=MIN_EFFECTIVE,
        slowest=result.slowest,
    )


def _blocks(target: Target, start: np.ndarray, seed: int, warmup: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield blocks of all chains endlessly, the warm-up first: draws (chains, BLOCK, parameters), and whether each diverged."""
    data = target.data
    begin, advance = _programs(target.energy, _shapes(data), jax.tree.structure(data), start.shape[1], warmup)
    keys = jax.random.split(jax.random.key(seed), start.shape[0])
    with ThreadPoolExecutor(start.shape[0]) as pool:
        states = list(pool.map(lambda key, point: begin(key, jnp.asarray(point), data), keys, start))
        while True:
            moved = list(pool.map(lambda state: jax.device_get(advance(state, data)), states))
            states = [state for state, _, _ in moved]
            yield np.stack([draws for _, draws, _ in moved]), np.stack([diverged for _, _, diverged in moved])


def _shapes(data: Any) -> tuple[tuple[tuple[int, ...], str], ...]:
    return tuple((jnp.shape(leaf), str(jnp.result_type(leaf))) for leaf in jax.tree.leaves(data))


@lru_cache(maxsize=16)
def _programs(
    energy: Energy, shapes: tuple[tuple[tuple[int, ...], str], ...], tree: Any, size: int, warmup: int
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return compiled programs for the start of a chain and for its next block, for data of these shapes.

    Both are compiled before threads begin: tracing a model in several threads is not safe.
    """
    blank = [jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in shapes]  # type: ignore[no-untyped-call]
    data = jax.tree.unflatten(tree, blank)
    key = jax.random.key(0)
    begin = jax.jit(partial(_begin, energy, warmup), compiler_options=COMPILER_OPTIONS).lower(
        key, jnp.zeros(size), data
    )
    advance = jax.jit(partial(_advance, energy, warmup), compiler_options=COMPILER_OPTIONS).lower(begin.out_info, data)
    return begin.compile(), advance.compile()


def _begin(energy: Energy, warmup: int, key: Array, point: Array, data: Any) -> Any:
    return _kernel(energy, data).init(key, warmup, point, (), {})


def _kernel(energy: Energy, data: Any) -> Any:
    from numpyro.infer import NUTS

    return NUTS(potential_fn=lambda z: energy(z, data), target_accept_prob=ACCEPT)


def _advance(energy: Energy, warmup: int, state: Any, data: Any) -> tuple[Any, Array, Array]:
    """Return the chain's next state, its draws (BLOCK, parameters), and whether each diverged (BLOCK,)."""
    kernel = _kernel(energy, data)
    kernel.init(jax.random.key(0), warmup, jnp.zeros_like(state.z), (), {})  # sets the kernel up; the result is unused

    def step(before: Any, _: None) -> tuple[Any, tuple[Array, Array]]:
        after = kernel.sample(before, (), {})
        return after, (after.z, after.diverging)

    last, (draws, diverging) = jax.lax.scan(step, state, length=BLOCK)
    return last, draws, diverging
