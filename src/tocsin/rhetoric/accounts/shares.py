"""What a fitted account puts a series down to: by prediction with parts removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.accounts.model import arrays, parts


@dataclass(frozen=True)
class Weekly:
    """Items that each part accounts for; draws first.

    Attributes:
        baseline, calendar, carried, expected: (draws, weeks) summed over groups: the year's ordinary level, what occasions and season
            add to it or take from it, what the weeks before carry over, and the mean of the model, which is the sum of all parts.
        response: (draws, classes, weeks) what triggers add.
        baseline_of, calendar_of: (draws, groups) summed over weeks; response_of: (draws, classes, groups).
    """

    baseline: np.ndarray
    calendar: np.ndarray
    response: np.ndarray
    carried: np.ndarray
    expected: np.ndarray
    baseline_of: np.ndarray
    calendar_of: np.ndarray
    response_of: np.ndarray


def weekly(fit: Fit) -> Weekly:
    """Items by part.

    Ritual is what is foreseen with triggers and carry-over removed: baseline and calendar. The response is what is foreseen less
    what is foreseen with the triggers removed. It is divided among the classes by how much each adds to the log rate (the Aumann-
    Shapley value of an exponential: Billera, Heath and Raanan 1978), so that classes add up to the response and a week in the
    windows of two events is counted once. What is carried over adds up to nothing over the whole series: its mean is part of the
    level, from which the model cannot tell it.
    """
    found = _weekly(arrays(fit.design), dict(fit.values))
    return Weekly(*(np.asarray(each) for each in found))


@jax.jit
def _weekly(data: Mapping[str, Array], values: Mapping[str, Array]) -> tuple[Array, ...]:
    def one(draw: Mapping[str, Array]) -> tuple[Array, ...]:
        found = parts(data, draw)
        baseline = jnp.exp(data["offset"][:, None] + found.level)
        quiet = baseline * jnp.exp(found.calendar + found.carry)
        # what is carried over on average belongs to the level: only what lies off that average is news
        baseline = baseline * quiet.sum(axis=0) / (baseline * jnp.exp(found.calendar)).sum(axis=0)
        ritual = baseline * jnp.exp(found.calendar)
        together = found.triggers.sum(axis=1)
        # expm1(x) / x, which is 1 at 0
        rise = jnp.where(jnp.abs(together) < 1e-8, 1.0, jnp.expm1(together) / jnp.where(together == 0, 1.0, together))
        response = (quiet * rise)[:, None, :] * found.triggers
        return (
            baseline.sum(axis=1),
            (ritual - baseline).sum(axis=1),
            response.sum(axis=2).T,
            (quiet - ritual).sum(axis=1),
            (quiet * jnp.exp(together)).sum(axis=1),
            baseline.sum(axis=0),
            (ritual - baseline).sum(axis=0),
            response.sum(axis=0),
        )

    return jax.lax.map(one, dict(values), batch_size=16)


@dataclass(frozen=True)
class Shares:
    """Shares of the items seen in a span of weeks; draws first.

    Attributes:
        items: seen.
        baseline, calendar: the two parts of ritual; response: (draws, classes); unexplained: what is left, carried over from the
            weeks before or foreseen by nothing. They add up to 1. A part may be negative: a class of triggers after which
            there are fewer items, a span that stays below what was foreseen.
    """

    items: int
    baseline: np.ndarray
    calendar: np.ndarray
    response: np.ndarray
    unexplained: np.ndarray

    @property
    def ritual(self) -> np.ndarray:
        """Baseline and calendar."""
        return self.baseline + self.calendar


def shares(found: Weekly, counts: np.ndarray, span: np.ndarray) -> Shares:
    """Shares of the items of a span.

    Args:
        found: items by part; counts: (weeks,) items seen; span: (weeks,) which weeks.

    Raises:
        ValueError: if the span has no item.
    """
    return _shares(
        int(counts[span].sum()),
        found.baseline[:, span].sum(axis=-1),
        found.calendar[:, span].sum(axis=-1),
        found.response[:, :, span].sum(axis=-1),
    )


def shares_of(found: Weekly, counts: np.ndarray, group: int) -> Shares:
    """Shares of the items of one group over the whole series.

    Args:
        found: items by part; counts: (weeks, groups) items seen; group: which.
    """
    total = int(counts[:, group].sum())
    return _shares(total, found.baseline_of[:, group], found.calendar_of[:, group], found.response_of[:, :, group])


def _shares(items: int, baseline: np.ndarray, calendar: np.ndarray, response: np.ndarray) -> Shares:
    if items == 0:
        raise ValueError("a span without items has no shares")
    left = items - baseline - calendar - response.sum(axis=-1)
    return Shares(items, baseline / items, calendar / items, response / items, left / items)


def variation(found: Weekly, counts: np.ndarray, span: np.ndarray) -> dict[str, np.ndarray]:
    """Shares of the variance from week to week, draws: how much less remains once each part in turn is taken off.

    Ritual first, then the response, then what is carried over; the rest is chance and what nothing foresaw. They add up to 1.
    """
    seen = counts[span].astype(float)
    total = seen.var()
    off, left, before = np.zeros_like(found.baseline[:, span]), {}, np.ones(found.baseline.shape[0])
    steps = {
        "ritual": found.baseline + found.calendar,
        "response": found.response.sum(axis=1),
        "carried": found.carried,
    }
    for name, part in steps.items():
        off = off + part[:, span]
        after = (seen - off).var(axis=-1) / total
        left[name], before = before - after, after
    return {**left, "rest": before}


def ratios(fit: Fit) -> np.ndarray:
    """(draws, classes, windows) by how much the mean number of items is multiplied in each window, over groups as large as seen."""
    weights = fit.design.counts.sum(axis=0) / fit.design.counts.sum()
    return np.exp(fit.values["triggers"]) @ weights


def dose_ratios(fit: Fit) -> np.ndarray:
    """(draws, classes) by how much the mean number of items is multiplied for each standard deviation of a step."""
    weights = fit.design.counts.sum(axis=0) / fit.design.counts.sum()
    return np.exp(fit.values["dose"]) @ weights


def occasion_ratios(fit: Fit) -> np.ndarray:
    """(draws, occasions) by how much the mean number of items is multiplied in a week that lies wholly in an occasion."""
    weights = fit.design.counts.sum(axis=0) / fit.design.counts.sum()
    return np.exp(fit.values["calendar"]) @ weights


def unusual(fit: Fit, found: Weekly, *, triggers: bool) -> np.ndarray:
    """(weeks,) probability of as many items as were seen in a week, or more, from what was known before it.

    The sum of the groups is taken as negative binomial with the mean and the variance that it has; draws are averaged.

    Args:
        fit: an account.
        found: of `weekly(fit)`.
        triggers: whether triggers are known too, or only calendar, level and the weeks before.
    """
    from scipy.stats import nbinom

    mean = found.expected if triggers else found.expected - found.response.sum(axis=1)
    # each group's own mean is not kept by `weekly`; its share of the total is near enough constant for the variance
    weights = fit.design.counts.sum(axis=0) / fit.design.counts.sum()
    size = 1 / (weights**2 / fit.values["size"]).sum(axis=-1)
    seen = fit.design.counts.sum(axis=1)
    tail = nbinom.sf(seen[None] - 1, size[:, None], size[:, None] / (size[:, None] + np.maximum(mean, 1e-9)))
    return tail.mean(axis=0)


def week_shares(fit: Fit, week: int, group: int) -> dict[str, np.ndarray]:
    """What an item of a group in one week would be owed to: draws of the shares of ritual, response and what is carried over.

    Args:
        fit: an account; week, group: places in its design.
    """
    data = arrays(fit.design)
    found = jax.vmap(lambda draw: tuple(each[..., week, :] for each in _cells(data, draw)))(dict(fit.values))
    ritual, response, carried = (np.asarray(each)[..., group] for each in found)
    whole = ritual + response + carried
    return {"ritual": ritual / whole, "response": response / whole, "carried": carried / whole}


def _cells(data: Mapping[str, Array], draw: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """(weeks, groups) ritual, response and what is carried over, with carry-over measured as in `weekly`."""
    found = parts(data, draw)
    baseline = jnp.exp(data["offset"][:, None] + found.level)
    quiet = baseline * jnp.exp(found.calendar + found.carry)
    ritual = baseline * jnp.exp(found.calendar)
    ritual = ritual * quiet.sum(axis=0) / ritual.sum(axis=0)
    return ritual, quiet * jnp.expm1(found.triggers.sum(axis=1)), quiet - ritual
