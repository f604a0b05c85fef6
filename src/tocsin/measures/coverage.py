"""Say for which requested years and states a measure has no data, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, groupby, product

import polars as pl

from tocsin.data.codes import EARLIER, UNIONS
from tocsin.data.readers import read
from tocsin.data.states import member_years
from tocsin.measures.definition import Measure, Request
from tocsin.measures.request import format_years

OPEN_ENDED = 2100
"""Last year of sources that their publishers extend."""


def coverage_notes(
    measure: Measure, request: Request, named: tuple[int, int] | None, frame: pl.DataFrame
) -> tuple[str, ...]:
    """Return notes on the requested years and states without data, with the reason of each.

    Args:
        measure: an entry of the catalogue.
        request: what was computed.
        named: first and last year in the request; None if the user named no years, so that a state's years are no news.
        frame: its rows.
    """
    if named:
        notes = [*_beyond(measure, request, named), *_of_sources(measure, request), *_before_union(measure, request)]
    else:
        notes = []
    if measure.absence:
        notes += _absent(measure, request, frame)
    elif named or frame.is_empty():
        notes += _missing_years(measure, request, frame)
    return tuple(notes)


def format_ranges(years: Iterable[int]) -> str:
    """Return years as text, consecutive ones as a span: "1946-1951, 1953"."""
    runs = groupby(enumerate(sorted(years)), lambda pair: pair[1] - pair[0])
    spans = [[year for _, year in run] for _, run in runs]
    return ", ".join(format_years(span[0], span[-1]) for span in spans)


def _beyond(measure: Measure, request: Request, named: tuple[int, int]) -> Iterator[str]:
    """Yield a note on the years that the measure does not cover."""
    outside = [year for year in range(named[0], named[1] + 1) if not request.first <= year <= request.last]
    if outside:
        yield f"{format_ranges(outside)}: no data; the measure covers {format_years(*measure.years)} ({_covering(measure)})"


def _covering(measure: Measure) -> str:
    texts = [f"`{source.name}` {_span(source.years)}" for source in measure.cited_sources()]
    return ", ".join(texts) or "a table of this program"


def _span(years: tuple[int, int]) -> str:
    return f"from {years[0]} on" if years[1] == OPEN_ENDED else format_years(*years)


def _of_sources(measure: Measure, request: Request) -> Iterator[str]:
    """Yield a note on the sources that cover only part of the years of the rows, those with the same years in one."""
    names: dict[tuple[int, int], list[str]] = {}
    for source in measure.cited_sources():
        names.setdefault(source.years, []).append(f"`{source.name}`")
    for years, sources in names.items():
        lacking = [year for year in range(request.first, request.last + 1) if not years[0] <= year <= years[1]]
        if lacking:
            one = len(sources) == 1
            begin, cover = ("begins", "covers") if one else ("begin", "cover")
            which = f"{begin} in {years[0]}" if years[1] == OPEN_ENDED else f"{cover} {format_years(*years)}"
            yield f"{format_ranges(lacking)}: nothing from {', '.join(sources)}, which {which}"


def _before_union(measure: Measure, request: Request) -> Iterator[str]:
    """Yield a note on a state of a side that had another number in some of the years, which its side then lacks."""
    for union in UNIONS:
        if measure.subject in ("sides", "three") and union.after in request.states:
            earlier = range(max(request.first, union.begins.year), min(request.last + 1, union.since.year))
            if earlier and union.before not in request.states:
                before, after = _label(union.before), _label(union.after)
                yield f"{after} {format_ranges(earlier)}: not in the rows; the state was then {before}, so name it for these years"


def _missing_years(measure: Measure, request: Request, frame: pl.DataFrame) -> Iterator[str]:
    """Yield a note on the years in which a requested state has no data. The numbers of a state before and after a union count as one."""
    years = set(range(request.first, request.last + 1))
    if measure.subject == "sides":
        yield from _missing_sides(request, years - set(frame["year"]))
        return
    if measure.subject == "pairs":
        yield from _outside(request)
        yield from _missing_pairs(measure, request, frame)
        return
    present = _years_of_states(measure.covered(request) if measure.covered else frame)
    members = _memberships(request)
    described = request.groups[0] if measure.subject == "three" else request.states
    for numbers in _in_turn(described):
        missing = years - set().union(*(present.get(number, set()) for number in numbers))
        outside = missing - set().union(*(members.get(number, set()) for number in numbers))
        name = " and ".join(map(_label, numbers))
        if outside:
            yield f"{name} {format_ranges(outside)}: no data; not a member of the state system"
        if missing - outside:
            cited = ", ".join(f"`{source.name}`" for source in measure.cited_sources())
            sources = "the tables of governments" if measure.covered or not cited else cited
            yield f"{name} {format_ranges(missing - outside)}: no data in {sources}"


def _outside(request: Request) -> Iterator[str]:
    """Yield a note on the years in which a requested state was no member of the system."""
    for name, outside in _outside_years(request):
        yield f"{name} {format_ranges(outside)}: no data; not a member of the state system"


def _outside_years(request: Request) -> Iterator[tuple[str, set[int]]]:
    members = _memberships(request)
    for numbers in _in_turn(request.states):
        outside = set(range(request.first, request.last + 1)).difference(*(members.get(one, ()) for one in numbers))
        if outside:
            yield " and ".join(map(_label, numbers)), outside


def _missing_sides(request: Request, missing: set[int]) -> Iterator[str]:
    """Yield notes on members of sides in years in which they were no states, and on years without rows."""
    for name, outside in _outside_years(request):
        yield f"{name} {format_ranges(outside)}: not a member of the state system; without data it adds nothing to its side"
    members = _memberships(request)
    empty = {
        year
        for year in missing
        if any(all(year not in members.get(state, ()) for state in side) for side in request.groups)
    }
    for years, reason in ((empty, "no rows; a side has no state"), (missing - empty, "no data on any of these states")):
        if years:
            yield f"{format_ranges(years)}: {reason}"


def _missing_pairs(measure: Measure, request: Request, frame: pl.DataFrame) -> Iterator[str]:
    """Yield a note on the years in which two members have no row together, or a member none with any other."""
    states, members = _in_turn(request.states), _memberships(request)
    present = {(frozenset(pair), year) for *pair, year in frame.select("state1", "state2", "year").unique().rows()}
    lacking: dict[tuple[tuple[int, ...], ...], set[int]] = {}
    for year in range(request.first, request.last + 1):
        now = [numbers for numbers in states if any(year in members.get(one, ()) for one in numbers)]
        missing = [
            (one, other)
            for one, other in combinations(now, 2)
            if not any((frozenset(pair), year) in present for pair in product(one, other))
        ]
        alone = [one for one in now if len(now) > 2 and sum(one in pair for pair in missing) == len(now) - 1]
        rest = [pair for pair in missing if len(alone) == len(now) or not set(pair) & set(alone)]
        for key in [*((one,) for one in alone if len(alone) < len(now)), *rest]:
            lacking.setdefault(key, set()).add(year)
    sources = ", ".join(f"`{source.name}`" for source in measure.cited_sources())
    for key, years in lacking.items():
        names = " and ".join("/".join(map(_label, numbers)) for numbers in key)
        which = "this pair" if len(key) > 1 else "its pairs with the others"
        yield f"{names} {format_ranges(years)}: no data on {which} in {sources}"


def _in_turn(states: Iterable[int]) -> list[tuple[int, ...]]:
    """Return the states, with the two numbers that one code has in turn in one tuple."""
    groups: dict[int, tuple[int, ...]] = {}
    for state in states:
        key = EARLIER.get(state, state)
        groups[key] = (*groups.get(key, ()), state)
    return list(groups.values())


def _absent(measure: Measure, request: Request, frame: pl.DataFrame) -> Iterator[str]:
    """Yield a note on every requested pair that the data sets cover and that has no row."""
    present = {frozenset(pair) for pair in frame.select("state1", "state2").unique().rows()}
    for one, other in combinations(_in_turn(request.states), 2):
        if not any(frozenset(pair) in present for pair in product(one, other)):
            names = " and ".join("/".join(map(_label, numbers)) for numbers in (one, other))
            yield f"no {measure.absence} between {names} in {format_years(request.first, request.last)}"


def _years_of_states(frame: pl.DataFrame) -> Mapping[int, set[int]]:
    """Return the years of each state's rows, or of its spells."""
    if "year" not in frame.columns:
        last = pl.coalesce("end", "until").dt.year()
        years = pl.int_ranges(pl.col("start").dt.year(), last + 1, dtype=pl.Int32)
        frame = frame.with_columns(year=years).explode("year")
    present: dict[int, set[int]] = {}
    for column in ("state", "state1", "state2"):
        if column in frame.columns:
            for state, year in frame.select(column, "year").unique().rows():
                present.setdefault(state, set()).add(year)
    return present


def _memberships(request: Request) -> Mapping[int, set[int]]:
    members: dict[int, set[int]] = {}
    listed = member_years(read("states"), request.first, request.last).filter(pl.col("state").is_in(request.states))
    for state, year in listed.rows():
        members.setdefault(state, set()).add(year)
    return members


def _label(state: int) -> str:
    codes = read("states").filter(pl.col("state") == state)["code"]
    return codes[-1] if len(codes) else str(state)
