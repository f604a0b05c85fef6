"""Estimate the crisis game with hidden types by maximum likelihood over all of its equilibria.

A game may have several equilibria. Its plays are assumed to come from the one under which they are most likely (Su and Judd 2012,
Econometrica 80(5); Crisman-Cox and Gibilisco 2021). The search starts from a two-step pseudo-likelihood estimate (Hotz and Miller 1993).
The first step predicts the probabilities of resisting and standing firm from the regressors. The second fits the payoffs as if both
players knew these probabilities.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import log_ndtr, ndtri
from scipy.optimize import minimize

from tocsin.errors import InputError
from tocsin.evidence.curvature import check_identified, unit_diagonal
from tocsin.evidence.estimate import Estimate
from tocsin.evidence.signalling.game import MAX_U, OUTCOMES, choices, equilibria, gap, log_outcomes, response_of_b
from tocsin.evidence.signalling.specification import Games
from tocsin.games.backend import compiled_lightly

MAX_GAIN = 1e-4
"""An estimate converges if a Newton step would raise the log likelihood by less than this, and the latter is concave there."""
MAX_ROUNDS = 12
MIN_PROBABILITY, MAX_INDEX = 1e-3, 25.0
TREES = 300
IDENTIFIED = 1e-9


@dataclass(frozen=True, kw_only=True)
class SignalFit(Estimate):
    """A maximum likelihood estimate. The covariance is the inverse of the observed information.

    Attributes:
        games: the data.
        start: log likelihood at the pseudo-likelihood estimate, under its most likely equilibria.
        equilibria: (games,) number of equilibria of each game at the estimate.
        resist, firm: (games,) probabilities that B resists a challenge and that A then stands firm.
        seed: seed of the random forest.
    """

    games: Games
    start: float
    equilibria: np.ndarray
    resist: np.ndarray
    firm: np.ndarray
    seed: int

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Return the payoff and term of each coefficient."""
        return self.games.names

    def log_probabilities(self) -> np.ndarray:
        """Return the log probabilities of the outcomes at the selected equilibria, (games, 4)."""
        payoffs = jnp.asarray(self.games.payoffs(self.estimate))
        return np.asarray(jax.vmap(log_outcomes)(payoffs, select(payoffs, jnp.asarray(self.games.counts))))


def fit(games: Games, *, seed: int = 0) -> SignalFit:
    """Return the maximum likelihood estimate. The search goes over coefficients of orthogonal regressors.

    Args:
        games: the data.
        seed: seed of the random forest in the first step.

    Raises:
        InputError: if there are fewer games than coefficients, or some coefficients are not identified.
    """
    begin = time.perf_counter()
    size = games.matrix.shape[1]
    if len(games.counts) < size:
        raise InputError(
            f"{size} coefficients for {len(games.counts)} games", remedy="use simpler formulas or more games"
        )
    standard, back = games.standardised()
    _check_identified(standard, back * games.sizes[:, None], games.names)
    start, _ = pseudo_likelihood(standard, *first_step(games, seed=seed))
    coefficients, loglik = _maximize(standard, start)
    gradient, hessian = _derivatives(standard, coefficients)
    covariance = np.linalg.pinv(-hessian, hermitian=True)
    gain = 0.5 * float(gradient @ covariance @ gradient)
    concave = bool(np.linalg.eigvalsh(unit_diagonal(hessian))[-1] < -1e-10)
    converged = abs(gain) < MAX_GAIN and concave
    payoffs = jnp.asarray(standard.payoffs(coefficients))
    chosen = jax.vmap(choices)(payoffs, select(payoffs, jnp.asarray(games.counts)))
    number = np.isfinite(np.asarray(equilibria(payoffs))).sum(axis=1)
    return SignalFit(
        estimate=back @ coefficients,
        covariance=back @ covariance @ back.T,
        loglik=loglik,
        converged=converged,
        warnings=tuple(_warnings(games, number, converged=converged)),
        seconds=time.perf_counter() - begin,
        games=games,
        start=-negative_loglik(standard)(start)[0],
        equilibria=number,
        resist=np.asarray(chosen.resist),
        firm=np.asarray(chosen.firm),
        seed=seed,
    )


# --- likelihood over equilibria ------------------------------------------------------------------------------------


@compiled_lightly
def select(payoffs: Array, counts: Array) -> Array:
    """Return the equilibrium u of each game under which its plays are most likely, (games,)."""
    all_u = equilibria(payoffs)
    exists = jnp.isfinite(all_u)
    safe = jnp.where(exists, all_u, 0.0)
    logs = jax.vmap(lambda game, several: jax.vmap(lambda u: log_outcomes(game, u))(several))(payoffs, safe)
    scores = jnp.where(exists, jnp.einsum("gko,go->gk", logs, counts), -jnp.inf)
    return jnp.take_along_axis(safe, jnp.argmax(scores, axis=1)[:, None], axis=1)[:, 0]


def _value_and_gradient(payoffs: Array, counts: Array, u: Array) -> tuple[Array, Array]:
    """Return a game's log likelihood at an equilibrium u, and its total derivative in the payoffs, including the shift of u."""

    def loglik(game: Array, u: Array) -> Array:
        # an outcome that never occurred adds nothing, however unlikely it is
        return jnp.where(counts > 0, counts * log_outcomes(game, u), 0.0).sum()

    value, (direct, along) = jax.value_and_grad(loglik, argnums=(0, 1))(payoffs, u)
    by_payoffs, by_u = jax.grad(gap, argnums=(0, 1))(payoffs, u)
    moved = jnp.where(jnp.abs(u) < MAX_U, -by_payoffs / jnp.where(jnp.abs(by_u) > 1e-8, by_u, 1e-8), 0.0)
    return value, direct + along * moved


