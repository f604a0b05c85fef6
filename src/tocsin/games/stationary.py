"""Infinite games with finitely many states and any tree as the year's game, solved for the fixed point of their values.

The values of a stationary equilibrium do not change in a further year, V = T(V), where T includes the year's logit choices. For one
player, or for fixed strategies, T contracts by the discount factor (Shapley 1953). With several sharp players it need not: iteration
may cycle, and there may be several fixed points. Two measures deal with this, as in Eibelshaeuser, Klockmann, Poensgen and von Schenk
(2019, the logit Markov perfect equilibria of sgamesolver):

- The search starts at low precision, where the fixed point is unique, and raises the precision to its full value in a few steps. So it
  is likely, but not certain, to reach the equilibrium on the principal branch, which begins with uniform play.
- At each precision Anderson's method (1965; type II of Walker and Ni, SIAM Journal on Numerical Analysis 49, 2011) replaces plain
  iteration. The next point is the combination of the last few points whose changes cancel best, moved on by a year.

Every draw searches by itself: its steps do not depend on the other draws of its block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import lax

from tocsin.games.backend import computed_once
from tocsin.games.elimination import solve_linear
from tocsin.games.recursion import Channels, Choices
from tocsin.games.stochastic import Inputs, Stage, StageForm, solve_year
from tocsin.games.tree import Array, Node

TOLERANCE = 1e-6
"""A search has settled if one more year changes no value by more than this, in units of payoff."""

SHARES, YEARS_EACH = (0.25, 0.5, 0.75), 5
"""Shares of the full precision at which a search begins, and the years it takes at each of them."""

RISE = len(SHARES) * YEARS_EACH
"""Years after which the precision has its full value. A search from the end of a similar game begins there."""

MAX_YEARS = 400
"""Years after which a search gives up."""

CAREFUL, DAMPING = RISE + 40, 0.15
"""A search that has taken so many years goes on in damped steps: only this share of each year's change is added."""

CYCLE, WITHOUT_MEMORY = 100, 40
"""Of each cycle of a careful search, the first years use no earlier points; this calms a search that Anderson's method leads astray."""

MEMORY = 5
"""Earlier changes of a point that Anderson's method combines."""

TRUST = 10.0
"""A search forgets its earlier points where the residual exceeds the smallest one so far by this factor."""

RIDGE = 1e-10
"""Added to the least squares of Anderson's method, as a share of their trace, so that they have one solution."""


class Search(NamedTuple):
    """How far each draw has come towards its fixed point. Points are columns of n = channels x states entries; draws are last.

    The unfinished draws of a block have taken equally many years, modulo `MEMORY`.

    Attributes:
        point: (n, D) values that are being tried or, once settled, the result.
        before: (n, D) those of the year before.
        gap: (n, D) T(before) - before.
        moves, turns: (MEMORY, n, D) earlier differences between successive points, and between their gaps.
        products: (MEMORY, MEMORY, D) inner products of the turns; 0 for a turn that is forgotten.
        smallest: (D,) smallest residual at the present precision.
        residual: (D,) largest change of a value in the last year; infinite until the precision has its full value.
        years: (D,) number of years taken.
    """

    point: Array
    before: Array
    gap: Array
    moves: Array
    turns: Array
    products: Array
    smallest: Array
    residual: Array
    years: Array

    @classmethod
    def begin(cls, start: Array, years: Array) -> Search:
        """Return a search from values (channels, states..., D); `years` (D,) is 0, or `RISE` from the end of a similar game."""
        point = start.reshape(-1, start.shape[-1])
        none, never = np.zeros((MEMORY, *point.shape)), np.full(point.shape[-1], np.inf)
        products = np.zeros((MEMORY, MEMORY, point.shape[-1]))
        return cls(point, point, none[0], none, none, products, never, never, years)

    @property
    def settled(self) -> Array:
        """Return whether each draw has settled (D,)."""
        return self.residual <= TOLERANCE

    @property
    def unfinished(self) -> Array:
        """Return whether each draw still searches (D,)."""
        return ~self.settled & (self.years < MAX_YEARS)

    @property
    def slot(self) -> Array:
        """Return the place in the memory that the newest point takes in every unfinished draw."""
        return jnp.max(jnp.where(self.unfinished, self.years, 0)) % MEMORY


