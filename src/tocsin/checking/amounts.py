"""Check how a quantity of one state changed, how large it was, and whether it was a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tocsin.checking.answer import Figure, Finding, Reading, case_unit, show, unknown
from tocsin.checking.bounds import (
    NEARLY,
    Bound,
    parse_comparison,
    parse_manifold,
    parse_measured,
    parse_number,
    parse_percent,
    written,
)
from tocsin.checking.clauses import Money
from tocsin.checking.common import (
    ANY_YEARS,
    CHART_YEARS,
    around,
    bases,
    changed_state,
    figure,
    jumps,
    lacking_readings,
    members_note,
    money_note,
    needs_time,
    no_figure,
    of_lower_bound,
    quantity_chart,
    series_chart,
    without,
)
from tocsin.checking.currencies import parse_money
from tocsin.checking.data_sets import Library, State
from tocsin.checking.forms import Match
from tocsin.checking.groups import alliance_called
from tocsin.checking.quantities import MONEY, NAMES, Request, Table, find_quantity, is_money, product_share, tables
from tocsin.data.codes import by_code
from tocsin.errors import InputError
from tocsin.translation import message

_FOLD = {"doubled": 2.0, "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0, "quintupled": 5.0, "halved": 0.5}
_DOWN = (
    "cut",
    "reduced",
    "lowered",
    "decreased",
    "shrank",
    "shrunk",
    "slashed",
    "fell",
    "fallen",
    "dropped",
    "declined",
    "went down",
)
_LESS = ("less", "fewer", "smaller", "lower")
_LOWEST = ("record low", "all-time low", "lowest", "smallest")
FAR_FUTURE = 9999


def _money_keys(match: Match, quantity: str, default: tuple[Money, ...]) -> tuple[Money, ...]:
    return (match.clauses.money or default) if is_money(quantity) else ("dollars",)


def growth(match: Match, library: Library) -> Finding:
    """Check that a quantity rose or fell, by a factor, a percentage, or every year."""
    quantity = find_quantity(match.slot("quantity"))
    first, last = _growth_years(match)
    state = library.state(match.slot("state"), first, max(first, min(last, date.today().year)))
    keys = _money_keys(match, quantity, MONEY)
    base = last if last < FAR_FUTURE else _last_year(library, quantity, state)
    made, lacking = tables(library, quantity, Request(keys, base, (state,), (first, base)))
    readings, series, ends = [], {}, []
    for table in made:
        values = table.values(state)
        end = max(values, default=0) if last == FAR_FUTURE else last
        readings.append(_growth_reading(match, quantity, state, table, (first, end)))
        ends.append(max(values, default=0))
        if values.get(first):
            part = {year: value for year, value in values.items() if first <= year <= end}
            series[table.name] = {year: 100.0 * value / values[first] for year, value in part.items()}
    readings += lacking_readings(lacking)
    notes = money_note(match, keys, readings)
    if last == FAR_FUTURE and any(ends):
        notes.append(f"The sentence names no last year: taken to the end of the data, {max(ends)}.")
    sources = [name for table in made for name in table.sources]
    chart = series_chart(f"{state.name}: {NAMES[quantity]}", f"{first} = 100", series, sources, bases(made))
    if match.clauses.time("in") and not match.slot("more"):
        notes.append(f"The sentence names one year: read as the change from {first} to {last}.")
    if made:
        notes += jumps(made[0], state, first, last if last < FAR_FUTURE else max(ends))
    notes += changed_state(state, first, last if last < FAR_FUTURE else max(ends, default=first))
    return Finding(tuple(readings), max(ends, default=0) or None, tuple(notes), chart)


def _last_year(library: Library, quantity: str, state: State) -> int:
    """Return the last year of the data on a state in dollars, or in its own unit."""
    made, _ = tables(library, quantity, Request(("dollars",), 0, (state,)))
    return max((year for table in made for year in table.values(state)), default=0)


def _growth_years(match: Match) -> tuple[int, int]:
    time = needs_time(match, "since", "span", "in", "after")
    if match.slot("more"):
        named = [one.first for one in match.clauses.times]
        if len(set(named)) != len(named) or len(named) > 2:
            raise InputError(
                message("the sentence does not name two years"), remedy=message('write "in 2010 than in 2000"')
            )
        return min(named), max(named) if len(named) == 2 else FAR_FUTURE
    if time.kind in ("since", "after"):
        return time.first, FAR_FUTURE
    return (time.first - 1, time.first) if time.kind == "in" else (time.first, time.last)


def _growth_reading(match: Match, quantity: str, state: State, table: Table, years: tuple[int, int]) -> Reading:
    values = table.values(state)
    first, last = years
    what = f"{state.name}, {NAMES[quantity]}"
    for year in (last, first):
        if year not in values:
            return no_figure(table, values, year, what)
    if first == last:
        return unknown(f"{what}: the data end in {last}, and have no later year to compare", name=table.name)
    figures = tuple(figure(table, quantity, state, year, values[year]) for year in years)
    start, end = values[first], values[last]
    if start == 0:
        return unknown(f"{what}: 0 in {first}, so no change can be stated in proportion", name=table.name)
    text = f"{show(start, table.unit)} in {first}, {show(end, table.unit)} in {last}: times {end / start:.3g}, {_signed(end / start)}"
    holds, more, test = _growth_result(match, values, years)
    return Reading(table.name, holds, text + more, figures, test=test)


def _signed(ratio: float) -> str:
    change = 100 * (ratio - 1)
    return f"{change:+.3g} %" if abs(change) < 1000 else f"{change:+,.0f} %"


def _growth_result(match: Match, values: Mapping[int, float], years: tuple[int, int]) -> tuple[bool | None, str, str]:
    """Return whether a change is as stated, what to add to the text, and the test for a case; {0} is the first year, {1} the last."""
    ratio = values[years[1]] / values[years[0]]
    if match.slot("more"):
        return _compared_years(match, ratio, years)
    if fold := match.slot("fold").lower():
        return _factor_result(match.slot("bound"), _FOLD[fold], ratio, fold)
    down = (match.slot("change") or match.slot("move")).lower() in _DOWN
    if manifold := match.slot("manifold"):
        factor = parse_manifold(manifold)
        return _factor_result(match.slot("bound"), 1 / factor if down else factor, ratio, f"{manifold} of it")
    if "always" in match.slots:
        return *_always(values, years, down=down), ""
    later, earlier = ("{0}", "{1}") if down else ("{1}", "{0}")
    change = 100 * (1 - ratio if down else ratio - 1)
    if not match.slot("percent"):
        return change > 0, "", f"{later} > {earlier}"
    bound = parse_measured(match.slot("bound"), parse_percent(match.slot("percent")))
    holds = bound.holds(change)
    near = not holds and abs(change - bound.value) <= NEARLY * bound.value
    part = Bound(bound.comparison, bound.value / 100, bound.slack / 100)
    return holds, "; near, but not as stated" if near else "", written(f"{later} - {earlier}", part, " * {0}")


def _factor_result(word: str, factor: float, ratio: float, phrase: str) -> tuple[bool, str, str]:
    """Return whether a quantity changed by a factor: without words that compare, by at least that factor."""
    # halved is doubled in reverse, so that "more than halved" is a larger change too
    down = factor < 1
    target, reached = (1 / factor, 1 / ratio if ratio else float("inf")) if down else (factor, ratio)
    bound = Bound(parse_comparison(word) if word else ">=", target, 0.05 * target)
    holds = bound.holds(reached)
    more = f"; nearly {phrase}" if not holds and (1 - NEARLY) * target <= reached < target else ""
    return holds, more, written("{0}", bound, " * {1}") if down else written("{1}", bound, " * {0}")


def _compared_years(match: Match, ratio: float, years: tuple[int, int]) -> tuple[bool, str, str]:
    """Return whether the first year that the sentence names had more, or less, than the second."""
    named = [time.first for time in match.clauses.times]
    reverse = named[0] == years[0] and len(named) == 2
    less = match.slot("more").lower() in _LESS
    # the last year had less: the sentence says less of it, or more of the other
    falls = less != reverse
    return ratio < 1 if falls else ratio > 1, "", "{1} < {0}" if falls else "{1} > {0}"


def _always(values: Mapping[int, float], years: tuple[int, int], *, down: bool) -> tuple[bool | None, str]:
    pairs = [(year, values.get(year - 1), values.get(year)) for year in range(years[0] + 1, years[1] + 1)]
    broken = [
        year
        for year, before, now in pairs
        if before is not None and now is not None and (now >= before if down else now <= before)
    ]
    if broken:
        return False, f"; not in {', '.join(map(str, broken[:5]))}{', ...' if len(broken) > 5 else ''}"
    if missing := [year for year, before, now in pairs if before is None or now is None]:
        return None, f"; no figures around {missing[0]}"
    return True, ""


def level(match: Match, library: Library) -> Finding:
    """Check how large a quantity was in a year."""
    quantity = find_quantity(match.slot("quantity"))
    amount = match.slot("money")
    if bool(amount) != is_money(quantity):
        raise _wrong_unit(quantity)
    state, year, notes = _side_and_year(match, library, quantity)
    if amount:
        value, slack, currency = parse_money(amount)
        bound, keys = (
            parse_measured(match.slot("bound"), (value, slack)),
            _keys_of(match, currency, state, year),
        )
        if not keys:
            own = "" if state.members else f" nor the present currency of {state.name}"
            says = f"{currency} is {'neither' if own else 'not'} the dollar{own}: write the amount in {'one of them' if own else 'dollars'}"
            return Finding((unknown(says),))
    else:
        bound, keys = parse_measured(match.slot("bound"), parse_number(match.slot("number"))), ("dollars",)
    made, lacking = tables(library, quantity, Request(keys, year, (state,), (year,)))
    readings = [_level_reading(quantity, state, table, year, bound) for table in made] + lacking_readings(lacking)
    return _level_finding(quantity, state, made, readings, (year, notes))


def _wrong_unit(quantity: str) -> InputError:
    name = message(NAMES[quantity])
    if is_money(quantity):
        return InputError(
            message("{quantity} is an amount of money", quantity=name),
            remedy=message("write the amount with its currency"),
        )
    return InputError(
        message("{quantity} is not an amount of money", quantity=name),
        remedy=message("write the number without a currency"),
    )


def _keys_of(match: Match, currency: str, state: State, year: int) -> tuple[Money, ...]:
    """Return the kinds of money in which an amount is meant; none for the currency of another state."""
    if "real" in match.clauses.money:
        raise InputError(
            message("an amount in real terms needs a price year"), remedy=message('leave out "in real terms"')
        )
    if currency == "USD":
        return tuple(key for key in match.clauses.money if key != "native") or ("dollars",)
    return ("native",) if currency == own_currency(state.code(year)) else ()


def own_currency(code: str) -> str:
    """Return the present currency of a state, in which published series are restated; "" if none is known."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    iso2 = next((entry.iso2 for entry in by_code().get(code, ()) if entry.iso2), "")
    if not iso2 or iso2 not in get_global("territory_currencies"):
        return ""
    return next(iter(get_territory_currencies(iso2)), "")


