"""Balance of forces: of two states, or of two coalitions, over time, as wide as what is known of them.

A balance is side A's share of what both have, A / (A + B). A member of which nothing is known in a year is not left out, for
that would hand its weight to the other side: it may have nothing, or as much as a stated most, or without that any amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require


def balance(strength: pl.DataFrame, first: Sequence[int], second: Sequence[int]) -> pl.DataFrame:
    """Share of the first side in what both have, by years.

    Args:
        strength: columns state, year, value and, where known, `low` and `high`, the span in which it lies; not negative; in one
            unit; one row a state and year. A null bound is no bound: 0 below, none above.
        first, second: the sides' members; no state stands on both.

    Returns:
        Columns year, `share` (null unless all members are known), `low` and `high` (the least and greatest share that fit all
        spans), `silent` (members of which nothing is known that year); of the years for which any member is known.

    Raises:
        InputError: if a side is empty, a state stands on both, a value is negative or a column is missing.
    """
    require(strength, ("state", "year", "value"))
    sides = (list(dict.fromkeys(first)), list(dict.fromkeys(second)))
    if not all(sides) or set(sides[0]) & set(sides[1]):
        raise InputError("a balance needs two sides, and no state on both", remedy="name each state once")
    known = _spans(strength.filter(pl.col("state").is_in([*sides[0], *sides[1]])))
    found = []
    for (year,), rows in sorted(known.partition_by("year", as_dict=True).items()):
        of = {row["state"]: row for row in rows.iter_rows(named=True)}
        low_a, mid_a, high_a = _sums(of, sides[0])
        low_b, mid_b, high_b = _sums(of, sides[1])
        silent = [state for side in sides for state in side if state not in of]
        share = _share(mid_a, mid_b)
        found.append((year, share, _share(low_a, high_b), _share(high_a, low_b), silent))
    schema: Mapping[str, Any] = {
        "year": pl.Int32,
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "silent": pl.List(pl.Int32),
    }
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _spans(strength: pl.DataFrame) -> pl.DataFrame:
    """State-years of which anything is known, with bounds: open ones as 0 and infinity."""
    given = {name: pl.col(name) if name in strength.columns else pl.col("value") for name in ("low", "high")}
    rows = strength.select("state", "year", "value", **given).filter(
        ~pl.all_horizontal(pl.col("value", "low", "high").is_null())
    )
    rows = rows.with_columns(
        low=pl.coalesce("low", "value", pl.lit(0.0)), high=pl.coalesce("high", "value", pl.lit(float("inf")))
    )
    if rows.filter((pl.col("low") < 0) | (pl.col("value") < 0)).height:
        raise InputError(
            "a strength is negative somewhere", remedy="turn the source's codes for missing values into nulls"
        )
    return rows


def _sums(of: dict[int, dict[str, float | None]], side: list[int]) -> tuple[float, float, float]:
    """Least, known and greatest strength of a side; nan where not all are known."""
    low = sum((of[state]["low"] or 0.0) for state in side if state in of)
    values = [of[state]["value"] if state in of else None for state in side]
    middle = float("nan") if None in values else float(sum(value for value in values if value is not None))
    high = sum(float(of[state]["high"] or 0.0) if state in of else float("inf") for state in side)
    return low, middle, high


def _share(part: float, other: float) -> float:
    """part / (part + other), also where one is without bound; nan where both are 0 or unknown."""
    if np.isinf(part):
        return 1.0 if np.isfinite(other) else float("nan")
    return part / (part + other) if part + other > 0 else float("nan")


def at_distance(strength: np.ndarray, kilometres: np.ndarray, half: float) -> np.ndarray:
    """Strength that reaches over a distance: it halves with every `half` kilometres.

    Boulding's loss-of-strength gradient (Conflict and Defense, 1962, ch. 12), in the form that never falls below 0. How fast
    strength is lost is for the user to say: sea, roads, bases and missiles make it differ by orders of magnitude.

    Args:
        strength: at home, not negative.
        kilometres: distance, not negative, broadcast against it.
        half: kilometres over which half is lost, positive.

    Raises:
        ValueError: if a distance is negative or `half` is not positive.
    """
    if np.any(np.asarray(kilometres) < 0) or not half > 0:
        raise ValueError("distances are not negative, and half a strength is lost over a positive distance")
    return np.asarray(strength * 0.5 ** (np.asarray(kilometres) / half))
