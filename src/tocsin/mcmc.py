"""Sample a posterior by NUTS until every reported quantity has mixed.

Every posterior of the program is drawn here, by one rule. Chains are extended block by block until each quantity has a
rank-normalised split R-hat of at most 1.01 and at least 400 effective draws in the bulk and in the tails (Vehtari, Gelman, Simpson,
Carpenter and Buerkner 2021, Bayesian Analysis 16(2), sections 3 and 4). Rounding differs between processors and moves every chain,
so a fixed number of draws would pass on one machine and fail on another.
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
from tocsin.games.backend import use_disk_cache

MAX_R_HAT = 1.01
MIN_EFFECTIVE = 400
MAX_DIVERGENT = 0.005
ACCEPT = 0.8
"""Acceptance that the step size aims at."""
CHAINS = 4
BLOCK = 250
"""Draws of each chain between two checks; the warm-up is a whole number of blocks."""
MAX_DRAWS = 8_000
"""Draws of each chain after which a posterior is refused."""
MAX_SECONDS = 900.0
"""Seconds after which a posterior is refused."""
TAILS = (0.05, 0.95)
"""The quantiles that reports give; the effective draws of the tails are the fewer of the two."""

Energy = Callable[[Array, Any], Array]
"""Minus the log density, up to a constant, at a vector of unbounded parameters and the data."""


@dataclass(frozen=True)
class Mixing:
    """How well chains mixed.

    Attributes:
        r_hat: the largest rank-normalised split R-hat of the quantities checked.
        bulk: the fewest effective draws for the middle of a quantity.
        tail: the fewest effective draws for its 5 % and 95 % points.
        slowest: the quantity that is farthest from passing, by R-hat or by effective draws.
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
        """Fewest effective draws, in bulk or tails."""
        return min(self.bulk, self.tail)

    @property
    def enough(self) -> bool:
        """Whether R-hat and effective draws are good enough to report."""
        return self.r_hat <= MAX_R_HAT and self.effective >= MIN_EFFECTIVE

    def to_dict(self) -> dict[str, float | int | str]:
        """Return the figures that reports give, ready for JSON."""
        return {
            "r_hat": round(self.r_hat, 4),
            "effective_draws": round(self.effective),
            "slowest": self.slowest,
            "divergent": round(self.divergent, 6),
            "draws_per_chain": self.draws,
        }


