"""Bargaining before war (Fearon, Rationalist Explanations for War, International Organization 49, 1995)."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np

from tocsin.games.recursion import Channels, Choices
from tocsin.games.stationary import markov_stage
from tocsin.games.stochastic import solve_horizon
from tocsin.games.tree import Array, Chance, Decision, Outcome


def preventive(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Preventive war between a rising and a declining state, who divide a pie of 1 in every period.

    The rising state offers; an offer binds for its period alone. There is war in the first period if and only if
    delta p2 - p1 > c (1 - delta)^2 (the paper's pages 404-408).

    Args:
        parameters: `rising_now` p1, `rising_later` p2, `cost` c, `discount` delta.

    Returns:
        `war`, `margin`, `threshold`, as declared in `case.published`.
    """
    now, later = parameters["rising_now"], parameters["rising_later"]
    cost, discount = parameters["cost"], parameters["discount"]
    made_good = cost * (1.0 - discount) ** 2
    margin = discount * later - now - made_good
    with np.errstate(divide="ignore"):
        threshold = (now + made_good) / discount
    return {"war": 1.0 * (margin > 0.0), "margin": margin, "threshold": threshold}


RISING, DECLINING = "rising", "declining"

YEARS_ON = 300
"""Periods that are played after the shift, from the values of war, before what follows is taken as for ever."""


def offers(now: float, later: Array, cost: float, discount: float, *, grid: int, precision: float) -> Array:
    """The same game solved by backward induction with a grid of offers.

    Sharp play between offers of a grid need not settle to a fixed point: what the declining state can hold out for moves
    between neighbouring offers. Its value is then known to within one step of the grid.

    Args:
        now: p1.
        later: (D,) values of p2.
        cost: c, of war to either state, in pies of one period.
        discount: delta, from 0 to below 1.
        grid: number of offers, from nothing to the whole pie.
        precision: of both; large for play without errors.

    Returns:
        (D,) probability of war in the first period.
    """
    chances = jnp.stack([jnp.full_like(later, now), later])[:, None]
    shares = np.linspace(0.0, 1.0, grid)
    ever = 1.0 / (1.0 - discount)

    def war(chance: Array) -> dict[str, Array]:
        return {RISING: chance * ever - cost, DECLINING: (1.0 - chance) * ever - cost}

    def build(chance: Array) -> Decision:
        return Decision(name="offer", player=RISING, actions={f"{n}": answer(n, chance) for n in range(grid)})

    def answer(place: int, chance: Array) -> Decision:
        peace = Outcome(next="on", payoffs={RISING: 1.0 - shares[place], DECLINING: shares[place]})
        actions = {"accept": peace, "fight": Outcome(next=None, payoffs=war(chance))}
        return Decision(name=f"answer {place}", player=DECLINING, actions=actions)

    def fought(choices: Choices) -> Array:
        each = [choices["offer"][f"{n}"] * choices[f"answer {n}"]["fight"] for n in range(grid)]
        return jnp.sum(jnp.stack(each), axis=0)[0]

    channels = Channels(precision={RISING: jnp.asarray(precision), DECLINING: jnp.asarray(precision)})
    found = solve_horizon(
        markov_stage(build, lambda _chance: {"on": jnp.ones((1, 1))}, discount),
        chances,
        channels.stack(war(chances[1])),
        channels,
        beyond=YEARS_ON,
        within=1,
        report=fought,
        blank=jnp.zeros_like(later),
    )
    return found.first


def risk_return(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """An offer to a state whose cost of war is uniform from 0 to C and known to itself alone.

    Claiming x, the proposer is refused if the other's cost is below x - p. It maximises
    F(x - p) (p - c) + (1 - F(x - p)) x, so x* = p + (C - c) / 2 within what can be claimed (pages 390-395).

    Args:
        parameters: `strength` p, `cost` c, `cost_bound` C.

    Returns:
        `offer` and `war`, as declared in `case.published`.
    """
    strength, bound = parameters["strength"], parameters["cost_bound"]
    claimed = strength + np.maximum(bound - parameters["cost"], 0.0) / 2.0
    offer = np.minimum(claimed, 1.0)
    return {"offer": offer, "war": np.clip((offer - strength) / bound, 0.0, 1.0)}


def risk_return_tree(strength: float, cost: float, bound: float, claims: np.ndarray, types: int) -> Chance:
    """The same game with finitely many costs (midpoints of equal parts of their range) and claims.

    The proposer moves without knowing the type. Decisions: `claim`, and `type K claim J`, where `fight` is war.
    """

    def ends(kind: float, claim: float) -> dict[str, Outcome]:
        return {
            "yield": Outcome(next=None, payoffs={"proposer": claim, "other": 1.0 - claim}),
            "fight": Outcome(next=None, payoffs={"proposer": strength - cost, "other": 1.0 - strength - kind}),
        }

    def proposal(place: int, kind: float) -> Decision:
        answers = {
            str(each): Decision(name=f"type {place} claim {each}", player="other", actions=ends(kind, float(claim)))
            for each, claim in enumerate(claims)
        }
        return Decision(name=f"claim of type {place}", information="claim", player="proposer", actions=answers)

    costs = bound * (np.arange(types) + 0.5) / types
    return Chance(branches=tuple((1.0 / types, proposal(place, float(kind))) for place, kind in enumerate(costs)))
