"""Forecast rivals by crisis bargaining with private information, estimated from years of rivalry and from disputes.

The game is that of `signalling.game`: in a year, A leaves the status quo or begins a dispute; B concedes or acts in return; A then fights
(the dispute comes to war) or backs down. Each side knows its own values of these ends only, so the states that begin are firmer than
others. A's value of the status quo falls with its hostility; its value of a fight depends on the stake, on past force and on the age; B's
value of a fight depends on its record.

What B gains if A backs down is held at its value if it concedes. The cases ask for that: in the years to 2009, a gain of 0.005 lowers the log
likelihood by 11, and one of 0.02 by 24. So B acts in return if its value of a fight is above that of a concession, however likely A is to
fight, and the equilibrium is unique: u = W_B.

Years of rivalry enter with all four ends. Disputes in other years enter with the ends that follow a beginning, given that one happened,
since the data do not hold the quiet years of states that are not rivals. Maximisation is by Newton steps with products of scores for the
curvature (Berndt, Hall, Hall and Hausman 1974, Annals of Economic and Social Measurement 3(4)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array

from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.record import pair_numbers
from tocsin.evidence.past.roles import PAIR
from tocsin.evidence.signalling.game import MAX_U, PAYOFFS, choices, log_outcomes
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.history import History
from tocsin.games.backend import compiled_lightly

CONSTANT = "constant"
TERMS: tuple[tuple[str, str], ...] = (
    ("S_A", "hostility"),
    ("S_A", "challenger began others"),
    ("W_A", CONSTANT),
    ("W_A", "spatial"),
    ("W_A", "force"),
    ("W_A", "world wars"),
    ("a", CONSTANT),
    ("W_B", CONSTANT),
    ("W_B", "answered"),
    ("W_B", "answered others"),
    ("W_B", "hostility in return"),
    ("W_B", "rivalry"),
)
"""Payoffs and what they depend on. The others are 0; the cases hardly tell V_A from the constants."""
START: Mapping[tuple[str, str], float] = {
    ("S_A", "hostility"): -0.25, ("W_A", CONSTANT): -2.5, ("a", CONSTANT): -1.5, ("W_B", CONSTANT): 0.2,
}  # fmt: skip
PENALTY, FREE = 3.0, 0.01
"""Penalty on half the squared coefficients of standardized columns, and on constants."""
CLIP = 4.0
MAX_STEPS, SMALLEST_STEP, ENOUGH = 100, 1e-4, 1e-4
"""Steps of the maximisation, its smallest step, and the gain at which it ends."""
LEARNED, PREDICTED = 12_288, 2_048
"""Rows are filled up to a multiple of these, so that each function is compiled once."""


def equilibrium(payoffs: Array) -> Array:
    """Return the equilibrium u of a game in which V_B and C_B are 0, within the range of `signalling.game`."""
    return jnp.clip(payoffs[PAYOFFS.index("W_B")], -MAX_U, MAX_U)


@compiled_lightly
@jax.vmap
def _play(payoffs: Array) -> tuple[Array, Array, Array]:
    return tuple(choices(payoffs, equilibrium(payoffs)))  # type: ignore[return-value]


@compiled_lightly
@jax.vmap
def _scores(payoffs: Array, counts: Array, given: Array) -> tuple[Array, Array]:
    """Return the log probability of what happened in a game, and its derivatives by the payoffs.

    Args:
        payoffs: (7,) in the order of `PAYOFFS`.
        counts: (4,) how often each of the four ends happened.
        given: 1 if the probability is that of the ends given that a dispute began, else 0.
    """

    def loglik(game: Array) -> Array:
        logs = log_outcomes(game, equilibrium(game))
        begun = jnp.log(jnp.maximum(-jnp.expm1(logs[0]), 1e-300))
        return jnp.where(counts > 0, counts * logs, 0.0).sum() - given * begun

    return jax.value_and_grad(loglik)(payoffs)


@dataclass(frozen=True)
class Bargaining:
    """An estimated game of crisis bargaining.

    Attributes:
        coefficients: of `TERMS`, for standardized columns.
        mean, scale: of the columns of `TERMS` in the past; 0 and 1 for constants.
        hostility: parameters of the hostility filter.
        loglik: log probability of the past.
        converged: whether the maximisation ended before its last step.
    """

    coefficients: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    hostility: Parameters
    loglik: float
    converged: bool

    @classmethod
    def fit(cls, years: pl.DataFrame, disputes: pl.DataFrame, past: History, hostility: Parameters) -> Bargaining:
        """Return the game learned from past cases.

        Args:
            years, disputes, past, hostility: as in `StageGame.fit`.
        """
        others = disputes.join(years, on=PAIR, how="anti")
        columns = np.vstack([_columns(cases, past, hostility) for cases in (years, others)])
        mean, scale = _moments(columns[: years.height])
        first = np.array([START.get(term, 0.0) for term in TERMS])
        best, loglik, converged = _maximize(_standardized(columns, mean, scale), *_outcomes(years, others), first)
        return cls(best, mean, scale, hostility, loglik, converged)

    def covariance(self, years: pl.DataFrame, disputes: pl.DataFrame, past: History) -> np.ndarray:
        """Return the covariance of the coefficients, with products of scores for the curvature and scores summed by pair.

        The penalty counts as a normal prior: where the cases say nothing, the variance is that of the prior.

        Args:
            years, disputes, past: what the game was learned from.
        """
        others = disputes.join(years, on=PAIR, how="anti")
        regressors = _standardized(
            np.vstack([_columns(cases, past, self.hostility) for cases in (years, others)]), self.mean, self.scale
        )
        _, scores = _evaluated(regressors, *_outcomes(years, others), self.coefficients)
        inverse = np.linalg.inv(scores.T @ scores + np.diag(_PENALTIES))
        pairs = pair_numbers(pl.concat([cases.select(PAIR) for cases in (years, others)]))
        sums = np.stack([np.bincount(pairs, weights=score) for score in scores.T], axis=1)
        return np.asarray(inverse @ (sums.T @ sums + np.diag(_PENALTIES)) @ inverse)

    def moves(self, columns: np.ndarray, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the probabilities (cases,) that A begins, that B then resists, and that A then fights.

        Args:
            columns: (cases, terms) of `TERMS`, as they are.
            coefficients: (terms,), or (cases, terms) if each case has its own.
        """
        payoffs = _payoffs(_standardized(columns, self.mean, self.scale), coefficients)
        press, resist, firm = (
            np.asarray(part)[: len(columns)] for part in _play(jnp.asarray(_padded(payoffs, PREDICTED)))
        )
        return press, resist, firm

    def predict(self, cases: pl.DataFrame, past: History) -> dict[str, np.ndarray]:
        """Return probabilities of new cases, (cases,) each: `press`; if it does, `reciprocate` and `war`; and `war in year`."""
        press, resist, firm = self.moves(_columns(cases, past, self.hostility), self.coefficients)
        war = resist * firm
        return {"press": press, "reciprocate": resist, "war": war, "war in year": press * war}


