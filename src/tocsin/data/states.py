"""Find states by code, number or name among the members of the state system, and list its members."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from tocsin.data.codes import EARLIER, SERBIA, SERBIA_GW, UNIONS, by_code, code_of
from tocsin.data.names import codes_meant, name_of, names_of, suggestion
from tocsin.errors import InputError
from tocsin.translation import either, in_semicolons, message


def find_states(text: str, years: tuple[int, int], states: pl.DataFrame) -> tuple[int, ...]:
    """Return the COW numbers of a state, one after the other, in a span of years.

    A code may have several: DEU is the German Federal Republic (260) to 1989 and Germany (255) before 1946 and since 1990. CZE is
    Czechoslovakia (315, its COW code) to 1992 and Czechia (316, its ISO code) since 1993. The text may be a COW number; an ISO code or
    a name of `tocsin.data.names`; a COW code or name, if nothing else fits in these years.

    Args:
        text: a number, code or name.
        years: first and last year of interest.
        states: the source `states`, as `readers.read` returns it.

    Raises:
        InputError: if the state is unknown, was no member in any of these years, or the name fits several states.
    """
    wanted = text.strip()
    members = _members(states, years)
    matches = _matches(wanted, years, members)
    if len(matches) > 1:
        raise _ambiguous(wanted, years, members, matches)
    if matches:
        return matches[0]
    raise _not_a_member(wanted, years, states, codes_meant(wanted))


def _matches(wanted: str, years: tuple[int, int], members: pl.DataFrame) -> list[tuple[int, ...]]:
    """Return the numbers of each state that a text may mean; see `find_states`."""
    meant = [numbers for code in codes_meant(wanted) if (numbers := _numbers(code, years, members))]
    if len(meant) == 1:
        return [(*_earlier(wanted, meant[0], members), *meant[0])]
    if meant:
        return meant
    for match in (_number(wanted), _only(members, "code", wanted), _only(members, "name", wanted)):
        if match in members["state"]:
            return [(match,)]
    return []


def _members(states: pl.DataFrame, years: tuple[int, int]) -> pl.DataFrame:
    """Return the spells of membership that overlap the years; a member in the list's last year is assumed to remain."""
    remains = pl.col("last") == states["last"].max()
    return states.filter((pl.col("first") <= years[1]) & ((pl.col("last") >= years[0]) | remains))


def _numbers(code: str, years: tuple[int, int], members: pl.DataFrame) -> tuple[int, ...]:
    """Return the members that a code means in any of the years, in order of time; by COW's meaning only if ISO has none."""
    entries = [entry for entry in by_code().get(code, ()) if entry.holds(*years) and entry.state in members["state"]]
    entries = [entry for entry in entries if entry.iso2] or entries
    return tuple(dict.fromkeys(entry.state for entry in reversed(entries)))[::-1]


def _earlier(text: str, numbers: tuple[int, ...], members: pl.DataFrame) -> tuple[int, ...]:
    """Return the state that the first of the numbers follows, if the text is its COW code too."""
    before = EARLIER.get(numbers[0])
    return (before,) if before is not None and _only(members, "code", text) == before else ()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


