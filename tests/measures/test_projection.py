"""The share of a force that a state can use far from home."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached

from tocsin.errors import InputError
from tocsin.measures.projection import MILES, projection
from tocsin.measures.readings import Readings
from tocsin.measures.reference import parse

NEAR = 10.0 - np.e
LONDON, PARIS = (51.5074, -0.1278), (48.8566, 2.3522)


def capitals(*places: tuple[int, tuple[float, float]]) -> pl.DataFrame:
    rows = [(state, date(1816, 1, 1), date(2024, 12, 31), *place) for state, place in places]
    schema = {"state": pl.Int32, "start": pl.Date, "end": pl.Date, "latitude": pl.Float64, "longitude": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def dyad(year: int, power: float | None, kilometres: float | None) -> pl.DataFrame:
    row = {"state1": [200], "state2": [220], "year": [year], "cinc1": [power], "distance": [kilometres]}
    kinds = {"state1": pl.Int32, "state2": pl.Int32, "year": pl.Int32, "cinc1": pl.Float64, "distance": pl.Float64}
    return pl.DataFrame(row, schema=kinds)


BOTH = capitals((200, LONDON), (220, PARIS))


def test_share_and_bounds_follow_the_formula() -> None:
    row = projection(dyad(1960, 0.1, 100.0), BOTH).row(0, named=True)
    assert row["between_capitals"] == pytest.approx(344, abs=2)

    def share(kilometres: float, miles_a_day: float) -> float:
        return float(0.1 ** (np.log10(kilometres * MILES / miles_a_day + NEAR) - np.log10(NEAR)))

    assert row["share"] == pytest.approx(share(100, 500))
    assert row["low"] == pytest.approx(share(row["between_capitals"], 250))
    assert row["high"] == pytest.approx(share(100, 1000))


@given(
    st.floats(1e-5, 1.0), st.floats(0.0, 20_000.0), st.integers(1886, 2019), st.floats(-80, 80), st.floats(-179, 179)
)
def test_a_share_lies_within_its_bounds_and_in_0_to_1(
    power: float, kilometres: float, year: int, latitude: float, longitude: float
) -> None:
    places = capitals((200, LONDON), (220, (latitude, longitude)))
    row = projection(dyad(year, power, kilometres), places).row(0, named=True)
    assert 0 <= row["low"] <= row["share"] + 1e-12
    assert row["share"] <= row["high"] + 1e-12 <= 1 + 2e-12


def test_what_is_unknown_stays_unknown() -> None:
    alone = projection(dyad(1960, 0.1, 100.0), capitals((200, LONDON))).row(0, named=True)
    assert alone["share"] is not None and alone["low"] is None and alone["high"] is None
    for power, kilometres in ((None, 100.0), (0.0, 100.0), (0.1, None)):
        assert projection(dyad(1960, power, kilometres), BOTH)["share"].item() is None


def test_reach_falls_with_distance_in_the_data(cached: Path) -> None:
    readings = Readings()

    def at(states: str, first: int) -> float:
        value = readings.read(parse(f"measure/projection/{states}/1989?state1={first}"), until=1990).value
        assert isinstance(value, float)
        return value

    assert at("SAU,KWT", 670) == 1.0
    assert at("USA,KWT", 2) < at("USA,MEX", 2) == 1.0
    # the stronger of two states at about the same distance keeps more
    assert at("USA,KWT", 2) > at("CAN,KWT", 20)


# --- a pact that is not listed ---------------------------------------------------------------------------------------


def test_a_pair_without_a_pact_has_none_where_the_data_cover_it(cached: Path) -> None:
    readings = Readings()
    reading = readings.read(parse("measure/pacts/USA,KWT/1989/owed_by_1"), until=1990)
    assert (reading.value, reading.unit, reading.year) == (False, "truth", 1989)
    assert readings.read(parse("measure/pacts/USA,KOR/1989/owed_by_1"), until=1990).value is True
    for text in ("measure/pacts/USA,KWT/1930/owed_by_1", "measure/pacts/USA,KWT/latest/owed_by_1"):
        with pytest.raises(InputError, match="0 rows"):
            readings.read(parse(text), until=1990)
