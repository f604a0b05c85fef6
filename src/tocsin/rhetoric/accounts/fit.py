"""Fit the model of counts by NUTS, in coordinates in which its posterior is nearly round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree
from numpyro import handlers
from numpyro.infer.util import log_density
from scipy.optimize import brentq, minimize

from tocsin.mcmc import CHAINS, Mixing, sample
from tocsin.rhetoric.accounts.design import Design
from tocsin.rhetoric.accounts.model import SPREAD, arrays, effects_of, joint, parameters
from tocsin.rhetoric.triggers import WINDOWS

ROUNDS = 4
STEPS = 32
DIFFERENCE = 1e-5
"""Step of the finite differences."""
REMEDY = "use another seed, more weeks, or fewer themes"
SPREAD_STEP = 0.5
"""How far, in its own prior standard deviations, a spread is expected to be known."""
Data = Mapping[str, Array]


@dataclass(frozen=True)
class Fit:
    """The posterior of an account.

    Attributes:
        design: what was fitted.
        values: by name of `model.parameters`, draws first.
        mixing: how well the chains of `values` mixed.
        seed: of the fit.
    """

    design: Design
    values: Mapping[str, np.ndarray]
    mixing: Mixing
    seed: int


class Coordinates(NamedTuple):
    """Coordinates in which the posterior is nearly round.

    z stands for u = centre + turn @ z, and u for the parameters: an effect whose spread is e^(SPREAD s) is
    u e^(-share SPREAD (s - centre of s)). Share 0 measures an effect in units of its spread, which is good where the data say
    little. Share 1 uses fixed units, which is good where the data determine the effect (Papaspiliopoulos, Roberts and Skoeld
    2007, Statistical Science 22(1), section 2).

    Attributes:
        centre: (parameters,); turn: (parameters, parameters).
        share: (parameters,) from 0 to 1, 0 for what has no spread; spread: (parameters,) index of the spread of each.
    """

    centre: Array
    turn: Array
    share: Array
    spread: Array


Given = tuple[Coordinates, Data, Array]


def fit(design: Design, *, seed: int) -> Fit:
    """Draw from the posterior of an account.

    Args:
        design: the series and its columns.
        seed: of the chains, which begin apart, at draws of a normal approximation.

    Raises:
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    data, above = arrays(design), jnp.asarray(_above(design.counts))
    coordinates = _coordinates(data, above)
    start = np.random.default_rng(seed).normal(size=(CHAINS, coordinates.centre.size))
    values_of = jax.jit(jax.vmap(jax.vmap(partial(_values, coordinates, data))))

    def reported(draws: np.ndarray) -> dict[str, np.ndarray]:
        return _named(design, {name: np.asarray(value) for name, value in values_of(draws).items()})

    draws, mixing = sample(
        _energy, (coordinates, data, above), start, reported, what="the account", remedy=REMEDY, seed=seed
    )
    values = {name: _pooled(np.asarray(value)) for name, value in values_of(draws).items()}
    return Fit(design, MappingProxyType(values), mixing, seed)


