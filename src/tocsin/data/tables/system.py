"""The state system: members, capability, distances."""

from __future__ import annotations

import polars as pl

from tocsin.data.table import PAIR, STATE, YEAR, Column, Table

_FIRST, _LAST = Column("styear", "first", pl.Int32, "year"), Column("endyear", "last", pl.Int32, "year")
_START = Column("stdate", "start", pl.Date)

TABLES = {
    "nmc": Table(
        (
            STATE,
            YEAR,
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
            STATE,
            Column("stateabb", "code", pl.String),
            Column("statenme", "name", pl.String),
            _FIRST,
            Column("endyear", "last", pl.Int32, "year; the list's last year if still a member"),
        ),
        ("state", "first"),
    ),
    "majors": Table((STATE, _FIRST, _LAST), ("state", "first")),
    "contiguity": Table(
        (
            *PAIR,
            Column(
                "conttype", "contiguity", pl.Int8, "1 land or river; 2, 3, 4, 5 within 12, 24, 150, 400 miles by sea"
            ),
            _START,
            Column("enddate", "end", pl.Date, "the list's last day if it continues"),
        ),
        ("state1", "state2", "start"),
    ),
    "distance": Table(
        (*PAIR, YEAR, Column("mindist", "distance", pl.Float64, "km between nearest points")),
        ("state1", "state2", "year"),
    ),
    "capitals": Table(
        (
            STATE,
            Column("capital", "capital", pl.String),
            _START,
            Column("enddate", "end", pl.Date, "the list's last day if it continues"),
            Column("lat", "latitude", pl.Float64, "degrees north"),
            Column("lng", "longitude", pl.Float64, "degrees east"),
        ),
        ("state", "start"),
    ),
    "false_dyads": Table((*PAIR, YEAR), ("state1", "state2", "year")),
}
