"""Estimates of the crisis game with hidden types: maximum likelihood over all of its equilibria.

Where a game has several equilibria, its plays are taken to be of the one under which they are likeliest (constrained maximum
likelihood; Su and Judd 2012, Econometrica 80(5); Crisman-Cox and Gibilisco 2021). The search begins at a pseudo-likelihood estimate:
chances of resisting and standing firm are first told from the regressors alone, and payoffs fitted as if all knew them
(Hotz and Miller's two steps).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import log_ndtr, ndtri
from scipy.optimize import minimize

from tocsin.errors import InputError
from tocsin.evidence.signalling.game import FAR, OUTCOMES, chances, equilibria, gap, log_outcomes, worth_of_resisting
from tocsin.evidence.signalling.specification import Games
from tocsin.evidence.tables import left_out

CLOSE = 1e-4
"""The estimate is a maximum where a Newton step would raise the log likelihood by no more than this."""
MAX_ROUNDS = 12
LEAST, LARGE = 1e-3, 25.0
TREES = 300


@dataclass(frozen=True)
class SignalFit:
    """An estimate.

    Attributes:
        games: what was fitted.
        estimate: (coefficients,) in the order of `games.names`.
        covariance: (coefficients, coefficients) the inverse of the curvature.
        loglik: sum over plays of the log probability of how they ended.
        start: the same at the pseudo-likelihood estimate with which the search began, at the best of its equilibria.
        equilibria: (games,) how many each game has at the estimate.
        resist, firm: (games,) chances of B resisting a challenge, and of A then standing firm.
        converged: whether it is a maximum.
        warnings: what the reader must know.
        seed: of the first step.
        seconds: what all of it took.
    """

    games: Games
    estimate: np.ndarray
    covariance: np.ndarray
    loglik: float
    start: float
    equilibria: np.ndarray
    resist: np.ndarray
    firm: np.ndarray
    converged: bool
    warnings: tuple[str, ...]
    seed: int
    seconds: float

    @property
    def standard_errors(self) -> np.ndarray:
        """(coefficients,) square roots of the variances; nan where one is not positive."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diag(self.covariance))

    def log_probabilities(self) -> np.ndarray:
        """(games, 4) of the outcomes, at the equilibria that are played."""
        payoffs = jnp.asarray(self.games.payoffs(self.estimate))
        return np.asarray(jax.vmap(log_outcomes)(payoffs, played(payoffs, jnp.asarray(self.games.counts))))


def fit(games: Games, *, seed: int = 0) -> SignalFit:
    """The most likely payoffs.

    Args:
        games: what was played.
        seed: of the first step, a random forest.

    Raises:
        InputError: if there are fewer games than coefficients, or some of these are not identified.
    """
    begun = time.perf_counter()
    size = games.matrix.shape[1]
    if len(games.counts) < size:
        raise InputError(
            f"{size} coefficients for {len(games.counts)} games", remedy="use simpler formulas or more games"
        )
    _identified(games, 0.1 / _lengths(games))
    start, _ = pseudo(games, *first_step(games, seed=seed))
    at, height = _climb(games, start)
    slope, curvature = _derivatives(games, at)
    gain = 0.5 * float(slope @ np.linalg.pinv(-curvature, hermitian=True) @ slope)
    concave = bool(np.linalg.eigvalsh(_scaled(curvature))[-1] < -1e-10)
    payoffs = jnp.asarray(games.payoffs(at))
    told = jax.vmap(chances)(payoffs, played(payoffs, jnp.asarray(games.counts)))
    several = np.isfinite(np.asarray(equilibria(payoffs))).sum(axis=1)
    converged = abs(gain) < CLOSE and concave
    return SignalFit(
        games=games,
        estimate=at,
        covariance=np.linalg.pinv(-curvature, hermitian=True),
        loglik=height,
        start=-_height(games)(start)[0],
        equilibria=several,
        resist=np.asarray(told.resist),
        firm=np.asarray(told.firm),
        converged=converged,
        warnings=tuple(_notes(games, several, converged=converged)),
        seed=seed,
        seconds=time.perf_counter() - begun,
    )