def _state_and_year(match: Match, library: Library, quantity: str) -> tuple[State, int, list[str]]:
    """Return the state and the year of a sentence; without a year, the last one with data, and a note that says so."""
    if time := match.clauses.time("in", "month"):
        return library.state(match.slot("state"), time.first, time.first), time.first, []
    if match.clauses.times:
        raise InputError(
            message("a level or record needs one year"), remedy=message('name one year, such as "in 2015"')
        )
    state = library.state(match.slot("state"), *ANY_YEARS)
    year = _last_year(library, quantity, state)
    return state, year, [f"The sentence names no year: read for {year}, the last year of the data."]


def _side_and_year(match: Match, library: Library, quantity: str) -> tuple[State, int, list[str]]:
    """Return the state or group and the year of a sentence, and notes; a group needs a year."""
    time = match.clauses.time("in", "month")
    if alliance_called(match.slot("state")) is None or match.clauses.times not in ((), (time,)):
        return _state_and_year(match, library, quantity)
    if time is None:
        raise InputError(
            message("members of a group differ from year to year"), remedy=message('name one year, such as "in 2015"')
        )
    side = library.side(match.slot("state"), time.first)
    return side, time.first, members_note(side, time.first)


def _level_reading(quantity: str, state: State, table: Table, year: int, bound: Bound) -> Reading:
    values = table.values(state)
    if year not in values:
        return no_figure(table, values, year, f"{state.name}, {NAMES[quantity]}")
    shown = figure(table, quantity, state, year, values[year])
    unit = case_unit(table.unit)
    says = f"{show(values[year], table.unit)} in {year}"
    if lacking := table.lacking(state, year):
        return Reading(table.name, of_lower_bound(bound, values[year]), says + without(lacking), (shown,))
    test = written("{0}", bound, "" if unit == "1" else f" {unit}")
    return Reading(table.name, bound.holds(values[year]), says, (shown,), test=test)


