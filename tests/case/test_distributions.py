"""Distributions match their stated points, quantile and cdf are inverse, and missing mass is refused."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tocsin.case.distributions import FAMILIES, Distribution, parse
from tocsin.errors import InputError

inside = st.floats(0.001, 0.999)
positive = st.tuples(st.floats(0.01, 0.6), st.floats(1.2, 8)).map(lambda pair: (pair[0], pair[0] * pair[1]))


def _points(family: str, a: float, b: float) -> Distribution:
    return parse(f"{family}({a!r} to {b!r})")


@given(st.sampled_from(["lognormal", "loguniform", "uniform", "normal", "gamma"]), positive)
def test_points_are_the_5_and_95_percent_points(family: str, ends: tuple[float, float]) -> None:
    assert _points(family, *ends).quantile([0.05, 0.95]) == pytest.approx(ends, rel=1e-6)


@settings(deadline=None)
@given(st.floats(0.01, 0.85), st.floats(0.02, 0.9))
def test_beta_points_are_the_5_and_95_percent_points(a: float, share: float) -> None:
    b = a + (0.995 - a) * share
    assert _points("beta", a, b).quantile([0.05, 0.95]) == pytest.approx([a, b], rel=1e-6)


@settings(deadline=None)
@given(
    st.sampled_from(["beta", "lognormal", "loguniform", "uniform", "normal", "gamma"]),
    st.floats(0.05, 0.5),
    st.floats(0.1, 0.4),
    inside,
)
def test_cdf_is_the_inverse_of_quantile_inside_the_admissible_range(
    family: str, a: float, width: float, u: float
) -> None:
    shape = parse(f"{family}({a!r} to {a + width!r})", low=0, high=1)
    assert float(shape.cdf(shape.quantile(u))) == pytest.approx(u, abs=1e-9)


def test_draws_stay_inside_the_admissible_range_and_never_fall_in_u() -> None:
    shape = parse("normal(0.02 to 0.98)", low=0, high=1)
    u = np.linspace(0, 1, 4001)
    draws = shape.quantile(u)
    assert draws.min() >= 0
    assert draws.max() <= 1
    assert np.all(np.diff(draws) >= 0)
    assert shape.admissible_mass < 1
    assert shape.mean == pytest.approx(0.5)
    assert shape.support == (0, 1)


@pytest.mark.parametrize(
    ("text", "oracle"),
    [
        ("beta(2, 5)", stats.beta(2, 5)),
        ("normal(1, 2)", stats.norm(1, 2)),
        ("lognormal(0.5, 0.4)", stats.lognorm(0.4, scale=math.exp(0.5))),
        ("gamma(3, 0.5)", stats.gamma(3, scale=0.5)),
        ("uniform(-1, 3)", stats.uniform(-1, 4)),
        ("loguniform(20, 120)", stats.loguniform(20, 120)),
        ("rate(2 in 22)", stats.beta(2.5, 20.5)),
    ],
)
def test_own_parameters_agree_with_scipy(text: str, oracle: stats.rv_continuous) -> None:
    shape, u = parse(text), np.linspace(0.001, 0.999, 101)
    assert shape.quantile(u) == pytest.approx(oracle.ppf(u), rel=1e-10)
    assert shape.cdf(oracle.ppf(u)) == pytest.approx(u, abs=1e-10)
    assert shape.mean == pytest.approx(oracle.mean(), rel=1e-10)


def test_the_mean_of_a_truncated_distribution_is_its_own() -> None:
    shape = parse("normal(0, 1)", low=-0.5, high=2)
    assert shape.mean == pytest.approx(stats.truncnorm(-0.5, 2).mean(), abs=1e-7)


def test_fixed_is_certain() -> None:
    shape = parse("fixed(0.3)", low=0, high=1)
    assert np.all(shape.quantile(np.linspace(0, 1, 5)) == 0.3)
    assert shape.cdf([0.2, 0.3]).tolist() == [0, 1]
    assert shape.mean == 0.3


def test_shapes_of_draws_are_kept() -> None:
    assert parse("beta(2, 3)").quantile(np.full((3, 4), 0.5)).shape == (3, 4)
    assert parse("beta(2, 3)").quantile(0.5).shape == ()
    with pytest.raises(ValueError, match="probabilities"):
        parse("beta(2, 3)").quantile(1.2)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("beta(0.5 to 0.1)", "not below", "a < b"),
        ("beta(0.1 to 0.1)", "not below", "a < b"),
        ("beta(0 to 0.5)", "between 0 and 1", "uniform"),
        ("beta(0.1 to 1.5)", "exceeds the admissible range", "inside the range"),
        ("lognormal(0 to 0.5)", "points above 0", "uniform"),
        ("lognormal(0.001, 1e9)", "no finite spread", "narrow"),
        ("normal(0, 0)", "is not a distribution", "sd above 0"),
        ("normal(0, 1e18)", "no finite spread", "narrow"),
        ("normal(-9, 1)", "no mass", "inside the range"),
        ("uniform(-3, 1)", "only 25% of its mass", "inside the range"),
        ("gamma(0.5 to 0.500001)", "no gamma distribution has", "uniform"),
        ("uniform(2, 2)", "is not a distribution", "low below high"),
        ("bata(0.1 to 0.5)", "unknown distribution", "did you mean `beta`?"),
        ("beta(1)", "needs two numbers", "(a to b)"),
        ("beta(1, 2, 3)", "needs two numbers", "(a to b)"),
        ("beta(a to b)", "not a number", "digits"),
        ("beta(nan, 2)", "not a number", "digits"),
        ("beta", "not a distribution", "family(a to b)"),
        ("__import__('os')", "not a distribution", "family(a to b)"),
        ("fixed(2)", "outside the admissible range", "inside the range"),
        ("fixed(inf)", "not a number", "digits"),
        ("rate(3 in 2)", "not a record", "no more than"),
        ("rate(3, 2)", "not a record", "k in n"),
        ("rate(0 in 0)", "not a record", "no more than"),
        ("beta(" + "1" * 400 + ", 2)", "not a distribution", "family(a to b)"),
    ],
)
def test_invalid_distributions_are_refused(text: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, low=0, high=1)
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")


def test_eighty_inputs_of_two_thousand_draws_take_less_than_half_a_second() -> None:
    shapes = [parse(f"beta({0.1 + 0.001 * k} to {0.5 + 0.004 * k})") for k in range(80)]
    u = (np.arange(2048) + 0.5) / 2048
    shapes[0].quantile(u)
    start = time.process_time()
    for shape in shapes:
        shape.quantile(u)
    assert time.process_time() - start < 0.5


def test_every_family_is_tested_here() -> None:
    assert set(FAMILIES) == {
        "beta", "lognormal", "loguniform", "uniform", "normal", "gamma", "rate", "fixed"
    }  # fmt: skip
