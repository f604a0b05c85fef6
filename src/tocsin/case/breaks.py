"""Find the year in which the trend of a yearly series breaks, and how often chance alone breaks one as much."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

MIN_SIDE = 4
"""Years on each side of a break."""
MIN_YEARS, MAX_YEARS = 10, 200
SIMULATIONS = 1999
SEED = 1
LEVEL = 0.05
"""Share of simulated series below which a break is one."""
MAX_CORRELATION = 0.95


@dataclass(frozen=True)
class Break:
    """The place of the largest break in a series: its first year after the break, counted from 0, and the p-value."""

    index: int
    p: float


@lru_cache(maxsize=256)
def trend_break(numbers: tuple[float, ...]) -> Break:
    """Return the largest break of a linear trend in level and slope, with its p-value by simulation.

    The statistic is the largest of the F statistics that compare one line with two, over all years with `MIN_SIDE` years on each
    side (Andrews, Econometrica 61, 1993). Its p-value is its place among those of series simulated without a break (Diebold and
    Chen, Journal of Econometrics 70, 1996): one line with errors e(t) = r e(t - 1) + u(t). The correlation r is estimated from the
    residuals of one line, plus (2 + 4 r) / n for the bias of that estimate, within 0 and `MAX_CORRELATION`. A true break makes this
    estimate larger, so that the p-value errs on the large side.

    Args:
        numbers: of consecutive years, `MIN_YEARS` to `MAX_YEARS`.
    """
    values = np.array(numbers) - np.mean(numbers)
    one, two = _lines(len(numbers))
    residuals = values - one @ (one.T @ values)
    size = float(residuals @ residuals)
    if size <= 1e-20 * float(values @ values) or not size:
        return Break(len(numbers) // 2, 1.0)
    statistics = _statistics(residuals[None] / np.sqrt(size), one, two)[0]
    noise = _correlated(_correlation(residuals), len(numbers))
    # a series that two lines fit without error has a statistic that rounding makes large or infinite
    exceeding = int(np.sum(_statistics(noise, one, two).max(axis=1) >= statistics.max()))
    return Break(MIN_SIDE + int(statistics.argmax()), (1 + exceeding) / (1 + SIMULATIONS))


def _lines(years: int) -> tuple[np.ndarray, np.ndarray]:
    """Return orthonormal bases of one line, (n, 2), and of two lines that part at each admissible year, (breaks, n, 4)."""
    time = np.arange(years) / years
    line = np.column_stack([np.ones(years), time])
    pairs = [
        np.column_stack([line, later, later * time])
        for later in (np.arange(years) >= start for start in range(MIN_SIDE, years - MIN_SIDE + 1))
    ]
    return np.linalg.qr(line)[0], np.array([np.linalg.qr(pair)[0] for pair in pairs])


def _statistics(series: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return the F statistics of series, (m, n), at each admissible break, (m, breaks)."""
    squares = np.sum(series**2, axis=1)
    single = squares - np.sum((series @ one) ** 2, axis=1)
    double = squares[:, None] - np.sum(np.einsum("mn,bnk->mbk", series, two) ** 2, axis=2)
    double = np.maximum(double, 1e-12 * squares[:, None])
    return np.asarray((single[:, None] - double) / double * (series.shape[1] - 4) / 2)


def _correlation(residuals: np.ndarray) -> float:
    estimate = float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    return min(max(estimate + (2.0 + 4.0 * estimate) / len(residuals), 0.0), MAX_CORRELATION)


def _correlated(correlation: float, years: int) -> np.ndarray:
    """Return simulated errors of stationary series, (simulations, years)."""
    errors = np.random.default_rng(SEED).normal(size=(SIMULATIONS, years))
    errors[:, 0] /= np.sqrt(1.0 - correlation**2)
    for year in range(1, years):
        errors[:, year] += correlation * errors[:, year - 1]
    return errors
