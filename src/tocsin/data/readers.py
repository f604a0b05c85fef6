"""Originals as tidy tables: declared columns, types and units, missing values null, keys unique, nothing outside coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from tocsin.data.cache import place, state
from tocsin.data.fetch import by_hand
from tocsin.data.registry import Source, source
from tocsin.errors import InputError, SolveError


@dataclass(frozen=True)
class Column:
    """A column: its name in the original and here, its type, its unit or meaning, and the code of missing values."""

    of: str
    name: str
    dtype: type[pl.DataType]
    unit: str = ""
    missing: float | None = None


@dataclass(frozen=True)
class Table:
    """What a source holds: its columns, and those by which a row is known."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]


_STATE = Column("ccode", "state", pl.Int32, "COW code")
_PAIR = (Column("ccode1", "state1", pl.Int32, "COW code"), Column("ccode2", "state2", pl.Int32, "COW code"))
_YEAR = Column("year", "year", pl.Int32)


def _flags(**names: str) -> tuple[Column, ...]:
    return tuple(Column(of, name, pl.Int8, "1 yes, 0 no") for of, name in names.items())


def _sides(**names: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{of}{side}", f"{name}{side}", pl.Int16, "code of the set", -9)
        for of, name in names.items()
        for side in "12"
    )


_DISPUTE_SIDES = _sides(
    sidea="initiating_side", fatality="fatality", hiact="highest_act", hostlev="hostility", orig="originator"
)


def _disputes(**flags: str) -> Table:
    """Directed dyadic dispute-years, whose flags each set names its own way."""
    columns = (Column("dispnum", "dispute", pl.Int32), *_PAIR, _YEAR, *_flags(**flags), *_DISPUTE_SIDES)
    return Table(columns, ("dispute", "state1", "state2", "year"))


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "nmc": Table(
            (
                _STATE,
                _YEAR,
                Column("milex", "milex", pl.Float64, "thousands of current dollars (pounds to 1913)"),
                Column("milper", "milper", pl.Float64, "thousands of persons"),
                Column("irst", "irst", pl.Float64, "thousands of tons"),
                Column("pec", "pec", pl.Float64, "thousands of coal-ton equivalents"),
                Column("tpop", "tpop", pl.Float64, "thousands of persons"),
                Column("upop", "upop", pl.Float64, "thousands of persons"),
                Column("cinc", "published", pl.Float64, "share"),
            ),
            ("state", "year"),
        ),
        "states": Table(
            (
                _STATE,
                Column("stateabb", "code", pl.String),
                Column("statenme", "name", pl.String),
                Column("styear", "first", pl.Int32, "year"),
                Column("endyear", "last", pl.Int32, "year; the last of the list where the state goes on"),
            ),
            ("state", "first"),
        ),
        "majors": Table(
            (_STATE, Column("styear", "first", pl.Int32, "year"), Column("endyear", "last", pl.Int32, "year")),
            ("state", "first"),
        ),
        "atop_dyads": Table(
            (
                *_PAIR,
                _YEAR,
                *_flags(
                    atop_defense="defence",
                    atop_offense="offence",
                    atop_neutral="neutrality",
                    atop_nonagg="nonaggression",
                    atop_consul="consultation",
                ),
            ),
            ("state1", "state2", "year"),
        ),
        "distance": Table(
            (*_PAIR, _YEAR, Column("mindist", "distance", pl.Float64, "km, between nearest points")),
            ("state1", "state2", "year"),
        ),
        "mid_dyads": _disputes(dispongoing="ongoing", disponset="onset"),
        "gml_dyads": _disputes(midongoing="ongoing", midonset="onset"),
        "leaders": Table(
            (
                Column("obsid", "spell", pl.String),
                Column("gwcode", "state", pl.Int32, "Gleditsch-Ward code, which differs from COW's for a few states"),
                Column("leader", "leader", pl.String),
                Column("startdate", "start", pl.Date),
                Column("enddate", "end", pl.Date, "2015-12-31 for those then in office"),
                Column("entry", "entry", pl.String),
                Column("exit", "exit", pl.String),
            ),
            ("spell",),
        ),
        "un_roll_calls": Table(
            (
                Column("rcid", "resolution", pl.Int32),
                Column("session", "session", pl.Int32, "year of its beginning less 1945"),
                Column("date", "date", pl.Date),
            ),
            ("resolution",),
        ),
        "ideal_points": Table(
            (
                _STATE,
                Column("session", "session", pl.Int32, "year of its beginning less 1945"),
                Column("IdealPoint", "ideal", pl.Float64, "standard deviations of states"),
            ),
            ("state", "session"),
        ),
        "exchange_rates": Table(
            (
                Column("Date", "date", pl.Date, "first day of the year"),
                Column("Country", "country", pl.String),
                Column("Exchange rate", "rate", pl.Float64, "local currency for a dollar"),
            ),
            ("date", "country"),
        ),
    }
)


def read(name: str) -> pl.DataFrame:
    """A source of the cache as a table.

    Args:
        name: of the source.

    Raises:
        InputError: if there is no such source, or no reader of it.
        SolveError: if it is not in the cache, or not what it should be.
    """
    found = source(name)
    if name not in TABLES:
        raise InputError(f"there is no reader of `{name}` yet", remedy="use one of " + ", ".join(TABLES))
    if state(found) != "whole":
        raise SolveError(
            f"`{name}` is not in the cache, or broken\n  remedy: run `tocsin data get {name}`; without a network:{by_hand(found)}"
        )
    return as_table(found, _original(place(found)))


def as_table(found: Source, original: pl.DataFrame) -> pl.DataFrame:
    """A source's original as its declared table.

    Raises:
        SolveError: if a column is missing or of another type, a key is missing or stands twice, or a year lies outside the
            source's coverage.
    """
    table = TABLES[found.name]
    if missing := [column.of for column in table.columns if column.of not in original.columns]:
        raise SolveError(
            f"`{found.name}` has no column `{missing[0]}`: a file of another version\n  remedy: get it again"
        )
    try:
        tidy = original.select(_typed(column) for column in table.columns)
    except pl.exceptions.PolarsError as error:
        raise SolveError(f"`{found.name}` has a value of another type: {error}\n  remedy: get it again") from error
    if sum(tidy.select(table.keys).null_count().row(0)) or tidy.select(table.keys).is_duplicated().any():
        raise SolveError(f"`{found.name}`: a row's key {', '.join(table.keys)} is missing or stands twice")
    first, last = found.years
    if "year" in tidy.columns and not tidy["year"].is_between(first, last).all():
        raise SolveError(f"`{found.name}` has years outside {first} to {last}, its coverage")
    return tidy


def _typed(column: Column) -> pl.Expr:
    value = pl.col(column.of)
    if column.missing is not None:
        value = pl.when(value == column.missing).then(None).otherwise(value)
    return value.cast(column.dtype, strict=True).alias(column.name)


def _original(file: Path) -> pl.DataFrame:
    """The file as it is, by its ending."""
    if file.suffix == ".rda":
        import pyreadr

        (frame,) = pyreadr.read_r(str(file), output_format="polars").values()
        return pl.DataFrame(frame)
    return pl.read_csv(file, infer_schema_length=None, try_parse_dates=True, encoding="utf8-lossy")
