"""Predict the critical items of one week from the weeks before it.

The account that was fitted to the weeks before the year gives draws of all effects, and of the level of its last year. The level of the
year at hand is a random step away. The weeks of the year seen so far inform this step: for each draw of the other effects, the posterior
of the step is approximated by a normal distribution at its mode (Laplace). The other effects wait for the next year's fit. Nothing of the week itself or of later weeks is used, except how much the outlet published in the week, which scales the counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array

from tocsin.errors import SolveError
from tocsin.games.backend import compiled_lightly
from tocsin.rhetoric.accounts.design import yearly_waves
from tocsin.rhetoric.accounts.model import LONG, persistence
from tocsin.rhetoric.series import critical_items
from tocsin.rhetoric.triggers import Trigger, columns
from tocsin.rhetoric.watch.learning import Learned, first_week, known_events
from tocsin.translation import message

ROWS = LONG + 53
"""Weeks that a prediction may read: those before the year, and those of the longest year."""
DRAWS = 250
"""Draws of the account that are used."""
SAMPLES, REPEATS = 4_000, 5
"""Sampled rates of the week, and numbers of items sampled at each."""
MAX_STEPS = 300
"""Newton steps to the mode."""
MAX_HALVINGS = 20
"""Times that a Newton step may be halved."""
MIN_GAIN = 0.25
"""Share of the gain that the slope promises that a step must reach."""
MIN_BEND = 1e-3
"""Smallest curvature by which a gradient is divided."""
ROUNDING = 1e-10
"""Relative rounding error of the loss."""
TOLERANCE = 1e-4
"""Largest change of a step at its mode."""
CORRELATION = 0.5
"""Correlation between the steps of two groups; see `accounts.model`."""


@dataclass(frozen=True)
class Expectation:
    """The predictive distribution of a week.

    Attributes:
        items: (samples, rungs) numbers of critical items by rung.
        rare: (samples,) numbers of critical items of the rare rungs together.
        calendar, events, carried: mean number of items from level and calendar, what events add, and what the weeks before add.
    """

    items: np.ndarray
    rare: np.ndarray
    calendar: float
    events: float
    carried: float

    @property
    def mean(self) -> float:
        """Return the mean number of items of all rungs with a group."""
        return self.calendar + self.events + self.carried


@dataclass(frozen=True)
class WeekTable:
    """The weeks of a series by their Mondays, as a prediction reads them: output, and critical items by rung."""

    output: Mapping[dt.date, float]
    items: Mapping[tuple[dt.date, str], int]

    @classmethod
    def of(cls, counts: pl.DataFrame) -> WeekTable:
        """Return the table of weekly counts, as `series.tally` returns them."""
        by_rung = critical_items(counts).group_by("from", "rung").agg(pl.col("items").sum())
        output = {week: float(number) for week, number in counts.select("from", "output").unique().iter_rows()}
        return cls(output, {(week, rung): number for week, rung, number in by_rung.iter_rows()})

    def row(self, week: dt.date, rungs: Sequence[str]) -> list[int]:
        """Return the critical items of a week by rung."""
        return [self.items.get((week, rung), 0) for rung in rungs]


def expect(
    learned: Learned, table: WeekTable, events: Sequence[Trigger], week: dt.date, output: float, *, seed: int = 1
) -> Expectation:
    """Return the predictive distribution of a week of the year of `learned`.

    Args:
        learned: what the weeks before the year tell.
        table: the series; only weeks before `week` are read.
        events: as `triggers.triggers` selects them; only those up to the end of the week are used.
        week: a Monday of the year.
        output: number of all items of the outlet in the week.
        seed: seed of the samples.

    Raises:
        SolveError: if the modes of the level are not found.
    """
    data = _rows(learned, table, events, week, output)
    values = _thinned(learned)
    mode, root = _steps(values, data, learned.step_variance)
    random = np.random.default_rng([seed, week.toordinal(), *learned.target.encode()])
    chosen = random.integers(mode.shape[0], size=SAMPLES)
    step = mode[chosen] + np.einsum("nij,nj->ni", root[chosen], random.normal(size=(SAMPLES, mode.shape[1])))
    drawn = {name: value[chosen] for name, value in values.items()}
    calendar, events_added, mean = map(np.asarray, _all_of_week(drawn, step, data))
    size = drawn["size"]
    repeated, sizes = np.repeat(mean, REPEATS, axis=0), np.repeat(size, REPEATS, axis=0)
    items = random.poisson(repeated * random.gamma(sizes) / sizes)
    # Jeffreys' prior on the rate of the rare rungs
    rare_rate = random.gamma(learned.rare_items + 0.5, output / learned.output, size=items.shape[0])
    return Expectation(
        items,
        random.poisson(rare_rate) if learned.rare else np.zeros(items.shape[0], dtype=int),
        float(calendar.sum(axis=1).mean()),
        float((events_added - calendar).sum(axis=1).mean()),
        float((mean - events_added).sum(axis=1).mean()),
    )


def _thinned(learned: Learned) -> dict[str, np.ndarray]:
    """Return evenly spaced draws of the parameters that a prediction needs; the level is that of the last year."""
    total = learned.fit.values["size"].shape[0]
    chosen = np.linspace(0, total - 1, min(DRAWS, total)).astype(int)
    names = ("calendar", "season", "triggers", "carry", "size", "step")
    values = {name: learned.fit.values[name][chosen] for name in names}
    return {**values, "level": learned.fit.values["level"][chosen][:, :, -1]}


def _rows(
    learned: Learned, table: WeekTable, events: Sequence[Trigger], week: dt.date, output: float
) -> dict[str, np.ndarray]:
    """Return the columns of the weeks up to `week`, padded to `ROWS`; weeks without output are absent."""
    start = first_week(learned.year) - dt.timedelta(weeks=LONG)
    weeks = [start + dt.timedelta(weeks=index) for index in range(ROWS)]
    at = (week - start).days // 7
    outputs = np.array([table.output.get(day, 0.0) for day in weeks])
    outputs[at], outputs[at + 1 :] = output, 0.0
    counts = np.array([table.row(day, learned.rungs) for day in weeks], dtype=float)
    counts[at:] = 0.0
    present = outputs > 0
    counts[~present] = 0.0
    own = columns(
        np.array(weeks, dtype="datetime64[D]"),
        learned.anniversaries,
        known_events(events, week + dt.timedelta(weeks=1)),
    )
    fitted = learned.fit.design.classes
    triggers = np.zeros((ROWS, len(fitted), own.triggers.shape[2]))
    for index, name in enumerate(fitted):
        if name in own.classes:
            triggers[:, index] = own.triggers[:, own.classes.index(name)]
    rows_at = np.arange(ROWS)
    return {
        "counts": counts,
        "offset": np.log(np.where(present, outputs, 1.0)),
        "present": present,
        "later": rows_at >= LONG,
        "seen": present & (rows_at >= LONG) & (rows_at < at),
        "calendar": own.calendar,
        "season": yearly_waves(np.array(weeks, dtype="datetime64[D]") + 3),
        "triggers": triggers,
        "at": np.array(at),
    }


def _log_rates(draw: Mapping[str, Array], step: Array, data: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """Return log rates, each (weeks, groups): of level and calendar, with events, and with persistence too."""
    level = draw["level"] + jnp.where(data["later"][:, None], step, 0.0)
    calendar = data["offset"][:, None] + level + data["calendar"] @ draw["calendar"] + data["season"] @ draw["season"]
    with_events = calendar + jnp.einsum("tgw,gwk->tk", data["triggers"], draw["triggers"])
    steady = jnp.where(data["present"][:, None], jnp.exp(with_events), 0.0)
    return calendar, with_events, with_events + persistence(data["counts"], steady, draw["carry"])


def _with_slope(draw: Mapping[str, Array], step: Array, data: Mapping[str, Array]) -> tuple[Array, Array]:
    """Return the log rates, (weeks, groups), and their derivative by the step, (weeks, groups, groups)."""
    return _log_rates(draw, step, data)[2], jax.jacfwd(lambda moved: _log_rates(draw, moved, data)[2])(step)


def _of_week(draw: Mapping[str, Array], step: Array, data: Mapping[str, Array]) -> tuple[Array, ...]:
    return tuple(jnp.exp(rates[data["at"]]) for rates in _log_rates(draw, step, data))


def _loss(draw: Mapping[str, Array], step: Array, data: Mapping[str, Array], prior: Array) -> Array:
    """Return the negative log posterior of the step, up to a constant; `prior` is its inverse covariance."""
    log_rate = _log_rates(draw, step, data)[2]
    counts, size = data["counts"], draw["size"]
    fit = counts * log_rate - (counts + size) * jnp.logaddexp(log_rate, jnp.log(size))
    return step @ prior @ step / 2 - jnp.where(data["seen"][:, None], fit, 0.0).sum()


_all_with_slope = compiled_lightly(jax.vmap(_with_slope, in_axes=(0, 0, None)))
_all_of_week = compiled_lightly(jax.vmap(_of_week, in_axes=(0, 0, None)))
_losses = compiled_lightly(jax.vmap(_loss, in_axes=(0, 0, None, 0)))
_gradients = compiled_lightly(jax.vmap(jax.grad(_loss, argnums=1), in_axes=(0, 0, None, 0)))
_hessians = compiled_lightly(jax.vmap(jax.hessian(_loss, argnums=1), in_axes=(0, 0, None, 0)))


def _steps(
    values: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray], stride: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each draw the mode of the step of the level, (draws, groups), and a root of its covariance.

    Persistence depends on the level too, so after a very loud week the log posterior is not concave everywhere. Each move is therefore
    Newton's with the absolute eigenvalues of the Hessian, halved until the posterior grows enough (Armijo).

    Raises:
        SolveError: if the modes are not found.
    """
    groups = values["size"].shape[1]
    correlation = (1 - CORRELATION) * np.eye(groups) + CORRELATION
    prior = np.linalg.inv(correlation) / (stride * values["step"] ** 2)[:, None, None]
    step = np.zeros(values["size"].shape)
    for _ in range(MAX_STEPS):
        gradient = np.asarray(_gradients(values, step, data, prior))
        bend, axes = np.linalg.eigh(np.asarray(_hessians(values, step, data, prior)))
        along = np.einsum("nij,ni->nj", axes, gradient) / np.maximum(np.abs(bend), MIN_BEND)
        move = -np.einsum("nij,nj->ni", axes, along)
        largest = np.abs(move).max(axis=1, keepdims=True)
        if largest.max() < TOLERANCE:
            return step, np.linalg.inv(np.linalg.cholesky(_curvature(values, data, prior, step))).transpose(0, 2, 1)
        step = _moved(values, data, prior, step, move / np.maximum(1.0, largest), gradient)
    raise SolveError(
        message("the level of the year has no mode"), remedy=message("report this, with the weekly counts of the year")
    )


