"""Check whether something changed at a year: growth of a quantity, or the number of disputes of a pair."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from tocsin.checking import disputes
from tocsin.checking.answer import Finding, Reading, unknown
from tocsin.checking.common import figure, lacking_readings, money_note, needs_time, quantity_chart
from tocsin.checking.data_sets import Library, State
from tocsin.checking.disputes import WINDOWS
from tocsin.checking.forms import Match
from tocsin.checking.quantities import MONEY, NAMES, Request, Table, find_quantity, is_money, tables


def turning_point(match: Match, library: Library) -> Finding:
    """Check growth, or disputes, before and after a year."""
    return _growth(match, library) if match.slot("quantity") else disputes.turning_point(match, library)


def _growth(match: Match, library: Library) -> Finding:
    quantity, year = find_quantity(match.slot("quantity")), needs_time(match, "after").first
    state = library.state(match.slot("state"), year, year)
    keys = match.clauses.money or MONEY if is_money(quantity) else ("dollars",)
    made, lacking = tables(library, quantity, Request(keys, year, (state,), (year,)))
    faster = match.slot("speed").lower() == "faster"
    readings = [_reading(quantity, table, state, (year, window), faster=faster) for table in made for window in WINDOWS]
    readings += lacking_readings(lacking)
    notes = ["The sentence does not say how many years are compared.", *money_note(match, keys, readings)]
    values = made[0].values(state) if made else {}
    span = {at: value for at, value in values.items() if abs(at - year) <= max(WINDOWS)}
    chart = quantity_chart(f"{state.name}: {NAMES[quantity]}", made, {state.name: span})
    return Finding(tuple(readings), max(values, default=0) or None, tuple(notes), chart)


def _reading(quantity: str, table: Table, state: State, when: tuple[int, int], *, faster: bool) -> Reading:
    year, window = when
    values: Mapping[int, float] = table.values(state)
    name = f"{window} years, {table.name}"
    ends = (year - window, year, year + window)
    if missing := [at for at in ends if at not in values]:
        end = f"; the data end in {max(values)}" if values and missing[-1] > max(values) else ""
        return unknown(f"no figure for {', '.join(map(str, missing))}{end}", name=name)
    if not all(values[at] > 0 for at in ends[:2]):
        return unknown("a figure of 0 has no growth in proportion", name=name)
    before, after = ((values[end] / values[start]) ** (1 / window) - 1 for start, end in pairwise(ends))
    says = f"{100 * before:+.3g} % a year in {ends[0]}-{year}, {100 * after:+.3g} % in {year}-{ends[2]}"
    figures = tuple(figure(table, quantity, state, at, values[at]) for at in ends)
    return Reading(name, after > before if faster else after < before, says, figures)
