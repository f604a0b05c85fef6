"""Select one militarized dispute for each dyad-year.

The data sets have a row per dispute, pair of opponents, direction and year. If a dyad has several disputes in a year,
fixed rules select one. The rules depend on the disputes only, so both directions of a dyad keep the same one.
"""

from __future__ import annotations

import polars as pl

from tocsin.errors import InputError
from tocsin.measures.columns import require
from tocsin.translation import message

RULES: tuple[tuple[str, str], ...] = (
    ("onset", "one that began that year before one that continued"),
    ("fatality", "the most deaths, by the data set's classes; unknown ranks between none and the lowest class"),
    ("hostility", "the highest level of either side"),
    ("least_days", "the longest, by its minimum length"),
    ("most_days", "the longest, by its maximum length"),
    ("reciprocated", "one in which both sides acted"),
    ("month", "the one that began earliest in its year"),
)
"""Rules that select one dispute of a dyad-year, in order. If all tie, the lowest dispute number wins.

They follow the `whittle` rules of peacesciencer (Miller, Conflict Management and Peace Science 39, 2022)."""

_UNKNOWN_DEATHS = 0.5


def one_per_dyad_year(disputes: pl.DataFrame) -> pl.DataFrame:
    """Return one dispute for each directed dyad-year.

    Args:
        disputes: columns dispute, state1, state2, year, ongoing and those that `RULES` name, which describe the whole
            dispute or its year; other columns are kept. One row per dispute, directed dyad and year.

    Returns:
        The selected rows with all their columns and `among`, the dyad's number of disputes that year; sorted by state1,
        state2, year.

    Raises:
        InputError: if a column is missing or a row is duplicated.
    """
    key = ("state1", "state2", "year")
    require(disputes, ("dispute", *key, "ongoing", *(name for name, _ in RULES)))
    if disputes.select("dispute", *key).is_duplicated().any():
        raise InputError(message("a dispute has two rows for a dyad-year"), remedy=message("keep one row of each"))
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
