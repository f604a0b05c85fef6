"""Pacts, positions and the summary of alignment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached

from tocsin.data.readers import read
from tocsin.measures.alignment import vote_similarity
from tocsin.measures.ties import bound_on, defence_pacts, ideal_distance, summary


def test_defence_pacts_of_2018_among_the_six(cached: Path) -> None:
    six = [2, 365, 710, 731, 732, 740]
    result = defence_pacts(read("atop_dyads")).filter(
        pl.col("year") == 2018, pl.col("state1").is_in(six), pl.col("state2").is_in(six)
    )
    # Washington must defend Tokyo, not the reverse
    assert result.rows() == [(2, 732, 2018, True, True), (2, 740, 2018, True, False), (710, 731, 2018, True, True)]


def listed(*years: int) -> pl.DataFrame:
    """Return a duty of state 1 to state 2 in some years, with another duty that makes the data last until 1950."""
    rows = [(1, 2, year, 1) for year in years] + [(8, 9, year, 1) for year in range(1930, 1951)]
    return pl.DataFrame(rows, schema=["state1", "state2", "year", "defence"], orient="row")


def member(state: int, entry: tuple[int, int], leaving: tuple[int, int], defence: int = 1) -> tuple[int, ...]:
    return (7, state, defence, *entry, *leaving)


def members(*rows: tuple[int, ...]) -> pl.DataFrame:
    names = ["alliance", "state", "defence", "entry_year", "entry_month", "exit_year", "exit_month"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int16), orient="row")


@pytest.mark.parametrize(
    ("years", "day", "bound"),
    [
        ((1938, 1939, 1940), date(1939, 6, 1), True),
        ((1939, 1940), date(1939, 3, 31), False),  # begins in April
        ((1939, 1940), date(1939, 4, 1), True),
        ((1938, 1939), date(1939, 8, 31), True),
        ((1938, 1939), date(1939, 10, 1), False),  # ended in September
        ((1938, 1940), date(1939, 6, 1), False),
        ((1948, 1949, 1950), date(2024, 6, 1), True),  # after the data
        ((1948, 1949), date(2024, 6, 1), False),
    ],
)
def test_a_duty_holds_on_the_days_between_its_beginning_and_end(years: tuple[int, ...], day: date, bound: bool) -> None:
    allied = members(member(1, (1939, 4), (1939, 9)), member(2, (1939, 4), (1939, 9), defence=0))
    pairs = bound_on(listed(*years), allied, day).rows()
    assert ((1, 2) in pairs) == bound
    assert (2, 1) not in pairs


def test_a_member_without_end_is_still_one() -> None:
    allied = members(member(1, (1939, 4), (0, 0)), member(2, (1939, 4), (0, 0)))
    assert (1, 2) in bound_on(listed(1939, 1940), allied, date(1939, 5, 1)).rows()


def test_britain_is_bound_to_poland_from_its_pact_of_1939_on(cached: Path) -> None:
    obligations, allied = read("atop_dyads"), read("atop_members")
    early, late = (bound_on(obligations, allied, date(1939, month, 1)) for month in (2, 9))
    assert (200, 290) not in early.rows() and (200, 290) in late.rows()


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
