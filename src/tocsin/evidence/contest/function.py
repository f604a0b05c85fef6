"""Estimate the contest function: how far capability decides disputes, by year and distance, and wars, and how many are draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.evidence.contest.ordered import Ordered, ordered_logit
from tocsin.evidence.results import EstimateRow, StoredFigures

WON, LOST, NEITHER = (1, 4), (2, 3), (5, 6)
"""Codes of outcomes for the side that began a dispute: it wins or the other yields; the reverse; stalemate or
compromise. Releases, joining a war and unclear ends do not show who prevailed."""
YEARS = (1900, 1950, 2000)
DISTANCES: Mapping[str, float] = {"neighbours": 0.0, "1000_km": 1000.0, "5000_km": 5000.0}
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


def estimate(disputes: pl.DataFrame, wars: pl.DataFrame) -> StoredFigures:
    """Return counts, and decisiveness and cutpoints of disputes by year and distance and of wars by era.

    Decisiveness m is the slope on the logarithm x of the capability ratio. With the two cutpoints, the side that began
    wins with probability logistic(m x - win), loses with probability logistic(-m x - lose), and else neither wins.
    Percentiles are those of the normal distribution about the estimate, with the inverse of the negative Hessian as
    covariance. Estimates of one fit have their correlation, in the form of loadings.

    Args:
        disputes: what `bilateral` returns.
        wars: what `wars_of_sides` returns.
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
        estimated=(*_in_disputes(fit, disputes.height), *_in_wars(wars)),
        details={
            "slopes": [round(float(value), 5) for value in fit.slope],
            "cuts": [round(float(value), 5) for value in fit.cuts],
            "errors": [round(float(value), 5) for value in fit.standard_errors],
            "loglik": round(fit.loglik, 4),
        },
        diagnostics={},
        cases=disputes.height + wars.height,
    )


def _regressors(disputes: pl.DataFrame) -> np.ndarray:
    """Return (cases, 5): the ratio, its products with half-centuries since 1950 and log distance, and these alone."""
    ratio, era = disputes["ratio"].to_numpy(), (disputes["year"].to_numpy() - 1950) / 50.0
    far = np.log1p(disputes["distance"].to_numpy() / 1000.0)
    return np.column_stack([ratio, ratio * era, ratio * far, era, far])


def _in_disputes(fit: Ordered, cases: int) -> Iterator[EstimateRow]:
    for year in YEARS:
        era = (year - 1950) / 50.0
        for name, kilometres in DISTANCES.items():
            far = np.log1p(kilometres / 1000.0)
            weights = {
                "decisiveness": [1.0, era, far, 0.0, 0.0, 0.0, 0.0],
                "cutpoint to win": [0.0, 0.0, 0.0, -era, -far, 0.0, 1.0],
                "cutpoint to lose": [0.0, 0.0, 0.0, era, far, -1.0, 0.0],
            }
            for what, weight in weights.items():
                labels = {"what": what, "year": str(year), "apart": name}
                yield _row(labels, fit, weight, name="disputes", cases=cases)


def _in_wars(wars: pl.DataFrame) -> Iterator[EstimateRow]:
    weights = {
        "decisiveness in war": [1.0, 0.0, 0.0],
        "cutpoint to win in war": [0.0, 0.0, 1.0],
        "cutpoint to lose in war": [0.0, -1.0, 0.0],
    }
    for era, (first, last) in ERAS.items():
        cases = wars.filter(pl.col("year").is_between(first, last))
        fit = ordered_logit(cases["ratio"].to_numpy()[:, None], cases["outcome"].to_numpy())
        for what, weight in weights.items():
            labels = {"what": what, "years": era}
            yield _row(labels, fit, weight, name=f"wars, {era}", cases=cases.height)


def _row(labels: Mapping[str, str], fit: Ordered, weights: Sequence[float], *, name: str, cases: int) -> EstimateRow:
    """Return the estimate of a weighted sum of the parameters of a fit, its slopes and then its cuts."""
    weight = np.array(weights)
    mean = float(weight @ np.concatenate([fit.slope, fit.cuts]))
    factors = weight @ np.linalg.cholesky(fit.covariance)
    return EstimateRow.normal(labels, mean, factors, fit=name, cases=cases)
