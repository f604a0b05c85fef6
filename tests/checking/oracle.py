"""Verdicts on the sentences of `sentences.yaml` from the raw tables, without the program: Polars, COW numbers and ISO codes by hand.

Each entry returns whether each reading of a sentence holds, in the order: dollars, local currency, real local currency; dollars,
purchasing power; Correlates of War, Gibler, Miller and Little; and the figures behind them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import polars as pl

Result = tuple[list[bool], list[float]]
UK, US, IND, RUS = 200, 2, 750, 365


@dataclass(frozen=True)
class Raw:
    """The raw tables in a folder."""

    folder: Path

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{name}.parquet")

    @cached_property
    def capabilities(self) -> pl.DataFrame:
        return self.table("cow_nmc")

    @cached_property
    def bank(self) -> pl.DataFrame:
        return self.table("worldbank_gdp").select(
            "iso3c", "year", d="gdp_cur_usd", n="gdp_cur_lcu", r="gdp_const_lcu", p="ppp_lcu_per_intl"
        )

    def size(self, state: int, year: int, column: str = "milper") -> float:
        """Return a component in units instead of thousands."""
        return 1000.0 * self.capabilities.filter(ccode=state, year=year)[column].item()

    def usd(self, state: int, year: int) -> float:
        return self.size(state, year, "milex")

    def wb(self, iso: str, year: int) -> dict[str, float]:
        return self.bank.filter(iso3c=iso, year=year).row(0, named=True)

    def change(self, state: int, iso: str, first: int, last: int) -> list[float]:
        """Return the ratio of spending in dollars, local currency and real local currency."""
        before, after = self.wb(iso, first), self.wb(iso, last)
        dollars = self.usd(state, last) / self.usd(state, first)
        native = dollars * (after["n"] / after["d"]) / (before["n"] / before["d"])
        return [dollars, native, native / ((after["n"] / after["r"]) / (before["n"] / before["r"]))]

    def share(self, state: int, iso: str, year: int) -> float:
        return 100 * self.usd(state, year) / self.wb(iso, year)["d"]

    def ppp(self, state: int, iso: str, year: int) -> float:
        row = self.wb(iso, year)
        return self.usd(state, year) * row["n"] / row["d"] / row["p"]

    def world(self, year: int) -> pl.DataFrame:
        """Return spending of all states in dollars and international dollars of the year."""
        codes = self.table("us_troops_country_year").select("ccode", "iso3c").unique("ccode").drop_nulls()
        codes = codes.with_columns(pl.col("ccode").cast(pl.Int64))
        rows = self.capabilities.filter(year=year).select(pl.col("ccode").cast(pl.Int64), usd=pl.col("milex") * 1000.0)
        rows = rows.drop_nulls().join(codes, on="ccode", how="left")
        rates = self.bank.filter(year=year).select("iso3c", rate=pl.col("n") / pl.col("d") / pl.col("p"))
        return rows.join(rates, on="iso3c", how="left").with_columns(ppp=pl.col("usd") * pl.col("rate"))

    def places(self, state: int, year: int) -> list[int]:
        """Return a state's rank in dollars and in international dollars."""
        rows = self.world(year)
        own = rows.filter(ccode=state).row(0, named=True)
        return [1 + rows.filter(pl.col(name) > own[name]).height for name in ("usd", "ppp")]

    def world_shares(self, state: int, year: int) -> list[float]:
        rows = self.world(year)
        own = rows.filter(ccode=state).row(0, named=True)
        return [100 * own[name] / rows[name].sum() for name in ("usd", "ppp")]

    def place(self, state: int, year: int, column: str) -> int:
        rows = self.capabilities.filter(year=year).drop_nulls(column)
        return 1 + rows.filter(pl.col(column) > rows.filter(ccode=state)[column].item()).height

    def fx(self, country: str, year: int, month: int | None = None) -> float:
        days = self.table("fx_monthly").filter(country=country, year=year)
        if month is not None:
            days = days.filter(pl.col("date") == f"{year}-{month:02}-01")
        return float(days["lcu_per_usd"].mean())  # type: ignore[arg-type]

    def atop(self, one: int, other: int, year: int, *columns: str) -> bool:
        rows = self.table("atop_alliance_ddy").filter(ccode1=one, ccode2=other, year=year)
        return any(bool(rows[f"atop_{column}"].max()) for column in columns if rows.height)

    def numbers(self, one: int, other: int, first: int, last: int, *, begun: bool = False) -> list[int]:
        """Return the number of disputes of a pair by data set."""
        counts = []
        for name, onset in (("cow_mid_dirdisps", "disponset"), ("gml_dirdisp", "midonset")):
            rows = self.table(name).filter(pl.col("year").is_between(first, last), ccode1=one, ccode2=other)
            counts.append(rows.filter(pl.col(onset) == 1 if begun else True)["dispnum"].n_unique())
        return counts

    def hostility(self, name: str, one: int, other: int, year: int) -> int:
        rows = self.table(name).filter(ccode1=one, ccode2=other, year=year)
        return max(int(rows[column].max()) for column in ("hostlev1", "hostlev2"))  # type: ignore[arg-type]

    def soldiers(self, host: int, year: int) -> float:
        rows = self.table("us_troops_country_year").filter(ccode=host, year=year)
        return float(rows["troops_ad"].sum())

    def spells(self, state: int, first: int, last: int) -> pl.DataFrame:
        rows = self.table("archigos").filter(gwcode=state)
        days = [pl.col(name).cast(pl.Date) for name in ("startdate", "enddate")]
        return rows.with_columns(days).filter(
            pl.col("startdate") <= date(last, 12, 31), pl.col("enddate") >= date(first, 1, 1)
        )

    def alike(self, one: str, other: str, year: int) -> list[float]:
        """Return the share of same votes: of all, and of yes and no votes."""
        calls = self.table("unga_roll_calls").select("rcid", year=pl.col("date").cast(pl.String).str.slice(0, 4))
        votes = self.table("unga_votes").join(calls.filter(pl.col("year") == str(year)), on="rcid")
        both = votes.filter(country_code=one).join(votes.filter(country_code=other), on="rcid")
        clear = both.filter(pl.col("vote") != 2, pl.col("vote_right") != 2)
        return [100 * float((rows["vote"] == rows["vote_right"]).mean()) for rows in (both, clear)]  # type: ignore[arg-type]


