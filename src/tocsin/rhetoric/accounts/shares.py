"""Divide the items of a fitted account among its parts, by predicting with parts removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.games.backend import compiled_lightly
from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.accounts.model import arrays, parts


@dataclass(frozen=True)
class WeeklyParts:
    """Number of items that each part explains; the first axis is draws.

    Attributes:
        baseline: (draws, weeks) the year's ordinary level, summed over groups, as are the next four.
        calendar: (draws, weeks) what occasions and season add or take away.
        response: (draws, classes, weeks) what triggers add.
        carried: (draws, weeks) what persistence adds.
        expected: (draws, weeks) the model's mean, the sum of all parts.
        baseline_of, calendar_of: (draws, groups) summed over weeks.
        response_of: (draws, classes, groups) summed over weeks.
    """

    baseline: np.ndarray
    calendar: np.ndarray
    response: np.ndarray
    carried: np.ndarray
    expected: np.ndarray
    baseline_of: np.ndarray
    calendar_of: np.ndarray
    response_of: np.ndarray


def weekly_parts(fit: Fit) -> WeeklyParts:
    """Divide the expected items of each week among the parts.

    Ritual is the prediction without triggers and persistence: baseline and calendar. The response is the prediction less the
    prediction without triggers. Each class has a share of it in proportion to its term in the log rate (the Aumann-Shapley value of
    an exponential: Billera, Heath and Raanan 1978). So classes add up to the response, and a week in the windows of two events counts
    once. Persistence adds up to 0 over the whole series: the model cannot separate its mean from the level.
    """
    return WeeklyParts(*(np.asarray(part) for part in _weekly_parts(arrays(fit.design), dict(fit.values))))


@compiled_lightly
def _weekly_parts(data: Mapping[str, Array], values: Mapping[str, Array]) -> tuple[Array, ...]:
    def of_draw(draw: Mapping[str, Array]) -> tuple[Array, ...]:
        rate = parts(data, draw)
        baseline = jnp.exp(data["offset"][:, None] + rate.level)
        quiet = baseline * jnp.exp(rate.calendar + rate.carry)
        # the mean of persistence belongs to the level
        baseline = baseline * quiet.sum(axis=0) / (baseline * jnp.exp(rate.calendar)).sum(axis=0)
        ritual = baseline * jnp.exp(rate.calendar)
        together = rate.triggers.sum(axis=1)
        # expm1(x) / x, which is 1 at 0
        rise = jnp.where(jnp.abs(together) < 1e-8, 1.0, jnp.expm1(together) / jnp.where(together == 0, 1.0, together))
        response = (quiet * rise)[:, None, :] * rate.triggers
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

    return jax.lax.map(of_draw, dict(values), batch_size=16)


@dataclass(frozen=True)
class Shares:
    """Shares of the observed items in a span of weeks; they add up to 1.

    A share may be negative, as for a class of triggers that fewer items follow, or a span with fewer items than expected.

    Attributes:
        items: observed number.
        baseline, calendar: (draws,) the two parts of ritual.
        response: (draws, classes).
        unexplained: (draws,) the rest: carried over from the weeks before, or not predicted at all.
    """

    items: int
    baseline: np.ndarray
    calendar: np.ndarray
    response: np.ndarray
    unexplained: np.ndarray

    @property
    def ritual(self) -> np.ndarray:
        """Return the sum of baseline and calendar, (draws,)."""
        return self.baseline + self.calendar


def shares(weekly: WeeklyParts, counts: np.ndarray, span: np.ndarray) -> Shares:
    """Return the shares of the items in a span of weeks.

    Args:
        weekly: items by part; counts: (weeks,) observed items; span: (weeks,) whether the week is in the span.

    Raises:
        ValueError: if the span has no item.
    """
    return _shares(
        int(counts[span].sum()),
        weekly.baseline[:, span].sum(axis=-1),
        weekly.calendar[:, span].sum(axis=-1),
        weekly.response[:, :, span].sum(axis=-1),
    )


def shares_of(weekly: WeeklyParts, counts: np.ndarray, group: int) -> Shares:
    """Return the shares of one group's items over the whole series.

    Args:
        weekly: items by part; counts: (weeks, groups) observed items; group: its index.
    """
    total = int(counts[:, group].sum())
    return _shares(total, weekly.baseline_of[:, group], weekly.calendar_of[:, group], weekly.response_of[:, :, group])


def _shares(items: int, baseline: np.ndarray, calendar: np.ndarray, response: np.ndarray) -> Shares:
    if items == 0:
        raise ValueError("a span without items has no shares")
    rest = items - baseline - calendar - response.sum(axis=-1)
    return Shares(items, baseline / items, calendar / items, response / items, rest / items)


def variation(weekly: WeeklyParts, counts: np.ndarray, span: np.ndarray) -> dict[str, np.ndarray]:
    """Return the share of the variance between weeks that each part explains, each (draws,).

    The parts are subtracted in turn: ritual, response, persistence. The rest is chance. The shares add up to 1.
    """
    observed = counts[span].astype(float)
    total = observed.var()
    explained, drop, before = np.zeros_like(weekly.baseline[:, span]), {}, np.ones(weekly.baseline.shape[0])
    steps = {
        "ritual": weekly.baseline + weekly.calendar,
        "response": weekly.response.sum(axis=1),
        "carried": weekly.carried,
    }
    for name, part in steps.items():
        explained = explained + part[:, span]
        after = (observed - explained).var(axis=-1) / total
        drop[name], before = before - after, after
    return {**drop, "rest": before}


def _weights(fit: Fit) -> np.ndarray:
    """Return the groups' shares of all items, (groups,)."""
    return fit.design.counts.sum(axis=0) / fit.design.counts.sum()


