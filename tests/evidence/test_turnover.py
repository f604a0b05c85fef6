"""Turnover: recovery of known rates, records counted by hand, and moves after turnovers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.evidence.store import load_result, refit
from tocsin.evidence.turnover import DRAWS, by_code, moves, pooled_rates, record

pytestmark = pytest.mark.numeric


def leaders(*rows: tuple[int, date, date, str]) -> pl.DataFrame:
    states, starts, ends, exits = zip(*rows, strict=True)
    return pl.DataFrame({"state": states, "start": starts, "end": ends, "exit": exits})


def test_a_record_counts_exits_in_the_period_and_no_leader_in_office_at_its_end() -> None:
    result = record(
        leaders(
            (1, date(1940, 1, 1), date(1950, 12, 31), "Regular"),
            (1, date(1951, 1, 1), date(1960, 12, 31), "Irregular"),
            (1, date(1961, 1, 1), date(1970, 12, 31), "Natural Death"),
            (1, date(1971, 1, 1), date(2015, 12, 31), "Still in Office"),
            (2, date(1900, 1, 1), date(1945, 12, 31), "Regular"),
        )
    )
    assert result["state"].to_list() == [1]
    assert (result["any"][0], result["irregular"][0]) == (2, 1)
    assert result["years"][0] == pytest.approx(70.0, abs=0.05)


def test_intervals_cover_known_rates_and_pooling_improves_on_crude_rates() -> None:
    rng = np.random.default_rng(seeded(1))
    truth = rng.gamma(2.0, 0.1, size=1200)
    years = rng.uniform(5.0, 60.0, size=1200)
    events = rng.poisson(truth * years).astype(float)
    drawn = pooled_rates(events, years, seed=seeded(1))
    low, high = np.quantile(drawn[:, :-1], [0.05, 0.95], axis=0)
    assert ((low < truth) & (truth < high)).mean() == pytest.approx(0.9, abs=0.06)
    crude, pooled = events / years, drawn[:, :-1].mean(axis=0)
    gains = (crude - truth) ** 2 - (pooled - truth) ** 2
    assert gains.mean() / (gains.std() / np.sqrt(gains.size)) > 2.0
    unknown = drawn[:, -1]
    assert np.quantile(unknown, 0.05) < np.quantile(truth, 0.1) and np.quantile(unknown, 0.95) > np.quantile(truth, 0.9)
    assert np.array_equal(pooled_rates(events, years, seed=seeded(1)), drawn)
    with pytest.raises(InputError, match="no event"):
        pooled_rates(np.zeros(3), np.ones(3), seed=seeded(1))


def test_states_that_move_only_when_leaders_change_are_found() -> None:
    rows, points = [], []
    rng = np.random.default_rng(seeded(2))
    for state in range(100, 140):
        rows.append((state, date(1950, 1, 1), date(1980, 6, 1), "Regular"))
        rows.append((state, date(1980, 6, 2), date(2015, 12, 31), "Still in Office"))
        for year in range(1950, 2015):
            jump = 2.0 if year > 1980 and state < 120 else 0.0
            points.append((state, year - 1945, jump + 0.05 * rng.normal()))
    points += [(2, year - 1945, 5.0) for year in range(1950, 2015)]
    table = pl.DataFrame(points, schema={"state": pl.Int32, "session": pl.Int32, "ideal": pl.Float64}, orient="row")
    result = moves(by_code(leaders(*rows).with_columns(pl.col("state").cast(pl.Int32))), table)
    assert result.turnover.count == 40 and 20 <= result.turnover.moved <= 30
    assert result.quiet.moved / result.quiet.count == pytest.approx(0.1, abs=0.01)


def test_a_spell_is_divided_among_the_codes_that_its_state_had() -> None:
    result = by_code(
        leaders(
            (365, date(1985, 3, 11), date(1991, 8, 21), "Irregular"),
            (365, date(1991, 8, 21), date(1999, 12, 31), "Regular"),
            (260, date(1982, 10, 1), date(1998, 10, 27), "Regular"),
            (678, date(1978, 7, 17), date(2012, 2, 27), "Irregular"),
            (345, date(2003, 3, 7), date(2006, 6, 4), "Regular"),
            (340, date(2014, 4, 27), date(2015, 12, 31), "Still in Office"),
        )
    )
    assert result.rows() == [
        ("SUN", date(1985, 3, 11), date(1991, 8, 21), "Irregular"),
        ("SUN", date(1991, 8, 21), date(1992, 1, 1), None),
        ("RUS", date(1992, 1, 1), date(1999, 12, 31), "Regular"),
        ("DEU", date(1982, 10, 1), date(1998, 10, 27), "Regular"),
        ("YEM", date(1978, 7, 17), date(2012, 2, 27), "Irregular"),
        ("SCG", date(2003, 3, 7), date(2006, 1, 1), None),
        ("SRB", date(2006, 1, 1), date(2006, 6, 4), "Regular"),
        ("SRB", date(2014, 4, 27), date(2015, 12, 31), "Still in Office"),
    ]


@pytest.mark.usefixtures("cached")
def test_every_leader_since_1946_counts_for_a_state_with_a_code() -> None:
    spells = read("leaders")
    divided = by_code(spells)
    assert divided["state"].str.contains(r"^[A-Z]{3}$").all()
    assert divided["exit"].drop_nulls().len() == spells.height  # every exit is kept, once
    whole, parts = (((table["end"] - table["start"]).dt.total_days()).sum() for table in (spells, divided))
    assert whole == parts
    rows = {row.labels["state"] for row in load_result("turnover").figures.estimated}
    assert set(record(divided)["state"]) == rows - {"any_state"}
    assert {"RUS", "SUN", "SRB", "SCG", "YUG", "DEU", "DDR", "YEM", "YMD", "CSK", "CZE", "SVK", "VNM", "RVN", "ETH", "ERI", "SDN", "SSD"} <= rows  # fmt: skip


@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    assert_close(refit("turnover").figures.to_dict(), load_result("turnover").figures.to_dict(), draws=DRAWS)