def _growth(raw: Raw, state: int, iso: str, years: tuple[int, int], holds: Callable[[float], bool]) -> Result:
    ratios = raw.change(state, iso, *years)
    return [holds(ratio) for ratio in ratios], [raw.usd(state, year) for year in years]


def _one(holds: bool, *figures: float) -> Result:
    return [holds], list(figures)


def _rose_yearly(raw: Raw) -> Result:
    values = [raw.usd(540, year) for year in range(2002, 2009)]
    return _one(all(after > before for before, after in pairwise(values)), values[0], values[-1])


def _record(raw: Raw) -> Result:
    """Return whether Australia's spending in 2013 was above all before, in dollars, local and real local currency."""
    rows = raw.capabilities.filter(pl.col("year").is_between(1914, 2013), ccode=900).select(
        "year", usd=pl.col("milex") * 1000.0
    )
    rates = raw.bank.filter(iso3c="AUS").with_columns(rate=pl.col("n") / pl.col("d"), price=pl.col("n") / pl.col("r"))
    rows = rows.join(rates, on="year", how="left").with_columns(native=pl.col("usd") * pl.col("rate"))
    rows = rows.with_columns(real=pl.col("native") / pl.col("price"))
    results = []
    for name in ("usd", "native", "real"):
        last = rows.filter(year=2013)[name].item()
        results.append(last > rows.filter(pl.col("year") < 2013)[name].max())
    return results, [raw.usd(900, 2013)]


