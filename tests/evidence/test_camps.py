"""Governing camps: records counted by hand, moves at changes of camp, and the stored result against the data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.support import assert_close

import tocsin.measures.computing  # noqa: F401 - imported before `read` is replaced, or it would keep the replacement
from tocsin.data.readers import read
from tocsin.evidence.camps import moves, record, spells_of
from tocsin.evidence.reference import estimate
from tocsin.evidence.store import load_result, refit
from tocsin.evidence.turnover import DRAWS

pytestmark = pytest.mark.numeric


def governments(*rows: tuple[int, str, date]) -> pl.DataFrame:
    states, camps, starts = zip(*rows, strict=True)
    table = pl.DataFrame({"state": states, "camp": camps, "start": starts}, schema_overrides={"state": pl.Int32})
    return table.with_columns(end=pl.lit(None, pl.Date))


PARLGOV = governments(
    (20, "z", date(1930, 1, 1)), (20, "a", date(1945, 6, 1)), (20, "b", date(1950, 1, 1)), (20, "b", date(1960, 1, 1)), (20, "a", date(1970, 1, 1)),
    (31, "a", date(1980, 1, 1)), (40, "none", date(1946, 1, 1)), (40, "a", date(1990, 1, 1)), (40, "none", date(2000, 1, 1)),
)  # fmt: skip
OWN = governments((20, "x", date(1990, 1, 1)), (2, "left", date(2000, 1, 1)), (2, "right", date(2010, 1, 1)))


def test_a_record_counts_exits_of_camps_and_uses_the_own_table_only_for_other_states() -> None:
    result = record(spells_of(PARLGOV, OWN))
    # the time of a head of government without a party does not count, but the camp before it was turned out
    assert dict(result.select("state", "ended").rows()) == {"CAN": 2, "USA": 1, "BHS": 0, "CUB": 1}
    years = dict(result.select("state", "years").rows())
    # a camp in office since 1945 counts from 1946 on, one from before the war not at all
    assert (
        years["CUB"] == pytest.approx(10.0, abs=0.05)
        and years["CAN"] == pytest.approx(78.0, abs=0.05)
        and years["USA"] == pytest.approx(26.0, abs=0.1)
    )


def test_a_move_exceeds_what_quiet_spans_show() -> None:
    years = range(1946, 2020)
    rows = [(state, year, 2.0 if state == 2 else 0.0) for state in (20, 2, 31) for year in years]
    # Canada votes differently after its change of 1950, and as before after that of 1970
    rows = [(state, year, 1.5 if state == 20 and year > 1950 else value) for state, year, value in rows]
    points = pl.DataFrame(rows, schema=["state", "year", "ideal"], orient="row").select(
        pl.col("state").cast(pl.Int32), session=pl.col("year") - 1945, ideal="ideal"
    )
    result = moves(spells_of(PARLGOV, OWN), points)
    assert result.threshold == 0.0 and (result.turnover.moved, result.turnover.count) == (1, 2)
    assert result.by_state.rows() == [("CAN", 2, 1)]


@pytest.fixture
def parlgov(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of ParlGov taken from a conversion that joins them; the project may not ship the originals."""
    joined = pl.read_parquet(cached / "parlgov_cabinet_parties.parquet")
    start = pl.col("start_date").str.to_date()
    tables = {
        "parlgov_countries": joined.select("country", "iso3c").unique().drop_nulls().rename({"iso3c": "iso"}),
        "parlgov_cabinets": joined.select(
            "cabinet", "country", name="cabinet_name", start=start, caretaker="caretaker"
        ).unique("cabinet"),
        "parlgov_cabinet_parties": joined.select("cabinet", "party", leads="pm"),
        "parlgov_parties": joined.select("party", short="name_short", name="name_english").unique("party"),
    }
    monkeypatch.setattr("tocsin.data.readers.read", lambda name: tables[name] if name in tables else read(name))


@pytest.mark.usefixtures("parlgov")
def test_refit_gives_the_stored_figures() -> None:
    assert_close(refit("camps").figures.to_dict(), load_result("camps").figures.to_dict(), draws=DRAWS)


def test_a_case_can_use_the_rate_of_a_listed_or_an_unlisted_state() -> None:
    seoul, any_state = (estimate(f"evidence/camps/{name}/turned_out") for name in ("KOR", "any_state"))
    assert (seoul.unit, seoul.family) == ("per year", "lognormal")
    assert any_state.low < seoul.low < seoul.middle < seoul.high < any_state.high
    assert estimate("evidence/camps/KOR/turned_out_and_moved").middle < seoul.middle
