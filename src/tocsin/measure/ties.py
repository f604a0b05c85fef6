"""Ties of pairs of states beside portfolios: pacts, positions in the United Nations, and a summary that keeps its parts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tocsin.measure.columns import require

_KEY = ["state1", "state2", "year"]


def defence_pacts(obligations: pl.DataFrame) -> pl.DataFrame:
    """Pairs of states bound to defend each other, or one the other.

    Args:
        obligations: columns state1, state2, year, defence (1 if state1 must defend state2), as the source `atop_dyads`.

    Returns:
        Columns state1 < state2, year, `owed_by_1` and `owed_by_2` (true or false); only pairs with such a duty.
    """
    require(obligations, (*_KEY, "defence"))
    owed = obligations.filter(pl.col("defence") == 1).select(_KEY).with_columns(owed=pl.lit(value=True))
    up = owed.filter(pl.col("state1") < pl.col("state2")).rename({"owed": "owed_by_1"})
    down = owed.filter(pl.col("state1") > pl.col("state2")).select(
        state1="state2", state2="state1", year="year", owed_by_2="owed"
    )
    both = up.join(down, on=_KEY, how="full", coalesce=True)
    return both.with_columns(pl.col("owed_by_1", "owed_by_2").fill_null(value=False)).sort(_KEY)


def ideal_distance(points: pl.DataFrame) -> pl.DataFrame:
    """Distance of every pair of states' positions in a year.

    Args:
        points: columns state, year, ideal; one row a state and year, all on one scale.

    Returns:
        Columns state1 < state2, year, ideal1, ideal2, `distance` = |ideal1 - ideal2|.
    """
    require(points, ("state", "year", "ideal"))
    known = points.drop_nulls("ideal").select("state", "year", "ideal")
    first = known.rename({"state": "state1", "ideal": "ideal1"})
    second = known.rename({"state": "state2", "ideal": "ideal2"})
    return (
        first.join(second, on="year")
        .filter(pl.col("state1") < pl.col("state2"))
        .select(*_KEY, "ideal1", "ideal2", distance=(pl.col("ideal1") - pl.col("ideal2")).abs())
        .sort(_KEY)
    )


def summary(parts: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Several measures of how close pairs of states stand, beside each other, and one number of them.

    The measures have scales of their own, so what is averaged is the rank: for each part the share of that year's pairs that
    stand less close, ties counted half. One number hides which part it comes from; the parts stand beside it. Where a part is
    not known the mean of the others is no substitute: then only bounds are given, its rank taken as 0 and as 1.

    Args:
        parts: by name, columns state1 < state2, year, value: the larger, the closer. One row a pair and year.

    Returns:
        Columns state1, state2, year, each part's value under its name, `parts` (how many are known), `closeness` in [0, 1], the
        mean of the parts' ranks (null unless all are known), `low` and `high`; of all pairs and years that any part knows.
    """
    found: pl.DataFrame | None = None
    for name, part in parts.items():
        require(part, (*_KEY, "value"))
        ranked = part.drop_nulls("value").select(
            pl.col("state1", "state2", "year").cast(pl.Int32),
            pl.col("value").alias(name),
            ((pl.col("value").rank("average").over("year") - 0.5) / pl.len().over("year")).alias(f"{name} rank"),
        )
        found = ranked if found is None else found.join(ranked, on=_KEY, how="full", coalesce=True)
    if found is None:
        raise ValueError("a summary needs at least one part")
    ranks = [pl.col(f"{name} rank") for name in parts]
    low, high = (pl.mean_horizontal(rank.fill_null(bound) for rank in ranks) for bound in (0.0, 1.0))
    known = pl.sum_horizontal(rank.is_not_null() for rank in ranks)
    return found.select(
        *_KEY,
        *parts,
        parts=known.cast(pl.Int8),
        closeness=pl.when(known == len(ranks)).then(low),
        low=low,
        high=high,
    ).sort(_KEY)