def trigger_factors(fit: Fit) -> np.ndarray:
    """Return the factor on the mean number of items in each window of a class, (draws, classes, windows)."""
    return np.exp(fit.values["triggers"]) @ _weights(fit)


def dose_factors(fit: Fit) -> np.ndarray:
    """Return the factor on the mean number of items per standard deviation of an event's size, (draws, dosed classes)."""
    return np.exp(fit.values["dose"]) @ _weights(fit)


def occasion_factors(fit: Fit) -> np.ndarray:
    """Return the factor on the mean number of items in a week that lies wholly in an occasion, (draws, occasions)."""
    return np.exp(fit.values["calendar"]) @ _weights(fit)


def tail_probability(fit: Fit, weekly: WeeklyParts, *, triggers: bool) -> np.ndarray:
    """Return the probability of at least the observed items of each week, given the weeks before it, (weeks,).

    The sum of the groups is approximated by a negative binomial with its mean and variance; draws are averaged.

    Args:
        fit: the posterior of an account.
        weekly: its parts.
        triggers: whether to condition on triggers too, or only on level, calendar and the weeks before.
    """
    from scipy.stats import nbinom

    mean = weekly.expected if triggers else weekly.expected - weekly.response.sum(axis=1)
    # `weekly` has no mean of each group; the groups' shares of the total are constant enough for the variance
    size = 1 / (_weights(fit) ** 2 / fit.values["size"]).sum(axis=-1)
    observed = fit.design.counts.sum(axis=1)
    tail = nbinom.sf(observed[None] - 1, size[:, None], size[:, None] / (size[:, None] + np.maximum(mean, 1e-9)))
    return tail.mean(axis=0)


def week_shares(fit: Fit, week: int, group: int) -> dict[str, np.ndarray]:
    """Return the shares of ritual, response and persistence in the expected items of a group in one week, each (draws,).

    Args:
        fit: an account; week, group: indices in its design.
    """
    data = arrays(fit.design)
    cells = jax.vmap(lambda draw: tuple(part[..., week, :] for part in _cells(data, draw)))(dict(fit.values))
    ritual, response, carried = (np.asarray(part)[..., group] for part in cells)
    total = ritual + response + carried
    return {"ritual": ritual / total, "response": response / total, "carried": carried / total}


def _cells(data: Mapping[str, Array], draw: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """Return ritual, response and persistence, each (weeks, groups); see `weekly_parts`."""
    rate = parts(data, draw)
    baseline = jnp.exp(data["offset"][:, None] + rate.level)
    quiet = baseline * jnp.exp(rate.calendar + rate.carry)
    ritual = baseline * jnp.exp(rate.calendar)
    ritual = ritual * quiet.sum(axis=0) / ritual.sum(axis=0)
    return ritual, quiet * jnp.expm1(rate.triggers.sum(axis=1)), quiet - ritual
