"""Check changes of leaders and of governing parties, and when leaders were in office."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, unknown
from tocsin.checking.bounds import Bound, parse_count, written
from tocsin.checking.clauses import Time
from tocsin.checking.common import needs_time, outside, span_of
from tocsin.checking.data_sets import Library, State
from tocsin.checking.forms import Match
from tocsin.data.codes import EARLIER
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.measures.catalogue import MEASURES
from tocsin.measures.definition import Request
from tocsin.measures.politics import turnovers
from tocsin.measures.request import format_years
from tocsin.translation import in_commas, message

SET = "leaders"
PARTY_SETS = ("parlgov_countries", "parlgov_cabinets", "parlgov_cabinet_parties", "parlgov_parties")
IRREGULAR = "Irregular"


def leaders(match: Match, library: Library) -> Finding:
    """Check how many leaders a state had, how often they changed, or that one lost power irregularly."""
    covered = source(SET).years
    first, last = span_of(match, covered[1])
    state = library.state(match.slot("state"), first, last)
    if reason := outside(first, last, covered, "cannot tell"):
        return Finding((unknown(f"{reason} ({source(SET).what})"),), covered[1])
    spells = _spells(library, state, (first, last))
    reading = (
        _forced(_bound(match), state, spells, (first, last))
        if match.slot("forced")
        else _counted(match, state, spells, (first, last))
    )
    chart = _chart(f"Leaders of {state.name}", state.name, spells, "leader", (SET,))
    notes = (
        "A leader is who held power in effect, as Archigos codes it: prime minister, president, monarch or other.",
    )
    return Finding((reading,), covered[1], notes, chart)


def _spells(library: Library, state: State | None, years: tuple[int, int]) -> pl.DataFrame:
    """Return the spells of leaders that overlap the years; of all states if None."""
    library.read(SET, "states")
    groups = tuple((number,) for number in state.numbers) if state else ()
    return MEASURES["leaders"].compute(Request(*years, groups)).sort("start")


def _counted(match: Match, state: State, spells: pl.DataFrame, years: tuple[int, int]) -> Reading:
    began = spells.filter(pl.col("start").dt.year().is_between(*years))
    before = spells.filter(pl.col("start").dt.year() < years[0]).height > 0
    changes = began.height if before else max(began.height - 1, 0)
    names = ", ".join(f"{name} (from {start})" for name, start in spells.select("leader", "start").head(8).rows())
    says = f"{spells['leader'].n_unique()} leaders and {changes} changes in {format_years(*years)}: {names}{', ...' if spells.height > 8 else ''}"
    count, what = (spells["leader"].n_unique(), "leaders") if match.slot("people") else (changes, "changes of leader")
    shown = (
        Figure(f"{state.name}, {what}", float(count), what.split(" ", maxsplit=1)[0], format_years(*years), (SET,)),
    )
    holds, test = _bound(match).holds(count), written("{0}", _bound(match), "")
    if match.slot("not"):
        holds, test = not holds, f"not ({test})"
    return Reading("as written", holds, says, shown, test=test)


def _bound(match: Match) -> Bound:
    """Return the bound on a count: "three times", "at least five", or at least one."""
    if match.slot("times"):
        return parse_count(match.slot("bound"), match.slot("times").lower().removesuffix("times").strip())
    return parse_count(match.slot("bound"), match.slot("number")) if match.slot("number") else Bound(">=", 1.0)


def _forced(bound: Bound, state: State, spells: pl.DataFrame, years: tuple[int, int]) -> Reading:
    ended = spells.filter(pl.col("end").dt.year().is_between(*years))
    forced = ended.filter(pl.col("exit") == IRREGULAR)
    listed = ", ".join(
        f"{name} ({end}: {exit_})" for name, end, exit_ in ended.select("leader", "end", "exit").head(6).rows()
    )
    shown = (
        Figure(
            f"{state.name}, leaders who lost power irregularly",
            float(forced.height),
            "leaders",
            format_years(*years),
            (SET,),
        ),
    )
    return Reading(
        "as written", bound.holds(forced.height), f"exits in {format_years(*years)}: {listed or 'none'}", shown
    )


def _chart(title: str, name: str, spells: pl.DataFrame, label: str, sets: tuple[str, ...]) -> Chart | None:
    table = spells.select(name=pl.lit(name), label=pl.col(label), start="start", end="end", until="until")
    return Chart(title, "", table, sets) if table.height else None


# --- office --------------------------------------------------------------------------------------------------------


def office(match: Match, library: Library) -> Finding:
    """Check when a leader took, held or left office."""
    covered = source(SET).years
    time = needs_time(match, "in", "month", "span", "since", "before", "after")
    if reason := outside(time.first, time.last, covered, "cannot tell"):
        return Finding((unknown(f"{reason} ({source(SET).what})"),), covered[1])
    name, spells = _spells_of(match, library, (time.first, time.last))
    says = f"{name}: " + ", ".join(
        f"{start} to {end or f'{until} or later'}"
        for start, end, until in spells.select("start", "end", "until").rows()
    )
    shown = (Figure(f"{name}, in office", says.partition(": ")[2], "", format_years(time.first, time.last), (SET,)),)
    starts, ends = spells["start"].to_list(), spells["end"].to_list()
    if match.slot("entry"):
        holds = _dated(starts, time, min)
    elif match.slot("exit"):
        holds = _dated([day for day in ends if day is not None], time, max)
    else:
        holds = _held(spells, time, covered[1])
    chart = _chart(f"{name} in office", name, spells.with_columns(label=pl.lit("in office")), "label", (SET,))
    return Finding((Reading("as written", holds, says, shown),), covered[1], (), chart)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^\w ]+", " ", re.sub(r"[\u0300-\u036f]", "", decomposed)).casefold()


def _abbreviates(name: str, words: list[str]) -> bool:
    """Return whether a listed name is the last of the words alone, or with initials of the others: "Gandhi, I."."""
    parts = _plain(name).split()
    rest = [part for part in parts if part != words[-1]]
    return words[-1] in parts and all(
        any(word.startswith(part) and len(part) == 1 for word in words[:-1]) for part in rest
    )


def _spells_of(match: Match, library: Library, years: tuple[int, int]) -> tuple[str, pl.DataFrame]:
    """Return the one leader whose name holds all words of the sentence's name, and his or her spells.

    Raises:
        InputError: if there is none, or several.
    """
    state_name = match.slot("other") or match.slot("state")
    state = library.state(state_name, *years) if state_name else None
    spells = _spells(library, state, source(SET).years)
    words = _plain(match.slot("leader")).split()
    known = [name for name in spells["leader"].unique() if set(words) <= set(_plain(name).split())]
    known = known or [name for name in spells["leader"].unique() if _abbreviates(name, words)]
    rows = spells.filter(pl.col("leader").is_in(known))
    people = rows.select("leader", "state").unique(maintain_order=True).rows()
    if not people:
        raise InputError(
            message("no leader called {name} in Archigos", name=repr(match.slot("leader"))),
            remedy=message('write the surname, and the state, such as "in France"'),
        )
    if len({(name, EARLIER.get(number, number)) for name, number in people}) > 1:
        listed = in_commas(f"{name} ({library.name(number)})" for name, number in people[:6])
        raise InputError(
            message("{name} may be several leaders", name=repr(match.slot("leader"))),
            remedy=message("name the state, or more of the name: {names}", names=listed),
        )
    return people[0][0], rows.sort("start")


def _dated(days: list[date], time: Time, choose: Callable[[list[date]], date]) -> bool:
    """Return whether a day falls in the time; before or after a year, the first entry or the last exit counts."""
    if time.kind in ("before", "after"):
        if not days:
            return False
        year = choose(days).year
        return year < time.first if time.kind == "before" else year > time.first
    if time.kind == "month":
        return any((day.year, day.month) == (time.first, time.month) for day in days)
    last = time.last if time.kind != "since" else date.max.year
    return any(time.first <= day.year <= last for day in days)


def _held(spells: pl.DataFrame, time: Time, end: int) -> bool:
    """Return whether the leader was in office on a day of a year or month, or in every year of a span."""
    rows = [(start, stop or until) for start, stop, until in spells.select("start", "end", "until").rows()]
    if time.kind in ("before", "after"):
        return any(start.year < time.first if time.kind == "before" else stop.year > time.first for start, stop in rows)
    if time.kind == "month":
        return any(
            (start.year, start.month) <= (time.first, time.month) <= (stop.year, stop.month) for start, stop in rows
        )
    last = end if time.kind == "since" else time.last
    return all(any(start.year <= year <= stop.year for start, stop in rows) for year in range(time.first, last + 1))


# --- parties -------------------------------------------------------------------------------------------------------


def parties(match: Match, library: Library) -> Finding:
    """Check how often the party of the head of government changed."""
    first, last = span_of(match, 2023)
    state = library.state(match.slot("state"), first, last)
    own = _own(state)
    if not own:
        library.read(*PARTY_SETS)
    spells = MEASURES["governments"].compute(Request(1900, 2100, tuple((number,) for number in state.numbers)))
    if not spells.height:
        return Finding((unknown(f"ParlGov lists no government of {state.name}"),))
    covered = (int(spells["start"].dt.year().min() or 0), int(spells["until"].dt.year().max() or 0))  # type: ignore[arg-type]
    if match.clauses.time("since", "after"):
        last = covered[1]
    if reason := outside(first, last, covered, "cannot tell"):
        return Finding((unknown(reason),), covered[1])
    reading = _party_reading(match, state, spells, (first, last), own=own)
    note = "from a table of this program" if own else "the party of the prime minister in ParlGov; caretakers left out"
    shown = spells.filter(pl.col("start").dt.year() <= last)
    chart = _chart(f"Governing parties of {state.name}", state.name, shown, "camp", _party_sets(own=own))
    return Finding((reading,), covered[1], (f"Governing party: {note}.",), chart)


def _party_sets(*, own: bool) -> tuple[str, ...]:
    """Return the data sets to cite: none for the program's own table, whose rows name their sources."""
    return () if own else PARTY_SETS


def _party_reading(match: Match, state: State, spells: pl.DataFrame, years: tuple[int, int], *, own: bool) -> Reading:
    changes = turnovers(spells).filter(pl.col("year").is_between(*years)).sort("date")
    listed = [f"{row['before']} to {row['after']} ({row['date']})" for row in changes.head(8).iter_rows(named=True)]
    span, count = format_years(*years), changes.height
    shown = Figure(f"{state.name}, changes of governing party", float(count), "changes", span, _party_sets(own=own))
    says = f"{count} changes in {span}: {', '.join(listed) or 'none'}"
    return Reading("as written", _bound(match).holds(count), says, (shown,), test=written("{0}", _bound(match), ""))


def _own(state: State) -> bool:
    """Return whether the program's own table lists the governments of a state."""
    from tocsin.data.governments import own_governments

    return bool(set(state.numbers) & set(own_governments()["state"]))