def _moved(
    values: Mapping[str, np.ndarray],
    data: Mapping[str, np.ndarray],
    prior: np.ndarray,
    step: np.ndarray,
    move: np.ndarray,
    gradient: np.ndarray,
) -> np.ndarray:
    """Return the steps after a move, halved for each draw until the loss falls by `MIN_GAIN` of what its slope promises."""
    before = np.asarray(_losses(values, step, data, prior))
    allowed = before + ROUNDING * np.abs(before)  # rounding hides the gain next to the mode
    promised = np.einsum("ni,ni->n", gradient, move)
    fraction = np.ones(before.shape)
    for _ in range(MAX_HALVINGS):
        loss = np.asarray(_losses(values, step + fraction[:, None] * move, data, prior))
        enough = loss <= allowed + MIN_GAIN * fraction * promised
        if enough.all():
            break
        fraction = np.where(enough, fraction, fraction / 2)
    return step + fraction[:, None] * move


def _curvature(
    values: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray], prior: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Return the inverse covariance of the steps without the second derivative of persistence (Gauss and Newton's)."""
    log_rate, slope = map(np.asarray, _all_with_slope(values, step, data))
    size = values["size"][:, None, :]
    share = 1 / (1 + np.exp(log_rate - np.log(size)))
    stiffness = np.where(data["seen"][None, :, None], (data["counts"] + size) * share * (1 - share), 0.0)
    return np.asarray(prior + np.einsum("ntk,ntki,ntkj->nij", stiffness, slope, slope))
