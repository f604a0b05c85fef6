"""Check the records of past years: counts that fit, spells without gap or overlap, and a table of power that covers the years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from tocsin.case.inputs import members
from tocsin.case.problem import Problem, unknown
from tocsin.case.record_blocks import COUNTED, History, Spell, Years, last_day, number
from tocsin.case.schema import JoinedCase
from tocsin.reading import Loc

_PARTS = {"concessions": "pressure", "clashes": "pressure"}
"""Counts of years that must be among the years of another."""


def history_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield every problem of the records of a case."""
    for key, history in case.history.items():
        loc: Loc = ("history", key)
        yield from _counts(loc, key, history)
        yield from _recalled(loc, key, history)
        yield from _dated(loc, key, history)
        if not case.theatres:
            continue
        if key not in case.theatres:
            yield unknown(loc, "theatre", key, case.theatres, at_key=True)
            continue
        if history.first is not None:
            yield from _end(case, loc, key, history)
            yield from _regimes(case, loc, key, history)
            yield from _power(case, loc, key, history)


def _counts(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.count("wars") + history.count("press") > history.years:
        message = f"history of `{key}`: more years of war and pressure than years"
        yield Problem((*loc, "press"), message, "count years, not acts")
    for name, whole in _PARTS.items():
        if history.count(name) > history.count("press"):
            message = f"history of `{key}`: more {name} than years of {whole}"
            yield Problem((*loc, name), message, f"count only {name} under {whole}")
        part = getattr(history, name)
        if isinstance(part, tuple) and isinstance(history.press, tuple):
            for year in sorted({*part} - {*history.press}):
                message = f"history of `{key}`: {year} is among `{name}` but not among the years of {whole}"
                yield Problem((*loc, name), message, f"name the year of {whole} that it belongs to")
    if isinstance(history.wars, tuple) and isinstance(history.press, tuple):
        for year in sorted({*history.wars} & {*history.press}):
            message = f"history of `{key}`: {year} is both a year of war and a year of pressure"
            yield Problem((*loc, "press"), message, "a year in which a war began counts as war only")


def _recalled(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    for name in COUNTED if history.recalled else ():
        recalled, recorded = getattr(history.recalled, name), getattr(history, name) or 0
        if number(recalled) and isinstance(recalled, tuple) != isinstance(recorded, tuple):
            how = "list the recalled years" if isinstance(recorded, tuple) else "give the number of recalled years"
            message = f"history of `{key}`: `{name}` and its recalled years are not written alike"
            yield Problem((*loc, "recalled"), message, how)
        elif number(recalled) > number(recorded) or not _among(recalled, recorded):
            message = f"history of `{key}`: more years recalled than recorded"
            yield Problem((*loc, "recalled"), message, "count recalled years in both")


def _among(part: Years, whole: Years) -> bool:
    """Return whether listed years are among others; numbers of years tell nothing."""
    return isinstance(part, int) or isinstance(whole, int) or set(part) <= set(whole)


def _dated(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    """Yield listed years outside the record, and what a record without a first year cannot have."""
    listed = [name for name in COUNTED if isinstance(getattr(history, name), tuple)]
    if history.weight is None and "press" not in listed:
        yield Problem(
            loc,
            f"history of `{key}`: without a weight of past years, the years of pressure must be listed",
            "list them, `press: [1958, 1959]`, or give a `weight`",
        )
    needs = [*listed, *(["regimes"] if history.regimes else []), *(["power"] if history.power else [])]
    if history.first is None and needs:
        message = f"history of `{key}`: `{needs[0]}` needs the first year of the record"
        yield Problem((*loc, needs[0]), message, "add `first:`", at_key=True)
        return
    for name in listed:
        years = getattr(history, name)
        for index, year in enumerate(years):
            year_loc: Loc = (*loc, name, index)
            if year not in history.span:
                message = f"history of `{key}`: {year} is outside the record, {history.span[0]} to {history.span[-1]}"
                yield Problem(year_loc, message, "check the year, `first` and `years`")
            elif year in years[:index]:
                yield Problem(year_loc, f"history of `{key}`: {year} is listed twice", "name each year once")


def _end(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.span[-1] > case.as_of.year:
        message = f"history of `{key}`: its last year, {history.span[-1]}, is after as_of ({case.as_of})"
        yield Problem((*loc, "years"), message, "end the record with the last year that is past")


# --- regimes --------------------------------------------------------------------------------------------------------


def _regimes(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    known = case.theatres[key].regimes
    for name, spells in history.regimes.items():
        regime_loc: Loc = (*loc, "regimes", name)
        if name not in known:
            yield unknown(regime_loc, f"regime of `{key}`", name, known, at_key=True)
        elif name in case.regimes:
            regime = case.regimes[name]
            for index, spell in enumerate(spells):
                if spell.state not in (regime.firm, regime.loose):
                    states = (regime.firm, regime.loose)
                    yield unknown((*regime_loc, index, "state"), f"state of `{name}`", spell.state, states)
            yield from _spells(regime_loc, name, history, spells)


def _spells(loc: Loc, name: str, history: History, spells: tuple[Spell, ...]) -> Iterator[Problem]:
    """Yield spells that are out of order, overlap, leave a gap or do not cover the record."""
    first, last = history.span[0], history.span[-1]
    if not spells or spells[0].first > date(first, 7, 1):
        yield Problem(
            loc,
            f"the spells of `{name}` do not begin by 1 July {first}, in the first year of the record",
            f"add a spell from {first}, or leave the regime out to keep its present state",
        )
        return
    for index, (spell, following) in enumerate(pairwise(spells)):
        where: Loc = (*loc, index + 1, "from")
        if following.first <= spell.first:
            message = f"the spells of `{name}` are out of order: {following.from_} does not follow {spell.from_}"
            yield Problem(where, message, "list them by their first day")
        elif spell.until is not None and last_day(spell.until) >= following.first:
            message = f"two spells of `{name}` overlap: one until {spell.until}, the next from {following.from_}"
            yield Problem(where, message, "end the first on the day before the next begins, or leave out `until`")
        elif spell.until is not None and last_day(spell.until) + timedelta(days=1) < following.first:
            message = f"a gap between two spells of `{name}`: one until {spell.until}, the next from {following.from_}"
            yield Problem(where, message, "say which state held between them")
    end = spells[-1].until
    if end is not None and last_day(end) < date(last, 7, 1):
        message = f"the spells of `{name}` end on {last_day(end)}, before 1 July {last}, in the last year of the record"
        yield Problem((*loc, len(spells) - 1, "until"), message, "add the following spell, or leave out `until`")


# --- power ----------------------------------------------------------------------------------------------------------


def _power(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.power is None:
        return
    rows = case.power_rows.get(history.power, ())
    seen: set[tuple[str, int]] = set()
    for index, row in enumerate(rows):
        row_loc: Loc = ("power_rows", history.power, index)
        if row.actor not in case.actors:
            yield unknown(row_loc, "actor", row.actor, case.actors)
        elif (row.actor, row.year) in seen:
            yield Problem(row_loc, f"two rows for {row.actor} in {row.year}", "keep one row")
        elif row.year > case.as_of.year:
            yield Problem(row_loc, f"{row.year} is after as_of ({case.as_of})", "leave later years out")
        seen.add((row.actor, row.year))
    for actor in members(case.theatres[key]):
        years = [year for name, year in seen if name == actor]
        if not years or min(years) > history.span[0]:
            begins = f"begins in {min(years)}" if years else "is missing"
            message = f"history of `{key}`: the power of {actor} {begins} in {history.power}; the record begins in {history.span[0]}"
            yield Problem((*loc, "power"), message, f"add a row of {actor} for {history.span[0]} or an earlier year")
