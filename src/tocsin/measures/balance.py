"""Balance of forces between two states or coalitions over time, with bounds.

A balance is side A's share of the strength of both sides, A / (A + B). A member without data in a year is not left out,
since that would shift its weight to the other side. Its strength lies between 0 and a stated upper bound, or infinity
without one. A member that is no state in a year adds nothing, unless it has data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.measures.columns import require
from tocsin.translation import message


def balance(
    strength: pl.DataFrame, first: Sequence[int], second: Sequence[int], *, members: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the first side's share of the strength of both sides, by year.

    Args:
        strength: columns state, year, value and, if known, the bounds `low` and `high`; not negative, in one unit, one
            row per state and year. A null lower bound means 0, a null upper bound infinity.
        first, second: the members of the sides; no state is on both.
        members: columns state, year: the years in which the members are states; None if they are in all years. In the year of
            a union, only the united state is one.

    Returns:
        Columns year, `share` (null unless all members are known), `low` and `high` (the lowest and highest share that
        fit the bounds), `silent` (states without data that year); for years with data on any member and a state on each side.

    Raises:
        InputError: if a side is empty, a state is on both sides, a value is negative or a column is missing.
    """
    require(strength, ("state", "year", "value"))
    sides = (list(dict.fromkeys(first)), list(dict.fromkeys(second)))
    if not all(sides) or set(sides[0]) & set(sides[1]):
        raise InputError(
            message("a balance needs two sides, with no state on both"), remedy=message("name each state once")
        )
    known = _with_bounds(strength.filter(pl.col("state").is_in([*sides[0], *sides[1]])))
    exist = None if members is None else set(members.select("state", "year").iter_rows())
    shares = []
    for (year,), rows in sorted(known.partition_by("year", as_dict=True).items()):
        by_state = {row["state"]: row for row in rows.iter_rows(named=True)}
        now = [[state for state in side if exist is None or (state, year) in exist] for side in sides]
        if not all(now):
            continue
        low_a, mid_a, high_a = _sums(by_state, now[0])
        low_b, mid_b, high_b = _sums(by_state, now[1])
        silent = [state for side in now for state in side if state not in by_state]
        share = _share(mid_a, mid_b)
        shares.append((year, share, _share(low_a, high_b), _share(high_a, low_b), silent))
    numbers = dict.fromkeys(("share", "low", "high"), pl.Float64())
    schema = pl.Schema({"year": pl.Int32(), **numbers, "silent": pl.List(pl.Int32)})
    return pl.DataFrame(shares, schema=schema, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _with_bounds(strength: pl.DataFrame) -> pl.DataFrame:
    """Return the state-years with any data, their open bounds as 0 and infinity."""
    given = {name: pl.col(name) if name in strength.columns else pl.col("value") for name in ("low", "high")}
    rows = strength.select("state", "year", "value", **given).filter(
        ~pl.all_horizontal(pl.col("value", "low", "high").is_null())
    )
    rows = rows.with_columns(
        low=pl.coalesce("low", "value", pl.lit(0.0)), high=pl.coalesce("high", "value", pl.lit(float("inf")))
    )
    if rows.filter((pl.col("low") < 0) | (pl.col("value") < 0)).height:
        raise InputError(message("a strength is negative"), remedy=message("replace codes of missing values by nulls"))
    return rows


def _sums(by_state: Mapping[int, Mapping[str, float | None]], side: list[int]) -> tuple[float, float, float]:
    """Return the lowest, known and highest strength of a side; the known one is nan unless all members are known."""
    low = sum((by_state[state]["low"] or 0.0) for state in side if state in by_state)
    values = [by_state[state]["value"] if state in by_state else None for state in side]
    middle = float("nan") if None in values else float(sum(value for value in values if value is not None))
    high = sum(float(by_state[state]["high"] or 0.0) if state in by_state else float("inf") for state in side)
    return low, middle, high


def _share(part: float, other: float) -> float:
    """Return part / (part + other), also if one is infinite; nan if both are 0, infinite or unknown."""
    if np.isinf(part):
        return 1.0 if np.isfinite(other) else float("nan")
    return part / (part + other) if part + other > 0 else float("nan")


def strength_at_distance(strength: np.ndarray, kilometres: np.ndarray, half: float) -> np.ndarray:
    """Return the strength left at a distance: it halves with every `half` kilometres.

    Boulding's loss-of-strength gradient (Conflict and Defense, 1962, ch. 12), in a form that never falls below 0. The
    user chooses the rate of loss: with sea, roads, bases and missiles it differs by orders of magnitude.

    Args:
        strength: at home, not negative.
        kilometres: distance, not negative, broadcast against `strength`.
        half: kilometres over which half the strength is lost, positive.

    Raises:
        ValueError: if a distance is negative or `half` is not positive.
    """
    if np.any(np.asarray(kilometres) < 0) or not half > 0:
        raise ValueError("distances must not be negative, and `half` must be positive")
    return np.asarray(strength * 0.5 ** (np.asarray(kilometres) / half))
