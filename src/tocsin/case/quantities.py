"""The quantities of the test language, in one table for the parser, the type checker, the models and the documents.

A test writes a quantity as a call, such as `loss(PRK, plan)`. The table gives its arguments, unit, theatre and meaning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tocsin.case.form import INSTRUMENTS
from tocsin.case.units import ONE, PER_YEAR, STRENGTH, YEARS, Unit
from tocsin.translation import message, template

Who: TypeAlias = Literal["challenger", "protectors", "defenders", "helpers", "players"]
Theatre: TypeAlias = Literal["challenged", "main", "none"]
Subject: TypeAlias = Literal["events", "regime", "actor"]


@dataclass(frozen=True)
class Role:
    """An argument before the events.

    Attributes:
        noun: its name in messages, with an article.
        words: the admissible words, if they are fixed.
    """

    noun: str
    words: tuple[str, ...] = ()


ROLES: dict[str, Role] = {
    "actor": Role(message("an actor")),
    "regime": Role(message("a regime")),
    "instrument": Role(message("an instrument"), INSTRUMENTS),
    "rung": Role(message("a rung"), ("commentary", "statement", "leader")),
    "year": Role(message("a year")),
    "way": Role(message("a way"), ("leave", "return")),
    "published": Role(message("a published game")),
    "result": Role(message("a result of the game")),
}


@dataclass(frozen=True, kw_only=True)
class QuantityKind:
    """A quantity that a test can ask for.

    Attributes:
        meaning: one line for the documents.
        measured: what the number counts, in words.
        roles: names of the arguments before the events, in order.
        optional: whether those arguments may be left out.
        unit: unit of the result, in which tests write numbers.
        who: the actors of the theatre for which it is defined.
        events: whether events are optional, required or excluded.
        first_year: the first admissible year, counted from now; None if it takes no year.
        milestones: whether the year must be a milestone of the theatre, or its horizon.
        theatre: the theatre if the test does not say `in THEATRE`. "challenged": the first that its actor challenges, else the main
            one. "main": the main theatre. "none": no theatre.
        subject: the argument from which the brief takes the state that a claim is about, if any.
        low, high: the smallest and largest value that the model admits.
        game: whether it needs a solved game; without one, it is computed from inputs and records alone.
        derived: whether it rests on more than the values of inputs: the record of spending, or the solution of a game.
        aims: whether it is a value in the challenger's own aims, of the aim alone or of all at stake; None if it is neither.
    """

    meaning: str
    measured: str
    roles: tuple[str, ...] = ()
    optional: bool = False
    unit: Unit = ONE
    who: Who = "challenger"
    events: Literal["optional", "required", "none"] = "optional"
    first_year: int | None = None
    milestones: bool = False
    theatre: Theatre = "main"
    subject: Subject | None = "events"
    low: float = -math.inf
    high: float = math.inf
    game: bool = True
    derived: bool = True
    aims: Literal["aim", "all"] | None = None

    def usage(self, name: str) -> str:
        """Return the form of a call, such as `pull(REGIME, EVENTS | GIVEN)`."""
        heads = [] if self.optional else [_written(role) for role in self.roles]
        return f"{name}({', '.join(heads + ([] if self.events == 'none' else ['EVENTS | GIVEN']))})"

    def signature(self, name: str) -> str:
        """Return the form of a call in the documents, with optional arguments in brackets."""
        heads = [f"[{_written(role)},] " if self.optional else f"{_written(role)}, " for role in self.roles]
        return f"{name}({(''.join(heads) + ('' if self.events == 'none' else 'EVENTS')).rstrip(', ')})"


def _written(role: str) -> str:
    return " or ".join(ROLES[role].words) if role == "way" else {"published": "GAME"}.get(role, role.upper())


OWN_AIM, PROBABILITY, DIFFERENCE = "share of its own aim, held for ever", "probability", "difference of probabilities"


@dataclass(frozen=True, kw_only=True)
class _Challengers(QuantityKind):
    """A quantity of the challenger, whose name may be left out."""

    roles: tuple[str, ...] = field(default=("actor",))
    optional: bool = True
    theatre: Theatre = "challenged"


@dataclass(frozen=True, kw_only=True)
class _Value(_Challengers):
    """A value of the game to the challenger, or a difference of two: its own aim is 1. A type with a small aim may lose many times its aim."""

    measured: str = OWN_AIM
    low: float = -1e6
    high: float = 1e6
    aims: Literal["aim", "all"] | None = "all"


@dataclass(frozen=True, kw_only=True)
class _Chance(_Challengers):
    """A probability in the challenger's game."""

    measured: str = PROBABILITY
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, kw_only=True)
class _Change(_Challengers):
    """A change of a probability in the challenger's game."""

    measured: str = DIFFERENCE
    events: Literal["optional", "required", "none"] = "required"
    low: float = -1.0
    high: float = 1.0


