"""Check counts of dated events: North Korean tests and provocations, and American soldiers abroad."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tocsin.checking.answer import Figure, Finding, Reading, case_unit, show, unknown
from tocsin.checking.bounds import Bound, parse_count, parse_measured, parse_number, written
from tocsin.checking.common import around, outside, series_chart, span_of
from tocsin.checking.data_sets import Library, State
from tocsin.checking.forms import Match
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.translation import message

MISSILES, PROVOCATIONS, TROOPS = "missile_tests", "provocations", "troops"
NORTH_KOREA, UNITED_STATES = 731, 2
ESTIMATES = {(645, 2006): 141_100.0, (645, 2007): 170_000.0, (700, 2019): 13_000.0, (700, 2020): 8_600.0}
"""Estimates of a year that the authors of the data set state for Iraq and Afghanistan, by host and year.

The pinned file has two or three times as much: it adds the estimate once for each report of the year (news of troopdata 1.0.1).
"""
TWICE_REPORTED = 2008
"""Year whose figures add up two reports in the pinned file (news of troopdata 1.0.4)."""
FALSE_ZEROS = {(690, 2003), (690, 2004), (690, 2005)}
"""Hosts and years with 0 for a missing figure: Kuwait in the war in Iraq."""


def events(match: Match, library: Library) -> Finding:
    """Check the number of North Korean missile tests, nuclear tests or provocations in a span."""
    word = match.slot("event").lower()
    name = MISSILES if word.startswith(("missile", "launch", "test")) else PROVOCATIONS
    years = span_of(match, source(name).years[1])
    state = library.state(match.slot("state"), *years)
    if NORTH_KOREA not in state.numbers:
        raise InputError(
            message("no data set lists such events of {state}", state=state.name),
            remedy=message("name North Korea, or check disputes instead"),
        )
    bound = parse_count(match.slot("bound"), match.slot("number"))
    table = library.read(name)
    days = table.select(day=pl.col("date").cast(pl.String), kind="type" if name == PROVOCATIONS else pl.lit("missile"))
    end = str(days["day"].max())
    if reason := outside(*years, (source(name).years[0], int(end[:4])), "cannot tell"):
        return Finding((unknown(f"{reason} ({source(name).what})"),), int(end[:4]))
    if "nuclear" in word:
        days = days.filter(pl.col("kind") == "Nuclear Provocation")
    days = days.with_columns(year=pl.col("day").str.slice(0, 4).cast(pl.Int32)).filter(
        pl.col("year").is_between(*years)
    )
    notes = [f"The data end on {end}, so {years[1]} is not complete."] if int(end[:4]) == years[1] else []
    readings = _event_readings(word, days, years, bound, name)
    counts = dict(days.group_by("year").len().rows())
    series = {word: {year: float(counts.get(year, 0)) for year in range(years[0], years[1] + 1)}}
    return Finding(
        readings, int(end[:4]), tuple(notes), series_chart(f"North Korea: {word}", "number", series, (name,))
    )


def _event_readings(
    word: str, days: pl.DataFrame, years: tuple[int, int], bound: Bound, name: str
) -> tuple[Reading, ...]:
    """Return the count of rows and, for missiles, of days with a launch."""
    ways = [(word, days.height)]
    if name == MISSILES:
        ways = [("missiles", days.height), ("days with a launch", days["day"].n_unique())]
    span = "-".join(map(str, dict.fromkeys(years)))
    return tuple(
        Reading(
            what,
            bound.holds(count),
            f"{count} {what} in {span}",
            (Figure(f"North Korea, {what}", float(count), what, span, (name,)),),
            test=written("{0}", bound, "" if case_unit(what) == "1" else f" {what}"),
        )
        for what, count in ways
    )


def stationed_troops(match: Match, library: Library) -> Finding:
    """Check the number of American soldiers in a country."""
    covered = source(TROOPS).years
    time = match.clauses.time("in", "month")
    if time is None and match.clauses.times:
        raise InputError(
            message("a number of soldiers needs one year"), remedy=message('name one year, such as "in 2015"')
        )
    year = time.first if time else covered[1]
    notes = [] if time else [f"The sentence names no year: read for {year}, the last year of the data."]
    sender = library.state(match.slot("state"), year, year)
    if UNITED_STATES not in sender.numbers:
        raise InputError(
            message("no data set lists soldiers of {sender} abroad", sender=sender.name),
            remedy=message("name the United States"),
        )
    hosts = [library.state(match.slot(name), year, year) for name in ("other", "third") if match.slot(name)]
    if reason := outside(year, year, covered, "cannot tell"):
        return Finding((unknown(f"{reason} ({source(TROOPS).what})"),), covered[1])
    series = {host.name: _soldiers(library, host) for host in hosts}
    reading = _troops_reading(match, series, year)
    notes += [ASSIGNED, *_cautions(library, hosts, year)]
    chart = series_chart(
        "American soldiers on active duty",
        "persons",
        {name: around(values, year, year) for name, values in series.items()},
        (TROOPS,),
    )
    return Finding((reading,), covered[1], tuple(notes), chart)


def _soldiers(library: Library, host: State) -> dict[int, float]:
    """Return the soldiers in a host by year, without figures that cannot be used; see `ESTIMATES` and what follows it."""
    rows = host.rows(library.read(TROOPS)).drop_nulls("troops").group_by("year").agg(pl.col("troops").sum())
    known = {int(year): float(count) for year, count in rows.rows()}
    unusable = {year for number, year in FALSE_ZEROS if number in host.numbers} | {TWICE_REPORTED}
    counts = {year: count for year, count in known.items() if year not in unusable}
    for number, year in ESTIMATES:
        if number in host.numbers and _is_repeated(number, year, counts.get(year, 0.0)):
            counts[year] = ESTIMATES[number, year]
    return counts


def _is_repeated(host: int, year: int, count: float) -> bool:
    """Return whether a figure is a multiple of the year's estimate, and not the estimate itself."""
    estimate = ESTIMATES[host, year]
    return count > estimate and count % estimate == 0


