"""The rise of an actor's spending that would cost the challenger as much as some events."""

from __future__ import annotations

import numpy as np

from tocsin.assessment.result import LARGEST_RISE
from tocsin.assessment.situations import Situation
from tocsin.models.coercion.scenario import Scenario

RISES = (0.25, LARGEST_RISE)
"""Rises of spending for which games are solved."""


def games_of_rises(before: Situation, actor: str) -> list[Scenario]:
    """Return the games with higher spending of an actor, on top of what already scales it."""
    scale = dict(before.scenario.scale)
    start = scale.get(actor, 1.0)
    raised = [tuple(sorted((scale | {actor: start * (1.0 + rise)}).items())) for rise in RISES]
    return [before.varied(scale=factors, outputs="worth") for factors in raised]


def equal_rise(loss: np.ndarray, of_rises: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the rise (D,) that costs as much as a loss: 0 for a gain, infinite for a loss above that of the largest rise,
    nan where the loss or that of a solved rise is missing.

    The loss from a rise x is p x + q x^2 through the two solved rises. Where that is not increasing up to the largest rise, the loss is
    linear between the solved rises.

    Args:
        loss: (D,).
        of_rises: (D,) losses from each of `RISES`.
    """
    small, large = np.maximum(of_rises[0], 0.0), np.maximum(np.maximum(of_rises[0], of_rises[1]), 0.0)
    near, far = RISES
    q = (large / far - small / near) / (far - near)
    p = small / near - q * near
    rising = (p > 0.0) & (p + 2.0 * q * far >= 0.0)
    wanted = np.clip(loss, 0.0, large)
    with np.errstate(divide="ignore", invalid="ignore"):
        curved = 2.0 * wanted / (p + np.sqrt(np.maximum(p * p + 4.0 * q * wanted, 0.0)))
        beyond = near + (far - near) * (wanted - small) / (large - small)
        straight = np.where(wanted <= small, near * wanted / small, beyond)
    rise = np.where(wanted > 0.0, np.where(rising, curved, straight), 0.0)
    return np.where(np.isnan(loss + large), np.nan, np.where(loss > large, np.inf, rise))
