"""Numbers and lists in print."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assessment.result import Basis
from tocsin.assessment.words import figure, words
from tocsin.report import wording


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (0.0005, "0.05 %"),
        (-0.0123, "\N{MINUS SIGN}1.2 %"),
        (3.4e-6, "0.0003 %"),
        (-3.4e-6, "\N{MINUS SIGN}0.0003 %"),
        (1e-9, "0 %"),
        (1.0, "100 %"),
        (2.345, "230 %"),
        (float("nan"), "unknown"),
    ],
)
def test_shares_of_the_aim_have_two_digits(value: float, text: str) -> None:
    assert wording.aim_share(value) == text


@given(st.floats(-5, 5))
def test_shares_are_never_printed_with_an_exponent(value: float) -> None:
    assert re.fullmatch(r"\N{MINUS SIGN}?\d+(\.\d+)? %", wording.aim_share(value))


@pytest.mark.parametrize(
    ("years", "text"),
    [
        (1.0, "12 months later"),
        (5.0, "5 years later"),
        (10 / 365.25, "10 days later"),
        (-0.25, "3 months sooner"),
        (6.9 / 365.25, "no later"),
        (-6.9 / 365.25, "no later"),
        (7.1 / 365.25, "7 days later"),
        (0.0, "no later"),
        (float("nan"), "unknown"),
    ],
)
def test_a_delay_is_said_as_a_time(years: float, text: str) -> None:
    assert wording.delay_text(years) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.002, "+0.2 points"),
        (-0.01, "\N{MINUS SIGN}1 point"),
        (1e-9, "under 0.001 points"),
        (-1e-9, "under 0.001 points"),
        (0.0, "0 points"),
        (float("nan"), "unknown"),
    ],
)
def test_a_rise_of_a_probability_has_a_sign(value: float, text: str) -> None:
    assert wording.rise_text(value) == text


def test_a_difference_of_nothing_has_no_sign() -> None:
    assert [wording.points(value) for value in (-0.0001, 0.0001, -0.0, 0.001, -0.012)] == [
        "0.0", "0.0", "0.0", "+0.1", "\N{MINUS SIGN}1.2",
    ]  # fmt: skip


def test_one_point_is_singular() -> None:
    assert [wording.points_text(value) for value in (0.01, -0.01, 0.02, 1e-9)] == [
        "1 point", "1 point", "2 points", "0.0000001 points",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "basis", "text"),
    [
        (0.94, "model", "94 of 100"),
        (0.044, "model", "fewer than 5 of 100"),
        (0.05, "model", "5 of 100"),
        (0.95, "model", "95 of 100"),
        (1.0, "model", "more than 95 of 100"),
        (0.03, "estimate", "3 of 100"),
        (0.001, "estimate", "fewer than 1 of 100"),
        (0.999, "estimate", "more than 99 of 100"),
        (1.0, "estimate", "more than 99 of 100"),
    ],
)
def test_shares_of_worlds_are_natural_frequencies(share: float, basis: Basis, text: str) -> None:
    assert wording.out_of_hundred(share, basis) == text


@given(st.floats(0, 1), st.sampled_from(["model", "estimate"]))
def test_a_likelihood_keeps_word_and_number_together(probability: float, basis: Basis) -> None:
    assert f"{words(probability)} ({figure(probability, basis)})" in wording.holds_with(probability, basis)


def test_a_band_of_a_probability_is_one_text_where_all_print_alike() -> None:
    assert wording.percentage_band((0.001, 0.38, 0.97)) == "38 % (below 5 % to above 95 %)"
    assert wording.percentage_band((0.0, 0.01, 0.02)) == "below 5 %"
    assert wording.percentage(float("nan")) == "unknown"
