"""How stable: how often leaders are turned out, and how often their successors stand elsewhere, for any state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from scipy.special import gammaln, logsumexp

from tocsin.errors import InputError
from tocsin.evidence.points import points
from tocsin.measure.politics import moved

SINCE, UNTIL = 1946, 2015
"""First and last year of the record."""
KINDS: Mapping[str, tuple[str, ...]] = {"any": ("Regular", "Irregular"), "irregular": ("Irregular",)}
"""Exits that count: `any` are those by the rules and against them; deaths in office and exits by a foreign power are neither."""
DRAWS = 4000
QUIET = 0.9
"""A move is one that nine in ten spans without a turnover do not reach."""
WINDOW = 3
UNITED_STATES = 2


def record(leaders: pl.DataFrame) -> pl.DataFrame:
    """Exits and years at risk of every state: columns state, years, any, irregular.

    Args:
        leaders: source `leaders`; of spells that reach beyond the span the part within counts.
    """
    first, last = pl.date(SINCE, 1, 1), pl.date(UNTIL, 12, 31)
    within = leaders.filter(pl.col("end") >= first, pl.col("start") <= last)
    length = (pl.min_horizontal("end", last) - pl.max_horizontal("start", first)).dt.total_days() / 365.25
    # who is in office when the list ends has not left
    left = pl.col("end") < last
    return (
        within.group_by("state")
        .agg(
            years=length.sum(),
            **{name: (left & pl.col("exit").is_in(exits)).sum().cast(pl.Int64) for name, exits in KINDS.items()},
        )
        .filter(pl.col("years") > 0)
        .sort("state")
    )


def pooled_rates(events: np.ndarray, years: np.ndarray, *, seed: int) -> np.ndarray:
    """(draws, states + 1) rates a year of each state, and last of a state of which nothing is known.

    Events are Poisson, the states' rates gamma about a common mean (Gelman et al. 2013, Bayesian Data Analysis, section 2.6). The
    mean and the shape are taken from a grid by their likelihood, flat in their logarithms over four and seven powers of e.

    Args:
        events: (states,) counts.
        years: (states,) at risk, positive.
        seed: of the draws.

    Raises:
        InputError: if there is no event, or a time at risk is not positive.
    """
    if not (years > 0).all() or events.sum() <= 0:
        raise InputError("no event, or no time at risk: nothing says how often it happens", remedy="widen the sample")
    overall = np.log(events.sum() / years.sum())
    means, shapes = np.meshgrid(np.exp(overall + np.linspace(-2, 2, 81)), np.exp(np.linspace(-3, 4, 71)), indexing="ij")
    mean, shape = means.ravel()[:, None], shapes.ravel()[:, None]
    rate = shape / mean
    logs = (
        gammaln(shape + events) - gammaln(shape) + shape * np.log(rate) - (shape + events) * np.log(rate + years)
    ).sum(axis=1)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(logs.size, size=DRAWS, p=np.exp(logs - logsumexp(logs)))
    shape, rate = shape[chosen], rate[chosen]
    known = rng.gamma(shape + events, 1.0 / (rate + years))
    return np.column_stack([known, rng.gamma(shape, 1.0 / rate)])


def moves(leaders: pl.DataFrame, ideal_points: pl.DataFrame) -> dict[str, Any]:
    """How often a state's distance to the United States in the United Nations moved, after a turnover and without one.

    Args:
        leaders: source `leaders`.
        ideal_points: source `ideal_points`.

    Returns:
        `threshold`, in standard deviations of states; `quiet` and `turnover`: how many spans, and how many moved.
    """
    distance = distance_to_america(ideal_points)
    exits = leaders.filter(
        pl.col("exit").is_in(KINDS["any"]), pl.col("end").dt.year().is_between(SINCE, UNTIL - 1)
    ).select("state", year=pl.col("end").dt.year().cast(pl.Int32))
    years = distance.select("state", "year").unique().filter(pl.col("year") <= UNTIL - WINDOW)
    quiet, turnover = (sizes(spans, distance) for spans in (away_from(years, exits), exits))
    threshold = float(np.quantile(quiet["size"], QUIET))
    return {"threshold": threshold} | {
        name: {"moved": int((each["size"] > threshold).sum()), "spans": each.height}
        for name, each in (("quiet", quiet), ("turnover", turnover))
    }


def distance_to_america(ideal_points: pl.DataFrame) -> pl.DataFrame:
    """How far each state stands from the United States in the United Nations: columns state, year, value."""
    positions = ideal_points.with_columns(year=(pl.col("session") + 1945).cast(pl.Int32))
    pole = positions.filter(pl.col("state") == UNITED_STATES).select("year", pole="ideal")
    return positions.join(pole, on="year").select("state", "year", value=(pl.col("ideal") - pl.col("pole")).abs())


def away_from(years: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The state-years in whose window there is no change."""
    near = pl.concat([changes.with_columns(pl.col("year") + shift) for shift in range(-WINDOW, WINDOW + 1)]).unique()
    return years.join(near, on=["state", "year"], how="anti")


def sizes(spans: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """How far a series moved about each state-year: columns state, year, size; those without values on both sides are left out."""
    found = moved(spans.unique().sort("state", "year"), series, window=WINDOW).drop_nulls("move")
    return found.select("state", "year", size=pl.col("move").abs())


def told(leaders: pl.DataFrame, ideal_points: pl.DataFrame, states: Mapping[int, str], *, seed: int) -> dict[str, Any]:
    """Records and rates of every state, and how often a turnover moved one, plain enough for a file.

    Args:
        leaders, ideal_points: the sources.
        states: ISO code of each number; states without one are pooled with the others and not told apart.
        seed: of the draws.
    """
    found = record(leaders)
    counted, estimated = [], []
    for kind in KINDS:
        drawn = pooled_rates(found[kind].to_numpy().astype(float), found["years"].to_numpy(), seed=seed)
        names = [*(states.get(state, "") for state in found["state"]), "any_state"]
        estimated += [
            {"state": name, "exits": kind, **points(each)} for name, each in zip(names, drawn.T, strict=True) if name
        ]
        counted.append(
            {"what": f"{kind} exits", "events": int(found[kind].sum()), "years": round(float(found["years"].sum()), 1)}
        )
    told_moves = moves(leaders, ideal_points)
    counted += [
        {"what": f"moved, {name}", "events": told_moves[name]["moved"], "spans": told_moves[name]["spans"]}
        for name in ("quiet", "turnover")
    ]
    return {
        "counted": counted,
        "estimated": estimated,
        "threshold": round(told_moves["threshold"], 4),
        "diagnostics": {"seed": seed, "draws": DRAWS},
        "cases": found.height,
    }
