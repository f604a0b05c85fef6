"""States by code, number and name."""

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
        ("Korea", (2000, 2010), "is ambiguous", "North Korea (PRK, 731), South Korea (ROK, 732)"),
        ("China", (2000, 2010), "is ambiguous", "Taiwan (TAW, 713)"),
        ("Germany", (1985, 1995), "is ambiguous", "German Federal Republic (GFR, 260)"),
        ("TWN", (1930, 1940), "Taiwan was not a member", "1949-2016"),
        ("Narnia", (2000, 2010), "unknown state", ""),
        ("", (2000, 2010), "unknown state", ""),
    ],
)
def test_an_ambiguous_or_unknown_state_is_refused(
    cached: Path, text: str, years: tuple[int, int], message: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_state(text, years, read("states"))
    assert remedy in (caught.value.remedy or "")


def test_gleditsch_ward_numbers_differ_from_cow_numbers_in_three_states() -> None:
    rows = pl.DataFrame({"state": [260, 260, 678, 678, 340, 732], "year": [1989, 1990, 1989, 1990, 2000, 2000]})
    numbers = rows.select(cow_number("state", pl.col("year")))["state"].to_list()
    assert numbers == [260, 255, 678, 679, 345, 732]
