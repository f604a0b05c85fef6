"""Shapley values: hand computation and axioms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assessment.shapley import coalitions, shapley

pytestmark = pytest.mark.numeric

PLAYERS = ("A", "B", "C")
worths = st.lists(st.floats(-5, 5), min_size=8, max_size=8).map(
    lambda values: {group: np.array([value]) for group, value in zip(coalitions(PLAYERS), values, strict=True)}
)


def test_glove_game() -> None:
    worth = {g: np.array([float("A" in g and ("B" in g or "C" in g))]) for g in coalitions(PLAYERS)}
    result = shapley(PLAYERS, worth)
    assert [float(result[p][0]) for p in PLAYERS] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@given(worths)
def test_values_share_out_all_there_is(worth: dict[frozenset[str], np.ndarray]) -> None:
    total = sum(shapley(PLAYERS, worth).values())
    assert total == pytest.approx(worth[frozenset(PLAYERS)] - worth[frozenset()], abs=1e-9)


@given(worths)
def test_one_who_adds_nothing_gets_nothing_and_equals_get_the_same(worth: dict[frozenset[str], np.ndarray]) -> None:
    idle = {group: worth[group - {"C"}] for group in coalitions(PLAYERS)}
    assert shapley(PLAYERS, idle)["C"] == pytest.approx(0.0, abs=1e-9)
    twins = {
        group: worth[frozenset(list("AB")[: len(group & {"A", "B"})]) | (group & {"C"})]
        for group in coalitions(PLAYERS)
    }
    result = shapley(PLAYERS, twins)
    assert result["A"] == pytest.approx(result["B"], abs=1e-9)


def test_ten_players_have_their_values_in_closed_form() -> None:
    players = tuple("ABCDEFGHIJ")
    rng = np.random.default_rng(1)
    alone, both = rng.normal(size=10), np.triu(rng.normal(size=(10, 10)), 1)
    worth = {}
    for group in coalitions(players):
        inside = np.array([player in group for player in players])
        worth[group] = np.array([alone @ inside + inside @ both @ inside])
    result = shapley(players, worth)
    assert [float(result[player][0]) for player in players] == pytest.approx(
        alone + 0.5 * (both + both.T).sum(axis=0), abs=1e-9
    )
