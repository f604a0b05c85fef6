"""Logit equilibrium of any finite game: by the closed recursion where everyone knows everything, else along the branch.

`logit_equilibrium` is a function of arrays, to be compiled and differentiated; `many.solve_many` runs it over any number
of draws.
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

from tocsin.games.agents import AgentForm, agent_form
from tocsin.games.branch import follow, polished
from tocsin.games.recursion import Channels, Choices, logit_choice, solve_tree
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, arrays, decisions, walk

Method: TypeAlias = Literal["auto", "recursion", "branch"]

TOLERANCE = 1e-10
"""Largest residual of what is called converged."""


class Equilibrium(NamedTuple):
    """Logit equilibria at K precisions of D games; every array has the precisions first and the draws last.

    Attributes:
        strategies: information set -> (K, actions, D) probabilities.
        beliefs: information set -> (K, decisions, D) probabilities, given that the set is reached.
        values: player -> (K, D) expected payoffs.
        residual: (K, D) largest distance of a probability from the logit response.
        converged: (K, D) whether the equilibrium was reached and its residual is at most `TOLERANCE`.
        folds: (D,) how often the branch turned back in precision before the last of them.
        crossings: (D,) how often it met another branch there, so that it is not the only continuation.
        steps: (D,) Newton steps.
        pending: (D,) bool: those that were not waited for.
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
    """The logit agent equilibrium on the principal branch (McKelvey and Palfrey 1998).

    Args:
        root: the game; its arrays are numbers or have draws last, (D,).
        precision: player -> lambda >= 0, a number or (D,); names all players, in order.
        marks: multiples of these precisions at which it is asked for, 0 or more, ascending.
        method: `recursion` is refused where players do not know everything; `branch` follows the branch even where
            the recursion would do; `auto` takes the recursion where it can.
        wait_for: share of the draws with which the branch is followed to the end; the slowest others are left pending.

    Returns:
        What was found. Derivatives by payoffs, chances and precision flow through strategies, beliefs and values, of
        the recursion by its own steps, of the branch by the implicit function theorem.

    Raises:
        ValueError: if the tree is no game of perfect recall, the method does not fit it, or a number known beforehand
            is not finite, a precision negative, or chances do not sum to one.
    """
    if not all(earlier <= later for earlier, later in pairwise((0.0, *marks))):
        raise ValueError("the multiples of precision must be 0 or more and ascend")
    check(root, precision)
    knowing = has_perfect_information(root)
    if method == "recursion" and not knowing:
        raise ValueError("some information set has several decisions: the recursion does not apply, follow the branch")
    if knowing and method != "branch":
        return _by_recursion(root, precision, marks)
    return _by_branch(agent_form(root, tuple(precision)), dict(precision), jnp.asarray(marks, dtype=float), wait_for)


def has_perfect_information(root: Node) -> bool:
    """Whether every information set is one decision."""
    counts = Counter(node.information or node.name for node in decisions(root))
    return all(count == 1 for count in counts.values())


SUM_TOLERANCE = 1e-9
"""How far chances may miss one."""


def check(root: Node, precision: Mapping[str, Array]) -> None:
    """Refuse what cannot be solved, as far as numbers are known: while compiling none is.

    Raises:
        ValueError: if a precision is negative, a number not finite, or chances do not sum to one.
    """
    for player, rate in precision.items():
        if _known(rate) and not (np.isfinite(rate) & (np.asarray(rate) >= 0)).all():
            raise ValueError(f"the precision of {player} is negative or not finite")
    if not all(np.isfinite(array).all() for array in arrays(root) if _known(array)):
        raise ValueError("a payoff or chance is not a finite number")
    for node in walk(root):
        if isinstance(node, Chance) and all(_known(chance) for chance, _ in node.branches):
            chances = [np.asarray(chance) for chance, _ in node.branches]
            least, total = min(np.min(chance) for chance in chances), sum(chances, np.zeros(()))
            if least < 0 or np.max(np.abs(total - 1.0)) > SUM_TOLERANCE:
                raise ValueError("the chances of a move of nature must be 0 or more and sum to one")


def _known(array: object) -> bool:
    return not isinstance(array, jax.core.Tracer)


# --- recursion -----------------------------------------------------------------------------------------------------


