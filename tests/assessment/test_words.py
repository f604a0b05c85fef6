"""Words and numbers agree, band edges included."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assessment.verdicts import decide
from tocsin.assessment.words import SCALE, percent, phrase, whole, words


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "almost no chance (<1 %)"),
        (0.044, "almost no chance (4 %)"),
        (0.045, "very unlikely (5 %)"),
        (0.05, "very unlikely (5 %)"),
        (0.1949, "very unlikely (19 %)"),
        (0.195, "unlikely (20 %)"),
        (0.445, "roughly even chance (45 %)"),
        (0.545, "likely (55 %)"),
        (0.795, "very likely (80 %)"),
        (0.945, "almost certain (95 %)"),
        (0.9999, "almost certain (>99 %)"),
        (1.0, "almost certain (>99 %)"),
    ],
)
def test_band_edges_are_lower_inclusive_on_the_printed_number(probability: float, expected: str) -> None:
    assert phrase(probability) == expected


@given(st.floats(0.0, 1.0))
def test_words_always_agree_with_the_number_beside_them(probability: float) -> None:
    printed = percent(probability)
    number = {"<1 %": 0, ">99 %": 100}.get(printed) if printed[0] in "<>" else int(re.sub(r"\D", "", printed))
    assert number == whole(probability)
    assert words(probability) == next(word for edge, word in SCALE if number is not None and number < edge)


@pytest.mark.parametrize("bad", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        whole(bad)


@pytest.mark.parametrize(
    ("mid", "models", "verdict"),
    [
        (0.55, [0.5, 0.6], "holds"),
        (0.545, [0.545], "holds"),
        (0.544, [0.544], "cannot tell"),
        (0.45, [0.45], "cannot tell"),
        (0.444, [0.444], "fails"),
        (0.6, [0.8, 0.4], "disputed"),
        (0.3, [0.6, 0.0], "disputed"),
        (0.5, [0.52, 0.48], "cannot tell"),
    ],
)
def test_verdict_rules(mid: float, models: list[float], verdict: str) -> None:
    assert decide(mid, models) == verdict
