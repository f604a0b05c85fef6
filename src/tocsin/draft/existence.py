"""Which states existed in the year of an article, and the names of states of the past."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.data.codes import by_code, code_of, state_of

_OPEN = 9999


@dataclass(frozen=True)
class Spell:
    """Years in which a code or a name stands for a state.

    Attributes:
        first, last: the years; 9999 if there is no end.
        code: for a name, the code of its state; for a code, that of the state before `first`, or "".
        kind: of a name, as in `states.csv` of the coder; "" for a code.
    """

    first: int
    last: int
    code: str
    kind: str = ""

    def holds(self, year: int) -> bool:
        """Return whether the year is one of them."""
        return self.first <= year <= self.last


def code_in(code: str, year: int | None) -> str | None:
    """Return the code of the state that an ISO code means in a year; None if there was no such state.

    Austria is Austria-Hungary before 1918, Russia the Soviet Union from 1922 to 1991. `states_since.csv` gives the first year of states that
    are younger than 1878, from general knowledge: their independence, or for dominions the League of Nations. States that it does not
    list count as older. Occupations of later years are left out.

    Args:
        code: the code of today, or of a former state.
        year: the year; None admits every state.
    """
    if year is None:
        return code
    spells = _spells().get(code, ())
    if spells and not any(spell.holds(year) for spell in spells):
        return code_in(spells[0].code, year) if spells[0].code and year < spells[0].first else None
    entries = by_code().get(code, ())
    if not entries or any(entry.holds(year, year) for entry in entries):
        return code
    is_gap = any(entry.last < year for entry in entries) and any(entry.first > year for entry in entries)
    state = state_of(code, year) if is_gap else None
    return None if state is None else code_of(state, year)


@cache
def former_names() -> Mapping[str, tuple[Spell, ...]]:
    """Return the names of states of the past, with the years in which they were in use."""
    names: dict[str, list[Spell]] = {}
    for row in _rows("former_names.csv"):
        names.setdefault(row["word"], []).append(
            Spell(int(row["first"]), int(row["last"] or _OPEN), row["code"], row["kind"])
        )
    return MappingProxyType({name: tuple(listed) for name, listed in names.items()})


@cache
def _spells() -> Mapping[str, tuple[Spell, ...]]:
    spells: dict[str, list[Spell]] = {}
    for row in _rows("states_since.csv"):
        spells.setdefault(row["code"], []).append(Spell(int(row["first"]), int(row["last"] or _OPEN), row["before"]))
    return MappingProxyType({code: tuple(listed) for code, listed in spells.items()})


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((files("tocsin.draft") / name).read_text(encoding="utf-8").splitlines())
