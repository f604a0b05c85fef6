"""Compute a measure by name, and return its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import polars as pl

from tocsin.data.readers import read
from tocsin.data.registry import Source
from tocsin.data.states import find_states
from tocsin.errors import InputError
from tocsin.measures.catalogue import find_measure
from tocsin.measures.coverage import coverage_notes
from tocsin.measures.definition import Measure, Request
from tocsin.measures.request import format_years, make_request, parse_years
from tocsin.tables import html_table
from tocsin.translation import in_lines, message


@dataclass(frozen=True)
class MeasureResult:
    """A computed measure.

    Attributes:
        name: the measure's name.
        title: its title in one line, with the two sides or the three states if the measure describes those.
        frame: tidy table, sorted, with COW numbers of states and their codes.
        notes: which requested years and states have no rows, and why; for named states, warnings about rows.
        request: the states, years and inputs used.
        definition: the measure's entry in the catalogue.
    """

    name: str
    title: str
    frame: pl.DataFrame
    notes: tuple[str, ...]
    request: Request
    definition: Measure = field(repr=False)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the data sets to cite."""
        return self.definition.cited_sources()

    @property
    def footnotes(self) -> tuple[str, ...]:
        """Return years and sources, the meaning of bounds, the measure's note, and the inputs used."""
        cited = "; ".join(f"{source.what} ({source.cite})" for source in self.sources)
        lines = [f"{format_years(self.request.first, self.request.last)}. {cited}"]
        if self.definition.bounded:
            lines.append("Band: the lowest and highest value that fit the data. Line: the value where it is known.")
        lines += [self.definition.note] if self.definition.note else []
        inputs = self.definition.inputs
        return (*lines, *(f"{name} = {value:g}: {inputs[name].meaning}" for name, value in self.request.inputs.items()))

    def flat_frame(self) -> pl.DataFrame:
        """Return the table with lists joined as text, as CSV requires."""
        numbers = pl.col(pl.List(pl.Int32)).cast(pl.List(pl.String)).list.join("; ")
        return self.frame.with_columns(pl.col(pl.List(pl.String)).list.join("; "), numbers)

    def _repr_html_(self) -> str:
        lines = "<br>".join(escape(line) for line in (*self.notes, *self.footnotes))
        return f"{html_table(self.title, self.frame)}<p>{lines}</p>"


def measure(
    name: str,
    /,
    *,
    states: str | Sequence[str | int] | None = None,
    years: str | int | tuple[int, int] | None = None,
    **inputs: float | str,
) -> MeasureResult:
    """Compute a measure of the catalogue from the data sets in the cache.

    Args:
        name: the measure's name; `tocsin measure` lists them.
        states: ISO codes, COW numbers or names, as a list or separated by commas; `+` joins the members of a side. All states
            if None. A code that means several states over the years, such as DEU, stands for each in its years, except in a measure
            of a state, a partner and a rival.
        years: text `FIRST:LAST` or `YEAR`, a number, or a pair of numbers; None for all that the measure covers.
        **inputs: values of the measure's inputs; defaults for the others.

    Raises:
        InputError: if the measure, a state, a year or an input is unknown or does not fit, or no data are known for
            any of the states and years.
        SolveError: if a data set is not in the cache.
    """
    return compute_measure(name, states, years, inputs)


def compute_measure(
    name: str,
    states: str | Sequence[str | int] | None,
    years: str | int | tuple[int, int] | None,
    inputs: Mapping[str, float | str],
) -> MeasureResult:
    """Compute a measure as `measure` does, with its inputs as a mapping, so that they can have any name."""
    definition = find_measure(name)
    span = _span(years)
    sides = [] if states is None else states.split(",") if isinstance(states, str) else [str(side) for side in states]
    request = make_request(definition, _groups(definition, sides, span or definition.years), span, inputs)
    frame = _labelled(definition.compute(request))
    notes = coverage_notes(definition, request, span, frame)
    if frame.is_empty() and not definition.absence:
        years = format_years(request.first, request.last)
        raise InputError(
            in_lines([message("no data for {years}", years=years), *(f"  {note}" for note in notes)]),
            remedy=message("choose other states or years"),
        )
    warnings = tuple(definition.warnings(frame)) if request.groups else ()
    return MeasureResult(name, _title(definition, sides), frame, (*notes, *warnings), request, definition)


def _span(years: str | int | tuple[int, int] | None) -> tuple[int, int] | None:
    if years is None:
        return None
    return parse_years(":".join(map(str, years)) if isinstance(years, tuple) else str(years))


def _groups(definition: Measure, sides: Sequence[str], years: tuple[int, int]) -> list[list[int]]:
    """Return the numbers of the states of each side. A code may mean several states in turn; each counts in its years."""
    if not sides:
        return []
    table = read("states")
    in_turn = definition.subject == "states" or (definition.subject == "pairs" and len(sides) > 1)
    groups: list[list[int]] = []
    for side in sides:
        states = [find_states(state, years, table) for state in side.split("+")]
        if in_turn and len(states) == 1:
            groups += [[number] for number in states[0]]
        elif definition.subject == "sides":
            groups.append([number for numbers in states for number in numbers])
        else:
            groups.append([numbers[-1] for numbers in states])
    return groups


def _title(definition: Measure, sides: Sequence[str]) -> str:
    title = definition.title[0].upper() + definition.title[1:]
    if definition.subject == "sides":
        return f"{title}: {' against '.join(sides)}"
    return f"{title}: {','.join(sides)}" if definition.subject == "three" else title


def _labelled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the sorted table with the code of each state next to its number."""
    columns = [name for name in ("state", "state1", "state2") if name in frame.columns]
    codes = read("states").unique("state", keep="last", maintain_order=True)
    labels = {
        name.replace("state", "code"): pl.col(name).replace_strict(codes["state"], codes["code"], default=None)
        for name in columns
    }
    order = [*columns, *(name for name in ("year", "start", "date") if name in frame.columns)]
    return frame.with_columns(**labels).sort(order)