def _lower(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase()


def _only(members: pl.DataFrame, column: str, text: str) -> int:
    """Return the number of the only state with this code or name, or -1."""
    numbers = members.filter(_lower(column) == text.lower())["state"].unique()
    return int(numbers[0]) if len(numbers) == 1 else -1


def _ambiguous(
    text: str, years: tuple[int, int], members: pl.DataFrame, matches: Sequence[tuple[int, ...]]
) -> InputError:
    """Return an error that names the states that a text may mean, and says how to write each."""
    names, ways = [], []
    for numbers in matches:
        listed = [str(members.filter(pl.col("state") == number)["name"][0]) for number in numbers]
        codes = dict.fromkeys(code_of(number, year) for number in numbers for year in years[::-1])
        written = (*listed, *(name for code in codes for name in names_of(code)), *codes, *map(str, numbers))
        clear = [way for way in written if _matches(way, years, members) == [numbers]]
        name = next((way for way in clear if not way.isupper() and not way.isdigit()), "")
        names.append(name or listed[-1])
        short = sorted((way for way in (*codes, *map(str, numbers)) if way in clear), key=str.isdigit)
        ways.append(either(f"`{way}`" for way in dict.fromkeys((name, *short)) if way))
    return InputError(
        message("`{text}` is ambiguous in {years}: {states}", text=text, years=_span(years), states=either(names)),
        remedy=message("write {ways}", ways=in_semicolons(ways)),
    )


def _listed(states: pl.DataFrame, numbers: Collection[int]) -> str:
    rows = states.filter(pl.col("state").is_in(list(numbers))).unique("state", maintain_order=True)
    return ", ".join(f"{name} ({code}, {state})" for name, code, state in rows.select("name", "code", "state").rows())


def _not_a_member(text: str, years: tuple[int, int], states: pl.DataFrame, meant: tuple[str, ...]) -> InputError:
    """Return an error that names the years of the state's membership, the state that it then was, or similar names."""
    numbers = {entry.state for code in meant for entry in by_code().get(code, ())} | {_number(text)}
    other = [number for number in numbers if number in _members(states, years)["state"]]
    if other:
        return InputError(
            message("no state is called `{text}` in {years}", text=text, years=_span(years)),
            remedy=message(
                "choose other years, or name the state of these years: {states}", states=_listed(states, other)
            ),
        )
    named = (pl.col("code") == text.upper()) | (_lower("name") == text.lower())
    former = states.filter(named | pl.col("state").is_in(list(numbers)))
    if former.height:
        name = former["name"][0] if former["state"].n_unique() == 1 else f"`{text}`"
        return InputError(
            message("{state} was not a member of the state system in {years}", state=name, years=_span(years)),
            remedy=message("choose years from {years}", years=_spells(former)),
        )
    if meant:
        return InputError(
            message("{state} is not in the state system", state=name_of(meant[0])),
            remedy=message("name a member, such as KOR"),
        )
    return InputError(message("unknown state `{text}`", text=text), remedy=suggestion(text))


def _spells(former: pl.DataFrame) -> str:
    """Return the years of membership, as in "1816-1945, 1990-2016"; of several states, each with its name and code."""
    years: dict[tuple[str, str, int], list[str]] = {}
    for *state, first, last in (
        former.select("name", "code", "state", "first", "last").unique(maintain_order=True).rows()
    ):
        years.setdefault((state[0], state[1], state[2]), []).append(f"{first}-{last}")
    if len(years) == 1:
        return ", ".join(*years.values())
    return "; ".join(f"{name} ({code}, {state}) {', '.join(spells)}" for (name, code, state), spells in years.items())


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


def side_years(years: pl.DataFrame, side: Collection[int]) -> pl.DataFrame:
    """Return the rows of the states of a side, each state once.

    In the year of a union, the united state stands for the two states before it, if it is on the side too.

    Args:
        years: columns state and year.
        side: COW numbers.
    """
    years = years.filter(pl.col("state").is_in(list(side)))
    for union in UNIONS:
        if union.after in side:
            earlier = pl.col("state").is_in([union.before, union.joined])
            years = years.filter(~(earlier & (pl.col("year") >= union.since.year)))
    return years


def cow_number(state: str, year: pl.Expr) -> pl.Expr:
    """Return the COW number for a Gleditsch-Ward number (column `state`) in a year.

    The two differ for Germany and Yemen since their unions, and for Serbia. The year of a union belongs to the new number.
    """
    return cow_number_on(state, pl.date(year, 12, 31))


def cow_number_on(state: str, day: pl.Expr) -> pl.Expr:
    """Return the COW number for a Gleditsch-Ward number (column `state`) on a day."""
    number = pl.col(state)
    cases = [pl.when(number == SERBIA_GW).then(SERBIA)]
    cases += [pl.when((number == union.before) & (day >= union.since)).then(union.after) for union in UNIONS]
    return pl.coalesce(*cases, number).cast(pl.Int32).alias(state)


def cow_spells(spells: pl.DataFrame) -> pl.DataFrame:
    """Return spells under COW numbers, each cut where its state united with another and got a new number.

    Args:
        spells: columns state (COW or Gleditsch-Ward number), start, end (dates; null if in progress) and `until`, the last day
            covered; other columns are kept.

    Returns:
        The spells, sorted, with a column `continued` (whether the spell began under the number before). The part before a union
        has a null end and runs until the day of the union, since nothing ended it.
    """
    parts, rest = [], spells.with_columns(cow_number_on("state", pl.date(1, 1, 1)), continued=pl.lit(value=False))
    known = pl.coalesce("end", "until")
    for union in UNIONS:
        began = pl.col("start") >= union.begins
        theirs = (pl.col("state") == union.before) | ((pl.col("state") == union.after) & began)
        early, late = pl.col("start") < union.since, known > union.since
        through = theirs & early & late
        day = pl.lit(union.since)
        parts += [
            rest.filter(theirs & early).with_columns(
                state=pl.lit(union.before, pl.Int32),
                end=pl.when(~late).then("end"),
                until=pl.when(late).then(day).otherwise("until"),
            ),
            rest.filter(theirs & (late | ~early)).with_columns(
                state=pl.lit(union.after, pl.Int32),
                start=pl.max_horizontal("start", day),
                continued=through,
            ),
        ]
        rest = rest.filter(~theirs)
    return pl.concat([rest, *parts]).sort("state", "start")
