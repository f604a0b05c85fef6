"""Restraints: what rivals did after a legal or treaty restraint on a state's forces fell.

The restraints are the program's own short list, `restraints.csv`, each with its source. It is not complete: a restraint is listed only if
what it forbade, and the day and act by which it fell, are on record.
"""

from __future__ import annotations

from importlib.resources import files
from io import StringIO

import polars as pl

from tocsin.evidence.classes.matching import similar
from tocsin.evidence.classes.selection import (
    Selection,
    Tables,
    disputes,
    named,
    names,
    pair_name,
    rival_years,
    spending,
    with_distance,
    with_ratio,
    with_record,
)
from tocsin.evidence.classes.windows import first_of_overlapping

YEARS = 5


def restraints() -> pl.DataFrame:
    """Return the list of restraints: columns key, state, code, year, kind, restraint, fell, source."""
    text = (files("tocsin.evidence.classes") / "restraints.csv").read_text(encoding="utf-8")
    return pl.read_csv(StringIO(text), schema_overrides={"state": pl.Int32, "year": pl.Int32})


def select(tables: Tables) -> Selection:
    """Return the restraints that fell, with the rivals of the restrained state.

    Args:
        tables: the sources rivalries_tss, nmc, mid_dyads and distance.
    """
    spent, happenings = spending(tables["nmc"]), disputes(tables["mid_dyads"])
    fallen = restraints()
    years = rival_years(tables["rivalries_tss"], int(fallen["year"].max()))  # type: ignore[arg-type]
    events = years.join(fallen.rename({"state": "other"}), on=["other", "year"])
    cases = first_of_overlapping(events.sort("year", "actor"), ["actor", "other"], YEARS)
    cases = _described(cases, tables, spent).with_columns(
        row=pl.format("restraints {}; {}", "key", "rivalry_row"),
        name=pl.format("{}: {}; rival {}", "other_name", "restraint", "actor_name"),
    )
    near = pl.concat([
        fallen.select(other="state", year=pl.col("year") + shift) for shift in range(-YEARS, YEARS + 1)
    ]).unique()  # fmt: skip
    pool = _described(years.join(near, on=["other", "year"], how="anti").sort("actor", "other", "year"), tables, spent)
    pairs = similar(cases, pool, exact=["recent"], near=["log_other"])
    return Selection(cases, pool, pairs, happenings, {"restraints": float(fallen.height)})


def _described(frame: pl.DataFrame, tables: Tables, spent: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(
        base=pl.col("year") - 1, cluster=pair_name("actor", "other"), state=pl.col("other").cast(pl.String)
    )
    frame = with_ratio(frame, spent, "state_to_rival", "other", "actor")
    frame = with_distance(frame, tables["distance"], "actor", "other")
    frame = with_record(frame, disputes(tables["mid_dyads"])["dispute"])
    frame = named(frame, other_name="other", actor_name="actor")
    return frame.with_columns(
        log_other=pl.col("state_to_rival").log(), name=names(("actor_name", "other_name"), "{} against {}")
    )