QUANTITIES: dict[str, QuantityKind] = {
    "loss": _Value(
        events="required",
        meaning=template(
            "the challenger's loss from the events: its best-response value without them minus that with them"
        ),
    ),
    "loss_aim": _Value(
        aims="aim",
        events="required",
        meaning=template(
            "the part of `loss` that concerns the aim: `loss` with the price of falling at its reference, 0"
        ),
    ),
    "loss_survival": _Value(events="required", meaning=template("the rest of `loss`")),
    "loss_share": _Challengers(
        measured="share of its best-response value without the events",
        events="required",
        meaning=template(
            "`loss` as a share of what the challenger's situation is worth to it; undefined where that is not above 0"
        ),
    ),
    "dent": _Challengers(
        measured="share of all that deterrence costs it",
        events="required",
        meaning=template(
            "`loss` as a share of the value that it would gain if no defender acted; undefined where it would gain none"
        ),
    ),
    "delay": _Challengers(
        measured="years",
        unit=YEARS,
        events="required",
        low=-100.0,
        high=100.0,
        meaning=template(
            "how much later the challenger is expected to take the first step of its aim, within the horizon"
        ),
    ),
    "fall": _Chance(meaning=template("probability that the challenger's regime falls by any path within the horizon")),
    "struck": _Chance(meaning=template("probability that a defender strikes the challenger first within the horizon")),
    "fear_fall": _Change(meaning=template("rise of `fall` from the events")),
    "fear_struck": _Change(meaning=template("rise of `struck` from the events")),
    "risk": _Chance(
        meaning=template(
            "probability that the challenger first advances towards its aim by press, clash or war within the horizon"
        )
    ),
    "risk_by": QuantityKind(
        measured=PROBABILITY,
        low=0.0,
        high=1.0,
        roles=("year",),
        first_year=1,
        milestones=True,
        meaning=template("`risk` by a milestone of the theatre, or by its horizon"),
    ),
    "p_hold": _Chance(meaning=template("probability that the challenger chooses `hold` in the first year")),
    "p_condemn": _Chance(meaning=template("probability that the challenger chooses `condemn` in the first year")),
    "p_influence": _Chance(meaning=template("probability that the challenger chooses `influence` in the first year")),
    "p_press": _Chance(meaning=template("probability that the challenger chooses `press` in the first year")),
    "p_attack": _Chance(meaning=template("probability that the challenger chooses `attack` in the first year")),
    "p_concede": _Chance(meaning=template("probability that the target concedes when pressed in the first year")),
    "p_back_down": _Chance(
        meaning=template("probability that the challenger backs down when resisted in the first year")
    ),
    "p_stands": QuantityKind(
        meaning=template(
            "probability that a protector or backer supports its side if the challenger attacks in the first year"
        ),
        measured=PROBABILITY,
        roles=("actor",),
        who="helpers",
        low=0.0,
        high=1.0,
    ),
    "p_war": _Chance(meaning=template("probability of war by any path within the horizon")),
    "p_war_by": QuantityKind(
        measured=PROBABILITY,
        low=0.0,
        high=1.0,
        roles=("year",),
        first_year=1,
        meaning=template("`p_war` by any year of the horizon"),
    ),
    "spiral": _Change(meaning=template("change in `p_war` from the events")),
    "spiral_attack": _Change(meaning=template("change in `p_attack` from the events")),
    "pillar": QuantityKind(
        measured=DIFFERENCE,
        low=-1.0,
        high=1.0,
        roles=("actor",),
        who="protectors",
        subject="actor",
        meaning=template(
            "a protector's Shapley contribution to deterrence, in points of `risk`; the target always takes part"
        ),
    ),
    "pillar_all": QuantityKind(
        measured=DIFFERENCE,
        low=-1.0,
        high=1.0,
        roles=("actor",),
        who="defenders",
        subject="actor",
        meaning=template("the same with the target's own force as a player"),
    ),
    "pillar_by": QuantityKind(
        measured=DIFFERENCE,
        low=-1.0,
        high=1.0,
        roles=("year", "actor"),
        who="protectors",
        first_year=1,
        milestones=True,
        subject="actor",
        meaning=template("`pillar` by a milestone of the theatre, or by its horizon"),
    ),
    "deterred": _Change(events="optional", meaning=template("the `risk` that all protectors together prevent")),
    "pull": QuantityKind(
        measured=DIFFERENCE,
        low=-1.0,
        high=1.0,
        roles=("regime",),
        subject="regime",
        meaning=template("how much influence loosens a regime, or keeps it loose, compared with susceptibility 0"),
    ),
    "worth_of_mix": _Value(
        meaning=template("the challenger's value with all instruments minus its best value with one alone")
    ),
    "best_alone": QuantityKind(
        measured=OWN_AIM,
        low=-1e6,
        high=1e6,
        aims="all",
        roles=("instrument",),
        meaning=template("the challenger's value with one instrument and `hold`"),
    ),
    "signal": QuantityKind(
        measured="ratio of two probabilities",
        low=0.0,
        roles=("rung",),
        subject=None,
        meaning=template(
            "how many times as likely such a statement is from a challenger alarmed by the events as from one who poses"
        ),
    ),
    "strength": QuantityKind(
        measured="strength; only ratios have a meaning",
        game=False,
        low=0.0,
        roles=("actor",),
        who="players",
        unit=STRENGTH,
        subject=None,
        meaning=template("usable strength now"),
    ),
    "strength_at": QuantityKind(
        measured="strength; only ratios have a meaning",
        game=False,
        low=0.0,
        roles=("year", "actor"),
        who="players",
        unit=STRENGTH,
        first_year=0,
        subject=None,
        meaning=template("usable strength in a year: a calendar year, or one counted from now"),
    ),
    "ratio": QuantityKind(
        measured="ratio",
        game=False,
        low=0.0,
        subject=None,
        meaning=template("the defenders' strength divided by the challenger's"),
    ),
    "preventive_years": QuantityKind(
        measured="years",
        unit=YEARS,
        low=0.0,
        high=100.0,
        meaning=template(
            "number of years of the horizon in which Fearon's (1995) criterion for a preventive war of the challenger holds"
        ),
    ),
    "hazard": QuantityKind(
        measured="probability in a year",
        game=False,
        derived=False,
        low=0.0,
        high=1.0,
        roles=("regime", "way"),
        unit=PER_YEAR,
        events="none",
        subject=None,
        meaning=template("yearly hazard that a regime leaves its firm state, or returns to it"),
    ),
    "equal_rise": QuantityKind(
        measured="share of its spending",
        low=0.0,
        roles=("actor",),
        who="players",
        events="required",
        meaning=template(
            "the lasting proportional rise of an actor's spending that would cost the challenger as much as the events do"
        ),
    ),
    "published": QuantityKind(
        measured="as the game says",
        game=False,
        derived=False,
        roles=("published", "result"),
        events="none",
        theatre="none",
        subject=None,
        meaning=template("a result of a published game of the case"),
    ),
}

FORMER = {"fear": "loss", "fear_aim": "loss_aim", "fear_survival": "loss_survival"}
"""Names that quantities had before, for the message about an unknown quantity."""

LOSSES = (
    "loss", "loss_aim", "loss_survival", "loss_share", "dent", "delay", "fear_fall", "fear_struck", "spiral", "spiral_attack",
    "equal_rise", "signal",
)  # fmt: skip
"""Quantities that are themselves the effect of events: without any they would say nothing."""

_LEVELS = (
    "risk", "risk_by", "p_war", "p_war_by", "p_stands", "fall", "struck", "p_concede", "p_back_down",
    *(f"p_{name}" for name in ROLES["instrument"].words),
)  # fmt: skip


def has_effects(name: str) -> bool:
    """Return whether events have an effect on a quantity: it is one itself, or each game has the quantity by itself."""
    return name in LOSSES or name in _LEVELS
