"""Every measure by name: what it is, the sets it needs, and how it is worked out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.data.governments import OWN_UNTIL, PARLGOV_UNTIL, own_governments, parlgov_governments
from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.data.states import cow_number, member_years
from tocsin.measure.alignment import alliance_ranks, alliance_similarity, vote_similarity
from tocsin.measure.asking import Input, Measure, Request
from tocsin.measure.balance import at_distance, balance
from tocsin.measure.capability import stock
from tocsin.measure.cinc import cinc, jumps
from tocsin.measure.disputes import reduced
from tocsin.measure.dyads import dyad_years, with_capability, with_disputes, with_distance, with_pacts
from tocsin.measure.politics import alignment_spells, camp_exits, camp_spells, leader_years, lean, moved, turnovers
from tocsin.measure.published_spending import institute_amounts, institute_dollars, world_bank_rates
from tocsin.measure.spending import spending
from tocsin.measure.ties import defence_pacts, ideal_distance, summary


def _of(name: str) -> tuple[int, int]:
    return source(name).years


def _span(request: Request) -> pl.Expr:
    return pl.col("year").is_between(request.first, request.last)


def _among(frame: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Rows of the years and states asked for; of pairs, those within the states."""
    frame = frame.filter(_span(request))
    if not request.states:
        return frame
    named = [name for name in ("state", "state1", "state2") if name in frame.columns]
    return frame.filter(pl.all_horizontal(pl.col(name).is_in(request.states) for name in named))


# --- capability ----------------------------------------------------------------------------------------------------


def _cinc(request: Request) -> pl.DataFrame:
    return _among(cinc(read("nmc")), request)


def _components(request: Request) -> pl.DataFrame:
    """All of NMC is in thousands; spending was counted in pounds to 1913, which are not given here as dollars."""
    names = {
        "spending": "milex", "personnel": "milper", "iron_steel": "irst", "energy": "pec", "population": "tpop", "urban": "upop",
    }  # fmt: skip
    found = _among(read("nmc"), request)
    found = found.with_columns(milex=pl.when(pl.col("year") > 1913).then(pl.col("milex")))
    return found.select("state", "year", **{name: pl.col(of) * 1000 for name, of in names.items()})


def _jumps(found: pl.DataFrame) -> list[str]:
    said = []
    for row in jumps(found).iter_rows(named=True):
        missing, was = (", ".join(row[name]) or "nothing" for name in ("missing", "was"))
        said.append(
            f"{row['code']} {row['year']} cannot be compared with the year before: {missing} is missing, {was} was; see low and high"
        )
    return said


def _balance(request: Request) -> pl.DataFrame:
    index = (
        cinc(read("nmc"))
        .filter(_span(request))
        .with_columns(value=pl.when(pl.col("missing").list.len() == 0).then(pl.col("cinc")))
    )
    return balance(index, *request.groups)


