"""Ties between pairs of states: defence pacts, positions in the United Nations, and a summary of several measures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from tocsin.measures.columns import require

_KEY = ["state1", "state2", "year"]


def defence_pacts(obligations: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of states in which one must defend the other.

    Args:
        obligations: columns state1, state2, year, defence (1 if state1 must defend state2), as in the source
            `atop_dyads`.

    Returns:
        Columns state1 < state2, year, `owed_by_1` and `owed_by_2` (whether that state must defend the other).
    """
    require(obligations, (*_KEY, "defence"))
    owed = obligations.filter(pl.col("defence") == 1).select(_KEY).with_columns(owed=pl.lit(value=True))
    ascending = owed.filter(pl.col("state1") < pl.col("state2")).rename({"owed": "owed_by_1"})
    descending = owed.filter(pl.col("state1") > pl.col("state2")).select(
        state1="state2", state2="state1", year="year", owed_by_2="owed"
    )
    both = ascending.join(descending, on=_KEY, how="full", coalesce=True)
    return both.with_columns(pl.col("owed_by_1", "owed_by_2").fill_null(value=False)).sort(_KEY)


def bound_on(obligations: pl.DataFrame, members: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return which state must defend which on a day.

    A duty that is listed for the years before, of and after the day was in force. One that is not listed in one of these years began or
    ended in the year of the day: it counts if both states are members of an alliance with that duty in the month of the day. For a day
    after the data, those of the last year count.

    Args:
        obligations: columns state1, state2, year, defence (1 if state1 must defend state2), as in the source `atop_dyads`.
        members: columns alliance, state, defence, entry_year, entry_month, exit_year, exit_month (0 if in force when the data end), as in
            the source `atop_members`.
        day: the day.

    Returns:
        Columns debtor and creditor, unique and sorted.
    """
    require(obligations, (*_KEY, "defence"))
    last = int(obligations["year"].max())  # type: ignore[arg-type]
    year = min(day.year, last)
    duties = obligations.filter(pl.col("defence") == 1)
    pair = ["state1", "state2"]
    listed = duties.filter(pl.col("year") == year).select(pair)
    if day.year > last:
        return listed.select(debtor="state1", creditor="state2").unique().sort("debtor", "creditor")
    around = [duties.filter(pl.col("year") == near).select(pair) for near in (year - 1, min(year + 1, last))]
    steady = listed.join(around[0], on=pair, how="semi").join(around[1], on=pair, how="semi")
    turning = listed.join(steady, on=pair, how="anti").join(_allied(members, day), on=pair, how="semi")
    bound = pl.concat([steady, turning]).unique()
    return bound.select(debtor="state1", creditor="state2").sort("debtor", "creditor")


def _allied(members: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the pairs state1, state2 of which the first has a duty to defend in an alliance of both in the month of the day."""
    month = 12 * day.year + day.month
    entered = 12 * pl.col("entry_year").cast(pl.Int32) + pl.col("entry_month") <= month
    remains = (pl.col("exit_year") == 0) | (12 * pl.col("exit_year").cast(pl.Int32) + pl.col("exit_month") >= month)
    current = members.filter(entered & remains)
    owing = current.filter(pl.col("defence") == 1).select("alliance", state1="state")
    pairs = owing.join(current.select("alliance", state2="state"), on="alliance")
    return pairs.filter(pl.col("state1") != pl.col("state2")).select("state1", "state2").unique()


def ideal_distance(points: pl.DataFrame) -> pl.DataFrame:
    """Return the distance between the positions of every pair of states in a year.

    Args:
        points: columns state, year, ideal; one row per state and year, on one scale.

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
    """Return several measures of the closeness of pairs of states, and the mean of their ranks.

    The measures have different scales, so their ranks are averaged. A rank is the share of that year's pairs that are
    less close, ties counted half. If a measure is missing, the mean of the others is no substitute: `low` and `high`
    then set its rank to 0 and to 1.

    Args:
        parts: by name, columns state1 < state2, year, value; larger is closer. One row per pair and year.

    Returns:
        Columns state1, state2, year, the value of each part under its name, `parts` (number of known parts),
        `closeness` in [0, 1] (the mean rank; null unless all parts are known), `low` and `high`; for pairs and years
        with any part.

    Raises:
        ValueError: if there are no parts.
    """
    table: pl.DataFrame | None = None
    for name, part in parts.items():
        require(part, (*_KEY, "value"))
        ranked = part.drop_nulls("value").select(
            pl.col("state1", "state2", "year").cast(pl.Int32),
            pl.col("value").alias(name),
            ((pl.col("value").rank("average").over("year") - 0.5) / pl.len().over("year")).alias(f"{name} rank"),
        )
        table = ranked if table is None else table.join(ranked, on=_KEY, how="full", coalesce=True)
    if table is None:
        raise ValueError("a summary needs at least one part")
    ranks = [pl.col(f"{name} rank") for name in parts]
    low, high = (pl.mean_horizontal(rank.fill_null(bound) for rank in ranks) for bound in (0.0, 1.0))
    known = pl.sum_horizontal(rank.is_not_null() for rank in ranks)
    return table.select(
        *_KEY,
        *parts,
        parts=known.cast(pl.Int8),
        closeness=pl.when(known == len(ranks)).then(low),
        low=low,
        high=high,
    ).sort(_KEY)