def search(year: Callable[[Array, Array], Array], state: Search, waiting: Array | int) -> Search:
    """Go on with a search until at most `waiting` of its draws are unfinished and the years taken are a multiple of `MEMORY`.

    Args:
        year: from points (n, D) and shares (D,) of the full precision, the points a year earlier.
        state: as `Search.begin` or an earlier call returns it.
        waiting: number of unfinished draws at which the search pauses.
    """

    def goes_on(now: Search) -> Array:
        left = jnp.sum(now.unfinished)
        return (left > waiting) | ((left > 0) & (now.slot != 0))

    return lax.while_loop(goes_on, lambda now: _step(year, now), state)


def _step(year: Callable[[Array, Array], Array], state: Search) -> Search:
    step = state.years // YEARS_EACH
    full = state.years >= RISE
    share = jnp.where(full, 1.0, jnp.stack(SHARES)[jnp.minimum(step, len(SHARES) - 1)])
    gap = year(state.point, share) - state.point
    size = jnp.max(jnp.abs(gap), axis=0)
    other_precision = (state.years % YEARS_EACH == 0) & (step <= len(SHARES))
    smallest = jnp.where(other_precision, size, jnp.minimum(state.smallest, size))
    forgets = other_precision | (size > TRUST * smallest)
    moved, turned = state.point - state.before, gap - state.gap
    products, right = _products(state, turned, gap, forgets)
    residual = jnp.where(full, size, jnp.inf)
    careful = state.years >= CAREFUL
    damping = jnp.where(careful, DAMPING, 1.0)
    plain = careful & ((state.years - CAREFUL) % CYCLE < WITHOUT_MEMORY)
    newest, earlier = computed_once(
        lambda: _split(jnp.where(plain, 0.0, _combination(products, right)), state.slot), [gap]
    )
    back = [(state.moves[k] + damping * state.turns[k]) * earlier[k] for k in range(MEMORY)]
    following = state.point + damping * gap - sum(back, (moved + damping * turned) * newest)
    searches = state.unfinished
    moves_on = computed_once(lambda: searches & (residual > TOLERANCE), [gap])
    return Search(
        point=jnp.where(moves_on, following, state.point),
        before=state.point,
        gap=gap,
        moves=lax.dynamic_update_index_in_dim(state.moves, moved, state.slot, 0),
        turns=lax.dynamic_update_index_in_dim(state.turns, turned, state.slot, 0),
        products=products,
        smallest=smallest,
        residual=jnp.where(searches, residual, state.residual),
        years=state.years + searches,
    )


def _products(state: Search, turned: Array, gap: Array, forgets: Array) -> tuple[Array, Array]:
    """Return the inner products of the turns with one another and with the gap, the newest in its place; 0 where forgotten."""
    here = (jnp.arange(MEMORY) == state.slot)[:, None]
    known = (jnp.einsum("mmd->md", state.products) > 0) & ~here
    row = jnp.where(known, _inner(state.turns, turned), jnp.where(here, _inner(turned[None], turned), 0.0))
    right = jnp.where(known, _inner(state.turns, gap), jnp.where(here, _inner(turned[None], gap), 0.0))
    earlier = jnp.where(here[:, None] | here[None], 0.0, state.products)
    products = earlier + here[:, None] * row[None] + jnp.where(here, 0.0, 1.0)[:, None] * here[None] * row[:, None]
    return jnp.where(forgets, 0.0, products), jnp.where(forgets, 0.0, right)


def _inner(rows: Array, other: Array) -> Array:
    """Return the inner products (m, D) of rows (m, n, D) with another (n, D), summed by halves so that draws stay side by side."""
    terms = rows * other
    while terms.shape[1] > 1:
        half = terms.shape[1] // 2
        rest = terms[:, 2 * half :]
        terms = terms[:, :half] + terms[:, half : 2 * half]
        terms = terms.at[:, :1].add(rest) if rest.shape[1] else terms
    return terms[:, 0]