def _level_finding(
    quantity: str, state: State, made: list[Table], readings: list[Reading], when: tuple[int, list[str]]
) -> Finding:
    year, notes = when
    values = made[0].values(state) if made else {}
    # the members of a group change, so that its sums are no series
    series = {} if state.members else {state.name: around(values, year, year)}
    chart = quantity_chart(f"{state.name}: {NAMES[quantity]}", made, series)
    return Finding(tuple(readings), max(values, default=0) or None, tuple(notes), chart)


def product_share_of(match: Match, library: Library) -> Finding:
    """Check military spending as a share of gross domestic product."""
    if find_quantity(match.slot("quantity")) != "spending":
        raise InputError(
            message("only spending is measured as a share of gross domestic product"),
            remedy=message('write "defence spending"'),
        )
    state, year, notes = _state_and_year(match, library, "spending")
    bound = parse_measured(match.slot("bound"), parse_percent(match.slot("percent")))
    made = product_share(library, Request((), year, (state,), (year,)))
    readings = [_level_reading("spending", state, table, year, bound) for table in made]
    return _level_finding("spending", state, made, readings, (year, notes))


def record(match: Match, library: Library) -> Finding:
    """Check that the figure of a year was the highest or lowest of all years, or since a year."""
    quantity = find_quantity(match.slot("quantity"))
    state, year, notes = (
        _state_and_year(match, library, quantity)
        if not match.clauses.time("since")
        else _since(match, library, quantity)
    )
    since = match.clauses.time("since")
    keys = _money_keys(match, quantity, MONEY)
    made, lacking = tables(library, quantity, Request(keys, year, (state,), (year,)))
    low = match.slot("record").lower() in _LOWEST
    first = since.first if since else 0
    readings = [_record_reading(quantity, state, table, (first, year), low=low) for table in made] + lacking_readings(
        lacking
    )
    notes += money_note(match, keys, readings)
    notes += jumps(made[0], state, first or year - CHART_YEARS, year) if made else []
    finding = _level_finding(quantity, state, made, readings, (year, notes))
    values = {
        year_: value for year_, value in (made[0].values(state) if made else {}).items() if first <= year_ <= year
    }
    chart = quantity_chart(f"{state.name}: {NAMES[quantity]}", made, {state.name: values})
    return Finding(finding.readings, finding.data_end, finding.left_open, chart)


