"""Check a state against others: comparisons, ranks and shares of the world in one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, show
from tocsin.checking.bounds import (
    Bound,
    parse_comparison,
    parse_measured,
    parse_number,
    parse_ordinal,
    parse_percent,
    written,
)
from tocsin.checking.clauses import Money
from tocsin.checking.common import (
    around,
    bases,
    figure,
    lacking_readings,
    members_note,
    money_note,
    no_figure,
    of_lower_bound,
    quantity_chart,
    series_chart,
    without,
)
from tocsin.checking.data_sets import Library, State, split_states
from tocsin.checking.forms import Match
from tocsin.checking.quantities import NAMES, Request, Table, find_quantity, is_money, tables
from tocsin.data.states import member_years
from tocsin.errors import InputError
from tocsin.translation import message

_SMALL = ("smallest", "lowest", "weakest")
_LESS = ("less", "fewer", "smaller", "lower")
_FACTORS = {"factor", "percent"}
"""Slots of a comparison that state a proportion."""
SHOWN_ABOVE = 5
"""States that a rank names."""
NEAR_YEARS = 3
"""Years from which a figure shows that a state without one might rank higher."""


def _year(match: Match, library: Library, quantity: str) -> tuple[int, list[str]]:
    """Return the year of a sentence; without one, the last year of the data, and a note that says so."""
    if time := match.clauses.time("in", "month"):
        return time.first, []
    if match.clauses.times:
        raise InputError(
            message("a comparison of states needs one year"), remedy=message('name one year, such as "in 2015"')
        )
    made, _ = tables(library, quantity, Request(("dollars",), 0))
    year = max(
        (int(value) for table in made for value in [table.frame["year"].max()] if isinstance(value, int)), default=0
    )
    return year, [f"The sentence names no year: read for {year}, the last year of the data."]


def _tables(
    match: Match, library: Library, quantity: str, year: int, states: Sequence[State]
) -> tuple[list[Table], list[Reading], tuple[Money, ...]]:
    """Return the tables in dollars and purchasing power of the year, and readings for what is missing."""
    keys: tuple[Money, ...] = match.clauses.money or ("dollars", "ppp") if is_money(quantity) else ("dollars",)
    if not set(keys) & {"dollars", "ppp"}:
        raise InputError(
            message("local currencies of different states cannot be compared"),
            remedy=message('write "in dollars", or "at purchasing power parity"'),
        )
    keys = tuple(key for key in keys if key in ("dollars", "ppp"))
    made, lacking = tables(library, quantity, Request(keys, year, tuple(states), (year,)))
    return [table for table in made if table.key in ("", *keys)], lacking_readings(lacking), keys


def _data_end(made: Sequence[Table]) -> int | None:
    ends = [int(table.frame["year"].max() or 0) for table in made if table.frame.height]  # type: ignore[arg-type]
    return max(ends, default=0) or None


# --- comparisons ---------------------------------------------------------------------------------------------------


def comparison(match: Match, library: Library) -> Finding:
    """Check that a state has more or less than others, together or each, or so many times as much."""
    quantity = find_quantity(match.slot("quantity"))
    year, notes = _year(match, library, quantity)
    state = library.side(match.slot("state"), year)
    others = [library.side(name, year, state) for name in split_states(match.slot("states"))]
    for other in others:
        _check_apart(state, other)
    made, lacking, keys = _tables(match, library, quantity, year, [state, *others])
    together = len(others) > 1 and bool(_FACTORS & match.slots.keys())
    together |= any(word in match.clauses.core.lower() for word in ("together", "combined"))
    readings = [_comparison_reading(match, quantity, table, (state, others), year, together=together) for table in made]
    if len(others) > 1 and not together:
        notes.append("Read as more (or less) than each of them; write together for their sum.")
    every = [*readings, *lacking]
    notes += money_note(match, keys, every) + [note for one in (state, *others) for note in members_note(one, year)]
    sides = [one for one in (state, *others) if not one.members]  # the members of a group change: no series
    series = {one.name: around(made[0].values(one), year, year) for one in sides} if made else {}
    chart = quantity_chart(NAMES[quantity].capitalize(), made, series)
    return Finding(tuple(every), _data_end(made), tuple(notes), chart)


def _check_apart(state: State, other: State) -> None:
    """Refuse a comparison of two sides that share a state.

    Raises:
        InputError: if they do.
    """
    if not set(state.numbers) & set(other.numbers):
        return
    if not state.members and not other.members:
        raise InputError(
            message("the sentence compares {state} with itself", state=state.name), remedy=message("name another state")
        )
    raise InputError(
        message("{state} and {other} share members", state=state.name, other=other.name),
        remedy=message('write the other members, as in "more than the other NATO members together"'),
    )


def _comparison_reading(
    match: Match, quantity: str, table: Table, sides: tuple[State, list[State]], year: int, *, together: bool
) -> Reading:
    state, others = sides
    figures: list[Figure] = []
    for one in (state, *others):
        values = table.values(one)
        if year not in values:
            return no_figure(table, values, year, f"{one.name}, {NAMES[quantity]}")
        figures.append(figure(table, quantity, one, year, values[year]))
    listed = ", ".join(
        f"{one.name} {show(float(shown.value), table.unit)}"
        for one, shown in zip((state, *others), figures, strict=True)
    )
    lacking = [table.lacking(one, year) for one in (state, *others)]
    listed += without([name for names in lacking for name in names])
    if _FACTORS & match.slots.keys():
        reading = _factor_reading(match, table, figures, listed)
        return replace(reading, holds=None) if any(lacking) else reading
    less = match.slot("more").lower() in _LESS
    reading = _order_reading(table, figures, listed, less=less, together=together)
    if not any(lacking) or reading.holds is None:
        return reading
    settled = _settled(reading.holds, less=less, subject=bool(lacking[0]), objects=any(lacking[1:]))
    return replace(reading, holds=settled, test="")


def _factor_reading(match: Match, table: Table, figures: Sequence[Figure], listed: str) -> Reading:
    """Return whether the first figure is so many times the sum of the others."""
    first, *rest = (float(one.value) for one in figures)
    bound, total = _factor(match), sum(rest)
    ratio = first / total if total else float("inf")
    test = written("{0}", bound, f" * ({_sum(len(rest))})")
    return Reading(table.name, bound.holds(ratio), f"{listed}: times {ratio:.3g}", tuple(figures), test=test)


def _order_reading(table: Table, figures: Sequence[Figure], listed: str, *, less: bool, together: bool) -> Reading:
    """Return whether the first figure is more, or less, than the sum of the others or each of them."""
    first, *rest = (float(one.value) for one in figures)
    total = sum(rest)
    against = [total] if together else rest
    holds = all(first < other for other in against) if less else all(first > other for other in against)
    says = f"{listed}; together {show(total, table.unit)}" if together and len(rest) > 1 else listed
    terms = [_sum(len(rest))] if together else [f"{{{index}}}" for index in range(1, len(figures))]
    test = " and ".join(f"{{0}} {'<' if less else '>'} {other}" for other in terms)
    return Reading(table.name, holds, says, tuple(figures), test=test)


def _settled(holds: bool, *, less: bool, subject: bool, objects: bool) -> bool | None:
    """Return a comparison's result if sums on some sides are lower bounds; None if what they lack may change it.

    A larger subject can only make "more" true and "less" false; a larger object the reverse.
    """
    grows_true = {subject and not less, objects and less}
    grows_false = {subject and less, objects and not less}
    may_change = (not holds and any(grows_true)) or (holds and any(grows_false))
    return None if may_change else holds


def _sum(count: int) -> str:
    """Return the sum of the figures after the first, in the language of cases."""
    return " + ".join(f"{{{index}}}" for index in range(1, count + 1))


def _factor(match: Match) -> Bound:
    """Return the bound of "twice as much" or "a third of": without words that compare, within a tenth."""
    if match.slot("percent"):
        share = parse_percent(match.slot("percent"))[0] / 100
        return Bound(parse_comparison(match.slot("bound")), share, 0.1 * share)
    word = match.slot("factor").lower()
    value = {"twice": 2.0, "thrice": 3.0, "half": 0.5}.get(word)
    if value is None:
        value = parse_number(word.removesuffix("times").strip())[0]
    return Bound(parse_comparison(match.slot("bound")), value, 0.1 * value)


# --- the world -----------------------------------------------------------------------------------------------------


def world_share(match: Match, library: Library) -> Finding:
    """Check the share of a state in the sum over all states with a figure."""
    quantity = find_quantity(match.slot("quantity"))
    year, notes = _year(match, library, quantity)
    state = library.side(match.slot("state"), year)
    made, lacking, keys = _tables(match, library, quantity, year, [])
    bound = parse_measured(match.slot("bound"), parse_percent(match.slot("percent")))
    readings = [_share_reading(library, quantity, table, state, year, bound) for table in made] + lacking
    notes += money_note(match, keys, readings) + members_note(state, year)
    series = _shares(made[0], state, year) if made and not state.members else {}
    title = f"{state.name}: share of world {NAMES[quantity]}"
    chart = series_chart(title, "%", {state.name: series}, made[0].sources, bases(made[:1])) if made else None
    return Finding(tuple(readings), _data_end(made), tuple(notes), chart)


def _share_reading(library: Library, quantity: str, table: Table, state: State, year: int, bound: Bound) -> Reading:
    values = table.values(state)
    if year not in values:
        return no_figure(table, values, year, f"{state.name}, {NAMES[quantity]}")
    rows = table.frame.filter(pl.col("year") == year)
    total = float(rows["value"].sum())
    share = values[year] if quantity == "capability" else 100.0 * values[year] / total
    says = f"{share:.3g} % in {year}: {show(values[year], table.unit)} of {show(total, table.unit)} in {rows.height} states"
    shown = (
        figure(table, quantity, state, year, values[year]),
        Figure(f"{rows.height} states, {NAMES[quantity]}", total, table.unit, str(year), table.sources, table.basis),
    )
    if absent := table.lacking(state, year):
        says += without(absent)
        return Reading(table.name, of_lower_bound(bound, share), says + _absent(library, rows, year), shown)
    part = Bound(bound.comparison, bound.value / 100, bound.slack / 100)
    test = "" if quantity == "capability" else written("{0}", part, " * {1}")
    return Reading(table.name, bound.holds(share), says + _absent(library, rows, year), shown, test=test)


def _shares(table: Table, state: State, year: int) -> dict[int, float]:
    totals = dict(table.frame.group_by("year").agg(pl.col("value").sum()).rows())
    values: Mapping[int, float] = around(table.values(state), year, year)
    return {at: 100.0 * value / totals[at] for at, value in values.items() if totals[at]}


def _missing_states(library: Library, rows: pl.DataFrame, year: int) -> list[int]:
    """Return the members of the state system that have no figure in a year."""
    members = member_years(library.read("states"), year, year)
    return sorted(set(members["state"]) - set(rows["state"]))


def _absent(library: Library, rows: pl.DataFrame, year: int) -> str:
    """Return the states of the system that have no figure in a year, as text."""
    missing = _missing_states(library, rows, year)
    if not missing:
        return ""
    names = ", ".join(library.name(number) for number in missing[:4])
    return f"; no figure for {len(missing)} states ({names}{', ...' if len(missing) > 4 else ''})"


def rank(match: Match, library: Library) -> Finding:
    """Check the rank of a state among all states with a figure."""
    quantity = find_quantity(match.slot("quantity"))
    year, notes = _year(match, library, quantity)
    state = library.side(match.slot("state"), year)
    made, lacking, keys = _tables(match, library, quantity, year, [])
    readings = [_rank_reading(match, library, quantity, table, (state, year)) for table in made] + lacking
    notes += money_note(match, keys, readings)
    chart = _rank_chart(library, quantity, made, state, year)
    return Finding(tuple(readings), _data_end(made), tuple(notes), chart)


def _rank_reading(match: Match, library: Library, quantity: str, table: Table, who: tuple[State, int]) -> Reading:
    state, year = who
    values = table.values(state)
    if year not in values:
        return no_figure(table, values, year, f"{state.name}, {NAMES[quantity]}")
    rows = table.frame.filter(pl.col("year") == year)
    low = match.slot("top").lower() in _SMALL
    beyond = pl.col("value") < values[year] if low else pl.col("value") > values[year]
    ahead = rows.filter(beyond).sort("value", descending=not low)
    perhaps = _near_years(library, table, rows, year).filter(beyond)
    rank_of_state = ahead.height + 1
    holds = _rank_holds(match, rank_of_state, rank_of_state + perhaps.height)
    names = ", ".join(library.name(number) for number in ahead["state"].head(SHOWN_ABOVE))
    says = f"number {rank_of_state} of {rows.height} in {year}, {show(values[year], table.unit)}"
    says += f", after {names}{', ...' if rank_of_state > SHOWN_ABOVE + 1 else ''}" if names else ""
    if perhaps.height:
        doubtful = ", ".join(library.name(number) for number in perhaps["state"].head(SHOWN_ABOVE))
        says += f"; perhaps also after {doubtful}, by figures of other years"
    shown = figure(table, quantity, state, year, values[year])
    order = Figure(
        f"{state.name}, rank by {NAMES[quantity]}", float(rank_of_state), "rank", str(year), table.sources, table.basis
    )
    return Reading(table.name, holds, says + _absent(library, rows, year), (shown, order))


def _near_years(library: Library, table: Table, rows: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return, for states without a figure in a year, the figure of the nearest year, at most `NEAR_YEARS` away."""
    distance = (pl.col("year") - year).abs()
    missing = _missing_states(library, rows, year)
    others = table.frame.filter(pl.col("state").is_in(missing), distance <= NEAR_YEARS)
    return others.sort(distance).unique("state", keep="first", maintain_order=True)


def _rank_holds(match: Match, best: int, worst: int) -> bool | None:
    """Return whether a rank that lies between two places is as stated; None if the missing figures decide."""
    if top := match.slot("number") or match.slot("number2"):
        limit = int(parse_number(top)[0])
        return True if worst <= limit else False if best > limit else None
    stated = _stated_rank(match)
    return stated == best if best == worst else None if best <= stated <= worst else False


def _stated_rank(match: Match) -> int:
    return parse_ordinal(match.slot("ordinal")) if match.slot("ordinal") else 1


def _rank_chart(library: Library, quantity: str, made: list[Table], state: State, year: int) -> Chart | None:
    if not made:
        return None
    rows = made[0].frame.filter(pl.col("year") == year).sort("value", descending=True)
    numbers = dict.fromkeys([*rows["state"].head(SHOWN_ABOVE), *state.numbers])
    series = {library.name(number): around(made[0].values(State("", (number,))), year, year) for number in numbers}
    return quantity_chart(f"{NAMES[quantity].capitalize()}: largest in {year}", made, series)
