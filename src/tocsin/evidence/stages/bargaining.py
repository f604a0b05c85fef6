"""Forecast rivals by crisis bargaining with private information, estimated from years of rivalry and from disputes.

The game is that of `signalling.game`: in a year, A leaves the status quo or begins a dispute; B concedes or acts in return; A then fights
(the dispute comes to war) or backs down. Each side knows its own values of these ends only, so what A begins tells B how firm it is, and B's
answer depends on how likely A is to fight. A's value of the status quo falls with its hostility; its value of a fight depends on the stake,
on past force and on the age; B's value of a fight depends on its record.

Years of rivalry enter with all four ends. Disputes in other years enter with the ends that follow a beginning, given that one happened,
since the data do not hold the quiet years of states that are not rivals. The payoffs of a concession are 0. Maximisation is by Newton
steps with products of scores for the curvature (Berndt, Hall, Hall and Hausman 1974), at the equilibrium that bisection finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array

from tocsin.evidence.hostility.filter import Parameters
from tocsin.evidence.signalling.game import MAX_U, PAYOFFS, choices, gap, log_outcomes
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.history import History

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
    ("V_B", CONSTANT),
)
"""Payoffs and what they depend on. V_A and C_B are 0: the data hardly tell them from the constants of the others."""
START: Mapping[tuple[str, str], float] = {
    ("S_A", "hostility"): -0.25, ("W_A", CONSTANT): -2.5, ("a", CONSTANT): -1.5, ("W_B", CONSTANT): 0.2,
}  # fmt: skip
PENALTY, FREE = 3.0, 0.01
"""Penalty on half the squared coefficients of standardized columns and of V_B, and on the other constants."""
CLIP = 4.0
HALVINGS, MAX_STEPS, SMALLEST_STEP, ENOUGH = 30, 40, 1e-4, 0.01
"""Halvings of the search for an equilibrium; steps of the maximisation, its smallest step, and the gain at which it ends."""
LEARNED, PREDICTED = 12_288, 2_048
"""Rows are filled up to a multiple of these, so that each function is compiled once."""


def equilibrium(payoffs: Array) -> Array:
    """Return an equilibrium u of a game; the search is within -8 and 8, as in `signalling.game`."""

    def halve(_: int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        middle = 0.5 * (low + high)
        up = gap(payoffs, middle) > 0
        return jnp.where(up, middle, low), jnp.where(up, high, middle)

    low, high = jax.lax.fori_loop(0, HALVINGS, halve, (jnp.asarray(-MAX_U), jnp.asarray(MAX_U)))
    return 0.5 * (low + high)


@jax.jit
@jax.vmap
def _play(payoffs: Array) -> tuple[Array, Array, Array]:
    return tuple(choices(payoffs, equilibrium(payoffs)))  # type: ignore[return-value]


@jax.jit
@jax.vmap
def _scores(payoffs: Array, counts: Array, given: Array) -> tuple[Array, Array]:
    """Return the log probability of what happened in a game, and its derivatives by the payoffs, including the shift of u."""

    def loglik(game: Array, u: Array) -> Array:
        logs = log_outcomes(game, u)
        begun = jnp.log(jnp.maximum(-jnp.expm1(logs[0]), 1e-300))
        return jnp.where(counts > 0, counts * logs, 0.0).sum() - given * begun

    u = equilibrium(payoffs)
    value, (direct, along) = jax.value_and_grad(loglik, argnums=(0, 1))(payoffs, u)
    by_payoffs, by_u = jax.grad(gap, argnums=(0, 1))(payoffs, u)
    inside = jnp.abs(u) < 0.999 * MAX_U
    moved = jnp.where(inside, -by_payoffs / jnp.where(jnp.abs(by_u) > 1e-8, by_u, 1e-8), 0.0)
    return value, direct + along * moved


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
    def fit(
        cls,
        years: pl.DataFrame,
        disputes: pl.DataFrame,
        past: History,
        hostility: Parameters,
        start: Bargaining | None = None,
    ) -> Bargaining:
        """Return the game learned from past cases.

        Args:
            years, disputes, past, hostility: as in `StageGame.fit`.
            start: a game whose coefficients the search starts from, such as one learned from fewer years.
        """
        others = disputes.join(years, on=["challenger", "target", "year"], how="anti")
        columns = np.vstack([_columns(cases, past, hostility) for cases in (years, others)])
        mean, scale = _moments(columns[: years.height])
        counts = np.vstack([_counts(years), _counts(others)])
        given = np.repeat([0.0, 1.0], [years.height, others.height])
        first = np.array([START.get(term, 0.0) for term in TERMS]) if start is None else start.coefficients
        best, loglik, converged = _maximize(_standardized(columns, mean, scale), counts, given, first)
        return cls(best, mean, scale, hostility, loglik, converged)

    def predict(self, cases: pl.DataFrame, past: History) -> dict[str, np.ndarray]:
        """Return probabilities of new cases, (cases,) each: `press`; if it does, `reciprocate` and `war`; and `war in year`."""
        regressors = _standardized(_columns(cases, past, self.hostility), self.mean, self.scale)
        padded = _padded(_payoffs(regressors, self.coefficients), PREDICTED)
        press, resist, firm = (np.asarray(part)[: cases.height] for part in _play(jnp.asarray(padded)))
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


def _maximize(
    regressors: np.ndarray, counts: np.ndarray, given: np.ndarray, point: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    """Return the coefficients with the highest penalized likelihood, that likelihood, and whether the search ended by itself."""
    penalty = np.array([FREE if name == CONSTANT and payoff != "V_B" else PENALTY for payoff, name in TERMS])
    fixed = [jnp.asarray(_padded(part, LEARNED)) for part in (counts, given)]

    def evaluate(at: np.ndarray) -> tuple[float, np.ndarray]:
        values, slopes = _scores(jnp.asarray(_padded(_payoffs(regressors, at), LEARNED)), *fixed)
        own = regressors * np.asarray(slopes)[: len(regressors), _PAYOFF]
        return float(values.sum()) - 0.5 * float(penalty @ at**2), own

    value, scores = evaluate(point)
    for _ in range(MAX_STEPS):
        direction = np.linalg.solve(scores.T @ scores + np.diag(penalty), scores.sum(axis=0) - penalty * point)
        length, gain = 1.0, -np.inf
        while length > SMALLEST_STEP and not gain > 0.0:
            tried = evaluate(point + length * direction)
            gain, length = tried[0] - value, 0.5 * length
        if gain > 0.0:
            point, (value, scores) = point + 2.0 * length * direction, tried
        if gain < ENOUGH:
            return point, value, True
    return point, value, False
