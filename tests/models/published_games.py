"""Published games as trees, so that the solver can confirm the formulas of `tocsin.models.published`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import jax.numpy as jnp
import numpy as np

from tocsin.games.recursion import Channels, Choices
from tocsin.games.stationary import markov_stage
from tocsin.games.stochastic import Stage, Years, solve_horizon
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

# --- Fearon 1995, preventive war -----------------------------------------------------------------------------------

RISING, DECLINING = "rising", "declining"

FURTHER_PERIODS = 300
"""Periods played after the shift of power, starting from the values of war."""


def preventive_war(now: float, later: Array, cost: float, discount: float, *, grid: int, precision: float) -> Array:
    """Return the probability (D,) of preventive war in the first period, by backward induction with a grid of offers.

    Sharp play between offers of a grid need not reach a fixed point: the declining state's reservation value moves between
    neighbouring offers. Its value is then known to within one step of the grid.

    Args:
        now: probability p1 that the rising state wins a war in the first period.
        later: (D,) the same probability p2 from the second period on.
        cost: of war to either state, in pies of one period.
        discount: delta, from 0 to below 1.
        grid: number of offers, from nothing to the whole pie.
        precision: of both players; large for play without errors.
    """

    def war(probability: Array) -> dict[str, Array]:
        pies = 1.0 / (1.0 - discount)
        return {RISING: probability * pies - cost, DECLINING: (1.0 - probability) * pies - cost}

    def in_war(choices: Choices) -> Array:
        fights = [choices["offer"][f"{n}"] * choices[f"answer {n}"]["fight"] for n in range(grid)]
        return jnp.sum(jnp.stack(fights), axis=0)[0]

    probabilities = jnp.stack([jnp.full_like(later, now), *[later] * FURTHER_PERIODS])[:, None]
    channels = Channels(precision={RISING: jnp.asarray(precision), DECLINING: jnp.asarray(precision)})
    return solve_horizon(
        _bargaining(war, np.linspace(0.0, 1.0, grid), discount),
        probabilities,
        channels.stack(war(probabilities[1])),
        channels,
        Years(within=1 + FURTHER_PERIODS),
        report=in_war,
        blank=jnp.zeros_like(later),
    ).first


def _bargaining(war: Callable[[Array], Mapping[str, Array]], shares: np.ndarray, discount: float) -> Stage:
    """Return the stage in which the rising state offers one of the shares and the declining state accepts or fights."""

    def build(probability: Array) -> Decision:
        actions: dict[str, Node] = {f"{n}": answer(n, probability) for n in range(len(shares))}
        return Decision(name="offer", player=RISING, actions=actions)

    def answer(index: int, probability: Array) -> Decision:
        peace = Outcome(next="on", payoffs={RISING: 1.0 - shares[index], DECLINING: shares[index]})
        actions = {"accept": peace, "fight": Outcome(next=None, payoffs=war(probability))}
        return Decision(name=f"answer {index}", player=DECLINING, actions=actions)

    return markov_stage(build, lambda _probability: {"on": jnp.ones((1, 1))}, discount)


# --- Fearon 1995, risk and return ----------------------------------------------------------------------------------


def risk_return(strength: float, cost: float, bound: float, claims: np.ndarray, types: int) -> Chance:
    """Return the tree with finitely many types and claims.

    The costs of the types are the midpoints of equal parts of 0 to `bound`. The proposer does not know the type. Its
    information set is `claim`; the answers are `type K claim J`, where `fight` is war.
    """

    def ends(kind: float, claim: float) -> dict[str, Outcome]:
        return {
            "yield": Outcome(next=None, payoffs={"proposer": claim, "other": 1.0 - claim}),
            "fight": Outcome(next=None, payoffs={"proposer": strength - cost, "other": 1.0 - strength - kind}),
        }

    def proposal(index: int, kind: float) -> Decision:
        answers = {
            str(number): Decision(name=f"type {index} claim {number}", player="other", actions=ends(kind, float(claim)))
            for number, claim in enumerate(claims)
        }
        return Decision(name=f"claim of type {index}", information="claim", player="proposer", actions=answers)

    costs = bound * (np.arange(types) + 0.5) / types
    return Chance(branches=tuple((1.0 / types, proposal(index, float(kind))) for index, kind in enumerate(costs)))


# --- Kydd 2005 -----------------------------------------------------------------------------------------------------


def trust(own: Mapping[str, Array], other: Mapping[str, Array]) -> Decision:
    """Return the game between two trustworthy states.

    The payoffs include the defection of an untrustworthy state: a state with trust t that cooperates meets cooperation with
    probability t times that of a trustworthy state.

    Args:
        own, other: `trust`, `temptation`, `loss` of A and of B.
    """

    def payoff(side: Mapping[str, Array], move: str, reply: str) -> Array:
        if move == "cooperate":
            met = 1.0 if reply == "cooperate" else -side["loss"]
            return side["trust"] * met - (1.0 - side["trust"]) * side["loss"]
        return side["trust"] * side["temptation"] if reply == "cooperate" else 0.0 * side["trust"]

    def second(move: str) -> Decision:
        ends = {
            reply: Outcome(next=None, payoffs={"a": payoff(own, move, reply), "b": payoff(other, reply, move)})
            for reply in ("cooperate", "defect")
        }
        return Decision(name=f"b after {move}", information="b", player="b", actions=ends)

    return Decision(name="a", player="a", actions={move: second(move) for move in ("cooperate", "defect")})


# --- Zagare and Kilgour 2000 ---------------------------------------------------------------------------------------


def unilateral_deterrence(
    challenger: Mapping[str, Array], defender: Mapping[str, Array], hard_challenger: Array, credibility: Array
) -> Chance:
    """Return the tree of unilateral deterrence in which neither side knows the other's type.

    Args:
        challenger: `win`, `status_quo`, `fight_hard`, `back_down`, `fight_soft`.
        defender: `status_quo`, `concede`, `prevail` (the challenger backs down), `fight_hard`, `fight_soft`.
        hard_challenger, credibility: probabilities of a hard challenger and a hard defender.

    Returns:
        A tree with information sets `challenge (hard|soft)`, `answer (hard|soft)`, `press (hard|soft)`.
    """

    def end(own: str, other: str) -> Outcome:
        return Outcome(next=None, payoffs={"challenger": challenger[own], "defender": defender[other]})

    def move(name: str, player: str, kind: str, types: str, actions: Mapping[str, Node]) -> Decision:
        return Decision(name=f"{name} {types}", information=f"{name} {kind}", player=player, actions=actions)

    def play(first: str, second: str) -> Node:
        types = f"{first} {second}"
        fight, back_down = end(f"fight_{first}", f"fight_{second}"), end("back_down", "prevail")
        press = move("press", "challenger", first, types, {"fight": fight, "back down": back_down})
        answer = move("answer", "defender", second, types, {"concede": end("win", "concede"), "deny": press})
        peace = end("status_quo", "status_quo")
        return move("challenge", "challenger", first, types, {"keep peace": peace, "challenge": answer})

    def against(first: str) -> Chance:
        return Chance(branches=((credibility, play(first, "hard")), (1.0 - credibility, play(first, "soft"))))

    return Chance(branches=((hard_challenger, against("hard")), (1.0 - hard_challenger, against("soft"))))
