"""What checkers share: the years of a sentence, figures of a table, and charts of series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from tocsin.checking.answer import Chart, Figure, Reading, unknown
from tocsin.checking.bounds import Bound
from tocsin.checking.clauses import Money, Time
from tocsin.checking.data_sets import State
from tocsin.checking.forms import Match
from tocsin.checking.groups import MEMBERS
from tocsin.checking.quantities import NAMES, Lacking, Table
from tocsin.errors import InputError
from tocsin.translation import either, message

ANY_YEARS = (1816, 9999)
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
JUMP = 2.0
"""Factor by which a figure may change in a year before a note says so."""
CHART_YEARS = 12
"""Years that a chart shows at least."""


def needs_time(match: Match, *kinds: str) -> Time:
    """Return the time of one of the kinds.

    Raises:
        InputError: if the sentence names none of them.
    """
    if time := match.clauses.time(*kinds):
        return time
    words = {
        "in": "in 2015",
        "span": "between 1990 and 2000",
        "since": "since 1990",
        "after": "after 1998",
        "before": "before 1998",
        "month": "in May 2015",
    }
    raise InputError(
        message("the sentence names no such year"),
        remedy=message("add one, such as {examples}", examples=either(f'"{words[kind]}"' for kind in kinds)),
    )


def span_of(match: Match, last: int) -> tuple[int, int]:
    """Return the first and last year of a sentence: of a span, one year, or from a year to the end of the data.

    Args:
        match: the sentence.
        last: the last year of the data.

    Raises:
        InputError: if the sentence names no years.
    """
    time = needs_time(match, "span", "in", "since", "month", "after", "before")
    if time.kind == "since":
        return time.first, max(last, time.first)
    if time.kind == "after":
        return time.first + 1, max(last, time.first + 1)
    if time.kind == "before":
        raise InputError(
            message("the sentence names no first year"), remedy=message('write a span, such as "between 1990 and 2000"')
        )
    return time.first, time.last


def outside(first: int, last: int, covered: tuple[int, int], what: str) -> str | None:
    """Return why years lie outside what the data cover; None if they lie inside."""
    if last > covered[1]:
        return f"{what}: the data end in {covered[1]}"
    if first < covered[0]:
        return f"{what}: the data begin in {covered[0]}"
    return None


def no_figure(table: Table, values: Mapping[int, float], year: int, what: str) -> Reading:
    """Return the reading of a year without a figure, with the reason."""
    reason = (
        outside(year, year, (min(values), max(values)), f"no figure for {year}") if values else "no figure for any year"
    )
    if values and year > max(values):
        return unknown(f"{what}: cannot tell for {year}; the data end in {max(values)}", name=table.name)
    return unknown(f"{what}: {reason or f'no figure for {year}'}", name=table.name)


def figure(table: Table, quantity: str, state: State, year: int, value: float) -> Figure:
    """Return a figure of a table; that of a group also rests on the list of members."""
    sources = (*table.sources, MEMBERS) if state.members else table.sources
    return Figure(f"{state.name}, {NAMES[quantity]}", value, table.unit, str(year), sources, table.basis)


def of_lower_bound(bound: Bound, value: float) -> bool | None:
    """Return whether a total satisfies a bound if only a part of it is known; None if the rest may decide.

    Args:
        bound: the comparison.
        value: the sum of the known part, a lower bound of the total.
    """
    holds = bound.holds(value)
    if bound.comparison in (">", ">="):
        return True if holds else None
    return False if not holds and value > bound.value else None


def without(names: Sequence[str]) -> str:
    """Return a remark on the members of a group that a sum lacks; empty if there are none."""
    return f", without {', '.join(names)}, for which there is no figure" if names else ""


def members_note(side: State, year: int) -> list[str]:
    """Return a note with the members of a group; none for a state."""
    if not side.members:
        return []
    return [f"Members at the end of {year} (ATOP): {', '.join(member.name for member in side.members)}."]


def lacking_readings(lacking: Iterable[Lacking]) -> list[Reading]:
    """Return a reading without a result for each kind of money whose data sets are missing."""
    return [unknown("not checked: data sets are missing", needs=one.needs, name=one.name) for one in lacking]


def money_note(match: Match, money: Sequence[Money], readings: Sequence[Reading]) -> list[str]:
    """Return a note if the sentence names no kind of money and several are read."""
    if match.clauses.money or len(money) < 2:
        return []
    results = [reading.holds for reading in readings if reading.holds is not None]
    end = "the answers differ" if len(set(results)) > 1 else "the answers agree"
    known = (
        f"known in {len(results)} of {len(readings)} ways"
        if len(results) < len(readings)
        else f"read in {len(readings)} ways"
    )
    return [f"The sentence does not say in which money; {known}{f', {end}' if len(results) > 1 else ''}."]


def changed_state(state: State, first: int, last: int) -> list[str]:
    """Return a note if a state's code changed between two years, as from the Soviet Union to Russia."""
    before, after = state.code(first), state.code(last)
    named = not (before.isdigit() or after.isdigit())
    if (named and before != after) or len(state.numbers) > 1:
        return [f"{state.name} was not the same state in {first} and {last} ({before}, {after}): its size may differ."]
    return []


def jumps(table: Table, state: State, first: int, last: int) -> list[str]:
    """Return a note on years in which a series at least doubles or halves, as where a data set changes its own source."""
    values = table.values(state)
    listed_years = [
        f"{year - 1} to {year} (times {values[year] / values[year - 1]:.2g})"
        for year in range(first + 1, last + 1)
        if values.get(year - 1) and year in values and not 1 / JUMP < values[year] / values[year - 1] < JUMP
    ]
    if not listed_years:
        return []
    listed = ", ".join(listed_years[:4]) + (", ..." if len(listed_years) > 4 else "")
    return [
        f"The series jumps in {listed}: its source may have changed there. Look at the chart before you rely on it."
    ]


def series_chart(
    title: str, axis: str, series: Mapping[str, Mapping[int, float]], sources: Sequence[str], notes: Sequence[str] = ()
) -> Chart | None:
    """Return a chart of named series over years, in thousands, millions or billions if they are large; None if there are no values."""
    rows = [(name, year, value) for name, values in series.items() for year, value in sorted(values.items())]
    if not rows:
        return None
    largest = max(abs(value) for _, _, value in rows)
    scale, word = next((pair for pair in _SCALES if largest >= 2 * pair[0]), (1.0, ""))
    schema = {"name": pl.String, "year": pl.Int32, "value": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("value") / scale)
    return Chart(title, f"{word} {axis}".strip(), table, tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(notes)))


def quantity_chart(title: str, made: Sequence[Table], series: Mapping[str, Mapping[int, float]]) -> Chart | None:
    """Return a chart of series of the first table; None if there is no table."""
    return series_chart(title, made[0].unit, series, made[0].sources, bases(made[:1])) if made else None


def bases(tables: Iterable[Table]) -> list[str]:
    """Return the rates, base year and deflator of each kind of money."""
    return [f"{table.name}: {table.basis}" for table in tables if table.basis]


def around(values: Mapping[int, float], first: int, last: int) -> dict[int, float]:
    """Return the values of a span, and of years before it so that a chart shows `CHART_YEARS`."""
    start = min(first, last - CHART_YEARS + 1)
    return {year: value for year, value in values.items() if start <= year <= last}
