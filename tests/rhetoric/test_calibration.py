"""Over many simulated series: shares are recovered as often as said, and dates that mean nothing are seldom found clear."""

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


def drawn(seed: int, placebo: int | None = None) -> Simulated:
    """A series whose effects are drawn too, about as the model's prior has them."""
    random = np.random.default_rng(10_000 + seed)
    return simulated(
        seed,
        weeks=WEEKS,
        effects=random.normal(0, 0.25, size=3),
        occasion=random.normal(0, 0.2),
        carry=(random.normal(0.15, 0.1), random.normal(0.1, 0.1), random.normal(0.1, 0.1)),
        placebo=placebo,
    )


@pytest.mark.slow
def test_shares_are_recovered_within_their_intervals_as_often_as_said() -> None:
    ranks = []
    for seed in range(SERIES):
        made = drawn(seed)
        found = weekly_parts(fit(made.design, seed=seed))
        total = made.design.counts.sum(axis=1)
        owed = shares(found, total, np.ones(total.size, dtype=bool))
        ranks.append([(owed.response.sum(axis=-1) < made.response).mean(), (owed.ritual < made.ritual).mean()])
    within = ((np.array(ranks) > 0.05) & (np.array(ranks) < 0.95)).sum(axis=0)
    assert (within >= binom.ppf(0.005, SERIES, 0.9)).all(), within
    middle = np.abs(np.array(ranks) - 0.5).mean(
        axis=0
    )  # a quarter where ranks are even; less where intervals are too wide
    assert (middle > 0.25 - 3 * np.sqrt(1 / 48 / SERIES)).all(), middle


@pytest.mark.slow
def test_placebo_triggers_are_clear_no_oftener_than_said() -> None:
    def clear(seed: int) -> np.ndarray:
        found = trigger_factors(fit(simulated(seed, weeks=WEEKS, effects=np.zeros(3), placebo=seed).design, seed=seed))[
            :, 0
        ]
        above = (found > 1).mean(axis=0)
        return np.maximum(above, 1 - above) > CLEAR

    called = np.array([clear(seed) for seed in range(PLACEBOS)])
    most = binom.ppf(0.995, PLACEBOS, 2 * (1 - CLEAR))
    assert (called.sum(axis=0) <= most).all(), called.sum(axis=0)
