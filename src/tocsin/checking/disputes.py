"""Check militarized disputes and wars: how many, of what level, and before and after a year."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, unknown
from tocsin.checking.bounds import Bound, parse_count, written
from tocsin.checking.common import needs_time, outside, series_chart, span_of
from tocsin.checking.data_sets import Library, State, split_states
from tocsin.checking.forms import Match
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.measures.request import format_years
from tocsin.translation import message, plural

SETS = {"mid_dyads": "Correlates of War", "gml_dyads": "Gibler, Miller and Little"}
WARS = "wars"
THREAT, FORCE, WAR = 2, 4, 5
"""Levels of hostility of a side: threat, use of force, war."""
WINDOWS = (5, 10)
"""Years before and after a year that are compared."""
_MORE = ("more", "larger", "higher", "greater", "bigger")


@dataclass(frozen=True)
class Sides:
    """One state, or a state and an opponent."""

    one: State
    other: State | None

    def rows(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows in which the state, as state 1, faces the opponent or anyone."""
        rows = self.one.rows(table, "state1")
        return rows if self.other is None else self.other.rows(rows, "state2")

    @property
    def name(self) -> str:
        """Return the names of the states."""
        return self.one.name if self.other is None else f"{self.one.name} and {self.other.name}"


def disputes(match: Match, library: Library) -> Finding:
    """Check the number of disputes or wars of a state or a pair, or that one used force against the other."""
    last = max(source(name).years[1] for name in SETS)
    first, end = span_of(match, last)
    sides = _sides(match, library, first, end)
    war = any(name in match.slots for name in ("war", "wars"))
    if match.slot("force"):
        readings = [_force_reading(match, library, name, sides, (first, end)) for name in _sets(library)]
    else:
        bound = Bound(">=", 1.0) if match.slot("war") else parse_count(match.slot("bound"), match.slot("number"))
        readings = [
            reading
            for name in _sets(library)
            for reading in _count_readings(
                library,
                name,
                sides,
                (first, end),
                bound,
                war=war,
                since=match.clauses.time("since", "after") is not None,
            )
        ]
        if war:
            readings.insert(
                0,
                _war_reading(
                    library, sides, (first, end), bound, since=match.clauses.time("since", "after") is not None
                ),
            )
    notes = (
        []
        if war or match.slot("force")
        else ["A dispute that several states join counts for every pair on opposite sides."]
    )
    return Finding(tuple(readings), last, tuple(notes), _chart(library, sides, (first, end)))


def _sets(library: Library) -> list[str]:
    present = [name for name in SETS if library.has(name)]
    if not present:
        library.read(next(iter(SETS)))
    return present


def _sides(match: Match, library: Library, first: int, last: int) -> Sides:
    names = [
        *split_states(match.slot("state") or match.slot("states")),
        *([match.slot("other")] if match.slot("other") else []),
    ]
    if len(names) > 2:
        raise InputError(
            plural("the sentence names {count} state", "the sentence names {count} states", len(names)),
            remedy=message("name one state, or two"),
        )
    states = [library.state(name, first, last) for name in names]
    if len(states) == 2 and set(states[0].numbers) & set(states[1].numbers):
        raise InputError(message("both names mean one state"), remedy=message("name two states"))
    return Sides(states[0], states[1] if len(states) == 2 else None)


def _clipped(name: str, years: tuple[int, int], since: bool) -> tuple[int, int] | str:
    """Return the years, up to the end of the data for a sentence without a last year; the reason if the data do not cover them."""
    covered = source(name).years
    first, last = years[0], min(years[1], covered[1]) if since else years[1]
    return outside(first, max(first, last), covered, "cannot tell") or (first, last)


def _count_readings(
    library: Library, name: str, sides: Sides, years: tuple[int, int], bound: Bound, *, war: bool, since: bool
) -> list[Reading]:
    """Return whether the count holds for disputes that began in the years, and for those under way in them."""
    span = _clipped(name, years, since)
    if isinstance(span, str):
        return [unknown(f"{span} ({source(name).what})", name=SETS[name])]
    rows = sides.rows(library.read(name)).filter(pl.col("year").is_between(*span))
    if war:
        rows = rows.filter(pl.max_horizontal("hostility1", "hostility2") == WAR)
    what = "disputes that reached war" if war else "disputes"
    span_text = format_years(*span)
    begun, running = rows.filter(pl.col("onset") == 1)["dispute"].n_unique(), rows["dispute"].n_unique()
    return [
        Reading(
            SETS[name] if begun == running else f"{word}, {SETS[name]}",
            bound.holds(count),
            f"{count} {what if count != 1 else what.replace('disputes', 'dispute', 1)} in {span_text}",
            (_figure(sides, what, count, span, name),),
            test=written("{0}", bound, " disputes"),
        )
        for word, count in (("under way", running), ("begun", begun))
    ][: 1 if begun == running else 2]


