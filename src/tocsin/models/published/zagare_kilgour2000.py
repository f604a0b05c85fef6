"""Deterrence and the credibility of threats (Zagare and Kilgour, Perfect Deterrence, 2000)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.games.tree import Array, Chance, Decision, Node, Outcome
from tocsin.models.published.checks import require


def unilateral(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How credible a defender must be to deter a challenger.

    A challenge brings `win` if the defender is soft and concedes. If it is hard and denies, a hard challenger presses on
    to conflict and a soft one backs down. So the status quo is at least as good as a challenge from the credibility
    (win - status quo) / (win - what denial brings) on.

    Args:
        parameters: as declared in `case.published`; win > status_quo, fight_hard > back_down > fight_soft, and
            status_quo > fight_hard.

    Returns:
        Thresholds, and whether each type is deterred.

    Raises:
        ValueError: if the payoffs are not ordered so.
    """
    win, quo = parameters["win"], parameters["status_quo"]
    hard, back, soft = parameters["fight_hard"], parameters["back_down"], parameters["fight_soft"]
    require(win > quo, "win must be above status_quo")
    require(quo > hard, "status_quo must be above fight_hard")
    require((hard > back) & (back > soft), "back_down must lie between fight_soft and fight_hard")
    thresholds = {"hard": (win - quo) / (win - hard), "soft": (win - quo) / (win - back)}
    found = {f"threshold_{kind}": threshold for kind, threshold in thresholds.items()}
    reached = {f"deterred_{kind}": 1.0 * (parameters["credibility"] >= least) for kind, least in thresholds.items()}
    return found | reached


def unilateral_tree(
    challenger: Mapping[str, Array], defender: Mapping[str, Array], hard_challenger: Array, credibility: Array
) -> Chance:
    """The game with both sides' types hidden from each other.

    Args:
        challenger: `win`, `status_quo`, `fight_hard`, `back_down`, `fight_soft`.
        defender: `status_quo`, `concede`, `prevail` (the challenger backs down), `fight_hard`, `fight_soft`.
        hard_challenger, credibility: probabilities of a hard challenger and a hard defender.

    Returns:
        A tree with information sets `challenge (hard|soft)`, `answer (hard|soft)`, `press (hard|soft)`.
    """

    def end(own: str, other: str) -> Outcome:
        return Outcome(next=None, payoffs={"challenger": challenger[own], "defender": defender[other]})

    def play(first: str, second: str) -> Node:
        press = Decision(
            name=f"press {first} {second}",
            information=f"press {first}",
            player="challenger",
            actions={
                "fight": end(f"fight_{first}", f"fight_{second}"),
                "back down": end("back_down", "prevail"),
            },
        )
        answer = Decision(
            name=f"answer {first} {second}",
            information=f"answer {second}",
            player="defender",
            actions={"concede": end("win", "concede"), "deny": press},
        )
        return Decision(
            name=f"challenge {first} {second}",
            information=f"challenge {first}",
            player="challenger",
            actions={"keep peace": end("status_quo", "status_quo"), "challenge": answer},
        )

    def against(first: str) -> Chance:
        return Chance(branches=((credibility, play(first, "hard")), (1.0 - credibility, play(first, "soft"))))

    return Chance(branches=((hard_challenger, against("hard")), (1.0 - hard_challenger, against("soft"))))


def mutual(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Whether peace between two sides that may each break it is sure.

    Breaking the peace brings `win` from a soft side, conflict from a hard one. Peace of all types is an equilibrium if
    neither gains by breaking it even when hard: credibility p >= (win - status quo) / (win - fight_hard) on both sides,
    their sure-thing deterrence equilibrium.

    Args:
        parameters: as declared in `case.published`; win > status_quo > fight_hard.

    Returns:
        `threshold` and `sure_thing`.

    Raises:
        ValueError: if the payoffs are not ordered so.
    """
    win, quo, hard = parameters["win"], parameters["status_quo"], parameters["fight_hard"]
    require((win > quo) & (quo > hard), "status_quo must lie between fight_hard and win")
    threshold = (win - quo) / (win - hard)
    least = np.minimum(parameters["credibility_a"], parameters["credibility_b"])
    return {"threshold": threshold, "sure_thing": 1.0 * (least >= threshold)}
