"""Equilibria without errors: subgame-perfect where all is known, limits of the principal branch elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.games.agents import AgentForm
from tocsin.games.branch import follow
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, children, walk

MAX_EQUILIBRIA = 100
"""Equilibria that are listed at most."""

Plan: TypeAlias = dict[str, str]
"""Decision -> the action chosen there."""


@dataclass(frozen=True, kw_only=True)
class PureEquilibria:
    """Subgame-perfect equilibria in pure strategies.

    Attributes:
        plans: one for each equilibrium, first actions first.
        values: of each, player -> payoff, exact if the payoffs are.
        complete: whether these are all; if not, ties leave more than `MAX_EQUILIBRIA`.
    """

    plans: tuple[Plan, ...]
    values: tuple[Mapping[str, Fraction], ...]
    complete: bool


@dataclass(frozen=True)
class _Play:
    """An equilibrium of a subgame: payoffs by player, the choice at its root, what is played below."""

    values: tuple[Fraction, ...]
    choice: tuple[str, str] | None
    below: tuple[_Play, ...]


def subgame_perfect(root: Node, players: Sequence[str]) -> PureEquilibria:
    """All subgame-perfect equilibria in pure strategies (Selten 1965), by backward induction with every tie taken up.

    Args:
        root: a tree of perfect information whose payoffs and chances are numbers; `Fraction`s keep ties exact.
        players: all who receive payoffs, in order.

    Raises:
        ValueError: if an information set has several decisions, or nodes are shared.
    """
    sets = Counter(node.information or node.name for node in walk(root) if isinstance(node, Decision))
    if several := [name for name, count in sets.items() if count > 1]:
        raise ValueError(f"information set {several[0]} has several decisions: backward induction does not apply")
    parents = Counter(id(child) for node in walk(root) for child in children(node))
    if any(count > 1 for count in parents.values()):
        raise ValueError("a node is reached in two ways: give each way a node of its own")
    found: dict[int, list[_Play]] = {}
    complete = True
    for node in walk(root):
        plays = list(islice(_plays(node, players, found), MAX_EQUILIBRIA + 1))
        complete = complete and len(plays) <= MAX_EQUILIBRIA
        found[id(node)] = plays[:MAX_EQUILIBRIA]
    return PureEquilibria(
        plans=tuple(_plan(play) for play in found[id(root)]),
        values=tuple(dict(zip(players, play.values, strict=True)) for play in found[id(root)]),
        complete=complete,
    )


def _plays(node: Node, players: Sequence[str], found: Mapping[int, list[_Play]]) -> Iterator[_Play]:
    here: list[Any] = [node.payoffs.get(player, Fraction(0)) for player in players]

    def worth(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
        return tuple(own + value for own, value in zip(here, values, strict=True))

    match node:
        case Outcome():
            yield _Play(tuple(here), None, ())
        case Chance():
            for below in product(*(found[id(child)] for _, child in node.branches)):
                chances: list[Any] = [chance for chance, _ in node.branches]
                each = zip(*(play.values for play in below), strict=True)
                expected = [sum((c * v for c, v in zip(chances, values, strict=True)), Fraction(0)) for values in each]
                yield _Play(worth(expected), None, below)
        case Decision():
            place = players.index(node.player)
            for below in product(*(found[id(child)] for child in node.actions.values())):
                most = max(play.values[place] for play in below)
                for action, play in zip(node.actions, below, strict=True):
                    if play.values[place] == most:
                        yield _Play(worth(play.values), (node.name, action), below)
        case Part():
            raise ValueError("a tree of numbers has no grids of games")


def _plan(play: _Play) -> Plan:
    plan: Plan = {}
    waiting = [play]
    while waiting:
        now = waiting.pop()
        if now.choice is not None:
            plan[now.choice[0]] = now.choice[1]
        waiting += reversed(now.below)
    return plan


# --- limits --------------------------------------------------------------------------------------------------------

SHARPEST = 6
"""The branch is followed until lambda times the spread of payoffs is ten to this."""

LEAST_GAIN = 1e-6
"""By how much of the spread of payoffs a choice in a limit may fall short of the best."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Where the principal branch leads as precision grows: a sequential equilibrium, where it converges.

    Attributes:
        strategies: information set -> (actions,) probabilities.
        beliefs: information set -> (decisions,) probabilities, the limits of Bayes' rule.
        values: player -> expected payoff.
        shortfall: the most that a choice of positive probability falls short of the best one, in spreads of payoffs.
        converged: whether the branch got there and the shortfall is at most `LEAST_GAIN`.
    """

    strategies: dict[str, np.ndarray]
    beliefs: dict[str, np.ndarray]
    values: dict[str, float]
    shortfall: float
    converged: bool


def branch_limit(form: AgentForm) -> Limit:
    """The limit of the principal branch of one game, all players alike in precision per spread of their payoffs.

    Probabilities approach it as one over precision, or faster; the first term is taken out by extrapolation from the
    last two powers of ten.

    Args:
        form: a game of one draw.
    """
    span = np.ptp(np.asarray(form.payoffs), axis=1)
    unit = np.where(span > 0, span, 1.0)
    found = _sharp(form, np.where(span > 0, 10.0**SHARPEST / unit, 0.0))
    (near, nearer), (before, last), (less, more), reached = (np.asarray(array)[..., 0] for array in found)
    chances = _shares(_extrapolated(near, nearer), form.set_of)
    beliefs = _shares(_extrapolated(before, last), form.member_set)
    gains = _extrapolated(less, more)
    most = np.full(len(form.sets), -np.inf)
    np.maximum.at(most, form.set_of, gains)
    short = (most[form.set_of] - gains) * (chances > 0) / unit[form.player_of, 0]
    reach = jnp.log(jnp.asarray(np.maximum(chances, 1e-300)))[:, None]
    values = np.asarray(form.values(reach))[:, 0]
    shortfall = float(np.max(short, initial=0.0))
    return Limit(
        strategies={each.name: chances[form.set_of == place] for place, each in enumerate(form.sets)},
        beliefs={each.name: beliefs[form.member_set == place] for place, each in enumerate(form.sets)},
        values=dict(zip(form.players, map(float, values), strict=True)),
        shortfall=shortfall,
        converged=bool(reached.all()) and shortfall <= LEAST_GAIN,
    )


@jax.jit
def _sharp(form: AgentForm, precision: Array) -> tuple[Array, Array, Array, Array]:
    """At a tenth of some precisions and there: strategies, beliefs, the values of actions, whether it got there."""
    branch = follow(form, jnp.asarray(precision), jnp.asarray([0.1, 1.0]))
    each = [form.log_strategy(odds) for odds in branch.odds]
    chances, beliefs = jnp.exp(jnp.stack(each)), jnp.stack([form.beliefs(one) for one in each])
    return chances, beliefs, jnp.stack([form.action_values(one)[0] for one in each]), branch.reached


def _extrapolated(near: np.ndarray, nearer: np.ndarray) -> np.ndarray:
    """The limit of what goes as one over precision, from two values at ten times the precision of each other."""
    limit: np.ndarray = (10.0 * nearer - near) / 9.0
    return limit


def _shares(found: np.ndarray, group_of: np.ndarray) -> np.ndarray:
    """Probabilities, those that vanish set to 0, summing to one in each group."""
    kept = np.where(found < 1e-9, 0.0, np.minimum(found, 1.0))
    totals = np.bincount(group_of, weights=kept, minlength=int(group_of.max(initial=-1)) + 1)
    shares: np.ndarray = kept / totals[group_of]
    return shares
