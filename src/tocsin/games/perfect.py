"""Play without errors: subgame-perfect equilibria under perfect information, else limits of the principal branch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any, NamedTuple, TypeAlias

import jax.numpy as jnp
import numpy as np

from tocsin.games.agents import AgentForm
from tocsin.games.backend import compiled_lightly
from tocsin.games.branch import follow
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, children, walk

MAX_EQUILIBRIA = 100
"""Largest number of equilibria that are listed."""

Plan: TypeAlias = dict[str, str]
"""Decision -> chosen action."""


@dataclass(frozen=True, kw_only=True)
class PureEquilibria:
    """Subgame-perfect equilibria in pure strategies.

    Attributes:
        plans: one for each equilibrium; those with earlier actions come first.
        values: for each equilibrium, player -> payoff; exact if the payoffs of the tree are.
        complete: whether these are all equilibria; if not, ties leave more than `MAX_EQUILIBRIA`.
    """

    plans: tuple[Plan, ...]
    values: tuple[Mapping[str, Fraction], ...]
    complete: bool


@dataclass(frozen=True)
class _Play:
    """An equilibrium of a subgame: payoffs by player, the decision and action at its root, the play of smaller subgames."""

    values: tuple[Fraction, ...]
    choice: tuple[str, str] | None
    below: tuple[_Play, ...]


def subgame_perfect(root: Node, players: Sequence[str]) -> PureEquilibria:
    """Return subgame-perfect equilibria in pure strategies (Selten 1965), by backward induction over all ties.

    At most `MAX_EQUILIBRIA` are returned; `complete` says whether these are all.

    Args:
        root: a tree of perfect information whose payoffs and probabilities are numbers; `Fraction`s keep ties exact.
        players: all players who receive payoffs, in order.

    Raises:
        ValueError: if an information set has several decisions, or a node is reached in several ways.
    """
    sets = Counter(node.information or node.name for node in walk(root) if isinstance(node, Decision))
    if several := [name for name, count in sets.items() if count > 1]:
        raise ValueError(f"information set {several[0]} has several decisions: backward induction does not apply")
    parents = Counter(id(child) for node in walk(root) for child in children(node))
    if any(count > 1 for count in parents.values()):
        raise ValueError("a node is reached in two ways: use a separate node for each way")
    solved: dict[int, list[_Play]] = {}
    complete = True
    for node in walk(root):
        plays = list(islice(_plays(node, players, solved), MAX_EQUILIBRIA + 1))
        complete = complete and len(plays) <= MAX_EQUILIBRIA
        solved[id(node)] = plays[:MAX_EQUILIBRIA]
    return PureEquilibria(
        plans=tuple(_plan(play) for play in solved[id(root)]),
        values=tuple(dict(zip(players, play.values, strict=True)) for play in solved[id(root)]),
        complete=complete,
    )


def _plays(node: Node, players: Sequence[str], solved: Mapping[int, list[_Play]]) -> Iterator[_Play]:
    """Yield the equilibria of the subgame at a node, given those of its successors."""
    here: list[Any] = [node.payoffs.get(player, Fraction(0)) for player in players]

    def total(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
        return tuple(own + value for own, value in zip(here, values, strict=True))

    match node:
        case Outcome():
            yield _Play(tuple(here), None, ())
        case Chance():
            for below in product(*(solved[id(child)] for _, child in node.branches)):
                probabilities: list[Any] = [probability for probability, _ in node.branches]
                by_player = zip(*(play.values for play in below), strict=True)
                expected = [
                    sum((c * v for c, v in zip(probabilities, row, strict=True)), Fraction(0)) for row in by_player
                ]
                yield _Play(total(expected), None, below)
        case Decision():
            mover = players.index(node.player)
            for below in product(*(solved[id(child)] for child in node.actions.values())):
                best = max(play.values[mover] for play in below)
                for action, play in zip(node.actions, below, strict=True):
                    if play.values[mover] == best:
                        yield _Play(total(play.values), (node.name, action), below)
        case Part():
            raise ValueError("a tree of numbers cannot have grids of games")


def _plan(play: _Play) -> Plan:
    """Return the choices of an equilibrium at all decisions."""
    plan: Plan = {}
    waiting = [play]
    while waiting:
        current = waiting.pop()
        if current.choice is not None:
            decision, action = current.choice
            plan[decision] = action
        waiting += reversed(current.below)
    return plan


# --- limits --------------------------------------------------------------------------------------------------------

SHARPNESS = (10.0**3, 10.0**4, 10.0**5, 10.0**6)
"""The branch is followed until lambda times the spread of payoffs reaches the last of these marks, a factor of ten apart.