def _reach(request: Request) -> pl.DataFrame:
    system = dyad_years(member_years(read("states"), request.first, request.last), read("false_dyads"))
    dyads = _among(system, request)
    dyads = with_distance(with_capability(dyads, cinc(read("nmc"))), read("distance"))
    far = at_distance(
        dyads["cinc1"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        dyads["distance"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        request.inputs["half"],
    )
    return dyads.with_columns(reaching=pl.Series(far).fill_nan(None))


def _numbered(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of states by ISO code (column `iso`) with the state's number; those without one are left out."""
    number = pl.col("iso").replace_strict(dict(by_iso3()), default=None, return_dtype=pl.Int32)
    return found.with_columns(state=number).drop_nulls("state")


def _spending(request: Request) -> pl.DataFrame:
    found = spending(
        institute_amounts(),
        world_bank_rates(int(request.inputs["price_year"])),
        home_share=request.inputs["home_share"],
    )
    return _among(_numbered(found), request)


def _spending_stated(request: Request) -> pl.DataFrame:
    return _among(_numbered(institute_dollars()), request).select("state", "year", "dollars", "quality")


def _stock(request: Request) -> pl.DataFrame:
    whole = (
        _spending(Request(0, request.last, request.groups, request.inputs)).drop_nulls("military").sort("state", "year")
    )
    found = []
    for (state,), rows in whole.partition_by("state", as_dict=True).items():
        # perpetual inventory needs years without a gap: only what follows the last gap counts
        years = rows["year"].to_numpy()
        start = next((at for at in range(len(years) - 1, 0, -1) if years[at] != years[at - 1] + 1), 0)
        rows = rows.slice(start)
        held = stock(rows["military"].to_numpy(), depreciation=request.inputs["depreciation"])
        found.append(
            rows.select("year", state=pl.lit(state, pl.Int32), stock=pl.Series(held), since=pl.col("year").first())
        )
    columns = {"state": pl.Int32, "year": pl.Int32, "stock": pl.Float64, "since": pl.Int32}
    empty = pl.DataFrame(schema=columns)
    return pl.concat([empty, *(frame.select(*columns) for frame in found)]).filter(_span(request))


def _balance_of_spending(request: Request) -> pl.DataFrame:
    return balance(_spending(request).with_columns(value=pl.col("military")), *request.groups)


# --- alignment -----------------------------------------------------------------------------------------------------


def _alliances(request: Request) -> pl.DataFrame:
    ranks = alliance_ranks(read("atop_dyads").filter(_span(request)))
    last = min(request.last, _of("atop_dyads")[1])
    found = _among(alliance_similarity(member_years(read("states"), request.first, last), ranks), request)
    for own, other in (("state1", "state2"), ("state2", "state1")):
        owed = ranks.select(state1=own, state2=other, year="year", **{f"owed_by_{own[-1]}": "rank"})
        found = found.join(owed, on=["state1", "state2", "year"], how="left")
    # no row in ATOP within its coverage is no alliance
    return found.with_columns(pl.col("owed_by_1", "owed_by_2").fill_null(0))


def _pacts(request: Request) -> pl.DataFrame:
    return _among(defence_pacts(read("atop_dyads")), request)


def _pact_bars(found: pl.DataFrame) -> pl.DataFrame:
    """A bar for each run of years in which the same of the two had to defend the other."""
    both = pl.col("owed_by_1") & pl.col("owed_by_2")
    label = pl.when(both).then(pl.lit("each the other")).when("owed_by_1").then(pl.lit("first the second"))
    rows = found.sort("state1", "state2", "year").with_columns(label=label.otherwise(pl.lit("second the first")))
    pair, before = pl.struct("state1", "state2", "label"), pl.col("year").shift(1)
    run = ((pair != pair.shift(1)) | (pl.col("year") != before + 1)).fill_null(value=True).cum_sum()
    spells = rows.with_columns(run=run).group_by(
        "run", "state1", "state2", "code1", "code2", "label", maintain_order=True
    )
    last = _of("atop_dyads")[1]
    return spells.agg(first=pl.col("year").min(), last=pl.col("year").max()).with_columns(
        start=pl.date("first", 1, 1),
        end=pl.when(pl.col("last") < last).then(pl.date("last", 12, 31)),
        until=pl.date("last", 12, 31),
    )


def _by_session(table: pl.DataFrame) -> pl.DataFrame:
    """A session is of the year in which it begins."""
    return table.with_columns(year=(pl.col("session") + 1945).cast(pl.Int32))


def _votes(request: Request) -> pl.DataFrame:
    votes = _by_session(read("un_votes").join(read("un_roll_calls"), on="resolution")).filter(_span(request))
    if request.states:
        votes = votes.filter(pl.col("state").is_in(request.states))
    return vote_similarity(votes).filter(pl.col("items") > 0)


def _positions(request: Request) -> pl.DataFrame:
    return _among(ideal_distance(_by_session(read("ideal_points"))), request)


def _alignment(request: Request) -> pl.DataFrame:
    everyone = Request(request.first, request.last)
    key = ("state1", "state2", "year")
    owed = _alliances(everyone)
    parts = {
        # of the two duties to defend each other, the share that is owed
        "pact": owed.select(*key, value=pl.mean_horizontal(*((pl.col(name) == 3).cast(pl.Float64) for name in _OWED))),
        "portfolios": owed.select(*key, value="kappa"),
        "votes": _votes(everyone).select(*key, value="agreement"),
        "positions": _positions(everyone).select(*key, value=-pl.col("distance")),
    }
    return _among(summary(parts), request)


_OWED = ("owed_by_1", "owed_by_2")


# --- disputes ------------------------------------------------------------------------------------------------------


def _system(request: Request, last: int) -> pl.DataFrame:
    members = member_years(read("states"), request.first, min(request.last, last))
    if request.states:
        members = members.filter(pl.col("state").is_in(request.states))
    return dyad_years(members, read("false_dyads"))


def _disputes(request: Request) -> pl.DataFrame:
    covered = _of("gml_dyads")
    return with_disputes(_system(request, covered[1]), reduced(read("gml_dyads")), covered)


def _bars(found: pl.DataFrame) -> pl.DataFrame:
    """A bar for each pair and year with a dispute, both directions as one, by the highest level of hostility."""
    levels = {1: "no act", 2: "threat", 3: "display", 4: "use of force", 5: "war"}
    level = pl.max_horizontal("hostility1", "hostility2").replace_strict(
        levels, default="unknown", return_dtype=pl.String
    )
    rows = found.filter(pl.col("ongoing") == 1, pl.col("state1") < pl.col("state2"))
    end = pl.date("year", 12, 31)
    return rows.with_columns(start=pl.date("year", 1, 1), end=end, until=end, label=level)


def _disputes_cow(request: Request) -> pl.DataFrame:
    covered = _of("mid_dyads")
    whole = read("mid_disputes").drop("year", "outcome", "settlement")
    return with_disputes(
        _system(request, covered[1]), reduced(read("mid_dyads").join(whole, on="dispute", how="left")), covered
    )


def _dyads(request: Request) -> pl.DataFrame:
    found = with_capability(_system(request, _of("nmc")[1]), cinc(read("nmc")))
    found = with_pacts(with_distance(found, read("distance")), read("atop_dyads"), _of("atop_dyads"))
    return with_disputes(found, reduced(read("gml_dyads")), _of("gml_dyads"))


# --- politics ------------------------------------------------------------------------------------------------------


def _leaders(request: Request) -> pl.DataFrame:
    spells = read("leaders").with_columns(state=cow_number("state", pl.col("end").dt.year()))
    in_office = pl.col("exit") == "Still in Office"
    return _overlapping(spells, request).select(
        "state", "leader", "start", end=pl.when(~in_office).then(pl.col("end")), until="end", entry="entry", exit="exit"
    )


def _overlapping(spells: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Spells that run in any of the years asked for."""
    begun = pl.col("start").dt.year() <= request.last
    lasting = pl.col("end").is_null() | (pl.col("end").dt.year() >= request.first)
    spells = spells.filter(begun & lasting)
    return spells.filter(pl.col("state").is_in(request.states)) if request.states else spells


def _turnover(request: Request) -> pl.DataFrame:
    found = leader_years(read("leaders")).with_columns(state=cow_number("state", pl.col("year")))
    return _among(found, request)


def _camps(states: Sequence[int]) -> pl.DataFrame:
    """Spells of camps: our own table for its states, ParlGov's for others; without a state named, our own alone."""
    own = own_governments()
    found = [camp_spells(own, OWN_UNTIL)]
    if set(states) - set(own["state"]):
        others = parlgov_governments().filter(~pl.col("state").is_in(own["state"].unique().implode()))
        found.append(camp_spells(others, PARLGOV_UNTIL))
    return pl.concat(found)


def _governments(request: Request) -> pl.DataFrame:
    return _overlapping(_camps(request.states), request)


def _exits(request: Request) -> pl.DataFrame:
    """Of the states asked for, or of our own table's."""
    found = camp_exits(_camps(request.states), date(request.first, 1, 1), date(request.last, 12, 31))
    return found.filter(pl.col("state").is_in(request.states)) if request.states else found


def _lean_of(request: Request) -> pl.DataFrame:
    (state,), (partner,), (rival,) = request.groups
    near = ideal_distance(_by_session(read("ideal_points"))).with_columns(value=-pl.col("distance"))
    return lean(near, partner, rival).filter(pl.col("state") == state)


def _lean(request: Request) -> pl.DataFrame:
    return _lean_of(request).filter(_span(request))


def _alignment_spells(request: Request) -> pl.DataFrame:
    found = alignment_spells(_lean_of(request))
    return found.filter((pl.col("first") <= request.last) & (pl.col("last") >= request.first)).select(
        "state",
        "side",
        start=pl.date("first", 1, 1),
        end=pl.when(~pl.col("runs_on")).then(pl.date("last", 12, 31)),
        until=pl.date("last", 12, 31),
    )


def _shifts(request: Request) -> pl.DataFrame:
    (state,) = request.groups[0]
    changes = turnovers(_camps([state])).filter(pl.col("state") == state)
    near = _lean_of(request).rename({"lean": "value"})
    return moved(changes, near, window=int(request.inputs["window"])).filter(_span(request))


# --- the catalogue -------------------------------------------------------------------------------------------------

_SIPRI = ("sipri_spending", "wb_product_native", "wb_product_real", "wb_ppp", "wb_rate")
_HALF = Input(2000.0, 1.0, 1e6, "km over which half of a strength is lost; yours to judge")
_HOME = Input(0.5, 0.0, 1.0, "share of a force that is bought at home prices; yours to judge")
_PRICES = Input(2023, 1960, 2100, "year whose prices and rates are used")
_DEPRECIATION = Input(0.08, 0.001, 1.0, "share of the stock that wears out in a year; yours to judge")
_WINDOW = Input(3, 1, 30, "years before and after a change that are compared")
_LATE = (1949, date.today().year)
_POSITIONS = (1946, 2019)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "components": Measure(
            what="the six components of the index of capability",
            needs=("nmc", "states"), years=_of("nmc"), work=_components, shown="personnel",
            units={"spending": "USD", "personnel": "persons", "population": "persons", "urban": "persons"},
            says="Spending is in current dollars, of after 1913 alone; energy in tons of coal.",
        ),
        "cinc": Measure(
            what="index of capability, with bounds where components are missing",
            needs=("nmc", "states"), years=_of("nmc"), work=_cinc, shown="cinc", span=("low", "high"), notes=_jumps,
        ),
        "balance": Measure(
            what="share of the first side in the capability of both",
            needs=("nmc", "states"), years=_of("nmc"), work=_balance, about="sides", shown="share", span=("low", "high"),
        ),
        "reach": Measure(
            what="capability of state 1 that reaches state 2 over the distance between them",
            needs=("nmc", "distance", "states", "false_dyads"), years=_of("distance"), work=_reach, about="pairs",
            inputs={"half": _HALF}, shown="reaching",
            says="Distances are between nearest points of home territory: Alaska and Hawaii count since 1959.",
        ),
        "spending": Measure(
            what="military spending: native, real, at market, purchasing and military purchasing power",
            needs=(*_SIPRI, "states"), years=_LATE, work=_spending, inputs={"home_share": _HOME, "price_year": _PRICES},
            shown="military", span=("low", "high"), units=dict.fromkeys(("market", "ppp", "military"), "USD"),
        ),
        "spending_stated": Measure(
            what="military spending as SIPRI states it in current dollars",
            needs=("sipri_spending", "states"), years=_LATE, work=_spending_stated, shown="dollars", units={"dollars": "USD"},
        ),
        "stock": Measure(
            what="military stock: spending added up, less what wears out",
            needs=(*_SIPRI, "states"), years=_LATE, work=_stock, shown="stock",
            inputs={"home_share": _HOME, "price_year": _PRICES, "depreciation": _DEPRECIATION},
        ),
        "balance_spending": Measure(
            what="share of the first side in the spending of both",
            needs=(*_SIPRI, "states"), years=_LATE, work=_balance_of_spending, about="sides",
            inputs={"home_share": _HOME, "price_year": _PRICES}, shown="share", span=("low", "high"),
        ),
        "alliances": Measure(
            what="S, kappa and pi of alliance portfolios, and what each owes the other (0 to 3)",
            needs=("atop_dyads", "states"), years=(1816, 2018), work=_alliances, about="pairs", shown="s",
        ),
        "pacts": Measure(
            what="pairs of states of which one must defend the other, and which",
            needs=("atop_dyads", "states"), years=_of("atop_dyads"), work=_pacts, about="pairs", bars=_pact_bars,
        ),
        "votes": Measure(
            what="likeness of votes in the United Nations",
            needs=("un_votes", "un_roll_calls", "states"), years=_POSITIONS, work=_votes, about="pairs", shown="agreement",
        ),
        "positions": Measure(
            what="distance of positions in the United Nations (ideal points)",
            needs=("ideal_points", "states"), years=_POSITIONS, work=_positions, about="pairs", shown="distance",
        ),
        "alignment": Measure(
            what="pacts, portfolios, votes and positions side by side, and the mean of their ranks",
            needs=("atop_dyads", "un_votes", "un_roll_calls", "ideal_points", "states"), years=(1816, 2019),
            work=_alignment, about="pairs", shown="closeness", span=("low", "high"),
            says="The mean of four ranks among all pairs of the year: look at the parts before you quote it.",
        ),
        "disputes": Measure(
            what="militarised disputes by directed dyad and year, one each (Gibler, Miller and Little)",
            needs=("gml_dyads", "states", "false_dyads"), years=_of("gml_dyads"), work=_disputes, about="pairs", bars=_bars,
        ),
        "disputes_cow": Measure(
            what="the same of the Correlates of War",
            needs=("mid_dyads", "mid_disputes", "states", "false_dyads"), years=_of("mid_dyads"), work=_disputes_cow,
            about="pairs", bars=_bars,
        ),
        "dyads": Measure(
            what="directed dyad-years with capability, distance, pacts and disputes",
            needs=("states", "false_dyads", "nmc", "distance", "atop_dyads", "gml_dyads"), years=(1816, 2022), work=_dyads,
            about="pairs", shown="distance",
        ),
        "leaders": Measure(
            what="spells of leaders", needs=("leaders", "states"), years=(1840, 2015), work=_leaders,
        ),
        "turnover": Measure(
            what="leaders by year, and whether the lead passed on", needs=("leaders", "states"), years=(1840, 2015),
            work=_turnover, shown="leaders",
        ),
        "governments": Measure(
            what="spells of governing camps",
            says="South Korea and Japan from a table of this program (its rows name their sources), others from ParlGov, by the "
            "party of the prime minister: get parlgov_countries parlgov_cabinets parlgov_cabinet_parties parlgov_parties.",
            needs=("states",), years=(1900, OWN_UNTIL.year), work=_governments,
        ),
        "exits": Measure(
            what="how often each governing camp was turned out, and its years in office",
            says="Time without a government of a camp (acting heads, caretakers) counts for none.",
            needs=("states",), years=(1900, OWN_UNTIL.year), work=_exits, rate=("ended", "years"),
        ),
        "lean": Measure(
            what="how much nearer a state's position is to a partner's than to a rival's",
            needs=("ideal_points", "states"), years=_POSITIONS, work=_lean, about="three", shown="lean",
        ),
        "lean_spells": Measure(
            what="spells in which it was nearer to the one or the other",
            needs=("ideal_points", "states"), years=_POSITIONS, work=_alignment_spells, about="three",
        ),
        "shifts": Measure(
            what="how the lean moved at each change of the governing camp",
            needs=("ideal_points", "states"), years=(1900, OWN_UNTIL.year), work=_shifts, about="three",
            inputs={"window": _WINDOW}, shown="move",
        ),
    }
)  # fmt: skip
