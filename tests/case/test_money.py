"""Money and spending: conversions are recorded, gaps are not filled, prices lie between market and PPP."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import SPENDING, write_case

from tocsin.case import Case, load
from tocsin.case.spending import conversions, path_now, real_path
from tocsin.errors import InputError
from tocsin.measures.money import RateRow, Rates

RATES = Rates(
    2023,
    (
        RateRow("JPY", 2022, 131.5, 0.96, 94.0, "bank"),
        RateRow("JPY", 2023, 140.5, 1.0, 95.0, "bank"),
        RateRow("JPY", 2025, 150.0, None, None, "bank"),
    ),
)


def test_an_amount_is_converted_by_the_rate_of_its_year() -> None:
    money = RATES.to_usd(1315.0, "JPY", 2022)
    assert (money.amount, money.unit) == (10.0, "USD")
    (step,) = money.steps
    assert (step.rate, step.rate_year, step.source, step.assumed) == (131.5, 2022, "bank", False)
    assert RATES.from_usd(money.amount, "JPY", 2022).amount == pytest.approx(1315.0)


def test_rates_outside_the_coverage_are_missing() -> None:
    with pytest.raises(InputError, match=r"no market rate of JPY for 2024 \(known for 2022-2025\)"):
        RATES.to_usd(1.0, "JPY", 2024)
    with pytest.raises(InputError, match=r"no GDP deflator of JPY for 2025 \(known for 2022-2023\)"):
        RATES.to_real(1.0, "JPY", 2025)
    with pytest.raises(InputError, match=r"no market rate of KRW for 2022 \(no year is known\)"):
        RATES.to_usd(1.0, "KRW", 2022)


def test_rates_are_carried_forward_on_request_and_marked() -> None:
    (step,) = RATES.to_real(9.0, "JPY", 2026, carry=True).steps
    assert step.assumed
    assert step.rate_year == 2023
    assert "assumed: 2023 carried forward to 2026" in str(step)
    with pytest.raises(InputError):
        RATES.to_real(9.0, "JPY", 2021, carry=True)
    with pytest.raises(InputError):
        RATES.to_usd(9.0, "JPY", 2024, carry=True)


@given(st.floats(0, 1e15), st.sampled_from([2022, 2023]))
def test_market_and_ppp_differ_by_the_price_level(amount: float, year: int) -> None:
    real = RATES.to_real(amount, "JPY", year).amount
    assert RATES.ppp(real, "JPY").amount * 95 == pytest.approx(RATES.market(real, "JPY").amount * 140.5)


def test_a_path_takes_the_record_up_to_its_first_year(case: Case) -> None:
    years, values = real_path(case, "BET", "rise", np.array([0.0, 1.0]))
    assert years == (2021, 2022, 2023, 2024, 2025)
    assert values.shape == (5, 2)
    assert values[0] == pytest.approx([1000 / 0.95 / 140, 1000 / 0.95 / 95])
    assert values[-1] == pytest.approx([1500 / 140, 1500 / 95])
    years, values = real_path(case, "BET", None, np.array([0.0]))
    assert years == (2021, 2022, 2023, 2024)
    assert values[2] == pytest.approx([1010 / 140])
    assert path_now(case, "BET") == "flat"
    assert path_now(case, "GAM") == "record"


@given(st.floats(0, 1))
def test_the_weight_moves_prices_from_market_to_purchasing_power(weight: float) -> None:
    rates = np.array([0.0, weight, 1.0])
    market, mixed, ppp = 1 / 140 ** (1 - rates) / 95**rates
    assert market <= mixed * (1 + 1e-12) <= ppp * (1 + 2e-12)


def test_weights_are_geometric(case: Case) -> None:
    _, values = real_path(case, "BET", "record", np.array([0.0, 0.5, 1.0]))
    assert values[:, 1] == pytest.approx(np.sqrt(values[:, 0] * values[:, 2]))


def test_every_step_of_a_path_is_on_record(case: Case) -> None:
    steps = conversions(case, "BET", "rise")
    assert len(steps) == 15
    assert [step.assumed for step in steps if step.what == "GDP deflator"] == [False] * 3 + [True] * 2
    assert all(step.source == "book" for step in steps)


def test_kinds_and_native_units_are_unchanged(case: Case) -> None:
    row = next(row for row in case.spending_rows if row.path == "rise")
    assert (row.value, row.unit, row.kind, row.year) == (1300.0, "XTS bn", "draft", 2024)


def test_zero_spending_is_zero_and_not_an_error(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    (folder / "spending.csv").write_text(SPENDING.replace("GAM,2022,record,21", "GAM,2022,record,0"))
    _, values = real_path(load(folder), "GAM", None, np.array([0.0, 0.3]))
    assert values[1].tolist() == [0.0, 0.0]


def test_foreign_money_is_first_converted_to_the_actors_own(tmp_path: Path) -> None:
    folder = write_case(tmp_path, replace={"GAM: {name: Gamma}": "GAM: {name: Gamma, currency: XTS}"})
    case = load(folder)
    _, values = real_path(case, "GAM", None, np.array([0.0, 1.0]))
    assert values[0] == pytest.approx([20 * 110 / 0.95 / 140, 20 * 110 / 0.95 / 95])
    assert [step.what for step in conversions(case, "GAM")[:3]] == [
        "market rate",
        "market rate",
        "GDP deflator",
    ]


def test_an_unknown_path_or_actor_is_refused(case: Case) -> None:
    with pytest.raises(InputError, match="no spending of BET on path `ris`"):
        real_path(case, "BET", "ris", np.array([0.0]))
    with pytest.raises(InputError, match="no spending of ALF"):
        real_path(case, "ALF", None, np.array([0.0]))