# --- likelihood over equilibria ------------------------------------------------------------------------------------


@jax.jit
def played(payoffs: Array, counts: Array) -> Array:
    """(games,) of each game's equilibria the one under which its plays are likeliest, as u."""
    found = equilibria(payoffs)
    known = jnp.isfinite(found)
    safe = jnp.where(known, found, 0.0)
    logs = jax.vmap(lambda game, each: jax.vmap(lambda u: log_outcomes(game, u))(each))(payoffs, safe)
    scores = jnp.where(known, jnp.einsum("gko,go->gk", logs, counts), -jnp.inf)
    return jnp.take_along_axis(safe, jnp.argmax(scores, axis=1)[:, None], axis=1)[:, 0]


def _one(payoffs: Array, counts: Array, u: Array) -> tuple[Array, Array]:
    """A game's log likelihood at an equilibrium and its slope by the payoffs, the equilibrium moving with them."""

    def height(game: Array, at: Array) -> Array:
        # an outcome that never came about tells nothing, however unlikely
        return jnp.where(counts > 0, counts * log_outcomes(game, at), 0.0).sum()

    value, (direct, along) = jax.value_and_grad(height, argnums=(0, 1))(payoffs, u)
    by_payoffs, by_u = jax.grad(gap, argnums=(0, 1))(payoffs, u)
    moved = jnp.where(jnp.abs(u) < FAR, -by_payoffs / jnp.where(jnp.abs(by_u) > 1e-8, by_u, 1e-8), 0.0)
    return value, direct + along * moved


_values_and_slopes = jax.jit(jax.vmap(_one))


def _height(games: Games) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Minus the log likelihood and its slope, as a function of the coefficients."""
    counts = jnp.asarray(games.counts)

    def value(at: np.ndarray) -> tuple[float, np.ndarray]:
        payoffs = jnp.asarray(games.payoffs(at))
        heights, slopes = _values_and_slopes(payoffs, counts, played(payoffs, counts))
        slope = (games.matrix * np.asarray(slopes)[:, games.place]).sum(axis=0)
        height = float(heights.sum())
        return (-height, -slope) if np.isfinite(height) and np.isfinite(slope).all() else (1e12, np.zeros_like(at))

    return value


def _climb(games: Games, start: np.ndarray) -> tuple[np.ndarray, float]:
    """A local maximum: quasi-Newton steps in units of the regressors' sizes, begun anew where one equilibrium gives way to another."""
    scale, minus = 1.0 / _lengths(games), _height(games)

    def scaled(z: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = minus(z * scale)
        return value, slope * scale

    z, height = start / scale, -minus(start)[0]
    for _ in range(MAX_ROUNDS):
        found = minimize(scaled, z, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500})
        better = -float(found.fun)
        z = found.x if better > height else z
        if better - height < 1e-7:
            break
        height = better
    return z * scale, -scaled(z)[0]


