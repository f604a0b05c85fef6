"""Predict the course of disputes by extended deterrence with audience costs, estimated from past disputes.

A dispute is the war of attrition of Fearon (1994; `games.attrition`): backing down costs a side the more the longer the dispute lasts. The
challenger's cost grows at rate 1; the target's at the rate exp(x b), where x is what is known of both sides' conduct. A side's aversion to war depends
on the balance of forces that can reach the target's territory, protectors and backer included, and on the age. The target acts in return unless it backs
down at once; both fight if neither backs down. A share of targets acts at random. Maximum likelihood with normal priors finds the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import expit

from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.record import pair_numbers
from tocsin.evidence.past.roles import HELPERS
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.history import History
from tocsin.games.attrition import horizon_and_firm

CONDUCT = (
    "answered", "challenger answered", "answered others", "hostility", "hostility in return", "rivalry", "spatial",
    "challenger began others",
)  # fmt: skip
"""What the growth of the target's audience costs depends on."""
AGE = "world wars"
"""What both sides' aversion to war falls with."""
START = np.array([0.0, 0.2, 0.2, 0.0, 1.0, -2.0, 0.0])
"""Where the search starts, and the mean before the data: log rate of the target's audience costs, slopes of both aversions on the balance of
forces, logarithms of both aversions at an even balance, log odds of acting at random, fall of both aversions with `AGE`."""
PRECISION, CONDUCT_PRECISION = 0.5, 3.0
CLIP, RANGE, SMALL = 4.0, 6.0, 1e-9
MAX_STEPS = 500
STEP = 1e-3
"""Step of the numerical scores."""


def course(point: np.ndarray, known: np.ndarray, balance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities, (cases,) each, that the target acts in return, and that it does and the dispute comes to war.

    Args:
        point: numbers in the order of `START`, then one for each of `CONDUCT`; (numbers,), or (numbers, cases) if each case has its own.
        known: (cases, 1 + conduct) `AGE` and `CONDUCT`, standardized.
        balance: (cases,) log ratio of the challenger's side to the target's.
    """

    def positive(logs: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(np.clip(logs, -RANGE, RANGE)))

    conduct = (known[..., 1:] * point[len(START) :].T).sum(axis=-1)
    target, age = positive(point[0] + conduct), point[6] * known[..., 0]
    aversions = positive(point[3] - point[1] * balance - age), positive(point[4] + point[2] * balance - age)
    horizon, firm_a, firm_b = horizon_and_firm(np.ones_like(target), target, *aversions)
    random = expit(point[5])
    stays = np.clip(firm_b * (1.0 + horizon), 0.0, 1.0)
    answer = 0.5 * random + (1.0 - random) * stays
    return answer, (1.0 - random) * np.minimum(firm_a * firm_b, stays)


@dataclass(frozen=True)
class Audience:
    """An estimated war of attrition.

    Attributes:
        point: the numbers, see `course`.
        mean, scale: (1 + conduct,) of `AGE` and `CONDUCT` in the past.
        hostility: parameters of the hostility filter.
    """

    point: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    hostility: Parameters

    @classmethod
    def fit(cls, disputes: pl.DataFrame, past: History, hostility: Parameters) -> Audience:
        """Return the model learned from past disputes.

        Args:
            disputes, past, hostility: as in `StageGame.fit`.
        """
        from scipy.optimize import minimize

        columns = _known(disputes, past, hostility)
        mean, scale = columns.mean(axis=0), np.maximum(columns.std(axis=0), SMALL)
        seen = _seen(disputes, _standardized(columns, mean, scale))

        def loss(point: np.ndarray) -> float:
            return float(0.5 * _PRECISION @ (point - _START) ** 2 - _logs(point, seen).sum())

        point = minimize(loss, _START, method="BFGS", options={"maxiter": MAX_STEPS}).x
        return cls(point, mean, scale, hostility)

    def covariance(self, disputes: pl.DataFrame, past: History) -> np.ndarray:
        """Return the covariance of the numbers, with products of scores for the curvature and scores summed by pair.

        The likelihood has kinks, where its second derivatives say nothing; its scores are taken by central differences. Where the cases say
        nothing, the variance is that of the prior.

        Args:
            disputes, past: what the model was learned from.
        """
        known = _known(disputes, past, self.hostility)
        seen = _seen(disputes, _standardized(known, self.mean, self.scale))
        steps = STEP * np.eye(len(self.point))
        moved = [_logs(self.point + step, seen) - _logs(self.point - step, seen) for step in steps]
        scores = np.stack(moved, axis=1) / (2.0 * STEP)
        inverse = np.linalg.inv(scores.T @ scores + np.diag(_PRECISION))
        pairs = pair_numbers(disputes)
        sums = np.stack([np.bincount(pairs, weights=score) for score in scores.T], axis=1)
        return np.asarray(inverse @ (sums.T @ sums + np.diag(_PRECISION)) @ inverse)

    def predict(self, cases: pl.DataFrame, past: History) -> dict[str, np.ndarray]:
        """Return probabilities of new cases, (cases,) each, if a dispute begins: `reciprocate` and `war`; and `war in year`.

        The model does not cover how disputes begin. Their probability in `war in year` is that of the hostility filter.
        """
        known = _standardized(_known(cases, past, self.hostility), self.mean, self.scale)
        answer, war = course(self.point, known, balance_of(cases))
        rows, columns = past.record.rows(cases)
        begin = chance(past.record.sums(self.hostility.half_life).at(rows, columns), self.hostility)
        return {"reciprocate": answer, "war": war, "war in year": begin * war}


_START = np.concatenate([START, np.zeros(len(CONDUCT))])
_PRECISION = np.repeat([PRECISION, CONDUCT_PRECISION], [len(START), len(CONDUCT)])


class _Seen(NamedTuple):
    """What is known of disputes and what came of them; `known` and `balance` as in `course`."""

    known: np.ndarray
    balance: np.ndarray
    answered: np.ndarray
    war: np.ndarray


def _seen(disputes: pl.DataFrame, known: np.ndarray) -> _Seen:
    answered, war = (disputes[name].to_numpy() == 1 for name in ("reciprocate", "war"))
    return _Seen(known, balance_of(disputes), answered, war)


def _logs(point: np.ndarray, seen: _Seen) -> np.ndarray:
    """Return the log probability of the course of each dispute, (disputes,)."""
    answer, fight = course(point, seen.known, seen.balance)
    happened = np.where(seen.war, fight, np.where(seen.answered, answer - fight, 1.0 - answer))
    return np.asarray(np.log(np.maximum(happened, SMALL)))


def _known(cases: pl.DataFrame, past: History, hostility: Parameters) -> np.ndarray:
    known = covariates(cases, past, hostility)
    return np.column_stack([known[name] for name in (AGE, *CONDUCT)])


def _standardized(columns: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip((columns - mean) / scale, -CLIP, CLIP))


def balance_of(cases: pl.DataFrame) -> np.ndarray:
    """Return the log ratio of the forces that each side can use at the target's territory, helpers included."""

    def force(side: str, helper: str) -> pl.Expr:
        count = HELPERS[helper]
        names = [helper] if count == 1 else [f"{helper}{rank}" for rank in range(1, count + 1)]
        own = pl.col(f"{side}_capability") * pl.col(f"{side}_reach")
        return own + sum((pl.col(f"{name}_capability") * pl.col(f"{name}_reach")).fill_null(0.0) for name in names)

    ratio = force("challenger", "backer") / force("target", "protector")
    return np.asarray(cases.select(ratio.log()).to_series().to_numpy())
