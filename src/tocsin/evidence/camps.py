"""How stable: how often governing camps are turned out, and how often their successors then stand elsewhere, for any state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.data.governments import OWN_UNTIL, PARLGOV_UNTIL
from tocsin.evidence.points import points
from tocsin.evidence.turnover import (
    DRAWS,
    QUIET,
    UNITED_STATES,
    WINDOW,
    away_from,
    distance_to_america,
    pooled_rates,
    sizes,
)
from tocsin.measure.politics import camp_exits, camp_spells, turnovers

SINCE = date(1946, 1, 1)
"""First day of the record: votes in the United Nations begin with that year."""
PEACE = date(1945, 1, 1)
NO_CAMP = "none"


def spells_of(parlgov: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Spells of governing camps since 1946: of ParlGov's states by the prime minister's party, of others by our own table.

    Governments begun in or before the war are left out, and those whose head has no party are of no camp.

    Args:
        parlgov, own: governments as `tocsin.data.governments` gives them.
    """
    listed = parlgov["state"].unique()
    theirs = camp_spells(parlgov.drop_nulls("state").filter(pl.col("start") >= PEACE), PARLGOV_UNTIL)
    theirs = theirs.filter(pl.col("camp") != NO_CAMP)
    ours = camp_spells(own.filter(~pl.col("state").is_in(listed.implode())), OWN_UNTIL)
    return pl.concat([theirs, ours]).filter(pl.coalesce("end", "until") >= SINCE)


def record(spells: pl.DataFrame) -> pl.DataFrame:
    """Times a camp was turned out, and years in office, of every state: columns state, ended, years."""
    exits = camp_exits(spells, SINCE, OWN_UNTIL).group_by("state").agg(pl.col("ended", "years").sum())
    return exits.filter(pl.col("years") > 0).sort("state")


def moves(spells: pl.DataFrame, ideal_points: pl.DataFrame) -> tuple[float, pl.DataFrame, dict[str, tuple[int, int]]]:
    """Whether a state's distance to the United States in the United Nations moved at each change of camp.

    Args:
        spells: of `spells_of`.
        ideal_points: source `ideal_points`.

    Returns:
        The threshold, which nine in ten spans without a change do not reach; columns state, changes and moved; and for `calm`
        spans and `changes` (how many moved, how many there are).
    """
    series = distance_to_america(ideal_points)
    changes = turnovers(spells).select("state", pl.col("year").cast(pl.Int32)).filter(pl.col("state") != UNITED_STATES)
    # a year is calm where a government is known on both sides of it and none changes near it
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
    calm, changed = (sizes(each, series) for each in (away_from(governed, changes), changes))
    threshold = float(np.quantile(calm["size"], QUIET))
    told = {
        name: (int((each["size"] > threshold).sum()), each.height)
        for name, each in (("calm", calm), ("changes", changed))
    }
    by_state = changed.group_by("state").agg(changes=pl.len(), moved=(pl.col("size") > threshold).sum())
    return threshold, by_state, told


def told(
    parlgov: pl.DataFrame, own: pl.DataFrame, ideal_points: pl.DataFrame, states: Mapping[int, str], *, seed: int
) -> dict[str, Any]:
    """Records and rates of every state, plain enough for a file.

    The rate at which a camp is turned out is pooled over states (`turnover.pooled_rates`), and so is that at which one is turned out
    and the state then stands elsewhere, over the years in which votes tell.

    Args:
        parlgov, own: governments as `tocsin.data.governments` gives them.
        ideal_points: the source.
        states: ISO code of each number; a state without one is pooled with the others and not told apart.
        seed: of the draws.
    """
    spells = spells_of(parlgov, own)
    threshold, by_state, spans = moves(spells, ideal_points)
    found = record(spells).join(by_state, on="state", how="left")
    # a change whose sides are not both on record says nothing of votes: its share of the years is left out with it
    share = pl.when(pl.col("ended") > 0).then(pl.col("changes").fill_null(0) / pl.col("ended")).otherwise(1.0)
    found = found.with_columns(watched=pl.col("years") * pl.min_horizontal(share, pl.lit(1.0)))
    seen = found.filter(pl.col("watched") > 0)
    estimated = [
        *_estimated(found, "ended", "years", "turned_out", states, seed),
        *_estimated(
            seen.with_columns(pl.col("moved").fill_null(0)), "moved", "watched", "turned_out_and_moved", states, seed
        ),
    ]
    return {
        "counted": [
            {
                "what": "camps turned out",
                "events": int(found["ended"].sum()),
                "years": round(float(found["years"].sum()), 1),
            },
            {"what": "moved at a change of camp", "events": spans["changes"][0], "spans": spans["changes"][1]},
            {"what": "moved without one", "events": spans["calm"][0], "spans": spans["calm"][1]},
        ],
        "estimated": estimated,
        "threshold": round(threshold, 4),
        "diagnostics": {"seed": seed, "draws": DRAWS},
        "cases": found.height,
    }


def _estimated(
    found: pl.DataFrame, events: str, years: str, what: str, states: Mapping[int, str], seed: int
) -> list[dict[str, Any]]:
    drawn = pooled_rates(found[events].to_numpy().astype(float), found[years].to_numpy(), seed=seed)
    names = [*(states.get(state, "") for state in found["state"]), "any_state"]
    return [{"state": name, "what": what, **points(each, 6)} for name, each in zip(names, drawn.T, strict=True) if name]
