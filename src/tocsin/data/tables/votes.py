"""Votes in the United Nations' General Assembly, and the positions estimated from them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.data.codes import by_code
from tocsin.data.formats import read_frame
from tocsin.data.states import cow_number
from tocsin.data.table import STATE, Column, Table

_RESOLUTION = Column("rcid", "resolution", pl.Int32)
_SESSION = Column("session", "session", pl.Int32, "year it began, minus 1945")
_POSITIONS = {"yes": 2, "abstain": 1, "no": 0}
_WITHOUT_CODE = {"Federal Republic of Germany": 260, "Yemen Arab Republic": 678, "Zanzibar": 511}
"""Members without an ISO code in the data set."""
_AFTER_UNION = {260: 255, 678: 679}
"""Numbers of the united states of Germany and Yemen, which the data set enters under the old names in session 45."""
_FIRST_OF_45 = 3501
"""First resolution of session 45, whose votes all follow the unions of 1990."""


def _votes(file: Path) -> pl.DataFrame:
    """Return votes with COW numbers and positions as numbers; a state that did not vote has no row."""
    votes = read_frame(file, "rda")
    if not {"country", "country_code", "vote"} <= set(votes.columns):
        return votes
    # the last state of a two-letter code; CS is Czechoslovakia here
    last = {code: entries[-1].state for code, entries in by_code().items() if len(code) == 2} | {"CS": 315}
    numbers = pl.col("country_code").replace_strict(last, default=None, return_dtype=pl.Int32)
    named = pl.col("country").replace_strict(_WITHOUT_CODE, default=None, return_dtype=pl.Int32)
    named = pl.when(pl.col("rcid") < _FIRST_OF_45).then(named).otherwise(named.replace(_AFTER_UNION))
    position = pl.col("vote").cast(pl.String).replace_strict(_POSITIONS, default=None, return_dtype=pl.Int8)
    return votes.with_columns(ccode=pl.coalesce(numbers, named), vote=position)


def _points(file: Path) -> pl.DataFrame:
    """Return ideal points with the numbers that states had when the session began."""
    points = read_frame(file, "csv")
    if not {"ccode", "session"} <= set(points.columns):
        return points
    return points.with_columns(cow_number("ccode", pl.col("session") + 1945))


TABLES = {
    "un_votes": Table(
        (_RESOLUTION, STATE, Column("vote", "vote", pl.Int8, "2 yes, 1 abstain, 0 no; no row if absent")),
        ("resolution", "state"),
        _votes,
    ),
    "un_roll_calls": Table((_RESOLUTION, _SESSION, Column("date", "date", pl.Date)), ("resolution",)),
    "un_issues": Table(
        (_RESOLUTION, Column("short_name", "short", pl.String), Column("issue", "issue", pl.String)),
        ("resolution", "short"),
    ),
    "ideal_points": Table(
        (STATE, _SESSION, Column("IdealPoint", "ideal", pl.Float64, "standard deviations of states")),
        ("state", "session"),
        _points,
    ),
}
