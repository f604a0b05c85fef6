"""The share of its force that a state can use at the target of a new case, and how far apart the two are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tocsin.data.codes import code_of

SETS = ("nmc", "distance", "capitals", "states", "false_dyads")
"""Data sets without which reach is not known."""
MEASURE = "measure/projection/{},{}/{}?state1={}"


@dataclass(frozen=True)
class Share:
    """What a state can use at another's territory.

    Attributes:
        capability: its share of the world's capabilities.
        kilometres: distance between nearest points of home territory; None if unknown.
        share: share of its force by the law of Bueno de Mesquita (1981); None if unknown.
        low, high: bounds of it; None if unknown.
        year: year of the data.
    """

    capability: float
    kilometres: float | None
    share: float | None
    low: float | None
    high: float | None
    year: int


def shares_at(states: Collection[int], target: int, year: int) -> Mapping[int, Share]:
    """Return what states could use at the territory of a target, in a year or the last one of the data before it.

    Args:
        states: numbers of the Correlates of War, without the target.
        target: number of the target.
        year: the year; states without data in the year that is used are left out.

    Raises:
        SolveError: if a data set is not in the cache.
    """
    import polars as pl

    from tocsin.measures.catalogue import MEASURES
    from tocsin.measures.definition import Request

    measure = MEASURES["projection"]
    year = min(year, measure.years[1])
    if year < measure.years[0] or not states:
        return {}
    groups = tuple((state,) for state in (target, *sorted(states)))
    rows = measure.compute(Request(year, year, groups)).filter(pl.col("state2") == target).drop_nulls("cinc1")
    columns = ("state1", "cinc1", "distance", "share", "low", "high")
    return {
        state: Share(capability, kilometres, share, low, high, year)
        for state, capability, kilometres, share, low, high in rows.select(columns).iter_rows()
    }


def reference(state: int, target: int, share: Share) -> str:
    """Return the `from` of a belief about the reach of a state at a target."""
    codes = (code_of(number, share.year) for number in (state, target))
    return MEASURE.format(*codes, share.year, state)
