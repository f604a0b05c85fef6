"""The contest function's record: how far capability decides disputes, by era and by distance between the sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tocsin.evidence.contest.ordered import Ordered, ordered_logit

WON, LOST, NEITHER = (1, 4), (2, 3), (5, 6)
"""Outcomes of a dispute for the side that began it: victory or the other's yielding; the reverse; stalemate or compromise. Releases,
joining a war and unclear ends say nothing of who prevails."""
YEARS = (1900, 1950, 2000)
DISTANCES: Mapping[str, float] = {"neighbours": 0.0, "1000_km": 1000.0, "5000_km": 5000.0}
DRAWS = 20_000


def bilateral(disputes: pl.DataFrame, dyads: pl.DataFrame, nmc: pl.DataFrame, distance: pl.DataFrame) -> pl.DataFrame:
    """Disputes of one state against one other: columns year, ratio (logarithm of the capability of the side that began it over the
    other's), distance (km) and outcome (0 lost, 1 neither, 2 won). Those whose capabilities or distance are not known are left out.

    Args:
        disputes, dyads, nmc, distance: the sources gml_disputes, gml_dyads, nmc and distance.
    """
    ends = {**dict.fromkeys(LOST, 0), **dict.fromkeys(NEITHER, 1), **dict.fromkeys(WON, 2)}
    pairs = dyads.select("dispute", "state1", "state2", "initiating_side1").unique(["dispute", "state1", "state2"])
    alone = pairs.group_by("dispute").len().filter(pl.col("len") == 2)["dispute"]
    begun = pairs.filter(pl.col("dispute").is_in(alone.implode()), pl.col("initiating_side1") == 1)
    index = nmc.select("state", "year", capability="published").filter(pl.col("capability") > 0)
    both = pl.concat(
        [distance, distance.rename({"state1": "state2", "state2": "state1"}).select(distance.columns)]
    ).unique(["state1", "state2", "year"])
    return (
        begun.unique("dispute", keep="none")
        .join(disputes.select("dispute", "year", "outcome"), on="dispute")
        .with_columns(outcome=pl.col("outcome").replace_strict(ends, default=None, return_dtype=pl.Int32))
        .join(index.rename({"state": "state1"}), on=["state1", "year"], how="left")
        .join(index.rename({"state": "state2"}), on=["state2", "year"], how="left", suffix="_other")
        .join(both, on=["state1", "state2", "year"], how="left")
        .with_columns(ratio=(pl.col("capability") / pl.col("capability_other")).log())
        .drop_nulls(["outcome", "ratio", "distance"])
        .select("year", "ratio", "distance", "outcome")
        .sort(pl.all())
    )


def _regressors(cases: pl.DataFrame) -> np.ndarray:
    """(cases, 5): the ratio, the ratio by half-centuries since 1950, the ratio by the logarithm of distance, and these two alone."""
    ratio, era = cases["ratio"].to_numpy(), (cases["year"].to_numpy() - 1950) / 50.0
    far = np.log1p(cases["distance"].to_numpy() / 1000.0)
    return np.column_stack([ratio, ratio * era, ratio * far, era, far])


def fitted(cases: pl.DataFrame) -> Ordered:
    """The ordered logit of the outcome on what `bilateral` gives."""
    return ordered_logit(_regressors(cases), cases["outcome"].to_numpy())


def told(cases: pl.DataFrame, *, seed: int) -> dict[str, Any]:
    """Counts, and the decisiveness (the slope on the logarithm of the ratio) by year and distance, plain enough for a file.

    Intervals are of the normal about the estimate with the inverse curvature as covariance.
    """
    found = fitted(cases)
    draws = np.random.default_rng(seed).multivariate_normal(found.slope, found.covariance[:5, :5], size=DRAWS)
    estimated = []
    for year in YEARS:
        for name, kilometres in DISTANCES.items():
            slope = draws[:, 0] + draws[:, 1] * (year - 1950) / 50.0 + draws[:, 2] * np.log1p(kilometres / 1000.0)
            low, middle, high = np.quantile(slope, [0.05, 0.5, 0.95])
            ends = {"p05": round(float(low), 4), "p50": round(float(middle), 4), "p95": round(float(high), 4)}
            estimated.append({"what": "decisiveness", "year": str(year), "apart": name, **ends})
    names = ("lost", "neither", "won")
    return {
        "counted": [
            {"outcome": name, "disputes": cases.filter(pl.col("outcome") == at).height} for at, name in enumerate(names)
        ],
        "estimated": estimated,
        "slopes": [round(float(each), 5) for each in found.slope],
        "errors": [round(float(each), 5) for each in found.standard_errors[:5]],
        "loglik": round(found.loglik, 4),
        "diagnostics": {"seed": seed, "draws": DRAWS},
        "cases": cases.height,
    }
