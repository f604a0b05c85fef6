"""Which statements are meant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.rhetoric.archive.terms import marks

A_DAY = 1_000_000
"""Numbers of a day: a statement's number is its day times this and what it is of its day, so that numbers stand in order of days."""
EARLIEST = dt.date(1000, 1, 1)
"""First day that a statement may have; what has no day has the numbers below."""


def first_number(day: dt.date) -> int:
    """The lowest number of a day."""
    return day.toordinal() * A_DAY


@dataclass(frozen=True)
class Where:
    """Which statements are meant: days from `first` to `last`, and what they are; None for any. Upper and lower case are one."""

    first: dt.date | None = None
    last: dt.date | None = None
    outlet: str | None = None
    language: str | None = None
    rung: str | None = None
    audience: str | None = None

    @property
    def numbers(self) -> tuple[int, int]:
        """Lowest and highest number of these days. A day asked for leaves out what has no day."""
        if self.first is None and self.last is None:
            return 0, first_number(dt.date.max) + A_DAY
        first, last = self.first or EARLIEST, self.last or dt.date.max
        return first_number(max(first, EARLIEST)), first_number(last) + A_DAY - 1

    @property
    def marks(self) -> list[str]:
        """The terms of the index that these statements have."""
        return marks({"outlet": self.outlet, "language": self.language, "rung": self.rung, "audience": self.audience})
