"""Build-ups: what rivals did after a protector of their target raised its military spending by a quarter or more.

Spending is known only in current dollars (pounds to 1913), and there is no price index for all states since 1816. So a state built up if
two measures rose by a quarter within five years: its spending in current money, and its share of the spending of all states that report
both years. Inflation of the dollar alone raises the first but not the second; the disarmament of others alone raises the second but not
the first. A rise of the state's exchange rate raises both and passes for a build-up.
"""

from __future__ import annotations

import polars as pl

from tocsin.evidence.classes.matching import similar
from tocsin.evidence.classes.selection import (
    Selection,
    Tables,
    disputes,
    names,
    pacts,
    reference,
    rival_years,
    spending,
    with_distance,
    with_protector,
)
from tocsin.evidence.classes.windows import first_of_overlapping

SPAN = 5
"""Years within which the rise happens."""
RISE = 1.25
"""Least factor of the rise."""
HALF = 1.5
"""Factor of a large rise."""
AS_STRONG = 0.5
"""A protector spends at least this share of the rival's spending; a weaker one would not weigh."""
REACH = 1000.0
"""A protector is a major power, or its nearest point is at most so many km from the rival's."""
LAST_IN_POUNDS = 1913
YEARS = 5


def select(tables: Tables) -> Selection:
    """Return the build-ups of protectors, with the rivals of the protected.

    Args:
        tables: the sources nmc, atop_dyads, rivalries_tss, mid_dyads, wars, distance and majors.
    """
    spent, happenings = spending(tables["nmc"]), disputes(tables["mid_dyads"])
    protected = _within_reach(_protected(tables, spent), tables["majors"], tables["distance"])
    rises = build_ups(spent).join(_at_war(tables["wars"]), on=["state", "year"], how="anti")
    events = protected.join(rises.rename({"state": "protector"}), on=["protector", "year"])
    # if several protectors built up in a year, the one that spends most stands for all
    cases = first_of_overlapping(events.sort("year", "milex", descending=[False, True]), ["actor", "other"], YEARS)
    cases = _described(cases.sort("year", "actor", "other"), tables, spent).with_columns(
        row=pl.concat_str(["nmc_row", "pact_row", "rivalry_row"], separator="; "),
        name=names(("protector_name", "other_name", "actor_name"), "{} built up for {} against {}"),
        half=pl.col("size") >= HALF,
        stronger=pl.col("protector_to_rival") >= 1.0,
    )
    pool = _without(protected, events)
    pool = _described(pool, tables, spent)
    pairs = similar(cases, pool, exact=["recent"], near=["log_other", "log_protector"])
    return Selection(cases, pool, pairs, happenings, {})


def build_ups(spent: pl.DataFrame) -> pl.DataFrame:
    """Return the state-years at the end of a build-up: columns state, year, size (factor on the share of all states' spending), nmc_row.

    A rise from 1913 or before to 1914 or later is not known, since the unit changes.

    Args:
        spent: columns state, year, milex.
    """
    before = spent.select("state", year=pl.col("year") + SPAN, past="milex")
    both = spent.join(before, on=["state", "year"])
    total = both.group_by("year").agg(world=pl.col("milex").sum() / pl.col("past").sum())
    rises = both.join(total, on="year").with_columns(
        nominal=pl.col("milex") / pl.col("past"), size=pl.col("milex") / pl.col("past") / pl.col("world")
    )
    one_unit = (pl.col("year") <= LAST_IN_POUNDS) | (pl.col("year") - SPAN > LAST_IN_POUNDS)
    return rises.filter(one_unit, pl.col("nominal") >= RISE, pl.col("size") >= RISE).select(
        "state", "year", "size", nmc_row=reference("nmc", "state", "year")
    )


def _protected(tables: Tables, spent: pl.DataFrame) -> pl.DataFrame:
    """Return the years in which a rival's target had a protector: columns actor (the rival), other (the target), protector, year, ...

    The protector has a defence pact with the target and none with the rival, is no rival itself, spends at least as much as the target
    and at least half as much as the rival.
    """
    bound = pacts(tables["atop_dyads"])
    rivals = rival_years(tables["rivalries_tss"], int(tables["nmc"]["year"].max()))  # type: ignore[arg-type]
    both = rivals.join(bound.rename({"state": "other", "ally": "protector"}), on=["other", "year"])
    both = both.filter(pl.col("protector") != pl.col("actor"))
    own_side = bound.select(actor="state", protector="ally", year="year")
    apart = both.join(own_side, on=["actor", "protector", "year"], how="anti")
    for name, column in (("milex", "protector"), ("_actor", "actor"), ("_other", "other")):
        known = spent.select("year", pl.col("state").alias(column), pl.col("milex").alias(name))
        apart = apart.join(known, on=[column, "year"])
    return apart.filter(pl.col("milex") >= AS_STRONG * pl.col("_actor"), pl.col("milex") >= pl.col("_other")).drop(
        "_actor", "_other"
    )


def _within_reach(protected: pl.DataFrame, majors: pl.DataFrame, distance: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose protector is a major power, or near the rival; where the distance is not known, it is not near."""
    still = pl.when(pl.col("last") == pl.col("last").max()).then(9999).otherwise("last")
    spells = majors.with_columns(last=still).select("first", "last", protector="state")
    years = protected.select("protector", "year").unique().join(spells, on="protector")
    great = (
        years.filter(pl.col("year").is_between(pl.col("first"), pl.col("last"))).select("protector", "year").unique()
    )
    known = with_distance(protected, distance, "actor", "protector").rename({"distance": "_apart"})
    known = known.join(great.with_columns(_great=pl.lit(True)), on=["protector", "year"], how="left")
    near = (pl.col("_apart") <= REACH).fill_null(value=False) | pl.col("_great").fill_null(value=False)
    return known.filter(near).drop("_apart", "_great")


def _at_war(wars: pl.DataFrame) -> pl.DataFrame:
    return wars.filter(pl.col("ongoing") == 1).select("year", state="state1").unique()


def _without(protected: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each rival, target and year with a protector of which none has built up in this year or the five before."""
    near = pl.concat([
        events.select("actor", "other", year=pl.col("year") + shift) for shift in range(YEARS + 1)
    ]).unique()  # fmt: skip
    strongest = protected.sort("milex", descending=True).unique(["actor", "other", "year"], keep="first")
    return strongest.join(near, on=["actor", "other", "year"], how="anti").sort("actor", "other", "year")


def _described(frame: pl.DataFrame, tables: Tables, spent: pl.DataFrame) -> pl.DataFrame:
    return with_protector(frame.with_columns(base=pl.col("year") - SPAN), tables, spent, "target_to_rival")
