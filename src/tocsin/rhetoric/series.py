"""Coded statements as series: items by day or week, about one target, by theme, rung and tone, beside the day's whole output."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np
import polars as pl

from tocsin.errors import InputError

RUNGS = {"kcna": "commentary", "newspaper": "newspaper", "official": "ministry", "foreign": "quoted"}
"""The rung at which a coded speaker speaks: the agency in its own words, a newspaper, a ministry or other body of state, and
foreign voices that the agency quotes, which are no rung of the state's own."""
LEADERS = r"^(?i:kim jong (?:il|un)|kim yo jong|leader kim|president kim)\b"
"""A body of state whose headline begins so speaks at the leader's rung."""
TALLY = ("from", "days", "output", "theme", "rung", "tone", "items")
Every = Literal["day", "week"]


def tally(coded: pl.DataFrame, target: str, every: Every = "week") -> pl.DataFrame:
    """Items about a target a day or a week, and the whole output beside them.

    Args:
        coded: a row an item: date, headline, target (ISO codes parted by `;`), tone, speaker, theme (parted by `;`; the first
            counts, so that themes add up to all items). Rows without a date are left out.
        target: ISO code.
        every: length of a period; weeks begin on Monday.

    Returns:
        Columns `TALLY`: the period's first day, its days with any output, its whole output in items; theme, rung and tone, and the
        items about the target so coded. A period with output and no item about the target has one row with `items` 0 and no
        theme; a period without any output has no row: it is missing, not zero.
    """
    dated = coded.filter(pl.col("date").is_not_null()).with_columns(
        pl.col("date").cast(pl.Date).alias("day"),
        pl.col("date").cast(pl.Date).dt.truncate("1w" if every == "week" else "1d").alias("from"),
    )
    output = dated.group_by("from").agg(pl.col("day").n_unique().alias("days"), pl.len().alias("output"))
    about = dated.filter(pl.col("target").str.split(";").list.contains(target)).select(
        "from",
        pl.col("theme").str.split(";").list.first(),
        pl.when((pl.col("speaker") == "official") & pl.col("headline").str.contains(LEADERS))
        .then(pl.lit("leader"))
        .otherwise(pl.col("speaker").replace_strict(RUNGS))
        .alias("rung"),
        pl.col("tone").cast(pl.Int64),
    )
    items = about.group_by("from", "theme", "rung", "tone").agg(pl.len().alias("items"))
    return (
        output.join(items, on="from", how="left")
        .with_columns(pl.col("items").fill_null(0))
        .select(pl.col(name).cast(pl.Int64) if name in ("days", "output", "items") else pl.col(name) for name in TALLY)
        .sort(TALLY[0], *TALLY[3:6])
    )


@dataclass(frozen=True)
class Series:
    """Counts of a target's items a week.

    Attributes:
        weeks: (weeks,) their Mondays, one after another without gaps.
        groups: what items are counted by, themes or rungs.
        counts: (weeks, groups) items; meaningless where `output` is 0.
        output: (weeks,) all items of the outlet; 0 where nothing is known of a week.
    """

    weeks: np.ndarray
    groups: tuple[str, ...]
    counts: np.ndarray
    output: np.ndarray


REST = "rest"
"""The group of themes too rare to have a part of their own."""


def by_theme(
    weekly: pl.DataFrame, themes: Collection[str] = (), tones: Collection[int] = (-2, -1), least: float = 0.02
) -> Series:
    """Critical items a week by theme.

    Args:
        weekly: of `tally`, by week.
        themes: only these; none for all.
        tones: which items count; -2 and -1 are the critical ones.
        least: a theme with a smaller share of the items than this is counted with the rest, unless it was asked for.

    Raises:
        InputError: if there is no such item.
    """
    chosen = weekly.filter(pl.col("tone").is_in(list(tones)) & pl.col("rung").is_not_null())
    if themes:
        chosen = chosen.filter(pl.col("theme").is_in(list(themes)))
    total = int(chosen["items"].sum())
    if not total:
        raise InputError(
            "no critical item about this target" + (f" on {', '.join(themes)}" if themes else ""),
            remedy="see `tocsin rhetoric series` for what there is",
        )
    sizes = chosen.group_by("theme").agg(pl.col("items").sum()).sort("items", "theme", descending=[True, False])
    large = [name for name, items in sizes.iter_rows() if items >= least * total or themes]
    named = chosen.with_columns(
        pl.when(pl.col("theme").is_in(large)).then("theme").otherwise(pl.lit(REST)).alias("group")
    )
    return _series(weekly, named, (*large, *([REST] if len(large) < sizes.height else [])))


def _series(weekly: pl.DataFrame, chosen: pl.DataFrame, groups: tuple[str, ...]) -> Series:
    first, last = weekly["from"].min(), weekly["from"].max()
    assert isinstance(first, dt.date) and isinstance(last, dt.date)
    weeks = np.arange(np.datetime64(first), np.datetime64(last) + 1, 7)
    counts = np.zeros((weeks.size, len(groups)), dtype=np.int64)
    output = np.zeros(weeks.size)
    for week, items in weekly.select("from", "output").unique().iter_rows():
        output[(week - first).days // 7] = items
    for week, group, items in chosen.group_by("from", "group").agg(pl.col("items").sum()).iter_rows():
        counts[(week - first).days // 7, groups.index(group)] = items
    return Series(weeks, groups, counts, output)


def shipped(target: str) -> pl.DataFrame:
    """Weekly counts of critical and other items about a target that come with the program: the English headlines of the Korean
    Central News Agency of 1997 to September 2014, coded by the coder that comes with it.

    Raises:
        InputError: if there are none of this target.
    """
    folder = files("tocsin.rhetoric") / "weekly"
    known = sorted(each.name.removesuffix(".csv") for each in folder.iterdir())
    if target not in known:
        raise InputError(
            f"no counts of {target} come with Tocsin, only of {', '.join(known)}",
            remedy=f"make them: `tocsin rhetoric series --target {target} -o counts.csv`, and give them as --counts",
        )
    types = {"days": pl.Int64, "output": pl.Int64, "tone": pl.Int64, "items": pl.Int64}
    return pl.read_csv(
        io.StringIO((folder / f"{target}.csv").read_text(encoding="utf-8")), schema_overrides=types
    ).with_columns(pl.col("from").str.to_date())