def mixing(quantities: Mapping[str, np.ndarray], divergent: float = 0.0) -> Mixing:
    """Diagnose the chains of some quantities.

    Args:
        quantities: by name, arrays of shape (chains, draws, ...), of two chains or more.
        divergent: share of draws that diverged.

    Returns:
        The worst value of each diagnostic. R-hat is NaN, and never passes, if a quantity is constant or NaN.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    flat = [np.moveaxis(values.reshape(*values.shape[:2], -1), -1, 0) for values in quantities.values()]
    stacked = np.concatenate(flat)
    with np.errstate(invalid="ignore"):
        bulk = np.asarray(array_stats.ess(stacked, method="bulk"))  # type: ignore[no-untyped-call]
        tail = np.asarray(array_stats.ess(stacked, method="tail", prob=TAILS))  # type: ignore[no-untyped-call]
        r_hat = np.asarray(array_stats.rhat(stacked, method="rank"))  # type: ignore[no-untyped-call]
    far = np.maximum((r_hat - 1.0) / (MAX_R_HAT - 1.0), MIN_EFFECTIVE / np.minimum(bulk, tail))
    names = [(name, at) for name, part in quantities.items() for at in np.ndindex(part.shape[2:])]
    name, index = names[int(np.nan_to_num(far, nan=np.inf).argmax())]
    slowest = f"{name}[{', '.join(map(str, index))}]" if index else name
    return Mixing(float(r_hat.max()), float(bulk.min()), float(tail.min()), slowest, divergent, stacked.shape[2])


def sample(
    energy: Energy,
    data: Any,
    start: np.ndarray,
    reported: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    *,
    what: str,
    remedy: str,
    seed: int,
    warmup: int = 2 * BLOCK,
    min_draws: int = BLOCK,
    max_draws: int = MAX_DRAWS,
    max_seconds: float = MAX_SECONDS,
) -> tuple[np.ndarray, Mixing]:
    """Draw from a posterior until its reported quantities have mixed.

    Args:
        energy: minus the log density. Its programs are compiled once for each function object and shape of data.
        data: second argument of `energy`, a tree of arrays.
        start: (chains, parameters) where the chains begin, about as far apart as the posterior is wide; two chains or more.
        reported: maps draws (chains, draws, parameters) to the quantities that must mix, each (chains, draws, ...).
        what: the posterior's name in messages.
        remedy: what a user can do if the chains do not mix.
        seed: of the chains.
        warmup: draws of each chain to throw away, a multiple of `BLOCK`.
        min_draws: fewest draws of each chain.
        max_draws: most draws of each chain.
        max_seconds: most seconds, checked after each block.

    Returns:
        (chains, draws, parameters) and the diagnostics of the quantities.

    Raises:
        SolveError: if the chains did not mix within the limits, if more than 0.5 % of all draws diverged, or if a quantity is
            constant or not a number.
        ValueError: if there are fewer than two chains, or warm-up or limits are not as said above.
    """
    if start.shape[0] < 2 or warmup % BLOCK or min_draws > max_draws:
        raise ValueError("two chains or more, a warm-up of whole blocks, and min_draws up to max_draws")
    use_disk_cache()
    begun = time.perf_counter()
    draws: list[np.ndarray] = []
    diverged: list[np.ndarray] = []
    checked: list[Mapping[str, np.ndarray]] = []
    for block, (more, bad) in enumerate(_blocks(energy, data, start, seed, warmup), start=1 - warmup // BLOCK):
        seconds = time.perf_counter() - begun
        if block > 0:
            draws.append(more)
            diverged.append(bad)
            checked.append(reported(more))
        elif seconds > max_seconds:
            raise SolveError(f"{what}: the warm-up took more than {max_seconds:.0f} s", remedy=remedy)
        last = (block + 1) * BLOCK > max_draws or seconds > max_seconds
        if block > 0 and (last or block * BLOCK >= min_draws):
            result = mixing(_joined(checked), float(np.mean(diverged)))
            if result.enough and result.divergent <= MAX_DIVERGENT:
                return np.concatenate(draws, axis=1), result
            if last or not np.isfinite(result.r_hat):
                raise SolveError(_refusal(what, result, seconds), remedy=remedy)
    raise AssertionError("blocks have no end")


def _joined(parts: list[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def _refusal(what: str, result: Mixing, seconds: float) -> str:
    taken = f"in {result.draws} draws of each chain ({seconds:.0f} s)"
    if result.enough:
        return f"{what}: {result.divergent:.1%} of the draws diverged {taken}; at most {MAX_DIVERGENT:.1%} may"
    return (
        f"{what}: the chains did not mix {taken}: R-hat {result.r_hat:.3f} (at most {MAX_R_HAT}), "
        f"{result.effective:.0f} effective draws (at least {MIN_EFFECTIVE}); slowest is {result.slowest}"
    )


def _blocks(
    energy: Energy, data: Any, start: np.ndarray, seed: int, warmup: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Blocks of all chains without end, those of the warm-up first: (chains, BLOCK, parameters), and whether each diverged."""
    begin, advance = _programs(energy, _shapes(data), jax.tree.structure(data), start.shape[1], warmup)
    keys = jax.random.split(jax.random.key(seed), start.shape[0])
    with ThreadPoolExecutor(start.shape[0]) as pool:
        states = list(pool.map(lambda key, place: begin(key, jnp.asarray(place), data), keys, start))
        while True:
            moved = list(pool.map(lambda state: jax.device_get(advance(state, data)), states))
            states = [state for state, _, _ in moved]
            yield np.stack([draws for _, draws, _ in moved]), np.stack([bad for _, _, bad in moved])


def _shapes(data: Any) -> tuple[tuple[tuple[int, ...], str], ...]:
    return tuple((jnp.shape(leaf), str(jnp.result_type(leaf))) for leaf in jax.tree.leaves(data))


@lru_cache(maxsize=16)
def _programs(
    energy: Energy, shapes: tuple[tuple[tuple[int, ...], str], ...], tree: Any, size: int, warmup: int
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Compile the start of a chain and its next block for data of these shapes.

    Both are compiled before threads begin: tracing a model in several threads is not safe.
    """
    blank = [jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in shapes]  # type: ignore[no-untyped-call]
    data = jax.tree.unflatten(tree, blank)
    key = jax.random.key(0)
    begin = jax.jit(partial(_begin, energy, warmup)).lower(key, jnp.zeros(size), data)
    state = begin.out_info
    return begin.compile(), jax.jit(partial(_advance, energy, warmup)).lower(state, data).compile()


def _begin(energy: Energy, warmup: int, key: Array, place: Array, data: Any) -> Any:
    return _kernel(energy, data).init(key, warmup, place, (), {})


def _kernel(energy: Energy, data: Any) -> Any:
    from numpyro.infer import NUTS

    return NUTS(potential_fn=lambda z: energy(z, data), target_accept_prob=ACCEPT)


def _advance(energy: Energy, warmup: int, state: Any, data: Any) -> tuple[Any, Array, Array]:
    """The next block of a chain: its state, (draws, parameters), and (draws,) whether each diverged."""
    kernel = _kernel(energy, data)
    kernel.init(jax.random.key(0), warmup, jnp.zeros_like(state.z), (), {})  # sets the kernel up; the result is unused

    def step(before: Any, _: None) -> tuple[Any, tuple[Array, Array]]:
        after = kernel.sample(before, (), {})
        return after, (after.z, after.diverging)

    last, (draws, diverging) = jax.lax.scan(step, state, length=BLOCK)
    return last, draws, diverging
