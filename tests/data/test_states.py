"""States by what people call them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached

from tocsin.data.readers import read
from tocsin.data.states import cow_number, find_state
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
    ],
)
def test_codes_numbers_and_names(cached: Path, text: str, years: tuple[int, int], number: int) -> None:
    assert find_state(text, years, read("states")) == number


@pytest.mark.parametrize(
    ("text", "years", "message", "remedy"),
    [
        ("Korea", (2000, 2010), "names no one state", "North Korea (PRK, 731), South Korea (ROK, 732)"),
        ("China", (2000, 2010), "names no one state", "Taiwan (TAW, 713)"),
        ("Germany", (1985, 1995), "names no one state", "German Federal Republic (GFR, 260)"),
        ("TWN", (1930, 1940), "Taiwan was no member", "1949-2016"),
        ("Narnia", (2000, 2010), "no state is called", ""),
        ("", (2000, 2010), "no state is called", ""),
    ],
)
def test_what_is_no_one_state_is_refused(
    cached: Path, text: str, years: tuple[int, int], message: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_state(text, years, read("states"))
    assert remedy in (caught.value.remedy or "")


def test_numbers_of_gleditsch_and_ward_are_those_of_the_correlates_of_war_but_for_three() -> None:
    rows = pl.DataFrame({"state": [260, 260, 678, 678, 340, 732], "year": [1989, 1990, 1989, 1990, 2000, 2000]})
    found = rows.select(cow_number("state", pl.col("year")))["state"].to_list()
    assert found == [260, 255, 678, 679, 345, 732]
