"""Define the catalogue of measures. `tocsin.measures.computing` computes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from tocsin.data.governments import OWN_UNTIL
from tocsin.data.registry import source
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.definition import Input, Measure, RateColumns
from tocsin.translation import message, template


def _years(name: str) -> tuple[int, int]:
    return source(name).years


def _later(name: str) -> Callable[[Any], Any]:
    """Return a function of `computing`, which is imported when the function is called: it loads data frames."""
    return partial(_call, name)


def _call(name: str, argument: Any) -> Any:
    from tocsin.measures.computing import FUNCTIONS

    return FUNCTIONS[name](argument)


_SIPRI = ("sipri_spending", "wb_product_native", "wb_product_real", "wb_ppp", "wb_rate")
_HALF = Input(2000.0, 1.0, 1e6, template("distance in km over which a state loses half of its strength; a judgement"))
_HOME = Input(0.5, 0.0, 1.0, template("share of a force bought at domestic prices; a judgement"))
_PRICES = Input(2023, 1960, 2100, template("year whose prices and rates are used"))
_DEPRECIATION = Input(0.08, 0.001, 1.0, template("share of the stock that wears out in a year; a judgement"))
_WINDOW = Input(3, 1, 30, template("years compared before and after a change"))
_SINCE_1949 = (1949, date.today().year)
_UN_YEARS = (1946, 2019)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "components": Measure(
            title=template("the six components of the capability index"),
            sources=("nmc", "states"), years=_years("nmc"), compute=_later("components"), main_column="personnel",
            units={"spending": "USD", "spending_pounds": "GBP", "personnel": "persons", "population": "persons", "urban": "persons"},
            note="Spending is in current dollars at market rates. Before 1914 it is stated in pounds (`spending_pounds`), which count 4.8665"
            " dollars, the gold parity. Energy is in tons of coal.",
        ),
        "cinc": Measure(
            title=template("capability index (CINC), with bounds if components are missing"),
            sources=("nmc", "states"), years=_years("nmc"), compute=_later("cinc"), main_column="cinc", bounded=True,
            warnings=_later("jump_warnings"),
        ),
        "balance": Measure(
            title=template("the first side's share of the capability of both sides"),
            sources=("nmc", "states"), years=_years("nmc"), compute=_later("balance"), subject="sides", main_column="share",
            bounded=True,
        ),
        "reach": Measure(
            title=template("capability of state 1, reduced by its distance from state 2"),
            sources=("nmc", "distance", "states", "false_dyads"), years=_years("distance"), compute=_later("reach"), subject="pairs",
            inputs={"half": _HALF}, main_column="reaching",
            note="Distances are between the nearest points of home territory; Alaska and Hawaii count from 1959.",
        ),
        "projection": Measure(
            title=template("share of its force that state 1 can use at the territory of state 2, by distance (Bueno de Mesquita 1981)"),
            sources=("nmc", "distance", "capitals", "states", "false_dyads"), years=_years("distance"), compute=_later("projection"),
            subject="pairs", main_column="share", bounded=True,
            note="A convention and no estimate: the bounds are half and twice the speed, and the distance of borders and of capitals.",
        ),
        "spending": Measure(
            title=template("military spending in local currency and in dollars at market, purchasing-power and military rates"),
            sources=(*_SIPRI, "states"), years=_SINCE_1949, compute=_later("spending"),
            inputs={"home_share": _HOME, "price_year": _PRICES}, main_column="military", bounded=True,
            units=dict.fromkeys(("market", "ppp", "military"), "USD"),
        ),
        "spending_stated": Measure(
            title=template("military spending in current dollars, and in real dollars of 2023, as SIPRI states them"),
            sources=("sipri_spending", "states"), years=_SINCE_1949, compute=_later("spending_stated"), main_column="dollars",
            units={"dollars": "USD", "real_dollars": "USD of 2023"},
        ),
        "stock": Measure(
            title=template("military capital stock: accumulated spending less depreciation"),
            sources=(*_SIPRI, "states"), years=_SINCE_1949, compute=_later("stock"), main_column="stock",
            inputs={"home_share": _HOME, "price_year": _PRICES, "depreciation": _DEPRECIATION},
        ),
        "balance_spending": Measure(
            title=template("the first side's share of the spending of both sides"),
            sources=(*_SIPRI, "states"), years=_SINCE_1949, compute=_later("balance_of_spending"), subject="sides",
            inputs={"home_share": _HOME, "price_year": _PRICES}, main_column="share", bounded=True,
        ),
        "alliances": Measure(
            title=template("similarity of alliance portfolios (S, kappa, pi), and the obligation of each state to the other (0 to 3)"),
            sources=("atop_dyads", "states"), years=(1816, 2018), compute=_later("alliances"), subject="pairs", main_column="s",
        ),
        "pacts": Measure(
            title=template("pairs of states in which one must defend the other"),
            sources=("atop_dyads", "states"), years=_years("atop_dyads"), compute=_later("pacts"), subject="pairs",
            spells=_later("pact_spells"), absence="pact",
        ),
        "votes": Measure(
            title=template("similarity of votes in the United Nations"),
            sources=("un_votes", "un_roll_calls", "states"), years=_UN_YEARS, compute=_later("votes"), subject="pairs",
            main_column="agreement",
        ),
        "positions": Measure(
            title=template("distance between positions in the United Nations (ideal points)"),
            sources=("ideal_points", "states"), years=_UN_YEARS, compute=_later("positions"), subject="pairs", main_column="distance",
        ),
        "alignment": Measure(
            title=template("pacts, alliance portfolios, votes and positions, and the mean of their ranks"),
            sources=("atop_dyads", "un_votes", "un_roll_calls", "ideal_points", "states"), years=(1816, 2019),
            compute=_later("alignment"), subject="pairs", main_column="closeness", bounded=True,
            note="The mean of four ranks among all pairs of the year; look at the parts before you quote it.",
        ),
        "disputes": Measure(
            title=template("militarized disputes by directed dyad-year, one per dyad-year (Gibler, Miller and Little)"),
            sources=("gml_dyads", "states", "false_dyads"), years=_years("gml_dyads"), compute=_later("disputes"), subject="pairs",
            spells=_later("dispute_spells"),
        ),
        "disputes_cow": Measure(
            title=template("militarized disputes by directed dyad-year, one per dyad-year (Correlates of War)"),
            sources=("mid_dyads", "mid_disputes", "states", "false_dyads"), years=_years("mid_dyads"), compute=_later("disputes_cow"),
            subject="pairs", spells=_later("dispute_spells"),
        ),
        "dyads": Measure(
            title=template("directed dyad-years with capability, distance, pacts and disputes"),
            sources=("states", "false_dyads", "nmc", "distance", "atop_dyads", "gml_dyads"), years=(1816, 2022),
            compute=_later("dyads"), subject="pairs", main_column="distance",
        ),
        "leaders": Measure(
            title=template("spells of leaders"), sources=("leaders", "states"), years=(1840, 2015), compute=_later("leaders"),
        ),
        "turnover": Measure(
            title=template("leaders by year, and whether the leader changed"), sources=("leaders", "states"), years=(1840, 2015),
            compute=_later("turnover"), main_column="leaders",
        ),
        "governments": Measure(
            title=template("spells of governing camps"),
            note="South Korea and Japan come from a table of this program, whose rows name their sources; other states come from "
            "ParlGov, by the prime minister's party: run `tocsin data get parlgov_countries parlgov_cabinets "
            "parlgov_cabinet_parties parlgov_parties`.",
            sources=("states",), years=(1900, OWN_UNTIL.year), compute=_later("governments"),
        ),
        "exits": Measure(
            title=template("how often each governing camp lost office, and its years in office"),
            note="Time without a government of any camp (acting heads, caretakers) does not count.",
            sources=("states",), years=(1900, OWN_UNTIL.year), compute=_later("exits"), rate=RateColumns(count="ended", at_risk="years"),
            covered=_later("governments"),
        ),
        "lean": Measure(
            title=template("how much closer a state's position is to a partner's than to a rival's"),
            sources=("ideal_points", "states"), years=_UN_YEARS, compute=_later("lean"), subject="three", main_column="lean",
        ),
        "lean_spells": Measure(
            title=template("spells in which a state's position was closer to the partner's or to the rival's"),
            sources=("ideal_points", "states"), years=_UN_YEARS, compute=_later("alignment_spells"), subject="three",
        ),
        "shifts": Measure(
            title=template("change of the lean at each change of the governing camp"),
            sources=("ideal_points", "states"), years=(1900, OWN_UNTIL.year), compute=_later("shifts"), subject="three",
            inputs={"window": _WINDOW}, main_column="move", covered=_later("governments_of_first"),
        ),
    }
)  # fmt: skip


def find_measure(name: str) -> Measure:
    """Return a measure by name.

    Raises:
        InputError: if the catalogue has no such measure.
    """
    if name not in MEASURES:
        raise InputError(
            message("unknown measure `{name}`", name=name),
            remedy=message("{names} See `tocsin measure`.", names=did_you_mean(name, MEASURES)),
        )
    return MEASURES[name]
