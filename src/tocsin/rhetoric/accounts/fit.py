"""Fit the model of counts by NUTS, in coordinates in which its posterior is nearly isotropic."""

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

from tocsin.games.backend import compiled_lightly
from tocsin.mcmc import CHAINS, Mixing, Target, sample
from tocsin.rhetoric.accounts.design import Design
from tocsin.rhetoric.accounts.model import SPREAD, arrays, effects_of, joint, parameters
from tocsin.rhetoric.triggers import WINDOWS
from tocsin.translation import message

ROUNDS = 4
"""Iterations of expectation-maximisation for the spreads."""
STEPS = 32
"""Multiple to which the largest count is rounded up, so that few programs are compiled."""
DIFFERENCE = 1e-5
"""Step of the finite differences."""
REMEDY = message("use another seed, more weeks, or fewer themes")
SPREAD_STEP = 0.5
"""Expected posterior standard deviation of the log of a spread, in prior standard deviations."""
Data = Mapping[str, Array]


@dataclass(frozen=True)
class Fit:
    """The posterior of an account.

    Attributes:
        design: the series and its columns.
        values: parameters by their names in `model.parameters`; the first axis is draws.
        mixing: how well the chains mixed.
        seed: seed of the chains.
    """

    design: Design
    values: Mapping[str, np.ndarray]
    mixing: Mixing
    seed: int


class Coordinates(NamedTuple):
    """Coordinates in which the posterior is nearly isotropic.

    The sampler moves z, and u = centre + transform @ z. An effect whose spread is e^(SPREAD s) is u e^(-share SPREAD (s - centre of s)).
    Share 0 measures an effect in units of its spread, which suits weak data. Share 1 uses fixed units, which suits data that
    determine the effect (Papaspiliopoulos, Roberts and Skoeld 2007, Statistical Science 22(1), section 2).

    Attributes:
        centre: (parameters,); transform: (parameters, parameters).
        share: (parameters,) from 0 to 1; 0 for parameters without a spread. spread: (parameters,) index of each parameter's spread.
    """

    centre: Array
    transform: Array
    share: Array
    spread: Array


Inputs = tuple[Coordinates, Data, Array]


def fit(design: Design, *, seed: int) -> Fit:
    """Draw from the posterior of an account.

    Args:
        design: the series and its columns.
        seed: seed of the chains, which start at different draws from a normal approximation.

    Raises:
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """
    data, above = arrays(design), jnp.asarray(_above(design.counts))
    coordinates = _coordinates(data, above)
    start = np.random.default_rng(seed).normal(size=(CHAINS, coordinates.centre.size))
    parameters_of = compiled_lightly(jax.vmap(jax.vmap(partial(_values, coordinates, data))))

    def reported(draws: np.ndarray) -> dict[str, np.ndarray]:
        return _named(design, {name: np.asarray(value) for name, value in parameters_of(draws).items()})

    target = Target(
        name="the account", energy=_energy, data=(coordinates, data, above), reported=reported, remedy=REMEDY
    )
    draws, mixing = sample(target, start, seed=seed)
    values = {name: _all_chains(np.asarray(value)) for name, value in parameters_of(draws).items()}
    return Fit(design, MappingProxyType(values), mixing, seed)


