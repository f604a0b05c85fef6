"""States by what people call them."""

from __future__ import annotations

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.errors import InputError, did_you_mean


def find_state(text: str, years: tuple[int, int], states: pl.DataFrame) -> int:
    """The COW number of a state.

    A number; an ISO code of three letters; where no ISO state of that code was a member of the system in these years, a code
    of the Correlates of War; or a full name that is one state's alone.

    Args:
        text: as written.
        years: first and last year asked about.
        states: the source `states`, as `readers.read` gives it.

    Raises:
        InputError: if there is no such state, it was no member in any of these years, or the name fits several.
    """
    wanted = text.strip()
    within = (pl.col("first") <= years[1]) & ((pl.col("last") >= years[0]) | (pl.col("last") == states["last"].max()))
    members = states.filter(within)
    iso = by_iso3().get(wanted.upper(), -1)
    by_number = int(wanted) if wanted.isascii() and wanted.isdigit() else -1
    heirs = members.filter(pl.col("state").is_in(_SHARED.get(wanted.lower(), [])))
    tries = (by_number, iso, _only(members, "code", wanted), _only(members, "name", wanted))
    if not heirs.height:
        for number in tries:
            if number in members["state"]:
                return number
    part = pl.col("name").str.to_lowercase().str.contains(wanted.lower(), literal=True)
    like = heirs if heirs.height else members.filter(part)
    if wanted and like.height:
        rows = like.unique("state", maintain_order=True).iter_rows(named=True)
        names = ", ".join(f"{row['name']} ({row['code']}, {row['state']})" for row in rows)
        raise InputError(f"`{wanted}` names no one state of {_span(years)}", remedy=f"did you mean {names}?")
    known = states.filter(
        (pl.col("code") == wanted.upper())
        | (pl.col("name").str.to_lowercase() == wanted.lower())
        | pl.col("state").is_in([by_number, iso])
    )
    if known.height:
        spells = ", ".join(f"{first}-{last}" for first, last in known.select("first", "last").rows())
        raise InputError(
            f"{known['name'][0]} was no member of the system in {_span(years)}", remedy=f"ask about {spells}"
        )
    raise InputError(
        f"no state is called `{wanted}`", remedy=did_you_mean(wanted, [*states["code"], *states["name"], *by_iso3()])
    )


_SHARED = {"germany": [260, 265], "korea": [731, 732], "vietnam": [816, 817], "yemen": [678, 680], "china": [710, 713]}
"""Names that several states claim; while any of these is a member, they must be told apart."""


def _only(members: pl.DataFrame, column: str, text: str) -> int:
    found = members.filter(pl.col(column).str.to_lowercase() == text.lower())["state"].unique()
    return int(found[0]) if len(found) == 1 else -1


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def member_years(states: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """State-years of the system from `first` to `last`; the members of the list's last year are taken to stay.

    Args:
        states: the source `states`, as `readers.read` gives it.
        first, last: years.

    Returns:
        Columns state and year, unique.
    """
    until = pl.when(pl.col("last") == states["last"].max()).then(last).otherwise(pl.col("last"))
    return (
        states.select("state", year=pl.int_ranges(pl.col("first"), until + 1))
        .explode("year")
        .filter(pl.col("year").is_between(first, last))
        .unique()
    )


def cow_number(state: str, year: pl.Expr) -> pl.Expr:
    """The Correlates of War's number for one of Gleditsch and Ward's (column `state`) in a year: they differ for Germany and
    Yemen since their unions, and for Serbia."""
    number = pl.col(state)
    return (
        pl.when((number == 260) & (year >= 1990))
        .then(255)
        .when((number == 678) & (year >= 1990))
        .then(679)
        .when(number == 340)
        .then(345)
        .otherwise(number)
        .cast(pl.Int32)
        .alias(state)
    )
