"""Questions about dated events: when they open and are due, what answers them, and how their probability is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from tocsin.case.blocks import Model, OneOrMore
from tocsin.case.types import Day, Identifier, Text, Words
from tocsin.case.units import parse_number
from tocsin.errors import InputError
from tocsin.translation import message

DAYS_PER_YEAR = 365.25


class Resolves(Model):
    """What answers a question; it has exactly one of `register`, `table` and `manual`."""

    register_: Identifier | None = Field(
        default=None, alias="register", description="Data set of dated events, such as provocations."
    )
    table: Text | None = Field(default=None, description="CSV file of the case with a column `date`.")
    manual: Words | None = Field(
        default=None, description="What a person looks for, in plain words; the answer is given to `tocsin score`."
    )
    where: Mapping[Identifier, OneOrMore] = Field(
        default_factory=dict, description="Values of columns that select the events: {type: Missile Provocation}."
    )


class Rate(Model):
    """The rate of events in the register or table that answers the question; it has no keys."""


class ReferenceClass(Model):
    """A share of past cases, or a number of events in past years."""

    count: Text = Field(description='"3 in 26 years", "0 in 5 cases".')
    of: Words = Field(description="The class in plain words.")
    source: OneOrMore = Field(description="Keys of sources.", min_length=1)


class Judged(Model):
    """A person's distribution of a probability."""

    is_: Text = Field(alias="is", description='Distribution on 0 to 1: "beta(0.01 to 0.1)" (5 % and 95 % points).')
    by: Words = Field(description="Who judged it.")
    why: Words = Field(description="The reason.")


class Assessed(Model):
    """A probability from an assessment of the case: that of a claim, or of an event within a year."""

    claim: Identifier | None = Field(default=None, description="A claim of kind forecast.")
    theatre: Identifier | None = Field(default=None, description="A theatre with a record of past years.")
    event: Identifier | None = Field(default=None, description="war, press, concede or clash in that theatre.")


class Made(Model):
    """How a probability is made; it has exactly one key."""

    rate: Rate | None = Field(default=None, description="From the dated events before the opening day: {}.")
    share: ReferenceClass | None = Field(default=None, description="From a reference class.")
    judged: Judged | None = Field(default=None, description="A person's distribution.")
    estimate: Text | None = Field(
        default=None, description="A stored estimate of a yearly rate: evidence/hostility/PRK/KOR/2026."
    )
    assessed: Assessed | None = Field(default=None, description="From an assessment (`tocsin assess --json`).")


class Forecast(Model):
    """A question about an event after its opening day and up to its due day."""

    asks: Words = Field(description="The question in plain words.")
    opens: Day | None = Field(
        default=None, description="Last day whose events are known, YYYY-MM-DD; `as_of` unless given."
    )
    due: Day = Field(description="Last day on which the event counts, YYYY-MM-DD.")
    resolves: Resolves = Field(description="What answers it.")
    probability: Made = Field(description="How its probability is made.")
    base: ReferenceClass | None = Field(
        default=None, description="Base rate beside it. A question with a register has one without it."
    )
    note: str = Field(default="", description="Remarks for a sceptical reader.")


@dataclass(frozen=True)
class Count:
    """A reference class: `events` in `size` cases, or in `size` years if `in_years`."""

    events: float
    size: float
    in_years: bool


def parse_count(text: str) -> Count:
    """Return the reference class written as "3 in 26 years" or "0 in 5 cases".

    Raises:
        InputError: if it is written otherwise, if its size is not above 0, or if more cases have the event than there are.
    """
    match = re.fullmatch(r"\s*(\S+)\s+in\s+(\S+)\s+(years?|cases?)\s*", text)
    if match is None:
        raise InputError(
            message("{text} is not a count", text=repr(text)), remedy=message('write "3 in 26 years" or "0 in 5 cases"')
        )
    events, size, in_years = parse_number(match[1]), parse_number(match[2]), match[3].startswith("year")
    if events < 0 or size <= 0 or (not in_years and events > size):
        raise InputError(
            message("{text} is not a possible count", text=repr(text)),
            remedy=message("count 0 or more events in more than 0 cases or years"),
        )
    return Count(events, size, in_years)


def opening_day(forecast: Forecast, as_of: date) -> date:
    """Return the last day whose events a forecast may use."""
    return forecast.opens or as_of
