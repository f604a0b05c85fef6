"""Contributors: how often the third member of a coalition became its largest contributor.

A coalition is a defence pact of three or more states. Its members are ranked by their military spending in the year of the pact, in
current money of that year, so no price index is needed. A member is the largest contributor in a year if it spends more than every other
member that year. The second members of the same pacts are the comparison.
"""

from __future__ import annotations

import polars as pl

from tocsin.evidence.classes.selection import Selection, Tables, named, reference
from tocsin.evidence.classes.windows import Happenings

YEARS = 15
IN_FORCE = 9999


def select(tables: Tables) -> Selection:
    """Return the third members of coalitions, and the years in which they spent most.

    Args:
        tables: the sources atop_alliances, atop_members and nmc.
    """
    # here 0 is a known amount: a member without forces is no gap
    spent = tables["nmc"].drop_nulls("milex").select("state", "year", "milex")
    last = int(tables["nmc"]["year"].max())  # type: ignore[arg-type]
    sides = membership(tables["atop_alliances"], tables["atop_members"])
    ranked = founders(sides, spent)
    years = _leaders(sides, spent, ranked)
    events = years.filter("leads").select(
        actor="state", other="alliance", on="year", event_row=reference("nmc", "state", "year")
    )
    known = ranked.join(_known_until(ranked, years, last), on=["alliance", "state"])
    rows = named(known, state_name="state", first_name="first").select(
        "year", "until", "rank", "members", "to_largest", actor="state", other="alliance", base=pl.col("year") - 1, since="year",
        cluster=pl.col("alliance").cast(pl.String), state=pl.col("state").cast(pl.String),
        name=pl.format("{} in pact {} with {}", "state_name", "alliance", "first_name"),
        row=pl.concat_str([reference("atop_alliances", "alliance"), reference("nmc", "state", "year")], separator="; "),
    )  # fmt: skip
    cases, pool = rows.filter(pl.col("rank") == 3), rows.filter(pl.col("rank") == 2)
    pairs = cases.with_row_index("case").join(pool.with_row_index("similar"), on="other")
    pairs = pairs.select(pl.col("case").cast(pl.Int64), pl.col("similar").cast(pl.Int64))
    largest = Happenings(events, int(spent["year"].min()), last)  # type: ignore[arg-type]
    return Selection(cases, pool, pairs, {"largest": largest}, {})


def membership(alliances: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the members of defence pacts of more than two states: columns alliance, state, begin, entry, exit (`IN_FORCE` if still in)."""
    several = alliances.filter(pl.col("defence") == 1, pl.col("bilateral") == 0)
    several = several.select("alliance", begin=pl.col("begin_year").cast(pl.Int32))
    exit_year = pl.when(pl.col("exit_year") == 0).then(IN_FORCE).otherwise("exit_year").cast(pl.Int32)
    spells = members.filter(pl.col("defence") == 1).with_columns(exit_year=exit_year)
    spells = spells.group_by("alliance", "state").agg(
        entry=pl.col("entry_year").min().cast(pl.Int32), exit=pl.col("exit_year").max()
    )
    return several.join(spells, on="alliance").sort("alliance", "state")


def founders(sides: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """Return the second and third founding member by spending: columns alliance, state, year, rank, first, members, to_largest, exit.

    A pact is left out if the spending of one of its founders in the year of the pact is not known, or it has fewer than three.
    """
    began = sides.filter(pl.col("entry") <= pl.col("begin")).rename({"begin": "year"})
    known = began.join(spent, on=["state", "year"], how="left")
    whole = known.filter(
        pl.col("milex").is_not_null().all().over("alliance"),
        pl.col("milex").sum().over("alliance") > 0,
        pl.len().over("alliance") >= 3,
    ).with_columns(members=pl.len().over("alliance"))
    ordered = whole.sort("alliance", "milex", "state", descending=[False, True, False]).with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("alliance"),
        first=pl.col("state").first().over("alliance"),
        to_largest=pl.col("milex") / pl.col("milex").first().over("alliance"),
    )
    return ordered.filter(pl.col("rank").is_in([2, 3])).select(
        "alliance", "state", "year", "rank", "first", "members", "to_largest", "exit"
    )


def _leaders(sides: pl.DataFrame, spent: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Return for each ranked member and year in the pact whether it leads: columns alliance, state, year, leads.

    A year is left out if its own spending or that of the first member, while in the pact, is not known.
    """
    spells = sides.join(ranked.select("alliance").unique(), on="alliance").with_columns(
        year=pl.int_ranges(
            pl.max_horizontal("entry", "begin"), pl.min_horizontal("exit", pl.col("begin") + YEARS) + 1, dtype=pl.Int32
        )
    )
    years = spells.explode("year").drop_nulls("year").join(spent, on=["state", "year"], how="left")
    most = years.group_by("alliance", "year").agg(most=pl.col("milex").max())
    firsts = ranked.select("alliance", "first").unique()
    first = years.join(firsts, left_on=["alliance", "state"], right_on=["alliance", "first"])
    unknown = first.filter(pl.col("milex").is_null()).select("alliance", "year")
    own = ranked.select("alliance", "state").join(years, on=["alliance", "state"]).drop_nulls("milex")
    own = own.join(unknown, on=["alliance", "year"], how="anti").join(most, on=["alliance", "year"])
    return own.select("alliance", "state", "year", leads=pl.col("milex") >= pl.col("most"))


def _known_until(ranked: pl.DataFrame, years: pl.DataFrame, last: int) -> pl.DataFrame:
    """Return the last year up to which each ranked member's place is known without a gap: columns alliance, state, until.

    After it leaves the pact, or the pact ends, it cannot become the largest: those years are known.
    """
    wanted = ranked.with_columns(
        later=pl.int_ranges(pl.col("year") + 1, pl.min_horizontal(pl.col("year") + YEARS, "exit", pl.lit(last)) + 1, dtype=pl.Int32)
    ).explode("later").drop_nulls("later")  # fmt: skip
    missing = wanted.join(
        years, left_on=["alliance", "state", "later"], right_on=["alliance", "state", "year"], how="anti"
    )
    gaps = missing.group_by("alliance", "state").agg(until=pl.col("later").min() - 1)
    known = ranked.join(gaps, on=["alliance", "state"], how="left")
    return known.select("alliance", "state", until=pl.col("until").fill_null(last).cast(pl.Int32))
