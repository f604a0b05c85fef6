"""Estimate from past wars how often the winner conquered a state of the losing side.

A war is won if one side has the outcome "winner" and not also "loser", as in `contest.function.wars_of_sides`. The winner
conquered if, in the years of the war, a state of the losing side left the list of states and a state of the winning side
gained land from it. A state leaves the list when it is annexed, or occupied so that it no longer governs itself. Every
loser of these wars is on the list, so each could be conquered. The probability is the posterior under Jeffreys' prior,
Beta(k + 1/2, n - k + 1/2) for k conquests in n wars (Brown, Cai and DasGupta 2001).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tocsin.evidence.contest.function import ERAS, WAR_LOST, WAR_WON
from tocsin.evidence.results import EstimateRow, StoredFigures

INITIATOR, EITHER = "initiator", "either side"
"""Who won the wars of an estimate: the side that began, or either side."""


def victories(wars: pl.DataFrame, states: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the wars that one side began and one side won.

    Columns: war; first and last year; `initiator`, whether the side that began won; `losers`, the number of states that
    lost; `conquered`, the codes of those that were conquered, sorted.

    Args:
        wars, states, changes: the sources wars, states and territorial_changes.
    """
    sides = wars.group_by("war", "side1").agg(
        first=pl.col("year").min(),
        last=pl.col("year").max(),
        began=pl.col("initiator1").max() == 1,
        won=(pl.col("outcome1") == WAR_WON).any(),
        lost=(pl.col("outcome1") == WAR_LOST).any(),
        states=pl.col("state1").unique().sort(),
    )
    winners = sides.filter(pl.col("won") & ~pl.col("lost"))
    pairs = winners.join(sides, on="war", suffix="_other").filter(
        pl.col("side1") != pl.col("side1_other"), pl.col("began") != pl.col("began_other")
    )
    fought = pairs.select(
        "war", initiator="began", winner="states", loser="states_other",
        first=pl.min_horizontal("first", "first_other"), last=pl.max_horizontal("last", "last_other"),
    )  # fmt: skip
    taken = _conquered(fought, states, changes).group_by("war").agg(conquered=pl.col("code").unique().sort())
    return (
        fought.join(taken, on="war", how="left")
        .select("war", "first", "last", "initiator", "conquered", losers=pl.col("loser").list.len())
        .with_columns(pl.col("conquered").fill_null([]))
        .sort("war")
    )


def _conquered(fought: pl.DataFrame, states: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return (war, code) of the losers that left the list of states in the years of the war and lost land to a winner."""
    ended = states.filter(pl.col("last") < pl.col("last").max()).select("code", loser="state", end="last")
    losers = fought.explode("loser").join(ended, on="loser")
    losers = losers.filter(pl.col("end").is_between(pl.col("first"), pl.col("last")))
    gains = losers.explode("winner").join(
        changes.select("year", winner="gainer", loser="loser"), on=["winner", "loser"]
    )
    return gains.filter(pl.col("year").is_between(pl.col("first"), pl.col("last"))).select("war", "code")


def estimate(wars: pl.DataFrame) -> StoredFigures:
    """Return the probability that the winner of a war conquers a losing state, by winner and era, with the counts.

    Args:
        wars: what `victories` returns.
    """
    counted: list[dict[str, str | int | float]] = []
    estimated: list[EstimateRow] = []
    for winner, years, cases in _groups(wars):
        conquests = cases.filter(pl.col("conquered").list.len() > 0)
        whole = conquests.filter(pl.col("conquered").list.len() == pl.col("losers"))
        counted.append({
            "winner": winner, "years": years, "won": cases.height, "conquests": conquests.height,
            "of every losing state": whole.height,
        })  # fmt: skip
        labels = {"winner": winner, "years": years}
        estimated.append(EstimateRow.rate(labels, conquests.height, cases.height))
    taken = wars.filter(pl.col("conquered").list.len() > 0).select("war", "first", "last", "conquered")
    names = {f"war {war}, {first} to {last}": ", ".join(codes) for war, first, last, codes in taken.iter_rows()}
    return StoredFigures(tuple(counted), tuple(estimated), {}, wars.height, details={"conquered": names})


def _groups(wars: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield who won, the era, and the wars of both."""
    for winner, cases in ((INITIATOR, wars.filter(pl.col("initiator"))), (EITHER, wars)):
        for years, (first, last) in ERAS.items():
            yield winner, years, cases.filter(pl.col("first").is_between(first, last))
