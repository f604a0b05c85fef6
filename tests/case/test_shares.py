"""Shares and points in plain Python are those of SciPy, and betas go through the points that they are fitted to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from tocsin.case.distributions import parse
from tocsin.case.shares import MAX_PARAMETER, beta_between, beta_share, normal_point, normal_share

parameters = st.floats(math.log(0.02), math.log(MAX_PARAMETER)).map(math.exp)
shares = st.floats(1e-6, 1 - 1e-6)
ends = st.tuples(st.floats(0.001, 0.98), st.floats(0.01, 0.99)).map(
    lambda pair: (pair[0], pair[0] + (0.999 - pair[0]) * pair[1])
)
FORMS = [
    "beta(0.1 to 0.5)", "beta(2, 5)", "beta(3e4, 5e4)", "rate(2 in 22)", "normal(0.1 to 0.9)", "lognormal(0.1 to 0.6)",
    "gamma(0.2 to 0.8)", "uniform(0.1 to 0.9)", "loguniform(0.2 to 0.6)", "fixed(0.3)",
]  # fmt: skip


@settings(deadline=None)
@given(parameters, parameters, shares)
def test_the_share_of_a_beta_is_the_incomplete_beta_function(first: float, second: float, share: float) -> None:
    x = float(special.betaincinv(first, second, share))
    assert beta_share(x, first, second) == pytest.approx(float(special.betainc(first, second, x)), abs=1e-9)


@given(parameters, parameters)
def test_a_beta_has_no_mass_outside_0_to_1(first: float, second: float) -> None:
    assert [beta_share(x, first, second) for x in (-1.0, 0.0, 1.0, 2.0)] == [0.0, 0.0, 1.0, 1.0]


@given(st.floats(-30, 30), st.floats(1e-3, 1e3), shares)
def test_shares_and_points_of_normals_are_those_of_scipy(mean: float, sd: float, share: float) -> None:
    x = normal_point(share, mean, sd)
    assert x == pytest.approx(mean + sd * float(special.ndtri(share)), rel=1e-12, abs=1e-12 * sd)
    assert normal_share(x, mean, sd) == pytest.approx(float(special.ndtr((x - mean) / sd)), rel=1e-10)


@settings(deadline=None)
@given(ends)
def test_a_fitted_beta_goes_through_both_points(points: tuple[float, float]) -> None:
    a, b = points
    mean, sd = (a + b) / 2, (b - a) / 2 / 1.645
    size = max(mean * (1 - mean) / sd**2 - 1, 0.5)
    fitted = beta_between(a, b, (mean * size, (1 - mean) * size))
    if fitted is None:  # narrow: its parameters exceed the largest here, and the slower search fits it
        fitted = (shape := parse(f"beta({a!r} to {b!r})")).first, shape.second
        assert max(fitted) > MAX_PARAMETER / 2
    assert special.betaincinv(*fitted, [0.05, 0.95]) == pytest.approx(points, rel=1e-8)


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("low", [0.0, 0.05])
def test_the_point_of_a_share_is_its_quantile(text: str, low: float) -> None:
    shape = parse(text, low=low, high=1.0)
    for share in (0.0, 1e-6, 0.001, 0.05, 0.5, 0.95, 0.999, 1.0):
        assert shape.point(share) == pytest.approx(float(shape.quantile(share)), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("text", FORMS[:-1])
def test_the_kept_mass_is_that_of_the_distribution_function(text: str) -> None:
    whole = parse(text)
    cut = parse(text, low=0.05, high=0.95)
    assert cut.admissible_mass == pytest.approx(float(np.diff(whole.cdf([0.05, 0.95]))[0]), abs=1e-9)
