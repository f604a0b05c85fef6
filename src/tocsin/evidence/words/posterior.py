"""Fit the signalling game to weeks.

In a week without a step, habit alone brings words and acts: the eight cells of rung and act have probabilities h. In a week of a
step the challenger is alarmed with probability `prior`, else it poses, and makes a choice c by the equilibrium of the game. The week
then shows the higher rung of habit and choice, and an act if either brought one. So

    P(cell) = sum over habit cells and choices that make the cell of h (prior alarmed + (1 - prior) posturing)

Priors: `PRIORS` for payoffs, uniform for `prior`, Dirichlet(1/2) for h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tocsin.evidence.words.game import ACTS, CHOICES, HEIGHTS, Payoffs, solve
from tocsin.evidence.words.weeks import Weeks
from tocsin.games.backend import compiled_lightly
from tocsin.mcmc import CHAINS, DEFAULT_LIMITS, Limits, Mixing, Target, sample

PRIORS: Mapping[str, tuple[float, float]] = {
    "home": (1.0, 1.5),
    "price": (1.0, 1.5),
    "act": (1.0, 1.5),
    "bluff": (1.0, 1.5),
    "relief": (1.0, 1.5),
    "danger": (1.0, 0.7),
    "caution": (3.0, 0.7),
}
"""Payoff -> median and standard deviation of the logarithm of its lognormal prior. A payoff of the challenger lies between 0.08 and
12 with probability 0.9: from next to nothing to near certainty."""
HABIT = 0.5
"""Concentration of the prior of the habit's cells (Jeffreys)."""
STATEMENTS = tuple(rung for rung, height in HEIGHTS.items() if height)
TINY = 1e-300
REMEDY = "use another seed or more weeks"

_MEDIANS = np.log([median for median, _ in PRIORS.values()])
_SPREADS = np.array([spread for _, spread in PRIORS.values()])
_SIZE = len(CHOICES)


def _cells() -> np.ndarray:
    """Return whether habit cell i and choice j make cell k, (8, 8, 8)."""
    acts = len(ACTS)
    table = np.zeros((_SIZE, _SIZE, _SIZE))
    for i in range(_SIZE):
        for j in range(_SIZE):
            table[i, j, acts * max(i // acts, j // acts) + max(i % acts, j % acts)] = 1.0
    return table


_CELLS = _cells()


class Parts(NamedTuple):
    """What a vector of unbounded parameters means.

    Attributes:
        payoffs: of the game.
        habit: (8,) probabilities of the cells in a week without a step.
        alarmed, posturing: (8,) probabilities of the cells in a week of a step, by type.
        residual: see `game.Solution`.
    """

    payoffs: Payoffs
    habit: Array
    alarmed: Array
    posturing: Array
    residual: Array

    @property
    def stepped(self) -> Array:
        """Return the probabilities of the cells in a week of a step."""
        share = jnp.asarray(self.payoffs.prior)[..., None]
        return share * self.alarmed + (1.0 - share) * self.posturing

    def ratios(self) -> Array:
        """Return how many times as likely each of `STATEMENTS`, without an act, is from alarm as from a pose, (..., 3)."""
        bare = np.array([CHOICES.index((rung, ACTS[0])) for rung in STATEMENTS])
        # where neither type ever makes the statement, it carries no information
        return (self.alarmed[..., bare] + TINY) / (self.posturing[..., bare] + TINY)


def parts(z: Array) -> Parts:
    """Return the parts of a vector (16,): normal scores of `PRIORS`, the log odds of `prior`, and logs of gamma variates for habit."""
    size = len(PRIORS)
    payoffs = Payoffs(*jnp.append(jnp.exp(_MEDIANS + _SPREADS * z[:size]), jax.nn.sigmoid(z[size])))
    habit = jax.nn.softmax(z[size + 1 :])
    solution = solve(payoffs)
    alarmed, posturing = (
        jnp.einsum("i,j,ijk->k", habit, jnp.exp(log), _CELLS) for log in (solution.alarmed, solution.posturing)
    )
    return Parts(payoffs, habit, alarmed, posturing, solution.residual)


def energy(z: Array, weeks: tuple[Array, Array]) -> Array:
    """Return minus the log density of a vector, given the numbers of ordinary and stepped weeks, (8,) each."""
    size = len(PRIORS)
    point = parts(z)
    # a product of 0 weeks and the logarithm of 0 would not be a number
    fit = (weeks[0] * jnp.log(point.habit)).sum() + (weeks[1] * jnp.log(jnp.maximum(point.stepped, TINY))).sum()
    gammas = z[size + 1 :]
    prior = (
        -0.5 * (z[:size] ** 2).sum()
        + jax.nn.log_sigmoid(z[size])
        + jax.nn.log_sigmoid(-z[size])
        + (HABIT * gammas - jnp.exp(gammas)).sum()
    )
    return -(fit + prior)


_all_parts = compiled_lightly(jax.vmap(jax.vmap(parts)))


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior, (chains, draws, ...) each.

    Attributes:
        weeks: the data.
        payoffs: payoff -> draws.
        ratios: statement -> draws of its likelihood ratio.
        mixing: how well the chains mixed.
        seed: of the chains.
    """

    weeks: Weeks
    payoffs: Mapping[str, np.ndarray]
    ratios: Mapping[str, np.ndarray]
    mixing: Mixing
    seed: int


def fit(weeks: Weeks, *, seed: int, limits: Limits = DEFAULT_LIMITS) -> Posterior:
    """Draw from the posterior of payoffs and likelihood ratios.

    Raises:
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """

    def reported(draws: np.ndarray) -> dict[str, np.ndarray]:
        return {**_payoffs(draws), **{f"ratio of {name}": values for name, values in _ratios(draws).items()}}

    data = (jnp.asarray(weeks.ordinary.ravel(), dtype=float), jnp.asarray(weeks.stepped.ravel(), dtype=float))
    start = 0.5 * np.random.default_rng(seed).normal(size=(CHAINS, len(PRIORS) + 1 + _SIZE))
    target = Target(name="the game of words", energy=energy, data=data, reported=reported, remedy=REMEDY)
    draws, mixing = sample(target, start, seed=seed, limits=limits)
    return Posterior(weeks, _payoffs(draws), _ratios(draws), mixing, seed)


def _payoffs(draws: np.ndarray) -> dict[str, np.ndarray]:
    payoffs = _all_parts(draws).payoffs
    return {name: np.asarray(value) for name, value in payoffs._asdict().items()}


def _ratios(draws: np.ndarray) -> dict[str, np.ndarray]:
    values = np.asarray(_all_parts(draws).ratios())
    return {name: values[..., index] for index, name in enumerate(STATEMENTS)}
