"""Pooling: weights that sum to one, twins that share a weight, recalibration, and nothing learned from the future."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from tests.support import seeded

from tocsin.backtest.pooling import calibrated, calibration, final_weights, pooled, stacking_weights

pytestmark = pytest.mark.numeric


def forecasts(size: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a good forecast, one that knows other things, and what was observed."""
    rng = np.random.default_rng(seeded(1))
    one, other = rng.normal(size=(2, size))
    observed = (rng.uniform(size=size) < expit(-1.5 + 1.2 * one + 0.6 * other)).astype(int)
    return expit(-1.5 + 1.1 * one), expit(-1.3 + 0.5 * other), observed


def log_score(probability: np.ndarray, observed: np.ndarray) -> float:
    return float(np.where(observed == 1, np.log(probability), np.log1p(-probability)).mean())


def test_weights_sum_to_one_and_no_other_mixture_scores_better() -> None:
    good, fair, observed = forecasts()
    members = np.stack([good, fair, np.full_like(good, 0.5)])
    weights = stacking_weights(members, observed)
    assert weights.sum() == pytest.approx(1.0) and (weights >= 0.0).all() and weights[0] > weights[1] > weights[2]

    def loss(free: np.ndarray) -> float:
        shares = np.exp(free - free.max())
        return -log_score(shares / shares.sum() @ members, observed)

    best = -minimize(loss, np.zeros(3), method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-12}).fun
    assert log_score(weights @ members, observed) == pytest.approx(best, abs=1e-6)


def test_a_twin_halves_its_weight() -> None:
    good, fair, observed = forecasts()
    alone = stacking_weights(np.stack([good, fair]), observed)
    twins = stacking_weights(np.stack([good, fair, good]), observed)
    assert twins == pytest.approx([alone[0] / 2, alone[1], alone[0] / 2], abs=1e-3)


def test_recalibration_finds_intercept_and_slope() -> None:
    rng = np.random.default_rng(seeded(2))
    forecast = expit(rng.normal(-1.0, 2.0, size=20_000))
    observed = (rng.uniform(size=20_000) < expit(0.4 + 0.6 * logit(forecast))).astype(int)
    assert calibration(forecast, observed) == pytest.approx((0.4, 0.6), abs=0.06)
    assert log_score(calibrated(forecast, calibration(forecast, observed)), observed) > log_score(forecast, observed)
    # few cases leave a forecast almost as it is
    assert calibration(forecast[:3], np.array([0, 0, 1])) == pytest.approx((0.0, 1.0), abs=0.6)
    assert calibrated(forecast, (0.0, 1.0)) == pytest.approx(forecast, abs=1e-9)


def test_a_year_is_pooled_by_earlier_years_alone() -> None:
    good, fair, observed = forecasts()
    years = np.repeat(np.arange(1920, 1940), 200)
    members = {"good": good, "fair": fair}
    one = pooled(members, observed, years)
    two = pooled(members, np.where(years >= 1930, 1 - observed, observed), years)
    assert np.array_equal(one[years <= 1930], two[years <= 1930])
    assert not np.allclose(one[years > 1930], two[years > 1930])
    assert one[years == 1920] == pytest.approx((0.5 * (good + fair))[years == 1920])


def test_the_pool_is_at_least_as_good_as_its_members() -> None:
    good, fair, observed = forecasts()
    years = np.repeat(np.arange(1920, 1940), 200)
    pool = pooled({"good": good, "fair": fair}, observed, years)
    later = years > 1921
    assert log_score(pool[later], observed[later]) > max(log_score(x[later], observed[later]) for x in (good, fair))
    assert sum(final_weights({"good": good, "fair": fair}, observed).values()) == pytest.approx(1.0)
