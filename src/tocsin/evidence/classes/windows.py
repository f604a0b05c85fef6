"""Windows of years after an event: their outcomes, their overlaps and their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

YES, NO, OPEN = "yes", "no", "open"
"""Whether the outcome followed within the window. `OPEN`: the data do not cover the whole window, so nobody can say."""


@dataclass(frozen=True)
class Happenings:
    """What counts as an outcome.

    Attributes:
        events: columns actor, other, on (the year) and event_row (the source row).
        since, until: first and last year that the data set covers.
    """

    events: pl.DataFrame
    since: int
    until: int


def first_of_overlapping(cases: pl.DataFrame, group: Sequence[str], years: int) -> pl.DataFrame:
    """Return the cases of each group whose windows of years do not overlap: a case is kept if the last one kept is over.

    The window of a case in year t covers t + 1 to t + `years`, so the next case is in year t + `years` or later. If a group
    has several cases in one year, the first row is kept.

    Args:
        cases: column year, and those of `group`.
        group: columns that name a group.
        years: length of the window.
    """
    ordered = cases.with_row_index("_index").sort("year", "_index")
    free: dict[tuple[object, ...], int] = {}
    chosen: list[int] = []
    for index, year, *key in ordered.select("_index", "year", *group).iter_rows():
        if year >= free.get(tuple(key), year):
            free[tuple(key)] = year + years
            chosen.append(index)
    return cases[sorted(chosen)]


def outcomes(cases: pl.DataFrame, happenings: Happenings, years: int) -> pl.DataFrame:
    """Return for each case whether the outcome followed within the window, in the order of the cases.

    A window that the data do not cover to its end is open, even if the outcome came before: counting only the hits of open windows would
    raise the rate. A state that leaves the list of states within the window is no gap in the data: nothing can follow from it.

    Args:
        cases: columns actor, other, year; the window is year + 1 to year + `years`. With a column `until`, the case's own last covered
            year also counts.
        happenings: what counts as the outcome.
        years: length of the window.

    Returns:
        Columns outcome (yes, no or open) and event_row (of the first event in the window, empty if there is none).
    """
    last = pl.lit(happenings.until)
    if "until" in cases.columns:
        last = pl.min_horizontal(last, "until")
    indexed = cases.select("actor", "other", "year", _last=last).with_row_index("_index")
    inside = indexed.join(happenings.events, on=["actor", "other"]).filter(
        pl.col("on") > pl.col("year"), pl.col("on") <= pl.col("year") + years
    )
    first = inside.sort("on", "event_row").group_by("_index").agg(pl.col("event_row").first())
    closed = (pl.col("year") + years <= pl.col("_last")) & (pl.col("year") + 1 >= happenings.since)
    happened = pl.col("event_row").is_not_null()
    return (
        indexed.join(first, on="_index", how="left")
        .sort("_index")
        .select(
            outcome=pl.when(~closed).then(pl.lit(OPEN)).when(happened).then(pl.lit(YES)).otherwise(pl.lit(NO)),
            event_row=pl.when(closed).then(pl.col("event_row")).otherwise(pl.lit(None)).fill_null(""),
        )
    )
