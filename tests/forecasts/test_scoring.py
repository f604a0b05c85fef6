"""Scores against closed forms, with errors from clusters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tocsin.forecasts.scoring import ENOUGH, score


def test_log_and_brier_scores_are_those_of_the_definition() -> None:
    result = score([0.8, 0.3], [0.5, 0.5], [True, False], [0, 1])
    assert result.log_score == pytest.approx((math.log(0.8) + math.log(0.7)) / 2)
    assert result.brier == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert result.base_log_score == pytest.approx(math.log(0.5))
    assert result.base_brier == pytest.approx(0.25)
    assert result.log_gain.mean == pytest.approx(result.log_score - math.log(0.5))
    assert result.brier_gain.mean == pytest.approx(0.25 - result.brier)


def test_with_a_cluster_for_each_forecast_the_error_is_that_of_a_mean() -> None:
    rng = np.random.default_rng(1)
    chances, happened = rng.uniform(0.05, 0.95, 50), rng.random(50) < 0.4
    result = score(chances.tolist(), [0.4] * 50, happened.tolist(), list(range(50)))
    gains = np.where(happened, np.log(chances / 0.4), np.log((1 - chances) / 0.6))
    assert result.log_gain.mean == pytest.approx(gains.mean())
    assert result.log_gain.error == pytest.approx(gains.std(ddof=1) / math.sqrt(50))


def test_forecasts_that_repeat_each_other_do_not_shrink_the_error() -> None:
    chances, base, happened = [0.8, 0.3, 0.6], [0.5] * 3, [True, False, False]
    once = score(chances, base, happened, [0, 1, 2])
    thrice = score(chances * 3, base * 3, happened * 3, [0, 1, 2] * 3)
    assert thrice.log_gain.error == pytest.approx(once.log_gain.error)
    assert thrice.brier_gain.error == pytest.approx(once.brier_gain.error)


def test_one_source_gives_no_error() -> None:
    result = score([0.8, 0.3], [0.5, 0.5], [True, False], [7, 7])
    assert math.isnan(result.log_gain.error)


def test_a_forecast_equal_to_the_base_rate_gains_nothing() -> None:
    result = score([0.2, 0.7], [0.2, 0.7], [True, False], [0, 1])
    assert result.log_gain.mean == result.brier_gain.mean == 0.0


def test_calibration_comes_in_fifths_when_there_are_enough() -> None:
    chances = [(index + 0.5) / 25 for index in range(25)]
    happened = [index >= 15 for index in range(25)]
    bins = score(chances, [0.5] * 25, happened, list(range(25))).calibration
    assert [part.size for part in bins] == [5] * 5
    assert [part.observed for part in bins] == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert [part.predicted for part in bins] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    few = ENOUGH - 1
    assert score(chances[:few], [0.5] * few, happened[:few], list(range(few))).calibration == ()
