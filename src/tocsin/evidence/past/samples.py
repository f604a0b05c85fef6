"""Select past cases of general and of immediate deterrence, and code their outcomes.

General: years of strategic rivalry (Thompson, Sakuwa and Suhas 2021), seen from each side. Outcomes: this side begins a militarised
dispute with the other (MID 5.0); the dispute comes to war. A year is at risk if no dispute between the two goes on when it
begins. So which years count does not depend on what happens in them. `kinds.SELECTED` is the sample that earlier versions used: it
leaves out every year with a dispute that this side did not begin, so it selects years by their outcome.

Immediate: disputes that one state begins with another. Outcomes: the target acts in return; it stands firm; the dispute comes to war.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tocsin.evidence.past.begun import disputes_begun, onsets
from tocsin.evidence.past.kinds import IMMEDIATE, SELECTED
from tocsin.evidence.past.roles import FIRST, LAST, PAIR, ROLE_SOURCES, with_roles

SOURCES = tuple(dict.fromkeys(("mid_dyads", "mid_disputes", "rivalries_tss", *ROLE_SOURCES)))
LOST, HELD = (1, 4), (2, 3, 5, 6, 7)
"""Outcomes of a dispute in which side B lost or yielded, and in which it did neither: it won, side A yielded, stalemate, compromise,
release. The others are unclear, unknown, or say that the dispute became part of a war."""
RELEASE, IMPOSED = 7, 2
"""A release, and a settlement that one side imposed; together they do not say on whom."""


@dataclass(frozen=True)
class Past:
    """Past cases of one kind.

    Attributes:
        cases: a row for each case: challenger, target, year; the outcomes in `kinds.OUTCOMES` (0 or 1, null if not known); the columns that
            `roles.with_roles` adds.
        left_out: number of cases left out, by reason.
    """

    cases: pl.DataFrame
    left_out: Mapping[str, int]


def past_cases(kind: str, tables: Mapping[str, pl.DataFrame]) -> Past:
    """Return the past cases of one kind, with what was known in the year before.

    Args:
        kind: a key of `kinds.OUTCOMES`.
        tables: the sources in `SOURCES`, by name.
    """
    disputes = begun(tables)
    if kind == IMMEDIATE:
        chosen, left_out = disputes, dict[str, int]()
    else:
        chosen, left_out = rival_years(tables, disputes, selected=kind == SELECTED)
    known = with_roles(chosen.filter(pl.col("year").is_between(FIRST, LAST)), tables)
    needed = [f"{role}_{name}" for role in ("challenger", "target") for name in ("spending", "personnel", "reach")]
    complete = known.drop_nulls([*needed, "distance"])
    left_out = {**left_out, "forces or distance not known in the year before, or none": known.height - complete.height}
    return Past(complete.sort(PAIR), left_out)


def begun(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return disputes begun, a row for each directed pair and year: press (always 1), reciprocate, firm and war."""
    firm = stood_firm(tables["mid_dyads"], tables["mid_disputes"])
    disputes = disputes_begun(tables["mid_dyads"]).rename({"acted": "reciprocate"})
    return disputes.with_columns(press=pl.lit(1)).join(firm, on=PAIR, how="left")


def stood_firm(mids: pl.DataFrame, disputes: pl.DataFrame) -> pl.DataFrame:
    """Return whether the target stood firm: columns challenger, target, year and `firm`.

    It is 0 if the target lost or yielded in any dispute begun with it in the year, 1 if it did neither in all of them, else null.

    Args:
        mids, disputes: the sources mid_dyads and mid_disputes.
    """
    outcome, unclear = pl.col("outcome"), (pl.col("outcome") == RELEASE) & (pl.col("settlement") == IMPOSED)
    firm = pl.when(outcome.is_in(LOST)).then(0).when(outcome.is_in(HELD) & ~unclear).then(1)
    sides = onsets(mids).select("dispute", challenger="state1", target="state2", year="year")
    coded = sides.join(disputes.select("dispute", firm=firm), on="dispute", how="left")
    # the least known value decides; a 1 leaves it open if another value is unknown
    unknown = pl.col("firm").is_null().any() & (pl.col("firm").min() == 1)
    return coded.group_by(PAIR).agg(firm=pl.when(~unknown).then(pl.col("firm").min()))


def rival_years(
    tables: Mapping[str, pl.DataFrame], disputes: pl.DataFrame, *, selected: bool = False
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return years of rivalry from both sides with the outcomes of disputes begun, and the number of years left out.

    Args:
        tables: the sources rivalries_tss and mid_dyads.
        disputes: what `begun` returns.
        selected: leave out years with a dispute that this side did not begin, instead of those that begin with one.
    """
    span = pl.int_ranges(pl.max_horizontal("first", pl.lit(FIRST)), pl.min_horizontal("last", pl.lit(LAST)) + 1)
    spells = tables["rivalries_tss"].filter(pl.col("last") >= FIRST, pl.col("first") <= LAST)
    years = spells.select("state1", "state2", year=span).explode("year").with_columns(pl.col("year").cast(pl.Int32))
    both = pl.concat([
        years.select(challenger="state1", target="state2", year="year"),
        years.select(challenger="state2", target="state1", year="year"),
    ]).unique()  # fmt: skip
    sides = both.join(disputes, on=PAIR, how="left").with_columns(pl.col("press", "war").fill_null(0))
    going = tables["mid_dyads"].filter(pl.col("ongoing") == 1)
    if not selected:
        going = going.filter(pl.col("onset") == 0)
    going = going.select(challenger="state1", target="state2", year="year").unique()
    if selected:
        going = going.join(disputes.select(PAIR), on=PAIR, how="anti")
    remaining = sides.join(going, on=PAIR, how="anti")
    reason = "a dispute goes on that it does not begin" if selected else "a dispute goes on when the year begins"
    return remaining, {reason: sides.height - remaining.height}
