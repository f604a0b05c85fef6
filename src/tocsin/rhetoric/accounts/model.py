"""Model counts of items.

The items of group k in week t are negative binomial with mean mu and size r:

    y[t,k] ~ NB(mu[t,k], r[k])                                          var = mu + mu² / r
    log mu[t,k] = offset[t] + level[k, year(t)] + calendar[t]·c[k] + season[t]·h[k]
                + sum over classes g and windows w of triggers[t,g,w] b[g,w,k] + dose[t,g] d[g,k]
                + carry[t,k]

- The level is a random walk over years. Steps of two groups in the same year have correlation 0.5. Steps into a year in which the
  coverage changes are larger.
- c, h, b and d of each group vary around a common value, so that rare groups borrow strength from the others.
- carry is persistence. It depends on the log ratio of observed to expected items (without carry) in the weeks before. The ratios are
  over 2 and 8 weeks in all groups, and over 8 weeks in the group itself (a heterogeneous autoregression, Corsi 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import Array

import tocsin.games.backend  # noqa: F401 - sets float64
from tocsin.rhetoric.accounts.design import Design

SHORT, LONG = 2, 8
"""Weeks of the two look-back spans of persistence."""
PRIOR_ITEMS = 2.0
"""Items added to both sides of the ratio of observed to expected items, so that ratios of few items stay near 1."""

SPREAD = 0.7
"""Prior standard deviation of the log of a spread."""
SPREAD_OF = " spread"
"""Suffix of the name of a parameter that scales other effects."""


class Parts(NamedTuple):
    """The parts of the log rate without the offset. Each is (weeks, groups), except `triggers`: (weeks, classes, groups)."""

    level: Array
    calendar: Array
    triggers: Array
    carry: Array


def arrays(design: Design) -> dict[str, Array]:
    """Return the arrays of a design that the model uses."""
    names = ("counts", "offset", "year", "stride", "calendar", "season", "triggers", "dose")
    return {name: jnp.asarray(getattr(design, name)) for name in names} | {
        "dosed": jnp.asarray(design.dosed, dtype=int)
    }


def effects_of(name: str) -> tuple[str, ...]:
    """Return the names of the effects that a parameter scales; empty if it is not a spread."""
    if not name.endswith(SPREAD_OF):
        return ()
    scaled = name.removesuffix(SPREAD_OF)
    return ("common_steps", scaled) if scaled == "steps" else (scaled,)


def parameters(data: Mapping[str, Array]) -> dict[str, Any]:
    """Draw every parameter from its prior, inside a NumPyro model. All draws are standard normal; spreads are drawn as logs.

    Returns:
        level (groups, years), calendar (occasions, groups), season (waves, groups), triggers (classes, windows, groups),
        dose (dosed classes, groups), carry (3,), size (groups,), and step, the spread of the steps of the level.
    """
    groups, years = data["counts"].shape[1], data["stride"].size + 1
    mean = jnp.log((data["counts"].sum(axis=0) + 1) / jnp.exp(data["offset"]).sum())
    start = mean + 0.7 * _normal("start", groups)
    step = _spread("steps", 0.25)
    steps = (
        step * data["stride"] * mixed(_normal("common_steps", years - 1)[None, :], _normal("steps", groups, years - 1))
    )
    level = start[:, None] + jnp.concatenate([jnp.zeros((groups, 1)), jnp.cumsum(steps, axis=1)], axis=1)
    classes, windows = data["triggers"].shape[1:]
    return {
        "level": level,
        "step": step,
        "calendar": _pooled("calendar", (data["calendar"].shape[1],), groups, 0.2),
        "season": _pooled("season", (data["season"].shape[1],), groups, 0.1),
        "triggers": _pooled("triggers", (classes, windows), groups, 0.25),
        "dose": _pooled("dose", (data["dose"].shape[1],), groups, 0.1),
        "carry": 0.2 + 0.3 * _normal("carry", 3),
        "size": jnp.exp(1.0 + _normal("size", groups)),
    }


def mixed(common: Array, own: Array) -> Array:
    """Return standard normal values with correlation 0.5 between groups, from a common value and each group's own."""
    return jnp.sqrt(0.5) * (common + own)


def _normal(name: str, *shape: int) -> Array:
    return numpyro.sample(name, dist.Normal(0, 1).expand(shape).to_event(len(shape)))