def _derivatives(games: Games, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope of the log likelihood, and its curvature by differences of the slope."""
    minus, lengths = _height(games), _lengths(games)
    rows = []
    for place, length in enumerate(lengths):
        step = np.zeros_like(at)
        step[place] = 1e-5 / length
        rows.append((minus(at - step)[1] - minus(at + step)[1]) / (2.0 * step[place]))
    curvature = np.array(rows)
    return -minus(at)[1], 0.5 * (curvature + curvature.T)


def _lengths(games: Games) -> np.ndarray:
    return np.asarray(np.sqrt((games.matrix**2).mean(axis=0)))


def _scaled(curvature: np.ndarray) -> np.ndarray:
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(curvature)), 1e-100))
    return np.asarray(curvature * np.outer(scale, scale))


def _identified(games: Games, at: np.ndarray) -> None:
    """Refuses coefficients that can be moved together without changing any probability."""
    payoffs = jnp.asarray(games.payoffs(at))
    u = jnp.asarray(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    products = np.zeros((at.size, at.size))
    for outcome in range(len(OUTCOMES)):
        counts = jnp.zeros((len(games.counts), len(OUTCOMES))).at[:, outcome].set(1.0)
        _, slopes = _values_and_slopes(payoffs, counts, u)
        effects = games.matrix * np.asarray(slopes)[:, games.place]
        products += effects.T @ effects
    sizes, axes = np.linalg.eigh(_scaled(products))
    if sizes[0] < 1e-9 * sizes[-1]:
        weights = np.abs(axes[:, 0]) * _lengths(games) / np.sqrt(np.maximum(np.diag(products), 1e-100))
        named = [
            f"{name}:{term}"
            for (name, term), weight in zip(games.names, weights, strict=True)
            if weight > 0.1 * weights.max()
        ]
        raise InputError(
            f"not identified: {', '.join(named)} can be moved together without changing any probability",
            remedy="leave one of them out, or hold a payoff at a number with `fixed`",
        )


# --- the pseudo-likelihood start -----------------------------------------------------------------------------------


def first_step(games: Games, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(games,) chances of resisting and of standing firm, told from the regressors by random forests of the shares that did."""
    from sklearn.ensemble import RandomForestRegressor

    _, concede, firm, back = games.counts.T
    found = []
    for yes, all_of in ((firm + back, concede + firm + back), (firm, firm + back)):
        seen = all_of > 0
        forest = RandomForestRegressor(TREES, min_samples_leaf=5, random_state=seed)
        forest.fit(games.matrix[seen], (yes / np.maximum(all_of, 1))[seen], sample_weight=all_of[seen])
        found.append(np.clip(forest.predict(games.matrix), LEAST, 1.0 - LEAST))
    return found[0], found[1]


def pseudo(games: Games, resist: np.ndarray, firm: np.ndarray) -> tuple[np.ndarray, float]:
    """The payoffs that are likeliest if A knows B's chance of resisting and B knows A's of standing firm, and the log of that likelihood."""
    counts, scale = jnp.asarray(games.counts), 1.0 / _lengths(games)
    given_resist, given_firm = jnp.asarray(resist), jnp.asarray(firm)

    def one(payoffs: Array, count: Array, resists: Array, stands: Array) -> Array:
        own = log_outcomes(payoffs, ndtri(resists))
        u = jnp.clip(worth_of_resisting(payoffs, stands), -LARGE, LARGE)
        # A's own decisions as it foresees B; B's decision as it foresees A
        logs = own + jnp.stack(
            [jnp.zeros(()), log_ndtr(-u) - jnp.log1p(-resists), *[log_ndtr(u) - jnp.log(resists)] * 2]
        )
        return jnp.where(count > 0, count * logs, 0.0).sum()

    slopes = jax.jit(jax.vmap(jax.value_and_grad(one)))

    def minus(z: np.ndarray) -> tuple[float, np.ndarray]:
        heights, found = slopes(jnp.asarray(games.payoffs(z * scale)), counts, given_resist, given_firm)
        slope = (games.matrix * np.asarray(found)[:, games.place]).sum(axis=0) * scale
        return -float(heights.sum()), -slope

    best = minimize(minus, np.zeros(scale.size), jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 1000})
    return best.x * scale, -float(best.fun)


def _notes(games: Games, several: np.ndarray, *, converged: bool) -> Iterator[str]:
    yield from left_out(games.missing)
    if (several > 1).any():
        yield f"{int((several > 1).sum())} of {several.size} games have several equilibria at the estimate; each is taken to play its likeliest"
    if not converged:
        yield "not converged: the likelihood still rises, or is not curved downwards on all sides"
