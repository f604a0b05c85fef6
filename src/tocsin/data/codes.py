"""Codes of states and their numbers in the Correlates of War (COW), each for the years in which they belong together.

A number may have several codes over time (365 is SUN from 1922 to 1991, else RUS), and a code several numbers (DEU is
260 from 1946 to 1989, else 255). In one year a code means one state at most. Where a state changes during a year, its ISO
code means the later state that year. Codes are those of ISO 3166; a state that has none at a time has its COW code.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_ALWAYS = (0, 9999)


@dataclass(frozen=True)
class Code:
    """A code of a state in a span of years.

    Attributes:
        text: three letters.
        iso2: two-letter ISO code; "" if the code is a COW code.
        state: COW number, or the Gleditsch-Ward number of a state that COW does not list.
        first, last: years in which the code means this state.
    """

    text: str
    iso2: str
    state: int
    first: int
    last: int

    def holds(self, first: int, last: int) -> bool:
        """Return whether the code means the state in any year of a span."""
        return self.first <= last and self.last >= first


@dataclass(frozen=True)
class Union:
    """A state that united with another, `joined`: COW gives it the number `before` from `begins` on, and `after` from `since` on."""

    before: int
    joined: int
    after: int
    begins: date
    since: date


UNIONS = (
    Union(260, 265, 255, date(1949, 5, 23), date(1990, 10, 3)),
    Union(678, 680, 679, date(1918, 10, 30), date(1990, 5, 22)),
)
"""Germany and Yemen, to which Gleditsch and Ward give the number `before` at all times since `begins`."""
EARLIER: Mapping[int, int] = MappingProxyType({union.after: union.before for union in UNIONS} | {316: 315})
"""The number that each of these states follows under one code: DEU, YEM, and CZE, which COW gives to Czechoslovakia."""
SERBIA_GW, SERBIA = 340, 345
"""Serbia in Gleditsch and Ward, and in COW, which gives it the number of Yugoslavia."""


@cache
def codes() -> tuple[Code, ...]:
    """Return all codes, in the order of their text and years."""
    text = (files("tocsin.data") / "codes.csv").read_text(encoding="utf-8")
    return tuple(
        Code(
            row["code"],
            row["iso2"],
            int(row["state"]),
            int(row["first"] or _ALWAYS[0]),
            int(row["last"] or _ALWAYS[1]),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def by_code() -> Mapping[str, tuple[Code, ...]]:
    """Return the entries of every three-letter and two-letter code, in order of time."""
    table: dict[str, list[Code]] = {}
    for code in codes():
        for text in filter(None, (code.text, code.iso2)):
            table.setdefault(text, []).append(code)
    return MappingProxyType(
        {text: tuple(sorted(entries, key=lambda code: code.first)) for text, entries in table.items()}
    )


def state_of(code: str, year: int) -> int | None:
    """Return the number of the state that a code means in a year.

    If the code means no state that year but only one state in all, that state is returned, so that data sets may use a
    code before and after its years (the World Bank has RUS for 1990).

    Args:
        code: three or two letters.
        year: the year.
    """
    entries = by_code().get(code.upper(), ())
    meant = {entry.state for entry in entries if entry.holds(year, year)} or {entry.state for entry in entries}
    return meant.pop() if len(meant) == 1 else None


@cache
def _by_state() -> Mapping[int, tuple[Code, ...]]:
    table: dict[int, list[Code]] = {}
    for code in sorted(codes(), key=lambda code: not code.iso2):
        table.setdefault(code.state, []).append(code)
    return MappingProxyType({state: tuple(entries) for state, entries in table.items()})


def code_of(state: int, year: int) -> str:
    """Return the code of a state in a year; its number as text if it has none. ISO codes come before COW codes."""
    return next((code.text for code in _by_state().get(state, ()) if code.holds(year, year)), str(state))


def with_state(frame: pl.DataFrame, *, code: str, year: str) -> pl.DataFrame:
    """Return a table with `state_of` for its columns of codes and years in a new column `state`; null if there is none."""
    import polars as pl

    pairs = frame.select(code, year).unique()
    states = [state_of(text, at) if text and at is not None else None for text, at in pairs.iter_rows()]
    known = pairs.with_columns(state=pl.Series(states, dtype=pl.Int32))
    return frame.join(known, on=[code, year], how="left", maintain_order="left")


def with_code(frame: pl.DataFrame, *, year: str) -> pl.DataFrame:
    """Return a table with the numbers in its column `state` replaced by their codes in the years of another column."""
    import polars as pl

    pairs = frame.select("state", year).unique()
    texts = [None if state is None else code_of(state, at) for state, at in pairs.iter_rows()]
    known = pairs.with_columns(code=pl.Series(texts, dtype=pl.String))
    coded = frame.join(known, on=["state", year], how="left", maintain_order="left")
    return coded.with_columns(state="code").drop("code")
