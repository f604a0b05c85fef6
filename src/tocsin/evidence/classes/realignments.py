"""Realignments: what rivals did after an ally drifted from its protector, or returned to it, in the votes of the United Nations.

An ally's protector is its partner in a defence pact that spends most on its forces, more than the ally itself. The distance of the two is
that of their ideal points. Around a year it moved by the mean of the three years after minus the mean of the three before, as in
`turnover.py`. A move counts if it is larger than nine of ten moves of allies with no change of leader within three years, and if the ally
moved further than the protector. It is known when its last year is over, so the window begins then.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from tocsin.evidence.classes.matching import similar
from tocsin.evidence.classes.selection import (
    Selection,
    Tables,
    coded,
    disputes,
    pacts,
    rival_years,
    spending,
    with_protector,
)
from tocsin.evidence.classes.windows import first_of_overlapping
from tocsin.evidence.turnover import KINDS, QUIET, WINDOW, away_from, by_code
from tocsin.measures.politics import shifts

YEARS = 5
_SPAN = ["ally", "protector", "middle"]


def select(tables: Tables, *, drift: bool) -> Selection:
    """Return the moves of allies away from their protector, or towards it, with the allies' rivals.

    Args:
        tables: the sources ideal_points, leaders, atop_dyads, rivalries_tss, nmc, mid_dyads and distance.
        drift: whether the moves away are wanted; if not, those towards the protector.
    """
    spent, happenings = spending(tables["nmc"]), disputes(tables["mid_dyads"])
    spans = moves(tables, spent)
    threshold = calm_threshold(spans, tables["leaders"])
    signed = pl.col("move") if drift else -pl.col("move")
    own = pl.col("own") > pl.col("others")
    moved = spans.filter(signed > threshold, own).with_columns(size=pl.col("move").abs())
    calm = spans.filter(pl.col("move").abs() <= threshold)
    rivals = rival_years(tables["rivalries_tss"], int(spans["year"].max())).rename({"other": "ally"})  # type: ignore[arg-type]
    events = moved.join(rivals, on=["ally", "year"]).filter(pl.col("actor") != pl.col("protector"))
    cases = first_of_overlapping(
        events.rename({"ally": "other"}).sort("year", "actor", "other"), ["actor", "other"], YEARS
    )
    verb = "drifted from" if drift else "returned to"
    cases = _described(cases, tables, spent).with_columns(
        row=pl.concat_str(["points_rows", "pact_row", "rivalry_row"], separator="; "),
        name=pl.format("{} " + verb + " {}; rival {}", "other_name", "protector_name", "actor_name"),
    )
    pool = calm.join(rivals, on=["ally", "year"]).filter(pl.col("actor") != pl.col("protector"))
    pool = _described(pool.rename({"ally": "other"}).sort("actor", "other", "year"), tables, spent)
    pairs = similar(cases, pool, exact=["recent"], near=["log_other", "log_protector"])
    return Selection(cases, pool, pairs, happenings, {"threshold": round(threshold, 4)})


drifts, returns = partial(select, drift=True), partial(select, drift=False)


def moves(tables: Tables, spent: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of allies with their protector: columns ally, protector, middle, year (the last of the span), move, own, others.

    `move` is the change of their distance, `own` and `others` the size of the ally's and the protector's own change. The pact is in force
    in the year before the middle. Spans without all six years of votes are left out.
    """
    points = tables["ideal_points"].select("state", "ideal", year=(pl.col("session") + 1945).cast(pl.Int32))
    bound = _protectors(pacts(tables["atop_dyads"]), spent)
    spans = bound.select("protector", "pact_row", ally="state", middle=pl.col("year") + 1)
    for name, keys in (("own", ("ally",)), ("others", ("protector",)), ("distance", ("ally", "protector"))):
        spans = spans.join(_changes(spans, points, keys, name), on=_SPAN)
    rows = pl.concat_str([
        pl.format("ideal_points {}/{}", "ally", pl.col("middle") + side * WINDOW - 1945) for side in (-1, 1)
    ], separator="; ")  # fmt: skip
    return spans.select(
        "ally", "protector", "middle", "pact_row", year=pl.col("middle") + WINDOW, move="distance",
        own=pl.col("own").abs(), others=pl.col("others").abs(), points_rows=rows,
    ).sort("ally", "year")  # fmt: skip


def _protectors(bound: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Return the strongest ally of each state and year, if it spends more than the state: columns state, year, protector, pact_row."""
    allies = bound.join(spent.rename({"state": "ally"}), on=["ally", "year"])
    strongest = allies.sort("milex", "ally", descending=[True, False]).unique(["state", "year"], keep="first")
    own = spent.rename({"milex": "own"})
    known = strongest.join(own, on=["state", "year"]).filter(pl.col("milex") > pl.col("own"))
    return known.select("state", "year", "pact_row", protector="ally")


def _changes(spans: pl.DataFrame, points: pl.DataFrame, keys: tuple[str, ...], name: str) -> pl.DataFrame:
    """Return the change of a position, or of the distance of two, around the middle of each span with all years of votes."""
    wanted = spans.select(_SPAN).unique()
    state = pl.concat_str(list(keys), separator="-")
    pairs = wanted.select(*keys, state=state).unique()
    series = pairs.join(points.rename({"state": keys[0]}), on=keys[0])
    if len(keys) == 1:
        series = series.select("state", "year", value="ideal")
    else:
        other = points.rename({"state": keys[1], "ideal": "pole"})
        series = series.join(other, on=[keys[1], "year"])
        series = series.select("state", "year", value=(pl.col("ideal") - pl.col("pole")).abs())
    moved = shifts(wanted.with_columns(state=state, year="middle"), series, window=WINDOW)
    whole = moved.filter(pl.col("years_before") == WINDOW, pl.col("years_after") == WINDOW)
    return whole.select(*_SPAN, pl.col("move").alias(name))


def calm_threshold(spans: pl.DataFrame, leaders: pl.DataFrame) -> float:
    """Return the size that nine of ten moves do not exceed in spans with no change of the ally's leader within three years."""
    exits = by_code(leaders).filter(pl.col("exit").is_in(KINDS["any"]))
    exits = exits.select("state", year=pl.col("end").dt.year().cast(pl.Int32)).unique()
    last = leaders["end"].max().year - WINDOW  # type: ignore[union-attr]
    middles = coded(spans.select("ally", "move", year="middle"), state="ally").filter(pl.col("year") <= last)
    return float(np.quantile(away_from(middles, exits)["move"].abs().to_numpy(), QUIET))


def _described(frame: pl.DataFrame, tables: Tables, spent: pl.DataFrame) -> pl.DataFrame:
    return with_protector(frame.with_columns(base=pl.col("middle") - 1), tables, spent, "ally_to_rival")
