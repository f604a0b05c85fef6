"""Breaks in the trend of a series: against ordinary least squares, and how often chance alone gives one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.case import breaks
from tocsin.case.breaks import LEVEL, MIN_SIDE, trend_break

pytestmark = pytest.mark.numeric


def test_the_statistics_are_those_of_ordinary_least_squares() -> None:
    import statsmodels.api as sm

    numbers = np.random.default_rng(4).normal(size=17) + 0.3 * np.arange(17)
    time = np.arange(17.0)
    line = sm.add_constant(time)
    expected = []
    for start in range(MIN_SIDE, 17 - MIN_SIDE + 1):
        later = (time >= start).astype(float)
        both = sm.OLS(numbers, np.column_stack([line, later, later * time])).fit()
        expected.append(float(both.compare_f_test(sm.OLS(numbers, line).fit())[0]))
    result = breaks._statistics((numbers - numbers.mean())[None], *breaks._lines(17))[0]
    np.testing.assert_allclose(result, expected, rtol=1e-8)


@pytest.mark.parametrize("start", [5, 10, 14])
def test_a_large_break_is_dated(start: int) -> None:
    noise = np.random.default_rng(start).normal(size=20)
    result = trend_break(tuple(noise + np.where(np.arange(20) >= start, 20.0, 0.0)))
    assert result.index == start
    assert result.p < LEVEL


@pytest.mark.parametrize("numbers", [tuple(range(12)), (7.0,) * 12])
def test_a_straight_line_has_no_break(numbers: tuple[float, ...]) -> None:
    assert trend_break(numbers).p == 1.0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=10, max_size=25), st.integers(-5, 5), st.integers(1, 10**12))
def test_a_line_added_and_another_unit_change_nothing(counts: list[int], slope: int, scale: int) -> None:
    numbers = np.array(counts, dtype=float)
    one = trend_break(tuple(numbers))
    other = trend_break(tuple(scale * (numbers + slope * np.arange(len(numbers)))))
    if one.p < 1.0 and other.p < 1.0:
        assert other.p == pytest.approx(one.p, abs=0.002)  # rounding may move the place of a statistic by a few


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("years", [12, 30])
def test_chance_alone_rarely_gives_a_break(years: int, correlation: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "SIMULATIONS", 399)
    dice, broken, runs = np.random.default_rng(years), 0, 400
    for _ in range(runs):
        noise = dice.normal(size=years + 50)
        for year in range(1, years + 50):
            noise[year] += correlation * noise[year - 1]
        broken += trend_break(tuple(noise[50:] + 0.2 * np.arange(years))).p < LEVEL
    assert broken / runs < 0.08  # 5 % and three standard errors
