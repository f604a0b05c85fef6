"""Balance of forces: by hand, symmetry, and bounds for missing data."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.measures.balance import balance, strength_at_distance


def table(rows: list[tuple[int, int, float | None, float | None, float | None]]) -> pl.DataFrame:
    names = ("low", "value", "high")
    schema = {"state": pl.Int32, "year": pl.Int32} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def shares(
    *rows: tuple[int, float | None, float | None, float | None], sides: tuple[list[int], list[int]] = ([1], [2])
) -> tuple[object, ...]:
    result = balance(table([(state, 2000, *span) for state, *span in rows]), *sides)  # type: ignore[misc]
    return result.select("share", "low", "high", "silent").row(0)


def test_a_dyad_and_a_coalition_by_hand() -> None:
    assert shares((1, 3, 3, 3), (2, 1, 1, 1)) == (0.75, 0.75, 0.75, [])
    three = ((1, 3, 3, 3), (2, 1, 1, 1), (3, 2, 2, 2))
    assert shares(*three, sides=([1], [2, 3])) == (0.5, 0.5, 0.5, [])


def test_bounds_of_strength_bound_the_balance() -> None:
    assert shares((1, 1, 2, 3), (2, 1, 2, 3)) == (0.5, 0.25, 0.75, [])


def test_a_member_without_data_is_not_left_out() -> None:
    assert shares((1, 3, 3, 3)) == (None, 0.0, 1.0, [2])
    assert shares((1, 3, 3, 3), (2, 0, None, 1)) == (None, 0.75, 1.0, [])
    assert shares((1, 3, 3, 3), (2, 1, 1, 1), sides=([1], [2, 3])) == (None, 0.0, 0.75, [3])


def test_a_member_that_is_no_state_adds_nothing_and_one_without_data_stays_missing() -> None:
    rows = table([(1, 2000, 3, 3, 3), (2, 2000, 1, 1, 1), (1, 2001, 3, 3, 3), (2, 2001, 1, 1, 1), (2, 2002, 1, 1, 1)])
    members = pl.DataFrame({"state": [1, 2, 1, 2, 3, 2], "year": [2000, 2000, 2001, 2001, 2001, 2002]})
    result = balance(rows, [1, 3], [2], members=members).select("year", "share", "low", "high", "silent")
    assert result.rows() == [
        (2000, 0.75, 0.75, 0.75, []),  # 3 is no state yet
        (2001, None, 0.75, 1.0, [3]),  # 3 is a state without data
    ]  # in 2002 the first side has no state


intervals = st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(0, 9)).map(sorted)


@given(st.lists(intervals, min_size=3, max_size=3))
def test_shares_of_both_sides_sum_to_one_and_lie_within_bounds(three: list[list[float]]) -> None:
    rows = table([(state, 2000, *span) for state, span in enumerate(three)])  # type: ignore[misc]
    one, other = balance(rows, [0, 1], [2]).row(0, named=True), balance(rows, [2], [0, 1]).row(0, named=True)
    for low, high in (("low", "high"), ("share", "share")):
        if one[low] is not None and other[high] is not None:
            assert one[low] + other[high] == pytest.approx(1.0)
    if None not in (one["low"], one["share"], one["high"]):
        assert one["low"] - 1e-12 <= one["share"] <= one["high"] + 1e-12


@pytest.mark.parametrize("sides", [([], [2]), ([1], []), ([1, 2], [2])])
def test_empty_or_overlapping_sides_are_refused(sides: tuple[list[int], list[int]]) -> None:
    with pytest.raises(InputError, match="two sides"):
        shares((1, 1, 1, 1), (2, 1, 1, 1), sides=sides)


def test_negative_strength_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        shares((1, -9, -9, -9), (2, 1, 1, 1))


def test_strength_halves_with_distance() -> None:
    result = strength_at_distance(np.array([8.0]), np.array([0.0, 100.0, 300.0]), half=100.0)
    assert result.tolist() == pytest.approx([8.0, 4.0, 1.0])
    for distance, half in ((-1.0, 100.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="must not be negative"):
            strength_at_distance(np.array([1.0]), np.array([distance]), half)
