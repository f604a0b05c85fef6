"""The probability of each outcome of a game given its players' utilities, and how it changes with them.

At each decision the mover compares what the actions are worth to it, foreseeing how the others will choose:

    P(action) = F((EU(action) - EU(other)) / scale),

F the normal or the logistic distribution. Agent error: each decision has its own shock of unit variance to each action, scale =
sqrt(2) (Signorino 1999, APSR 93(2), eq. 6). Private information: each player knows a shock of unit variance to each of its payoffs, scale
= the square root of the sum, over the outcomes that each action may lead to, of the squared probability of reaching it (Signorino
2003, Political Analysis 11(4), eq. 12). Derivatives are taken with respect to the utilities of one case, which are few, and
carried to the coefficients by the chain rule: so a game is compiled once, whatever the regressors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import log_ndtr

from tocsin.evidence.strategic.trees import Game, Utility
from tocsin.games import backend  # noqa: F401 - sets up float64
from tocsin.games.tree import Decision, Node

Link: TypeAlias = Literal["probit", "logit"]
Errors: TypeAlias = Literal["agent", "private"]

BLOCK = 128
"""Cases are padded to a multiple of it, so that samples of like size share one compiled program."""


class Kernel(NamedTuple):
    """What is worked out of cases: `logs` (cases, outcomes) from `predictors` (cases, predictors); `slopes` of one outcome's log
    probability a case: its value (cases,), gradient (cases, predictors) and curvature (cases, predictors, predictors)."""

    logs: Callable[[np.ndarray], np.ndarray]
    slopes: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def log_probabilities(
    game: Game, link: Link, errors: Errors, utilities: Mapping[Utility, jax.Array], spreads: Mapping[str, jax.Array]
) -> jax.Array:
    """(outcomes,) logarithms of their probabilities in one case.

    Args:
        game: the tree; outcomes are given in its order.
        link: distribution of the shocks.
        errors: whose they are.
        utilities: by player and outcome; those not given are 0.
        spreads: by player, the logarithm of the spread of its shocks; 0 where not given.
    """

    def value(player: str, reached: Mapping[str, jax.Array]) -> jax.Array:
        worth = jnp.zeros(())
        for outcome, log in reached.items():
            if (player, outcome) in utilities:
                worth = worth + jnp.exp(log) * utilities[player, outcome]
        return worth

    def below(node: Node) -> dict[str, jax.Array]:
        if not isinstance(node, Decision):
            return {node.next: jnp.zeros(())}  # type: ignore[union-attr, dict-item]
        after = [below(child) for child in node.actions.values()]
        worths = jnp.stack([value(node.player, reached) for reached in after])
        if errors == "agent":
            scale = jnp.sqrt(2.0)
        else:
            scale = jnp.sqrt(sum(jnp.exp(2.0 * log) for reached in after for log in reached.values()))
        chosen = _choice(worths / (scale * jnp.exp(spreads.get(node.player, jnp.zeros(())))), link)
        return {
            outcome: log + first
            for first, reached in zip(chosen, after, strict=True)
            for outcome, log in reached.items()
        }

    found = below(game.root)
    return jnp.stack([found[outcome] for outcome in game.outcomes])


def _choice(worths: jax.Array, link: Link) -> jax.Array:
    """Logarithms of the probabilities of the actions."""
    if link == "logit":
        return jax.nn.log_softmax(worths)
    return log_ndtr(jnp.stack([worths[0] - worths[1], worths[1] - worths[0]]))


def kernel(
    game: Game,
    link: Link,
    errors: Errors,
    utilities: Sequence[Utility],
    spreads: Sequence[str],
    fixed: tuple[tuple[Utility, float], ...] = (),
) -> Kernel:
    """The compiled derivatives of a game whose predictors are these utilities, then these players' log spreads.

    Decisions with more than two actions must be logit.
    """
    return _kernel(_Key(game, link, errors, tuple(utilities), tuple(spreads), fixed))


class _Key(NamedTuple):
    game: Game
    link: Link
    errors: Errors
    utilities: tuple[Utility, ...]
    spreads: tuple[str, ...]
    fixed: tuple[tuple[Utility, float], ...]


@lru_cache(maxsize=64)
def _kernel(key: _Key) -> Kernel:
    def logs(predictors: jax.Array) -> jax.Array:
        given = {name: jnp.asarray(value) for name, value in key.fixed}
        given |= {name: predictors[at] for at, name in enumerate(key.utilities)}
        spreads = {name: predictors[len(key.utilities) + at] for at, name in enumerate(key.spreads)}
        return log_probabilities(key.game, key.link, key.errors, given, spreads)

    def one(predictors: jax.Array, outcome: jax.Array) -> jax.Array:
        return logs(predictors)[outcome]

    def all_of_one(predictors: jax.Array, outcome: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        value, slope = jax.value_and_grad(one)(predictors, outcome)
        return value, slope, jax.hessian(one)(predictors, outcome)

    many_logs, many = jax.jit(jax.vmap(logs)), jax.jit(jax.vmap(all_of_one))

    def padded_logs(predictors: np.ndarray) -> np.ndarray:
        return np.asarray(many_logs(_padded(predictors)))[: len(predictors)]

    def padded_slopes(predictors: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        cases = len(predictors)
        value, slope, curve = many(_padded(predictors), _padded(outcomes))
        return np.asarray(value)[:cases], np.asarray(slope)[:cases], np.asarray(curve)[:cases]

    return Kernel(padded_logs, padded_slopes)


def _padded(rows: np.ndarray) -> np.ndarray:
    more = -len(rows) % BLOCK
    return np.concatenate([rows, np.zeros((more, *rows.shape[1:]), rows.dtype)]) if more else rows
