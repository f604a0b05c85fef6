"""What a class selects from the data sets, and the columns that several classes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from tocsin.data.codes import code_of
from tocsin.data.codes import codes as known_codes
from tocsin.data.names import name_of
from tocsin.evidence.classes.windows import Happenings
from tocsin.evidence.past.begun import onsets

Tables: TypeAlias = Mapping[str, pl.DataFrame]

RECENT = 5
"""Years of the record by which similar pairs are matched."""
RECORD = 10
"""Years of the record that describe a case."""
USE, WAR = 4, 5
"""Levels of hostility (Correlates of War): use of force, war."""
DISPUTES = (1816, 2014)
"""Years that the disputes of the Correlates of War cover."""


@dataclass(frozen=True)
class Selection:
    """The cases of a class and what they are compared with.

    Attributes:
        cases: columns actor and other (whose outcome is asked, towards whom), year (of the event; the window follows), base (last year
            before the event began), since (first year in which the pair could have had the outcome), cluster (the pair), state (whose event it
            is, another way to group), name, row (the source rows, separated by "; "), the features of the class, and until if a case has its own last year.
        pool: rows without the event, with the same columns.
        pairs: columns case (index of a case) and similar (index into the pool).
        happenings: what counts as each outcome, by its name.
        notes: further numbers by name, such as a threshold.
    """

    cases: pl.DataFrame
    pool: pl.DataFrame
    pairs: pl.DataFrame
    happenings: Mapping[str, Happenings]
    notes: Mapping[str, float]


def reference(source: str, *columns: str) -> pl.Expr:
    """Return references to the rows of a data set: its name and the row's key, such as `nmc 2/1950`."""
    return pl.concat_str([pl.lit(f"{source} "), pl.concat_str([pl.col(name) for name in columns], separator="/")])


