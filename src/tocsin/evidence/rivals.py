"""Count what strategic rivals did to each other: pressure, clashes, wars, concessions and conquests.

The dyads are the strategic rivalries of Thompson, Sakuwa and Suhas. Every year of a rivalry counts once, whichever side acted. The rates are
those of a rivalry about which nothing else is known: events are Poisson, and the rivalries' rates gamma about a common mean, as in
`turnover.pooled_rates`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.evidence.results import EstimateRow, StoredFigures
from tocsin.evidence.turnover import pooled_rates

SINCE, UNTIL = 1954, 2003
"""First year of the record: after the war in Korea. Last year: that of the list of wars."""
DISPLAY, USE = 3, 4
"""Least levels of hostility (Correlates of War) of a display and of a use of force."""
YIELDS = (3, 4)
"""Outcomes of a dispute in which one side yielded."""

EVENTS: Mapping[str, str] = {
    "press": "a display or use of force, per year",
    "force": "a use of force, per year",
    "clash": "the beginning of a dispute in which both sides used force, per year of pressure",
    "war": "the beginning of a war, per year",
    "concede": "the beginning of a dispute in which one side yielded, per year of pressure",
    "conquest": "the conquest of one by the other, per year",
}
PER_PRESSURE = ("clash", "concede")
"""Events that are counted per year of pressure."""


def rival_years(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the years of all rivalries: columns state1 < state2, year, and whether each event of `EVENTS` happened.

    Args:
        tables: the sources rivalries_tss, gml_dyads, gml_disputes, wars, states and territorial_changes.
    """
    dyads = _ordered(tables["rivalries_tss"]).with_columns(
        year=pl.int_ranges(pl.max_horizontal("first", SINCE), pl.min_horizontal("last", UNTIL) + 1, dtype=pl.Int32)
    )
    years = (
        dyads.select("state1", "state2", "year").explode("year").drop_nulls().unique().sort("state1", "state2", "year")
    )
    for name, happened in (_disputes(tables) | _wars(tables)).items():
        marked = happened.select("state1", "state2", "year").unique().with_columns(pl.lit(value=True).alias(name))
        years = years.join(marked, on=["state1", "state2", "year"], how="left").with_columns(
            pl.col(name).fill_null(value=False)
        )
    return years


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of states with the lower number first."""
    return pairs.with_columns(
        state1=pl.min_horizontal("state1", "state2"), state2=pl.max_horizontal("state1", "state2")
    )


def _disputes(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    dyads = tables["gml_dyads"].filter(pl.col("state1") < pl.col("state2"))
    highest, both = pl.max_horizontal("hostility1", "hostility2"), pl.min_horizontal("hostility1", "hostility2")
    ends = tables["gml_disputes"].select("dispute", "outcome")
    begun = dyads.filter(pl.col("onset") == 1).join(ends, on="dispute")
    return {
        "press": dyads.filter(highest >= DISPLAY),
        "force": dyads.filter(highest >= USE),
        "clash": dyads.filter(pl.col("onset") == 1, both >= USE),
        "concede": begun.filter(highest >= DISPLAY, pl.col("outcome").is_in(YIELDS)),
    }


def _wars(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the years in which wars began, and in which a state took land from another that left the list of states."""
    ended = tables["states"].filter(pl.col("last") < pl.col("last").max()).select(loser="state", year="last")
    taken = tables["territorial_changes"].filter(pl.col("by_force") == 1).join(ended, on=["loser", "year"])
    return {
        "war": tables["wars"].filter(pl.col("onset") == 1, pl.col("state1") < pl.col("state2")),
        "conquest": _ordered(taken.select("year", state1="gainer", state2="loser")),
    }


def estimate(years: pl.DataFrame, *, seed: int) -> StoredFigures:
    """Return the yearly rate of each event in a rivalry about which nothing else is known, with the counts.

    Args:
        years: what `rival_years` returns.
        seed: seed of the draws.
    """
    counted: list[dict[str, str | int | float]] = []
    estimated: list[EstimateRow] = []
    for name, what in EVENTS.items():
        at_risk = years.filter("press") if name in PER_PRESSURE else years
        dyads = at_risk.group_by("state1", "state2", maintain_order=True).agg(events=pl.col(name).sum(), years=pl.len())
        events, length = dyads["events"].to_numpy().astype(float), dyads["years"].to_numpy().astype(float)
        counted.append({"event": name, "what": what, "events": int(events.sum()), "years": int(length.sum())})
        rates = np.minimum(pooled_rates(events, length, seed=seed)[:, -1], 1.0)
        estimated.append(EstimateRow.from_draws({"event": name}, rates, digits=6, cases=dyads.height))
    rivalries = years.select("state1", "state2").n_unique()
    return StoredFigures(tuple(counted), tuple(estimated), {"seed": seed}, rivalries)