def _named(design: Design, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return every level and effect under a readable name. An account computes everything that it reports from these."""
    waves = [f"season {index}" for index in range(values["season"].shape[-2])]
    effects = {
        "calendar": design.occasions,
        "season": waves,
        "dose": [f"dose of {design.classes[index]}" for index in design.dosed],
    }
    named = {
        f"level of {group} in {year}": values["level"][..., g, y]
        for g, group in enumerate(design.groups)
        for y, year in enumerate(design.years)
    }
    for name, labels in effects.items():
        named |= {
            f"{label}, {group}": values[name][..., index, g]
            for index, label in enumerate(labels)
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


def _all_chains(values: np.ndarray) -> np.ndarray:
    """Return the draws of all chains as one sequence, (draws, ...)."""
    return values.reshape(values.shape[0] * values.shape[1], *values.shape[2:])


def _above(counts: np.ndarray) -> np.ndarray:
    """Return the number of weeks in which a group has more than 0, 1, ... items, (maximum, groups)."""
    maximum = STEPS * (int(counts.max()) // STEPS + 1)
    return (counts[None] > np.arange(maximum)[:, None, None]).sum(axis=1).astype(float)


def _unravel(data: Data) -> tuple[int, Callable[[Array], dict[str, Array]]]:
    """Return the number of parameters, and the function that turns a vector of them into parameters by name."""
    with handlers.block():
        traced = handlers.trace(handlers.seed(parameters, 0)).get_trace(data)
    flat, unravel = ravel_pytree({name: jnp.zeros(jnp.shape(site["value"])) for name, site in traced.items()})
    return flat.size, unravel


def _energy(z: Array, inputs: Inputs) -> Array:
    """Return minus the log density at z."""
    return _energy_at(inputs[0].centre + inputs[0].transform @ z, inputs)


def _energy_at(u: Array, inputs: Inputs) -> Array:
    """Return minus the log density at u."""
    coordinates, data, above = inputs
    flat, log_determinant = _parameters(u, coordinates)
    return -log_density(joint, (data, above), {}, _unravel(data)[1](flat))[0] - log_determinant


def _parameters(u: Array, coordinates: Coordinates) -> tuple[Array, Array]:
    """Return the parameters at u, and the log determinant of their derivative."""
    log_scale = -coordinates.share * SPREAD * (u - coordinates.centre)[coordinates.spread]
    return u * jnp.exp(log_scale), log_scale.sum()


def _values(coordinates: Coordinates, data: Data, z: Array) -> dict[str, Any]:
    flat, _ = _parameters(coordinates.centre + coordinates.transform @ z, coordinates)
    return handlers.substitute(parameters, data=_unravel(data)[1](flat))(data)


_gradient = compiled_lightly(jax.value_and_grad(_energy_at))


def _coordinates(data: Data, above: Array) -> Coordinates:
    """Find coordinates in which the posterior is nearly isotropic.

    The centre is the mode given the spreads. A few iterations of expectation-maximisation (Dempster, Laird and Rubin 1977) with a
    normal approximation set the spreads. A joint mode would be useless, because all effects are 0 there. The share of an effect is
    the share by which the data reduce its prior variance. The columns of `transform` for the effects are the principal axes of the
    curvature at the centre, so that the sampler can rescale each one. The columns for the spreads follow the mode of the effects as
    a spread changes.
    """
    size, unravel = _unravel(data)
    index = {name: np.asarray(positions, dtype=int) for name, positions in unravel(jnp.arange(float(size))).items()}
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
        for spread, effect in scaled.items():
            centre[spread] = _best_spread(centre[spread], (centre[effect] ** 2 + variance[effect]).sum(), effect.size)
    centre[free] = _mode(centre, free, (plain, data, above))
    for spread, effect in scaled.items():
        share[effect], spread_of[effect] = np.clip(1.0 - variance[effect], 0.0, 1.0), spread
    shared = Coordinates(*map(jnp.asarray, (centre, np.eye(size), share, spread_of)))
    curvature = _curvature(centre, (shared, data, above))
    axes, curved = _axes(curvature[np.ix_(free, free)])
    transform = np.diag(np.full(size, SPREAD_STEP))
    transform[np.ix_(free, free)] = axes / np.sqrt(curved)
    transform[np.ix_(free, fixed)] = -SPREAD_STEP * (axes / curved) @ (axes.T @ curvature[np.ix_(free, fixed)])
    return shared._replace(transform=jnp.asarray(transform))


def _mode(start: np.ndarray, free: np.ndarray, inputs: Inputs) -> np.ndarray:
    """Return the free parameters at the mode given the others."""

    def objective(part: np.ndarray) -> tuple[float, np.ndarray]:
        flat = start.copy()
        flat[free] = part
        value, gradient = _gradient(flat, inputs)
        return float(value), np.asarray(gradient)[free]

    return minimize(objective, start[free], jac=True, method="L-BFGS-B", options={"maxiter": 5_000}).x


def _curvature(u: np.ndarray, inputs: Inputs) -> np.ndarray:
    """Return the Hessian at u, by finite differences of the gradient.

    An exact Hessian takes half a minute to compile, and coordinates need only a few digits.
    """
    gradient = np.asarray(_gradient(u, inputs)[1])
    steps = DIFFERENCE * np.eye(u.size)
    curvature = np.array([np.asarray(_gradient(u + step, inputs)[1]) - gradient for step in steps]) / DIFFERENCE
    return (curvature + curvature.T) / 2.0


def _axes(curvature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the principal axes as columns, and the curvature along each, which is at least the prior's (1)."""
    curved, axes = np.linalg.eigh(curvature)
    return axes, np.maximum(curved, 1.0)


def _best_spread(current: float, squares: float, count: int) -> float:
    """Return the log spread, in prior standard deviations, that maximises the expected log density.

    Args:
        current: the current log spread.
        squares: expected sum of squares of the effects, in units of the current spread.
        count: number of effects.
    """

    # the spread is e^(SPREAD s) and the expected sum of squares e^(2 SPREAD current) squares, so the slope in s is
    # -count SPREAD + SPREAD e^(2 SPREAD (current - s)) squares - s, which decreases in s
    def slope(s: float) -> float:
        return -count * SPREAD + SPREAD * np.exp(2 * SPREAD * (current - s)) * squares - s

    return brentq(slope, current - 20, current + 20)
