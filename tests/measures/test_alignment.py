"""Alignment: closed forms, a slow independent computation, properties, and published figures."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tests.data.test_readers import cached as cached
from tests.support import seeded

from tocsin.data.readers import read
from tocsin.data.states import member_years
from tocsin.errors import InputError
from tocsin.measures.alignment import Distance, alliance_ranks, alliance_similarity, similarity, vote_similarity
from tocsin.measures.cinc import cinc

pytestmark = pytest.mark.numeric

positions = hnp.arrays(
    float, st.tuples(st.integers(2, 6), st.integers(1, 8)), elements=st.sampled_from([0, 1, 2, 3, np.nan])
)


def slow(first: np.ndarray, second: np.ndarray, weights: np.ndarray, distance: Distance) -> tuple[float, float, float]:
    """Return the three coefficients of one pair from their definitions."""
    both = np.isfinite(first) & np.isfinite(second)
    a, b, w = first[both], second[both], weights[both]
    if w.sum() == 0:
        return (np.nan, np.nan, np.nan)
    w = w / w.sum()

    def disagreement(p: float, q: float) -> float:
        return abs(p - q) if distance == "absolute" else (p - q) ** 2

    observed = sum(weight * disagreement(p, q) for p, q, weight in zip(a, b, w, strict=True))
    share = [{p: float(w[side == p].sum()) for p in range(4)} for side in (a, b)]
    mean = {p: (share[0][p] + share[1][p]) / 2 for p in range(4)}
    by_kappa = sum(share[0][p] * share[1][q] * disagreement(p, q) for p in range(4) for q in range(4))
    by_pi = sum(mean[p] * mean[q] * disagreement(p, q) for p in range(4) for q in range(4))
    kappa, pi = (1 - observed / chance if chance > 1e-12 else np.nan for chance in (by_kappa, by_pi))
    return (1 - 2 * observed / disagreement(0, 3), kappa, pi)


@settings(max_examples=150, deadline=None)
@given(table=positions, distance=st.sampled_from(["absolute", "squared"]), seed=st.integers(0, 99))
def test_all_pairs_agree_with_the_definitions(table: np.ndarray, distance: Distance, seed: int) -> None:
    weights = np.random.default_rng(seeded(seed)).integers(0, 4, table.shape[1]).astype(float)
    result = similarity(table, 3, weights=weights, distance=distance)
    for i in range(len(table)):
        for j in range(len(table)):
            expected = slow(table[i], table[j], weights, distance)
            assert [result.s[i, j], result.kappa[i, j], result.pi[i, j]] == pytest.approx(
                expected, abs=1e-9, nan_ok=True
            )


def test_identical_and_opposite_states() -> None:
    table = np.array([[3.0, 0.0, 3.0, 0.0], [3.0, 0.0, 3.0, 0.0], [0.0, 3.0, 0.0, 3.0]])
    result = similarity(table, 3)
    for coefficient in (result.s, result.kappa, result.pi):
        assert coefficient[0, 1] == pytest.approx(1.0)
        assert coefficient[0, 2] == pytest.approx(-1.0)
        assert coefficient == pytest.approx(coefficient.T)


def test_kappa_of_independent_positions_is_zero() -> None:
    random = np.random.default_rng(seeded(5))
    table = np.stack([random.choice(4, 200_000, p=p) for p in ([0.7, 0.1, 0.1, 0.1], [0.1, 0.2, 0.3, 0.4])]).astype(
        float
    )
    result = similarity(table, 3)
    assert result.kappa[0, 1] == pytest.approx(0.0, abs=0.01)
    assert np.abs(result.s[0, 1]) > 0.05


def test_kappa_averages_zero_over_permutations_and_pi_only_for_equal_shares() -> None:
    first, second = np.array([0.0, 0, 0, 1, 3]), np.array([3.0, 3, 1, 3, 0])
    rows = np.array([first, *permutations(second)])
    result = similarity(rows, 3)
    assert result.kappa[0, 1:].mean() == pytest.approx(0.0, abs=1e-12)
    assert result.pi[0, 1:].mean() == pytest.approx(-1 / 6, abs=1e-12)
    alike = similarity(np.array([first, *permutations(first)]), 3)
    assert alike.pi[0, 1:].mean() == pytest.approx(0.0, abs=1e-12)


def test_states_without_ties_have_s_of_one_and_no_kappa() -> None:
    result = similarity(np.zeros((2, 5)), 3)
    assert result.s[0, 1] == 1.0
    assert np.isnan(result.kappa[0, 1]) and np.isnan(result.pi[0, 1])


@pytest.mark.parametrize("bad", [np.array([[4.0]]), np.array([[-1.0]]), np.array([[0.5]])])
def test_positions_outside_the_scale_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 to 3"):
        similarity(bad, 3)


MEMBERS = pl.DataFrame({"state": [1, 2, 3], "year": [2000, 2000, 2000]})


def test_portfolios_by_hand() -> None:
    """1 and 2 defend each other; 3 has no ally. Portfolios (self 3): 1 (3,3,0), 2 (3,3,0), 3 (0,0,3)."""
    ranks = pl.DataFrame({"state1": [1, 2], "state2": [2, 1], "year": [2000, 2000], "rank": [3, 3]})
    result = alliance_similarity(MEMBERS, ranks)
    assert result.select("state1", "state2").rows() == [(1, 2), (1, 3), (2, 3)]
    assert result["s"].to_list() == pytest.approx([1.0, -1.0, -1.0])


def test_a_one_sided_obligation_enters_one_portfolio_only() -> None:
    """2 must defend 1, and 1 must consult 2: portfolios 1 (3,2,0), 2 (3,3,0), 3 (0,0,3). 9 is not a member."""
    ranks = pl.DataFrame({"state1": [2, 1, 9], "state2": [1, 2, 1], "year": [2000] * 3, "rank": [3, 2, 3]})
    result = alliance_similarity(MEMBERS, ranks)
    assert result["s"].to_list() == pytest.approx([1 - 2 * 1 / 9, 1 - 2 * 8 / 9, -1.0])


def test_the_dyads_among_some_states_are_those_of_all_states() -> None:
    """Each portfolio counts the ties to all members, so leaving out dyads changes no number of the others."""
    rng = np.random.default_rng(seeded(3))
    members = pl.DataFrame({"state": [*range(1, 9), *range(3, 9)], "year": [2000] * 8 + [2001] * 6})
    pairs = [(a, b, year) for a in range(1, 9) for b in range(1, 9) if a != b for year in (2000, 2001)]
    owed = rng.integers(0, 4, len(pairs))
    ranks = pl.DataFrame([(*pair, rank) for pair, rank in zip(pairs, owed, strict=True)], schema=["state1", "state2", "year", "rank"], orient="row")  # fmt: skip
    whole = alliance_similarity(members, ranks)
    for among in ((2, 5, 7), (1, 2), (8, 9)):
        part = alliance_similarity(members, ranks, among=among)
        assert part.equals(whole.filter(pl.col("state1").is_in(among) & pl.col("state2").is_in(among)))


def test_a_missing_column_and_a_duplicate_vote_are_refused() -> None:
    with pytest.raises(InputError, match="lacks the column `year`"):
        alliance_similarity(MEMBERS.drop("year"), MEMBERS)
    twice = pl.DataFrame({"state": [1, 1], "year": [2000, 2000], "resolution": [5, 5], "vote": [1, 2]})
    with pytest.raises(InputError, match="votes twice"):
        vote_similarity(twice)


# --- published figures ---------------------------------------------------------------------------------------------

USA, CHINA, NORTH, SOUTH, JAPAN, RUSSIA = 2, 710, 731, 732, 740, 365


@pytest.fixture
def obligations(shared: Path) -> pl.DataFrame:
    names = {"ccode1": "state1", "ccode2": "state2", "atop_defense": "defence", "atop_offense": "offence",
             "atop_neutral": "neutrality", "atop_nonagg": "nonaggression", "atop_consul": "consultation"}  # fmt: skip
    return pl.read_parquet(shared / "data" / "atop_alliance_ddy.parquet").rename(names)


def test_defence_pacts_of_2018_among_the_six(obligations: pl.DataFrame) -> None:
    six = (USA, CHINA, NORTH, SOUTH, JAPAN, RUSSIA)
    result = obligations.filter(
        pl.col("year") == 2018, pl.col("defence") == 1, pl.col("state1").is_in(six), pl.col("state2").is_in(six)
    )
    pairs = {tuple(sorted(pair)) for pair in result.select("state1", "state2").rows()}
    assert pairs == {(USA, JAPAN), (USA, SOUTH), (CHINA, NORTH)}
    ranks = alliance_ranks(obligations).filter(pl.col("year") == 2018)
    assert ranks.filter(pl.col("state1") == NORTH, pl.col("state2") == JAPAN)["rank"].to_list() == [1]


def test_south_korean_votes_of_2000_agree_as_published(shared: Path) -> None:
    """The year is that in which the session began; some votes of session 55 were cast in 2001."""
    data = shared / "data"
    codes = {"US": USA, "KR": SOUTH, "KP": NORTH, "JP": JAPAN, "CN": CHINA, "RU": RUSSIA}
    votes = (
        pl.read_parquet(data / "unga_votes.parquet")
        .join(
            pl.read_parquet(data / "unga_roll_calls.parquet").select("rcid", year=pl.col("session") + 1945), on="rcid"
        )
        .filter(pl.col("year") == 2000, pl.col("country_code").is_in(codes))
        .select(
            state=pl.col("country_code").replace_strict(codes, return_dtype=pl.Int32),
            year="year",
            resolution="rcid",
            vote=3 - pl.col("vote").cast(pl.Int32),
        )
    )
    result = {(row["state1"], row["state2"]): row for row in vote_similarity(votes).iter_rows(named=True)}
    assert result[SOUTH, JAPAN]["agreement"] == pytest.approx(0.917808, abs=1e-6)
    assert result[USA, SOUTH]["agreement"] == pytest.approx(0.541096, abs=1e-6)
    published = pl.read_parquet(data / "rok_unga_similarity.parquet").filter(pl.col("year") == 2000)
    for other in (USA, NORTH, JAPAN, CHINA, RUSSIA):
        expected = published.filter(pl.col("ccode2") == other)["v_agree"].item()
        pair = (min(SOUTH, other), max(SOUTH, other))
        assert result[pair]["agreement"] == pytest.approx(expected, abs=1e-9)


YEARS = (1950, 1970, 1990, 2010)


def by_alliance(pairs: pl.DataFrame, value: str) -> pl.DataFrame:
    """Return the mean over the pairs of members of each ATOP alliance and year."""
    members = read("atop_members")
    end = pl.when(pl.col("exit_year") == 0).then(2018).otherwise(pl.col("exit_year"))
    years = members.with_columns(year=pl.int_ranges("entry_year", end + 1, dtype=pl.Int32)).explode("year")
    inside = years.filter(pl.col("year").is_in(YEARS)).select("alliance", "year", "state").unique()
    both = inside.join(inside, on=["alliance", "year"], suffix="2").filter(pl.col("state") < pl.col("state2"))
    pairs = pairs.with_columns(pl.col("state1", "state2", "year").cast(pl.Int32))
    result = both.join(pairs, left_on=["state", "state2", "year"], right_on=["state1", "state2", "year"])
    return result.group_by("alliance", "year").agg(pl.col(value).mean())


def test_mean_similarity_by_alliance_follows_published_figures(cached: Path) -> None:
    """Alley's table rests on COW alliances, which we do not use, so no row is equal. It uses squared distances for kappa and pi, and
    absolute distances weighted by capability for S. With these choices our figures follow it closely; unweighted S does not."""
    theirs = read("alliance_similarity")
    members = pl.concat([member_years(read("states"), year, year) for year in YEARS])
    ranks = alliance_ranks(read("atop_dyads"))
    squared = alliance_similarity(members, ranks, distance="squared")
    for ours, their in (("kappa", "mean_kappa"), ("pi", "mean_pi")):
        both = by_alliance(squared, ours).join(theirs, on=["alliance", "year"]).drop_nulls([ours, their])
        assert both.height > 400
        assert pl.DataFrame(both).select(pl.corr(ours, their)).item() > 0.99
        assert (both[ours] - both[their]).abs().mean() < 0.03  # type: ignore[operator]
    weighted = by_alliance(pl.concat([weighted_s(year, ranks) for year in YEARS]), "s")
    both = weighted.join(theirs, on=["alliance", "year"]).drop_nulls(["s", "mean_s"])
    assert both.select(pl.corr("s", "mean_s")).item() > 0.97
    plain = by_alliance(alliance_similarity(members, ranks), "s").join(theirs, on=["alliance", "year"])
    assert plain.select(pl.corr("s", "mean_s")).item() < 0.9


def weighted_s(year: int, ranks: pl.DataFrame) -> pl.DataFrame:
    """Return S of a year's portfolios, with each third state weighted by its capability."""
    capability = cinc(read("nmc")).filter(pl.col("year") == year).drop_nulls("cinc").sort("state")
    states = capability["state"].to_numpy()
    index_of = {int(state): index for index, state in enumerate(states)}
    positions = 3.0 * np.eye(len(states))
    for first, second, rank in ranks.filter(pl.col("year") == year).select("state1", "state2", "rank").iter_rows():
        if first in index_of and second in index_of:
            positions[index_of[first], index_of[second]] = rank
    result = similarity(positions, 3, weights=capability["cinc"].to_numpy()).s
    first, second = np.triu_indices(len(states), 1)
    return pl.DataFrame(
        {
            "state1": states[first],
            "state2": states[second],
            "year": np.full(len(first), year),
            "s": result[first, second],
        }
    )
