"""The scenario of a game: what is solved, and what its solution reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.case.form import Form, Slot

RESPONDERS = ("best", "best_aim")
"""The challenger's best-response value, and the same with the price of falling at its reference, 0."""

LEAVES = "leaves:"
"""Prefix of the tally that a regime, named after it, leaves the state in which it starts."""

NO_FORCE = 1e-30
"""Strength from which a side counts as unarmed. Two unarmed sides are evenly matched; against any other an unarmed side cannot win."""

HELD = "held"
"""Tally of the years, within the horizon, in which the aim has exceeded its start."""
ONE_YEAR = ("clash", "war", "conquered", "fallen", "struck")
"""Events whose probability in year 1 a solution reports."""

Outputs: TypeAlias = Literal["all", "worth", "risk", "moves", "choices"]


def stands_name(slot: Slot) -> str:
    """Return the name of the probability that a helper supports a side once the challenger attacks."""
    return f"stands:{slot.actor}>{slot.partner}"


def risk_by(year: int) -> str:
    """Return the name of the tally that the aim first exceeds its start within some years."""
    return f"risk:{year}"


def war_by(year: int) -> str:
    """Return the name of the tally of war, by any path, within some years."""
    return f"war:{year}"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One game to solve over all draws. The state of the regimes is not part of it: a solution covers all states.

    Attributes:
        theatre: name of the theatre.
        type: challenger type, a key of the case's types.
        discount: delta in (0, 1), yearly.
        paths: (actor, path) where spending differs from the case's present path.
        acting: the defenders that act, None for all. A defender that does not act has no force, no access and no decision to
            support; the target without force still decides whether to resist.
        menu: the instruments that the challenger may use, None for all; it must include `hold`.
        deaf: regimes whose susceptibility is 0.
        alike: group of inputs that share one draw, or None.
        scale: (actor, factor) on spending from now on.
        multiply: (belief, factor) on the draws of an input.
        outputs: what is computed beside the players' values: `all` (the challenger's best responses; risk and war, by the
            years of the form too, fall, first strikes, conquest and years held); its `worth` to the challenger, which is the best responses; the `risk`
            alone; the regimes' `moves`; or nothing but the `choices` of year 1. The rest costs nothing.
    """

    theatre: str
    type: str
    discount: float
    paths: tuple[tuple[str, str], ...] = ()
    acting: frozenset[str] | None = None
    menu: frozenset[str] | None = None
    deaf: frozenset[str] = frozenset()
    alike: str | None = None
    scale: tuple[tuple[str, float], ...] = ()
    multiply: tuple[tuple[str, float], ...] = ()
    outputs: Outputs = "all"


def channels_of(form: Form, outputs: Outputs) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the responders, and the tallies with their events, that are carried back for some outputs."""
    risks = dict.fromkeys(("risk", *(risk_by(year) for year in form.milestones)), "risk")
    match outputs:
        case "all":
            wars = {war_by(year): "war" for year in form.war_years}
            ends = {name: name for name in ("war", "fallen", "struck", "conquered")}
            return RESPONDERS, risks | ends | {HELD: "risk"} | wars
        case "worth":
            return RESPONDERS, {}
        case "risk":
            return (), risks
        case "choices":
            return (), {}
        case "moves":
            return (), {LEAVES + regime.name: LEAVES + regime.name for regime in form.regimes}
