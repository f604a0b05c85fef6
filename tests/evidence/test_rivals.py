"""What rivals did to each other: the coding of their years, and the rates that follow."""

from __future__ import annotations

import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.support import assert_close

from tocsin.evidence.rivals import EVENTS, estimate, rival_years
from tocsin.evidence.store import KINDS, load_result, refit

pytestmark = pytest.mark.numeric


def dispute(number: int, year: int, levels: tuple[int, int], *, onset: int = 1) -> list[tuple[int, ...]]:
    """Return both directed rows of a dispute between states 1 and 2 in one year."""
    mine, theirs = levels
    return [(number, 1, 2, year, onset, mine, theirs), (number, 2, 1, year, onset, theirs, mine)]


def tables(
    disputes: list[tuple[int, ...]],
    outcomes: dict[int, int],
    *,
    war: int | None = None,
    lost: tuple[int, int] | None = None,
) -> dict[str, pl.DataFrame]:
    """Return the sources for one rivalry, of states 2 and 1 from 1950 to 1960; `war` and `lost` are years, the latter with by_force."""
    wars = [(1, 2, war, 1), (2, 1, war, 1)] if war else []
    changes = [(lost[0], 1, 2, lost[1])] if lost else []
    end = lost[0] if lost else 2016
    frame = pl.DataFrame
    return {
        "rivalries_tss": frame([(2, 1, 1950, 1960)], schema=("state1", "state2", "first", "last"), orient="row"),
        "gml_dyads": frame(disputes, schema=("dispute", "state1", "state2", "year", "onset", "hostility1", "hostility2"), orient="row"),
        "gml_disputes": frame(list(outcomes.items()), schema=("dispute", "outcome"), orient="row"),
        "wars": frame(wars, schema={"state1": pl.Int64, "state2": pl.Int64, "year": pl.Int64, "onset": pl.Int64}, orient="row"),
        "states": frame([(1, 1816, 2016), (2, 1816, end)], schema=("state", "first", "last"), orient="row"),
        "territorial_changes": frame(
            changes, schema={"year": pl.Int64, "gainer": pl.Int64, "loser": pl.Int64, "by_force": pl.Int64}, orient="row"
        ),
    }  # fmt: skip


def happened(years: pl.DataFrame) -> dict[str, list[int]]:
    return {name: years.filter(name)["year"].to_list() for name in EVENTS if years[name].any()}


def test_the_years_of_a_rivalry_count_from_1954_once_each() -> None:
    rows = (
        dispute(1, 1955, (3, 1))
        + dispute(2, 1955, (2, 4))
        + dispute(3, 1957, (4, 4))
        + dispute(3, 1958, (4, 4), onset=0)
    )
    years = rival_years(tables(rows, {1: 5, 2: 4, 3: 5}))
    assert years["year"].to_list() == list(range(1954, 1961))
    assert happened(years) == {
        "press": [1955, 1957, 1958],
        "force": [1955, 1957, 1958],
        "clash": [1957],
        "concede": [1955],
    }


def test_threats_alone_are_no_pressure_and_a_yield_to_them_is_none() -> None:
    assert happened(rival_years(tables(dispute(1, 1955, (2, 1)), {1: 3}))) == {}


def test_a_war_counts_in_the_year_in_which_it_began() -> None:
    assert happened(rival_years(tables(dispute(1, 1955, (1, 1)), {1: 5}, war=1956))) == {"war": [1956]}


@pytest.mark.parametrize(("by_force", "counted"), [(1, {"conquest": [1957]}), (0, {})])
def test_a_conquest_takes_land_by_force_from_a_state_that_ends(by_force: int, counted: dict[str, list[int]]) -> None:
    assert happened(rival_years(tables(dispute(1, 1955, (1, 1)), {1: 5}, lost=(1957, by_force)))) == counted


def test_clashes_and_concessions_are_counted_per_year_of_pressure() -> None:
    rows = [(1, other, year) for other in range(2, 42) for year in range(1960, 1980)]
    years = pl.DataFrame(rows, schema=("state1", "state2", "year"), orient="row").with_columns(
        press=pl.col("year") % 2 == 0, force=pl.col("year") % 4 == 0, clash=pl.col("year") % 4 == 0,
        war=pl.col("year") == 1960, concede=pl.col("year") == 1962, conquest=(pl.col("year") == 1964) & (pl.col("state2") == 2),
    )  # fmt: skip
    figures = estimate(years, seed=1)
    counts = {str(row["event"]): (row["events"], row["years"]) for row in figures.counted}
    assert counts["press"] == (400, 800) and counts["clash"] == (200, 400) and counts["conquest"] == (1, 800)
    middle = {row.labels["event"]: row.p50 for row in figures.estimated}
    assert middle["press"] == pytest.approx(0.5, abs=0.05) and middle["clash"] == pytest.approx(0.5, abs=0.06)
    assert middle["war"] == pytest.approx(0.05, abs=0.01)


@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    assert_close(refit("rivals").figures.to_dict(), load_result("rivals").figures.to_dict())


def test_the_stored_figures_hold_every_event() -> None:
    figures = load_result("rivals").figures
    assert [row.labels["event"] for row in figures.estimated] == list(EVENTS)
    assert KINDS["rivals"].unit == "per year"
