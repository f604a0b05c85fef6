"""Count coded headlines about a target by day or week, theme, rung and tone."""

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
from tocsin.rhetoric.rungs import rung
from tocsin.translation import in_commas, message

RUNGS = {"kcna": "commentary", "newspaper": "newspaper", "official": "ministry", "foreign": "quoted"}
"""The rung of each coded speaker. Foreign voices that the agency quotes are outside the state's own rungs."""
CRITICAL = (-2, -1)
"""Tones of critical items."""
TALLY = ("from", "days", "output", "theme", "rung", "tone", "items")
Every = Literal["day", "week"]


def tally(coded: pl.DataFrame, target: str, every: Every = "week") -> pl.DataFrame:
    """Count the items about a target, and all items of the outlet, per day or week.

    Args:
        coded: one row for each item, with columns date, headline, target (ISO codes separated by `;`), tone, speaker and theme
            (separated by `;`). Only the first theme counts, so that themes add up to all items. Rows without a date are ignored.
        target: ISO code.
        every: length of a period; weeks begin on Monday.

    Returns:
        Columns `TALLY`. `from` is the first day of the period, `days` its number of days with output, and `output` its number of
        all items. `items` is the number of items about the target with this theme, rung and tone. A period with output but no item about the target has one row with
        `items` 0 and no theme. A period without output has no row: it is missing, not zero.
    """
    dated = coded.filter(pl.col("date").is_not_null()).with_columns(
        pl.col("date").cast(pl.Date).alias("day"),
        pl.col("date").cast(pl.Date).dt.truncate("1w" if every == "week" else "1d").alias("from"),
    )
    output = dated.group_by("from").agg(pl.col("day").n_unique().alias("days"), pl.len().alias("output"))
    about = dated.filter(pl.col("target").str.split(";").list.contains(target)).select(
        "from",
        pl.col("theme").str.split(";").list.first(),
        pl.struct("speaker", "headline").map_elements(_rung, return_dtype=pl.String).alias("rung"),
        pl.col("tone").cast(pl.Int64),
    )
    items = about.group_by("from", "theme", "rung", "tone").agg(pl.len().alias("items"))
    return (
        output.join(items, on="from", how="left")
        .with_columns(pl.col("items").fill_null(0))
        .select(pl.col(name).cast(pl.Int64) if name in ("days", "output", "items") else pl.col(name) for name in TALLY)
        .sort(TALLY[0], *TALLY[3:6])
    )


def _rung(row: dict[str, str]) -> str:
    """Return the rung of a coded headline. The coder does not tell the leader from other officials; the title does."""
    marked = rung(row["headline"]) if row["speaker"] == "official" else None
    return "leader" if marked and marked.rung == "leader" else RUNGS[row["speaker"]]


@dataclass(frozen=True)
class Series:
    """Weekly counts of items about a target.

    Attributes:
        weeks: (weeks,) Mondays, without gaps.
        groups: themes, and `REST` for the others.
        counts: (weeks, groups) items; meaningless where `output` is 0.
        output: (weeks,) all items of the outlet; 0 where a week is missing.
    """

    weeks: np.ndarray
    groups: tuple[str, ...]
    counts: np.ndarray
    output: np.ndarray


REST = "rest"
"""Name of the group of all rare themes."""
MIN_SHARE = 0.02
"""Themes with a smaller share of the items are rare."""


def by_theme(weekly: pl.DataFrame, themes: Collection[str] = ()) -> Series:
    """Return the weekly counts of critical items by theme.

    Args:
        weekly: counts by week, as `tally` returns them.
        themes: the only themes to count, one group each; if empty, all themes, with the rare ones in one group.

    Raises:
        InputError: if there is no critical item.
    """
    critical = critical_items(weekly)
    if themes:
        critical = critical.filter(pl.col("theme").is_in(list(themes)))
    total = int(critical["items"].sum())
    if not total:
        raise InputError(
            message("no critical items about this target with theme {names}", names=in_commas(themes))
            if themes
            else message("no critical items about this target"),
            remedy=message("run `tocsin rhetoric series` to see the themes of a target"),
        )
    sizes = critical.group_by("theme").agg(pl.col("items").sum()).sort("items", "theme", descending=[True, False])
    large = [name for name, items in sizes.iter_rows() if items >= MIN_SHARE * total or themes]
    grouped = critical.with_columns(
        pl.when(pl.col("theme").is_in(large)).then("theme").otherwise(pl.lit(REST)).alias("group")
    )
    return _series(weekly, grouped, (*large, *([REST] if len(large) < sizes.height else [])))


def by_rung(weekly: pl.DataFrame, rungs: Collection[str]) -> Series:
    """Return the weekly counts of critical items by rung, one group for each of `rungs`; items of other rungs are not counted.

    Args:
        weekly: counts by week, as `tally` returns them; rungs: the groups, in order.
    """
    grouped = critical_items(weekly).filter(pl.col("rung").is_in(list(rungs))).with_columns(group=pl.col("rung"))
    return _series(weekly, grouped, tuple(rungs))


def critical_items(weekly: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of weekly counts that count critical items."""
    return weekly.filter(pl.col("tone").is_in(CRITICAL) & pl.col("rung").is_not_null())


def _series(weekly: pl.DataFrame, grouped: pl.DataFrame, groups: tuple[str, ...]) -> Series:
    first, last = weekly["from"].min(), weekly["from"].max()
    assert isinstance(first, dt.date) and isinstance(last, dt.date)
    weeks = np.arange(np.datetime64(first), np.datetime64(last) + 1, 7)
    counts = np.zeros((weeks.size, len(groups)), dtype=np.int64)
    output = np.zeros(weeks.size)
    for week, items in weekly.select("from", "output").unique().iter_rows():
        output[(week - first).days // 7] = items
    for week, group, items in grouped.group_by("from", "group").agg(pl.col("items").sum()).iter_rows():
        counts[(week - first).days // 7, groups.index(group)] = items
    return Series(weeks, groups, counts, output)


def stored_targets() -> tuple[str, ...]:
    """Return the codes of the targets whose weekly counts come with the program."""
    folder = files("tocsin.rhetoric") / "weekly"
    return tuple(sorted(file.name.removesuffix(".csv") for file in folder.iterdir()))


def stored_counts(target: str) -> pl.DataFrame:
    """Return the weekly counts of items about a target that come with the program.

    They count the English headlines of the Korean Central News Agency from 1997 to September 2014, coded by the program's coder.

    Args:
        target: ISO code.

    Raises:
        InputError: if there are no counts for this target.
    """
    folder = files("tocsin.rhetoric") / "weekly"
    if target not in stored_targets():
        raise InputError(
            message(
                "no stored counts for {target}, only for {names}", target=target, names=in_commas(stored_targets())
            ),
            remedy=message(
                "count items with `tocsin rhetoric series --target {target} -o counts.csv` and use `--counts counts.csv`",
                target=target,
            ),
        )
    types = {"days": pl.Int64, "output": pl.Int64, "tone": pl.Int64, "items": pl.Int64}
    return pl.read_csv(
        io.StringIO((folder / f"{target}.csv").read_text(encoding="utf-8")), schema_overrides=types
    ).with_columns(pl.col("from").str.to_date())
