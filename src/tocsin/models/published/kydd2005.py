"""Trust between states (Kydd, Trust and Mistrust in International Relations, 2005)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.games.tree import Array, Decision, Outcome


def trust(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Whether two states trust each other enough to cooperate.

    Both choose at once. Cooperation of both is worth 1, of neither 0; exploiting the other g < 1 to a trustworthy state
    and more than 1 to another, who therefore never cooperates; being exploited -l. Expecting cooperation from the
    trustworthy, a trustworthy state cooperates if its trust t has t - (1 - t) l >= t g, so from t = l / (1 - g + l) on;
    below, for either, no one cooperates.

    Args:
        parameters: as declared in `case.published`.

    Returns:
        `threshold_a`, `threshold_b`, `cooperation`, `conflict_untrustworthy`.
    """
    thresholds = {
        side: parameters[f"loss_{side}"] / (1.0 - parameters[f"temptation_{side}"] + parameters[f"loss_{side}"])
        for side in ("a", "b")
    }
    enough = [parameters[f"trust_{side}"] >= thresholds[side] for side in ("a", "b")]
    cooperation = 1.0 * (enough[0] & enough[1])
    both = parameters["trust_a"] * parameters["trust_b"]
    # without cooperation every pair comes into conflict, with it only those in which someone is untrustworthy
    blamed = np.where(cooperation > 0.0, 1.0, 1.0 - both)
    return {
        "threshold_a": thresholds["a"],
        "threshold_b": thresholds["b"],
        "cooperation": cooperation,
        "conflict_untrustworthy": blamed,
    }


def trust_tree(own: Mapping[str, Array], other: Mapping[str, Array]) -> Decision:
    """The game between two trustworthy states who believe the other cooperates with the probability of trust at most.

    An untrustworthy state's defection is folded into the payoffs: against a state that is trusted t, cooperation meets
    cooperation with t times its probability.

    Args:
        own, other: `trust`, `temptation`, `loss` of A and of B.
    """

    def worth(side: Mapping[str, Array], move: str, reply: str) -> Array:
        if move == "cooperate":
            met = 1.0 if reply == "cooperate" else -side["loss"]
            return side["trust"] * met - (1.0 - side["trust"]) * side["loss"]
        return side["trust"] * side["temptation"] if reply == "cooperate" else 0.0 * side["trust"]

    def second(move: str) -> Decision:
        ends = {
            reply: Outcome(next=None, payoffs={"a": worth(own, move, reply), "b": worth(other, reply, move)})
            for reply in ("cooperate", "defect")
        }
        return Decision(name=f"b after {move}", information="b", player="b", actions=ends)

    return Decision(name="a", player="a", actions={move: second(move) for move in ("cooperate", "defect")})
