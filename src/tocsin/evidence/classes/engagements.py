"""Engagements: how often a government that engaged a rival left its alliance.

No data set at hand measures engagement. The nearest that is measured: a state that has a protector signs a pact of nonaggression,
neutrality or consultation with its strategic rival, between the two alone and without a duty to defend or to attack. The outcome is the
end of its defence pact with the protector, whoever ended it.
"""

from __future__ import annotations

import polars as pl

from tocsin.evidence.classes.matching import similar
from tocsin.evidence.classes.selection import (
    Selection,
    Tables,
    named,
    names,
    pacts,
    pair_name,
    reference,
    rival_years,
    spending,
    with_ratio,
)
from tocsin.evidence.classes.windows import Happenings, first_of_overlapping

YEARS = 10
PACTS = (1815, 2018)
"""Years that the dyads of ATOP cover."""
SOFT, HARD = ("nonaggression", "neutrality", "consultation"), ("defence", "offence")


def select(tables: Tables) -> Selection:
    """Return the pacts of protected states with their rivals, and whether the alliance with the protector ended.

    Args:
        tables: the sources atop_alliances, atop_members, atop_dyads, rivalries_tss, nmc and states.
    """
    spent, bound = spending(tables["nmc"]), pacts(tables["atop_dyads"])
    ends = Happenings(pacts_ended(bound, tables["states"]), *PACTS)
    protected = _protected(bound, spent)
    rivals = rival_years(tables["rivalries_tss"], PACTS[1])
    rivals = rivals.select("year", "rivalry_row", actor="actor", rival="other")
    signed = soft_pacts(tables["atop_alliances"], tables["atop_members"])
    # the rivalry may end with the pact, so it must run in the year before
    before = rivals.with_columns(pl.col("year") + 1)
    engaged = signed.join(before, on=["actor", "rival", "year"]).join(protected, on=["actor", "year"])
    apart = engaged.filter(pl.col("rival") != pl.col("other"))
    friends = bound.select(rival="state", other="ally", year=pl.col("year") + 1)
    apart = apart.join(friends, on=["rival", "other", "year"], how="anti")
    cases = first_of_overlapping(apart.sort("year", "actor", "rival"), ["actor", "other"], YEARS)
    cases = _described(cases, spent).with_columns(
        row=pl.concat_str(["alliance_row", "pact_row", "rivalry_row"], separator="; ")
    )
    cases = named(cases, rival_name="rival").with_columns(
        name=names(("actor_name", "rival_name", "other_name"), "{} signed with {}; protector {}")
    )
    pool = protected.join(rivals.select("actor", "year").unique(), on=["actor", "year"])
    near = pl.concat([apart.select("actor", year=pl.col("year") + shift) for shift in range(YEARS + 1)]).unique()
    pool = _described(pool.join(near, on=["actor", "year"], how="anti").sort("actor", "year"), spent)
    pairs = similar(cases, pool, exact=[], near=["log_other", "log_age"])
    return Selection(cases, pool, pairs, {"left": ends}, {})


def soft_pacts(alliances: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return pacts between two states without a duty to defend or attack, from both sides: columns actor, rival, year, alliance_row."""
    soft = alliances.filter(
        pl.col("bilateral") == 1,
        pl.any_horizontal(pl.col(name) == 1 for name in SOFT),
        pl.all_horizontal(pl.col(name) == 0 for name in HARD),
    ).select("alliance", year=pl.col("begin_year").cast(pl.Int32))
    sides = members.select("alliance", actor="state").unique()
    both = soft.join(sides, on="alliance").join(sides.rename({"actor": "rival"}), on="alliance")
    both = both.filter(pl.col("actor") != pl.col("rival"))
    return both.with_columns(alliance_row=reference("atop_alliances", "alliance"))


def pacts_ended(bound: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return the ends of defence pacts: columns actor, other, on (the first year without the pact), event_row (its last year).

    A pact that ended because one of the two left the list of states does not count.
    """
    following = bound.select("state", "ally", year=pl.col("year") - 1)
    last = bound.filter(pl.col("year") < PACTS[1]).join(following, on=["state", "ally", "year"], how="anti")
    gone = states.filter(pl.col("last") < pl.col("last").max())
    gone = pl.concat([gone.select("state", year=pl.col("last") + shift) for shift in (-1, 0, 1)]).unique()
    last = last.join(gone, on=["state", "year"], how="anti")
    last = last.join(gone.rename({"state": "ally"}), on=["ally", "year"], how="anti")
    return last.select(actor="state", other="ally", on=pl.col("year") + 1, event_row="pact_row")


def _protected(bound: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Return each state's strongest ally by year, if it spends more than the state: columns actor, other, year, since, age, pact_row."""
    allies = bound.join(spent.rename({"state": "ally"}), on=["ally", "year"])
    first = bound.sort("year").with_columns(
        gap=(pl.col("year") - pl.col("year").shift(1).over("state", "ally")).fill_null(2) > 1
    )
    first = first.with_columns(since=pl.when("gap").then("year").forward_fill().over("state", "ally"))
    strongest = allies.sort("milex", "ally", descending=[True, False]).unique(["state", "year"], keep="first")
    own = spent.rename({"milex": "own"})
    known = strongest.join(own, on=["state", "year"]).filter(pl.col("milex") > pl.col("own"))
    known = known.join(first.select("state", "ally", "year", "since"), on=["state", "ally", "year"])
    return known.select("year", "pact_row", "since", actor="state", other="ally", age=pl.col("year") - pl.col("since"))


def _described(frame: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(
        base=pl.col("year") - 1, cluster=pair_name("actor", "other"), state=pl.col("actor").cast(pl.String)
    )
    frame = with_ratio(frame, spent, "state_to_protector", "actor", "other")
    frame = named(frame, actor_name="actor", other_name="other")
    return frame.with_columns(
        log_other=pl.col("state_to_protector").log(), log_age=(pl.col("age") + 1).log(),
        name=names(("actor_name", "other_name"), "{} with {}"),
    )  # fmt: skip