def _spread(name: str, median: float) -> Array:
    """Draw the spread of the effects `name`: log-normal, within a factor of 3.2 of its median with probability 0.9."""
    return median * jnp.exp(SPREAD * _normal(name + SPREAD_OF))


def _pooled(name: str, shape: tuple[int, ...], groups: int, median: float) -> Array:
    """Draw effects, (..., groups), around common ones. `median` is the median spread of the common effects; deviations have half of it."""
    if 0 in shape:
        return jnp.zeros((*shape, groups))
    common = _spread(name, median) * _normal(name, *shape)
    own = _spread(f"own_{name}", median / 2) * _normal(f"own_{name}", *shape, groups)
    return common[..., None] + own


def parts(data: Mapping[str, Array], values: Mapping[str, Array]) -> Parts:
    """Return the parts of the log rate."""
    level = values["level"].T[data["year"]]
    calendar = data["calendar"] @ values["calendar"] + data["season"] @ values["season"]
    triggers = jnp.einsum("tgw,gwk->tgk", data["triggers"], values["triggers"])
    triggers = triggers.at[:, data["dosed"]].add(data["dose"][:, :, None] * values["dose"][None])
    steady = jnp.exp(data["offset"][:, None] + level + calendar + triggers.sum(axis=1))
    return Parts(level, calendar, triggers, persistence(data["counts"], steady, values["carry"]))


def log_mean(data: Mapping[str, Array], values: Mapping[str, Array]) -> Array:
    """Return the log mean, (weeks, groups): the offset and all parts, computed by one matrix product."""
    weeks, groups = data["counts"].shape
    names = ("calendar", "season", "triggers", "dose")
    columns = jnp.concatenate([data[name].reshape(weeks, -1) for name in names], axis=1)
    effects = jnp.concatenate([values[name].reshape(-1, groups) for name in names])
    steady = data["offset"][:, None] + values["level"].T[data["year"]] + columns @ effects
    return steady + persistence(data["counts"], jnp.exp(steady), values["carry"])


def persistence(counts: Array, steady: Array, carry: Array) -> Array:
    """Return persistence, (weeks, groups): the contribution of the weeks before to the log rate."""
    total, expected = counts.sum(axis=1, keepdims=True), steady.sum(axis=1, keepdims=True)
    short, long = _log_ratio(total, expected, SHORT), _log_ratio(total, expected, LONG)
    return carry[0] * short + carry[1] * long + carry[2] * _log_ratio(counts, steady, LONG)


def _log_ratio(counts: Array, steady: Array, weeks: int) -> Array:
    """Return the log ratio of observed to expected items in the weeks before."""
    return jnp.log((_past(counts, weeks) + PRIOR_ITEMS) / (_past(steady, weeks) + PRIOR_ITEMS))


def _past(values: Array, weeks: int) -> Array:
    """Return the sum over at most `weeks` weeks before each week, (weeks, columns)."""
    summed = jnp.concatenate([jnp.zeros((1, values.shape[1])), jnp.cumsum(values, axis=0)])
    week = jnp.arange(values.shape[0])
    return summed[week] - summed[jnp.maximum(week - weeks, 0)]


def log_likelihood(counts: Array, log_means: Array, size: Array, above: Array) -> Array:
    """Return the log probability of all counts, up to a term that depends on the counts alone.

    The log ratio of gamma functions is a sum over whole numbers, so it is computed once for each group and count, not in each cell.

    Args:
        counts: (weeks, groups); log_means: (weeks, groups); size: (groups,).
        above: (maximum, groups) number of weeks in which a group has more than 0, 1, ... items.
    """
    steps = jnp.arange(above.shape[0])[:, None]
    gammas = (above * jnp.log(size[None, :] + steps)).sum()
    # y log mu + r log r - (y + r) log(r + mu), with log(r + mu) = log mu + softplus(log r - log mu)
    gap = jnp.log(size)[None, :] - log_means
    both = jnp.logaddexp(0.0, gap)
    return gammas + (size[None, :] * gap - (counts + size[None, :]) * both).sum()


def joint(data: Mapping[str, Array], above: Array) -> None:
    """Define the NumPyro model."""
    values = parameters(data)
    numpyro.factor("counts", log_likelihood(data["counts"], log_mean(data, values), values["size"], above))
