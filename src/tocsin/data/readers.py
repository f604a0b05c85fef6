"""Read source files as tidy tables.

Tables have declared columns, types and units, nulls for missing values, unique keys, and no year outside coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from tocsin.data import registry
from tocsin.data.cache import cache_path, pin, status
from tocsin.data.formats import read_frame
from tocsin.data.registry import Source
from tocsin.data.table import Column
from tocsin.data.tables import TABLES
from tocsin.errors import InputError, SolveError
from tocsin.translation import in_commas, message


def read(name: str) -> pl.DataFrame:
    """Return the table of a source in the cache.

    Raises:
        InputError: if there is no such source, or no reader for it.
        SolveError: if the source is not in the cache, or its file is not the right one.
    """
    source = registry.source(name)
    if name not in TABLES:
        raise InputError(
            message("there is no reader for `{name}`", name=name),
            remedy=message("use one of {names}", names=in_commas(TABLES)),
        )
    if (current := status(source)) != "intact":
        raise SolveError(
            message("`{name}` is not in the cache", name=name)
            if current == "absent"
            else message("`{name}` is broken in the cache", name=name),
            remedy=message("run `tocsin data get {name}`; without a network: {way}", name=name, way=source.by_hand)
            if source.address
            else source.by_hand,
        )
    expected = pin(source)
    assert expected is not None  # an intact file has a pin
    return _table(name, cache_path(source), expected.sha256)


@lru_cache(maxsize=8)
def _table(name: str, file: Path, _sha256: str) -> pl.DataFrame:
    """Return the table of an intact file; a run reads some of them for several measures."""
    return tidy(registry.source(name), file)


def read_all(names: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Return the tables of several sources in the cache, by name.

    Raises:
        InputError: as `read`.
        SolveError: if a source is not intact in the cache; the message names all of them.
    """
    if absent := [name for name in names if status(registry.source(name)) != "intact"]:
        raise SolveError(
            message("not in the cache: {names}", names=in_commas(absent)),
            remedy=message("run `tocsin data get {names}`", names=" ".join(absent)),
        )
    return {name: read(name) for name in names}


def tidy(source: Source, file: Path) -> pl.DataFrame:
    """Return a file as the declared table of a source.

    Raises:
        SolveError: if the file is unreadable, lacks a column, has a value of another type, a missing or duplicate key,
            or a year outside the source's coverage.
    """
    read_file = TABLES[source.name].read_file
    try:
        original = read_file(file) if read_file else read_frame(file, source.file.rpartition(".")[2])
    except SolveError as error:
        raise SolveError(
            message("`{name}`: {problem}", name=source.name, problem=error.message), remedy=message("download it again")
        ) from error
    return as_table(source, original)


def as_table(source: Source, original: pl.DataFrame) -> pl.DataFrame:
    """Return the declared table of a source from its original. A set without a key gets row numbers in a column `row`.

    Raises:
        SolveError: as `tidy`.
    """
    table = TABLES[source.name]
    if missing := [column.original for column in table.columns if column.original not in original.columns]:
        raise SolveError(
            message(
                "`{name}` has no column `{column}`: the file is another version", name=source.name, column=missing[0]
            ),
            remedy=message("download it again"),
        )
    try:
        tidied = original.select(_typed(column) for column in table.columns)
    except pl.exceptions.PolarsError as error:
        raise SolveError(
            message("`{name}` has a value of the wrong type: {error}", name=source.name, error=str(error)),
            remedy=message("download it again"),
        ) from error
    if table.keys == ("row",):
        tidied = tidied.with_row_index("row", offset=1)
    if sum(tidied.select(table.keys).null_count().row(0)) or tidied.select(table.keys).is_duplicated().any():
        raise SolveError(
            message(
                "`{name}`: a key ({columns}) is missing or duplicated",
                name=source.name,
                columns=in_commas(table.keys),
            ),
            remedy=message("download it again"),
        )
    first, last = source.years
    if "year" in tidied.columns and not tidied["year"].is_between(first, last).all():
        raise SolveError(
            message(
                "`{name}` has years outside its coverage, {first} to {last}", name=source.name, first=first, last=last
            ),
            remedy=message("download it again"),
        )
    return tidied


def _typed(column: Column) -> pl.Expr:
    value = pl.col(column.original)
    if column.missing is not None:
        value = pl.when(value == column.missing).then(None).otherwise(value)
    return value.cast(column.dtype, strict=True).alias(column.name)
