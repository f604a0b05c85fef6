"""Draws from the prior of the game, weighted by weeks: an estimate without chains, for many data sets at once.

Payoffs are drawn from their priors, and habit from its posterior given the ordinary weeks alone. Weighted by the likelihood of the
weeks of steps, the draws stand for the posterior (importance sampling). Their solutions are the same for all data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.evidence.words.game import SETTLED
from tocsin.evidence.words.posterior import HABIT, PRIORS, STATEMENTS, TINY, Parts, parts
from tocsin.games.backend import compiled_lightly

_many = compiled_lightly(jax.vmap(parts))


@dataclass(frozen=True)
class PriorDraws:
    """Draws whose game has an equilibrium.

    Attributes:
        parts: of each draw, as NumPy arrays.
        ratios: (draws, statements) likelihood ratios of `STATEMENTS`.
        unsettled: share of draws that were left out because the iteration did not come to rest.
    """

    parts: Parts
    ratios: np.ndarray
    unsettled: float

    @property
    def alarm(self) -> np.ndarray:
        """Return the probability that a step alarms, (draws,)."""
        return np.asarray(self.parts.payoffs.prior)

    def weights(self, stepped: np.ndarray) -> np.ndarray:
        """Return the weights, (draws,), that weeks of steps (rungs, acts) give the draws. They add up to 1."""
        logs = np.log(np.maximum(np.asarray(self.parts.stepped), TINY)) @ stepped.ravel()
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def ratio(self, statement: str) -> np.ndarray:
        """Return the likelihood ratios of a statement, (draws,)."""
        return self.ratios[:, STATEMENTS.index(statement)]


def prior_draws(ordinary: np.ndarray, draws: int, *, seed: int, spread: float = 1.0) -> PriorDraws:
    """Return draws from the prior of payoffs, with habit as in ordinary weeks.

    Args:
        ordinary: (rungs, acts) numbers of ordinary weeks.
        draws: number of draws.
        seed: of the draws.
        spread: factor on the standard deviations of `PRIORS`.
    """
    rng = np.random.default_rng(seed)
    scores = spread * rng.normal(size=(draws, len(PRIORS)))
    alarm = rng.logistic(size=(draws, 1))
    habit = rng.standard_gamma(ordinary.ravel() + HABIT, size=(draws, ordinary.size))
    vectors = np.concatenate([scores, alarm, np.log(np.maximum(habit, TINY))], axis=1)
    solved = _many(jnp.asarray(vectors))
    settled = np.asarray(solved.residual) < SETTLED
    settled_only = jax.tree.map(lambda values: np.asarray(values)[settled], solved)
    return PriorDraws(settled_only, np.asarray(settled_only.ratios()), 1.0 - float(settled.mean()))


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Return quantiles of weighted values."""
    order = np.argsort(values)
    return np.interp(shares, np.cumsum(weights[order]), values[order])