def _combination(products: Array, right: Array) -> Array:
    """Return the combination (MEMORY, D) of turns that is nearest to the gap, by least squares.

    Args:
        products: (MEMORY, MEMORY, D) inner products of the turns.
        right: (MEMORY, D) inner products of the turns with the gap.
    """
    trace = jnp.einsum("mmd->d", products)
    ridge = jnp.where(trace > 0.0, RIDGE * trace, 1.0) * jnp.eye(MEMORY)[:, :, None]
    return solve_linear(products + ridge, right[:, None])[0][:, 0]


def _split(combination: Array, slot: Array) -> tuple[Array, Array]:
    """Return the factor (D,) of the newest turn, and those (MEMORY, D) of the earlier ones, with 0 in the place of the newest."""
    here = (jnp.arange(MEMORY) == slot)[:, None]
    return jnp.sum(jnp.where(here, combination, 0.0), axis=0), jnp.where(here, 0.0, combination)


@dataclass(frozen=True, kw_only=True)
class Stationary:
    """The values that a search reached.

    Attributes:
        values: stack (channels, states..., D).
        choices: decision -> action -> probability, in every year.
        residual: (D,) largest change of a value in one further year.
        settled: (D,) whether the residual is within the tolerance. The values of other draws are no equilibrium.
        years: (D,) number of years taken.
    """

    values: Array
    choices: Choices
    residual: Array
    settled: Array
    years: Array


def stationary(stage: Stage, inputs: Inputs, start: Array, channels: Channels) -> Stationary:
    """Return a stationary equilibrium, likely that on the principal branch; check `settled` before using it.

    Args:
        stage: the year's game.
        inputs: of every year, pytree of arrays.
        start: first guess, a stack (channels, states..., D) without tallies.
        channels: players with their precision, and responders. Tallies are not allowed: they would count forever.
    """
    end = search(
        year_of(stage, inputs, start.shape, channels),
        Search.begin(start, np.zeros(start.shape[-1], dtype=int)),
        waiting=0,
    )
    values = end.point.reshape(start.shape)
    after, choices = solve_year(stage, inputs, values, channels)
    residual = jnp.max(jnp.abs(after - values), axis=tuple(range(start.ndim - 1)))
    return Stationary(values=values, choices=choices, residual=residual, settled=residual <= TOLERANCE, years=end.years)


def year_of(
    stage: Stage, inputs: Inputs, shape: tuple[int, ...], channels: Channels
) -> Callable[[Array, Array], Array]:
    """Return the function that `search` iterates, for stacks of a shape (channels, states..., D)."""

    def year(points: Array, share: Array) -> Array:
        precision = {player: share * full for player, full in channels.precision.items()}
        values, _ = solve_year(stage, inputs, points.reshape(shape), replace(channels, precision=precision))
        return values.reshape(points.shape)

    return year


def markov_stage(
    build: Callable[[Any], Node], transitions: Callable[[Any], Mapping[str, Array]], discount: float
) -> Stage:
    """Return a stage that plays a tree in each of S states; the outcomes of the tree determine the transition.

    Args:
        build: builds the tree of a year from its inputs; its arrays are numbers, (S, 1) or (S, D), by state.
        transitions: from the same inputs, label of an outcome's `next` -> probabilities (S, S) or (S, S, D) of next year's state
            given this year's; rows sum to one.
        discount: factor on next year's values, 0 <= discount < 1.

    Raises:
        ValueError: if the discount factor is out of range.
    """
    if not 0.0 <= discount < 1.0:
        raise ValueError(f"the discount factor must be from 0 to below 1, not {discount:g}")

    def stage(inputs: Inputs, following: Array, _channels: Channels) -> StageForm:
        moves = {label: jnp.asarray(rows) for label, rows in transitions(inputs).items()}

        def continuation(label: str) -> Array:
            rows = moves[label] if moves[label].ndim == 3 else moves[label][:, :, None]
            return discount * jnp.einsum(
                "ste,cte->cse", jnp.broadcast_to(rows, (*rows.shape[:2], following.shape[-1])), following
            )

        return StageForm(root=build(inputs), continuation=continuation, flow={})

    return stage
