"""Estimate how often leaders are turned out, and how often the state's votes then move, for any state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import gammaln, logsumexp

from tocsin.data.codes import with_code
from tocsin.data.states import cow_number
from tocsin.errors import InputError
from tocsin.evidence.results import EstimateRow, StoredFigures
from tocsin.measures.politics import shifts

SINCE, UNTIL = 1946, 2015
"""First and last year of the record."""
KINDS: Mapping[str, tuple[str, ...]] = {"any": ("Regular", "Irregular"), "irregular": ("Irregular",)}
"""Exits of each kind. Deaths in office and removals by a foreign power belong to neither."""
DRAWS = 4000
QUIET = 0.9
"""Quantile of the changes in quiet spans that is the threshold of a move."""
WINDOW = 3
UNITED_STATES = "USA"
ANY_STATE = "any_state"


def by_code(leaders: pl.DataFrame) -> pl.DataFrame:
    """Return the spells of leaders with the code that their state had, cut at the turn of the year in which it got another.

    Yeltsin's spell is in SUN to the end of 1991 and in RUS from 1992. Germany and Yemen keep their codes through the unions of
    1990. The exit belongs to the last part.

    Args:
        leaders: source `leaders`, with Gleditsch-Ward numbers.

    Returns:
        Columns state (code), start, end, exit (null for a part that no exit ended).
    """
    years = leaders.with_row_index("spell_row").with_columns(
        year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32)
    )
    years = years.explode("year").with_columns(cow_number("state", pl.col("year")))
    parts = with_code(years, year="year").group_by("spell_row", "state", maintain_order=True)
    return (
        parts.agg(pl.col("start", "end", "exit").first(), first=pl.col("year").min(), last=pl.col("year").max())
        .with_columns(goes_on=pl.col("last") < pl.col("end").dt.year())
        .select(
            "state",
            start=pl.max_horizontal("start", pl.date("first", 1, 1)),
            end=pl.when("goes_on").then(pl.date(pl.col("last") + 1, 1, 1)).otherwise("end"),
            exit=pl.when(~pl.col("goes_on")).then("exit"),
        )
    )


def record(leaders: pl.DataFrame) -> pl.DataFrame:
    """Return exits and years at risk of every state: columns state, years, any, irregular.

    Args:
        leaders: the result of `by_code`; a spell counts only for its part between `SINCE` and `UNTIL`.
    """
    first, last = pl.date(SINCE, 1, 1), pl.date(UNTIL, 12, 31)
    within = leaders.filter(pl.col("end") >= first, pl.col("start") <= last)
    length = (pl.min_horizontal("end", last) - pl.max_horizontal("start", first)).dt.total_days() / 365.25
    # a leader in office when the list ends has not left
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
    """Return (draws, states + 1) yearly rates: a column for each state, and a last one for a state without any record.

    Events are Poisson, the states' rates gamma about a common mean (Gelman et al. 2013, Bayesian Data Analysis, section
    2.6). Mean and shape are drawn from a grid by their likelihood. Their priors are flat in the logarithm: over exp(-2)
    to exp(2) times the overall rate, and over exp(-3) to exp(4).

    Args:
        events: (states,) counts.
        years: (states,) years at risk, positive.
        seed: seed of the draws.

    Raises:
        InputError: if there is no event, or a time at risk is not positive.
    """
    if not (years > 0).all() or events.sum() <= 0:
        raise InputError("no event or no time at risk, so the rate cannot be estimated", remedy="use a larger sample")
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


def rate_rows(records: pl.DataFrame, label: Mapping[str, str], *, seed: int, digits: int = 4) -> list[EstimateRow]:
    """Return the pooled rate of every state, and of `ANY_STATE`, a state without any record.

    Args:
        records: columns state (code), events, years.
        label: labels that say what the rate counts, by field.
        seed: seed of the draws.
        digits: number of decimals.
    """
    drawn = pooled_rates(records["events"].to_numpy().astype(float), records["years"].to_numpy(), seed=seed)
    return [
        EstimateRow.from_draws({"state": name, **label}, rates, digits=digits)
        for name, rates in zip([*records["state"], ANY_STATE], drawn.T, strict=True)
    ]


@dataclass(frozen=True)
class Spans:
    """Spans of years around a state-year.

    Attributes:
        count: number of spans.
        moved: number of spans with a change above the threshold.
    """

    count: int
    moved: int

    def to_dict(self, what: str) -> dict[str, str | int]:
        """Return a JSON-ready row of counts."""
        return {"what": what, "events": self.moved, "spans": self.count}


@dataclass(frozen=True)
class Moves:
    """How often a state's distance to the United States in the United Nations moved.

    Attributes:
        threshold: the 90th percentile of the changes in quiet spans. A larger change of the distance is a move.
        quiet: spans without a turnover.
        turnover: spans around a turnover.
        by_state: columns state, changes (number of turnovers) and moved (number of turnovers with a move).
    """

    threshold: float
    quiet: Spans
    turnover: Spans
    by_state: pl.DataFrame


def moves(leaders: pl.DataFrame, ideal_points: pl.DataFrame) -> Moves:
    """Return how often a state's distance to the United States moved, after a leader's exit and without one.

    Args:
        leaders: the result of `by_code`.
        ideal_points: source `ideal_points`.
    """
    distance = distance_to_america(ideal_points)
    exits = leaders.filter(
        pl.col("exit").is_in(KINDS["any"]), pl.col("end").dt.year().is_between(SINCE, UNTIL - 1)
    ).select("state", year=pl.col("end").dt.year().cast(pl.Int32))
    years = distance.select("state", "year").unique().filter(pl.col("year") <= UNTIL - WINDOW)
    return compare_moves(years, exits, distance)


def compare_moves(years: pl.DataFrame, changes: pl.DataFrame, distance: pl.DataFrame) -> Moves:
    """Return how often a distance moved around changes, and around other state-years.

    Args:
        years: columns state, year. Those with no change within `WINDOW` years are quiet.
        changes: columns state, year.
        distance: columns state, year, value.
    """
    quiet, changed = (sizes(spans, distance) for spans in (away_from(years, changes), changes))
    threshold = float(np.quantile(quiet["size"], QUIET))
    large = pl.col("size") > threshold
    return Moves(
        threshold,
        Spans(quiet.height, quiet.filter(large).height),
        Spans(changed.height, changed.filter(large).height),
        changed.group_by("state").agg(changes=pl.len(), moved=large.sum()),
    )


def distance_to_america(ideal_points: pl.DataFrame) -> pl.DataFrame:
    """Return each state's distance to the United States in the United Nations: columns state (code), year, value."""
    positions = with_code(ideal_points.with_columns(year=(pl.col("session") + 1945).cast(pl.Int32)), year="year")
    pole = positions.filter(pl.col("state") == UNITED_STATES).select("year", pole="ideal")
    return positions.join(pole, on="year").select("state", "year", value=(pl.col("ideal") - pl.col("pole")).abs())


