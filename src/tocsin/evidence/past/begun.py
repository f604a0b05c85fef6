"""Find the disputes that one state began with another."""

from __future__ import annotations

import polars as pl

WAR, ACTED = 5, 2
"""Levels of hostility: war, and the lowest level that is an act."""


def onsets(mids: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of disputes in the year of their onset in which state 1 began and both states were in from the start.

    Args:
        mids: source `mid_dyads`.
    """
    return mids.filter(
        pl.col("onset") == 1, pl.col("originator1") == 1, pl.col("originator2") == 1, pl.col("initiating_side1") == 1
    )


def disputes_begun(mids: pl.DataFrame) -> pl.DataFrame:
    """Return disputes between the two states that started them, one row for each directed dyad and year.

    Columns are challenger, target, year, and as 0 or 1 `acted` (the target did anything in return) and `war` (both
    reached war). If a year has several disputes, each column takes its highest value.

    Args:
        mids: source `mid_dyads`.
    """
    war = (pl.col("hostility1") == WAR) & (pl.col("hostility2") == WAR)
    return (
        onsets(mids)
        .select(
            challenger="state1",
            target="state2",
            year="year",
            acted=(pl.col("hostility2") >= ACTED).cast(pl.Int32),
            war=war.cast(pl.Int32),
        )
        .group_by("challenger", "target", "year")
        .agg(pl.col("acted", "war").max())
        .sort("challenger", "target", "year")
    )
