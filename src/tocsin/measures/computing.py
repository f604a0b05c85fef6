"""Compute the measures of the catalogue from data sets in the cache, and their warnings and spells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from tocsin.data.codes import with_state
from tocsin.data.governments import OWN_UNTIL, PARLGOV_UNTIL, own_governments, parlgov_governments
from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.data.states import cow_number, cow_number_on, cow_spells, member_years, side_years
from tocsin.measures.alignment import DEFENCE, alliance_ranks, alliance_similarity, vote_similarity
from tocsin.measures.balance import balance, strength_at_distance
from tocsin.measures.capability import stock
from tocsin.measures.cinc import cinc, jumps
from tocsin.measures.definition import Request
from tocsin.measures.disputes import one_per_dyad_year
from tocsin.measures.dyads import dyad_years, with_capability, with_disputes, with_distance, with_pacts
from tocsin.measures.politics import alignment_spells, camp_exits, camp_spells, leader_years, lean, shifts, turnovers
from tocsin.measures.projection import projection
from tocsin.measures.published_spending import sipri_amounts, sipri_dollars, sipri_measure, world_bank_rates
from tocsin.measures.spending import spending
from tocsin.measures.ties import defence_pacts, ideal_distance, summary


def _years(name: str) -> tuple[int, int]:
    return source(name).years


def _in_years(request: Request) -> pl.Expr:
    return pl.col("year").is_between(request.first, request.last)


def _among(frame: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Return the rows of the requested years and states. A pair counts only if both of its states are requested."""
    frame = frame.filter(_in_years(request))
    if not request.states:
        return frame
    named = [name for name in ("state", "state1", "state2") if name in frame.columns]
    return frame.filter(pl.all_horizontal(pl.col(name).is_in(request.states) for name in named))


# --- capability ----------------------------------------------------------------------------------------------------


GOLD_PARITY = 4.8665
"""Dollars to the pound by their gold: 113.0016 grains of fine gold against 23.22, by the laws of 1816 and 1837."""


def _cinc(request: Request) -> pl.DataFrame:
    return _among(cinc(read("nmc")), request)


def _components(request: Request) -> pl.DataFrame:
    """Return the components in units instead of thousands; spending before 1914 is in pounds, which become gold dollars too."""
    names = {
        "spending": "dollars", "spending_pounds": "pounds", "personnel": "milper", "iron_steel": "irst", "energy": "pec", "population": "tpop", "urban": "upop",
    }  # fmt: skip
    rows = _among(read("nmc"), request)
    in_pounds, stated = pl.col("year") < 1914, pl.col("milex")
    rows = rows.with_columns(
        dollars=pl.when(in_pounds).then(stated * GOLD_PARITY).otherwise(stated),
        pounds=pl.when(in_pounds).then(stated),
    )
    return rows.select("state", "year", **{name: pl.col(column) * 1000 for name, column in names.items()})


def _jump_warnings(frame: pl.DataFrame) -> list[str]:
    warnings = []
    for row in jumps(frame).iter_rows(named=True):
        now, before = (", ".join(row[name]) or "none" for name in ("missing", "missing_before"))
        warnings.append(
            f"{row['code']} {row['year']}: not comparable with the year before; missing components: {now}, the year before: {before}"
        )
    return warnings


def _balance(request: Request) -> pl.DataFrame:
    index = (
        cinc(read("nmc"))
        .filter(_in_years(request))
        .with_columns(value=pl.when(pl.col("missing").list.len() == 0).then(pl.col("cinc")))
    )
    return _balance_of(index, request)


def _balance_of(strength: pl.DataFrame, request: Request) -> pl.DataFrame:
    members = member_years(read("states"), request.first, request.last)
    with_data = strength.drop_nulls("value").select("state", "year")
    years = pl.concat([members, with_data], how="vertical_relaxed")
    sides = [side_years(years, side) for side in request.groups]
    return balance(strength.filter(_in_years(request)), *request.groups, members=pl.concat(sides))


