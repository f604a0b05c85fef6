"""Directed dyad-years, to which capability, distance, pacts and disputes are joined.

Every join keeps all dyads. Within a source's coverage a dyad that it does not list has no pact or dispute; outside its
coverage the value is null.
"""

from __future__ import annotations

import polars as pl

from tocsin.measures.columns import require

_KEY = ["state1", "state2", "year"]

Years = tuple[int, int]
"""First and last year of a source."""


def dyad_years(members: pl.DataFrame, excluded: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return all ordered pairs of states that were members of the system in a year.

    Args:
        members: columns state, year; unique rows.
        excluded: columns state1, state2, year, in either direction: pairs to leave out, whose memberships in that year
            never overlapped.

    Returns:
        Columns state1, state2, year, sorted.
    """
    require(members, ("state", "year"))
    states = members.select(pl.col("state", "year").cast(pl.Int32))
    pairs = states.rename({"state": "state1"}).join(states.rename({"state": "state2"}), on="year")
    pairs = pairs.filter(pl.col("state1") != pl.col("state2")).select(_KEY)
    if excluded is not None:
        both = pl.concat([excluded.select(_KEY), _swapped(excluded)]).unique()
        pairs = pairs.join(both, on=_KEY, how="anti")
    return pairs.sort(_KEY)


def with_capability(dyads: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """Return the dyads with columns `cinc1` and `cinc2` from an index (columns state, year, cinc)."""
    require(index, ("state", "year", "cinc"))
    for side in "12":
        own = index.select(pl.col("state", "year").cast(pl.Int32), pl.col("cinc").alias(f"cinc{side}"))
        dyads = dyads.join(own.rename({"state": f"state{side}"}), on=[f"state{side}", "year"], how="left")
    return dyads


def with_distance(dyads: pl.DataFrame, distances: pl.DataFrame) -> pl.DataFrame:
    """Return the dyads with a column `distance`, given columns state1, state2, year, distance in either direction."""
    require(distances, (*_KEY, "distance"))
    low, high = pl.min_horizontal("state1", "state2"), pl.max_horizontal("state1", "state2")
    pairs = distances.select(low=low, high=high, year="year", distance="distance").unique(["low", "high", "year"])
    return (
        dyads.with_columns(low=low, high=high).join(pairs, on=["low", "high", "year"], how="left").drop("low", "high")
    )


def with_pacts(dyads: pl.DataFrame, obligations: pl.DataFrame, covered: Years) -> pl.DataFrame:
    """Return the dyads with the obligations of state1 to state2 (defence, ...); 0 within coverage if not listed."""
    names = ("defence", "offence", "neutrality", "nonaggression", "consultation")
    require(obligations, (*_KEY, *names))
    return _fill_unlisted(dyads.join(obligations.select(*_KEY, *names), on=_KEY, how="left"), names, covered)


def with_disputes(dyads: pl.DataFrame, disputes: pl.DataFrame, covered: Years) -> pl.DataFrame:
    """Return the dyads with columns ongoing, onset (0 within coverage if not listed), dispute, hostility1, hostility2.

    Args:
        dyads: columns state1, state2, year.
        disputes: one row per directed dyad-year (see `tocsin.measures.disputes.one_per_dyad_year`), with columns
            ongoing, onset, dispute, hostility1, hostility2.
        covered: first and last year of the source.
    """
    names = ("ongoing", "onset")
    more = ("dispute", "hostility1", "hostility2")
    require(disputes, (*_KEY, *names, *more))
    return _fill_unlisted(dyads.join(disputes.select(*_KEY, *names, *more), on=_KEY, how="left"), names, covered)


def _fill_unlisted(dyads: pl.DataFrame, names: tuple[str, ...], covered: Years) -> pl.DataFrame:
    known = pl.col("year").is_between(*covered)
    return dyads.with_columns(pl.when(known).then(pl.col(names).fill_null(0)).otherwise(None).name.keep())


def _swapped(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(state1="state2", state2="state1", year="year")
