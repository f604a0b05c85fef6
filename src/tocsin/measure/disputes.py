"""Militarised disputes by dyad and year.

The sets list a row for each dispute, pair of opponents, direction and year. Where a dyad has several disputes in a year, one
is kept, by rules that look at the disputes alone, so that both directions of a dyad keep the same one.
"""

from __future__ import annotations

import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require

RULES: tuple[tuple[str, str], ...] = (
    ("onset", "one that began that year, before one that went on"),
    ("fatality", "the most deaths, by the set's classes; unknown stands between none and the fewest"),
    ("hostility", "the highest level reached by either side"),
    ("least_days", "the longest, by its shortest possible length"),
    ("most_days", "the longest, by its longest possible length"),
    ("reciprocated", "one in which both sides acted"),
    ("month", "the one that began first in its year"),
)
"""What decides which dispute of a dyad-year is kept, one after the other, and last the lower number: the order of the
`whittle` rules of peacesciencer (Miller, Conflict Management and Peace Science 39, 2022)."""

_UNKNOWN_DEATHS = 0.5


def reduced(disputes: pl.DataFrame) -> pl.DataFrame:
    """One dispute of each directed dyad-year.

    Args:
        disputes: columns dispute, state1, state2, year, ongoing and those that `RULES` name, of the whole dispute where they
            are not of the year; other columns are kept. A row a dispute, directed dyad and year.

    Returns:
        The rows kept, with all their columns, and `among`, how many disputes the dyad had that year; sorted by state1,
        state2, year.

    Raises:
        InputError: if a column is missing or a row stands twice.
    """
    key = ("state1", "state2", "year")
    require(disputes, ("dispute", *key, "ongoing", *(name for name, _ in RULES)))
    if disputes.select("dispute", *key).is_duplicated().any():
        raise InputError("a dispute stands twice in a dyad-year", remedy="keep one row of each")
    order = [
        pl.col("onset"),
        pl.col("fatality").cast(pl.Float64).fill_null(_UNKNOWN_DEATHS),
        *(pl.col(name) for name in ("hostility", "least_days", "most_days", "reciprocated")),
        -pl.col("month").cast(pl.Int32),
        -pl.col("dispute").cast(pl.Int64),
    ]
    return (
        disputes.with_columns(among=pl.len().over(key))
        .sort(*key, *order, descending=[False] * 3 + [True] * len(order), nulls_last=True)
        .unique(key, keep="first", maintain_order=True)
    )


def undirected(directed: pl.DataFrame) -> pl.DataFrame:
    """The dyads of a directed table, each once, with state1 below state2.

    Args:
        directed: columns state1, state2 and others, both directions of every dyad.

    Raises:
        InputError: if one direction is missing, and with it half of what is known of the dyad.
    """
    key = [name for name in ("dispute", "state1", "state2", "year") if name in directed.columns]
    require(directed, ("state1", "state2"))
    turned = directed.select(key).rename({"state1": "state2", "state2": "state1"})
    alone = directed.join(turned, on=key, how="anti")
    if alone.height:
        row = alone.row(0, named=True)
        raise InputError(
            f"{row['state1']} and {row['state2']} stand in one direction only", remedy="give both directions of a dyad"
        )
    return directed.filter(pl.col("state1") < pl.col("state2"))
