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
from tocsin.translation import message, template

_PARTS = {
    "concessions": (
        template("history of `{key}`: more concessions than years of pressure"),
        message("count only concessions under pressure"),
    ),
    "clashes": (
        template("history of `{key}`: more clashes than years of pressure"),
        message("count only clashes under pressure"),
    ),
}
"""Counts of years that must be among those of pressure, each with what is wrong if there are more and the remedy."""


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
            yield unknown(loc, message("theatre"), key, case.theatres, at_key=True)
            continue
        if history.first is not None:
            yield from _end(case, loc, key, history)
            yield from _regimes(case, loc, key, history)
            yield from _power(case, loc, key, history)


def _counts(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.count("wars") + history.count("press") > history.years:
        wrong = message("history of `{key}`: more years of war and pressure than years", key=key)
        yield Problem((*loc, "press"), wrong, message("count years, not acts"))
    for name, (more, remedy) in _PARTS.items():
        if history.count(name) > history.count("press"):
            yield Problem((*loc, name), message(more, key=key), remedy)
        part = getattr(history, name)
        if isinstance(part, tuple) and isinstance(history.press, tuple):
            for year in sorted({*part} - {*history.press}):
                wrong = message(
                    "history of `{key}`: {year} is among `{name}` but not among the years of pressure",
                    key=key,
                    year=year,
                    name=name,
                )
                yield Problem((*loc, name), wrong, message("name the year of pressure that it belongs to"))
    if isinstance(history.wars, tuple) and isinstance(history.press, tuple):
        for year in sorted({*history.wars} & {*history.press}):
            wrong = message(
                "history of `{key}`: {year} is both a year of war and a year of pressure", key=key, year=year
            )
            yield Problem((*loc, "press"), wrong, message("a year in which a war began counts as war only"))


def _recalled(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    for name in COUNTED if history.recalled else ():
        recalled, recorded = getattr(history.recalled, name), getattr(history, name) or 0
        if number(recalled) and isinstance(recalled, tuple) != isinstance(recorded, tuple):
            how = (
                message("list the recalled years")
                if isinstance(recorded, tuple)
                else message("give the number of recalled years")
            )
            wrong = message(
                "history of `{key}`: `{name}` and its recalled years are not written alike", key=key, name=name
            )
            yield Problem((*loc, "recalled"), wrong, how)
        elif number(recalled) > number(recorded) or not _among(recalled, recorded):
            wrong = message("history of `{key}`: more years recalled than recorded", key=key)
            yield Problem((*loc, "recalled"), wrong, message("count recalled years in both"))


def _among(part: Years, whole: Years) -> bool:
    """Return whether listed years are among others; numbers of years tell nothing."""
    return isinstance(part, int) or isinstance(whole, int) or set(part) <= set(whole)


def _dated(loc: Loc, key: str, history: History) -> Iterator[Problem]:
    """Yield listed years outside the record, and what a record without a first year cannot have."""
    listed = [name for name in COUNTED if isinstance(getattr(history, name), tuple)]
    if history.weight is None and "press" not in listed:
        yield Problem(
            loc,
            message(
                "history of `{key}`: without a weight of past years, the years of pressure must be listed", key=key
            ),
            message("list them, `press: [1958, 1959]`, or give a `weight`"),
        )
    needs = [*listed, *(["regimes"] if history.regimes else []), *(["power"] if history.power else [])]
    if history.first is None and needs:
        wrong = message("history of `{key}`: `{name}` needs the first year of the record", key=key, name=needs[0])
        yield Problem((*loc, needs[0]), wrong, message("add `first:`"), at_key=True)
        return
    for name in listed:
        years = getattr(history, name)
        for index, year in enumerate(years):
            year_loc: Loc = (*loc, name, index)
            if year not in history.span:
                wrong = message(
                    "history of `{key}`: {year} is outside the record, {first} to {last}",
                    key=key,
                    year=year,
                    first=history.span[0],
                    last=history.span[-1],
                )
                yield Problem(year_loc, wrong, message("check the year, `first` and `years`"))
            elif year in years[:index]:
                yield Problem(
                    year_loc,
                    message("history of `{key}`: {year} is listed twice", key=key, year=year),
                    message("name each year once"),
                )


def _end(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.span[-1] > case.as_of.year:
        wrong = message(
            "history of `{key}`: its last year, {last}, is after as_of ({as_of})",
            key=key,
            last=history.span[-1],
            as_of=str(case.as_of),
        )
        yield Problem((*loc, "years"), wrong, message("end the record with the last year that is past"))


# --- regimes --------------------------------------------------------------------------------------------------------


def _regimes(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    known = case.theatres[key].regimes
    for name, spells in history.regimes.items():
        regime_loc: Loc = (*loc, "regimes", name)
        if name not in known:
            yield unknown(regime_loc, message("regime of `{key}`", key=key), name, known, at_key=True)
        elif name in case.regimes:
            regime = case.regimes[name]
            for index, spell in enumerate(spells):
                if spell.state not in (regime.firm, regime.loose):
                    states = (regime.firm, regime.loose)
                    yield unknown(
                        (*regime_loc, index, "state"), message("state of `{name}`", name=name), spell.state, states
                    )
            yield from _spells(regime_loc, name, history, spells)


def _spells(loc: Loc, name: str, history: History, spells: tuple[Spell, ...]) -> Iterator[Problem]:
    """Yield spells that are out of order, overlap, leave a gap or do not cover the record."""
    first, last = history.span[0], history.span[-1]
    if not spells or spells[0].first > date(first, 7, 1):
        yield Problem(
            loc,
            message(
                "the spells of `{name}` do not begin by 1 July {first}, in the first year of the record",
                name=name,
                first=first,
            ),
            message("add a spell from {first}, or leave the regime out to keep its present state", first=first),
        )
        return
    for index, (spell, following) in enumerate(pairwise(spells)):
        yield from _succession((*loc, index + 1, "from"), name, spell, following)
    end = spells[-1].until
    if end is not None and last_day(end) < date(last, 7, 1):
        wrong = message(
            "the spells of `{name}` end on {day}, before 1 July {last}, in the last year of the record",
            name=name,
            day=str(last_day(end)),
            last=last,
        )
        yield Problem((*loc, len(spells) - 1, "until"), wrong, message("add the following spell, or leave out `until`"))


def _succession(loc: Loc, name: str, spell: Spell, following: Spell) -> Iterator[Problem]:
    """Yield what is wrong between two spells, the first and the one that is listed after it."""
    if following.first <= spell.first:
        wrong = message(
            "the spells of `{name}` are out of order: {later} does not follow {earlier}",
            name=name,
            later=following.from_,
            earlier=spell.from_,
        )
        yield Problem(loc, wrong, message("list them by their first day"))
    elif spell.until is not None and last_day(spell.until) >= following.first:
        wrong = message(
            "two spells of `{name}` overlap: one until {until}, the next from {begin}",
            name=name,
            until=spell.until,
            begin=following.from_,
        )
        yield Problem(loc, wrong, message("end the first on the day before the next begins, or leave out `until`"))
    elif spell.until is not None and last_day(spell.until) + timedelta(days=1) < following.first:
        wrong = message(
            "a gap between two spells of `{name}`: one until {until}, the next from {begin}",
            name=name,
            until=spell.until,
            begin=following.from_,
        )
        yield Problem(loc, wrong, message("say which state held between them"))


# --- power ----------------------------------------------------------------------------------------------------------


_POWER_LATE = template(
    "history of `{key}`: the power of {actor} begins in {year} in {table}; the record begins in {first}"
)
_POWER_MISSING = template(
    "history of `{key}`: the power of {actor} is missing in {table}; the record begins in {first}"
)


def _power(case: JoinedCase, loc: Loc, key: str, history: History) -> Iterator[Problem]:
    if history.power is None:
        return
    rows = case.power_rows.get(history.power, ())
    seen: set[tuple[str, int]] = set()
    for index, row in enumerate(rows):
        row_loc: Loc = ("power_rows", history.power, index)
        if row.actor not in case.actors:
            yield unknown(row_loc, message("actor"), row.actor, case.actors)
        elif (row.actor, row.year) in seen:
            yield Problem(
                row_loc,
                message("two rows for {actor} in {year}", actor=row.actor, year=row.year),
                message("keep one row"),
            )
        elif row.year > case.as_of.year:
            yield Problem(
                row_loc,
                message("{year} is after as_of ({as_of})", year=row.year, as_of=str(case.as_of)),
                message("leave later years out"),
            )
        seen.add((row.actor, row.year))
    for actor in members(case.theatres[key]):
        years = [year for name, year in seen if name == actor]
        if not years or min(years) > history.span[0]:
            first = history.span[0]
            wrong = message(
                _POWER_LATE if years else _POWER_MISSING,
                key=key,
                actor=actor,
                year=min(years, default=0),
                table=history.power,
                first=first,
            )
            yield Problem(
                (*loc, "power"),
                wrong,
                message("add a row of {actor} for {first} or an earlier year", actor=actor, first=first),
            )
