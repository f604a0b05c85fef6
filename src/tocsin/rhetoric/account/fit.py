"""Fitting the model of counts: NUTS in coordinates in which the posterior is nearly round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from numpyro import handlers
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import NUTS
from numpyro.infer.util import log_density
from scipy.linalg import cho_solve, solve_triangular
from scipy.optimize import brentq, minimize

from tocsin.errors import SolveError
from tocsin.games.backend import use_disk_cache
from tocsin.rhetoric.account.design import Design
from tocsin.rhetoric.account.model import SPREAD, SPREAD_OF, arrays, joint, sample

MOST_R_HAT = 1.05
FEWEST_EFFECTIVE = 100
MOST_DIVERGENT = 0.005
ROUNDS = 4
STEPS = 32
SPREAD_STEP = 0.5
"""How far, in its own prior standard deviations, a spread is expected to be known."""
Data = Mapping[str, Array]


@dataclass(frozen=True)
class Fit:
    """The posterior of an account.

    Attributes:
        design: what was fitted.
        values: by name of `model.sample`, draws first.
        r_hat: the largest split R-hat of all parameters; effective: their smallest effective number of draws.
        divergent: share of draws in which the sampler broke down.
        seed: of the fit.
    """

    design: Design
    values: Mapping[str, np.ndarray]
    r_hat: float
    effective: float
    divergent: float
    seed: int


def fit(design: Design, *, seed: int, chains: int = 4, warmup: int = 200, draws: int = 400) -> Fit:
    """The posterior of an account.

    NUTS runs in coordinates turned and stretched by the curvature of the posterior, in which it is nearly round, so that a few
    steps take it across. The chains begin apart, at draws of a normal approximation.

    Raises:
        SolveError: if the chains did not mix: R-hat above 1.05, fewer than 100 effective draws of a parameter, or more than
            0.5 % of draws divergent. Nothing is returned then.
    """
    use_disk_cache()
    data, above = arrays(design), jnp.asarray(_above(design.counts))
    centre, turn = _round(data, above)
    program = _program(warmup, draws, centre.size, above.shape[0], _shapes(data))
    keys = jax.random.split(jax.random.key(seed), chains)
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda key: jax.device_get(program(key, centre, turn, data, above)), keys))
    flat = np.stack([each for each, _ in found])
    divergent = float(np.mean([each for _, each in found]))
    r_hat, effective = float(split_gelman_rubin(flat).max()), float(effective_sample_size(flat).min())
    if r_hat > MOST_R_HAT or effective < FEWEST_EFFECTIVE or divergent > MOST_DIVERGENT:
        raise SolveError(
            f"the account's chains did not mix: R-hat {r_hat:.3f}, {effective:.0f} effective draws, "
            f"{divergent:.1%} divergent\n  remedy: another seed, more weeks, or fewer themes"
        )
    values = jax.jit(jax.vmap(partial(_values, data)))(jnp.asarray(flat.reshape(-1, flat.shape[-1])))
    kept = {name: np.asarray(value) for name, value in values.items()}
    return Fit(design, MappingProxyType(kept), r_hat, effective, divergent, seed)


def _above(counts: np.ndarray) -> np.ndarray:
    """(most, groups) in how many weeks a group has more than 0, 1, … items; `most` is rounded up, so that programs are compiled
    for few lengths of it."""
    most = STEPS * (int(counts.max()) // STEPS + 1)
    return (counts[None] > np.arange(most)[:, None, None]).sum(axis=1).astype(float)


def _shapes(data: Data) -> tuple[tuple[str, tuple[int, ...], str], ...]:
    return tuple((name, each.shape, str(each.dtype)) for name, each in data.items())


def _blank(shape: tuple[int, ...], dtype: str = "float64") -> Any:
    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


@cache
def _program(
    warmup: int, draws: int, size: int, most: int, shapes: tuple[tuple[str, tuple[int, ...], str], ...]
) -> Callable[..., tuple[Array, Array]]:
    """`_chain` compiled for arrays of these shapes. It is compiled before threads begin: tracing a model is not safe in them."""
    data = {name: _blank(shape, dtype) for name, shape, dtype in shapes}
    centre, turn = _blank((size,)), _blank((size, size))
    above = _blank((most, data["counts"].shape[1]))
    return _chain.lower(warmup, draws, jax.random.key(0), centre, turn, data, above).compile()


def _unravel(data: Data, above: Array) -> tuple[int, Callable[[Array], dict[str, Array]]]:
    """How many parameters there are, and how a vector of them becomes parameters by name."""
    with handlers.block():
        traced = handlers.trace(handlers.seed(joint, 0)).get_trace(data, above)
    shapes = {name: jnp.zeros(jnp.shape(each["value"])) for name, each in traced.items() if not each["is_observed"]}
    flat, unravel = ravel_pytree(shapes)
    return flat.size, unravel


def _energy(flat: Array, data: Data, above: Array) -> Array:
    """Minus the log of the joint density."""
    _, unravel = _unravel(data, above)
    return -log_density(joint, (data, above), {}, unravel(flat))[0]


def _values(data: Data, flat: Array) -> dict[str, Any]:
    _, unravel = _unravel(data, jnp.zeros((1, data["counts"].shape[1])))
    return handlers.substitute(sample, data=unravel(flat))(data)


_gradient = jax.jit(jax.value_and_grad(_energy, argnums=0))
_hessian = jax.jit(jax.hessian(_energy, argnums=0))


def _round(data: Data, above: Array) -> tuple[Array, Array]:
    """A centre, and a matrix, in whose coordinates the posterior is nearly round.

    The centre is the mode given the spreads, the matrix a root of the inverse curvature there, with the way along which the mode
    moves as a spread does. The spreads are set by some rounds of expectation and maximisation (Dempster, Laird and Rubin 1977) with
    a normal approximation. (The mode with the spreads let free would be of no use: it lies where all effects are nought.)
    """
    size, unravel = _unravel(data, above)
    places = {name: np.asarray(place, dtype=int) for name, place in unravel(jnp.arange(float(size))).items()}
    spreads = {name: int(place) for name, place in places.items() if name.endswith(SPREAD_OF)}
    fixed = np.array(list(spreads.values()), dtype=int)
    free = np.setdiff1d(np.arange(size), fixed)
    centre = np.zeros(size)
    for _ in range(ROUNDS):
        centre[free] = _mode(data, above, centre, free)
        curvature = np.asarray(_hessian(jnp.asarray(centre), data, above))
        root = np.linalg.cholesky(curvature[np.ix_(free, free)])
        variance = np.zeros(size)
        variance[free] = (solve_triangular(root, np.eye(free.size), lower=True) ** 2).sum(axis=0)
        for name, place in spreads.items():
            scaled = places[name.removesuffix(SPREAD_OF)].ravel()
            centre[place] = _likeliest(centre[place], (centre[scaled] ** 2 + variance[scaled]).sum(), scaled.size)
    turn = np.diag(np.full(size, SPREAD_STEP))
    turn[np.ix_(free, free)] = solve_triangular(root, np.eye(free.size), lower=True).T
    turn[np.ix_(free, fixed)] = -SPREAD_STEP * cho_solve((root, True), curvature[np.ix_(free, fixed)])
    return jnp.asarray(centre), jnp.asarray(turn)


def _mode(data: Data, above: Array, start: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The free parameters at the mode, the others as they stand."""

    def downhill(part: np.ndarray) -> tuple[float, np.ndarray]:
        flat = start.copy()
        flat[free] = part
        value, slope = _gradient(jnp.asarray(flat), data, above)
        return float(value), np.asarray(slope)[free]

    return minimize(downhill, start[free], jac=True, method="L-BFGS-B", options={"maxiter": 5_000}).x


