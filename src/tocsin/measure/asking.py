"""What a measure is, and what can be asked of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

import polars as pl

from tocsin.errors import InputError

About: TypeAlias = Literal["states", "pairs", "sides", "three"]
"""What is asked about: states; pairs among them; two sides of one or more; a state, a partner and a rival, in this order."""


@dataclass(frozen=True)
class Request:
    """What is asked of a measure.

    Attributes:
        first, last: years.
        groups: numbers of the states, each group what was written between commas; empty for all.
        inputs: values of the measure's own inputs.
    """

    first: int
    last: int
    groups: tuple[tuple[int, ...], ...] = ()
    inputs: Mapping[str, float] = field(default_factory=dict)

    @property
    def states(self) -> tuple[int, ...]:
        """All states named."""
        return tuple(dict.fromkeys(state for group in self.groups for state in group))


@dataclass(frozen=True)
class Input:
    """A number that no set gives: its usual value, admissible range and meaning."""

    usual: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of the catalogue.

    Attributes:
        what: it is, in a line.
        needs: sources, all of which must be in the cache.
        years: first and last for which it can be had.
        work: gives the table, with columns `state` or `state1` and `state2` where it is about states or pairs.
        about: what is asked about.
        inputs: of its own, by name.
        shown: the column that a figure draws over years; None for spells, which are drawn as bars from start to end.
        span: columns of the lowest and highest value that fit what is known.
        says: what else a reader should know.
        notes: what must be said of a table's rows.
        bars: makes spells of the table, for a figure, where it holds none (columns `label`, start, end, until).
        units: of columns that are no pure numbers, as cases write units.
        rate: columns of a count and of the time at risk, for measures of how often something happens.
    """

    what: str
    needs: tuple[str, ...]
    years: tuple[int, int]
    work: Callable[[Request], pl.DataFrame]
    about: About = "states"
    inputs: Mapping[str, Input] = field(default_factory=dict)
    shown: str | None = None
    span: tuple[str, str] | None = None
    says: str = ""
    notes: Callable[[pl.DataFrame], list[str]] = lambda _: []
    bars: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    rate: tuple[str, str] | None = None


ASKED: Mapping[About, str] = MappingProxyType(
    {
        "states": "states, such as JPN,KOR",
        "pairs": "two states or more, such as JPN,KOR,USA: pairs among them",
        "sides": "two sides, such as KOR+USA,PRK",
        "three": "a state, a partner and a rival, such as KOR,USA,PRK",
    }
)


def ask(
    measure: Measure, groups: Sequence[Sequence[int]], years: tuple[int, int] | None, inputs: Mapping[str, str]
) -> Request:
    """What is asked of a measure, checked.

    Args:
        measure: of the catalogue.
        groups: numbers of states.
        years: first and last; all that the measure covers if not given, and never more than that.
        inputs: values of the measure's own inputs, as written; the usual ones where not given.

    Raises:
        InputError: if this is not what the measure is about, it knows nothing of the years, or an input is unknown or out of
            range.
    """
    asked = tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))
    single = all(len(group) == 1 for group in asked)
    fits = {
        "states": single,
        "pairs": len(asked) != 1 and single,
        "sides": len(asked) == 2,
        "three": len(asked) == 3 and single,
    }
    if not fits[measure.about]:
        raise InputError("that is not what this measure is about", remedy=f"name {ASKED[measure.about]}")
    first, last = years or measure.years
    if max(first, measure.years[0]) > min(last, measure.years[1]):
        known = f"{measure.years[0]} to {measure.years[1]}"
        raise InputError(f"the sets know nothing of {first} to {last}", remedy=f"ask about {known}")
    return Request(
        max(first, measure.years[0]), min(last, measure.years[1]), asked, dict(_values(measure.inputs, inputs))
    )


def _values(known: Mapping[str, Input], given: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    yield from ((name, each.usual) for name, each in known.items())
    for name, text in given.items():
        if name not in known:
            raise InputError(
                f"{name}={text}: no input is named `{name}`",
                remedy="inputs: " + (", ".join(known) or "this measure has none"),
            )
        try:
            value = float(text)
        except ValueError:
            raise InputError(f"{name}={text}: {text!r} is no number", remedy=f"write {name}=NUMBER") from None
        if not known[name].low <= value <= known[name].high:
            span = f"{known[name].low:g} to {known[name].high:g}"
            raise InputError(f"{name}={text} is out of range", remedy=f"give a number from {span}")
        yield name, value


def years_of(text: str) -> tuple[int, int]:
    """First and last year of `FIRST:LAST`, or of a year.

    Raises:
        InputError: if it is neither, or the last lies before the first.
    """
    match = re.fullmatch(r"(\d{4})(?::(\d{4}))?", text.strip())
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise InputError(f"{text!r} is no span of years", remedy="write FIRST:LAST, such as 1990:2022, or a year")
    return int(match[1]), int(match[2] or match[1])
