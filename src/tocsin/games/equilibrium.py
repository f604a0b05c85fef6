"""Logit equilibrium of any finite game: by recursion under perfect information, else along the principal branch.

JAX can compile and differentiate `logit_equilibrium`; `many.solve_many` runs it over any number of draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tocsin.errors import InputError
from tocsin.games.agents import AgentForm, agent_form
from tocsin.games.backend import compiled_lightly
from tocsin.games.branch import follow, polished
from tocsin.games.recursion import Channels, Choices, logit_choice, solve_tree
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, arrays, decisions, walk

Method: TypeAlias = Literal["auto", "recursion", "branch"]

TOLERANCE = 1e-10
"""Largest residual of a converged equilibrium."""


class Equilibrium(NamedTuple):
    """Logit equilibria of D games at K precisions; arrays have precisions first and draws last.

    Attributes:
        strategies: information set -> (K, actions, D) probabilities.
        beliefs: information set -> (K, decisions, D) probabilities, given that the set is reached.
        values: player -> (K, D) expected payoffs.
        residual: (K, D) largest distance of a probability from the logit response.
        converged: (K, D) whether the equilibrium was reached with a residual of at most `TOLERANCE`.
        folds: (D,) number of times the branch turned back in precision up to the last equilibrium.
        crossings: (D,) number of times it met another branch, so that other continuations exist.
        steps: (D,) number of Newton steps.
        pending: (D,) whether the draw was abandoned because it was among the slowest, see `wait_for`.
    """

    strategies: dict[str, Array]
    beliefs: dict[str, Array]
    values: dict[str, Array]
    residual: Array
    converged: Array
    folds: Array
    crossings: Array
    steps: Array
    pending: Array


def logit_equilibrium(
    root: Node,
    precision: Mapping[str, Array],
    marks: Sequence[float] = (1.0,),
    *,
    method: Method = "auto",
    wait_for: Array | float = 1.0,
) -> Equilibrium:
    """Return the logit agent equilibrium on the principal branch (McKelvey and Palfrey 1998).

    Strategies, beliefs and values can be differentiated by payoffs, probabilities and precision: through the steps of the
    recursion, or along the branch by the implicit function theorem.

    Args:
        root: the game; its arrays are numbers or have draws last, (D,).
        precision: player -> lambda >= 0, a number or (D,); names all players, in order.
        marks: requested multiples of these precisions, 0 or more, ascending.
        method: `auto` uses the recursion for games of perfect information and follows the branch for others; `recursion` and
            `branch` use that method only.
        wait_for: share of the draws for which the branch is followed to the end; the slowest draws are left pending.

    Raises:
        InputError: if the method does not apply to the game, the tree is too large, or a player has no perfect recall.
        ValueError: if the tree is malformed, a number is not finite, a precision is negative, or probabilities do not sum to one.
            Numbers that JAX is tracing are not checked.
    """
    if not all(earlier <= later for earlier, later in pairwise((0.0, *marks))):
        raise ValueError("the multiples of precision must be 0 or more and ascend")
    check(root, precision)
    is_perfect = has_perfect_information(root)
    if method == "recursion" and not is_perfect:
        raise InputError(
            "the recursion needs perfect information, but an information set has several decisions",
            remedy="use the method branch",
        )
    if is_perfect and method != "branch":
        return _by_recursion(root, precision, marks)
    return _by_branch(agent_form(root, tuple(precision)), dict(precision), jnp.asarray(marks, dtype=float), wait_for)


def has_perfect_information(root: Node) -> bool:
    """Return whether every information set is a single decision."""
    counts = Counter(node.information or node.name for node in decisions(root))
    return all(count == 1 for count in counts.values())


SUM_TOLERANCE = 1e-9
"""How far the sum of probabilities may be from one."""


def check(root: Node, precision: Mapping[str, Array]) -> None:
    """Check the numbers of a game, except those that JAX is tracing, which have no values yet.

    Raises:
        ValueError: if a precision is negative, a number is not finite, or probabilities do not sum to one.
    """
    for player, rate in precision.items():
        if _has_value(rate) and not (np.isfinite(rate) & (np.asarray(rate) >= 0)).all():
            raise ValueError(f"the precision of {player} is negative or not finite")
    if not all(np.isfinite(array).all() for array in arrays(root) if _has_value(array)):
        raise ValueError("a payoff or probability is not a finite number")
    for node in walk(root):
        if isinstance(node, Chance) and all(_has_value(probability) for probability, _ in node.branches):
            probabilities = [np.asarray(probability) for probability, _ in node.branches]
            lowest, total = min(np.min(probability) for probability in probabilities), sum(probabilities, np.zeros(()))
            if lowest < 0 or np.max(np.abs(total - 1.0)) > SUM_TOLERANCE:
                raise ValueError("the probabilities of a chance move must be 0 or more and sum to one")


def _has_value(array: object) -> bool:
    return not isinstance(array, jax.core.Tracer)


# --- recursion -----------------------------------------------------------------------------------------------------


def _by_recursion(root: Node, precision: Mapping[str, Array], marks: Sequence[float]) -> Equilibrium:
    by_mark = [
        _recursion_at(root, {player: mark * jnp.asarray(rate) for player, rate in precision.items()}) for mark in marks
    ]
    strategies, values, residual = jax.tree.map(lambda *parts: jnp.stack(parts), *by_mark)
    draws = residual.shape[-1]
    none = jnp.zeros(draws, dtype=int)
    certain = jnp.ones((len(marks), 1, draws))
    return Equilibrium(
        strategies=strategies,
        beliefs=dict.fromkeys(strategies, certain),
        values=values,
        residual=residual,
        converged=residual <= TOLERANCE,
        folds=none,
        crossings=none,
        steps=none,
        pending=none > 0,
    )


def _recursion_at(root: Node, precision: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array], Array]:
    channels = Channels(precision=precision)
    solution = solve_tree(root, channels, _no_continuation)
    residual = jnp.atleast_1d(_response_gap(root, precision, solution.choices))
    draws = np.broadcast_shapes(residual.shape, solution.values.shape[1:])
    nodes = [node for node in walk(root) if isinstance(node, Decision)][::-1]
    strategies = {
        node.information or node.name: jnp.stack(
            [jnp.broadcast_to(solution.choices[node.name][action], draws) for action in node.actions]
        )
        for node in nodes
    }
    values = {name: jnp.broadcast_to(value, draws) for name, value in channels.unstack(solution.values).items()}
    return strategies, values, jnp.broadcast_to(residual, draws)


def _no_continuation(label: str) -> Array:
    raise ValueError(f"an outcome continues with {label}, but this game ends at its outcomes: leave `next` empty")


def _response_gap(root: Node, precision: Mapping[str, Array], choices: Choices) -> Array:
    """Return the largest distance of a choice from the logit response to values recomputed from all choices."""
    values: dict[int, dict[str, Array]] = {}
    gap: Array = jnp.asarray(0.0)
    for node in walk(root):
        branches: list[tuple[Array | float, Node]] = []
        match node:
            case Chance():
                branches = list(node.branches)
            case Decision():
                branches = [(choices[node.name][action], child) for action, child in node.actions.items()]
                own = [values[id(child)][node.player] for child in node.actions.values()]
                response = logit_choice(own, precision[node.player], [None] * len(own))
                for (probability, _), expected in zip(branches, response, strict=True):
                    gap = jnp.maximum(gap, jnp.abs(probability - expected))
            case Outcome():
                pass
        values[id(node)] = {
            player: sum((probability * values[id(child)][player] for probability, child in branches), jnp.asarray(0.0))
            + node.payoffs.get(player, 0.0)
            for player in precision
        }
    return gap


# --- branch --------------------------------------------------------------------------------------------------------


@compiled_lightly
def _by_branch(form: AgentForm, precision: dict[str, Array], marks: Array, wait_for: Array | float) -> Equilibrium:
    count, draws = marks.shape[0], form.payoffs.shape[-1]
    rates = jnp.stack([jnp.broadcast_to(jnp.asarray(precision[name], dtype=float), (draws,)) for name in form.players])
    branch = follow(jax.tree.map(lax.stop_gradient, form), lax.stop_gradient(rates), marks, wait_for)
    # from here on, each pair of mark and draw is treated as a draw
    tiled = jax.tree.map(lambda rows: jnp.tile(rows, count), form)
    sharp = jnp.tile(rates, count) * jnp.repeat(marks, draws)
    log_odds = polished(tiled, sharp, jnp.concatenate([*branch.log_odds], axis=-1))
    log_strategy = tiled.log_strategy(log_odds)

    def by_mark(rows: Array) -> Array:
        return jnp.moveaxis(rows.reshape(*rows.shape[:-1], count, draws), -2, 0)

    probabilities, beliefs = by_mark(jnp.exp(log_strategy)), by_mark(tiled.beliefs(log_strategy))
    values = by_mark(tiled.values(log_strategy))
    residual = by_mark(tiled.residual(log_strategy, sharp))
    return Equilibrium(
        strategies={info.name: probabilities[:, form.set_of == index] for index, info in enumerate(form.sets)},
        beliefs={info.name: beliefs[:, form.member_set == index] for index, info in enumerate(form.sets)},
        values={player: values[:, index] for index, player in enumerate(form.players)},
        residual=residual,
        converged=branch.reached & (residual <= TOLERANCE),
        folds=branch.folds,
        crossings=branch.crossings,
        steps=branch.steps,
        pending=branch.pending,
    )