def _turn(raw: Raw) -> Result:
    """Return whether Georgia's spending grew faster in the 5 and 10 years after 2004, by the product of ratios."""
    results = []
    for money in range(3):
        for window in (5, 10):
            before = raw.change(372, "GEO", 2004 - window, 2004)[money]
            after = raw.change(372, "GEO", 2004, 2004 + window)[money]
            results.append(after > before)
    return results, [raw.usd(372, 2004)]


def _fewer(raw: Raw, one: int, other: int, year: int) -> Result:
    results: list[bool] = []
    for window in (5, 10):
        before = raw.numbers(one, other, year - window, year - 1, begun=True)
        after = raw.numbers(one, other, year + 1, year + window, begun=True)
        results += [late < early for early, late in zip(before, after, strict=True)]
    return results, []


def _counts(raw: Raw, one: int, other: int, years: tuple[int, int], holds: Callable[[int], bool]) -> Result:
    counts = [count for begun in (False, True) for count in raw.numbers(one, other, *years, begun=begun)]
    return [holds(count) for count in counts], [float(counts[0])]


def _falklands(raw: Raw) -> Result:
    wars = raw.table("cow_war_inter").filter(ccode1=UK, ccode2=160, year=1982)["warnum"].n_unique()
    levels = [raw.hostility(name, UK, 160, 1982) == 5 for name in ("cow_mid_dirdisps", "gml_dirdisp")]
    return [wars == 1, *levels], [float(wars)]


def _leaders(raw: Raw) -> Result:
    count = raw.spells(160, 1999, 2003)["leader"].n_unique()
    return _one(count == 5, float(count))


def _ousted(raw: Raw) -> Result:
    rows = raw.spells(651, 2013, 2013).filter(pl.col("enddate").dt.year() == 2013, pl.col("exit") == "Irregular")
    return _one(rows.height > 0, float(rows.height))


def _ruled(raw: Raw) -> Result:
    rows = raw.spells(552, 1985, 2010).filter(pl.col("leader").str.contains("Mugabe"))
    return _one(
        all(
            ((rows["startdate"].dt.year() <= year) & (rows["enddate"].dt.year() >= year)).any()
            for year in range(1985, 2011)
        )
    )


def _thatcher(raw: Raw) -> Result:
    rows = raw.table("archigos").filter(pl.col("leader") == "Thatcher")
    return _one(rows["enddate"].cast(pl.Date).max().year < 1990)  # type: ignore[union-attr]


def _edge(raw: Raw, one: int, other: int, column: str, *, ended: bool) -> list[int]:
    """Return the years in which a treaty between two states began, or ended, by either side's obligation."""
    rows = raw.table("atop_alliance_ddy").filter(pl.col(f"atop_{column}") == 1)
    pair = rows.filter(pl.col("ccode1").is_in([one, other]), pl.col("ccode2").is_in([one, other]))
    years = sorted(set(pair["year"]))
    step, edge = (1, years[-1]) if ended else (-1, years[0])
    return [year for year in years if year + step not in years and (not ended or year != 2018 or edge != 2018)]


def _pair(raw: Raw, one: int, other: int, year: int, *columns: str) -> list[bool]:
    """Return whether either is bound, and whether both are."""
    bound = [raw.atop(one, other, year, *columns), raw.atop(other, one, year, *columns)]
    return [any(bound), all(bound)]


def _no_data(_raw: Raw) -> Result:
    return [], []


FIGHT, ALL = ("defense", "offense"), ("defense", "offense", "neutral", "nonagg", "consul")

