"""A draft names the states of the day of its article."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.data.codes import codes, state_of
from tocsin.draft.actors import find_actors, find_states
from tocsin.draft.existence import code_in


def actors(text: str, year: int | None) -> list[str]:
    return [code for code, _ in find_actors(text, year)]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("The Baghdad railway made Germany strong.", 1907, ["DEU"]),
        ("Iraq is rich in oil.", 1907, []),
        ("Iraq is rich in oil.", 2007, ["IRQ"]),
        ("Austria-Hungary doubled its army.", 1914, ["AUH"]),
        ("Vienna sent Serbia an Austro-Hungarian note.", 1914, ["AUH", "SRB"]),
        ("Austria sent a note.", 1914, ["AUH"]),
        ("Austria sent a note.", 1930, ["AUT"]),
        ("Austria-Hungary doubled its army.", 2025, []),
        ("Russia fears the Ottoman Empire.", 1907, ["RUS", "TUR"]),
        ("The Soviet Union and Czechoslovakia signed a pact.", 1935, ["SUN", "CSK"]),
        ("Moscow agreed.", 1950, ["SUN"]),
        ("Moscow agreed.", 2025, ["RUS"]),
        ("Poland is no state, and Korea is one.", 1907, ["KOR"]),
        ("Poland and Ukraine signed a pact.", 1935, ["POL"]),
        ("East Germany left, and Germany stayed.", 1989, ["DDR", "DEU"]),
        ("Yugoslavia broke up.", 2010, []),
        ("France sent a ship to Morocco.", 1911, ["FRA", "MAR"]),
        ("France sent a ship to Morocco.", 1930, ["FRA"]),
        ("Iraq and Yugoslavia signed a pact.", None, ["IRQ", "YUG"]),
    ],
)
def test_states_are_those_of_the_year_of_the_article(text: str, year: int | None, expected: list[str]) -> None:
    assert sorted(actors(text, year)) == sorted(expected)
    if "agreed" not in text:
        assert set(expected) <= set(find_states(text, year))


def test_every_state_of_today_exists_today() -> None:
    today = {code.text for code in codes() if code.iso2 and code.last == 9999}
    assert {code for code in today if code_in(code, 2025) != code} == set()


def test_a_code_of_the_past_means_a_state_of_that_year() -> None:
    assert [code_in("RUS", year) for year in (1900, 1922, 1991, 1992)] == ["RUS", "SUN", "SUN", "RUS"]
    assert [code_in("CZE", year) for year in (1900, 1930, 1992, 1993)] == [None, "CSK", "CSK", "CZE"]
    assert [code_in("DEU", year) for year in (1900, 1960, 2000)] == ["DEU"] * 3


def test_states_of_the_past_are_those_of_the_correlates_of_war(shared: Path) -> None:
    spells = pl.read_parquet(shared / "data" / "cow_states.parquet")
    for year in (1900, 1935, 1955, 1975):
        members = set(spells.filter((pl.col("styear") <= year) & (pl.col("endyear") >= year))["ccode"].to_list())
        for code in sorted({entry.text for entry in codes() if entry.iso2 and entry.holds(year, year)}):
            if state_of(code, year) in members:
                assert code_in(code, year) == code, (code, year)
