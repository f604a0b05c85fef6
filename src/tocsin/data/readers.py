"""Originals as tidy tables: declared columns, types and units, missing values null, keys unique, nothing outside coverage."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.data.cache import place, state
from tocsin.data.formats import frame
from tocsin.data.registry import Source, source
from tocsin.data.table import Column
from tocsin.data.tables import TABLES
from tocsin.errors import InputError, SolveError


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
        get = f"run `tocsin data get {name}`; without a network: " if found.address else ""
        raise SolveError(f"`{name}` is not in the cache, or broken", remedy=f"{get}{found.by_hand}")
    return tidy(found, place(found))


def tidy(found: Source, file: Path) -> pl.DataFrame:
    """A file as the declared table of a source.

    Raises:
        SolveError: if it cannot be read, a column is missing or of another type, a key is missing or stands twice, or a year
            lies outside the source's coverage.
    """
    opened = TABLES[found.name].opened
    try:
        original = opened(file) if opened else frame(file, found.file.rpartition(".")[2])
    except SolveError as error:
        raise SolveError(f"`{found.name}`: {error}", remedy="get it again") from error
    return as_table(found, original)


def as_table(found: Source, original: pl.DataFrame) -> pl.DataFrame:
    """A source's original as its declared table; where the set has no key of its own, rows are numbered in column `row`.

    Raises:
        SolveError: as `tidy`.
    """
    table = TABLES[found.name]
    if missing := [column.of for column in table.columns if column.of not in original.columns]:
        raise SolveError(
            f"`{found.name}` has no column `{missing[0]}`: a file of another version", remedy="get it again"
        )
    try:
        tidied = original.select(_typed(column) for column in table.columns)
    except pl.exceptions.PolarsError as error:
        raise SolveError(f"`{found.name}` has a value of another type: {error}", remedy="get it again") from error
    if table.keys == ("row",):
        tidied = tidied.with_row_index("row", offset=1)
    if sum(tidied.select(table.keys).null_count().row(0)) or tidied.select(table.keys).is_duplicated().any():
        raise SolveError(f"`{found.name}`: a row's key {', '.join(table.keys)} is missing or stands twice")
    first, last = found.years
    if "year" in tidied.columns and not tidied["year"].is_between(first, last).all():
        raise SolveError(f"`{found.name}` has years outside {first} to {last}, its coverage")
    return tidied


def _typed(column: Column) -> pl.Expr:
    value = pl.col(column.of)
    if column.missing is not None:
        value = pl.when(value == column.missing).then(None).otherwise(value)
    return value.cast(column.dtype, strict=True).alias(column.name)
