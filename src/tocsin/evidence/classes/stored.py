"""Read the stored figures of a class: its rates, its cases, and sentences about them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.classes.table import CLASSES, ReferenceClass
from tocsin.evidence.results import Result
from tocsin.evidence.store import load_result
from tocsin.translation import Text, message, message_in

SMALL_NUMBERS = (
    message_in("number", "no"),
    message_in("number", "one"),
    message_in("number", "two"),
    message_in("number", "three"),
    message_in("number", "four"),
    message_in("number", "five"),
    message_in("number", "six"),
    message_in("number", "seven"),
    message_in("number", "eight"),
    message_in("number", "nine"),
    message_in("number", "ten"),
    message_in("number", "eleven"),
    message_in("number", "twelve"),
    message_in("number", "thirteen"),
    message_in("number", "fourteen"),
    message_in("number", "fifteen"),
)
"""The first whole numbers in words."""
CaseRow = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Rate:
    """A rate of a class, or a difference of two.

    Attributes:
        yes: number of cases with the outcome; None for a difference.
        cases: number of cases.
        share: the share of them, or the difference.
        low, high: 5 and 95 % points.
    """

    yes: float | None
    cases: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class StoredClass:
    """A class with its stored figures.

    Attributes:
        name: its name.
        definition: what counts.
        result: its stored result.
        rates: by outcome and what they are of (see `classes/figures.py`).
    """

    name: str
    definition: ReferenceClass
    result: Result
    rates: Mapping[tuple[str, str], Rate]

    @property
    def cases(self) -> tuple[CaseRow, ...]:
        """The cases, in order of their years."""
        return self.result.figures.listed

    @property
    def main(self) -> str:
        """The name of the main outcome."""
        return next(iter(self.definition.outcomes))

    def open_windows(self, outcome: str) -> int:
        """Return the number of cases whose windows the data do not cover to the end."""
        return sum(row[outcome] == "open" for row in self.cases)

    def sentence(self, outcome: str = "", of: str = "all") -> Text:
        """Return a base rate in a sentence: "Of 61 such build-ups, rivals began a dispute within five years in 24 (39 %, ...)."""
        name = outcome or self.main
        rate, definition = self.rates[name, of], self.definition
        clause = (definition.others_outcomes if of == "similar" else definition.outcomes)[name]
        return message(
            "Of {number} such {cases}, {outcome} within {years} years in {yes} ({share} %, 90 % interval {low} to {high} %).",
            number=rate.cases,
            cases=definition.cases,
            outcome=clause,
            years=SMALL_NUMBERS[definition.years],
            yes=f"{rate.yes:g}",
            share=_percent(rate.share),
            low=_percent(rate.low),
            high=_percent(rate.high),
        )

    def values(self, feature: str) -> list[float]:
        """Return the known values of a feature over the cases, rising."""
        return sorted(float(row[feature]) for row in self.cases if row[feature] is not None)  # type: ignore[arg-type]

    def quantile(self, feature: str, value: float) -> float:
        """Return the share of the cases with a known feature in which it is at most a value; nan if it is known of none."""
        known = self.values(feature)
        return sum(item <= value for item in known) / len(known) if known else math.nan


def _percent(share: float) -> str:
    return f"{math.floor(100.0 * share + 0.5):d}"


@cache
def load_class(name: str) -> StoredClass:
    """Load a class with its stored figures.

    Raises:
        InputError: if there is no such class.
    """
    if name not in CLASSES:
        raise InputError(f"no reference class {name!r}", remedy=did_you_mean(name, CLASSES))
    result = load_result(name)
    counts = {
        (str(row["outcome"]), str(row["of"])): (float(row["yes"]), int(row["cases"]))
        for row in result.figures.counted
        if "of" in row
    }
    rates = {}
    for row in result.figures.estimated:
        key = row.labels["outcome"], row.labels["of"]
        yes, cases = counts.get(key, (None, row.cases or 0))
        share = row.p50 if yes is None else yes / cases
        rates[key] = Rate(yes, cases, share, row.p05, row.p95)
    return StoredClass(name, CLASSES[name], result, rates)
