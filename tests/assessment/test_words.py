"""Words and numbers agree, band edges included."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assessment.result import Basis
from tocsin.assessment.verdicts import decide
from tocsin.assessment.words import (
    HIGHEST,
    LOWEST,
    SCALE,
    figure,
    figure_range,
    game_percent,
    in_worlds,
    joined,
    percent,
    phrase,
    whole,
    words,
)
from tocsin.assessment.world_count import WorldCount


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
    assert phrase(probability, "estimate") == expected


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "almost no chance (below 5 %)"),
        (0.0449, "almost no chance (below 5 %)"),
        (0.045, "very unlikely (5 %)"),
        (0.5, "roughly even chance (50 %)"),
        (0.945, "almost certain (95 %)"),
        (0.9549, "almost certain (95 %)"),
        (0.955, "almost certain (above 95 %)"),
        (1.0, "almost certain (above 95 %)"),
    ],
)
def test_a_game_prints_no_figure_below_5_or_above_95(probability: float, expected: str) -> None:
    assert phrase(probability, "model") == expected


@given(st.floats(0.0, 1.0), st.sampled_from(["model", "estimate", "facts"]))
def test_words_always_agree_with_the_number_beside_them(probability: float, basis: Basis) -> None:
    printed, number = figure(probability, basis), whole(probability)
    low, high = {"<1 %": (0, 0), ">99 %": (100, 100), "below 5 %": (0, 4), "above 95 %": (96, 100)}.get(
        printed, (int(re.sub(r"\D", "", printed)),) * 2
    )
    assert low <= number <= high
    said = {next(word for edge, word in SCALE if value < edge) for value in (low, high)}
    assert said == {words(probability)}


@given(st.floats(0.0, 1.0))
def test_only_the_figures_of_games_are_capped(probability: float) -> None:
    assert figure(probability, "model") == game_percent(probability)
    assert figure(probability, "estimate") == percent(probability)
    assert (game_percent(probability) == percent(probability)) == (LOWEST <= whole(probability) <= HIGHEST)


def test_a_range_names_an_end_once() -> None:
    assert figure_range(0.0, 0.62, "model") == "below 5 % to 62 %"
    assert figure_range(0.0, 0.01, "model") == "below 5 %"
    assert figure_range(0.0, 0.01, "estimate") == "<1 % to 1 %"
    assert figure_range(0.003, 0.999, "model") == "below 5 % to above 95 %"


@pytest.mark.parametrize(
    ("holds", "fails", "effective", "text"),
    [
        (0, 512, 512.0, "in none of 512 worlds"),
        (2048, 0, 2048.0, "in all of 2,048 worlds"),
        (0, 4096, 519.7, "in none of 4,096 worlds (520 effective draws)"),
        (0, 1, 1.0, "in none of 1 world"),
        (1, 511, 512.0, ""),
        (512, 512, 512.0, ""),
        (0, 0, 0.0, ""),
    ],
)
def test_worlds_are_named_only_where_all_agree(holds: int, fails: int, effective: float, text: str) -> None:
    count = WorldCount(holds=holds, fails=fails, of=max(holds, fails), effective=effective)
    assert in_worlds(count) == text
    assert in_worlds(None) == ""


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


def test_joined_texts_are_sentences() -> None:
    assert joined("Needs a record: none", "", "To check: dates.") == "Needs a record: none. To check: dates."
    assert joined("One.", " two") == "One. two"
    assert joined("One", "") == "One"
