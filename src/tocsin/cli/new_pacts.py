"""Who is bound to help the two sides of a new case: defence pacts in force on its day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tocsin.data.codes import code_of
from tocsin.data.names import name_of
from tocsin.translation import Text, message

if TYPE_CHECKING:
    import polars as pl

    from tocsin.cli.new import Roles

SETS = ("atop_dyads", "atop_members", "states")
"""Data sets without which pacts are not known."""
GET = "atop_dyads atop_members states nmc distance capitals false_dyads"
MEASURE = "measure/pacts/{},{}/{}/owed_by_{}"


@dataclass(frozen=True, kw_only=True)
class Pacts:
    """Defence pacts of a challenger and a target on a day. States are numbers of the Correlates of War.

    Attributes:
        day: the day.
        year: year of the data: that of the day, or the last one.
        defenders: those bound to defend the target and not the challenger, the strongest at the target's territory first.
        backers: those bound to defend the challenger and not the target, in the same order.
        both: those bound to defend both.
        bound: pairs of a state and one that it must defend on the day.
        listed: the same pairs as the data list them for each year: (state, other, year).
    """

    day: date
    year: int
    defenders: tuple[int, ...]
    backers: tuple[int, ...]
    both: tuple[int, ...]
    bound: frozenset[tuple[int, int]]
    listed: frozenset[tuple[int, int, int]]

    @property
    def when(self) -> Text:
        """Return when the pacts are in force, in words."""
        if self.day.year == self.year:
            return message("on {day}", day=str(self.day))
        return message("in {year}, the last year of the data", year=str(self.year))

    def reference(self, debtor: int, creditor: int) -> str | None:
        """Return the `from` of the fact whether one state must defend another; None if no year of the data says what holds on the day."""
        first, second = sorted((debtor, creditor))
        holds = (debtor, creditor) in self.bound
        for year in (self.year, self.year - 1):
            if ((debtor, creditor, year) in self.listed) == holds:
                codes = (code_of(first, year), code_of(second, year))
                return MEASURE.format(*codes, year, 1 if debtor == first else 2)
        return None


def look_up(challenger: int, target: int, day: date) -> Pacts | None:
    """Return the defence pacts of two states on a day; None if the cache lacks the data, or the day lies before them."""
    if not is_cached(SETS):
        return None
    from tocsin.data.readers import read
    from tocsin.data.registry import source
    from tocsin.measures.ties import bound_on

    first, last = source("atop_dyads").years
    if day.year < first:
        return None
    obligations = read("atop_dyads")
    pairs = bound_on(obligations, read("atop_members"), day)
    bound = frozenset((int(debtor), int(creditor)) for debtor, creditor in pairs.iter_rows())
    year = min(day.year, last)
    helpers = {side: {one for one, other in bound if other == side} for side in (target, challenger)}
    both = (helpers[target] & helpers[challenger]) - {target, challenger}
    rank = {state: position for position, state in enumerate(_by_strength(helpers, target, year))}
    sides = [
        tuple(sorted(helpers[side] - both - {target, challenger}, key=lambda state: rank.get(state, len(rank))))
        for side in (target, challenger)
    ]
    return Pacts(
        day=day,
        year=year,
        defenders=sides[0],
        backers=sides[1],
        both=tuple(sorted(both)),
        bound=bound,
        listed=_listed(obligations, year),
    )


def is_cached(names: Collection[str]) -> bool:
    """Return whether all of these data sets are in the cache."""
    from tocsin.data.cache import status
    from tocsin.data.registry import source

    return all(status(source(name)) == "intact" for name in names)


def _listed(obligations: pl.DataFrame, year: int) -> frozenset[tuple[int, int, int]]:
    import polars as pl

    near = obligations.filter(pl.col("defence") == 1, pl.col("year").is_between(year - 1, year))
    return frozenset(
        (int(one), int(other), int(at)) for one, other, at in near.select("state1", "state2", "year").iter_rows()
    )


def _by_strength(helpers: dict[int, set[int]], target: int, year: int) -> list[int]:
    """Return helpers in order of the capability that they can use at the target's territory, of the year before; unknown ones last."""
    from tocsin.cli.new_reach import SETS as REACH_SETS
    from tocsin.cli.new_reach import shares_at

    if not is_cached(REACH_SETS):
        return []
    states = {state for side in helpers.values() for state in side} - {target}
    rows = {state: row for state, row in shares_at(states, target, year - 1).items() if row.share is not None}
    return sorted(rows, key=lambda state: -rows[state].capability * (rows[state].share or 0.0))


# --- what the user reads -------------------------------------------------------------------------------------------


def notes(pacts: Pacts, roles: Roles) -> Iterator[str]:
    """Yield what the pacts say about the roles of a case, a sentence each."""
    target, challenger = roles.target.number, roles.challenger.number
    for side, helpers, others in (
        (roles.target, roles.protectors, pacts.defenders),
        (roles.challenger, roles.backers, pacts.backers),
    ):
        named = {helper.number for helper in helpers}
        bound = [helper.name for helper in helpers if (helper.number, side.number) in pacts.bound]
        free = [helper.name for helper in helpers if (helper.number, side.number) not in pacts.bound]
        left = _names([state for state in others if state not in named], pacts.year)
        if bound:
            yield f"Bound to defend {side.name} by a defence pact {pacts.when}: {', '.join(bound)}."
        if free:
            yield f"Without a defence pact with {side.name} {pacts.when}: {', '.join(free)}."
        if left:
            yield f"Also bound to defend {side.name}, and left out: {_first(left)}."
        if not helpers and not others:
            yield f"No defence pact binds another state to {side.name} alone {pacts.when}."
    named = {helper.number for helper in (*roles.protectors, *roles.backers)}
    if left := _names([state for state in pacts.both if state not in named], pacts.year):
        yield f"Bound to defend both sides, and left out: {_first(left)}."
    if (challenger, target) in pacts.bound:
        yield f"{roles.challenger.name} is itself bound to defend {roles.target.name}."


def _names(states: list[int], year: int) -> list[str]:
    return [name_of(code_of(state, year)) for state in states]


def _first(names: list[str], count: int = 6) -> str:
    return ", ".join(names[:count]) + (f" and {len(names) - count} more" if len(names) > count else "")
