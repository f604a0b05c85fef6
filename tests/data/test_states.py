"""States by code, number and name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached

from tocsin.data.codes import code_of, codes, with_code, with_state
from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.data.states import cow_number, cow_spells, find_states, member_years
from tocsin.data.tables import TABLES
from tocsin.errors import InputError


@pytest.mark.parametrize(
    ("text", "years", "number"),
    [
        ("JPN", (2000, 2010), 740),
        ("KOR", (2000, 2010), 732),
        ("KOR", (1890, 1900), 730),
        ("rok", (2000, 2000), 732),
        ("AUS", (2000, 2000), 900),
        ("CZE", (2000, 2001), 316),
        ("CZE", (1920, 1930), 315),
        ("North Korea", (2000, 2018), 731),
        ("731", (2000, 2018), 731),
        ("Germany", (2000, 2010), 255),
        ("DEU", (1930, 1940), 255),
        ("guinea", (2000, 2010), 438),
        ("DEU", (1980, 1980), 260),
        ("Germany", (1930, 1940), 255),
        ("West Germany", (1980, 1985), 260),
        ("GFR", (1955, 2010), 260),
        ("YEM", (1980, 1985), 678),
        ("North Yemen", (1980, 1985), 678),
        ("YEM", (1990, 2010), 679),
        ("VNM", (1960, 1970), 816),
        ("South Vietnam", (1960, 1970), 817),
        ("RUS", (1950, 1980), 365),
        ("Soviet Union", (1950, 1980), 365),
        ("Yugoslavia", (1950, 2010), 345),
        ("SRB", (2006, 2010), 345),
        ("UK", (1816, 2016), 200),
        ("US", (1816, 2016), 2),
        ("DPRK", (1816, 2016), 731),
        ("Republic of Korea", (1816, 2016), 732),
        ("ROC", (1990, 2000), 713),
        ("Türkiye", (1816, 2016), 640),
        ("UKG", (1816, 2016), 200),
    ],
)
def test_codes_numbers_and_names(cached: Path, text: str, years: tuple[int, int], number: int) -> None:
    assert find_states(text, years, read("states"))[-1] == number


@pytest.mark.parametrize(
    ("text", "years", "message", "remedy"),
    [
        (
            "Korea",
            (2000, 2010),
            "is ambiguous in 2000-2010: South Korea or North Korea",
            "`South Korea` or `KOR` or `732`; `North Korea` or `PRK` or `731`",
        ),
        ("China", (2000, 2010), "People's Republic of China or Taiwan", "`CHN` or `710`; `Taiwan` or `TWN` or `713`"),
        ("Germany", (1985, 1995), "is ambiguous", "`German Democratic Republic` or `DDR` or `265`"),
        ("TWN", (1930, 1940), "Taiwan was not a member", "1949-2016"),
        (
            "Germany",
            (1950, 1950),
            "`Germany` was not a member of the state system in 1950",
            "choose years from Germany (GMY, 255) 1816-1945, 1990-2016; German Federal Republic (GFR, 260) 1955-1990; "
            "German Democratic Republic (GDR, 265) 1954-1990",
        ),
        ("Cuba", (1907, 1908), "Cuba was not a member", "choose years from 1902-1906, 1909-2016"),
        (
            "Congo",
            (1950, 1950),
            "`Congo` was not a member",
            "choose years from Congo (CON, 484) 1960-2016; Democratic Republic of the Congo (DRC, 490) 1960-2016",
        ),
        ("Narnia", (2000, 2010), "unknown state", ""),
        ("", (2000, 2010), "unknown state", ""),
        ("Soviet Union", (2000, 2010), "no state is called `Soviet Union` in 2000-2010", "Russia (RUS, 365)"),
        ("Serbia", (1950, 1980), "no state is called `Serbia` in 1950-1980", "Yugoslavia (YUG, 345)"),
        ("Vietnam", (1960, 1970), "North Vietnam or Republic of Vietnam", "`North Vietnam` or `VNM`"),
        ("Yemen", (1970, 1980), "is ambiguous", "`Yemen Arab Republic` or `YEM`"),
        ("GDR", (2000, 2010), "German Democratic Republic was not a member", "1954-1990"),
        ("Atlantis", (2000, 2010), "unknown state", "write an ISO code"),
        ("Palestine", (2000, 2010), "Palestine is not in the state system", "name a member"),
        ("Tibet", (1930, 1940), "Tibet is not in the state system", "name a member"),
    ],
)
def test_an_ambiguous_or_unknown_state_is_refused(
    cached: Path, text: str, years: tuple[int, int], message: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_states(text, years, read("states"))
    assert remedy in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Korea", (1990, 1990)),
        ("China", (2000, 2010)),
        ("Germany", (1960, 1980)),
        ("Vietnam", (1960, 1970)),
        ("Congo", (1990, 1990)),
    ],
)
def test_every_way_that_an_ambiguous_state_offers_means_one_state(
    cached: Path, text: str, years: tuple[int, int]
) -> None:
    with pytest.raises(InputError, match="is ambiguous") as caught:
        find_states(text, years, read("states"))
    ways = re.findall(r"`([^`]+)`", str(caught.value.remedy))
    meant = [find_states(way, years, read("states")) for way in ways]
    assert len(ways) >= 4 and len(set(meant)) == 2


def test_a_code_of_several_states_means_them_one_after_the_other(cached: Path) -> None:
    states = read("states")
    assert find_states("DEU", (1950, 2010), states) == (260, 255)
    assert find_states("YEM", (1950, 2010), states) == (678, 679)
    assert find_states("DEU", (1816, 2022), states) == (260, 255)  # the last years of 255 follow those of 260
    assert find_states("KOR", (1816, 2022), states) == (732,)  # ISO's South Korea, not the Korea of COW to 1905
    assert find_states("RUS", (1816, 2022), states) == (365,)
    assert find_states("CZE", (1988, 1994), states) == (315, 316)  # COW's code of Czechoslovakia, ISO's of Czechia
    assert find_states("CZE", (1993, 1994), states) == find_states("Czechia", (1988, 1994), states) == (316,)
    assert find_states("CZE", (1988, 1992), states) == find_states("CSK", (1988, 1994), states) == (315,)
    assert find_states("AUS", (1914, 1930), states) == (900,)  # COW's Austria is another state
    assert find_states("DEU", (1950, 2010), states)[-1] == 255


def test_every_member_of_the_system_has_its_own_code_each_year_and_is_found_by_it(cached: Path) -> None:
    states = read("states")
    members = member_years(states, 1816, 2022)
    coded = with_code(members.with_columns(number="state"), year="year")
    assert coded["state"].str.contains("^[A-Z]{3}$").all()
    assert coded.select("state", "year").is_duplicated().sum() == 0  # no two states under one name in a year
    for code, year, number in coded.select("state", "year", "number").rows():
        if year % 10 in (0, 5, 9) or 1989 <= year <= 1993:
            assert find_states(code, (year, year), states)[-1] == number, (code, year)


def test_every_state_of_gleditsch_and_ward_is_one_state_of_cow_in_a_year(cached: Path) -> None:
    listed = pl.read_parquet(cached / "gw_states.parquet").with_columns(pl.col("gwcode").cast(pl.Int32))
    years = listed.select(
        state="gwcode",
        year=pl.int_ranges(pl.col("startdate").dt.year(), pl.col("enddate").dt.year() + 1, dtype=pl.Int32),
    ).explode("year")
    numbers = years.with_columns(gw="state").with_columns(cow_number("state", pl.col("year"))).unique()
    twice = numbers.filter(pl.col("gw").n_unique().over("state", "year") > 1)
    assert set(twice.select("gw", "year").rows()) == {
        (340, 2006),
        (345, 2006),
    }  # Serbia follows in the course of the year
    only_gw = {89, 99, 563, 564, 711, 815}
    assert set(numbers["state"]) <= set(read("states")["state"]) | only_gw
    coded = with_code(numbers, year="year")
    assert coded["state"].str.contains("^[A-Z]{3}$").all(), coded.filter(~pl.col("state").str.contains("^[A-Z]{3}$"))


NO_STATES = {
    "troops": {6} | set(range(1000, 10200)),  # places and regions
    "atop_members": {8152},
    "icb_actors": {219, 671, 672, 995, 996, 997},  # Free France, Hejaz, Najd; no states
    "rivalries_tss": {324}, "rivalries_td": {324},  # Sardinia
    "conflicts": {751},  # Hyderabad
}  # fmt: skip
"""Numbers in data sets that are no members of the state system, by data set."""
NUMBERED = [
    (name, column.name, "Gleditsch" in column.unit)
    for name, table in TABLES.items()
    for column in table.columns
    if source(name).sha256
    and ("COW code" in column.unit or "Gleditsch" in column.unit)
    and name != "territorial_changes"
]


@pytest.mark.parametrize(("name", "column", "gleditsch"), NUMBERED)
def test_every_number_in_a_data_set_has_a_code_of_its_own_each_year(
    cached: Path, name: str, column: str, gleditsch: bool
) -> None:
    original = read(name)
    year = pl.col("year") if "year" in original.columns else pl.lit(1980)
    table = original.select(state=pl.col(column), year=year).drop_nulls()
    if gleditsch:
        table = table.with_columns(cow_number("state", pl.col("year")))
    known = {entry.state for entry in codes()}
    assert set(table["state"]) - known <= NO_STATES.get(name, set())
    members = table.unique().filter(pl.col("state").is_in(list(known)))
    meant = {(code_of(state, year), year) for state, year in members.rows()}
    assert len(meant) == members.height  # no two states under one code in a year


@pytest.mark.usefixtures("cached")
def test_every_country_of_parlgov_and_of_the_world_bank_that_is_a_state_has_a_number(shared: Path) -> None:
    cabinets = pl.read_parquet(shared / "data/parlgov_cabinet_parties.parquet")
    listed = with_state(cabinets.select("iso3c").unique().with_columns(year=pl.lit(2023)), code="iso3c", year="year")
    assert listed.filter(pl.col("state").is_null())["iso3c"].drop_nulls().to_list() == []
    bank = pl.read_parquet(shared / "data/worldbank_gdp.parquet").drop_nulls("gdp_cur_usd")
    rows = with_state(bank.select("iso3c", "year", "country").unique(), code="iso3c", year="year")
    members = member_years(read("states"), 1992, 2016)
    present = rows.drop_nulls("state").select("state", pl.col("year").cast(pl.Int32)).unique()
    assert present.height == rows.drop_nulls("state").height  # no state twice in a year
    lost = set(rows.filter(pl.col("state").is_null())["country"])
    names = set(read("states").filter(pl.col("state").is_in(members["state"].implode()))["name"])
    assert not lost & names


def test_votes_of_session_45_belong_to_the_united_states_of_germany_and_yemen(cached: Path) -> None:
    calls = read("un_roll_calls")
    assert calls.filter(pl.col("session") == 45)["date"].min() > date(1990, 10, 3)  # type: ignore[operator]
    votes = read("un_votes").join(calls, on="resolution")
    for session, present, absent in ((44, {260, 265, 678, 680}, {255, 679}), (45, {255, 679}, {260, 265, 678, 680})):
        voting = set(votes.filter(pl.col("session") == session)["state"])
        assert present <= voting and not absent & voting
        positions = set(read("ideal_points").filter(pl.col("session") == session)["state"])
        assert present <= positions and not absent & positions


def test_a_spell_through_a_union_is_two_spells() -> None:
    spells = pl.DataFrame(
        {
            "state": [260, 255, 255, 340],
            "start": [date(1982, 10, 1), date(1982, 10, 1), date(1933, 1, 30), date(2008, 7, 7)],
            "end": [date(1998, 10, 27), None, date(1945, 4, 30), None],
            "until": [date(1998, 10, 27), date(2020, 1, 1), date(1945, 4, 30), date(2015, 12, 31)],
        },
        schema_overrides={"state": pl.Int32, "end": pl.Date},
    )
    union = date(1990, 10, 3)
    assert cow_spells(spells).select("state", "start", "end", "until", "continued").rows() == [
        (255, date(1933, 1, 30), date(1945, 4, 30), date(1945, 4, 30), False),
        (255, union, date(1998, 10, 27), date(1998, 10, 27), True),
        (255, union, None, date(2020, 1, 1), True),
        (260, date(1982, 10, 1), None, union, False),
        (260, date(1982, 10, 1), None, union, False),
        (345, date(2008, 7, 7), None, date(2015, 12, 31), False),
    ]


def test_gleditsch_ward_numbers_differ_from_cow_numbers_in_three_states() -> None:
    rows = pl.DataFrame({"state": [260, 260, 678, 678, 340, 732], "year": [1989, 1990, 1989, 1990, 2000, 2000]})
    numbers = rows.select(cow_number("state", pl.col("year")))["state"].to_list()
    assert numbers == [260, 255, 678, 679, 345, 732]
