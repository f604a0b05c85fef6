"""Spending in comparable terms: calendar years, final figures, sources that differ, and recorded steps."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.measures.money import RateRow, Rates
from tocsin.measures.spending import Amount, reconcile, spending

RATES = Rates(
    2023,
    (
        RateRow("JPN", 2022, 131.5, 0.96, 94.0, "bank"),
        RateRow("JPN", 2023, 140.0, 1.0, 70.0, "bank"),
    ),
)


def jpn(year: int, value: float, stage: str = "outturn", source: str = "ministry", begins: int = 1) -> Amount:
    return Amount("JPN", year, value, stage, source, begins)


def test_a_calendar_year_takes_its_months_from_two_fiscal_years() -> None:
    result = reconcile([jpn(2021, 100.0, begins=4), jpn(2022, 200.0, begins=4), jpn(2023, 300.0, begins=4)])
    assert {figure.year: figure.value for figure in result} == pytest.approx({2022: 175.0, 2023: 275.0})
    assert result[0].steps[-1] == "calendar year 2022: 0.75 of fiscal 2022 and 0.25 of fiscal 2021"


def test_a_calendar_year_is_missing_if_one_fiscal_year_is() -> None:
    result = reconcile([jpn(2020, 1.0, begins=4), jpn(2022, 1.0, begins=4), jpn(2023, 1.0, begins=4)])
    assert [figure.year for figure in result] == [2023]


def test_the_most_final_figure_counts_and_the_others_are_recorded() -> None:
    (result,) = reconcile([jpn(2022, 90.0, "draft"), jpn(2022, 100.0), jpn(2022, 95.0, "revised")])
    assert (result.low, result.value, result.high) == pytest.approx((100.0, 100.0, 100.0))
    assert result.stage == "outturn"
    assert result.steps[1:] == ("replaced, less final: draft 90", "replaced, less final: revised 95")


def test_sources_that_differ_give_bounds() -> None:
    (result,) = reconcile([jpn(2019, 4.31, "estimate", "low end"), jpn(2019, 11.0, "estimate", "high end")])
    assert (result.low, result.high) == (4.31, 11.0)
    assert result.value == pytest.approx((4.31 * 11.0) ** 0.5)
    assert "4.31 (low end), 11 (high end)" in result.steps[0]


def test_a_calendar_year_is_as_final_as_the_less_final_of_its_parts() -> None:
    result = reconcile([jpn(2024, 1.0, begins=4), jpn(2025, 1.0, "draft", begins=4)])
    assert result[0].stage == "draft"


def test_spending_in_four_terms_with_recorded_steps() -> None:
    row = spending([jpn(2022, 960.0)], RATES, home_share=0.5).row(0, named=True)
    assert (row["native"], row["real"]) == (960.0, pytest.approx(1000.0))
    assert row["market"] == pytest.approx(1000.0 / 140.0)
    assert row["ppp"] == pytest.approx(1000.0 / 70.0)
    assert row["military"] == pytest.approx((row["market"] * row["ppp"]) ** 0.5)
    assert row["low"] == row["high"] == pytest.approx(row["military"])
    assert [step.split(" by ")[-1].split(" (")[0] for step in row["steps"][1:]] == [
        "GDP deflator 0.96", "market rate 140", "purchasing power parity 70", "rate with 50% at domestic prices 98.9949",
    ]  # fmt: skip


def test_a_year_without_rates_is_missing_with_a_reason() -> None:
    row = spending([jpn(2024, 1.0)], RATES, home_share=0.5).row(0, named=True)
    assert [row[name] for name in ("real", "market", "ppp", "military", "low", "high")] == [None] * 6
    assert row["native"] == 1.0
    assert row["steps"][-1].startswith("missing: no GDP deflator of JPN for 2024 (known for 2022-2023)")


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_military_rate_lies_between_the_other_two_and_moves_with_the_share(one: float, two: float) -> None:
    low, high = sorted((one, two))
    result = [spending([jpn(2023, 1.0)], RATES, home_share=share).row(0, named=True) for share in (low, high)]
    for row in result:
        assert row["market"] * (1 - 1e-12) <= row["military"] <= row["ppp"] * (1 + 1e-12)
    assert result[0]["military"] <= result[1]["military"] * (1 + 1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: jpn(2022, -1.0), "invalid month or value"),
        (lambda: jpn(2022, float("nan")), "invalid month or value"),
        (lambda: jpn(2022, 1.0, begins=13), "invalid month or value"),
        (lambda: jpn(2022, 1.0, "guess"), "unknown budget stage `guess`"),
        (lambda: reconcile([jpn(2022, 1.0), jpn(2023, 1.0, begins=4)]), "begin in different months"),
    ],
)
def test_an_invalid_amount_is_refused(make: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()  # type: ignore[operator]


def test_spending_at_market_rates_agrees_with_the_institutes_dollars(shared: Path) -> None:
    """SIPRI converts at the IMF's market rates. The World Bank's rates differ little if a currency has one rate."""
    codes = {"JPN": 740, "KOR": 732, "GBR": 200, "PHL": 840}
    institute = pl.read_parquet(shared / "data" / "sipri_milex_1949_2024_focus.parquet")
    institute = institute.filter(
        pl.col("ccode").is_in(list(codes.values())), pl.col("measure").is_in(["lcu_cy", "current_usd_m"])
    )
    wide = institute.pivot("measure", index=["ccode", "year"], values="value")
    bank = pl.read_parquet(shared / "data" / "worldbank_gdp.parquet")
    bank = bank.with_columns(rate=pl.col("gdp_cur_lcu") / pl.col("gdp_cur_usd"))
    rows = bank.filter(pl.col("iso3c").is_in(list(codes)), pl.col("year").is_between(1995, 2022))
    both = rows.with_columns(ccode=pl.col("iso3c").replace_strict(codes)).join(wide, on=["ccode", "year"])
    assert both.height == 4 * 28
    for row in both.iter_rows(named=True):
        rates = Rates(
            row["year"], (RateRow(row["iso3c"], row["year"], row["rate"], 1.0, row["ppp_lcu_per_intl"], "bank"),)
        )
        amount = Amount(row["iso3c"], row["year"], row["lcu_cy"], "outturn", "institute")
        result = spending([amount], rates, home_share=0.0).row(0, named=True)
        assert result["market"] / 1e6 == pytest.approx(row["current_usd_m"], rel=0.04), row
