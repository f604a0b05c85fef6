"""Numbers and comparisons in words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.checking.bounds import (
    ABOUT,
    COMPARISON,
    NEARLY,
    NUMBER,
    Bound,
    parse_bound,
    parse_comparison,
    parse_manifold,
    parse_number,
    parse_ordinal,
    parse_percent,
)
from tocsin.errors import InputError

positive = st.floats(1e-3, 1e15)


@pytest.mark.parametrize(
    ("text", "value", "slack"),
    [
        ("12.5 billion", 12.5e9, 0.05e9),
        ("57.7", 57.7, 0.05),
        ("1,200,000", 1.2e6, 5e4),
        ("836,000", 836e3, 500),
        ("30", 30, 1.5),
        ("3", 3, 0.5),
        ("three", 3, 0),
        ("two million", 2e6, 5e5),
        ("a", 1, 0),
        ("9.04 trn", 9.04e12, 0.005e12),
    ],
)
def test_a_number_is_read_with_the_half_unit_of_its_last_digit(text: str, value: float, slack: float) -> None:
    assert re.fullmatch(NUMBER, text, re.IGNORECASE)
    assert parse_number(text) == pytest.approx((value, slack))


@pytest.mark.parametrize("text", ["", "12,34", "1,2345", "many", "three four", "12.5 zillion", "1.2.3", "٣"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize(("text", "rank"), [("first", 1), ("twentieth", 20), ("3rd", 3), ("14th", 14), ("112th", 112)])
def test_a_rank(text: str, rank: int) -> None:
    assert parse_ordinal(text) == rank


@pytest.mark.parametrize("text", ["0th", "th", "third-ish", "3"])
def test_what_is_no_rank_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a rank"):
        parse_ordinal(text)


@pytest.mark.parametrize(
    ("text", "value"), [("30 %", 30), ("12.5%", 12.5), ("thirty percent", 30), ("a third", 100 / 3), ("two fifths", 40)]
)
def test_a_percentage(text: str, value: float) -> None:
    assert parse_percent(text)[0] == pytest.approx(value)


@pytest.mark.parametrize(("text", "value"), [("threefold", 3), ("3-fold", 3), ("2.5-fold", 2.5), ("TENfold", 10)])
def test_a_factor_in_words(text: str, value: float) -> None:
    assert parse_manifold(text) == value


@given(positive, st.floats(0.5, 2))
def test_words_that_compare_agree_with_arithmetic(value: float, ratio: float) -> None:
    other = value * ratio
    results = {
        word: Bound(parse_comparison(word), value).holds(other)
        for word in ("more than", "at least", "less than", "at most", "about", "nearly")
    }
    assert results["more than"] == (not results["at most"]) == (other > value)
    assert results["less than"] == (not results["at least"]) == (other < value)
    if abs(ratio - 1) < 0.999 * ABOUT:
        assert results["about"]
    if abs(ratio - 1) > 1.001 * ABOUT:
        assert not results["about"]
    assert results["nearly"] <= (1 - 1.001 * NEARLY <= ratio < 1)


@given(positive)
def test_a_number_holds_for_itself_and_not_for_its_double(value: float) -> None:
    assert Bound("is", value, 0.1 * value).holds(value)
    assert not Bound("is", value, 0.1 * value).holds(2 * value)


def test_the_longest_comparison_counts() -> None:
    assert re.match(COMPARISON, "no more than 3")[0] == "no more than"  # type: ignore[index]
    assert parse_bound("no more than", "3").comparison == "<="
