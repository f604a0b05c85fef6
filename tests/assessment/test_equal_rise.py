"""The rise of spending that costs the challenger as much as a loss: closed forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tocsin.assessment.equal_rise import RISES, equal_rise

NEAR, FAR = RISES
TRUE = np.array([0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0])


@pytest.mark.parametrize("loss", [lambda x: 3.0 * x, lambda x: x - 0.2 * x**2, lambda x: 0.01 * x + 0.5 * x**2])
def test_the_rise_is_exact_where_the_loss_is_a_quadratic_of_the_rise(loss: Callable[[np.ndarray], np.ndarray]) -> None:
    ends = (loss(np.full(TRUE.shape, NEAR)), loss(np.full(TRUE.shape, FAR)))
    assert equal_rise(loss(TRUE), ends) == pytest.approx(TRUE, rel=1e-12)


def test_the_rise_is_within_a_ninth_where_the_loss_grows_with_the_logarithm_of_spending() -> None:
    ends = (np.full(TRUE.shape, np.log1p(NEAR)), np.full(TRUE.shape, np.log1p(FAR)))
    assert equal_rise(np.log1p(TRUE), ends) == pytest.approx(TRUE, rel=1 / 9)


def test_a_gain_has_no_rise_and_a_loss_beyond_the_largest_rise_has_an_infinite_one() -> None:
    ends = (np.full(3, 0.1), np.full(3, 0.4))
    assert list(equal_rise(np.array([-0.2, 0.0, 0.41]), ends)) == [0.0, 0.0, np.inf]


def test_the_rise_grows_with_the_loss_whatever_the_solved_rises_cost() -> None:
    for near, far in ((0.1, 0.4), (0.1, 0.11), (0.1, 0.1), (0.1, 0.05), (0.0, 0.2), (-0.05, 0.2), (-0.1, -0.2)):
        losses = np.linspace(-0.1, 0.5, 601)
        rises = equal_rise(losses, (np.full(601, near), np.full(601, far)))
        assert not np.isnan(rises).any()
        assert (np.diff(rises[np.isfinite(rises)]) >= 0.0).all()
        assert np.isinf(rises[losses > max(near, far, 0.0)]).all()
