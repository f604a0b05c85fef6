"""The probability of each outcome of a game given its players' utilities, and its derivatives.

At each decision the mover compares the expected utilities (EU) of its actions, given how the players choose later:

    P(action) = F((EU(action) - EU(other)) / scale),

where F is the normal or the logistic distribution function. With agent errors each decision has its own shock of unit variance for
each action, and scale = sqrt(2) (Signorino 1999, APSR 93(2), eq. 6). With private information each player knows a shock of unit
variance to each of its payoffs, and scale is the square root of the sum of squared probabilities of all outcomes that the actions
can lead to (Signorino 2003, Political Analysis 11(4), eq. 12).

Derivatives are taken with respect to the few utilities of one case and carried to the coefficients by the chain rule. So a game is
compiled once, whatever the regressors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import log_ndtr

from tocsin.evidence.strategic.trees import Game, Utility
from tocsin.games.backend import compiled_lightly
from tocsin.games.tree import Decision, Node

Link: TypeAlias = Literal["probit", "logit"]
Errors: TypeAlias = Literal["agent", "private"]

BLOCK = 512
"""Cases are computed in blocks of this size, so that all samples of a game share one compiled program."""


class Kernel(NamedTuple):
    """Compiled functions of the predictors (cases, predictors).

    Attributes:
        log_probabilities: maps predictors to (cases, outcomes).
        derivatives: maps predictors and outcomes (cases,) to the log probability of each case's outcome (cases,), its gradient
            (cases, predictors) and its Hessian (cases, predictors, predictors).
    """

    log_probabilities: Callable[[np.ndarray], np.ndarray]
    derivatives: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def log_probabilities(
    game: Game, link: Link, errors: Errors, utilities: Mapping[Utility, jax.Array], spreads: Mapping[str, jax.Array]
) -> jax.Array:
    """Return the log probabilities of the outcomes in one case, (outcomes,) in the game's order.

    Args:
        game: the tree.
        link: distribution of the shocks.
        errors: whose shocks they are.
        utilities: by player and outcome; 0 if absent.
        spreads: logarithm of the spread of a player's shocks; 0 if absent.
    """

    def expected_utility(player: str, reached: Mapping[str, jax.Array]) -> jax.Array:
        total = jnp.zeros(())
        for outcome, log in reached.items():
            if (player, outcome) in utilities:
                total = total + jnp.exp(log) * utilities[player, outcome]
        return total

    def below(node: Node) -> dict[str, jax.Array]:
        """Log probability of each outcome below a node, once the node is reached."""
        if not isinstance(node, Decision):
            return {node.next: jnp.zeros(())}  # type: ignore[union-attr, dict-item]
        after = [below(child) for child in node.actions.values()]
        values = jnp.stack([expected_utility(node.player, reached) for reached in after])
        if errors == "agent":
            scale = jnp.sqrt(2.0)
        else:
            scale = jnp.sqrt(sum(jnp.exp(2.0 * log) for reached in after for log in reached.values()))
        choice = _choice(values / (scale * jnp.exp(spreads.get(node.player, jnp.zeros(())))), link)
        return {
            outcome: log + action
            for action, reached in zip(choice, after, strict=True)
            for outcome, log in reached.items()
        }

    logs = below(game.root)
    return jnp.stack([logs[outcome] for outcome in game.outcomes])


def _choice(values: jax.Array, link: Link) -> jax.Array:
    """Return the log probabilities of actions with these scaled values."""
    if link == "logit":
        return jax.nn.log_softmax(values)
    return log_ndtr(jnp.stack([values[0] - values[1], values[1] - values[0]]))


@lru_cache(maxsize=64)
def kernel(
    game: Game,
    link: Link,
    errors: Errors,
    utilities: tuple[Utility, ...],
    spreads: tuple[str, ...],
    fixed: tuple[tuple[Utility, float], ...],
) -> Kernel:
    """Return the compiled functions of a game whose predictors are these utilities, then these players' log spreads.

    Decisions with more than two actions require the logit link.
    """

    def logs(predictors: jax.Array) -> jax.Array:
        values = {name: jnp.asarray(value) for name, value in fixed}
        values |= {name: predictors[index] for index, name in enumerate(utilities)}
        log_spreads = {name: predictors[len(utilities) + index] for index, name in enumerate(spreads)}
        return log_probabilities(game, link, errors, values, log_spreads)

    def of_outcome(predictors: jax.Array, outcome: jax.Array) -> jax.Array:
        return logs(predictors)[outcome]

    def derivatives(predictors: jax.Array, outcome: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        value, gradient = jax.value_and_grad(of_outcome)(predictors, outcome)
        return value, gradient, jax.hessian(of_outcome)(predictors, outcome)

    all_logs, all_derivatives = compiled_lightly(jax.vmap(logs)), compiled_lightly(jax.vmap(derivatives))

    def logs_of(predictors: np.ndarray) -> np.ndarray:
        return _in_blocks(all_logs, predictors)

    def derivatives_of(predictors: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return _in_blocks(all_derivatives, predictors, outcomes)

    return Kernel(logs_of, derivatives_of)


def _in_blocks(program: Callable[..., Any], *rows: np.ndarray) -> Any:
    """Return the program's arrays for arrays of rows (cases, ...), computed for `BLOCK` cases at a time."""
    cases = len(rows[0])
    blocks = [
        program(*(_padded(row[start : start + BLOCK]) for row in rows)) for start in range(0, max(cases, 1), BLOCK)
    ]
    return jax.tree.map(lambda *parts: np.concatenate(parts)[:cases], *blocks)


def _padded(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows, np.zeros((BLOCK - len(rows), *rows.shape[1:]), rows.dtype)])
