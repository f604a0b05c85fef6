"""Disputes by dyad and year: the rules by hand, both directions alike, and others' products row by row."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached

from tocsin.data.readers import read, tidy
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.measure.disputes import RULES, reduced, undirected

NAMES = ("onset", "fatality", "hostility", "least_days", "most_days", "reciprocated", "month")


def table(*disputes: tuple[int | None, ...]) -> pl.DataFrame:
    """Both directions of the dyad 1, 2 in 2000, a dispute (number and `NAMES`) each."""
    rows = [
        {
            "dispute": number,
            "state1": one,
            "state2": two,
            "year": 2000,
            "ongoing": 1,
            **dict(zip(NAMES, values, strict=True)),
        }
        for number, *values in disputes
        for one, two in ((1, 2), (2, 1))
    ]
    return pl.DataFrame(rows)


def kept(*disputes: tuple[int | None, ...]) -> int:
    found = reduced(table(*disputes))
    assert found["among"].to_list() == [len(disputes)] * 2
    (number,) = found["dispute"].unique()
    return int(number)


LESS = (1, 0, 0, 2, 10, 20, 0, 6)


@pytest.mark.parametrize(
    ("at", "more"),
    [
        (0, (2, 1, 0, 2, 10, 20, 0, 6)),
        (1, (2, 0, 1, 2, 10, 20, 0, 6)),
        (2, (2, 0, 0, 3, 10, 20, 0, 6)),
        (3, (2, 0, 0, 2, 11, 20, 0, 6)),
        (4, (2, 0, 0, 2, 10, 21, 0, 6)),
        (5, (2, 0, 0, 2, 10, 20, 1, 6)),
        (6, (2, 0, 0, 2, 10, 20, 0, 5)),
    ],
    ids=[name for name, _ in RULES],
)
def test_each_rule_decides_where_those_before_it_do_not(at: int, more: tuple[int, ...]) -> None:
    assert kept(LESS, more) == 2
    worse_later = (*more[: at + 2], *(0 if name != "month" else 12 for name in NAMES[at + 1 :]))
    assert kept(LESS, worse_later) == 2
    assert kept(LESS, (2, *LESS[1:])) == 1  # and last the lower number


def test_unknown_deaths_stand_between_none_and_the_fewest() -> None:
    none, unknown, few = (1, 0, 0, 2, 9, 9, 0, 6), (2, 0, None, 2, 9, 9, 0, 6), (3, 0, 1, 2, 9, 9, 0, 6)
    assert kept(none, unknown) == 2
    assert kept(unknown, few) == 3


numbers = st.tuples(
    *(st.integers(0, 1), st.none() | st.integers(0, 6), st.integers(1, 5), st.integers(1, 3), st.integers(3, 5)),
    st.integers(0, 1),
    st.integers(1, 12),
)


@given(st.lists(numbers, min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter_and_both_directions_keep_the_same(
    disputes: list[tuple[int | None, ...]], chance: random.Random
) -> None:
    rows = table(*((number, *values) for number, values in enumerate(disputes, start=1)))
    found = reduced(rows)
    assert reduced(rows.sample(fraction=1.0, shuffle=True, seed=chance.randint(0, 99))).equals(found)
    assert found["dispute"].n_unique() == 1
    assert undirected(found).height == 1


def test_what_is_no_such_table_is_refused() -> None:
    with pytest.raises(InputError, match="lacks the column `fatality`"):
        reduced(table(LESS).drop("fatality"))
    with pytest.raises(InputError, match="stands twice"):
        reduced(table(LESS, LESS))
    with pytest.raises(InputError, match="1 and 2 stand in one direction only"):
        undirected(table(LESS).head(1))


def test_the_reduction_of_gibler_miller_and_little_row_by_row(cached: Path) -> None:
    expected = read("gml_dyad_years").sort("state1", "state2", "year")
    found = reduced(read("gml_dyads"))
    assert found.select(expected.columns).equals(expected)
    assert undirected(found).height == expected.height // 2


def test_the_reduction_of_the_correlates_of_war_row_by_row(cached: Path, tmp_path: Path) -> None:
    pl.read_parquet(cached / "cow_mid5_mida.parquet").write_csv(tmp_path / "mida.csv")
    whole = tidy(source("mid_disputes"), tmp_path / "mida.csv").drop("year", "outcome", "settlement")
    expected = read("mid_dyad_years").sort("state1", "state2", "year")
    found = reduced(read("mid_dyads").join(whole, on="dispute", how="left"))
    assert found.select(expected.columns).equals(expected)
