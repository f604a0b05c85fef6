"""The data sets of one check, each read once, and the states that its sentence names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tocsin.checking.groups import MEMBERS, alliance_called, members_in, refuse_group
from tocsin.data.cache import status
from tocsin.data.codes import code_of
from tocsin.data.names import codes_meant, name_of
from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.data.states import find_states
from tocsin.errors import InputError
from tocsin.translation import message


class MissingDataError(Exception):
    """Data sets that a check needs and the cache lacks."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class OutsideDataError(Exception):
    """A question that lies outside the years of a data set.

    Attributes:
        reason: why nothing can be told.
        end: last year of the data set.
    """

    def __init__(self, reason: str, end: int) -> None:
        super().__init__(reason)
        self.reason, self.end = reason, end


@dataclass(frozen=True)
class State:
    """A state that a sentence names, or a group of states.

    Attributes:
        name: its English name.
        numbers: its COW numbers in the years of interest, in order of time; one code may have several, such as DEU. Of a group those of
            all members.
        members: of a group.
    """

    name: str
    numbers: tuple[int, ...]
    members: tuple[State, ...] = ()

    def rows(self, frame: pl.DataFrame, column: str = "state") -> pl.DataFrame:
        """Return the rows of the state."""
        return frame.filter(pl.col(column).is_in(self.numbers))

    def code(self, year: int) -> str:
        """Return the code of its last number in a year; "" for a group."""
        return "" if self.members else code_of(self.numbers[-1], year)


class Library:
    """Reads data sets from the cache, each once.

    Args:
        tables: data sets already read, by name.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame] | None = None) -> None:
        self._tables: dict[str, pl.DataFrame] = dict(tables or {})

    def has(self, *names: str) -> bool:
        """Return whether all of these data sets are in the cache and intact."""
        return all(name in self._tables or status(source(name)) == "intact" for name in names)

    def read(self, *names: str) -> pl.DataFrame:
        """Return the table of the first name; all of them must be in the cache.

        Raises:
            MissingDataError: if some are not.
        """
        if missing := tuple(name for name in names if not self.has(name)):
            raise MissingDataError(missing)
        if names[0] not in self._tables:
            self._tables[names[0]] = read(names[0])
        return self._tables[names[0]]

    def state(self, name: str, first: int, last: int) -> State:
        """Return the state that a name means in a span of years.

        Raises:
            InputError: if the name is unknown or ambiguous or means a group, or the state did not exist in these years.
            MissingDataError: if the list of states is not in the cache.
        """
        refuse_group(name)
        numbers = find_states(name, (first, last), self.read("states"))
        code = next((code for code in codes_meant(name) if len(codes_meant(name)) == 1), code_of(numbers[-1], last))
        return State(name_of(code) if name_of(code) != code else self._listed(numbers[-1]), numbers)

    def side(self, name: str, year: int, without: State | None = None) -> State:
        """Return the state or the group that a name means in a year.

        Args:
            name: of a state, or of a group that `groups.ALLIANCES` lists.
            year: of the sentence. Members are those at its end.
            without: the state that "the other members" leaves out.

        Raises:
            InputError, MissingDataError: as `state`.
            OutsideDataError: if the list of members does not cover the year.
        """
        group = alliance_called(name)
        if group is None:
            return self.state(name, year, year)
        alliance, is_rest = group
        covered = source(MEMBERS).years
        if not covered[0] <= year <= covered[1]:
            reason = f"cannot tell who belonged to {alliance.name} in {year}: the list of members covers {covered[0]}-{covered[1]}"
            raise OutsideDataError(reason, covered[1])
        numbers = members_in(self.read(MEMBERS), alliance, year)
        if is_rest and without is not None:
            numbers = [number for number in numbers if number not in without.numbers]
        if not numbers:
            raise InputError(
                message("{alliance} had no members in {year}", alliance=alliance.name, year=year),
                remedy=message("choose another year"),
            )
        members = tuple(State(self._usual_name(number, year), (number,)) for number in numbers)
        name = f"{'the rest of ' if is_rest else ''}{alliance.name} ({len(numbers)} {'state' if len(numbers) == 1 else 'states'})"
        return State(name, tuple(numbers), members)

    def _usual_name(self, number: int, year: int) -> str:
        code = code_of(number, year)
        return self._listed(number) if name_of(code) == code else name_of(code)

    def _listed(self, number: int) -> str:
        rows = self.read("states").filter(pl.col("state") == number)
        return str(rows["name"][-1]) if rows.height else str(number)

    def name(self, number: int) -> str:
        """Return the name of a state in the list of states."""
        return self._listed(number)


def split_states(text: str) -> list[str]:
    """Return the names in a list such as "Peru, Chile and Trinidad and Tobago".

    Raises:
        InputError: if the list is empty.
    """
    parts = [part.strip() for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*", text) if part.strip()]
    names: list[str] = []
    while parts:
        length = next((size for size in (3, 2) if size <= len(parts) and codes_meant(" and ".join(parts[:size]))), 1)
        names.append(" and ".join(parts[:length]))
        parts = parts[length:]
    if not names:
        raise InputError(message("the sentence names no state"), remedy=message("name one, such as Poland"))
    return names
