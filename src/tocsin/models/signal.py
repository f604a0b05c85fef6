"""Propaganda or fear: how much oftener an alarmed challenger speaks at a rung than a posturing one.

The challenger is alarmed by an event or only strikes a pose; the other side does not know which. It picks a rung (silence,
commentary, a statement of a newspaper or ministry, its leader's word) and may add a costly act; the other side, seeing both, goes
on with the event or slows down. Words at height h (0, 1/3, 2/3, 1) pay at home whatever the type and cost credibility:

    home h - price h² - act [costly act]
        + fear · undone [alarmed, and the other side slows down]
        - bluff h [posturing, and the other side goes on: called]

To the other side, slowing down costs 1, its unit; going on against an alarmed challenger costs danger. It holds it alarmed with a
probability `prior` before anything is said. Choices are logit, beliefs follow Bayes' rule (agent quantal response, McKelvey and
Palfrey 1998). Words that the calendar or habit would have brought in any case say nothing: with a chance `ordinary` of a statement
at a rung in such a week, the likelihood ratio of one seen, no costly act beside it, is

    (n_A (o + (1 - o) q_A)) / (n_P (o + (1 - o) q_P))

where n is a type's chance of no costly act and q that of the rung given none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.games.many import solve_many
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

HEIGHTS: Mapping[str, float] = {"silence": 0.0, "commentary": 1 / 3, "statement": 2 / 3, "leader": 1.0}
"""The rungs, and how high each stands."""
ACTS = ("words", "act")
PARAMETERS = ("home", "price", "act", "bluff", "undone", "danger", "prior", "caution")
"""What the game takes beside fear and precision; see docs/model.md for meanings and ranges."""


def likelihood_ratio(
    rung: str, *, fear: np.ndarray, precision: np.ndarray, parameters: Mapping[str, np.ndarray], ordinary: np.ndarray
) -> np.ndarray:
    """How much likelier a statement at a rung, with no costly act, is from an alarmed challenger than from a posturing one.

    Args:
        rung: one of `HEIGHTS` but silence.
        fear: (D,) what the event costs the challenger, in aims; none where it is 0 or below, and then the ratio is 1.
        precision: (D,) of the challenger's choices, 0 or more.
        parameters: each of `PARAMETERS`, (D,).
        ordinary: (D,) chance of such a statement in such a week from habit and calendar alone, 0 to 1.

    Returns:
        (D,) the ratio, above 0.

    Raises:
        ValueError: if an input is not finite.
    """
    found = rates(fear=fear, precision=precision, parameters=parameters)
    seen = {}
    for kind, chances in found.items():
        quiet = sum(chances[name, "words"] for name in HEIGHTS)
        seen[kind] = quiet * (ordinary + (1 - ordinary) * chances[rung, "words"] / quiet)
    return seen["alarmed"] / seen["posturing"]


def rates(
    *, fear: np.ndarray, precision: np.ndarray, parameters: Mapping[str, np.ndarray]
) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """By type, by rung and act: (D,) the chance that it is picked in equilibrium."""
    inputs = {name: np.asarray(parameters[name], dtype=float) for name in PARAMETERS if name != "caution"}
    inputs["fear"] = np.maximum(fear, 0.0)
    solved = solve_many(_game, inputs, {"challenger": precision, "other": parameters["caution"]})
    names = [(rung, act) for rung in HEIGHTS for act in ACTS]
    return {kind: dict(zip(names, solved.strategies[kind][0], strict=True)) for kind in ("alarmed", "posturing")}


def _game(inputs: Mapping[str, Array]) -> Node:
    """The tree."""
    return Chance(
        branches=(
            (inputs["prior"], _speaks("alarmed", inputs)),
            (1.0 - inputs["prior"], _speaks("posturing", inputs)),
        )
    )


def _speaks(kind: str, inputs: Mapping[str, Array]) -> Decision:
    actions = {f"{rung} {act}": _answered(kind, rung, act, inputs) for rung in HEIGHTS for act in ACTS}
    return Decision(name=kind, information=kind, player="challenger", actions=actions)


def _answered(kind: str, rung: str, act: str, inputs: Mapping[str, Array]) -> Decision:
    height = HEIGHTS[rung]
    said = inputs["home"] * height - inputs["price"] * height**2 - inputs["act"] * float(act == "act")
    alarmed = float(kind == "alarmed")
    ends = {
        "go on": {
            "challenger": said - inputs["bluff"] * height * (1.0 - alarmed),
            "other": -inputs["danger"] * alarmed,
        },
        "slow down": {"challenger": said + inputs["fear"] * inputs["undone"] * alarmed, "other": -1.0},
    }
    return Decision(
        name=f"{kind}: {rung} {act}",
        information=f"after {rung} {act}",
        player="other",
        actions={name: Outcome(next=None, payoffs=payoffs) for name, payoffs in ends.items()},
    )