def _columns(cases: pl.DataFrame, past: History, hostility: Parameters) -> np.ndarray:
    known = covariates(cases, past, hostility) | {CONSTANT: np.ones(cases.height)}
    return np.column_stack([known[name] for _, name in TERMS])


def _moments(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    free = np.array([name != CONSTANT for _, name in TERMS])
    spread = columns.std(axis=0)
    return np.where(free, columns.mean(axis=0), 0.0), np.where(free & (spread > 1e-9), spread, 1.0)


def _standardized(columns: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip((columns - mean) / scale, -CLIP, CLIP))


def _counts(cases: pl.DataFrame) -> np.ndarray:
    """Return which of the four ends each case had, (cases, 4)."""
    press, answered, war = (cases[name].fill_null(0).to_numpy() == 1 for name in ("press", "reciprocate", "war"))
    return np.column_stack([~press, press & ~answered, press & answered & war, press & answered & ~war]).astype(float)


_PAYOFF = np.array([PAYOFFS.index(name) for name, _ in TERMS])


def _payoffs(regressors: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    payoffs = np.zeros((len(regressors), len(PAYOFFS)))
    np.add.at(payoffs.T, _PAYOFF, (regressors * coefficients).T)
    return payoffs


def _padded(rows: np.ndarray, block: int) -> np.ndarray:
    missing = -len(rows) % block
    return np.concatenate([rows, np.zeros((missing, *rows.shape[1:]))])


def _outcomes(years: pl.DataFrame, others: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of years of rivalry and of other disputes, (cases, 4), and which are given that a dispute began, (cases,)."""
    counts = np.vstack([_counts(years), _counts(others)])
    return counts, np.repeat([0.0, 1.0], [years.height, others.height])


_PENALTIES = np.array([FREE if name == CONSTANT else PENALTY for _, name in TERMS])


def _evaluated(
    regressors: np.ndarray, counts: np.ndarray, given: np.ndarray, at: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the penalized log likelihood of coefficients, and the scores of each case without the penalty, (cases, terms)."""
    padded = (jnp.asarray(_padded(part, LEARNED)) for part in (_payoffs(regressors, at), counts, given))
    values, slopes = _scores(*padded)
    own = regressors * np.asarray(slopes)[: len(regressors), _PAYOFF]
    return float(values.sum()) - 0.5 * float(_PENALTIES @ at**2), own


def _maximize(
    regressors: np.ndarray, counts: np.ndarray, given: np.ndarray, point: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    """Return the coefficients with the highest penalized likelihood, that likelihood, and whether the search ended by itself."""
    value, scores = _evaluated(regressors, counts, given, point)
    for _ in range(MAX_STEPS):
        direction = np.linalg.solve(scores.T @ scores + np.diag(_PENALTIES), scores.sum(axis=0) - _PENALTIES * point)
        length, gain = 1.0, -np.inf
        while length > SMALLEST_STEP and not gain > 0.0:
            tried = _evaluated(regressors, counts, given, point + length * direction)
            gain, length = tried[0] - value, 0.5 * length
        if gain > 0.0:
            point, (value, scores) = point + 2.0 * length * direction, tried
        if gain < ENOUGH:
            return point, value, True
    return point, value, False