_values_and_gradients = compiled_lightly(jax.vmap(_value_and_gradient))


def negative_loglik(games: Games) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return a function of the coefficients that gives minus the log likelihood and its gradient."""
    counts = jnp.asarray(games.counts)

    def function(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        payoffs = jnp.asarray(games.payoffs(coefficients))
        values, gradients = _values_and_gradients(payoffs, counts, select(payoffs, counts))
        gradient = (games.matrix * np.asarray(gradients)[:, games.payoff]).sum(axis=0)
        value = float(values.sum())
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return 1e12, np.zeros_like(coefficients)
        return -value, -gradient

    return function


def _maximize(games: Games, start: np.ndarray) -> tuple[np.ndarray, float]:
    """Return a local maximum and its log likelihood.

    BFGS runs on coefficients scaled by their regressors' root mean squares. It restarts until it gains nothing, since it may stop early
    where another equilibrium becomes the most likely.
    """
    scale, function = 1.0 / games.sizes, negative_loglik(games)

    def scaled(z: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = function(z * scale)
        return value, gradient * scale

    z, best = start / scale, -function(start)[0]
    for _ in range(MAX_ROUNDS):
        result = minimize(scaled, z, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500})
        value = -float(result.fun)
        z = result.x if value > best else z
        if value - best < 1e-7:
            break
        best = value
    return z * scale, -scaled(z)[0]


def _derivatives(games: Games, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of the log likelihood, and its Hessian by finite differences of the gradient."""
    function = negative_loglik(games)
    rows = []
    for index, size in enumerate(games.sizes):
        step = np.zeros_like(coefficients)
        step[index] = 1e-5 / size
        rows.append((function(coefficients - step)[1] - function(coefficients + step)[1]) / (2.0 * step[index]))
    hessian = np.array(rows)
    return -function(coefficients)[1], 0.5 * (hessian + hessian.T)


def _check_identified(games: Games, back: np.ndarray, names: Sequence[tuple[str, str]]) -> None:
    coefficients = 0.1 / games.sizes
    payoffs = jnp.asarray(games.payoffs(coefficients))
    u = jnp.asarray(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    products = np.zeros((coefficients.size, coefficients.size))
    for outcome in range(len(OUTCOMES)):
        counts = jnp.zeros((len(games.counts), len(OUTCOMES))).at[:, outcome].set(1.0)
        _, gradients = _values_and_gradients(payoffs, counts, u)
        effects = games.matrix * np.asarray(gradients)[:, games.payoff]
        products += effects.T @ effects
    check_identified(products, back, names, tolerance=IDENTIFIED)


# --- the pseudo-likelihood start -----------------------------------------------------------------------------------


def first_step(games: Games, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Predict the probabilities of resisting and standing firm, (games,) each, from the regressors by random forests."""
    from sklearn.ensemble import RandomForestRegressor

    _, concede, firm, back = games.counts.T
    predictions = []
    for chosen, total in ((firm + back, concede + firm + back), (firm, firm + back)):
        seen = total > 0
        forest = RandomForestRegressor(TREES, min_samples_leaf=5, random_state=seed)
        forest.fit(games.matrix[seen], (chosen / np.maximum(total, 1))[seen], sample_weight=total[seen])
        predictions.append(np.clip(forest.predict(games.matrix), MIN_PROBABILITY, 1.0 - MIN_PROBABILITY))
    return predictions[0], predictions[1]


def pseudo_likelihood(games: Games, resist: np.ndarray, firm: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the most likely coefficients if A knows how likely B resists, and B how likely A stands firm.

    Args:
        games: the data.
        resist, firm: (games,) these probabilities.

    Returns:
        (coefficients,) and the log pseudo-likelihood.
    """
    counts, scale = jnp.asarray(games.counts), 1.0 / games.sizes
    given_resist, given_firm = jnp.asarray(resist), jnp.asarray(firm)

    def loglik(payoffs: Array, count: Array, resists: Array, stands: Array) -> Array:
        choices_of_a = log_outcomes(payoffs, ndtri(resists))
        u = jnp.clip(response_of_b(payoffs, stands), -MAX_INDEX, MAX_INDEX)
        # A's choices given its belief about B; B's choice given its belief about A
        logs = choices_of_a + jnp.stack(
            [jnp.zeros(()), log_ndtr(-u) - jnp.log1p(-resists), *[log_ndtr(u) - jnp.log(resists)] * 2]
        )
        return jnp.where(count > 0, count * logs, 0.0).sum()

    derivatives = compiled_lightly(jax.vmap(jax.value_and_grad(loglik)))

    def negative(z: np.ndarray) -> tuple[float, np.ndarray]:
        values, gradients = derivatives(jnp.asarray(games.payoffs(z * scale)), counts, given_resist, given_firm)
        gradient = (games.matrix * np.asarray(gradients)[:, games.payoff]).sum(axis=0) * scale
        return -float(values.sum()), -gradient

    best = minimize(negative, np.zeros(scale.size), jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 1000})
    return best.x * scale, -float(best.fun)


def _warnings(games: Games, number: np.ndarray, *, converged: bool) -> Iterator[str]:
    yield from games.cases.warnings()
    if (number > 1).any():
        yield (
            f"{int((number > 1).sum())} of {number.size} games have several equilibria at the estimate; the most likely one of each "
            "is used"
        )
    if not converged:
        yield "not converged: the likelihood still rises, or it is not concave at the estimate"
