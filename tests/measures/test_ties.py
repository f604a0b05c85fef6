"""Pacts, positions and the summary of alignment."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached

from tocsin.data.readers import read
from tocsin.measures.alignment import vote_similarity
from tocsin.measures.ties import defence_pacts, ideal_distance, summary


def test_defence_pacts_of_2018_among_the_six(cached: Path) -> None:
    six = [2, 365, 710, 731, 732, 740]
    result = defence_pacts(read("atop_dyads")).filter(
        pl.col("year") == 2018, pl.col("state1").is_in(six), pl.col("state2").is_in(six)
    )
    # Washington must defend Tokyo, not the reverse
    assert result.rows() == [(2, 732, 2018, True, True), (2, 740, 2018, True, False), (710, 731, 2018, True, True)]


def test_agreement_and_positions_as_published(cached: Path) -> None:
    published = pl.read_parquet(cached / "rok_unga_similarity.parquet")
    votes = read("un_votes").join(read("un_roll_calls"), on="resolution").with_columns(year=pl.col("session") + 1945)
    result = vote_similarity(votes.filter(pl.col("year") == 2000))
    agreement = {(row["state1"], row["state2"]): row["agreement"] for row in result.iter_rows(named=True)}
    assert agreement[732, 740] == pytest.approx(0.917808, abs=1e-6)
    assert agreement[2, 732] == pytest.approx(0.541096, abs=1e-6)
    points = (
        published.select(pl.col("ccode2").alias("state"), "year", ideal="ip2").drop_nulls().unique(["state", "year"])
    )
    seoul = published.select(state="ccode1", year="year", ideal="ip1").drop_nulls().unique(["state", "year"])
    pairs = ideal_distance(pl.concat([points.filter(pl.col("state") != 732), seoul]))
    theirs = published.drop_nulls("ipd").select(
        state1=pl.min_horizontal("ccode1", "ccode2"),
        state2=pl.max_horizontal("ccode1", "ccode2"),
        year="year",
        ipd="ipd",
    )
    both = theirs.join(pairs, on=["state1", "state2", "year"])
    assert both.height == theirs.height > 5000
    assert (both["ipd"] - both["distance"]).abs().max() <= 1e-9  # type: ignore[operator]


def part(rows: list[tuple[int, int, int, float | None]]) -> pl.DataFrame:
    schema = {"state1": pl.Int32, "state2": pl.Int32, "year": pl.Int32, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_summary_ranks_each_part_within_its_year() -> None:
    result = summary(
        {
            "votes": part([(1, 2, 2000, 0.9), (1, 3, 2000, 0.1), (2, 3, 2000, 0.1), (1, 2, 2001, 0.5)]),
            "pact": part([(1, 2, 2000, 1.0), (1, 3, 2000, 0.0), (2, 3, 2000, None)]),
        }
    )
    assert result.rows() == [
        (1, 2, 2000, 0.9, 1.0, 2, *[pytest.approx((5 / 6 + 3 / 4) / 2)] * 3),
        (1, 2, 2001, 0.5, None, 1, None, 0.25, 0.75),
        (1, 3, 2000, 0.1, 0.0, 2, *[pytest.approx((2 / 6 + 1 / 4) / 2)] * 3),
        (2, 3, 2000, 0.1, None, 1, None, pytest.approx(1 / 6), pytest.approx(4 / 6)),
    ]
    with pytest.raises(ValueError, match="at least one part"):
        summary({})


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.floats(0.1, 9), st.floats(-3, 3))
def test_only_the_order_of_a_part_counts(values: list[float], scale: float, shift: float) -> None:
    pairs = [(1, 2, 2000), (1, 3, 2000), (2, 3, 2000)]
    rows = part([(*pair, round(value, 3)) for pair, value in zip(pairs, values, strict=True)])
    moved = rows.with_columns(pl.col("value") * scale + shift)
    first, second = summary({"a": rows}), summary({"a": moved})
    assert first["closeness"].to_list() == pytest.approx(second["closeness"].to_list())
    assert first["closeness"].mean() == pytest.approx(0.5)
