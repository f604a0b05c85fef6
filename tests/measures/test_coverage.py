"""What a measure says of years and states without data, and of pairs of which there is nothing to say."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached

from tocsin.errors import InputError
from tocsin.measures import measure
from tocsin.measures.coverage import format_ranges
from tocsin.measures.reference import parse


def test_years_are_written_as_spans() -> None:
    assert format_ranges([1953, 1946, 1947, 1948]) == "1946-1948, 1953"


@pytest.mark.parametrize(
    ("name", "states", "years", "notes"),
    [
        ("cinc", "JPN", "2020:2025", ["2023-2025: no data; the measure covers 1816-2022 (`nmc` 1816-2022)"]),
        ("cinc", "JPN", "1944:1953", ["JPN 1946-1951: no data; not a member of the state system"]),
        ("cinc", None, "2021:2024", ["2023-2024: no data; the measure covers 1816-2022 (`nmc` 1816-2022)"]),
        ("cinc", "JPN", "2000:2010", []),
        ("cinc", "DEU", "1944:1957", ["GMY and GFR 1946-1954: no data; not a member of the state system"]),
        ("cinc", "JPN", None, []),
        ("balance", "KOR,PRK", "1945:1950", ["ROK 1945-1948: not a member of the state system; without data it adds nothing to its side", "PRK 1945-1947: not a member of the state system; without data it adds nothing to its side", "1945-1948: no rows; a side has no state"]),
        ("lean", "KOR,USA,PRK", "1980:1992", ["ROK 1980-1990: no data in `ideal_points`"]),
        ("positions", "DEU,FRA", "1988:1992", []),
        ("votes", "KOR,JPN", "1989:1992", ["ROK and JPN 1989-1990: no data on this pair in `un_votes`, `un_roll_calls`"]),
        ("votes", "GDR,USA", "1988:1992", ["GDR 1991-1992: no data; not a member of the state system", "GDR and USA 1990: no data on this pair in `un_votes`, `un_roll_calls`"]),
        ("votes", "260,USA", "1988:1992", ["GFR 1991-1992: no data; not a member of the state system", "GFR and USA 1990: no data on this pair in `un_votes`, `un_roll_calls`"]),
        ("votes", "YPR,USA", "1988:1992", ["YPR 1991-1992: no data; not a member of the state system", "YPR and USA 1990: no data on this pair in `un_votes`, `un_roll_calls`"]),
        ("votes", "255,USA", "1988:1992", ["GMY 1988-1989: no data; not a member of the state system"]),
        ("votes", "DEU,USA", "1988:1992", []),
        ("votes", "KOR,JPN,USA", "1989:1992", ["ROK 1989-1990: no data on its pairs with the others in `un_votes`, `un_roll_calls`"]),
        ("balance", "255,FRA", "1985:1992", ["GMY 1985-1989: not in the rows; the state was then GFR, so name it for these years", "GMY 1985-1989: not a member of the state system; without data it adds nothing to its side", "1985-1989: no rows; a side has no state"]),
        ("balance", "DEU,FRA", "1985:1992", []),
        ("balance", "DEU+GDR,FRA", "1985:1992", ["GDR 1991-1992: not a member of the state system; without data it adds nothing to its side"]),
        ("balance", "GFR+DEU,FRA", "1985:1992", []),
        ("lean", "FRA,USA,DEU", "1988:1992", ["GMY 1988-1989: not in the rows; the state was then GFR, so name it for these years", "FRN 1988-1989: no data in `ideal_points`"]),
        ("alignment", "KOR,JPN", "2018:2019", ["2019: nothing from `atop_dyads`, which covers 1815-2018"]),
        ("pacts", "KOR,JPN", None, ["no pact between ROK and JPN in 1815-2018"]),
        ("pacts", "KOR,JPN,USA", "1960:2020", ["2019-2020: no data; the measure covers 1815-2018 (`atop_dyads` 1815-2018)", "no pact between ROK and JPN in 1960-2018"]),
        ("dyads", "JPN,KOR", "2018:2019", ["2019: nothing from `atop_dyads`, which covers 1815-2018", "2018-2019: nothing from `gml_dyads`, which covers 1816-2010"]),
        ("leaders", "CZE,CSK", "1988:1994", []),
        ("leaders", "CZE", "1988:1994", []),
        ("leaders", "Czechia", "1988:1994", ["CZR 1988-1992: no data; not a member of the state system"]),
        ("votes", "CZE,USA", "1990:1994", []),
        ("exits", "KOR", "1960:2026", ["ROK 1960-1987: no data in the tables of governments"]),
        ("governments", "JPN", "1980:1997", ["JPN 1980-1995: no data in the tables of governments"]),
    ],
)  # fmt: skip
def test_missing_years_are_noted_with_the_reason(
    cached: Path, name: str, states: str | None, years: str | None, notes: list[str]
) -> None:
    result = measure(name, states=states, years=years)
    assert [note for note in result.notes if "not comparable" not in note] == notes


def test_that_no_pact_exists_is_an_answer_and_not_a_lack_of_data(cached: Path) -> None:
    result = measure("pacts", states="KOR,JPN", years="1960:2000")
    assert result.frame.is_empty() and result.notes == ("no pact between ROK and JPN in 1960-2000",)


def test_no_data_at_all_is_refused_with_the_reasons(cached: Path) -> None:
    with pytest.raises(InputError, match=r"no data for 2000\n  AND 2000: no data in `leaders`"):
        measure("leaders", states="Andorra", years=2000)
    with pytest.raises(
        InputError,
        match=r"(?s)PRK 1946-1947: no data; not a member.*PRK and ROK 1949-1990: no data on this pair in `ideal_points`",
    ):
        measure("positions", states="PRK,KOR", years="1946:1990")


def test_a_leader_through_a_union_is_listed_under_both_numbers(cached: Path) -> None:
    west = measure("leaders", states="GFR", years="1980:1990").frame
    assert west.select("leader", "end", "exit").rows()[-1] == ("Kohl", None, "Still in Office")
    assert str(west["until"][-1]) == "1990-10-03"
    germany = measure("leaders", states="Germany", years="1991:2000").frame
    assert germany.select("leader", "code", "entry").rows()[0] == ("Kohl", "GMY", "Already in Office")
    both = measure("leaders", states="DEU,YEM", years="1985:1995").frame
    assert {tuple(row) for row in both.select("leader", "code").rows()} == {
        ("Kohl", "GFR"), ("Kohl", "GMY"), ("Saleh al-Hashidi", "YAR"), ("Saleh al-Hashidi", "YEM"),
    }  # fmt: skip
    everyone = measure("leaders", years="2000:2010").frame
    assert "GFR" not in set(everyone["code"]) and {"RUS", "YUG", "GMY", "YEM"} <= set(everyone["code"])
    uncoded = measure("leaders").frame.filter(pl.col("code").is_null())
    assert set(uncoded["state"]) == {
        563,
        564,
        711,
        815,
    }  # Transvaal, Orange Free State, Tibet, Annam: not states of COW


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("measure/cinc/DEU/1980", ((260,),)), ("measure/cinc/DEU/2000", ((255,),)), ("measure/cinc/DEU/latest", ((255,),)),
        ("measure/cinc/YEM/1980", ((678,),)), ("measure/cinc/UK/1980", ((200,),)), ("measure/cinc/365/1980", ((365,),)),
        ("measure/balance/ROK+US,DPRK/1980", ((732, 2), (731,))), ("measure/cinc/Soviet Union/1980", ((365,),)),
    ],
)  # fmt: skip
def test_a_reference_names_the_state_of_its_year(text: str, numbers: tuple[tuple[int, ...], ...]) -> None:
    assert parse(text).request.groups == numbers
