"""Estimate how often governing camps are turned out, and how often the state's votes then move, for any state."""

from __future__ import annotations

from datetime import date

import polars as pl

from tocsin.data.codes import with_code
from tocsin.data.governments import OWN_UNTIL, PARLGOV_UNTIL
from tocsin.evidence.results import StoredFigures
from tocsin.evidence.turnover import (
    DRAWS,
    UNITED_STATES,
    WINDOW,
    Moves,
    compare_moves,
    distance_to_america,
    rate_rows,
)
from tocsin.measures.politics import camp_exits, camp_spells, turnovers

SINCE = date(1946, 1, 1)
"""First day of the record: votes in the United Nations begin in that year."""
EARLIEST_START = date(1945, 1, 1)
"""Governments that began before this day are left out."""
NO_CAMP = "none"


def spells_of(parlgov: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return spells of governing camps since 1946.

    In states that ParlGov covers, the camp is the prime minister's party. There, governments that began before 1945 and
    heads of government without a party are left out. In other states, the camp comes from the program's own table.

    Args:
        parlgov, own: governments as `tocsin.data.governments` returns them.

    Returns:
        Columns as `camp_spells`, but the state is its present code.
    """
    covered = parlgov["state"].unique()
    parties = camp_spells(parlgov.drop_nulls("state").filter(pl.col("start") >= EARLIEST_START), PARLGOV_UNTIL)
    parties = parties.filter(pl.col("camp") != NO_CAMP)
    others = camp_spells(own.filter(~pl.col("state").is_in(covered.implode())), OWN_UNTIL)
    spells = pl.concat([parties, others]).filter(pl.coalesce("end", "until") >= SINCE)
    return with_code(spells.with_columns(year=pl.lit(OWN_UNTIL.year)), year="year").drop("year")


def record(spells: pl.DataFrame) -> pl.DataFrame:
    """Return each state's number of camps turned out, and its years of government: columns state, ended, years."""
    exits = camp_exits(spells, SINCE, OWN_UNTIL).group_by("state").agg(pl.col("ended", "years").sum())
    return exits.filter(pl.col("years") > 0).sort("state")


def moves(spells: pl.DataFrame, ideal_points: pl.DataFrame) -> Moves:
    """Return how often a state's distance to the United States moved, at a change of camp and without one.

    Args:
        spells: the result of `spells_of`.
        ideal_points: source `ideal_points`.
    """
    changes = turnovers(spells).select("state", pl.col("year").cast(pl.Int32)).filter(pl.col("state") != UNITED_STATES)
    # only years with a known government on both sides can be quiet
    governed = (
        spells.select(
            "state",
            year=pl.int_ranges(
                pl.col("start").dt.year() + WINDOW, pl.coalesce("end", "until").dt.year() - WINDOW, dtype=pl.Int32
            ),
        )
        .explode("year")
        .drop_nulls()
        .unique()
    )
    return compare_moves(governed, changes, distance_to_america(ideal_points))


def estimate(parlgov: pl.DataFrame, own: pl.DataFrame, ideal_points: pl.DataFrame, *, seed: int) -> StoredFigures:
    """Return the records and rates of every state.

    There are two rates, both pooled over states: how often a camp is turned out, and how often a camp is turned out and
    the state's votes then move. The second uses only the years for which votes show whether they moved.

    Args:
        parlgov, own: governments as `tocsin.data.governments` returns them.
        ideal_points: source `ideal_points`.
        seed: seed of the draws.
    """
    spells = spells_of(parlgov, own)
    observed = moves(spells, ideal_points)
    records = record(spells).join(observed.by_state, on="state", how="left")
    # a change without votes on both sides shows no move: leave out its share of the years
    share = pl.when(pl.col("ended") > 0).then(pl.col("changes").fill_null(0) / pl.col("ended")).otherwise(1.0)
    records = records.with_columns(watched=pl.col("years") * pl.min_horizontal(share, pl.lit(1.0)))
    exits = records.select("state", "years", events="ended")
    with_move = records.filter(pl.col("watched") > 0).select(
        "state", years="watched", events=pl.col("moved").fill_null(0)
    )
    return StoredFigures(
        counted=(
            {
                "what": "camps turned out",
                "events": int(records["ended"].sum()),
                "years": round(float(records["years"].sum()), 1),
            },
            observed.turnover.to_dict("moved at a change of camp"),
            observed.quiet.to_dict("moved without one"),
        ),
        estimated=(
            *rate_rows(exits, {"what": "turned_out"}, seed=seed, digits=6),
            *rate_rows(with_move, {"what": "turned_out_and_moved"}, seed=seed, digits=6),
        ),
        details={"threshold": round(observed.threshold, 4)},
        diagnostics={"seed": seed, "draws": DRAWS},
        cases=records.height,
    )
