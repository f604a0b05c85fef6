"""The file of a forecast: what is written can be read, and what was changed is refused."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest
from tests.forecasts.lists import OPENS, asking, random_days

from tocsin.errors import InputError
from tocsin.forecasts.making import make_forecasts
from tocsin.forecasts.record import ForecastRecord, read_forecast


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> ForecastRecord:
    return make_forecasts(asking(tmp_path_factory.mktemp("case"), days=random_days(1)), OPENS)


def test_what_was_written_is_read_again(record: ForecastRecord, tmp_path: Path) -> None:
    file = tmp_path / "forecast.json"
    file.write_text(record.sealed(), encoding="utf-8")
    assert read_forecast(file) == record


def test_the_seal_is_the_hash_of_the_file_with_an_empty_seal(record: ForecastRecord) -> None:
    text = record.sealed()
    seal = json.loads(text)["seal"]
    assert seal == record.seal == hashlib.sha256(text.replace(seal, "").encode()).hexdigest()


def test_the_file_carries_case_day_and_version(record: ForecastRecord) -> None:
    data = json.loads(record.sealed())
    assert data["case"]["id"] == "op-ed"
    assert len(data["case"]["sha256"]) == 64
    assert (data["made"], data["format"]) == ("2024-06-30", "tocsin-forecast/1")
    assert data["version"]


def test_one_changed_character_is_refused_wherever_it_is(record: ForecastRecord, tmp_path: Path) -> None:
    file, text = tmp_path / "forecast.json", record.sealed()
    rng = random.Random(1)
    for place in rng.sample(range(len(text) - 1), 60):
        other = "7" if text[place] != "7" else "8"
        file.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
        with pytest.raises(InputError, match=r"not match its seal|not JSON|not a forecast"):
            read_forecast(file)


def test_a_changed_probability_is_named_as_a_change(record: ForecastRecord, tmp_path: Path) -> None:
    file = tmp_path / "forecast.json"
    probability = json.loads(record.sealed())["questions"][0]["forecast"]["probability"]
    file.write_text(record.sealed().replace(str(probability), "0.99"), encoding="utf-8")
    with pytest.raises(InputError, match="the file was changed after it was made"):
        read_forecast(file)


def test_a_file_that_is_no_forecast_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text('{"format": "tocsin-assessment/1"}')
    with pytest.raises(InputError, match="not a forecast"):
        read_forecast(file)
    file.write_text("[1]")
    with pytest.raises(InputError, match="not a forecast"):
        read_forecast(file)
