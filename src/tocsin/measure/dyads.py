"""Directed dyad-years, and what is known of each: a table to which measures are joined.

Every join keeps all dyads. Within a source's coverage a dyad that it does not list has none of what it lists (no pact, no
dispute); outside its coverage nothing is known, and the value is null.
"""

from __future__ import annotations

import polars as pl

from tocsin.measure.columns import require

_KEY = ["state1", "state2", "year"]

Years = tuple[int, int]
"""First and last year that a source covers."""


def dyad_years(members: pl.DataFrame, apart: pl.DataFrame | None = None) -> pl.DataFrame:
    """All ordered pairs of states that were members of the system in a year.

    Args:
        members: columns state, year; one row each.
        apart: columns state1, state2, year, in either direction: pairs of the same year but never of the same day, to be
            left out.

    Returns:
        Columns state1, state2, year, sorted.
    """
    require(members, ("state", "year"))
    kept = members.select(pl.col("state", "year").cast(pl.Int32))
    pairs = kept.rename({"state": "state1"}).join(kept.rename({"state": "state2"}), on="year")
    pairs = pairs.filter(pl.col("state1") != pl.col("state2")).select(_KEY)
    if apart is not None:
        both = pl.concat([apart.select(_KEY), _turned(apart)]).unique()
        pairs = pairs.join(both, on=_KEY, how="anti")
    return pairs.sort(_KEY)


def with_capability(dyads: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """Add columns `cinc1`, `cinc2` from an index (columns state, year, cinc)."""
    require(index, ("state", "year", "cinc"))
    for side in "12":
        own = index.select(pl.col("state", "year").cast(pl.Int32), pl.col("cinc").alias(f"cinc{side}"))
        dyads = dyads.join(own.rename({"state": f"state{side}"}), on=[f"state{side}", "year"], how="left")
    return dyads


def with_distance(dyads: pl.DataFrame, distances: pl.DataFrame) -> pl.DataFrame:
    """Add column `distance` from columns state1, state2, year, distance in either direction; null where it is not given."""
    require(distances, (*_KEY, "distance"))
    low, high = pl.min_horizontal("state1", "state2"), pl.max_horizontal("state1", "state2")
    pairs = distances.select(low=low, high=high, year="year", distance="distance").unique(["low", "high", "year"])
    return (
        dyads.with_columns(low=low, high=high).join(pairs, on=["low", "high", "year"], how="left").drop("low", "high")
    )


def with_pacts(dyads: pl.DataFrame, obligations: pl.DataFrame, covered: Years) -> pl.DataFrame:
    """Add what state1 owes to state2: the obligations' columns (defence, ... 0 or 1); 0 within coverage where none is listed."""
    names = ("defence", "offence", "neutrality", "nonaggression", "consultation")
    require(obligations, (*_KEY, *names))
    return _none_where_unlisted(dyads.join(obligations.select(*_KEY, *names), on=_KEY, how="left"), names, covered)


def with_disputes(dyads: pl.DataFrame, disputes: pl.DataFrame, covered: Years) -> pl.DataFrame:
    """Add `ongoing` and `onset` (0 within coverage where no dispute is listed), `dispute`, its number, and what each side did at
    most, `hostility1` and `hostility2`, from one row a directed dyad-year (see `tocsin.measure.disputes.reduced`)."""
    names = ("ongoing", "onset")
    more = ("dispute", "hostility1", "hostility2")
    require(disputes, (*_KEY, *names, *more))
    return _none_where_unlisted(dyads.join(disputes.select(*_KEY, *names, *more), on=_KEY, how="left"), names, covered)


def _none_where_unlisted(found: pl.DataFrame, names: tuple[str, ...], covered: Years) -> pl.DataFrame:
    known = pl.col("year").is_between(*covered)
    return found.with_columns(pl.when(known).then(pl.col(names).fill_null(0)).otherwise(None).name.keep())


def _turned(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(state1="state2", state2="state1", year="year")
