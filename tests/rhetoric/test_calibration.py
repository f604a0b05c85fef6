"""Over many simulated series, intervals of shares have their coverage, and placebo dates are seldom clear."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from tests.rhetoric.simulated import Simulated, simulated

from tocsin.rhetoric.accounts.fit import fit
from tocsin.rhetoric.accounts.shares import shares, trigger_factors, weekly_parts
from tocsin.rhetoric.accounts.summary import CLEAR

pytestmark = pytest.mark.numeric

SERIES, PLACEBOS = 80, 200
WEEKS = 156


def with_random_effects(seed: int) -> Simulated:
    """Simulate a series with random effects, similar to the model's prior."""
    random = np.random.default_rng(10_000 + seed)
    return simulated(
        seed,
        weeks=WEEKS,
        effects=random.normal(0, 0.25, size=3),
        occasion=random.normal(0, 0.2),
        carry=(random.normal(0.15, 0.1), random.normal(0.1, 0.1), random.normal(0.1, 0.1)),
    )


@pytest.mark.slow
def test_intervals_of_shares_have_their_coverage() -> None:
    ranks = []
    for seed in range(SERIES):
        series = with_random_effects(seed)
        weekly = weekly_parts(fit(series.design, seed=seed))
        total = series.design.counts.sum(axis=1)
        result = shares(weekly, total, np.ones(total.size, dtype=bool))
        response = result.response.sum(axis=-1)
        ranks.append([(response < series.response).mean(), (result.ritual < series.ritual).mean()])
    within = ((np.array(ranks) > 0.05) & (np.array(ranks) < 0.95)).sum(axis=0)
    assert (within >= binom.ppf(0.005, SERIES, 0.9)).all(), within
    # a quarter if ranks are uniform, less if intervals are too wide
    distance = np.abs(np.array(ranks) - 0.5).mean(axis=0)
    assert (distance > 0.25 - 3 * np.sqrt(1 / 48 / SERIES)).all(), distance


@pytest.mark.slow
def test_placebo_triggers_are_seldom_clear() -> None:
    def clear(seed: int) -> np.ndarray:
        factors = trigger_factors(
            fit(simulated(seed, weeks=WEEKS, effects=np.zeros(3), placebo=seed).design, seed=seed)
        )[:, 0]
        above = (factors > 1).mean(axis=0)
        return np.maximum(above, 1 - above) > CLEAR

    count = np.sum([clear(seed) for seed in range(PLACEBOS)], axis=0)
    assert (count <= binom.ppf(0.995, PLACEBOS, 2 * (1 - CLEAR))).all(), count