def _named(design: Design, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every level and effect by a name that a reader knows; all that an account reports is computed from these."""
    waves = [f"season {at}" for at in range(values["season"].shape[-2])]
    effects = {
        "calendar": design.occasions,
        "season": waves,
        "dose": [f"dose of {design.classes[at]}" for at in design.dosed],
    }
    named = {
        f"level of {group} in {year}": values["level"][..., g, y]
        for g, group in enumerate(design.groups)
        for y, year in enumerate(design.years)
    }
    for name, labels in effects.items():
        named |= {
            f"{label}, {group}": values[name][..., at, g]
            for at, label in enumerate(labels)
            for g, group in enumerate(design.groups)
        }
    for c, label in enumerate(design.classes):
        named |= {
            f"{label} {window}, {group}": values["triggers"][..., c, w, g]
            for w, window in enumerate(WINDOWS)
            for g, group in enumerate(design.groups)
        }
    named |= {f"size of {group}": values["size"][..., g] for g, group in enumerate(design.groups)}
    return named | {"carry": values["carry"], "step of levels": values["step"]}


def _pooled(values: np.ndarray) -> np.ndarray:
    """(draws, ...) of all chains."""
    return values.reshape(values.shape[0] * values.shape[1], *values.shape[2:])


def _above(counts: np.ndarray) -> np.ndarray:
    """(most, groups) in how many weeks a group has more than 0, 1, … items; `most` is rounded up, so that programs are compiled
    for few lengths of it."""
    most = STEPS * (int(counts.max()) // STEPS + 1)
    return (counts[None] > np.arange(most)[:, None, None]).sum(axis=1).astype(float)


def _unravel(data: Data) -> tuple[int, Callable[[Array], dict[str, Array]]]:
    """How many parameters there are, and how a vector of them becomes parameters by name."""
    with handlers.block():
        traced = handlers.trace(handlers.seed(parameters, 0)).get_trace(data)
    flat, unravel = ravel_pytree({name: jnp.zeros(jnp.shape(site["value"])) for name, site in traced.items()})
    return flat.size, unravel


def _energy(z: Array, given: Given) -> Array:
    """Minus the log density in the round coordinates."""
    return _energy_at(given[0].centre + given[0].turn @ z, given)


def _energy_at(u: Array, given: Given) -> Array:
    coordinates, data, above = given
    flat, log_determinant = _parameters(u, coordinates)
    return -log_density(joint, (data, above), {}, _unravel(data)[1](flat))[0] - log_determinant


def _parameters(u: Array, coordinates: Coordinates) -> tuple[Array, Array]:
    """The parameters at u, and the log of the determinant of their derivative."""
    log_scale = -coordinates.share * SPREAD * (u - coordinates.centre)[coordinates.spread]
    return u * jnp.exp(log_scale), log_scale.sum()


def _values(coordinates: Coordinates, data: Data, z: Array) -> dict[str, Any]:
    flat, _ = _parameters(coordinates.centre + coordinates.turn @ z, coordinates)
    return handlers.substitute(parameters, data=_unravel(data)[1](flat))(data)


_gradient = jax.jit(jax.value_and_grad(_energy_at))


def _coordinates(data: Data, above: Array) -> Coordinates:
    """Find coordinates in which the posterior is nearly round.

    The centre is the mode given the spreads. The spreads are set by some rounds of expectation and maximisation (Dempster, Laird
    and Rubin 1977) with a normal approximation. (The mode with the spreads let free would be of no use: it lies where all effects
    are 0.) The share of an effect is the share by which the data reduce its prior variance. The columns of `turn` are the main axes
    of the curvature at the centre, so that the sampler can rescale each one. They also follow the mode as a spread changes.
    """
    size, unravel = _unravel(data)
    index = {name: np.asarray(at, dtype=int) for name, at in unravel(jnp.arange(float(size))).items()}
    effects = {int(index[name]): effects_of(name) for name in index if effects_of(name)}
    scaled = {spread: np.concatenate([index[name].ravel() for name in names]) for spread, names in effects.items()}
    fixed = np.array(list(scaled), dtype=int)
    free = np.setdiff1d(np.arange(size), fixed)
    centre, variance, share, spread_of = np.zeros(size), np.ones(size), np.zeros(size), np.arange(size)
    plain = Coordinates(*map(jnp.asarray, (centre, np.eye(size), share, spread_of)))
    for _ in range(ROUNDS):
        centre[free] = _mode(centre, free, (plain, data, above))
        axes, curved = _axes(_curvature(centre, (plain, data, above))[np.ix_(free, free)])
        variance[free] = (axes**2 / curved).sum(axis=1)
        for spread, at in scaled.items():
            centre[spread] = _likeliest(centre[spread], (centre[at] ** 2 + variance[at]).sum(), at.size)
    centre[free] = _mode(centre, free, (plain, data, above))
    for spread, at in scaled.items():
        share[at], spread_of[at] = np.clip(1.0 - variance[at], 0.0, 1.0), spread
    shared = Coordinates(*map(jnp.asarray, (centre, np.eye(size), share, spread_of)))
    curvature = _curvature(centre, (shared, data, above))
    axes, curved = _axes(curvature[np.ix_(free, free)])
    turn = np.diag(np.full(size, SPREAD_STEP))
    turn[np.ix_(free, free)] = axes / np.sqrt(curved)
    turn[np.ix_(free, fixed)] = -SPREAD_STEP * (axes / curved) @ (axes.T @ curvature[np.ix_(free, fixed)])
    return shared._replace(turn=jnp.asarray(turn))


def _mode(start: np.ndarray, free: np.ndarray, given: Given) -> np.ndarray:
    """The free parameters at the mode, the others as they stand."""

    def downhill(part: np.ndarray) -> tuple[float, np.ndarray]:
        flat = start.copy()
        flat[free] = part
        value, slope = _gradient(flat, given)
        return float(value), np.asarray(slope)[free]

    return minimize(downhill, start[free], jac=True, method="L-BFGS-B", options={"maxiter": 5_000}).x


def _curvature(u: np.ndarray, given: Given) -> np.ndarray:
    """The matrix of second derivatives, by finite differences of the first.

    A program for the exact matrix takes half a minute to compile; coordinates need no more than a few digits.
    """
    here = np.asarray(_gradient(u, given)[1])
    steps = DIFFERENCE * np.eye(u.size)
    found = np.array([np.asarray(_gradient(u + step, given)[1]) - here for step in steps]) / DIFFERENCE
    return (found + found.T) / 2.0


def _axes(curvature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The main axes as columns, and the curvature along each, at least that of the standard normal prior."""
    curved, axes = np.linalg.eigh(curvature)
    return axes, np.maximum(curved, 1.0)


def _likeliest(now: float, squares: float, count: int) -> float:
    """The likeliest spread, as a standard normal value, given the expected sum of squares of its effects over the spread that
    stands now."""
    # with the spread e^(SPREAD s) and effects of expected square sum e^(2 SPREAD now) squares, the slope in s is
    # -count SPREAD + SPREAD e^(2 SPREAD (now - s)) squares - s, which falls in s
    return brentq(lambda s: -count * SPREAD + SPREAD * np.exp(2 * SPREAD * (now - s)) * squares - s, now - 20, now + 20)
