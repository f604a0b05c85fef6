"""The blocks of a game: regimes, theatres, promises, types of the challenger and the discount factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from tocsin.case.blocks import Model, OneOrMore, Probability
from tocsin.case.types import Day, DottedId, Identifier, Words

Instrument = Literal["hold", "condemn", "influence", "press", "attack"]


class Regime(Model):
    """A political condition of an actor with a firm and a loose state."""

    actor: Identifier = Field(description="Actor whose condition it is.")
    kind: Literal["alignment", "posture", "treaty"] = Field(
        description="alignment: with whom it stands; posture: what its force may lawfully do; treaty: whether its promise is in force."
    )
    firm: Identifier = Field(description="Name of the firm state.")
    loose: Identifier = Field(description="Name of the loose state.")
    now: Identifier = Field(description="State at `as_of`.")
    loosened_by: tuple[Instrument, ...] = Field(default=(), description="Instruments that loosen it.")
    rallied_by: tuple[Instrument, ...] = Field(default=(), description="Instruments that make it firmer.")
    to: Identifier | None = Field(
        default=None,
        description="Of a treaty: to whom the promise is made; needed for an actor that is bound to both sides.",
    )
    term: Day | None = Field(default=None, description="Of a treaty: the day on which it ends unless it is renewed.")
    source: OneOrMore = Field(default=(), description="Keys of sources.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class Promise(Model):
    """When a promise to help binds the actor that gave it."""

    by: Identifier = Field(description="Who promised help: a protector or a backer.")
    to: Identifier = Field(description="To whom: the target or the challenger.")
    when: tuple[Literal["pressed", "attacked", "struck"], ...] = Field(
        default=(),
        description="Occasions on which it binds, all by default: the target resists pressure (pressed), the challenger attacks or war "
        "comes by mistake (attacked), a defender strikes first (struck).",
    )
    beside: tuple[Identifier, ...] = Field(
        default=(),
        description="It binds only if these stand in too; they stand before `by` in the list of protectors or backers.",
    )
    against: tuple[Identifier, ...] = Field(
        default=(),
        description="It binds only if one of these protectors stands in: the promise of a backer against them.",
    )
    source: OneOrMore = Field(default=(), description="Keys of sources: the text of the promise.")


class Theatre(Model):
    """One game: who wants what from whom, and who may support them."""

    model: Literal["coercion"] = Field(description="Structural model.")
    challenger: Identifier = Field(description="Who wants change.")
    target: Identifier = Field(description="From whom the challenger wants it.")
    protectors: tuple[Identifier, ...] = Field(description="Who may defend the target.", max_length=5)
    backers: tuple[Identifier, ...] = Field(default=(), description="Who may support the challenger.", max_length=4)
    access: Mapping[Identifier, Identifier] = Field(
        default_factory=dict, description="Protectors whose reach depends on another actor's territory: {USA: JPN}."
    )
    arms: Mapping[Identifier, Identifier] = Field(
        default_factory=dict,
        description="Actors whose arms come from a helper that may take the other side: {CHN: RUS}.",
    )
    promises: tuple[Promise, ...] = Field(
        default=(), description="Promises that bind on some occasions only; every other binds always.", max_length=9
    )
    regimes: tuple[DottedId, ...] = Field(default=(), description="Regimes that can change, at most 6.", max_length=6)
    levels: Annotated[int, Field(ge=1, le=8)] = Field(description="Number of steps to the aim, 1 to 8.")
    start: Annotated[int, Field(ge=0, le=7)] = Field(default=0, description="Step at `as_of`.")
    horizon: Annotated[int, Field(ge=1, le=100)] = Field(description="Number of years reported, 1 to 100.")
    pressure: Literal["payoffs", "history"] = Field(
        default="payoffs",
        description="What the chance of pressure in the first year rests on: the payoffs and the record, or what history lets one expect.",
    )
    milestones: tuple[Annotated[int, Field(ge=1, le=99)], ...] | None = Field(
        default=None,
        description="Years from now by which risk and pillars are also reported; by default every fifth before the horizon.",
        max_length=9,
    )
    aim: Words = Field(description="The aim in plain words.")

    @property
    def report_years(self) -> tuple[int, ...]:
        """Return the years from now by which risk and pillars are reported, the horizon last."""
        named = range(5, self.horizon, 5) if self.milestones is None else self.milestones
        return (*named, self.horizon)


class DatedTheatre(Model):
    """A theatre as it was on an earlier day."""

    like: Identifier = Field(description="The theatre whose roles, aim and steps it has.")
    at: Day = Field(description="The day, before `as_of`: forces, governments and treaties are those of this day.")


class DatedGame(Theatre):
    """The game of a theatre as it was on an earlier day, made of both theatres by `dated.games_of`."""

    like: Identifier
    at: Day


def _kind_of_theatre(value: object) -> str:
    return "dated" if isinstance(value, DatedTheatre) or (isinstance(value, dict) and "like" in value) else "game"


WrittenTheatre = Annotated[
    Annotated[Theatre, Tag("game")] | Annotated[DatedTheatre, Tag("dated")], Discriminator(_kind_of_theatre)
]


class ChallengerType(Model):
    """A structural variant of the challenger."""

    weight: Probability = Field(description="Weight in the pool, above 0; the weights sum to 1.")
    by: Words = Field(description="Who judged the weight.")
    why: Words = Field(description="The reason.")


DiscountFactor = Annotated[float, Field(gt=0, lt=1)]


class Discount(Model):
    """The yearly discount factor: a central value and others, never pooled."""

    central: DiscountFactor = Field(description="Value of the main run.")
    swept: tuple[DiscountFactor, ...] = Field(
        description="Values that are also reported, the central one among them.", min_length=1, max_length=9
    )
    by: Words = Field(description="Who judged it.")
    why: Words = Field(description="The reason.")
