"""Disputes by dyad-year: the rules by hand, both directions, and published selections row by row."""

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
from tocsin.measures.disputes import RULES, one_per_dyad_year

NAMES = ("onset", "fatality", "hostility", "least_days", "most_days", "reciprocated", "month")


def table(*disputes: tuple[int | None, ...]) -> pl.DataFrame:
    """Return both directions of the dyad 1, 2 in 2000, for each dispute (number and `NAMES`)."""
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


def selected(*disputes: tuple[int | None, ...]) -> int:
    result = one_per_dyad_year(table(*disputes))
    assert result["among"].to_list() == [len(disputes)] * 2
    (number,) = result["dispute"].unique()
    return int(number)


LESS = (1, 0, 0, 2, 10, 20, 0, 6)


@pytest.mark.parametrize(
    ("rule", "more"),
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
def test_each_rule_decides_if_those_before_it_do_not(rule: int, more: tuple[int, ...]) -> None:
    assert selected(LESS, more) == 2
    worse_later = (*more[: rule + 2], *(0 if name != "month" else 12 for name in NAMES[rule + 1 :]))
    assert selected(LESS, worse_later) == 2
    assert selected(LESS, (2, *LESS[1:])) == 1  # the lower number decides last


def test_unknown_deaths_rank_between_none_and_the_lowest_class() -> None:
    none, unknown, few = (1, 0, 0, 2, 9, 9, 0, 6), (2, 0, None, 2, 9, 9, 0, 6), (3, 0, 1, 2, 9, 9, 0, 6)
    assert selected(none, unknown) == 2
    assert selected(unknown, few) == 3


numbers = st.tuples(
    *(st.integers(0, 1), st.none() | st.integers(0, 6), st.integers(1, 5), st.integers(1, 3), st.integers(3, 5)),
    st.integers(0, 1),
    st.integers(1, 12),
)


@given(st.lists(numbers, min_size=1, max_size=6), st.randoms())
def test_the_order_of_rows_does_not_matter_and_both_directions_agree(
    disputes: list[tuple[int | None, ...]], chance: random.Random
) -> None:
    rows = table(*((number, *values) for number, values in enumerate(disputes, start=1)))
    result = one_per_dyad_year(rows)
    assert one_per_dyad_year(rows.sample(fraction=1.0, shuffle=True, seed=chance.randint(0, 99))).equals(result)
    assert result["dispute"].n_unique() == 1
    assert result.select("state1", "state2").rows() == [(1, 2), (2, 1)]


def test_an_invalid_table_is_refused() -> None:
    with pytest.raises(InputError, match="lacks the column `fatality`"):
        one_per_dyad_year(table(LESS).drop("fatality"))
    with pytest.raises(InputError, match="two rows for a dyad-year"):
        one_per_dyad_year(table(LESS, LESS))


def test_the_selection_of_gibler_miller_and_little_row_by_row(cached: Path) -> None:
    expected = read("gml_dyad_years").sort("state1", "state2", "year")
    result = one_per_dyad_year(read("gml_dyads"))
    assert result.select(expected.columns).equals(expected)


def test_the_selection_of_the_correlates_of_war_row_by_row(cached: Path, tmp_path: Path) -> None:
    pl.read_parquet(cached / "cow_mid5_mida.parquet").write_csv(tmp_path / "mida.csv")
    facts = tidy(source("mid_disputes"), tmp_path / "mida.csv").drop("year", "outcome", "settlement")
    expected = read("mid_dyad_years").sort("state1", "state2", "year")
    result = one_per_dyad_year(read("mid_dyads").join(facts, on="dispute", how="left"))
    assert result.select(expected.columns).equals(expected)
