"""Check treaties in force between two states, what they oblige each to do, and when they began and ended."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, unknown
from tocsin.checking.common import needs_time, outside
from tocsin.checking.data_sets import Library, State, split_states
from tocsin.checking.forms import Match
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.measures.request import format_years
from tocsin.translation import message, plural

SET = "atop_dyads"
_WORDS = {
    "defence": ("defence",), "defense": ("defence",), "defensive": ("defence",), "mutual defence": ("defence",),
    "mutual defense": ("defence",), "offensive": ("offence",), "nonaggression": ("nonaggression",),
    "non-aggression": ("nonaggression",), "neutrality": ("neutrality",), "consultation": ("consultation",),
    "military": ("defence", "offence"),
}  # fmt: skip
_DUTIES = {
    "defend": "defence", "come to the aid of": "defence", "aid": "defence", "consult": "consultation",
    "stay neutral towards": "neutrality", "remain neutral towards": "neutrality", "not attack": "nonaggression",
    "refrain from attacking": "nonaggression",
}  # fmt: skip
_ANY = ("defence", "offence", "neutrality", "nonaggression", "consultation")
_OPEN = (("a duty to fight (defence or offence)", ("defence", "offence")), ("any obligation in ATOP", _ANY))
"""Readings of "alliance" and "treaty" without a word that says which."""
_ENDED = ("ended", "expired", "lapsed")


def treaty(match: Match, library: Library) -> Finding:
    """Check that a treaty was in force, or that a state was obliged to another."""
    covered = source(SET).years
    first, last, notes = _years(match, covered)
    table = library.read(SET)
    one, other = _pair(match, library, first, last)
    if reason := outside(first, last, covered, "cannot tell"):
        return Finding((unknown(f"{reason} ({source(SET).what})"),), covered[1])
    rows = _directed(table, one, other)
    denied = _denied(match)
    if duty := match.slot("duty").lower():
        ways = [(f"{one.name} to {other.name}", rows.filter(pl.col("owed_by") == 1, pl.col(_DUTIES[duty]) == 1))]
    else:
        ways = _ways(match, rows, one, other)
    readings = [
        reading
        for name, part in ways
        for reading in _in_force(name, part, (first, last), denied=denied, span=first != last)
    ]
    notes += _obligations(rows, (one, other), last)
    return Finding(tuple(readings), covered[1], tuple(notes), _chart(rows, one, other, covered[1]))


def _years(match: Match, covered: tuple[int, int]) -> tuple[int, int, list[str]]:
    time = match.clauses.time("span", "in", "since", "month")
    if time is None:
        if match.clauses.times:
            raise InputError(
                message("before or after a year says nothing about a treaty in force"),
                remedy=message('write "in 1960", or "since 1960"'),
            )
        return (
            covered[1],
            covered[1],
            [f"The sentence names no year: read for {covered[1]}, the last year of the data."],
        )
    if time.kind == "since":
        return time.first, max(covered[1], time.first), []
    return time.first, time.last, []


def _pair(match: Match, library: Library, first: int, last: int) -> tuple[State, State]:
    names = [
        *split_states(match.slot("state") or match.slot("states")),
        *([match.slot("other")] if match.slot("other") else []),
    ]
    if len(names) != 2:
        raise InputError(
            plural("the sentence names {count} state", "the sentence names {count} states", len(names)),
            remedy=message("name two states"),
        )
    one, other = (library.state(name, first, last) for name in names)
    if set(one.numbers) & set(other.numbers):
        raise InputError(message("both names mean one state"), remedy=message("name two states"))
    return one, other


def _directed(table: pl.DataFrame, one: State, other: State) -> pl.DataFrame:
    """Return the obligations between two states, with `owed_by` 1 or 2 for the state that has them."""
    parts = []
    for owed_by, (debtor, creditor) in enumerate(((one, other), (other, one)), 1):
        rows = creditor.rows(debtor.rows(table, "state1"), "state2")
        parts.append(rows.with_columns(owed_by=pl.lit(owed_by, pl.Int8)))
    return pl.concat(parts)


def _denied(match: Match) -> bool:
    return any(match.slot(name) for name in ("no", "nota", "notb")) or "free" in match.slots


def _ways(match: Match, rows: pl.DataFrame, one: State, other: State) -> list[tuple[str, pl.DataFrame]]:
    """Return the readings of a treaty between two states, each with the rows in which it is in force."""
    word = match.slot("treaty").lower()
    if not word:
        return [(name, rows.filter(_obliged(columns))) for name, columns in _OPEN]
    bound = rows.filter(_obliged(_WORDS[word]))
    both = bound.filter(pl.col("owed_by").n_unique().over("year") == 2)
    return [(f"{one.name} or {other.name} is bound", bound), ("both are bound", both)]


def _obliged(columns: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name) == 1 for name in columns)


def _in_force(name: str, rows: pl.DataFrame, years: tuple[int, int], *, denied: bool, span: bool) -> list[Reading]:
    """Return whether an obligation was in force in the years: in each and in any of them, if these differ."""
    listed = sorted({int(year) for year in rows["year"] if years[0] <= year <= years[1]})
    total = years[1] - years[0] + 1
    says = f"in force in {_runs(listed)}" if listed else "not in force"
    shown = (
        Figure(
            f"{name}: years in force", float(len(listed)), "years", "-".join(map(str, dict.fromkeys(years))), (SET,)
        ),
    )
    if not span or len(listed) in (0, total):
        return [
            Reading(name, bool(listed) != denied, f"{says}{'' if listed else f' in {format_years(*years)}'}", shown)
        ]
    if denied:
        return [Reading(name, False, says, shown)]
    return [Reading(f"{name}, in every year", False, says, shown), Reading(f"{name}, in some years", True, says, shown)]


def _runs(years: Sequence[int]) -> str:
    from tocsin.measures.coverage import format_ranges

    return format_ranges(years)


def _obligations(rows: pl.DataFrame, pair: tuple[State, State], year: int) -> list[str]:
    """Return a note on all obligations of each state to the other in a year."""
    texts = []
    for owed_by, (debtor, creditor) in enumerate((pair, pair[::-1]), 1):
        owed = rows.filter(pl.col("owed_by") == owed_by, pl.col("year") == year)
        names = [name for name in _ANY if owed.height and owed[name].max() == 1]
        texts.append(f"{debtor.name} to {creditor.name}: {', '.join(names) or 'none'}")
    return [f"All obligations in {year}: {'; '.join(texts)}."]


def treaty_date(match: Match, library: Library) -> Finding:
    """Check the year in which a treaty between two states began or ended, or that it did so before or after a year."""
    covered = source(SET).years
    time = needs_time(match, "in", "before", "after")
    table = library.read(SET)
    one, other = _pair(match, library, covered[0], covered[1])
    if reason := outside(time.first, time.first, covered, "cannot tell"):
        return Finding((unknown(f"{reason} ({source(SET).what})"),), covered[1])
    rows = _directed(table, one, other)
    ended = match.slot("edge").lower() in _ENDED
    readings = []
    for name, part in _ways(match, rows, one, other):
        spells = _spells(sorted({int(year) for year in part["year"]}))
        edges = [last for _, last in spells if last < covered[1]] if ended else [first for first, _ in spells]
        readings.append(_edge_reading(name, spells, edges, (time.kind, time.first)))
    notes = ("Years are those in which ATOP lists the obligation; an end late in December may show in the next year.",)
    return Finding(tuple(readings), covered[1], notes, _chart(rows, one, other, covered[1]))


def _spells(years: Sequence[int]) -> list[tuple[int, int]]:
    spells: list[tuple[int, int]] = []
    for year in years:
        if spells and spells[-1][1] == year - 1:
            spells[-1] = (spells[-1][0], year)
        else:
            spells.append((year, year))
    return spells


def _edge_reading(name: str, spells: list[tuple[int, int]], edges: list[int], when: tuple[str, int]) -> Reading:
    kind, year = when
    if not spells:
        return Reading(name, False, "no such obligation in any year of the data")
    says = "in force in " + ", ".join(format_years(*spell) for spell in spells)
    shown = (
        Figure(
            f"{name}: years in force",
            ", ".join(format_years(*spell) for spell in spells),
            "",
            str(max([year, *edges[:1]]) if kind == "after" else year),
            (SET,),
        ),
    )
    if kind == "in":
        holds = year in edges
    else:
        holds = bool(edges) and (edges[0] < year if kind == "before" else edges[0] > year)
    return Reading(name, holds, says, shown)


def _chart(rows: pl.DataFrame, one: State, other: State, end: int) -> Chart | None:
    """Return the spells of each kind of obligation of each state to the other."""
    spells = []
    for owed_by, (debtor, creditor) in enumerate(((one, other), (other, one)), 1):
        for name in _ANY:
            years = sorted({int(year) for year in rows.filter(pl.col("owed_by") == owed_by, pl.col(name) == 1)["year"]})
            label = f"{debtor.name} to {creditor.name}"
            spells += [(f"{label}: {name}", first, last, name) for first, last in _spells(years)]
    if not spells:
        return None
    table = pl.DataFrame(
        spells, schema={"name": pl.String, "first": pl.Int32, "last": pl.Int32, "label": pl.String}, orient="row"
    )
    day = pl.date("last", 12, 31)
    table = table.select(
        "name", "label", start=pl.date("first", 1, 1), end=pl.when(pl.col("last") < end).then(day), until=day
    )
    return Chart(f"Obligations between {one.name} and {other.name}", "", table, (SET,))