def coded(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    """Return a frame with the code of the state in each named column, in the year of the row: `coded(frame, rival="actor")`."""
    for name, column in columns.items():
        pairs = frame.select(column, "year").unique()
        codes = [_code(state, year) for state, year in pairs.iter_rows()]
        known = pairs.with_columns(pl.Series(name, codes, dtype=pl.String))
        frame = frame.join(known, on=[column, "year"], how="left", maintain_order="left")
    return frame


def named(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    """Return a frame with the English name of the state in each named column, in the year of the row."""
    frame = coded(frame, **columns)
    return frame.with_columns(
        pl.col(name).replace_strict({code: name_of(code) for code in frame[name].unique().drop_nulls()})
        for name in columns
    )


def _code(state: int, year: int) -> str:
    """Return the code of a state in a year; in years in which the number has none, as for Germany in 1952, one of another time."""
    code = code_of(state, year)
    return next((entry.text for entry in known_codes() if entry.state == state), code) if code.isdigit() else code


def pair_name(first: str, second: str) -> pl.Expr:
    """Return the name of an unordered pair of states, from columns with their numbers: `731-732`."""
    low, high = pl.min_horizontal(first, second), pl.max_horizontal(first, second)
    return pl.concat_str([low, high], separator="-")


def spending(nmc: pl.DataFrame) -> pl.DataFrame:
    """Return known military spending above 0: columns state, year, milex."""
    return nmc.filter(pl.col("milex") > 0).select("state", "year", "milex")


def rival_years(rivalries: pl.DataFrame, last: int) -> pl.DataFrame:
    """Return the years of strategic rivalries from both sides: columns actor, other, year, since, rivalry_row.

    Args:
        rivalries: source `rivalries_tss`.
        last: the last year that is wanted.
    """
    span = pl.int_ranges(
        pl.max_horizontal("first", pl.lit(DISPUTES[0])), pl.min_horizontal("last", pl.lit(last)) + 1, dtype=pl.Int32
    )
    years = rivalries.with_columns(
        year=span, rivalry_row=reference("rivalries_tss", "state1", "state2", "first"), since="first"
    )
    years = years.explode("year").drop_nulls("year")
    sides = [
        years.select(pl.col(actor).alias("actor"), pl.col(other).alias("other"), "year", "since", "rivalry_row")
        for actor, other in (("state1", "state2"), ("state2", "state1"))
    ]
    return pl.concat(sides).unique(["actor", "other", "year"], keep="first", maintain_order=True)


def pacts(dyads: pl.DataFrame) -> pl.DataFrame:
    """Return the years of defence pacts: columns state, ally, year, pact_row.

    Args:
        dyads: source `atop_dyads`.
    """
    return dyads.filter(pl.col("defence") == 1).select(
        "year", state="state1", ally="state2", pact_row=reference("atop_dyads", "state1", "state2", "year")
    )


def disputes(mids: pl.DataFrame) -> dict[str, Happenings]:
    """Return the disputes that the actor began against the other: all, those with a use of force by the actor, and those that both took to war.

    Args:
        mids: source `mid_dyads`.
    """
    begun = onsets(mids).select(
        "hostility1", "hostility2", actor="state1", other="state2", on="year",
        event_row=reference("mid_dyads", "dispute", "state1", "state2", "year"),
    )  # fmt: skip
    kinds = {
        "dispute": begun,
        "force": begun.filter(pl.col("hostility1") >= USE),
        "war": begun.filter(pl.col("hostility1") == WAR, pl.col("hostility2") == WAR),
    }
    return {name: Happenings(events.drop("hostility1", "hostility2"), *DISPUTES) for name, events in kinds.items()}


def past_events(cases: pl.DataFrame, happenings: Happenings, until: str, years: int) -> pl.Series:
    """Return the number of events of each case in the years up to that in a column, the latter included; null where not all are covered."""
    indexed = cases.select("actor", "other", until).with_row_index("_index")
    inside = indexed.join(happenings.events, on=["actor", "other"]).filter(
        pl.col("on") <= pl.col(until), pl.col("on") > pl.col(until) - years
    )
    counted = indexed.join(inside.group_by("_index").agg(count=pl.len()), on="_index", how="left").sort("_index")
    covered = (pl.col(until) - years + 1 >= happenings.since) & (pl.col(until) <= happenings.until)
    return counted.select(pl.when(covered).then(pl.col("count").fill_null(0)).cast(pl.Int64)).to_series()


def with_ratio(frame: pl.DataFrame, spent: pl.DataFrame, name: str, above: str, below: str) -> pl.DataFrame:
    """Return a frame with the ratio of two states' spending in the row's year; null where one is not known."""
    for column in (above, below):
        known = spent.select(pl.col("state").alias(column), "year", pl.col("milex").alias(f"_{column}"))
        frame = frame.join(known, on=[column, "year"], how="left", maintain_order="left")
    ratio = pl.col(f"_{above}") / pl.col(f"_{below}")
    return frame.with_columns(ratio.alias(name)).drop(f"_{above}", f"_{below}")


def with_distance(frame: pl.DataFrame, distance: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Return a frame with the distance in km between the nearest points of two states; null where it is not known."""
    ways = [
        distance.select(pl.col(a).alias(first), pl.col(b).alias(second), "year", "distance")
        for a, b in (("state1", "state2"), ("state2", "state1"))
    ]
    both = pl.concat(ways).unique([first, second, "year"], keep="first")
    return frame.join(both, on=[first, second, "year"], how="left", maintain_order="left")


def with_record(frame: pl.DataFrame, begun_disputes: Happenings) -> pl.DataFrame:
    """Return a frame with the actor's record towards the other.

    Added are `recent` and `quiet`, whether it began a dispute in the five years to `base` or none, and `record`, their number in the ten
    years to `year`; null where not all these years are covered.
    """
    recent = past_events(frame, begun_disputes, "base", RECENT)
    return frame.with_columns(
        recent=recent > 0, quiet=recent == 0, record=past_events(frame, begun_disputes, "year", RECORD)
    )


def names(columns: Sequence[str], text: str) -> pl.Expr:
    """Return names made from columns: `names(("ally", "rival"), "{} against {}")`."""
    return pl.format(text, *(pl.col(name) for name in columns))


def with_protector(frame: pl.DataFrame, tables: Tables, spent: pl.DataFrame, ratio: str) -> pl.DataFrame:
    """Return cases of a rival (actor) against a state with a protector, with groups, spending over the rival's, distance, record and names.

    Args:
        frame: columns actor, other, protector, year and base.
        tables: the sources mid_dyads and distance.
        spent: what `spending` returns.
        ratio: name of the column for the spending of the state over the rival's.
    """
    frame = frame.with_columns(cluster=pair_name("actor", "other"), state=pl.col("other").cast(pl.String))
    frame = with_ratio(frame, spent, ratio, "other", "actor")
    frame = with_ratio(frame, spent, "protector_to_rival", "protector", "actor")
    frame = with_distance(frame, tables["distance"], "actor", "other")
    frame = with_record(frame, disputes(tables["mid_dyads"])["dispute"])
    frame = named(frame, protector_name="protector", other_name="other", actor_name="actor")
    return frame.with_columns(
        log_other=pl.col(ratio).log(), log_protector=pl.col("protector_to_rival").log(),
        name=names(("actor_name", "other_name"), "{} against {}"),
    )  # fmt: skip
