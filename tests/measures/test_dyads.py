"""Directed dyad-years: both directions, and nulls outside coverage."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.data.test_readers import swapped

from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.data.states import member_years
from tocsin.measures.cinc import cinc
from tocsin.measures.disputes import one_per_dyad_year
from tocsin.measures.dyads import dyad_years, with_capability, with_disputes, with_distance, with_pacts

MEMBERS = pl.DataFrame({"state": [1, 2, 3, 1, 2], "year": [2000, 2000, 2000, 2001, 2001]})


def test_all_ordered_pairs_of_a_year_except_those_never_members_at_once() -> None:
    assert dyad_years(MEMBERS).rows() == [
        (1, 2, 2000), (1, 2, 2001), (1, 3, 2000), (2, 1, 2000), (2, 1, 2001), (2, 3, 2000), (3, 1, 2000), (3, 2, 2000),
    ]  # fmt: skip
    apart = pl.DataFrame({"state1": [3], "state2": [1], "year": [2000]})
    left = {(1, 3, 2000), (3, 1, 2000)}
    assert set(dyad_years(MEMBERS).rows()) - set(dyad_years(MEMBERS, apart).rows()) == left


def value(dyads: pl.DataFrame, one: int, two: int, year: int, name: str) -> object:
    return dyads.filter(pl.col("state1") == one, pl.col("state2") == two, pl.col("year") == year)[name][0]


def test_capability_has_a_side_and_distance_has_none() -> None:
    index = pl.DataFrame({"state": [1, 2], "year": [2000, 2000], "cinc": [0.3, 0.1]})
    far = pl.DataFrame({"state1": [2], "state2": [1], "year": [2000], "distance": [50.0]})
    result = with_distance(with_capability(dyad_years(MEMBERS), index), far)
    assert (value(result, 1, 2, 2000, "cinc1"), value(result, 1, 2, 2000, "cinc2")) == (0.3, 0.1)
    assert (value(result, 2, 1, 2000, "cinc1"), value(result, 2, 1, 2000, "cinc2")) == (0.1, 0.3)
    assert value(result, 1, 2, 2000, "distance") == value(result, 2, 1, 2000, "distance") == 50.0
    assert value(result, 1, 3, 2000, "cinc2") is value(result, 1, 2, 2001, "cinc1") is None
    assert value(result, 1, 3, 2000, "distance") is None


def test_unlisted_is_zero_within_coverage_and_null_outside() -> None:
    duties = {"defence": [1], "offence": [0], "neutrality": [0], "nonaggression": [1], "consultation": [0]}
    owed = pl.DataFrame({"state1": [1], "state2": [2], "year": [2000], **duties})
    result = with_pacts(dyad_years(MEMBERS), owed, (1990, 2000))
    assert (value(result, 1, 2, 2000, "defence"), value(result, 2, 1, 2000, "defence")) == (1, 0)
    assert value(result, 1, 2, 2001, "defence") is None
    began = {"ongoing": [1], "onset": [1], "dispute": [7], "hostility1": [4], "hostility2": [2]}
    fought = pl.DataFrame({"state1": [1], "state2": [3], "year": [2000], **began})
    result = with_disputes(dyad_years(MEMBERS), fought, (1990, 2000))
    assert (value(result, 1, 3, 2000, "onset"), value(result, 1, 2, 2000, "onset")) == (1, 0)
    assert value(result, 1, 2, 2000, "dispute") is value(result, 1, 2, 2001, "ongoing") is None


@pytest.fixture
def dyads(cached: Path) -> pl.DataFrame:
    table = dyad_years(member_years(read("states"), 1816, 2022), read("false_dyads"))
    table = with_distance(with_capability(table, cinc(read("nmc"))), read("distance"))
    table = with_pacts(table, read("atop_dyads"), source("atop_dyads").years)
    return with_disputes(table, one_per_dyad_year(read("gml_dyads")), source("gml_dyads").years)


def test_all_dyads_since_1816(dyads: pl.DataFrame, cached: Path) -> None:
    key = ["state1", "state2", "year"]
    assert not dyads.select(key).is_duplicated().any()
    other_way = dyads.select(state1="state2", state2="state1", year="year", back="distance", back_ongoing="ongoing")
    both = dyads.join(other_way, on=key, how="left")
    assert both["back_ongoing"].null_count() == both["ongoing"].null_count() == (dyads["year"] > 2010).sum()
    assert both.filter(pl.col("distance").is_not_null() & (pl.col("distance") != pl.col("back"))).is_empty()
    assert both.filter(pl.col("ongoing") != pl.col("back_ongoing")).is_empty()
    assert dyads.filter(pl.col("year") > 2018)["defence"].null_count() == (dyads["year"] > 2018).sum()
    assert dyads.filter(pl.col("year") < 1886)["distance"].null_count() == (dyads["year"] < 1886).sum()
    listed = read("gml_dyad_years").filter(pl.col("ongoing") == 1).height
    # a dispute is left out if one of its states was not a member that year
    assert 0 <= listed - dyads["ongoing"].sum() <= 20
    published = pl.read_parquet(cached / "cow_mindist.parquet").select(pl.col("ccode1", "ccode2", "year", "mindist"))
    same = dyads.join(published, left_on=key, right_on=["ccode1", "ccode2", "year"])
    assert same.height > 900_000
    assert same.filter((pl.col("distance") - pl.col("mindist")).abs() > 0).is_empty()


def test_the_joined_table_agrees_in_both_directions(cached: Path) -> None:
    members = member_years(read("states"), 1985, 2010)
    dyads = with_distance(
        with_capability(dyad_years(members, read("false_dyads")), cinc(read("nmc"))), read("distance")
    )
    dyads = with_disputes(dyads, one_per_dyad_year(read("gml_dyads")), source("gml_dyads").years)
    assert dyads.join(swapped(dyads), on=dyads.columns, how="anti", nulls_equal=True).is_empty()