def _figure(sides: Sides, what: str, count: int, span: tuple[int, int], name: str) -> Figure:
    return Figure(
        f"{sides.name}, {what}", float(count), "disputes" if name in SETS else "wars", format_years(*span), (name,)
    )


def _war_reading(library: Library, sides: Sides, years: tuple[int, int], bound: Bound, *, since: bool) -> Reading:
    if not library.has(WARS):
        return unknown("not checked: data sets are missing", needs=(WARS,), name="list of inter-state wars")
    span = _clipped(WARS, years, since)
    if isinstance(span, str):
        return unknown(f"{span} ({source(WARS).what})", name="list of inter-state wars")
    rows = sides.rows(library.read(WARS)).filter(pl.col("year").is_between(*span))
    count = rows["war"].n_unique()
    says = f"{count} inter-state war{'' if count == 1 else 's'} in {format_years(*span)}"
    shown = (_figure(sides, "inter-state wars", count, span, WARS),)
    return Reading("list of inter-state wars", bound.holds(count), says, shown, test=written("{0}", bound, " wars"))


def _force_reading(match: Match, library: Library, name: str, sides: Sides, years: tuple[int, int]) -> Reading:
    """Return whether a state's own acts in a dispute with the other reached a threat or the use of force."""
    span = _clipped(name, years, match.clauses.time("since", "after") is not None)
    if isinstance(span, str):
        return unknown(f"{span} ({source(name).what})", name=SETS[name])
    level = THREAT if match.slot("force").lower() == "threatened" else FORCE
    rows = sides.rows(library.read(name)).filter(pl.col("year").is_between(*span))
    highest = rows["hostility1"].max()
    count = rows.filter(pl.col("hostility1") >= level)["dispute"].n_unique()
    words = {0: "no act", 1: "no act", 2: "threat", 3: "display of force", 4: "use of force", 5: "war"}
    shown = words.get(int(highest), "unknown") if isinstance(highest, int) else "no dispute"
    says = f"highest act of {sides.one.name} in its disputes with {sides.other.name if sides.other else 'others'} in {format_years(*span)}: {shown}"
    what = f"disputes in which {sides.one.name} reached level {level} of hostility"
    return Reading(SETS[name], count > 0, says, (_figure(sides, what, count, span, name),))


def _yearly(library: Library, name: str, sides: Sides) -> dict[int, int]:
    """Return the number of disputes that began in each year."""
    rows = sides.rows(library.read(name)).filter(pl.col("onset") == 1)
    return {int(year): int(count) for year, count in rows.group_by("year").agg(pl.col("dispute").n_unique()).rows()}


def _chart(library: Library, sides: Sides, years: tuple[int, int]) -> Chart | None:
    series, names = {}, _sets(library)
    for name in names:
        covered = source(name).years
        yearly = _yearly(library, name, sides)
        span = range(max(min(years[0], years[1] - 11), covered[0]), min(years[1], covered[1]) + 1)
        series[SETS[name]] = {year: float(yearly.get(year, 0)) for year in span}
    return series_chart(f"{sides.name}: disputes by year of their start", "disputes", series, names)


def turning_point(match: Match, library: Library) -> Finding:
    """Check that a pair had more or fewer disputes after a year than before it, over equal windows."""
    year = needs_time(match, "after").first
    last = max(source(name).years[1] for name in SETS)
    sides = _sides(match, library, year, min(year + 1, last) if year < last else year)
    more = match.slot("more").lower() in _MORE
    readings = [
        _turn_reading(library, name, sides, (year, window), more=more) for name in _sets(library) for window in WINDOWS
    ]
    notes = ("The sentence does not say how many years are compared; the year itself counts to neither side.",)
    return Finding(
        tuple(readings), last, notes, _chart(library, sides, (year - max(WINDOWS), min(year + max(WINDOWS), last)))
    )


def _turn_reading(library: Library, name: str, sides: Sides, when: tuple[int, int], *, more: bool) -> Reading:
    year, window = when
    label = f"{window} years, {SETS[name]}"
    if reason := outside(year - window, year + window, source(name).years, "cannot tell"):
        return unknown(reason, name=label)
    yearly = _yearly(library, name, sides)
    before, after = (
        sum(yearly.get(at, 0) for at in years)
        for years in (range(year - window, year), range(year + 1, year + window + 1))
    )
    figures = (
        _figure(sides, "disputes begun", before, (year - window, year - 1), name),
        _figure(sides, "disputes begun", after, (year + 1, year + window), name),
    )
    holds = after > before if more else after < before
    return Reading(
        label, holds, f"{before} begun in {year - window}-{year - 1}, {after} in {year + 1}-{year + window}", figures
    )
