"""The capability index: by hand, as published, and with bounds for missing components."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.measures.cinc import COMPONENTS, cinc, jumps


def table(rows: list[tuple[int, int, tuple[float | None, ...]]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(state, year, *values) for state, year, values in rows],
        schema={"state": pl.Int32, "year": pl.Int32} | dict.fromkeys(COMPONENTS, pl.Float64),
        orient="row",
    )


def test_the_mean_of_shares_by_hand() -> None:
    result = cinc(table([(1, 2000, (1, 1, 1, 1, 1, 1)), (2, 2000, (3, 1, 0, 1, 4, 1))]))
    assert result["cinc"].to_list() == pytest.approx([(0.25 + 0.5 + 1 + 0.5 + 0.2 + 0.5) / 6, 0.5083333333])
    assert result["low"].to_list() == result["high"].to_list() == pytest.approx(result["cinc"].to_list())
    assert jumps(result).is_empty()


def test_a_missing_component_is_named_and_bounded() -> None:
    rows = [(1, 2000, (2, 1, 1, 1, 1, 1)), (2, 2000, (2, 1, 1, 1, 1, 1))]
    later = [(1, 2001, (None, 1, 1, 1, 1, 1)), (2, 2001, (2, 1, 1, 1, 1, 1))]
    result = cinc(table([*rows, *later])).filter(pl.col("state") == 1, pl.col("year") == 2001).row(0, named=True)
    assert result["cinc"] == pytest.approx(0.5)
    assert (result["low"], result["high"]) == pytest.approx((2.5 / 6, 3.0 / 6))
    assert result["missing"] == ["milex"]


def test_the_index_lies_within_its_bounds_where_a_weak_component_is_missing() -> None:
    rows = [(1, 2000, (1, 9, 9, 9, 9, 9)), (2, 2000, (9, 1, 1, 1, 1, 1))]
    later = [(1, 2001, (None, 9, 9, 9, 9, 9)), (2, 2001, (9, 1, 1, 1, 1, 1))]
    result = cinc(table([*rows, *later])).filter(state=1, year=2001).row(0, named=True)
    assert (result["cinc"], result["low"], result["high"]) == pytest.approx((0.9, 0.75, 0.9))


shares = st.lists(st.none() | st.floats(0.01, 100.0), min_size=6, max_size=6)


@given(first=shares, second=shares, third=shares)
def test_the_index_lies_within_its_bounds_or_is_missing(
    first: list[float | None], second: list[float | None], third: list[float | None]
) -> None:
    rows = [(state, 2000, tuple(values)) for state, values in enumerate((first, second, third))]
    for row in cinc(table(rows)).iter_rows(named=True):
        assert 0.0 <= row["low"] <= row["high"] <= 1.0 + 1e-12
        if row["cinc"] is not None:
            assert row["low"] <= row["cinc"] <= row["high"]
        if not row["missing"]:
            assert row["cinc"] == pytest.approx(row["low"]) == pytest.approx(row["high"])
        if len(row["missing"]) == 6:
            assert row["cinc"] is None


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (table([]).drop("irst"), "lacks the column `irst`"),
        (table([(1, 2000, (1,) * 6)] * 2), "two rows for a year"),
        (table([(1, 2000, (-9, 1, 1, 1, 1, 1))]), "`milex` has negative values"),
    ],
)
def test_an_invalid_table_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        cinc(frame)


@pytest.fixture
def published(shared: Path) -> pl.DataFrame:
    return pl.read_parquet(shared / "data" / "cow_nmc.parquet").rename({"ccode": "state", "cinc": "published"})


def test_the_index_equals_the_published_one_in_every_year(published: pl.DataFrame) -> None:
    result = cinc(published).join(published, on=["state", "year"], how="full", coalesce=True)
    assert result["year"].n_unique() == 207
    assert result.filter(~pl.col("cinc").is_between("low", "high")).is_empty()
    gap = (result["cinc"] - result["published"]).abs()
    assert gap.null_count() == 0
    assert gap.max() <= 1e-7  # type: ignore[operator]


def test_north_korea_jumps_in_2002_with_a_warning_but_within_its_bounds(published: pl.DataFrame) -> None:
    result = cinc(published)
    korea = {row["year"]: row for row in result.filter(pl.col("state") == 731).iter_rows(named=True)}
    assert korea[2002]["cinc"] > 1.1 * korea[2001]["cinc"]
    assert korea[2002]["missing"] == ["milex"]
    warned = jumps(result).filter(pl.col("state") == 731, pl.col("year") == 2002).row(0, named=True)
    assert (warned["missing"], warned["missing_before"]) == (["milex"], [])
    assert korea[2002]["low"] <= korea[2001]["cinc"] <= korea[2002]["high"]
