"""The contest function's record: how far capability decides disputes, by era and by distance between the sides, and wars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tocsin.evidence.contest.ordered import Ordered, ordered_logit
from tocsin.evidence.points import points

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


WAR_WON, WAR_LOST = 1, 2
ERAS: Mapping[str, tuple[int, int]] = {"1823 to 2003": (1823, 2003), "since 1946": (1946, 2003)}


def wars_of_sides(wars: pl.DataFrame, nmc: pl.DataFrame) -> pl.DataFrame:
    """Wars of one side against another: columns year, ratio (logarithm of the capability of the side that began it, all its states
    together, over the other's) and outcome (0 lost, 1 neither, 2 won). A war is left out if the capability of a participant is not
    known. A state that changed sides counts on either.

    Args:
        wars, nmc: the sources of these names.
    """
    index = nmc.select(pl.col("state").alias("state1"), "year", capability="published").filter(pl.col("capability") > 0)
    states = (
        wars.sort("war", "state1", "year")
        .group_by("war", "state1", "side1")
        .agg(
            pl.col("year").first(),
            began=pl.col("initiator1").max(),
            won=(pl.col("outcome1") == WAR_WON).any(),
            lost=(pl.col("outcome1") == WAR_LOST).any(),
        )
        .join(index, on=["state1", "year"], how="left")
    )
    sides = states.group_by("war", "side1").agg(
        pl.col("capability").sum(),
        pl.col("year").min(),
        unknown=pl.col("capability").null_count(),
        began=pl.col("began").max(),
        won=pl.col("won").any(),
        lost=pl.col("lost").any(),
    )
    won, lost = (pl.col(one) & ~pl.col(other) for one, other in (("won", "lost"), ("lost", "won")))
    others = sides.select("war", pl.exclude("war").name.suffix("_other"))
    return (
        sides.filter(pl.col("began") == 1)
        .join(others, on="war")
        .filter(
            pl.col("side1") != pl.col("side1_other"), pl.col("unknown") + pl.col("unknown_other") == 0,
            pl.col("began_other") == 0,
        )
        .select(
            year=pl.min_horizontal("year", "year_other"),
            ratio=(pl.col("capability") / pl.col("capability_other")).log(),
            outcome=pl.when(won).then(2).when(lost).then(0).otherwise(1).cast(pl.Int32),
        )
        .sort(pl.all())
    )  # fmt: skip


def _regressors(cases: pl.DataFrame) -> np.ndarray:
    """(cases, 5): the ratio, the ratio by half-centuries since 1950, the ratio by the logarithm of distance, and these two alone."""
    ratio, era = cases["ratio"].to_numpy(), (cases["year"].to_numpy() - 1950) / 50.0
    far = np.log1p(cases["distance"].to_numpy() / 1000.0)
    return np.column_stack([ratio, ratio * era, ratio * far, era, far])


def fitted(cases: pl.DataFrame) -> Ordered:
    """The ordered logit of the outcome on what `bilateral` gives."""
    return ordered_logit(_regressors(cases), cases["outcome"].to_numpy())


def told(cases: pl.DataFrame, wars: pl.DataFrame, *, seed: int) -> dict[str, Any]:
    """Counts, and the decisiveness (the slope on the logarithm of the ratio) of disputes by year and distance and of wars, plain
    enough for a file.

    Intervals are of the normal about the estimate with the inverse curvature as covariance.

    Args:
        cases: disputes, of `bilateral`.
        wars: of `wars_of_sides`.
        seed: of the draws from which intervals are taken.
    """
    found = fitted(cases)
    # Cholesky's root is unique; the signs in the default root, by SVD, may differ between processors
    rng = np.random.default_rng(seed)
    draws = rng.multivariate_normal(found.slope, found.covariance[:5, :5], size=DRAWS, method="cholesky")
    estimated = []
    for year in YEARS:
        for name, kilometres in DISTANCES.items():
            slope = draws[:, 0] + draws[:, 1] * (year - 1950) / 50.0 + draws[:, 2] * np.log1p(kilometres / 1000.0)
            where = {"what": "decisiveness", "year": str(year), "apart": name}
            estimated.append({**where, "cases": cases.height, **points(slope)})
    for name, (first, last) in ERAS.items():
        some = wars.filter(pl.col("year").is_between(first, last))
        war = ordered_logit(some["ratio"].to_numpy()[:, None], some["outcome"].to_numpy())
        slope = np.random.default_rng(seed).normal(war.slope[0], war.standard_errors[0], size=DRAWS)
        estimated.append({"what": "decisiveness in war", "years": name, "cases": some.height, **points(slope)})
    return {
        "counted": [
            {
                "outcome": name,
                "disputes": cases.filter(pl.col("outcome") == at).height,
                "wars": wars.filter(pl.col("outcome") == at).height,
            }
            for at, name in enumerate(("lost", "neither", "won"))
        ],
        "estimated": estimated,
        "slopes": [round(float(each), 5) for each in found.slope],
        "errors": [round(float(each), 5) for each in found.standard_errors[:5]],
        "loglik": round(found.loglik, 4),
        "diagnostics": {"seed": seed, "draws": DRAWS},
        "cases": cases.height + wars.height,
    }
