"""Check how often states voted alike in the General Assembly of the United Nations."""

from __future__ import annotations

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, unknown
from tocsin.checking.bounds import parse_measured, parse_percent, written
from tocsin.checking.common import outside, series_chart, span_of
from tocsin.checking.data_sets import Library, State, split_states
from tocsin.checking.forms import Match
from tocsin.errors import InputError
from tocsin.measures.alignment import ABSTAIN
from tocsin.translation import message, plural

SETS = ("un_votes", "un_roll_calls")
LAST_FULL_YEAR = 2019
"""The data end on a day of January 2020."""
FEW = 10
"""Votes below which a share says little."""
_READINGS = (("all votes in which both took part", True), ("yes and no votes only", False))


def votes(match: Match, library: Library) -> Finding:
    """Check the share of votes in which two states voted alike, or compare it for two partners."""
    first, last = span_of(match, LAST_FULL_YEAR)
    if match.clauses.time("since", "after"):
        last = LAST_FULL_YEAR
    names = [
        *split_states(match.slot("state") or match.slot("states")),
        *(match.slot(name) for name in ("other", "third") if match.slot(name)),
    ]
    compared = bool(match.slot("often"))
    if len(names) != (3 if compared else 2):
        raise InputError(
            plural("the sentence names {count} state", "the sentence names {count} states", len(names)),
            remedy=message("name two states, or three to compare two partners"),
        )
    state, *partners = (library.state(name, first, last) for name in names)
    if reason := outside(first, last, (1946, LAST_FULL_YEAR), "cannot tell"):
        return Finding((unknown(f"{reason} (General Assembly roll-call votes)"),), LAST_FULL_YEAR)
    cast = _cast(library, [state, *partners])
    readings = [
        _reading(match, cast, (state, partners), (first, last), name, abstain=abstain) for name, abstain in _READINGS
    ]
    return Finding(
        tuple(readings),
        LAST_FULL_YEAR,
        ("Years are those of the day of the vote; absences do not count.",),
        _chart(cast, state, partners),
    )


def _cast(library: Library, states: list[State]) -> pl.DataFrame:
    """Return the votes of the states, with the year of the day of the vote."""
    library.read(*SETS)
    days = library.read("un_roll_calls").select("resolution", year=pl.col("date").dt.year())
    numbers = [number for state in states for number in state.numbers]
    return library.read("un_votes").filter(pl.col("state").is_in(numbers)).join(days, on="resolution")


def _alike(cast: pl.DataFrame, one: State, other: State, *, abstain: bool) -> pl.DataFrame:
    """Return the votes in which both took part: columns resolution, year, alike."""
    both = one.rows(cast).join(other.rows(cast).select("resolution", other="vote"), on="resolution")
    if not abstain:
        both = both.filter(pl.col("vote") != ABSTAIN, pl.col("other") != ABSTAIN)
    return both.select("resolution", "year", alike=pl.col("vote") == pl.col("other"))


def _reading(
    match: Match,
    cast: pl.DataFrame,
    who: tuple[State, list[State]],
    years: tuple[int, int],
    name: str,
    *,
    abstain: bool,
) -> Reading:
    state, partners = who
    shares, figures, texts = [], [], []
    when = "-".join(map(str, dict.fromkeys(years)))
    for partner in partners:
        rows = _alike(cast, state, partner, abstain=abstain).filter(pl.col("year").is_between(*years))
        if not rows.height:
            return unknown(f"{state.name} and {partner.name} have no common vote in {when}", name=name)
        share = 100.0 * int(rows["alike"].sum()) / rows.height
        shares.append(share)
        texts.append(f"with {partner.name} {share:.3g} % ({int(rows['alike'].sum())} of {rows.height})")
        figures.append(Figure(f"{state.name} and {partner.name}, the same vote", share, "%", when, SETS))
    says = f"{state.name} voted alike {', '.join(texts)} in {when}"
    if len(shares) == 2:
        more = match.slot("often").lower() == "more"
        holds, test = (shares[0] > shares[1], "{0} > {1}") if more else (shares[0] < shares[1], "{0} < {1}")
    else:
        bound = parse_measured(match.slot("bound"), parse_percent(match.slot("percent")))
        holds, test = bound.holds(shares[0]), written("{0}", bound, " %")
    return Reading(name, holds, says, tuple(figures), test=test)


def _chart(cast: pl.DataFrame, state: State, partners: list[State]) -> Chart | None:
    series = {}
    for partner in partners:
        yearly = (
            _alike(cast, state, partner, abstain=True)
            .group_by("year")
            .agg(share=100.0 * pl.col("alike").mean(), count=pl.len())
        )
        series[f"with {partner.name}"] = dict(yearly.filter(pl.col("count") >= FEW).select("year", "share").rows())
    return series_chart(f"Votes of {state.name} that were the same as a partner's", "% of common votes", series, SETS)
