"""Draw from a posterior by NUTS until what is reported of it is known well enough.

Every posterior of the program is drawn here, by one rule. Chains are extended block by block until each reported quantity has a
rank-normalised split R-hat of at most 1.01 and at least 400 effective draws in the bulk and in the tails (Vehtari, Gelman, Simpson,
Carpenter and Buerkner 2021, Bayesian Analysis 16(2), sections 3 and 4). Rounding differs between processors and moves every chain,
so a fixed number of draws would pass on one machine and fail on another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
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
"""The quantiles that reports give, whose effective draws are those of the tails."""

Energy = Callable[[Array, Any], Array]
"""Minus the log density, up to a constant, at a vector of unbounded parameters and the data."""


@dataclass(frozen=True)
class Mixing:
    """How well chains mixed.

    Attributes:
        r_hat: the largest rank-normalised split R-hat of the reported quantities.
        bulk: the fewest effective draws for the middle of a reported quantity.
        tail: the fewest effective draws for its 5 % and 95 % points.
        slowest: name of the quantity with the fewest effective draws, with its index.
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
        """Effective draws of the slowest quantity, in bulk or tails."""
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
        quantities: by name, arrays of shape (chains, draws, ...).
        divergent: share of draws that diverged.

    Returns:
        The diagnostics, of the worst quantity each. R-hat is NaN, which is never enough, if a quantity is constant or not a number.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    flat = {name: np.moveaxis(values.reshape(*values.shape[:2], -1), -1, 0) for name, values in quantities.items()}
    stacked = np.concatenate(list(flat.values()))
    with np.errstate(invalid="ignore"):
        bulk = np.asarray(array_stats.ess(stacked, method="bulk"))  # type: ignore[no-untyped-call]
        tail = np.asarray(array_stats.ess(stacked, method="tail", prob=TAILS))  # type: ignore[no-untyped-call]
        r_hat = np.asarray(array_stats.rhat(stacked, method="rank"))  # type: ignore[no-untyped-call]
    effective = np.where(np.isfinite(r_hat), np.minimum(bulk, tail), -1.0)
    names = [(name, at) for name, part in quantities.items() for at in np.ndindex(part.shape[2:])]
    name, index = names[int(effective.argmin())]
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
    """Draw from a posterior until what is reported of it has mixed.

    Args:
        energy: minus the log density; programs are compiled once for each function and shape of data, so give the same function
            for the same model.
        data: second argument of `energy`, a tree of arrays.
        start: (chains, parameters) where the chains begin; about as far apart as the posterior is wide.
        reported: gives of (chains, draws, parameters) the quantities that will be reported, each (chains, draws, ...).
        what: the posterior's name in messages.
        remedy: what a user can do if the chains do not mix.
        seed: of the chains.
        warmup: draws of each chain to throw away, a multiple of `BLOCK`.
        min_draws: fewest draws of each chain, even if they mixed before.
        max_draws: most draws of each chain.
        max_seconds: most seconds; it is checked after each block.

    Returns:
        (chains, draws, parameters) and the diagnostics of what is reported.

    Raises:
        SolveError: if the chains did not mix within the limits, or more than 0.5 % of the draws diverged.
    """
    use_disk_cache()
    begun = time.perf_counter()
    begin, advance = _programs(energy, _shapes(data), jax.tree.structure(data), start.shape[1], warmup)
    keys = jax.random.split(jax.random.key(seed), start.shape[0])
    with ThreadPoolExecutor(start.shape[0]) as pool:

        def block(states: list[Any]) -> tuple[list[Any], np.ndarray, np.ndarray]:
            moved = list(pool.map(lambda state: jax.device_get(advance(state, data)), states))
            after, draws, diverged = zip(*moved, strict=True)
            return list(after), np.stack(draws), np.stack(diverged)

        states = list(pool.map(lambda key, place: begin(key, jnp.asarray(place), data), keys, start))
        for _ in range(warmup // BLOCK):
            states, _, _ = block(states)
        draws, diverged = np.empty((start.shape[0], 0, start.shape[1])), np.empty((start.shape[0], 0))
        while True:
            states, more, bad = block(states)
            draws, diverged = np.concatenate([draws, more], axis=1), np.concatenate([diverged, bad], axis=1)
            if draws.shape[1] < min_draws:
                continue
            found = mixing(reported(draws), float(diverged.mean()))
            if found.enough:
                break
            if draws.shape[1] + BLOCK > max_draws or time.perf_counter() - begun > max_seconds:
                raise SolveError(_refusal(what, found, time.perf_counter() - begun, remedy))
    if found.divergent > MAX_DIVERGENT:
        raise SolveError(_refusal(what, found, time.perf_counter() - begun, remedy))
    return draws, found


def _refusal(what: str, found: Mixing, seconds: float, remedy: str) -> str:
    return (
        f"{what}: the chains did not mix in {found.draws} draws each ({seconds:.0f} s): R-hat {found.r_hat:.3f} (at most "
        f"{MAX_R_HAT}), {found.effective:.0f} effective draws of {found.slowest} (at least {MIN_EFFECTIVE}), "
        f"{found.divergent:.1%} divergent (at most {MAX_DIVERGENT:.1%})\n  remedy: {remedy}"
    )


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
