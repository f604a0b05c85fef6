"""Foreseeing the weeks after a fit: the account itself, out of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.special import gammaln, logsumexp

from tocsin.rhetoric.account.design import Design
from tocsin.rhetoric.account.fit import Fit
from tocsin.rhetoric.account.model import LONG, PRIOR_ITEMS, SHORT, mixed


@dataclass(frozen=True)
class Foreseen:
    """What an account foresaw of the weeks after its own.

    Attributes:
        mean: (draws, weeks) mean of all items of a week; size: (draws, weeks) of the negative binomial with the variance that the
            sum of the groups has; items: (draws, weeks) drawn.
    """

    mean: np.ndarray
    size: np.ndarray
    items: np.ndarray

    def log_score(self, seen: np.ndarray) -> np.ndarray:
        """(weeks,) log probability of the items seen, draws averaged; the larger the better."""
        gammas = gammaln(seen + self.size) - gammaln(self.size) - gammaln(seen + 1.0)
        both = np.log(self.size + self.mean)
        each = gammas + self.size * (np.log(self.size) - both) + seen * (np.log(self.mean) - both)
        return logsumexp(each, axis=0) - np.log(each.shape[0])

    def interval(self, width: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """(weeks,) lower and upper end of the shortest interval of the items that holds so much of their probability.

        Items are few whole numbers: what is cut off at either end of a central interval would be rounded down twice.
        """
        ordered = np.sort(self.items, axis=0)
        inside = int(np.ceil(width * ordered.shape[0]))
        lengths = ordered[inside - 1 :] - ordered[: ordered.shape[0] - inside + 1]
        at = lengths.argmin(axis=0)
        weeks = np.arange(ordered.shape[1])
        return ordered[at, weeks], ordered[at + inside - 1, weeks]

    def within(self, seen: np.ndarray, width: float = 0.9) -> np.ndarray:
        """(weeks,) how much of what was seen lies in the central interval that holds exactly so much of the probability.

        Whole numbers seldom have an interval of just 0.9; so a number seen is spread evenly over the probability that was given to
        it, and counts by the share of that which lies inside (Czado, Gneiting and Held 2009, Biometrics 65(4), eq. 1). The mean is
        the width if what was foreseen is right.
        """
        below, up_to = (self.items < seen).mean(axis=0), (self.items <= seen).mean(axis=0)
        low, high = (1.0 - width) / 2.0, (1.0 + width) / 2.0
        inside = np.clip(up_to, low, high) - np.clip(below, low, high)
        given = up_to - below
        # a number that no draw came to stands at one point
        at_a_point = ((below >= low) & (below <= high)).astype(float)
        return np.where(given > 0, inside / np.where(given > 0, given, 1.0), at_a_point)


def foresee(fit: Fit, whole: Design, *, seed: int) -> Foreseen:
    """The weeks of a longer design that follow those of a fit, nothing of them known but output, calendar and triggers.

    The level takes a step into each new year; what is carried over is worked out from items that are drawn week by week.

    Args:
        fit: of the design's first weeks.
        whole: with the same groups and columns, years counted from the same first.
    """
    known = fit.design.weeks.size
    later = whole.at(np.arange(whole.weeks.size) >= known)
    values = {name: jnp.asarray(value) for name, value in fit.values.items()}
    keys = jax.random.split(jax.random.key(seed), next(iter(values.values())).shape[0])
    past = _columns(whole.at(np.arange(whole.weeks.size) < known))
    future = _columns(later)
    counts = jnp.asarray(fit.design.counts, dtype=float)
    found = jax.jit(jax.vmap(partial(_path, jnp.asarray(whole.stride)), in_axes=(0, 0, None, None, None)))(
        keys, values, past, future, counts
    )
    mean, size, items = (np.asarray(each) for each in found)
    return Foreseen(mean, size, items)


def _columns(design: Design) -> dict[str, Array]:
    names = ("offset", "year", "calendar", "season", "triggers", "dose")
    return {name: jnp.asarray(getattr(design, name)) for name in names}


def _steady(columns: Mapping[str, Array], level: Array, values: Mapping[str, Array]) -> Array:
    """(weeks, groups) mean but for what is carried over."""
    rate = columns["offset"][:, None] + level.T[columns["year"]]
    rate = rate + columns["calendar"] @ values["calendar"] + columns["season"] @ values["season"]
    rate = rate + jnp.einsum("tgw,gwk->tk", columns["triggers"], values["triggers"])
    return jnp.exp(rate + columns["dose"] @ values["dose"])


def _path(
    stride: Array,
    key: Array,
    values: Mapping[str, Array],
    past: Mapping[str, Array],
    future: Mapping[str, Array],
    counts: Array,
) -> tuple[Array, ...]:
    """One draw of the weeks to come: mean, size and items of each."""
    go, walk = jax.random.split(key)
    level = _walked(walk, values, stride)
    before = _steady(past, level, values)[-LONG:]
    seen = counts[-LONG:]

    def week(state: tuple[Array, Array], step: tuple[Array, Array]) -> tuple[tuple[Array, Array], tuple[Array, ...]]:
        items, foreseen = state
        steady, own = step
        total, sums = items.sum(axis=1), foreseen.sum(axis=1)
        carry = (
            values["carry"][0] * _log_ratio(total[-SHORT:].sum(), sums[-SHORT:].sum())
            + values["carry"][1] * _log_ratio(total.sum(), sums.sum())
            + values["carry"][2] * _log_ratio(items.sum(axis=0), foreseen.sum(axis=0))
        )
        mean = steady * jnp.exp(carry)
        rates, poisson = jax.random.split(own)
        rate = mean * jax.random.gamma(rates, values["size"]) / values["size"]
        drawn = jax.random.poisson(poisson, rate).astype(float)
        after = (jnp.vstack([items[1:], drawn]), jnp.vstack([foreseen[1:], steady]))
        size = mean.sum() ** 2 / (mean**2 / values["size"]).sum()
        return after, (mean.sum(), size, drawn.sum())

    steady = _steady(future, level, values)
    return jax.lax.scan(week, (seen, before), (steady, jax.random.split(go, steady.shape[0])))[1]


def _log_ratio(items: Array, foreseen: Array) -> Array:
    return jnp.log((items + PRIOR_ITEMS) / (foreseen + PRIOR_ITEMS))


def _walked(key: Array, values: Mapping[str, Array], stride: Array) -> Array:
    """The level, walked on over the years to come."""
    level = values["level"]
    further = stride[level.shape[1] - 1 :]
    one, two = jax.random.split(key)
    common, own = jax.random.normal(one, (1, further.size)), jax.random.normal(two, (level.shape[0], further.size))
    steps = values["step"] * further * mixed(common, own)
    return jnp.concatenate([level, level[:, -1:] + jnp.cumsum(steps, axis=1)], axis=1)