def _likeliest(now: float, squares: float, count: int) -> float:
    """The likeliest spread, as a standard normal value, given the expected sum of squares of its effects over the spread that
    stands now."""
    # with the spread e^(SPREAD s) and effects of expected square sum e^(2 SPREAD now) squares, the slope in s is
    # -count SPREAD + SPREAD e^(2 SPREAD (now - s)) squares - s, which falls in s
    return brentq(lambda s: -count * SPREAD + SPREAD * np.exp(2 * SPREAD * (now - s)) * squares - s, now - 20, now + 20)


@partial(jax.jit, static_argnums=(0, 1))
def _chain(
    warmup: int, draws: int, key: Array, centre: Array, turn: Array, data: Data, above: Array
) -> tuple[Array, Array]:
    """One chain: (draws, parameters), and (draws,) whether each diverged."""
    kernel = NUTS(potential_fn=lambda round_: _energy(centre + turn @ round_, data, above))
    begin, go = jax.random.split(key)
    state = kernel.init(go, warmup, jax.random.normal(begin, centre.shape), (), {})
    state = jax.lax.fori_loop(0, warmup, lambda _, each: kernel.sample(each, (), {}), state)

    def step(each: Any, _: None) -> tuple[Any, tuple[Array, Array]]:
        after = kernel.sample(each, (), {})
        return after, (centre + turn @ after.z, after.diverging)

    return jax.lax.scan(step, state, length=draws)[1]
