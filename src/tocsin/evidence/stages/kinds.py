"""Forecast rivals by spiral and trust: what each side has shown itself to be, and what the other therefore fears.

A state is of one of two kinds towards another, calm or hostile, and may change (Kydd 2005, Trust and Mistrust in International Relations).
All that is seen is in which years it begins a dispute. Bayes' rule turns these years into the belief h that it is hostile:

    chance of a beginning by kind k in a year:  q_k = logistic(a_k + f g)      g: the belief that the other side is hostile
    after the year:                             h' = h q_1 / (h q_1 + (1 - h) q_0), and with 1 - q if none began
    by the next year:                           h = (1 - calming) h' + turning (1 - h')

So fear f lets the acts of each side feed those of the other. The forecast is h q_1 + (1 - h) q_0. A pair begins, and begins again after a
gap in its record, with one belief for all. Maximum likelihood finds the six numbers from past years of risk; the filter sees every year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array
from scipy.special import logit

from tocsin.evidence.hostility.record import Record, pair_numbers
from tocsin.evidence.stages.history import History
from tocsin.evidence.stages.logit import Logit
from tocsin.evidence.stages.logit import fit as fit_logit
from tocsin.games.backend import compiled_lightly

SMALL = 1e-6
PRIOR_SPREAD = 2.0
"""Standard deviation of each number of `Spiral`, on its scale of search, about `START`."""


class Spiral(NamedTuple):
    """The numbers of the model.

    Attributes:
        calm, gap: log odds that a calm side begins a dispute in a year, and by how much a hostile side exceeds them.
        fear: what the belief that the other side is hostile adds.
        turning, calming: chances that a calm side becomes hostile by the next year, and a hostile one calm.
        first: belief that a side is hostile, in the first year.
    """

    calm: float | Array
    gap: float | Array
    fear: float | Array
    turning: float | Array
    calming: float | Array
    first: float | Array


START = np.array([logit(0.05), np.log(3.0), 0.0, logit(0.02), logit(0.1), logit(0.1)])
"""Where the search starts: log odds of chances, the logarithm of the gap, and fear as it is."""


def _numbers(point: Array) -> Spiral:
    chances = jax.nn.sigmoid(point[3:])
    return Spiral(point[0], jnp.exp(point[1]), point[2], chances[0], chances[1], chances[2])


@compiled_lightly
def beliefs(point: Array, began: Array, covered: Array, reverse: Array) -> tuple[Array, Array]:
    """Return at 1 January of each year, (P, T + 1), the belief that each side is hostile, and the chance that it begins a dispute.

    Args:
        point: numbers on the scale of search, as `START`.
        began, covered: (P, T) as in `Record`.
        reverse: (P,) the row of each pair in reverse.

    Returns:
        Beliefs and chances; in a year after one that the record does not cover, the belief is the first one.
    """
    numbers = _numbers(point)

    def chances(hostile: Array) -> tuple[Array, Array]:
        calm = numbers.calm + numbers.fear * hostile[reverse]
        return jax.nn.sigmoid(calm), jax.nn.sigmoid(calm + numbers.gap)

    def step(hostile: Array, year: tuple[Array, Array]) -> tuple[Array, tuple[Array, Array]]:
        acted, known = year
        calm, warlike = chances(hostile)
        forecast = hostile * warlike + (1.0 - hostile) * calm
        after = hostile * jnp.where(acted == 1, warlike / forecast, (1.0 - warlike) / (1.0 - forecast))
        turned = (1.0 - numbers.calming) * after + numbers.turning * (1.0 - after)
        return jnp.where(known == 1, turned, numbers.first), (hostile, forecast)

    start = jnp.full(began.shape[0], numbers.first)
    last, (before, forecasts) = jax.lax.scan(step, start, (began.T, covered.T))
    calm, warlike = chances(last)
    end = last * warlike + (1.0 - last) * calm
    return jnp.vstack([before, last]).T, jnp.vstack([forecasts, end]).T


def _objective(point: Array, began: Array, covered: Array, reverse: Array, risk: Array, outcome: Array) -> Array:
    """Return minus the penalized log likelihood; `risk` (P, T + 1) is 1 for the years to learn from."""
    _, forecast = beliefs(point, began, covered, reverse)
    logs = jnp.where(outcome == 1, jnp.log(forecast), jnp.log1p(-forecast))
    return -jnp.where(risk == 1, logs, 0.0).sum() + 0.5 * (((point - START) / PRIOR_SPREAD) ** 2).sum()


_loss, _curvature = compiled_lightly(jax.value_and_grad(_objective)), compiled_lightly(jax.hessian(_objective))


@dataclass(frozen=True)
class Kinds:
    """A forecaster of what rivals do by what each believes of the other.

    Attributes:
        point: the numbers on the scale of search.
        answers, wars: logits of an act in return, and of war after it, on both beliefs.
    """

    point: np.ndarray
    answers: Logit
    wars: Logit

    @property
    def numbers(self) -> Spiral:
        """Return the numbers of the model."""
        return Spiral(*(float(value) for value in _numbers(jnp.asarray(self.point))))

    @classmethod
    def fit(cls, years: pl.DataFrame, disputes: pl.DataFrame, past: History) -> Kinds:
        """Return the model learned from past cases.

        Args:
            years, disputes, past: as in `StageGame.fit`.
        """
        from scipy.optimize import minimize

        data = _data(years, past)

        def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = _loss(jnp.asarray(point), *data)
            return float(value), np.asarray(slope)

        point = minimize(loss, START, jac=True, method="L-BFGS-B").x
        known = _odds(point, past, disputes)
        pairs, answered = pair_numbers(disputes), disputes["reciprocate"].to_numpy()
        acted = answered == 1
        names = ("challenger hostile", "target hostile")
        answers = fit_logit(known, answered.astype(float), pairs, names)
        wars = fit_logit(known[acted], disputes["war"].to_numpy()[acted].astype(float), pairs[acted], names)
        return cls(point, answers, wars)

    def covariance(self, years: pl.DataFrame, past: History) -> np.ndarray:
        """Return the covariance of `point`, the inverse of the curvature of the penalized likelihood.

        Args:
            years, past: what the beliefs were learned from.
        """
        return np.linalg.inv(np.asarray(_curvature(jnp.asarray(self.point), *_data(years, past))))

    def predict(self, cases: pl.DataFrame, past: History) -> dict[str, np.ndarray]:
        """Return probabilities of new cases, (cases,) each: `press`; if it does, `reciprocate` and `war`; and `war in year`."""
        _, chance = beliefs(jnp.asarray(self.point), *_arrays(past.record))
        press = np.asarray(chance)[past.record.rows(cases)]
        known = _odds(self.point, past, cases)
        answer = self.answers.predict(known)
        war = answer * self.wars.predict(known)
        return {"press": press, "reciprocate": answer, "war": war, "war in year": press * war}


def final_beliefs(point: np.ndarray, past: History) -> np.ndarray:
    """Return the log odds (P,), at 1 January after the record, that the first state of each pair is hostile to the second."""
    hostile = np.asarray(beliefs(jnp.asarray(point), *_arrays(past.record))[0])[:, -1]
    return np.asarray(logit(np.clip(hostile, SMALL, 1.0 - SMALL)))


def _odds(point: np.ndarray, past: History, cases: pl.DataFrame) -> np.ndarray:
    """Return the log odds, (cases, 2), that the challenger is hostile, and that the target is."""
    began, covered, reverse = _arrays(past.record)
    hostile = np.clip(np.asarray(beliefs(jnp.asarray(point), began, covered, reverse)[0]), SMALL, 1.0 - SMALL)
    pair, year = past.record.rows(cases)
    return np.column_stack([logit(hostile[pair, year]), logit(hostile[np.asarray(reverse)[pair], year])])


def _data(years: pl.DataFrame, past: History) -> tuple[Array, ...]:
    """Return the record of the rivals, and the years to learn from with their outcomes; see `_objective`."""
    rivals = _rivals(past)
    rows = rivals.rows(years)
    risk, outcome = (np.zeros((len(rivals.pairs), rivals.began.shape[1] + 1)) for _ in range(2))
    risk[rows], outcome[rows] = 1.0, years["press"].to_numpy()
    return (*_arrays(rivals), jnp.asarray(risk), jnp.asarray(outcome))


def _rivals(past: History) -> Record:
    """Return the record of the pairs that were ever rivals: the same pairs for all past cases, so that one size is compiled."""
    pairs = past.record.pairs[past.rivals.any(axis=1)]
    return past.record.of(pl.DataFrame(pairs, schema=("challenger", "target")).with_columns(year=past.record.last))


def _arrays(record: Record) -> tuple[Array, Array, Array]:
    """Return what `beliefs` needs of a record that holds every pair in both orders."""
    index = {tuple(pair): row for row, pair in enumerate(record.pairs.tolist())}
    reverse = np.array([index[other, one] for one, other in record.pairs.tolist()])
    return jnp.asarray(record.began), jnp.asarray(record.covered), jnp.asarray(reverse)
