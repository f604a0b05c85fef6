"""North Korea: missile tests, provocations, headlines of its news agency."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.data.formats import read_json
from tocsin.data.table import Column, Table
from tocsin.errors import SolveError
from tocsin.translation import message


def _tests(file: Path) -> pl.DataFrame:
    """Return the tests, one row per missile; `unknown` is missing."""
    tests = read_json(file)
    try:
        rows = [row for group in tests["timeBins"] for row in group["data"]]
    except (KeyError, TypeError) as error:
        raise SolveError(message("it holds no missile tests")) from error
    keys = ("date", "missile", "facility", "apogee", "distance", "outcome")
    text = {key: [_known(row.get(key)) for row in rows] for key in keys}
    return pl.DataFrame(text, schema=dict.fromkeys(keys, pl.String)).with_columns(
        _kilometres("apogee"), _kilometres("distance")
    )


def _known(value: object) -> str | None:
    return None if value is None or str(value).strip().lower() in ("unknown", "") else str(value).strip()


def _kilometres(name: str) -> pl.Expr:
    """Return a number, or null where the publisher wrote a range or a word."""
    return pl.col(name).cast(pl.Float64, strict=False)


def _entries(file: Path, *inner: str) -> pl.DataFrame:
    """Return the entries of a mapping nested under `inner`, their key as column `key`."""
    entries = read_json(file)
    try:
        for name in inner:
            entries = entries[name]
        return pl.DataFrame([{"key": key, **entry} for key, entry in entries.items()])
    except (KeyError, TypeError, AttributeError) as error:
        raise SolveError(message("it holds no list of missiles or facilities")) from error


TABLES = {
    "missile_tests": Table(
        (
            Column("date", "date", pl.String, "YYYY-MM-DD; month and day may be missing"),
            Column("missile", "missile", pl.String),
            Column("facility", "facility", pl.String),
            Column("apogee", "apogee", pl.Float64, "km"),
            Column("distance", "distance", pl.Float64, "km"),
            Column("outcome", "outcome", pl.String),
        ),
        ("row",),
        _tests,
    ),
    "missile_types": Table(
        (
            Column("key", "missile", pl.String),
            Column("name", "name", pl.String),
            Column("type", "type", pl.String, "SRBM, MRBM, IRBM, ICBM, SLBM, SLV, ..."),
        ),
        ("missile",),
        _entries,
    ),
    "missile_facilities": Table(
        (
            Column("key", "facility", pl.String),
            Column("name", "name", pl.String),
            Column("lat", "latitude", pl.Float64, "degrees north"),
            Column("lon", "longitude", pl.Float64, "degrees east"),
        ),
        ("facility",),
        lambda file: _entries(file, "facilities"),
    ),
    "provocations": Table(
        (
            Column("date", "date", pl.Date),
            Column("type", "type", pl.String),
            Column("event", "event", pl.String),
        ),
        ("row",),
    ),
    "kcna_headlines": Table(
        (
            Column("date", "date", pl.Date),
            Column("title", "headline", pl.String),
            Column("english", "english", pl.Boolean, "as the publisher judges; else Spanish"),
        ),
        ("row",),
    ),
}
