"""Compute military stock from spending, and force from stock and personnel."""

from __future__ import annotations

import numpy as np


def stock(spending: np.ndarray, *, depreciation: np.ndarray | float) -> np.ndarray:
    """Return the military stock by perpetual inventory, K(t) = (1 - d) K(t-1) + I(t).

    The first stock is the steady state of the first year's spending, K = I / d. This is the usual assumption if the
    series begins late (OECD, Measuring Capital, 2nd ed. 2009, section 15.7).

    Args:
        spending: real spending I, years on the first axis, >= 0, price-year money per year.
        depreciation: d in (0, 1], broadcast against one year's spending.

    Returns:
        Stock at the end of each year, in the same money and shape.

    Raises:
        ValueError: if spending is negative or d is not positive.
    """
    if np.any(spending < 0):
        raise ValueError("spending must not be negative")
    rate = np.asarray(depreciation)
    if np.any(rate <= 0):
        raise ValueError("depreciation must be positive")
    stocks = np.empty(np.broadcast_shapes(spending.shape, np.shape(depreciation)))
    stocks[0] = spending[0] / rate
    for year in range(1, len(spending)):
        stocks[year] = (1.0 - depreciation) * stocks[year - 1] + spending[year]
    return stocks


def cobb_douglas(capital: np.ndarray, personnel: np.ndarray, capital_share: np.ndarray) -> np.ndarray:
    """Return force K^a N^(1-a) from military stock K and personnel N.

    Args:
        capital: K > 0, price-year money.
        personnel: N > 0, persons.
        capital_share: a in [0, 1].

    Returns:
        Force in arbitrary units; only ratios between actors are meaningful.
    """
    return np.asarray(capital**capital_share * personnel ** (1.0 - capital_share))