Near the end of the branch, rounding may stop Newton's method. The limit is then taken from the marks before it.
"""

MAX_SHORTFALL = 1e-6
"""Largest shortfall of a choice in the limit from the best one, as a share of the spread of payoffs."""

MIN_PROBABILITY = 1e-9
"""Smaller probabilities count as 0 in the limit."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The limit of the principal branch as precision grows; a sequential equilibrium if it converged.

    Attributes:
        strategies: information set -> (actions,) probabilities.
        beliefs: information set -> (decisions,) probabilities, the limits of Bayes' rule.
        values: player -> expected payoff.
        shortfall: largest shortfall of a choice of positive probability from the best one, in spreads of payoffs.
        converged: whether the second mark of `SHARPNESS` was reached and the shortfall is at most `MAX_SHORTFALL`.
        sharpness: the mark from which the limit is taken; 0 if the first was not reached.
        precision: player -> lambda at that mark.
    """

    strategies: dict[str, np.ndarray]
    beliefs: dict[str, np.ndarray]
    values: dict[str, float]
    shortfall: float
    converged: bool
    sharpness: float
    precision: dict[str, float]


def branch_limit(form: AgentForm) -> Limit:
    """Return the limit of the principal branch of one game, with the same precision per spread of payoffs for all players.

    Probabilities approach the limit as 1/lambda or faster, or as log(lambda)/lambda if a payoff ties in the limit. Extrapolation removes
    both terms. The limit is taken from the sharpest mark at which it is exact, else from the sharpest that was reached.

    Args:
        form: a game of one draw.
    """
    span = np.ptp(np.asarray(form.payoffs), axis=1)
    rates = np.where(span > 0, 1.0 / np.where(span > 0, span, 1.0), 0.0)
    marks = _sharp(form, SHARPNESS[-1] * rates)
    count = int(np.sum(marks.reached))  # marks are reached in order
    limits = [_limit_at(form, marks, last, rates[:, 0]) for last in range(1, count)]
    exact = [limit for limit in limits if limit.converged]
    return (exact or limits or [_limit_at(form, marks, 0, rates[:, 0])])[-1]


class _Marks(NamedTuple):
    """Strategies (K, S), beliefs (K, N), values of actions (K, S), and whether the mark was reached (K,)."""

    strategies: np.ndarray
    beliefs: np.ndarray
    gains: np.ndarray
    reached: np.ndarray


def _sharp(form: AgentForm, precision: np.ndarray) -> _Marks:
    """Return the principal branch at all marks, given the precisions (I, 1) at the last."""
    marks = jnp.asarray(SHARPNESS) / SHARPNESS[-1]
    return _Marks(*(np.asarray(array)[..., 0] for array in _followed(form, jnp.asarray(precision), marks)))


@compiled_lightly
def _followed(form: AgentForm, precision: Array, marks: Array) -> tuple[Array, Array, Array, Array]:
    branch = follow(form, precision, marks)
    logs = [form.log_strategy(log_odds) for log_odds in branch.log_odds]
    probabilities, beliefs = jnp.exp(jnp.stack(logs)), jnp.stack([form.beliefs(log) for log in logs])
    return probabilities, beliefs, jnp.stack([form.action_values(log)[0] for log in logs]), branch.reached


def _limit_at(form: AgentForm, marks: _Marks, last: int, rates: np.ndarray) -> Limit:
    """Return the limit from a mark and those before it, or play at the first mark, given 1 / spread of payoffs (I,)."""
    ends = slice(max(last - 2, 0), last + 1)
    probabilities = _normalized(_extrapolated(marks.strategies[ends]), form.set_of)
    beliefs = _normalized(_extrapolated(marks.beliefs[ends]), form.member_set)
    gains = _extrapolated(marks.gains[ends])
    best = np.full(len(form.sets), -np.inf)
    np.maximum.at(best, form.set_of, gains)
    short = (best[form.set_of] - gains) * (probabilities > 0) * rates[form.player_of]
    reach = jnp.log(jnp.asarray(np.maximum(probabilities, 1e-300)))[:, None]
    values = np.asarray(form.values(reach))[:, 0]
    shortfall = float(np.max(short, initial=0.0))
    sharpness = SHARPNESS[last] if marks.reached[last] else 0.0
    return Limit(
        strategies={info.name: probabilities[form.set_of == index] for index, info in enumerate(form.sets)},
        beliefs={info.name: beliefs[form.member_set == index] for index, info in enumerate(form.sets)},
        values=dict(zip(form.players, map(float, values), strict=True)),
        shortfall=shortfall,
        converged=last > 0 and shortfall <= MAX_SHORTFALL,
        sharpness=sharpness,
        precision=dict(zip(form.players, map(float, sharpness * rates), strict=True)),
    )


def _extrapolated(ends: np.ndarray) -> np.ndarray:
    """Return the limit of a quantity from its values at up to three precisions lambda, a factor of ten apart.

    Two values remove a term in 1/lambda. Three also remove one in log(lambda)/lambda, of which the first pass leaves a multiple of
    1/lambda. A single value is returned as it is.
    """
    while len(ends) > 1:
        ends = (10.0 * ends[1:] - ends[:-1]) / 9.0
    limit: np.ndarray = ends[0]
    return limit


def _normalized(probabilities: np.ndarray, group_of: np.ndarray) -> np.ndarray:
    """Return probabilities that sum to one in each group, with vanishing ones set to 0."""
    clipped = np.where(probabilities < MIN_PROBABILITY, 0.0, np.minimum(probabilities, 1.0))
    totals = np.bincount(group_of, weights=clipped, minlength=int(group_of.max(initial=-1)) + 1)
    normalized: np.ndarray = clipped / totals[group_of]
    return normalized
