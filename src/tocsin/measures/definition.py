"""Define a measure: its title, sources, coverage, inputs and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from tocsin.data.registry import Source, source
from tocsin.translation import template

if TYPE_CHECKING:
    import polars as pl

Subject: TypeAlias = Literal["states", "pairs", "sides", "three"]
"""What a measure describes: states; pairs of states; two sides; or a state, a partner and a rival, in this order."""

SUBJECTS: Mapping[Subject, str] = MappingProxyType(
    {
        "states": template("states, such as JPN,KOR"),
        "pairs": template("two or more states, such as JPN,KOR,USA"),
        "sides": template("two sides, such as KOR+USA,PRK"),
        "three": template("a state, a partner and a rival, such as KOR,USA,PRK"),
    }
)
"""The states to name for each subject, as templates of the catalogue."""


@dataclass(frozen=True)
class Request:
    """Years, states and inputs for which a measure is computed.

    Attributes:
        first, last: years.
        groups: COW numbers of the states, grouped by side; empty for all states.
        inputs: values of the measure's inputs.
    """

    first: int
    last: int
    groups: tuple[tuple[int, ...], ...] = ()
    inputs: Mapping[str, float] = field(default_factory=dict)

    @property
    def states(self) -> tuple[int, ...]:
        """Return all requested states."""
        return tuple(dict.fromkeys(state for group in self.groups for state in group))


@dataclass(frozen=True)
class Input:
    """A number that no data set provides: its default, admissible range and meaning, a template of the catalogue."""

    default: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True)
class RateColumns:
    """The columns of a rate: a count of events and the years at risk."""

    count: str
    at_risk: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of the catalogue.

    Attributes:
        title: what it measures, in one line; a template of the catalogue.
        sources: names of the data sets that must be in the cache.
        years: first and last year covered.
        compute: returns the table, with columns `state`, or `state1` and `state2`, if it describes states or pairs.
        subject: what it describes.
        inputs: its inputs by name.
        main_column: the column plotted over years; None for spells, which are plotted as bars, and for rates.
        bounded: whether columns `low` and `high` bound the main column.
        note: a further remark for readers.
        absence: what a pair without rows does not have, such as "pact"; "" if that is then unknown.
        covered: returns the spells (columns state, start, end, until) that the data sets cover, if the rows do not show them.
        warnings: returns warnings about rows of the table.
        spells: returns the spells to plot (columns label, start, end, until); None if the table itself has spells or none apply.
        units: units of columns with a dimension, written as in cases.
        rate: the columns of a rate, if the measure is one.
    """

    title: str
    sources: tuple[str, ...]
    years: tuple[int, int]
    compute: Callable[[Request], pl.DataFrame]
    subject: Subject = "states"
    inputs: Mapping[str, Input] = field(default_factory=dict)
    main_column: str | None = None
    bounded: bool = False
    note: str = ""
    absence: str = ""
    covered: Callable[[Request], pl.DataFrame] | None = None
    warnings: Callable[[pl.DataFrame], list[str]] = lambda _: []
    spells: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    rate: RateColumns | None = None

    def cited_sources(self) -> tuple[Source, ...]:
        """Return the sources to cite: all but the lists of states and dyads."""
        return tuple(source(name) for name in self.sources if name not in ("states", "false_dyads"))
