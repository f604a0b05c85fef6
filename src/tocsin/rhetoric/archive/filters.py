"""Select statements by date, outlet, language, rung and audience."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.errors import InputError, did_you_mean
from tocsin.rhetoric.archive.outlets import find_outlet, require_language
from tocsin.rhetoric.archive.statement import MIN_DATE
from tocsin.rhetoric.archive.terms import attribute_terms
from tocsin.translation import message

NUMBERS_PER_DAY = 1_000_000
"""A statement's number is its day times this plus its index within the day, so that numbers follow dates."""


def first_number(day: dt.date) -> int:
    """Return the lowest number of a day."""
    return day.toordinal() * NUMBERS_PER_DAY


@dataclass(frozen=True)
class Filter:
    """The dates and attributes that statements must have; None accepts all.

    Attributes:
        first, last: first and last date, inclusive; either one excludes statements without a date.
        outlet, language, rung, audience: as in `Statement`, in upper or lower case.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    outlet: str | None = None
    language: str | None = None
    rung: str | None = None
    audience: str | None = None

    @property
    def numbers(self) -> tuple[int, int]:
        """Return the lowest and highest number of these dates; statements without a date have the numbers below."""
        if self.first is None and self.last is None:
            return 0, first_number(dt.date.max) + NUMBERS_PER_DAY
        first, last = self.first or MIN_DATE, self.last or dt.date.max
        return first_number(max(first, MIN_DATE)), first_number(last) + NUMBERS_PER_DAY - 1

    @property
    def terms(self) -> list[str]:
        """Return the terms of the index that these statements have."""
        return attribute_terms(
            {"outlet": self.outlet, "language": self.language, "rung": self.rung, "audience": self.audience}
        )

    def resolved(self, outlets: Sequence[str]) -> Filter:
        """Return the filter with the short name of its outlet and the code of its language.

        Args:
            outlets: names of all outlets in the archive.

        Raises:
            InputError: if `first` is after `last`, or the outlet or language is unknown.
        """
        if self.first and self.last and self.first > self.last:
            raise InputError(
                message(
                    "the first date {first} is after the last date {last}", first=str(self.first), last=str(self.last)
                ),
                remedy=message("swap the dates"),
            )
        outlet = self.outlet
        if outlet:
            known = find_outlet(outlet)
            outlet = known.name if known else outlet
            if outlet.casefold() not in {name.casefold() for name in outlets}:
                raise InputError(
                    message("the archive has no statement of outlet `{outlet}`", outlet=outlet),
                    remedy=did_you_mean(outlet, outlets) if outlets else message("search without an outlet"),
                )
        return replace(self, outlet=outlet, language=require_language(self.language))
