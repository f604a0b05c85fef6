"""Balance of forces: by hand, symmetric, and as wide as what is not known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.measure.balance import at_distance, balance


def table(rows: list[tuple[int, int, float | None, float | None, float | None]]) -> pl.DataFrame:
    names = ("low", "value", "high")
    schema = {"state": pl.Int32, "year": pl.Int32} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def of(
    *rows: tuple[int, float | None, float | None, float | None], sides: tuple[list[int], list[int]] = ([1], [2])
) -> tuple[object, ...]:
    found = balance(table([(state, 2000, *span) for state, *span in rows]), *sides)  # type: ignore[misc]
    return found.select("share", "low", "high", "silent").row(0)


def test_a_dyad_and_a_coalition_by_hand() -> None:
    assert of((1, 3, 3, 3), (2, 1, 1, 1)) == (0.75, 0.75, 0.75, [])
    three = ((1, 3, 3, 3), (2, 1, 1, 1), (3, 2, 2, 2))
    assert of(*three, sides=([1], [2, 3])) == (0.5, 0.5, 0.5, [])


def test_spans_widen_the_balance() -> None:
    assert of((1, 1, 2, 3), (2, 1, 2, 3)) == (0.5, 0.25, 0.75, [])


def test_a_silent_member_is_not_left_out() -> None:
    assert of((1, 3, 3, 3)) == (None, 0.0, 1.0, [2])
    assert of((1, 3, 3, 3), (2, 0, None, 1)) == (None, 0.75, 1.0, [])
    assert of((1, 3, 3, 3), (2, 1, 1, 1), sides=([1], [2, 3])) == (None, 0.0, 0.75, [3])


spans = st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(0, 9)).map(sorted)


@given(st.lists(spans, min_size=3, max_size=3))
def test_both_sides_shares_sum_to_one_and_lie_within_their_bounds(three: list[list[float]]) -> None:
    rows = table([(at, 2000, *span) for at, span in enumerate(three)])  # type: ignore[misc]
    one, other = balance(rows, [0, 1], [2]).row(0, named=True), balance(rows, [2], [0, 1]).row(0, named=True)
    for low, high in (("low", "high"), ("share", "share")):
        if one[low] is not None and other[high] is not None:
            assert one[low] + other[high] == pytest.approx(1.0)
    if None not in (one["low"], one["share"], one["high"]):
        assert one["low"] - 1e-12 <= one["share"] <= one["high"] + 1e-12


@pytest.mark.parametrize("sides", [([], [2]), ([1], []), ([1, 2], [2])])
def test_what_is_no_balance_is_refused(sides: tuple[list[int], list[int]]) -> None:
    with pytest.raises(InputError, match="two sides"):
        of((1, 1, 1, 1), (2, 1, 1, 1), sides=sides)


def test_negative_strength_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        of((1, -9, -9, -9), (2, 1, 1, 1))


def test_strength_halves_with_distance() -> None:
    found = at_distance(np.array([8.0]), np.array([0.0, 100.0, 300.0]), half=100.0)
    assert found.tolist() == pytest.approx([8.0, 4.0, 1.0])
    for distance, half in ((-1.0, 100.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="not negative"):
            at_distance(np.array([1.0]), np.array([distance]), half)
