"""Capability: military stock from spending, and force from stock and personnel."""

from __future__ import annotations

import numpy as np


def stock(spending: np.ndarray, *, depreciation: np.ndarray | float, early_growth: float = 0.0) -> np.ndarray:
    """Military stock by perpetual inventory, K(t) = (1 - d) K(t-1) + I(t).

    The first stock is the steady state of the first year's spending, K = I / (d + g), as usual where the series begins
    late (OECD, Measuring Capital, 2nd ed. 2009, section 15.7).

    Args:
        spending: real spending I, years on the first axis, >= 0, price-year money a year.
        depreciation: d in (0, 1], broadcast against one year's spending.
        early_growth: g, real yearly growth before the series begins; d + g > 0.

    Returns:
        Stock at the end of each year, in the same money and shape.

    Raises:
        ValueError: if spending is negative or d + g is not positive.
    """
    if np.any(spending < 0):
        raise ValueError("spending must not be negative")
    rate = np.asarray(depreciation) + early_growth
    if np.any(rate <= 0):
        raise ValueError("depreciation and early growth must sum to more than 0")
    held = np.empty(np.broadcast_shapes(spending.shape, np.shape(depreciation)))
    held[0] = spending[0] / rate
    for year in range(1, len(spending)):
        held[year] = (1.0 - depreciation) * held[year - 1] + spending[year]
    return held


def cobb_douglas(capital: np.ndarray, personnel: np.ndarray, capital_share: np.ndarray) -> np.ndarray:
    """Force K^a N^(1-a) from military stock K and personnel N.

    Args:
        capital: K > 0, price-year money.
        personnel: N > 0, persons.
        capital_share: a in [0, 1].

    Returns:
        Force, in units of its own; only ratios between actors mean anything.
    """
    return np.asarray(capital**capital_share * personnel ** (1.0 - capital_share))