ORACLE: dict[str, Callable[[Raw], Result]] = {
    "G1": lambda raw: _growth(raw, 600, "MAR", (2005, 2012), lambda ratio: ratio >= 2),
    "G2": lambda raw: _growth(raw, 140, "BRA", (2002, 2022), lambda ratio: ratio >= 3),
    "G3": lambda raw: _one(raw.size(160, 1995) < 0.5 * raw.size(160, 1985), raw.size(160, 1985), raw.size(160, 1995)),
    "G4": lambda raw: _one(raw.size(770, 2010, "tpop") > 1.25 * raw.size(770, 2000, "tpop"), raw.size(770, 2010, "tpop")),
    "G5": lambda raw: _one(raw.change(350, "GRC", 2009, 2014)[2] <= 0.7),
    "G6": _rose_yearly,
    "G8": lambda raw: _one(4.75 <= raw.usd(670, 2015) / raw.usd(670, 2003) <= 5.25, raw.usd(670, 2003), raw.usd(670, 2015)),
    "G9": lambda raw: _one(1.8 <= raw.wb("BGD", 2015)["r"] / raw.wb("BGD", 2005)["r"] < 2),
    "G10": lambda raw: _one(0.895 <= raw.usd(385, 2015) / raw.usd(385, 2014) <= 0.905, raw.usd(385, 2014), raw.usd(385, 2015)),
    "L1": lambda raw: _one(raw.usd(100, 2012) > 6e9, raw.usd(100, 2012)),
    "L2": lambda raw: _one(abs(raw.size(530, 1999) - 250e3) <= 12.5e3, raw.size(530, 1999)),
    "L3": lambda raw: _one(abs(raw.size(475, 2010, "tpop") - 160e6) <= 8e6, raw.size(475, 2010, "tpop")),
    "L4": lambda raw: _one(5.4e9 <= raw.usd(70, 2016) < 6e9, raw.usd(70, 2016)),
    "L5": lambda raw: _one(
        abs(raw.usd(666, 2018) * raw.wb("ISR", 2018)["n"] / raw.wb("ISR", 2018)["d"] - 70e9) <= 3.5e9
    ),
    "P1": lambda raw: _one(raw.share(615, "DZA", 2015) > 5, raw.share(615, "DZA", 2015)),
    "P2": lambda raw: _one(raw.share(255, "DEU", 2005) < 1.5, raw.share(255, "DEU", 2005)),
    "P3": lambda raw: _one(abs(raw.share(698, "OMN", 2010) - 10) <= 0.5, raw.share(698, "OMN", 2010)),
    "W1": lambda raw: ([2.5 <= share <= 3.5 for share in raw.world_shares(IND, 2015)], [raw.usd(IND, 2015)]),
    "W2": lambda raw: ([share < 40 for share in raw.world_shares(US, 2018)], [raw.usd(US, 2018)]),
    "W3": lambda raw: _one(
        raw.size(850, 2005, "tpop") > 0.03 * 1000 * float(raw.capabilities.filter(year=2005)["tpop"].sum()), raw.size(850, 2005, "tpop")
    ),
    "C1": lambda raw: (
        [raw.usd(640, 1999) > raw.usd(350, 1999), raw.ppp(640, "TUR", 1999) > raw.ppp(350, "GRC", 1999)], [raw.usd(640, 1999)]
    ),
    "C2": lambda raw: _one(raw.size(816, 2010) > raw.size(800, 2010) + raw.size(820, 2010), raw.size(816, 2010)),
    "C3": lambda raw: _one(raw.size(651, 2012, "tpop") > raw.size(630, 2012, "tpop"), raw.size(651, 2012, "tpop")),
    "C4": lambda raw: (
        [raw.usd(830, 2014) > raw.usd(850, 2014), raw.ppp(830, "SGP", 2014) > raw.ppp(850, "IDN", 2014)], [raw.usd(830, 2014)]
    ),
    "C5": lambda raw: _one(2.7 <= raw.size(645, 1989) / raw.size(670, 1989) <= 3.3, raw.size(645, 1989), raw.size(670, 1989)),
    "C6": lambda raw: (
        [
            raw.usd(369, 2013) < raw.usd(290, 2013) + raw.usd(360, 2013) + raw.usd(310, 2013),
            raw.ppp(369, "UKR", 2013) < raw.ppp(290, "POL", 2013) + raw.ppp(360, "ROU", 2013) + raw.ppp(310, "HUN", 2013),
        ],
        [raw.usd(369, 2013)],
    ),
    "R1": lambda raw: ([place == 10 for place in raw.places(140, 2012)], list(map(float, raw.places(140, 2012)))),
    "R2": lambda raw: _one(raw.place(645, 1989, "milper") == 4, float(raw.place(645, 1989, "milper"))),
    "R3": lambda raw: _one(raw.place(770, 2010, "tpop") == 6, float(raw.place(770, 2010, "tpop"))),
    "R4": lambda raw: ([place <= 5 for place in raw.places(UK, 2016)], list(map(float, raw.places(UK, 2016)))),
    "H1": lambda raw: _one(all(raw.usd(135, 2014) > raw.usd(135, year) for year in range(1990, 2014)), raw.usd(135, 2014)),
    "H2": lambda raw: _one(all(raw.size(560, 2010) < raw.size(560, year) for year in range(1970, 2010)), raw.size(560, 2010)),
    "H3": _record,
    "T1": _turn,
    "T2": lambda raw: _fewer(raw, 135, 130, 1998),
    "T3": lambda raw: _fewer(raw, 666, 651, 1979),
    "X1": lambda raw: _one(abs(1 / raw.fx("United Kingdom", 2012) - 1.55) <= 0.0155, 1 / raw.fx("United Kingdom", 2012)),
    "X2": lambda raw: _one(1 / raw.fx("Euro", 2015, 12) < 1.1, 1 / raw.fx("Euro", 2015, 12)),
    "X3": lambda raw: _one(raw.fx("Brazil", 2011) / raw.fx("Brazil", 2015) < 0.6),
    "X4": lambda raw: _one(abs(3e9 / raw.fx("India", 2013) - 50e6) <= 2.5e6),
    "X5": lambda raw: _one(abs(500e6 / raw.fx("Sweden", 2015) * raw.fx("Euro", 2015) - 60e6) <= 3e6),
    "A1": lambda raw: (_pair(raw, 160, 140, 1935, "nonagg"), []),
    "A2": lambda raw: _one(raw.atop(900, US, 2005, "defense")),
    "A3": lambda raw: ([_pair(raw, IND, RUS, 1975, *FIGHT)[0], _pair(raw, IND, RUS, 1975, *ALL)[0]], []),
    "A4": lambda raw: ([not bound for bound in _pair(raw, 630, 666, 1970, "defense")], []),
    "A5": lambda raw: ([_pair(raw, 235, UK, 1900, *FIGHT)[0], _pair(raw, 235, UK, 1900, *ALL)[0]], []),
    "D1": lambda raw: _one(_edge(raw, 640, 350, "defense", ended=False)[0] < 1955),
    "D2": lambda raw: _one(any(year > 1980 for year in _edge(raw, 651, 620, "consul", ended=True)[:1])),
    "M1": lambda raw: _counts(raw, 666, 652, (1950, 2000), lambda count: count >= 20),
    "M2": lambda raw: _counts(raw, 145, 155, (1985, 2005), lambda count: count == 0),
    "M3": _falklands,
    "S1": lambda raw: _one(abs(raw.soldiers(UK, 2007) - 11e3) <= 550, raw.soldiers(UK, 2007)),
    "S2": lambda raw: _one(raw.soldiers(690, 2016) > raw.soldiers(694, 2016), raw.soldiers(690, 2016), raw.soldiers(694, 2016)),
    "E1": _leaders,
    "E2": _ousted,
    "O1": _thatcher,
    "O2": _ruled,
    "V1": lambda raw: ([share > 50 for share in raw.alike("AU", "US", 2010)], raw.alike("AU", "US", 2010)),
    "N1": _no_data,
    "N2": _no_data,
}  # fmt: skip
"""By the id of the sentence. N1 is about a year after the data, N2 about data that are not at hand."""


def verdict(results: list[bool]) -> str:
    """Return the verdict of the readings' results."""
    if not results:
        return "cannot tell"
    return "true" if all(results) else "depends" if any(results) else "false"