def _by_recursion(root: Node, precision: Mapping[str, Array], marks: Sequence[float]) -> Equilibrium:
    each = [
        _recursion_at(root, {player: mark * jnp.asarray(rate) for player, rate in precision.items()}) for mark in marks
    ]
    strategies, values, residual = jax.tree.map(lambda *parts: jnp.stack(parts), *each)
    draws = residual.shape[-1]
    none = jnp.zeros(draws, dtype=int)
    sure = jnp.ones((len(marks), 1, draws))
    return Equilibrium(
        strategies=strategies,
        beliefs=dict.fromkeys(strategies, sure),
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
    solved = solve_tree(root, channels, _nothing_follows)
    residual = jnp.atleast_1d(_response_gap(root, precision, solved.choices))
    draws = np.broadcast_shapes(residual.shape, solved.values.shape[1:])
    names = [node for node in walk(root) if isinstance(node, Decision)][::-1]
    strategies = {
        node.information or node.name: jnp.stack(
            [jnp.broadcast_to(solved.choices[node.name][action], draws) for action in node.actions]
        )
        for node in names
    }
    values = {name: jnp.broadcast_to(value, draws) for name, value in channels.unstack(solved.values).items()}
    return strategies, values, jnp.broadcast_to(residual, draws)


def _nothing_follows(label: str) -> Array:
    raise ValueError(f"{label} would follow, but the game ends at its outcomes: leave `next` empty")


def _response_gap(root: Node, precision: Mapping[str, Array], choices: Choices) -> Array:
    """Largest distance of a choice from the logit response to values worked out anew from all the choices."""
    values: dict[int, dict[str, Array]] = {}
    gap: Array = jnp.asarray(0.0)
    for node in walk(root):
        weighed: list[tuple[Array | float, Node]] = []
        match node:
            case Chance():
                weighed = list(node.branches)
            case Decision():
                weighed = [(choices[node.name][action], child) for action, child in node.actions.items()]
                own = [values[id(child)][node.player] for child in node.actions.values()]
                response = logit_choice(own, precision[node.player], [None] * len(own))
                for (chance, _), best in zip(weighed, response, strict=True):
                    gap = jnp.maximum(gap, jnp.abs(chance - best))
            case Outcome():
                pass
        values[id(node)] = {
            player: sum((chance * values[id(child)][player] for chance, child in weighed), jnp.asarray(0.0))
            + node.payoffs.get(player, 0.0)
            for player in precision
        }
    return gap


# --- branch --------------------------------------------------------------------------------------------------------


@jax.jit
def _by_branch(form: AgentForm, precision: dict[str, Array], marks: Array, wait_for: Array | float) -> Equilibrium:
    count, draws = marks.shape[0], form.payoffs.shape[-1]
    rates = jnp.stack([jnp.broadcast_to(jnp.asarray(precision[name], dtype=float), (draws,)) for name in form.players])
    branch = follow(jax.tree.map(lax.stop_gradient, form), lax.stop_gradient(rates), marks, wait_for)
    # every mark of every draw is a draw of its own from here on
    whole = jax.tree.map(lambda rows: jnp.tile(rows, count), form)
    sharp = jnp.tile(rates, count) * jnp.repeat(marks, draws)
    log_strategy = whole.log_strategy(polished(whole, sharp, jnp.concatenate([*branch.odds], axis=-1)))

    def by_mark(rows: Array) -> Array:
        return jnp.moveaxis(rows.reshape(*rows.shape[:-1], count, draws), -2, 0)

    chances, beliefs = by_mark(jnp.exp(log_strategy)), by_mark(whole.beliefs(log_strategy))
    values = by_mark(whole.values(log_strategy))
    residual = by_mark(whole.residual(log_strategy, sharp))
    return Equilibrium(
        strategies={each.name: chances[:, form.set_of == place] for place, each in enumerate(form.sets)},
        beliefs={each.name: beliefs[:, form.member_set == place] for place, each in enumerate(form.sets)},
        values={player: values[:, place] for place, player in enumerate(form.players)},
        residual=residual,
        converged=branch.reached & (residual <= TOLERANCE),
        folds=branch.folds,
        crossings=branch.crossings,
        steps=branch.steps,
        pending=branch.pending,
    )
