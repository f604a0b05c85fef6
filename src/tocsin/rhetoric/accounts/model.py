"""The model of counts.

Items of group k in week t are negative binomial with mean mu and size r:

    y[t,k] ~ NB(mu[t,k], r[k])                                          var = mu + mu² / r
    log mu[t,k] = offset[t] + level[k, year(t)] + calendar[t]·c[k] + season[t]·h[k]
                + sum over classes g and windows w of triggers[t,g,w] b[g,w,k] + dose[t,g] d[g,k]
                + carry[t,k]

- The level of a year is a walk whose steps in one year correlate by a half between any two groups; it may step farther into a
  year in which the coverage is known to change.
- c, h, b and d of a group lie about a common value, so that rare groups lean on the others.
- carry is persistence: how far the last weeks lay above what all but carry gives, in logs, over 2 and 8 weeks in all groups
  and over 8 weeks in the group itself (a heterogeneous autoregression, Corsi 2009, on the log ratio).
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
"""Weeks over which persistence looks back."""
PRIOR_ITEMS = 2.0
"""Items added to what was seen and to what was foreseen before their ratio is taken, so that few items say little."""

SPREAD = 0.7
"""Prior standard deviation of the log of a spread."""
SPREAD_OF = " spread"
"""Ends the name of the parameter that scales the effects named before it."""


class Parts(NamedTuple):
    """The parts of the log rate beside the offset, each (weeks, groups) but `triggers`, which is (weeks, classes, groups)."""

    level: Array
    calendar: Array
    triggers: Array
    carry: Array


def arrays(design: Design) -> dict[str, Array]:
    """What `rate` and `log_density` take of a design."""
    names = ("counts", "offset", "year", "stride", "calendar", "season", "triggers", "dose")
    return {name: jnp.asarray(getattr(design, name)) for name in names} | {
        "dosed": jnp.asarray(design.dosed, dtype=int)
    }


def effects_of(name: str) -> tuple[str, ...]:
    """Return the names of the effects that a parameter scales; none if it is no spread."""
    if not name.endswith(SPREAD_OF):
        return ()
    scaled = name.removesuffix(SPREAD_OF)
    return ("common_steps", scaled) if scaled == "steps" else (scaled,)


def parameters(data: Mapping[str, Array]) -> dict[str, Any]:
    """Draw every parameter from its prior, inside a NumPyro model. Draws are real numbers, spreads by their logs.

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
    """Standard normal values of groups that correlate by a half, of one common to all and one each group's own."""
    return jnp.sqrt(0.5) * (common + own)


def _normal(name: str, *shape: int) -> Array:
    return numpyro.sample(name, dist.Normal(0, 1).expand(shape).to_event(len(shape)))


def _spread(name: str, median: float) -> Array:
    """The spread of the effects `name`: log-normal about its median, a factor of 3.2 either way in 90 %."""
    return median * jnp.exp(SPREAD * _normal(name + SPREAD_OF))


def _pooled(name: str, shape: tuple[int, ...], groups: int, median: float) -> Array:
    """(…, groups) effects about a common one; the spread of the common ones has this median, of what is apart half of it."""
    if 0 in shape:
        return jnp.zeros((*shape, groups))
    common = _spread(name, median) * _normal(name, *shape)
    own = _spread(f"own_{name}", median / 2) * _normal(f"own_{name}", *shape, groups)
    return common[..., None] + own


def parts(data: Mapping[str, Array], values: Mapping[str, Array]) -> Parts:
    """The parts of the log rate."""
    level = values["level"].T[data["year"]]
    calendar = data["calendar"] @ values["calendar"] + data["season"] @ values["season"]
    triggers = jnp.einsum("tgw,gwk->tgk", data["triggers"], values["triggers"])
    triggers = triggers.at[:, data["dosed"]].add(data["dose"][:, :, None] * values["dose"][None])
    steady = jnp.exp(data["offset"][:, None] + level + calendar + triggers.sum(axis=1))
    return Parts(level, calendar, triggers, persistence(data["counts"], steady, values["carry"]))


def log_mean(data: Mapping[str, Array], values: Mapping[str, Array]) -> Array:
    """(weeks, groups) log of the mean: the sum of the offset and all parts, in one product of matrices."""
    weeks, groups = data["counts"].shape
    names = ("calendar", "season", "triggers", "dose")
    columns = jnp.concatenate([data[name].reshape(weeks, -1) for name in names], axis=1)
    effects = jnp.concatenate([values[name].reshape(-1, groups) for name in names])
    steady = data["offset"][:, None] + values["level"].T[data["year"]] + columns @ effects
    return steady + persistence(data["counts"], jnp.exp(steady), values["carry"])


def persistence(counts: Array, steady: Array, carry: Array) -> Array:
    """(weeks, groups) what the weeks before carry over."""
    total, foreseen = counts.sum(axis=1, keepdims=True), steady.sum(axis=1, keepdims=True)
    short, long = _ratio(total, foreseen, SHORT), _ratio(total, foreseen, LONG)
    return carry[0] * short + carry[1] * long + carry[2] * _ratio(counts, steady, LONG)


def _ratio(counts: Array, steady: Array, weeks: int) -> Array:
    """Log of the items of the weeks before over what was foreseen of them."""
    return jnp.log((_past(counts, weeks) + PRIOR_ITEMS) / (_past(steady, weeks) + PRIOR_ITEMS))


def _past(values: Array, weeks: int) -> Array:
    """Sums over the weeks before each, as many as there are."""
    summed = jnp.concatenate([jnp.zeros((1, values.shape[1])), jnp.cumsum(values, axis=0)])
    at = jnp.arange(values.shape[0])
    return summed[at] - summed[jnp.maximum(at - weeks, 0)]


def log_likelihood(counts: Array, log_means: Array, size: Array, above: Array) -> Array:
    """Log probability of all counts but for a term that depends on the counts alone.

    The ratio of gamma functions is a sum over whole numbers, so it is taken once for each group and count, not in each cell.

    Args:
        above: (most, groups) in how many weeks a group has more than 0, 1, … items.
    """
    steps = jnp.arange(above.shape[0])[:, None]
    gammas = (above * jnp.log(size[None, :] + steps)).sum()
    # y log mu + r log r - (y + r) log(r + mu), with log(r + mu) = log mu + softplus(log r - log mu)
    gap = jnp.log(size)[None, :] - log_means
    both = jnp.logaddexp(0.0, gap)
    return gammas + (size[None, :] * gap - (counts + size[None, :]) * both).sum()


def joint(data: Mapping[str, Array], above: Array) -> None:
    """The NumPyro model."""
    values = parameters(data)
    numpyro.factor("counts", log_likelihood(data["counts"], log_mean(data, values), values["size"], above))
