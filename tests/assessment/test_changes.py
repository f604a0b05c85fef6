"""The interval of a change against independent computations, and how often it covers the true change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assessment.changes import MAX_CORRELATION, MIN_SIDE, change_interval, with_interval
from tocsin.assessment.changes import _given as given_correlation
from tocsin.case.nodes import Series
from tocsin.case.units import parse_unit
from tocsin.case.values import parse_value

pytestmark = pytest.mark.numeric


def test_the_posterior_is_that_of_the_whole_model_integrated_by_brute_force() -> None:
    numbers, split = np.array([3.0, 4, 2, 5, 3, 7, 9, 8, 11, 8]), 5
    correlations = np.linspace(0.0, MAX_CORRELATION, 21)[:-1] + MAX_CORRELATION / 40
    means, changes = np.linspace(-12, 20, 129), np.linspace(-20, 30, 501)
    log_spreads = np.linspace(-1.2, 2.2, 35)
    density = np.zeros(len(changes))
    years = np.arange(len(numbers))
    for correlation in correlations:
        covariance = correlation ** np.abs(np.subtract.outer(years, years)) / (1 - correlation**2)
        inverse, log_size = np.linalg.inv(covariance), np.linalg.slogdet(covariance)[1]
        residual = numbers - means[:, None, None] - changes[None, :, None] * (years >= split)
        squares = np.einsum("mct,ts,mcs->mc", residual, inverse, residual)
        for log_spread in log_spreads:
            exponent = -0.5 * (squares / np.exp(2 * log_spread) + log_size) - len(numbers) * log_spread
            density += np.exp(exponent).sum(axis=0)
    shares = np.cumsum(density) / density.sum()
    interval = change_interval(numbers[:split], numbers[split:])
    assert interval is not None
    step = changes[1] - changes[0]
    assert interval.low == pytest.approx(float(np.interp(0.025, shares, changes)) + step / 2, abs=0.03)
    assert interval.high == pytest.approx(float(np.interp(0.975, shares, changes)) + step / 2, abs=0.03)


@pytest.mark.parametrize(("years", "split"), [(8, 4), (16, 5)])
def test_given_a_correlation_the_estimate_is_that_of_statsmodels(years: int, split: int) -> None:
    import statsmodels.api as sm

    numbers = np.random.default_rng(years).poisson(9, years).astype(float)
    time = np.arange(years)
    for correlation in (0.0, 0.3, 0.9):
        known = correlation ** np.abs(np.subtract.outer(time, time))
        fit = sm.GLS(numbers, sm.add_constant((time >= split).astype(float)), sigma=known).fit()
        estimate, error, _ = given_correlation(correlation, numbers, split)
        np.testing.assert_allclose([estimate, error], [fit.params[1], fit.bse[1]], rtol=1e-9)


@settings(deadline=None)  # the first interval loads a library
@given(
    st.lists(st.integers(-1000, 1000), min_size=MIN_SIDE, max_size=20),
    st.lists(st.integers(-1000, 1000), min_size=MIN_SIDE, max_size=20),
    st.integers(-1000, 1000),
)
def test_the_interval_moves_and_turns_with_the_numbers(before: list[int], after: list[int], shift: int) -> None:
    one, two = np.array(before, dtype=float), np.array(after, dtype=float)
    interval = change_interval(one, two)
    if interval is None:
        return
    moved, turned = change_interval(one, two + shift), change_interval(-one, -two)
    assert moved is not None
    assert turned is not None
    np.testing.assert_allclose([moved.low - shift, moved.high - shift], [interval.low, interval.high], atol=1e-6)
    np.testing.assert_allclose([-turned.high, -turned.low], [interval.low, interval.high], atol=1e-6)
    assert interval.low < interval.high


def test_few_years_and_numbers_that_do_not_vary_have_no_interval() -> None:
    assert change_interval(np.arange(3.0), np.arange(9.0)) is None
    assert change_interval(np.ones(6), np.full(6, 2.0)) is None


@pytest.mark.parametrize(("correlation", "low", "high"), [(0.0, 0.95, 1.0), (0.5, 0.93, 0.97), (0.7, 0.90, 0.95)])
def test_how_often_the_interval_covers_the_true_change_of_sixteen_years(
    correlation: float, low: float, high: float
) -> None:
    dice, covered, runs = np.random.default_rng(1), 0, 400
    for _ in range(runs):
        noise = dice.normal(size=66)
        for year in range(1, 66):
            noise[year] += correlation * noise[year - 1]
        interval = change_interval(noise[50:58], noise[58:] + 1.0)
        assert interval is not None
        covered += interval.low <= 1.0 <= interval.high
    assert low <= covered / runs <= high


def test_words_say_whether_the_interval_includes_the_number() -> None:
    numbers = [3, 4, 2, 5, 3, 7, 9, 8, 11, 8]
    values = {f"x.{2000 + index}": parse_value(number) for index, number in enumerate(numbers)}
    node = Series("change", "x", 2000, 2009, 2005, tuple(range(2000, 2010)))
    assert (
        with_interval("6", node, values, parse_unit("events"), 0)
        == "6; 95 % interval of the change 1.59 to 7.83 events"
    )
    assert with_interval("6", node, values, parse_unit("events"), 4).endswith(", which includes 4 events")
