"""Conquests: their coding from wars, states and territorial changes, and the posterior of their share."""

from __future__ import annotations

import polars as pl
import pytest
from scipy.stats import beta
from tests.data.test_readers import cached as cached
from tests.support import assert_close

from tocsin.data.readers import read
from tocsin.evidence.conquest import estimate, victories
from tocsin.evidence.store import load_result, refit

pytestmark = pytest.mark.numeric

WON, LOST = 1, 2
STATES = pl.DataFrame(
    [
        (1, "AAA", 1816, 2016),
        (2, "BBB", 1816, 1901),
        (3, "CCC", 1816, 1902),
        (4, "DDD", 1816, 2016),
        (2, "BBB", 1920, 2016),
    ],
    schema=("state", "code", "first", "last"),
    orient="row",
)


def war(outcome: int = WON, last: int = 1901, losers: tuple[int, ...] = (2,), began: int = 1) -> pl.DataFrame:
    """Return a war that state 1 fights against others from 1900; `outcome` is that of state 1."""
    rows = []
    for year in range(1900, last + 1):
        for other in losers:
            rows += [(7, 1, other, year, 1, began, outcome), (7, other, 1, year, 2, 1 - began, WON + LOST - outcome)]
    return pl.DataFrame(
        rows, schema=("war", "state1", "state2", "year", "side1", "initiator1", "outcome1"), orient="row"
    )


def gain(year: int = 1901, gainer: int = 1, loser: int = 2) -> pl.DataFrame:
    return pl.DataFrame({"year": [year], "gainer": [gainer], "loser": [loser]})


@pytest.mark.parametrize(
    ("fought", "change", "conquered"),
    [
        (war(), gain(), ["BBB"]),
        (war(), gain(gainer=4), []),  # the land went to another state
        (war(), gain(year=1903), []),  # after the war
        (war(last=1900), gain(year=1900), []),  # the loser left the list after the war
        (war(losers=(4,)), gain(loser=4), []),  # the loser lost land but not its statehood
        (war(losers=(2, 4)), gain(), ["BBB"]),
        (war(began=0), gain(), ["BBB"]),  # the defender conquers
    ],
)
def test_a_conquest_needs_the_end_of_a_loser_and_land_for_a_winner(
    fought: pl.DataFrame, change: pl.DataFrame, conquered: list[str]
) -> None:
    (row,) = victories(fought, STATES, change).iter_rows(named=True)
    assert row["conquered"] == conquered
    assert row["initiator"] == (fought["initiator1"][0] == 1)
    assert row["losers"] == fought.filter(pl.col("side1") == 2)["state1"].n_unique()


def test_a_war_that_the_side_that_began_it_lost_is_won_by_the_other() -> None:
    (row,) = victories(war(outcome=LOST), STATES, gain()).iter_rows(named=True)
    assert not row["initiator"] and row["conquered"] == []


def test_wars_without_one_winner_do_not_count() -> None:
    assert victories(war().with_columns(outcome1=pl.lit(6)), STATES, gain()).is_empty()


def test_shares_have_the_interval_of_jeffreys_prior() -> None:
    wars = pl.DataFrame({
        "war": range(20), "first": [1900] * 12 + [1950] * 8, "last": 1960, "initiator": [True] * 15 + [False] * 5,
        "losers": 1, "conquered": [["XXX"]] * 3 + [[]] * 17,
    })  # fmt: skip
    figures = estimate(wars)
    rows = {(row.labels["winner"], row.labels["years"]): row for row in figures.estimated}
    for group, hits, cases in (
        (("initiator", "1823 to 2003"), 3, 15), (("initiator", "since 1946"), 0, 3),
        (("either side", "1823 to 2003"), 3, 20), (("either side", "since 1946"), 0, 8),
    ):  # fmt: skip
        row, posterior = rows[group], beta(hits + 0.5, cases - hits + 0.5)
        assert row.cases == cases
        assert (row.p05, row.p50, row.p95) == pytest.approx(posterior.ppf([0.05, 0.5, 0.95]), abs=1e-6)


@pytest.mark.usefixtures("cached")
def test_the_conquests_on_record_are_those_of_history() -> None:
    wars = victories(read("wars"), read("states"), read("territorial_changes"))
    counted = {str(row["outcome"]): int(row["wars"]) for row in load_result("contest").figures.counted}
    assert (wars.filter("initiator").height, wars.height) == (counted["won"], counted["won"] + counted["lost"])
    taken = wars.filter(pl.col("conquered").list.len() > 0)
    begun = taken.filter("initiator").select("last", "conquered").rows()
    # Italy takes the Papal States and the Two Sicilies, Prussia Hanover and Hesse, Britain Egypt, Italy Ethiopia
    assert begun == [(1860, ["PAP"]), (1861, ["SIC"]), (1866, ["HAN", "HSE"]), (1882, ["EGY"]), (1936, ["ETH"])]
    others = taken.filter(~pl.col("initiator")).select("last", "conquered").rows()
    assert others == [(1870, ["PAR"]), (1945, ["GMY", "JPN"]), (1975, ["RVN"])]


@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    assert_close(refit("conquest").figures.to_dict(), load_result("conquest").figures.to_dict())