def _cautions(library: Library, hosts: Sequence[State], year: int) -> list[str]:
    """Return notes on figures of a year that are corrected or left out."""
    notes = []
    for host in hosts:
        rows = host.rows(library.read(TROOPS)).filter(pl.col("year") == year).drop_nulls("troops")
        total = float(rows["troops"].sum())
        for number in host.numbers:
            if (number, year) in ESTIMATES and _is_repeated(number, year, total):
                estimate = ESTIMATES[number, year]
                notes.append(
                    f"The file has {show(total)} for {host.name} in {year}: it adds the authors' estimate of the year, {show(estimate)}, "
                    f"{total / estimate:.0f} times. Read as {show(estimate)}."
                )
            elif (number, year) in FALSE_ZEROS:
                notes.append(f"The file has 0 for {host.name} in {year}, where the figure is missing.")
    if year == TWICE_REPORTED:
        notes.append(
            f"The file adds two reports of {year}, so that most figures are about twice too large: none is used."
        )
    return notes


ASSIGNED = "The data count soldiers assigned to a country, not units there in rotation or for an exercise."
"""What the figures of American troops leave out."""


def _troops_reading(match: Match, series: dict[str, dict[int, float]], year: int) -> Reading:
    if missing := [name for name, values in series.items() if year not in values]:
        return unknown(f"no figure, or none that can be used, for {', '.join(missing)} in {year}")
    counts: Sequence[float] = [values[year] for values in series.values()]
    says = (
        ", ".join(f"{name} {show(count, 'persons')}" for name, count in zip(series, counts, strict=True))
        + f" in {year}"
    )
    figures = tuple(
        Figure(f"American soldiers in {name}", count, "persons", str(year), (TROOPS,))
        for name, count in zip(series, counts, strict=True)
    )
    if len(counts) == 2:
        fewer = match.slot("more").lower() in ("less", "fewer", "smaller", "lower")
        holds, test = (counts[0] < counts[1], "{0} < {1}") if fewer else (counts[0] > counts[1], "{0} > {1}")
    else:
        bound = parse_measured(match.slot("bound"), parse_number(match.slot("number")))
        holds, test = bound.holds(counts[0]), written("{0}", bound, " persons")
    return Reading("as written", holds, says, figures, test=test)