def _reach(request: Request) -> pl.DataFrame:
    system = dyad_years(member_years(read("states"), request.first, request.last), read("false_dyads"))
    dyads = _among(system, request)
    dyads = with_distance(with_capability(dyads, cinc(read("nmc"))), read("distance"))
    reaching = strength_at_distance(
        dyads["cinc1"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        dyads["distance"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        request.inputs["half"],
    )
    return dyads.with_columns(reaching=pl.Series(reaching).fill_nan(None))


def _projection(request: Request) -> pl.DataFrame:
    dyads = with_capability(_system(request, request.last), cinc(read("nmc")))
    dyads = with_distance(dyads, read("distance"))
    return projection(dyads.drop("cinc2"), read("capitals"))


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the COW number of the code in column `iso` that year, without rows that have none."""
    return with_state(frame, code="iso", year="year").drop_nulls("state")


def _spending(request: Request) -> pl.DataFrame:
    amounts, rates = sipri_amounts(), world_bank_rates(int(request.inputs["price_year"]))
    return _among(_numbered(spending(amounts, rates, home_share=request.inputs["home_share"])), request)


def _spending_stated(request: Request) -> pl.DataFrame:
    real = sipri_measure("real_dollars").select("state", "year", real_dollars=pl.col("value") * 1e6)
    stated = _numbered(sipri_dollars()).with_columns(pl.col("state", "year").cast(pl.Int32))
    stated = stated.join(real, on=["state", "year"], how="left")
    return _among(stated, request).select("state", "year", "dollars", "quality", "real_dollars")


def _stock(request: Request) -> pl.DataFrame:
    before = Request(0, request.last, request.groups, request.inputs)
    spent = _spending(before).drop_nulls("military").sort("state", "year")
    columns = {"state": pl.Int32, "year": pl.Int32, "stock": pl.Float64, "since": pl.Int32}
    frames = [pl.DataFrame(schema=columns)]
    for (state,), rows in spent.partition_by("state", as_dict=True).items():
        # perpetual inventory needs consecutive years, so only years since the last gap count
        years = rows["year"].to_numpy()
        start = next((index for index in range(len(years) - 1, 0, -1) if years[index] != years[index - 1] + 1), 0)
        rows = rows.slice(start)
        stocks = pl.Series(stock(rows["military"].to_numpy(), depreciation=request.inputs["depreciation"]))
        frame = rows.select("year", state=pl.lit(state, pl.Int32), stock=stocks, since=pl.col("year").first())
        frames.append(frame.select(*columns))
    return pl.concat(frames).filter(_in_years(request))


def _balance_of_spending(request: Request) -> pl.DataFrame:
    return _balance_of(_spending(request).with_columns(value=pl.col("military")), request)


# --- alignment -----------------------------------------------------------------------------------------------------


def _alliances(request: Request) -> pl.DataFrame:
    ranks = alliance_ranks(read("atop_dyads").filter(_in_years(request)))
    last = min(request.last, _years("atop_dyads")[1])
    members = member_years(read("states"), request.first, last)
    pairs = _among(alliance_similarity(members, ranks, among=request.states), request)
    for debtor, creditor, name in (("state1", "state2", "owed_by_1"), ("state2", "state1", "owed_by_2")):
        owed = ranks.select(pl.col("rank").alias(name), state1=debtor, state2=creditor, year="year")
        pairs = pairs.join(owed, on=["state1", "state2", "year"], how="left")
    # within its coverage ATOP lists every alliance
    return pairs.with_columns(pl.col("owed_by_1", "owed_by_2").fill_null(0))


def _pacts(request: Request) -> pl.DataFrame:
    return _among(defence_pacts(read("atop_dyads")), request)


def _pact_spells(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a spell for each run of years with the same obligation to defend."""
    both = pl.col("owed_by_1") & pl.col("owed_by_2")
    label = pl.when(both).then(pl.lit("both defend")).when("owed_by_1").then(pl.lit("first defends second"))
    rows = frame.sort("state1", "state2", "year").with_columns(label=label.otherwise(pl.lit("second defends first")))
    pair, before = pl.struct("state1", "state2", "label"), pl.col("year").shift(1)
    run = ((pair != pair.shift(1)) | (pl.col("year") != before + 1)).fill_null(value=True).cum_sum()
    spells = rows.with_columns(run=run).group_by(
        "run", "state1", "state2", "code1", "code2", "label", maintain_order=True
    )
    last = _years("atop_dyads")[1]
    return spells.agg(first=pl.col("year").min(), last=pl.col("year").max()).with_columns(
        start=pl.date("first", 1, 1),
        end=pl.when(pl.col("last") < last).then(pl.date("last", 12, 31)),
        until=pl.date("last", 12, 31),
    )


def _by_session(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with the year in which each session began."""
    return table.with_columns(year=(pl.col("session") + 1945).cast(pl.Int32))


def _votes(request: Request) -> pl.DataFrame:
    votes = _by_session(read("un_votes").join(read("un_roll_calls"), on="resolution")).filter(_in_years(request))
    if request.states:
        votes = votes.filter(pl.col("state").is_in(request.states))
    return vote_similarity(votes).filter(pl.col("items") > 0)


def _positions(request: Request) -> pl.DataFrame:
    return _among(ideal_distance(_by_session(read("ideal_points"))), request)


def _alignment(request: Request) -> pl.DataFrame:
    everyone = Request(request.first, request.last)
    key = ("state1", "state2", "year")
    owed, owed_by = _alliances(everyone), ("owed_by_1", "owed_by_2")
    parts = {
        # the share of the two possible obligations to defend that exist
        "pact": owed.select(
            *key, value=pl.mean_horizontal(*((pl.col(name) == DEFENCE).cast(pl.Float64) for name in owed_by))
        ),
        "portfolios": owed.select(*key, value="kappa"),
        "votes": _votes(everyone).select(*key, value="agreement"),
        "positions": _positions(everyone).select(*key, value=-pl.col("distance")),
    }
    return _among(summary(parts), request)


# --- disputes ------------------------------------------------------------------------------------------------------


def _system(request: Request, last: int) -> pl.DataFrame:
    members = member_years(read("states"), request.first, min(request.last, last))
    if request.states:
        members = members.filter(pl.col("state").is_in(request.states))
    return dyad_years(members, read("false_dyads"))


def _disputes(request: Request) -> pl.DataFrame:
    covered = _years("gml_dyads")
    return with_disputes(_system(request, covered[1]), one_per_dyad_year(read("gml_dyads")), covered)


def _dispute_spells(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a spell for each pair and year with a dispute, labelled by the highest level of hostility of either side."""
    levels = {1: "no act", 2: "threat", 3: "display", 4: "use of force", 5: "war"}
    level = pl.max_horizontal("hostility1", "hostility2").replace_strict(
        levels, default="unknown", return_dtype=pl.String
    )
    rows = frame.filter(pl.col("ongoing") == 1, pl.col("state1") < pl.col("state2"))
    end = pl.date("year", 12, 31)
    return rows.with_columns(start=pl.date("year", 1, 1), end=end, until=end, label=level)


def _disputes_cow(request: Request) -> pl.DataFrame:
    covered = _years("mid_dyads")
    facts = read("mid_disputes").drop("year", "outcome", "settlement")
    disputes = one_per_dyad_year(read("mid_dyads").join(facts, on="dispute", how="left"))
    return with_disputes(_system(request, covered[1]), disputes, covered)


def _dyads(request: Request) -> pl.DataFrame:
    dyads = with_capability(_system(request, _years("nmc")[1]), cinc(read("nmc")))
    dyads = with_pacts(with_distance(dyads, read("distance")), read("atop_dyads"), _years("atop_dyads"))
    return with_disputes(dyads, one_per_dyad_year(read("gml_dyads")), _years("gml_dyads"))


# --- politics ------------------------------------------------------------------------------------------------------


STILL_IN_OFFICE, ALREADY_IN_OFFICE = "Still in Office", "Already in Office"
"""Exit of a leader in office when the list or the state ends; entry of one in office when a united state begins."""


def _leaders(request: Request) -> pl.DataFrame:
    in_office = pl.col("exit") == STILL_IN_OFFICE
    listed = read("leaders").with_columns(end=pl.when(~in_office).then(pl.col("end")), until=pl.col("end"))
    spells = cow_spells(listed).with_columns(
        entry=pl.when(pl.col("continued")).then(pl.lit(ALREADY_IN_OFFICE)).otherwise("entry"),
        exit=pl.when(pl.col("end").is_null()).then(pl.lit(STILL_IN_OFFICE)).otherwise("exit"),
    )
    return _overlapping(spells, request).select("state", "leader", "start", "end", "until", "entry", "exit")


def _overlapping(spells: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Return the spells that overlap the requested years."""
    starts = pl.col("start").dt.year() <= request.last
    ends = pl.coalesce("end", "until").dt.year() >= request.first
    spells = spells.filter(starts & ends)
    return spells.filter(pl.col("state").is_in(request.states)) if request.states else spells


def _turnover(request: Request) -> pl.DataFrame:
    # the lists of Yugoslavia and Serbia, one state in COW, meet in 2006; both numbers of a union never do
    spells = read("leaders").with_columns(cow_number_on("state", pl.date(1, 1, 1)))
    years = leader_years(spells).with_columns(state=cow_number("state", pl.col("year")))
    return _among(years, request)


def _camps(states: Sequence[int]) -> pl.DataFrame:
    """Return spells of camps from the program's table, and from ParlGov for requested states that it lacks.

    A spell is cut where its state got a new number; see `cow_spells`.
    """
    own = own_governments()
    spells = [camp_spells(own, OWN_UNTIL)]
    if set(states) - set(own["state"]):
        others = parlgov_governments().filter(~pl.col("state").is_in(own["state"].unique().implode()))
        spells.append(camp_spells(others, PARLGOV_UNTIL))
    return cow_spells(pl.concat(spells)).drop("continued")


def _governments(request: Request) -> pl.DataFrame:
    return _overlapping(_camps(request.states), request)


def _governments_of_first(request: Request) -> pl.DataFrame:
    return _governments(Request(request.first, request.last, request.groups[:1]))


def _exits(request: Request) -> pl.DataFrame:
    """Return the exits in the requested states, or in those of the program's table."""
    exits = camp_exits(_camps(request.states), date(request.first, 1, 1), date(request.last, 12, 31))
    return exits.filter(pl.col("state").is_in(request.states)) if request.states else exits


def _lean_of(request: Request) -> pl.DataFrame:
    (state,), (partner,), (rival,) = request.groups
    points = _by_session(read("ideal_points")).filter(pl.col("state").is_in(request.states))
    closeness = ideal_distance(points).with_columns(value=-pl.col("distance"))
    return lean(closeness, partner, rival).filter(pl.col("state") == state)


def _lean(request: Request) -> pl.DataFrame:
    return _lean_of(request).filter(_in_years(request))


def _alignment_spells(request: Request) -> pl.DataFrame:
    spells = alignment_spells(_lean_of(request))
    return spells.filter((pl.col("first") <= request.last) & (pl.col("last") >= request.first)).select(
        "state",
        "side",
        start=pl.date("first", 1, 1),
        end=pl.when(~pl.col("runs_on")).then(pl.date("last", 12, 31)),
        until=pl.date("last", 12, 31),
    )


def _shifts(request: Request) -> pl.DataFrame:
    (state,) = request.groups[0]
    changes = turnovers(_camps([state])).filter(pl.col("state") == state)
    leans = _lean_of(request).rename({"lean": "value"})
    return shifts(changes, leans, window=int(request.inputs["window"])).filter(_in_years(request))


FUNCTIONS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        function.__name__.removeprefix("_"): function
        for function in (
            _components,
            _cinc,
            _jump_warnings,
            _balance,
            _reach,
            _projection,
            _spending,
            _spending_stated,
            _stock,
            _balance_of_spending,
            _alliances,
            _pacts,
            _pact_spells,
            _votes,
            _positions,
            _alignment,
            _disputes,
            _dispute_spells,
            _disputes_cow,
            _dyads,
            _leaders,
            _turnover,
            _governments,
            _exits,
            _lean,
            _alignment_spells,
            _shifts,
            _governments_of_first,
        )
    }
)
"""The functions that the catalogue names, by name."""
