"""Signalling game: how much more likely a statement is from an alarmed challenger than from a posturing one.

A challenger is either alarmed by an event or only posturing; the other side does not know which. The challenger picks a rung:
silence, a commentary, a statement of a newspaper or ministry, or a statement of its leader. It may add a costly act. The other
side sees both, and goes on with the event or slows down. A statement at height h (0, 1/3, 2/3, 1) brings both types a benefit at
home and costs credibility. The challenger's payoff, in log odds, is

    home h - price h² - act [costly act]
        + precision · fear · undone [alarmed, and the other side slows down]
        - bluff h [posturing, and the other side goes on: called]

Payoffs of words and acts are in log odds, because records of choices identify only a payoff times the precision of choice
(evidence/words fits them to weeks). Slowing down costs the other side 1, its unit; going on against an alarmed challenger costs it
`danger`. `prior` is the probability that the challenger is alarmed. Choices are logit and beliefs follow Bayes' rule (agent quantal
response equilibrium, McKelvey and Palfrey 1998). A statement that the calendar or habit would have brought anyway carries no
information. If such a statement appears in a week with probability o, the likelihood ratio of a statement without a costly act is

    (n_A (o + (1 - o) q_A)) / (n_P (o + (1 - o) q_P))

where n is a type's probability of no costly act, and q its probability of the rung given no costly act.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from tocsin.evidence.words.game import ACTS, HEIGHTS
from tocsin.games.many import solve_many
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

PARAMETERS = ("home", "price", "act", "bluff", "undone", "danger", "prior", "caution")
"""Parameters of the game besides fear and precision; docs/model.md gives meanings and ranges."""


def likelihood_ratio(
    rung: str, *, fear: np.ndarray, precision: np.ndarray, parameters: Mapping[str, np.ndarray], ordinary: np.ndarray
) -> np.ndarray:
    """Return how many times more likely a statement without a costly act is from an alarmed challenger than from a posturing one.

    Args:
        rung: one of `HEIGHTS` except silence.
        fear: (D,) cost of the event to the challenger, in its aims; values below 0 count as 0.
        precision: (D,) log odds per aim of the challenger's choices, 0 or more.
        parameters: all of `PARAMETERS`, (D,) each.
        ordinary: (D,) probability of such a statement in such a week from habit and calendar alone, 0 to 1.

    Returns:
        (D,) likelihood ratios, 0 or more; nan where a posturing challenger never makes the statement.

    Raises:
        ValueError: if an input is not finite.
    """
    return ratio_of(rung, rates(fear=fear, precision=precision, parameters=parameters), ordinary)


Rates: TypeAlias = dict[str, dict[tuple[str, str], np.ndarray]]
"""Type -> (rung, act) -> (D,) probability that the type picks them in equilibrium."""


def ratio_of(rung: str, picked: Rates, ordinary: np.ndarray) -> np.ndarray:
    """Return the likelihood ratio of a statement from the result of `rates`, see `likelihood_ratio`."""
    likelihood = {}
    for kind, chosen in picked.items():
        no_act = sum(chosen[name, "words"] for name in HEIGHTS)
        likelihood[kind] = no_act * ordinary + (1 - ordinary) * chosen[rung, "words"]
    posturing = likelihood["posturing"]
    return np.divide(likelihood["alarmed"], posturing, out=np.full_like(posturing, np.nan), where=posturing > 0)


def rates(*, fear: np.ndarray, precision: np.ndarray, parameters: Mapping[str, np.ndarray]) -> Rates:
    """Return how often each type picks each rung and act; arguments as in `likelihood_ratio`."""
    own = {name: np.asarray(parameters[name], dtype=float) for name in PARAMETERS if name not in ("undone", "caution")}
    inputs = own | {"relief": precision * np.maximum(fear, 0.0) * parameters["undone"]}
    equilibrium = solve_many(_game, inputs, {"challenger": 1.0, "other": parameters["caution"]})
    names = [(rung, act) for rung in HEIGHTS for act in ACTS]
    return {kind: dict(zip(names, equilibrium.strategies[kind][0], strict=True)) for kind in ("alarmed", "posturing")}


def _game(inputs: Mapping[str, Array]) -> Node:
    """Return the tree."""
    return Chance(
        branches=(
            (inputs["prior"], _challenger_move("alarmed", inputs)),
            (1.0 - inputs["prior"], _challenger_move("posturing", inputs)),
        )
    )


def _challenger_move(kind: str, inputs: Mapping[str, Array]) -> Decision:
    actions = {f"{rung} {act}": _other_move(kind, rung, act, inputs) for rung in HEIGHTS for act in ACTS}
    return Decision(name=kind, information=kind, player="challenger", actions=actions)


def _other_move(kind: str, rung: str, act: str, inputs: Mapping[str, Array]) -> Decision:
    height = HEIGHTS[rung]
    own = inputs["home"] * height - inputs["price"] * height**2 - inputs["act"] * float(act == "act")
    alarmed = float(kind == "alarmed")
    ends = {
        "go on": {
            "challenger": own - inputs["bluff"] * height * (1.0 - alarmed),
            "other": -inputs["danger"] * alarmed,
        },
        "slow down": {"challenger": own + inputs["relief"] * alarmed, "other": -1.0},
    }
    return Decision(
        name=f"{kind}: {rung} {act}",
        information=f"after {rung} {act}",
        player="other",
        actions={name: Outcome(next=None, payoffs=payoffs) for name, payoffs in ends.items()},
    )
