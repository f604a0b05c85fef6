"""Forecast the weeks after an account's own, to score the account out of sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.special import gammaln, logsumexp

from tocsin.rhetoric.accounts.design import Design
from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.accounts.model import LONG, PRIOR_ITEMS, SHORT, mixed


@dataclass(frozen=True)
class Forecast:
    """Forecast of weeks that an account was not fitted to.

    Attributes:
        mean: (draws, weeks) mean number of items.
        size: (draws, weeks) size of the negative binomial that has the variance of the sum of the groups.
        items: (draws, weeks) random numbers of items.
    """

    mean: np.ndarray
    size: np.ndarray
    items: np.ndarray

    def log_score(self, observed: np.ndarray) -> np.ndarray:
        """Return the log probability of the observed items, (weeks,), averaged over draws; larger is better."""
        gammas = gammaln(observed + self.size) - gammaln(self.size) - gammaln(observed + 1.0)
        both = np.log(self.size + self.mean)
        scores = gammas + self.size * (np.log(self.size) - both) + observed * (np.log(self.mean) - both)
        return logsumexp(scores, axis=0) - np.log(scores.shape[0])

    def interval(self, width: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends, each (weeks,), of the shortest interval that holds at least `width` of the probability.

        A central interval would be too wide: items are small whole numbers, and both tails would be rounded outwards.
        """
        ordered = np.sort(self.items, axis=0)
        inside = int(np.ceil(width * ordered.shape[0]))
        lengths = ordered[inside - 1 :] - ordered[: ordered.shape[0] - inside + 1]
        start = lengths.argmin(axis=0)
        weeks = np.arange(ordered.shape[1])
        return ordered[start, weeks], ordered[start + inside - 1, weeks]

    def within(self, observed: np.ndarray, width: float = 0.9) -> np.ndarray:
        """Return, (weeks,), how much of each observation lies in the central interval of exactly this probability.

        Whole numbers seldom have an interval of exactly 0.9. The observation is therefore spread evenly over the probability of
        its value, and counts by the share inside (Czado, Gneiting and Held 2009, Biometrics 65(4), eq. 1). The mean over weeks
        is `width` if the forecast is calibrated.
        """
        below, up_to = (self.items < observed).mean(axis=0), (self.items <= observed).mean(axis=0)
        low, high = (1.0 - width) / 2.0, (1.0 + width) / 2.0
        inside = np.clip(up_to, low, high) - np.clip(below, low, high)
        probability = up_to - below
        # a value that occurs in no draw has no probability to spread over: it is one point
        at_a_point = ((below >= low) & (below <= high)).astype(float)
        return np.where(probability > 0, inside / np.where(probability > 0, probability, 1.0), at_a_point)


def without_parts(design: Design, *, calendar: bool = True, triggers: bool = True) -> Design:
    """Return the same series without its calendar or without its triggers."""
    if not calendar:
        design = replace(design, calendar=design.calendar[:, :0], occasions=(), season=design.season[:, :0])
    if not triggers:
        design = replace(design, triggers=design.triggers[:, :0], classes=(), dosed=(), dose=design.dose[:, :0])
    return design


def until(design: Design, year: int) -> Design:
    """Return the weeks up to the end of a year, with no later years."""
    years = tuple(number for number in design.years if number <= year)
    selected = _select_weeks(design, design.year <= year - design.years[0])
    return replace(selected, years=years, stride=design.stride[: len(years) - 1])


def _select_weeks(design: Design, selected: np.ndarray) -> Design:
    """Return some of the weeks; the years stay as they are."""
    names = ("weeks", "counts", "offset", "year", "calendar", "season", "triggers", "dose")
    return replace(design, **{name: getattr(design, name)[selected] for name in names})


def forecast(fit: Fit, whole: Design, *, seed: int) -> Forecast:
    """Forecast the weeks of a longer design that follow those of a fit, given their output, calendar and triggers.

    The level takes a random step into each new year. Persistence is computed from items drawn week by week.

    Args:
        fit: fitted to the first weeks of `whole`.
        whole: a design with the same groups and columns and the same first year.
        seed: of the draws.
    """
    known = np.arange(whole.weeks.size) < fit.design.weeks.size
    values = {name: jnp.asarray(value) for name, value in fit.values.items()}
    keys = jax.random.split(jax.random.key(seed), next(iter(values.values())).shape[0])
    past, future = _columns(_select_weeks(whole, known)), _columns(_select_weeks(whole, ~known))
    counts = jnp.asarray(fit.design.counts, dtype=float)
    paths = jax.jit(jax.vmap(partial(_path, jnp.asarray(whole.stride)), in_axes=(0, 0, None, None, None)))
    mean, size, items = (np.asarray(part) for part in paths(keys, values, past, future, counts))
    return Forecast(mean, size, items)


def _columns(design: Design) -> dict[str, Array]:
    names = ("offset", "year", "calendar", "season", "triggers", "dose")
    return {name: jnp.asarray(getattr(design, name)) for name in names}


def _steady(columns: Mapping[str, Array], level: Array, values: Mapping[str, Array]) -> Array:
    """Return the mean without persistence, (weeks, groups)."""
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
    """Draw the future weeks once; return mean, size and items of each."""
    path_key, level_key = jax.random.split(key)
    level = _extended_level(level_key, values, stride)

    def week(state: tuple[Array, Array], step: tuple[Array, Array]) -> tuple[tuple[Array, Array], tuple[Array, ...]]:
        items, expected = state
        steady, week_key = step
        total, sums = items.sum(axis=1), expected.sum(axis=1)
        carry = (
            values["carry"][0] * _log_ratio(total[-SHORT:].sum(), sums[-SHORT:].sum())
            + values["carry"][1] * _log_ratio(total.sum(), sums.sum())
            + values["carry"][2] * _log_ratio(items.sum(axis=0), expected.sum(axis=0))
        )
        mean = steady * jnp.exp(carry)
        rate_key, item_key = jax.random.split(week_key)
        rate = mean * jax.random.gamma(rate_key, values["size"]) / values["size"]
        drawn = jax.random.poisson(item_key, rate).astype(float)
        after = (jnp.vstack([items[1:], drawn]), jnp.vstack([expected[1:], steady]))
        size = mean.sum() ** 2 / (mean**2 / values["size"]).sum()
        return after, (mean.sum(), size, drawn.sum())

    steady = _steady(future, level, values)
    start = (counts[-LONG:], _steady(past, level, values)[-LONG:])
    return jax.lax.scan(week, start, (steady, jax.random.split(path_key, steady.shape[0])))[1]


def _log_ratio(items: Array, expected: Array) -> Array:
    return jnp.log((items + PRIOR_ITEMS) / (expected + PRIOR_ITEMS))


def _extended_level(key: Array, values: Mapping[str, Array], stride: Array) -> Array:
    """Return the level with random steps into the later years, (groups, years)."""
    level = values["level"]
    further = stride[level.shape[1] - 1 :]
    one, two = jax.random.split(key)
    common, own = jax.random.normal(one, (1, further.size)), jax.random.normal(two, (level.shape[0], further.size))
    steps = values["step"] * further * mixed(common, own)
    return jnp.concatenate([level, level[:, -1:] + jnp.cumsum(steps, axis=1)], axis=1)
