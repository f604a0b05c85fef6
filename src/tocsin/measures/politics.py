"""Compute spells of leaders, of governing camps and of alignment, and shifts at changes of camp.

A spell in progress when a source ends has a null `end`; `until` is the last day covered. `tocsin.evidence` estimates
rates of exit.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from tocsin.data.governments import GAP_DAYS
from tocsin.errors import InputError
from tocsin.measures.columns import require
from tocsin.translation import message

if TYPE_CHECKING:
    from polars.dataframe.group_by import GroupBy


def leader_years(spells: pl.DataFrame) -> pl.DataFrame:
    """Return the leaders of each state and year, and whether the leader changed.

    Args:
        spells: columns spell, state, leader, start, end, exit, as in the source `leaders`.

    Returns:
        Columns state, year, `leaders` (number of leaders), `turnover` (whether the year has more than one spell),
        `irregular` (whether a spell ended irregularly that year), `first` and `last` (spells).
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
    """Return spells of governing camps: consecutive governments of one camp, merged.

    Args:
        governments: columns state, camp, start and end (dates; end is null if the next start ended it
            or it is still in office).
        until: the last day covered.

    Returns:
        Columns state, camp, start, end (null if in progress), `until`, `governments` (their number), sorted.

    Raises:
        InputError: if a column is missing or a government starts before the previous one ended.
    """
    require(governments, ("state", "camp", "start", "end"))
    rows = governments.filter(pl.col("start") <= until).sort("state", "start")
    ended = pl.when(pl.col("end") <= until).then(pl.col("end"))
    rows = rows.with_columns(
        end=pl.min_horizontal(ended, pl.col("start").shift(-1).over("state")),
        early=pl.col("start") < pl.col("end").shift(1).over("state"),
    )
    _check_order(rows)
    gap = (pl.col("start") - pl.col("end").shift(1)).dt.total_days() > GAP_DAYS
    new = (pl.col("camp") != pl.col("camp").shift(1)) | gap
    return (
        _numbered_spells(rows, new)
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


def _check_order(rows: pl.DataFrame) -> None:
    if rows["early"].any():
        row = rows.filter(pl.col("early")).row(0, named=True)
        raise InputError(
            message(
                "a government of {state} starts on {day}, before the previous one ended",
                state=row["state"],
                day=str(row["start"]),
            ),
            remedy=message("check the dates"),
        )


def _numbered_spells(rows: pl.DataFrame, new: pl.Expr) -> GroupBy:
    """Group rows sorted by state and time into spells; `new` is true where one begins."""
    numbered = rows.with_columns(spell=new.fill_null(value=True).cum_sum().over("state"))
    return numbered.group_by("state", "spell", maintain_order=True)


def turnovers(spells: pl.DataFrame) -> pl.DataFrame:
    """Return changes of camp: columns state, date, year, before, after. A change across a gap of over `GAP_DAYS` is left out."""
    require(spells, ("state", "camp", "start", "end"))
    both = spells.sort("state", "start").with_columns(
        before=pl.col("camp").shift(1).over("state"), left=pl.col("end").shift(1).over("state")
    )
    followed = (pl.col("start") - pl.col("left")).dt.total_days() <= GAP_DAYS
    return both.filter(followed & (pl.col("before") != pl.col("camp"))).select(
        "state", date="start", year=pl.col("start").dt.year(), before="before", after="camp"
    )


def camp_exits(spells: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return how often each camp lost office, and its years in office, between two days.

    Args:
        spells: the result of `camp_spells`.
        first, last: days; only the part of a spell between them counts.

    Returns:
        Columns state, camp, `ended` (spells that ended between the days), `years` (in office, of 365.25 days), sorted.
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
    """Return how much closer a state is to a partner than to a rival, by year.

    Args:
        closeness: columns state1 < state2, year, value; larger is closer.
        partner, rival: numbers of states.

    Returns:
        Columns state, year, `lean` = closeness to the partner minus closeness to the rival, in the unit of `value`; for
        all states and years with both.
    """
    require(closeness, ("state1", "state2", "year", "value"))
    closeness_to = {}
    for pole in (partner, rival):
        other = pl.when(pl.col("state1") == pole).then(pl.col("state2")).otherwise(pl.col("state1"))
        closeness_to[pole] = closeness.filter((pl.col("state1") == pole) | (pl.col("state2") == pole)).select(
            state=other, year="year", value="value"
        )
    both = closeness_to[partner].join(closeness_to[rival], on=["state", "year"], suffix="_rival")
    return both.select("state", "year", lean=pl.col("value") - pl.col("value_rival")).drop_nulls().sort("state", "year")


def alignment_spells(leans: pl.DataFrame) -> pl.DataFrame:
    """Return spells in which a state was closer to the partner or to the rival; a year without data ends a spell.

    Args:
        leans: columns state, year, lean (see `lean`); one row per state and year.

    Returns:
        Columns state, `side` (partner, rival, or between if equal), `first`, `last` (years) and `runs_on` (true if the
        year after has no data).
    """
    require(leans, ("state", "year", "lean"))
    side = pl.when(pl.col("lean") > 0).then(pl.lit("partner")).when(pl.col("lean") < 0).then(pl.lit("rival"))
    rows = leans.sort("state", "year").with_columns(side=side.otherwise(pl.lit("between")))
    new = (pl.col("side") != pl.col("side").shift(1)) | (pl.col("year") != pl.col("year").shift(1) + 1)
    return (
        _numbered_spells(rows, new)
        .agg(side=pl.col("side").first(), first=pl.col("year").min(), last=pl.col("year").max())
        .with_columns(runs_on=pl.col("first").shift(-1).over("state") != pl.col("last") + 1)
        .with_columns(pl.col("runs_on").fill_null(value=True))
        .drop("spell")
        .sort("state", "first")
    )


def shifts(changes: pl.DataFrame, series: pl.DataFrame, *, window: int = 3) -> pl.DataFrame:
    """Return the shift of a yearly measure at each change of camp.

    Args:
        changes: columns state, year, before, after (see `turnovers`).
        series: columns state, year, value.
        window: number of years before and after the year of the change, 1 or more. That year itself belongs to neither.

    Returns:
        The changes with `value_before` and `value_after` (means of the known years), `years_before` and `years_after`
        (their numbers) and `move`, the difference; null if one side has no data.

    Raises:
        ValueError: if the window is below 1.
    """
    require(changes, ("state", "year"))
    require(series, ("state", "year", "value"))
    if window < 1:
        raise ValueError("the window must have at least one year")
    known = series.drop_nulls("value").select("state", observed="year", value="value")
    for name, low, high in (("before", -window, -1), ("after", 1, window)):
        near = changes.select("state", "year").unique().join(known, on="state")
        near = near.filter((pl.col("observed") - pl.col("year")).is_between(low, high))
        means = near.group_by("state", "year").agg(
            pl.col("value").mean().alias(f"value_{name}"), pl.len().alias(f"years_{name}")
        )
        changes = changes.join(means, on=["state", "year"], how="left", maintain_order="left")
    return changes.with_columns(
        pl.col("years_before", "years_after").fill_null(0), move=pl.col("value_after") - pl.col("value_before")
    )
