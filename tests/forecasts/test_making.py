"""Forecasts of a case: each kind of probability in closed form, no look ahead, marks, and what is refused."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.forecasts.lists import FORECASTS, OPENS, asking, random_days

from tocsin.errors import InputError
from tocsin.forecasts.making import make_forecasts
from tocsin.forecasts.record import ForecastRecord, QuestionRecord

LATER = tuple(OPENS + timedelta(days=ahead) for ahead in (3, 50, 300))


def question(record: ForecastRecord, key: str) -> QuestionRecord:
    return next(item for item in record.questions if item.id == key)


def test_a_class_of_years_gives_the_gamma_poisson_chance(tmp_path: Path) -> None:
    record = make_forecasts(asking(tmp_path, days=random_days(1)), OPENS)
    chance, years = question(record, "strike_90").forecast, 90 / 365.25
    assert chance.probability == pytest.approx(1 - (20 / (20 + years)) ** 3.5, abs=1e-6)
    low, high = stats.gamma(3.5, scale=1 / 20).ppf([0.05, 0.95])
    assert (chance.low, chance.high) == pytest.approx(
        (1 - math.exp(-low * years), 1 - math.exp(-high * years)), abs=1e-6
    )


def test_a_class_of_cases_gives_jeffreys_posterior(tmp_path: Path) -> None:
    base = question(make_forecasts(asking(tmp_path, days=random_days(1)), OPENS), "strike_90").base
    assert base is not None
    assert base.probability == pytest.approx(1.5 / 41, abs=1e-6)
    assert (base.low, base.high) == pytest.approx(stats.beta(1.5, 39.5).ppf([0.05, 0.95]), abs=1e-6)


def test_a_judgement_gives_its_mean_and_its_points(tmp_path: Path) -> None:
    made = question(make_forecasts(asking(tmp_path, days=random_days(1)), OPENS), "mayor_90")
    assert (made.forecast.low, made.forecast.high) == pytest.approx((0.1, 0.4), abs=1e-4)
    assert 0.2 < made.forecast.probability < 0.25
    assert made.base is None
    assert made.forecast.how.endswith("judged by tests: range")


def test_a_rate_has_the_share_of_the_last_ten_years_as_base_rate(tmp_path: Path) -> None:
    days = random_days(1)
    made = question(make_forecasts(asking(tmp_path, days=(*days, *LATER)), OPENS), "calls_30")
    ends = [OPENS - timedelta(days=30 * back) for back in range(121)]
    windows = [(end - timedelta(days=30), end) for end in ends]
    hits = sum(any(start < day <= end for day in days) for start, end in windows)
    assert made.base is not None
    assert made.base.how == f"{hits} of {len(windows)} windows of 30 days had one in the last ten years"
    assert made.base.probability == pytest.approx((hits + 0.5) / (len(windows) + 1), abs=1e-6)
    assert [(used.until, used.remains) for used in made.data] == [(OPENS, LATER[-1])]


def test_the_future_does_not_change_a_forecast(tmp_path: Path) -> None:
    days, rng = random_days(1), np.random.default_rng(2)
    ends = LATER[-1]
    forecasts = []
    for name in ("a", "b", "c"):
        future = {OPENS + timedelta(days=int(ahead)) for ahead in rng.integers(1, 300, size=40)} | {ends}
        made = question(make_forecasts(asking(tmp_path / name, days=(*days, *sorted(future))), OPENS), "calls_30")
        forecasts.append((made.forecast, made.base))
    assert forecasts[0] == forecasts[1] == forecasts[2]
    early = question(make_forecasts(asking(tmp_path / "d", days=(*days, OPENS, ends)), OPENS), "calls_30")
    assert early.forecast.probability > forecasts[0][0].probability


def test_a_forecast_made_late_is_marked_and_one_made_in_time_is_not(tmp_path: Path) -> None:
    case = asking(tmp_path, days=(*random_days(1), OPENS))
    assert all(item.marks == () for item in make_forecasts(case, OPENS).questions)
    late = make_forecasts(case, OPENS + timedelta(days=12))
    assert {item.marks for item in late.questions} == {("made on 2024-07-12, 12 days after its opening day",)}


def test_a_list_that_runs_on_after_the_opening_day_is_marked(tmp_path: Path) -> None:
    record = make_forecasts(asking(tmp_path, days=(*random_days(1), *LATER)), OPENS)
    assert "calls.csv is a copy that runs to 2025-04-26" in question(record, "calls_30").marks[0]
    assert question(record, "strike_90").marks == ()


def test_a_list_that_ends_before_the_opening_day_is_marked(tmp_path: Path) -> None:
    days = (*random_days(1, last=date(2024, 5, 31)), date(2024, 5, 31))
    made = question(make_forecasts(asking(tmp_path, days=days), OPENS), "calls_30")
    assert made.marks == ("calls.csv ends on 2024-05-31, 30 days before the opening day",)
    assert made.data[0].until == date(2024, 5, 31)


def test_a_case_without_questions_says_how_to_ask(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the case `op-ed` has no forecasts") as error:
        make_forecasts(asking(tmp_path, days=random_days(1), forecasts=""), OPENS)
    assert "block `forecasts:`" in str(error.value.remedy)


def test_a_question_that_asks_an_assessment_needs_one(tmp_path: Path) -> None:
    forecasts = FORECASTS.replace(
        '{judged: {is: "beta(0.1 to 0.4)", by: tests, why: range}}', "{assessed: {claim: C4}}"
    )
    case = asking(tmp_path, days=random_days(1), forecasts="").folder / "case.yaml"
    claim = '  C4: {says: More ships will come., kind: forecast, sources: [authority], holds: "fact(boxes.2023) > 1"}\n'
    text = case.read_text().replace("questions:\n", claim + "questions:\n") + forecasts
    case.write_text(text)
    from tocsin.case import load

    with pytest.raises(InputError, match="forecast `mayor_90` needs an assessment") as error:
        make_forecasts(load(case), OPENS)
    assert "--assessment" in str(error.value.remedy)