def _since(match: Match, library: Library, quantity: str) -> tuple[State, int, list[str]]:
    state = library.state(match.slot("state"), match.clauses.times[0].first, match.clauses.times[0].last)
    if time := match.clauses.time("in"):
        return state, time.first, []
    year = _last_year(library, quantity, state)
    return state, year, [f"The sentence names no year: read for {year}, the last year of the data."]


def _record_reading(quantity: str, state: State, table: Table, years: tuple[int, int], *, low: bool) -> Reading:
    values = table.values(state)
    first, year = years
    if year not in values:
        return no_figure(table, values, year, f"{state.name}, {NAMES[quantity]}")
    before = {other: value for other, value in values.items() if max(first, 0) <= other < year}
    if not before:
        return unknown(f"no earlier figure to compare with {year}", name=table.name)
    best = (min if low else max)(before, key=lambda other: before[other])
    holds = values[year] < before[best] if low else values[year] > before[best]
    word = "lowest" if low else "highest"
    gaps = (year - max(first, min(before))) - len(before)
    says = (
        f"{show(values[year], table.unit)} in {year}; the {word} of {max(first, min(before))}-{year - 1} was "
        f"{show(before[best], table.unit)} in {best}" + (f"; {gaps} years have no figure" if gaps else "")
    )
    figures: tuple[Figure, ...] = tuple(figure(table, quantity, state, at, values[at]) for at in (best, year))
    return Reading(table.name, holds, says, figures)
