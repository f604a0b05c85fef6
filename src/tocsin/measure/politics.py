"""Politics: spells of leaders, of governing camps and of alignment, and what moved when they turned over.

A spell that still runs when a source ends has not ended: its `end` is null, and only `until`, how far it is known, is given.
Hazards of these spells are estimated elsewhere; here is what happened.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require

GAP_DAYS = 366
"""A camp that returns within this many days, with no other in office between, has not left: acting heads, vacancies."""


def leader_years(spells: pl.DataFrame) -> pl.DataFrame:
    """Who led in each state and year, and whether the lead passed on.

    Args:
        spells: columns spell, state, leader, start, end, exit, as the source `leaders`.

    Returns:
        Columns state, year, `leaders` (how many people led), `turnover` (true if more than one spell fell into the year),
        `irregular` (true if one of that year's spells ended irregularly that year), `first` and `last` (spells).
    """
    require(spells, ("spell", "state", "leader", "start", "end", "exit"))
    ended = (pl.col("end").dt.year() == pl.col("year")) & (pl.col("exit") == "Irregular")
    return (
        spells.with_columns(year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32))
        .explode("year")
        .sort("state", "year", "start", "end")
        .group_by("state", "year", maintain_order=True)
        .agg(
            leaders=pl.col("leader").n_unique(),
            turnover=pl.len() > 1,
            irregular=ended.any(),
            first=pl.col("spell").first(),
            last=pl.col("spell").last(),
        )
    )


def camp_spells(governments: pl.DataFrame, until: date) -> pl.DataFrame:
    """Spells of governing camps: governments of one camp that followed each other, as one.

    Args:
        governments: columns state, camp, start and end (dates; end null where the next one's start, or nothing yet, ended it).
        until: the last day for which the table speaks.

    Returns:
        Columns state, camp, start, end (null where it runs on), `until`, `governments` (how many), sorted.

    Raises:
        InputError: if a column is missing or a government starts before the one before it ended.
    """
    require(governments, ("state", "camp", "start", "end"))
    rows = governments.filter(pl.col("start") <= until).sort("state", "start")
    rows = rows.with_columns(
        end=pl.min_horizontal(
            pl.when(pl.col("end") <= until).then(pl.col("end")), pl.col("start").shift(-1).over("state")
        ),
        early=pl.col("start") < pl.col("end").shift(1).over("state"),
    )
    if rows["early"].any():
        row = rows.filter(pl.col("early")).row(0, named=True)
        raise InputError(
            f"a government of {row['state']} starts on {row['start']}, before the one before it ended",
            remedy="check the dates",
        )
    gap = (pl.col("start") - pl.col("end").shift(1)).dt.total_days() > GAP_DAYS
    new = (pl.col("camp") != pl.col("camp").shift(1)) | gap
    return (
        rows.with_columns(spell=new.fill_null(value=True).cum_sum().over("state"))
        .group_by("state", "spell", maintain_order=True)
        .agg(
            camp=pl.col("camp").first(),
            start=pl.col("start").first(),
            end=pl.col("end").last(),
            until=pl.lit(until),
            governments=pl.len(),
        )
        .drop("spell")
        .sort("state", "start")
    )


def turnovers(spells: pl.DataFrame) -> pl.DataFrame:
    """Changes of camp: columns state, date, year, before, after; a gap without a known government is no change."""
    require(spells, ("state", "camp", "start", "end"))
    both = spells.sort("state", "start").with_columns(
        before=pl.col("camp").shift(1).over("state"), left=pl.col("end").shift(1).over("state")
    )
    followed = (pl.col("start") - pl.col("left")).dt.total_days() <= GAP_DAYS
    return both.filter(followed & (pl.col("before") != pl.col("camp"))).select(
        "state", date="start", year=pl.col("start").dt.year(), before="before", after="camp"
    )


def camp_exits(spells: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """How often each camp was turned out, and how long it was in office, within a span of days.

    Args:
        spells: what `camp_spells` gives.
        first, last: days; of spells that reach beyond them the part within counts.

    Returns:
        Columns state, camp, `ended` (spells that ended within the span), `years` (in office, of 365.25 days), sorted.
    """
    require(spells, ("state", "camp", "start", "end", "until"))
    start = pl.max_horizontal("start", pl.lit(first))
    known = pl.col("end").fill_null(pl.col("until"))
    length = (pl.min_horizontal(known, pl.lit(last)) - start).dt.total_days()
    ended = pl.col("end").is_between(first, last).fill_null(value=False)
    within = spells.filter(pl.col("start") <= last, known >= first)
    return (
        within.group_by("state", "camp")
        .agg(ended=ended.sum().cast(pl.Int64), years=length.sum() / 365.25)
        .sort("state", "camp")
    )


def lean(closeness: pl.DataFrame, partner: int, rival: int) -> pl.DataFrame:
    """How much closer a state stands to a partner than to a rival, by years.

    Args:
        closeness: columns state1 < state2, year, value: the larger, the closer.
        partner, rival: numbers of states.

    Returns:
        Columns state, year, `lean` = closeness to the partner less closeness to the rival, in the value's unit; for all states
        and years for which both are known.
    """
    require(closeness, ("state1", "state2", "year", "value"))
    to = {}
    for pole in (partner, rival):
        other = pl.when(pl.col("state1") == pole).then(pl.col("state2")).otherwise(pl.col("state1"))
        to[pole] = closeness.filter((pl.col("state1") == pole) | (pl.col("state2") == pole)).select(
            state=other, year="year", value="value"
        )
    both = to[partner].join(to[rival], on=["state", "year"], suffix="_rival")
    return both.select("state", "year", lean=pl.col("value") - pl.col("value_rival")).drop_nulls().sort("state", "year")


def alignment_spells(leans: pl.DataFrame) -> pl.DataFrame:
    """Spells in which a state stood nearer to the partner, or to the rival; a year without a value ends what is known.

    Args:
        leans: columns state, year, lean (see `lean`); one row a state and year.

    Returns:
        Columns state, `side` (partner, rival, between where equal), `first`, `last` (years) and `runs_on` (true where nothing
        is known after).
    """
    require(leans, ("state", "year", "lean"))
    side = pl.when(pl.col("lean") > 0).then(pl.lit("partner")).when(pl.col("lean") < 0).then(pl.lit("rival"))
    rows = leans.sort("state", "year").with_columns(side=side.otherwise(pl.lit("between")))
    new = (pl.col("side") != pl.col("side").shift(1)) | (pl.col("year") != pl.col("year").shift(1) + 1)
    return (
        rows.with_columns(spell=new.fill_null(value=True).cum_sum().over("state"))
        .group_by("state", "spell", maintain_order=True)
        .agg(side=pl.col("side").first(), first=pl.col("year").min(), last=pl.col("year").max())
        .with_columns(runs_on=pl.col("first").shift(-1).over("state") != pl.col("last") + 1)
        .with_columns(pl.col("runs_on").fill_null(value=True))
        .drop("spell")
        .sort("state", "first")
    )


def moved(changes: pl.DataFrame, series: pl.DataFrame, *, window: int = 3) -> pl.DataFrame:
    """How a yearly measure moved at each change of camp.

    Args:
        changes: columns state, year, before, after (see `turnovers`).
        series: columns state, year, value.
        window: years looked at before the year of the change and after it, 1 or more; the year itself belongs to neither.

    Returns:
        The changes with `value_before` and `value_after`, means of the years known, `years_before` and `years_after`, how many
        these are, and `move`, the difference; null where one side is not known at all.

    Raises:
        ValueError: if the window is below 1.
    """
    require(changes, ("state", "year"))
    require(series, ("state", "year", "value"))
    if window < 1:
        raise ValueError("a window has at least one year")
    known = series.drop_nulls("value").select("state", at="year", value="value")
    for name, low, high in (("before", -window, -1), ("after", 1, window)):
        near = changes.select("state", "year").unique().join(known, on="state")
        near = near.filter((pl.col("at") - pl.col("year")).is_between(low, high))
        means = near.group_by("state", "year").agg(
            pl.col("value").mean().alias(f"value_{name}"), pl.len().alias(f"years_{name}")
        )
        changes = changes.join(means, on=["state", "year"], how="left", maintain_order="left")
    return changes.with_columns(
        pl.col("years_before", "years_after").fill_null(0), move=pl.col("value_after") - pl.col("value_before")
    )
