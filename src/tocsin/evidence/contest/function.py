"""Estimate the contest function: how far capability decides disputes, by year and distance, and wars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.evidence.contest.ordered import Ordered, ordered_logit
from tocsin.evidence.results import EstimateRow, StoredFigures

WON, LOST, NEITHER = (1, 4), (2, 3), (5, 6)
"""Codes of outcomes for the side that began a dispute: it wins or the other yields; the reverse; stalemate or
compromise. Releases, joining a war and unclear ends do not show who prevailed."""
YEARS = (1900, 1950, 2000)
DISTANCES: Mapping[str, float] = {"neighbours": 0.0, "1000_km": 1000.0, "5000_km": 5000.0}
DRAWS = 20_000
OUTCOMES = ("lost", "neither", "won")


def bilateral(disputes: pl.DataFrame, dyads: pl.DataFrame, nmc: pl.DataFrame, distance: pl.DataFrame) -> pl.DataFrame:
    """Return disputes of one state against one other: columns year, ratio, distance and outcome.

    `ratio` is the logarithm of the initiator's capability over the other's, `distance` is in km, `outcome` is 0 (the
    initiator lost), 1 (neither won) or 2 (it won). Disputes with unknown capabilities or distance are left out.

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
    """Return wars of one side against another: columns year, ratio and outcome.

    `ratio` is the logarithm of the summed capability of the initiating side over that of the other side; `outcome` is 0
    (the initiating side lost), 1 (neither won) or 2 (it won). Wars with a participant of unknown capability are left
    out. A state that changed sides counts on both.

    Args:
        wars, nmc: the sources with these names.
    """
    sides = _war_sides(wars, nmc)
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


def _war_sides(wars: pl.DataFrame, nmc: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each side of a war: capability, year, unknown capabilities, whether it began, won and lost."""
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
    return states.group_by("war", "side1").agg(
        pl.col("capability").sum(),
        pl.col("year").min(),
        unknown=pl.col("capability").null_count(),
        began=pl.col("began").max(),
        won=pl.col("won").any(),
        lost=pl.col("lost").any(),
    )


def estimate(disputes: pl.DataFrame, wars: pl.DataFrame, *, seed: int) -> StoredFigures:
    """Return counts, and the decisiveness of disputes by year and distance and of wars by era.

    Decisiveness is the slope on the logarithm of the capability ratio. Intervals come from the normal distribution
    about the estimate, with the inverse of the negative Hessian as covariance.

    Args:
        disputes: what `bilateral` returns.
        wars: what `wars_of_sides` returns.
        seed: of the draws for the intervals.
    """
    fit = ordered_logit(_regressors(disputes), disputes["outcome"].to_numpy())
    return StoredFigures(
        counted=tuple(
            {
                "outcome": name,
                "disputes": disputes.filter(pl.col("outcome") == index).height,
                "wars": wars.filter(pl.col("outcome") == index).height,
            }
            for index, name in enumerate(OUTCOMES)
        ),
        estimated=(*_in_disputes(fit, disputes.height, seed), *_in_wars(wars, seed)),
        details={
            "slopes": [round(float(value), 5) for value in fit.slope],
            "errors": [round(float(value), 5) for value in fit.standard_errors[:5]],
            "loglik": round(fit.loglik, 4),
        },
        diagnostics={"seed": seed, "draws": DRAWS},
        cases=disputes.height + wars.height,
    )


def _regressors(disputes: pl.DataFrame) -> np.ndarray:
    """Return (cases, 5): the ratio, its products with half-centuries since 1950 and log distance, and these alone."""
    ratio, era = disputes["ratio"].to_numpy(), (disputes["year"].to_numpy() - 1950) / 50.0
    far = np.log1p(disputes["distance"].to_numpy() / 1000.0)
    return np.column_stack([ratio, ratio * era, ratio * far, era, far])


def _in_disputes(fit: Ordered, cases: int, seed: int) -> list[EstimateRow]:
    # Cholesky's root is unique; the signs in the default root, by SVD, may differ between processors
    rng = np.random.default_rng(seed)
    draws = rng.multivariate_normal(fit.slope, fit.covariance[:5, :5], size=DRAWS, method="cholesky")
    rows = []
    for year in YEARS:
        for name, kilometres in DISTANCES.items():
            slope = draws[:, 0] + draws[:, 1] * (year - 1950) / 50.0 + draws[:, 2] * np.log1p(kilometres / 1000.0)
            labels = {"what": "decisiveness", "year": str(year), "apart": name}
            rows.append(EstimateRow.from_draws(labels, slope, cases=cases))
    return rows


def _in_wars(wars: pl.DataFrame, seed: int) -> list[EstimateRow]:
    rows = []
    for name, (first, last) in ERAS.items():
        cases = wars.filter(pl.col("year").is_between(first, last))
        fit = ordered_logit(cases["ratio"].to_numpy()[:, None], cases["outcome"].to_numpy())
        slope = np.random.default_rng(seed).normal(fit.slope[0], fit.standard_errors[0], size=DRAWS)
        labels = {"what": "decisiveness in war", "years": name}
        rows.append(EstimateRow.from_draws(labels, slope, cases=cases.height))
    return rows