def away_from(years: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the state-years with no change within `WINDOW` years."""
    near = pl.concat([changes.with_columns(pl.col("year") + shift) for shift in range(-WINDOW, WINDOW + 1)]).unique()
    return years.join(near, on=["state", "year"], how="anti")


def sizes(spans: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Return the absolute change of a series around each state-year: columns state, year, size.

    State-years without values on both sides are left out.
    """
    changes = shifts(spans.unique().sort("state", "year"), series, window=WINDOW).drop_nulls("move")
    return changes.select("state", "year", size=pl.col("move").abs())


def estimate(leaders: pl.DataFrame, ideal_points: pl.DataFrame, *, seed: int) -> StoredFigures:
    """Return the exits and rates of every state, and how often votes moved after a turnover.

    Args:
        leaders, ideal_points: the sources of these names.
        seed: seed of the draws.
    """
    leaders = by_code(leaders)
    records = record(leaders)
    years = round(float(records["years"].sum()), 1)
    exits: list[dict[str, str | int | float]] = [
        {"what": f"{kind} exits", "events": int(records[kind].sum()), "years": years} for kind in KINDS
    ]
    observed = moves(leaders, ideal_points)
    return StoredFigures(
        counted=(*exits, observed.quiet.to_dict("moved, quiet"), observed.turnover.to_dict("moved, turnover")),
        estimated=tuple(
            row
            for kind in KINDS
            for row in rate_rows(records.select("state", "years", events=kind), {"exits": kind}, seed=seed)
        ),
        details={"threshold": round(observed.threshold, 4)},
        diagnostics={"seed": seed, "draws": DRAWS},
        cases=records.height,
    )
