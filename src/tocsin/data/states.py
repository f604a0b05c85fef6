"""Find states by code, number or name, and list the members of the state system."""

from __future__ import annotations

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.errors import InputError, did_you_mean

_SHARED_NAMES = {
    "germany": [260, 265],
    "korea": [731, 732],
    "vietnam": [816, 817],
    "yemen": [678, 680],
    "china": [710, 713],
}
"""Names that several states claim: ambiguous while any of these states is a member."""


def find_state(text: str, years: tuple[int, int], states: pl.DataFrame) -> int:
    """Return the number of a state in the Correlates of War (COW).

    The text may be that number; a three-letter ISO code; a COW code if no state of that ISO code was a member in these
    years; or the full name of one state.

    Args:
        text: a number, code or name.
        years: first and last year of interest.
        states: the source `states`, as `readers.read` returns it.

    Raises:
        InputError: if the state is unknown, was no member in any of these years, or the name fits several states.
    """
    wanted = text.strip()
    within = (pl.col("first") <= years[1]) & ((pl.col("last") >= years[0]) | (pl.col("last") == states["last"].max()))
    members = states.filter(within)
    claimants = members.filter(pl.col("state").is_in(_SHARED_NAMES.get(wanted.lower(), [])))
    iso, number = by_iso3().get(wanted.upper(), -1), _number(wanted)
    if claimants.is_empty():
        for match in (number, iso, _only(members, "code", wanted), _only(members, "name", wanted)):
            if match in members["state"]:
                return match
    similar = (
        claimants if claimants.height else members.filter(_lower("name").str.contains(wanted.lower(), literal=True))
    )
    if wanted and similar.height:
        rows = similar.unique("state", maintain_order=True).iter_rows(named=True)
        names = ", ".join(f"{row['name']} ({row['code']}, {row['state']})" for row in rows)
        raise InputError(f"`{wanted}` is ambiguous in {_span(years)}", remedy=f"did you mean {names}?")
    named = (pl.col("code") == wanted.upper()) | (_lower("name") == wanted.lower())
    raise _not_a_member(wanted, years, states, states.filter(named | pl.col("state").is_in([number, iso])))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


def _lower(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase()


def _only(members: pl.DataFrame, column: str, text: str) -> int:
    """Return the number of the only state with this code or name, or -1."""
    numbers = members.filter(_lower(column) == text.lower())["state"].unique()
    return int(numbers[0]) if len(numbers) == 1 else -1


def _not_a_member(text: str, years: tuple[int, int], states: pl.DataFrame, former: pl.DataFrame) -> InputError:
    if former.height:
        spells = ", ".join(f"{first}-{last}" for first, last in former.select("first", "last").rows())
        message = f"{former['name'][0]} was not a member of the state system in {_span(years)}"
        return InputError(message, remedy=f"choose years from {spells}")
    known = [*states["code"], *states["name"], *by_iso3()]
    return InputError(f"unknown state `{text}`", remedy=did_you_mean(text, known))


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"


def member_years(states: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Return the state-years of the system from `first` to `last`.

    Members in the list's last year are assumed to remain.

    Args:
        states: the source `states`, as `readers.read` returns it.
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
    """Return the COW number for a Gleditsch-Ward number (column `state`) in a year.

    The two differ for Germany and Yemen since their unifications, and for Serbia.
    """
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
