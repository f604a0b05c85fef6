"""The interval of the change of a yearly series: the mean from a year on minus the mean before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from tocsin.assessment.amounts import amount
from tocsin.case.nodes import Series
from tocsin.case.series import numbers_of, parts
from tocsin.case.units import Unit
from tocsin.case.values import Value
from tocsin.translation import Text, message

MIN_SIDE = 4
"""Years on each side of a change without which there is no interval."""
LEVEL = 0.95
MAX_CORRELATION = 0.95
"""Largest correlation of neighbouring years."""
_CORRELATIONS = MAX_CORRELATION * (np.arange(40) + 0.5) / 40


@dataclass(frozen=True)
class Interval:
    """A 95 % interval of a change, in the unit of the series at scale 1."""

    low: float
    high: float


def change_interval(before: np.ndarray, after: np.ndarray) -> Interval | None:
    """Return the 95 % interval of the difference of two means of yearly numbers that depend on each other.

    The model is y(t) = m + d [t is after the change] + e(t), e(t) = r e(t - 1) + u(t), with normal u and flat priors on m, d, the
    logarithm of the spread of u, and r from 0 to `MAX_CORRELATION`. Given r, the posterior of d is Student's t around the
    generalised least squares estimate; the interval is that of the mixture over r (Zellner and Tiao, Journal of the American
    Statistical Association 59, 1964, section 2).

    Args:
        before, after: the numbers of consecutive years before the change and from it on.

    Returns:
        The interval; None with fewer than `MIN_SIDE` years on a side, or if no number differs from the others of its side.
    """
    if min(len(before), len(after)) < MIN_SIDE or not (np.ptp(before) or np.ptp(after)):
        return None
    numbers = np.concatenate([before, after])
    scale = float(np.abs(numbers - numbers.mean()).max())
    fits = np.array([_given(r, numbers / scale, len(before)) for r in _CORRELATIONS])
    weights = np.exp(fits[:, 2] - fits[:, 2].max())
    ends = _quantiles(fits[:, 0], fits[:, 1], weights / weights.sum(), len(numbers) - 2)
    return Interval(ends[0] * scale, ends[1] * scale)


def _given(correlation: float, numbers: np.ndarray, split: int) -> tuple[float, float, float]:
    """Return the estimate of a change, its standard error and the log weight of a correlation of neighbouring years."""
    design = np.column_stack([np.ones(len(numbers)), np.arange(len(numbers)) >= split])
    y, x = _whitened(numbers, correlation), _whitened(design, correlation)
    inverse = np.linalg.inv(x.T @ x)
    estimate = inverse @ (x.T @ y)
    squares = float(np.sum((y - x @ estimate) ** 2))
    free = len(numbers) - 2
    log_weight = 0.5 * (np.log1p(-(correlation**2)) + np.linalg.slogdet(inverse)[1] - free * np.log(squares))
    return float(estimate[1]), float(np.sqrt(inverse[1, 1] * squares / free)), float(log_weight)


def _whitened(values: np.ndarray, correlation: float) -> np.ndarray:
    """Return values whose errors are independent if those of neighbouring years have a correlation (Prais and Winsten 1954)."""
    return np.concatenate([values[:1] * np.sqrt(1.0 - correlation**2), values[1:] - correlation * values[:-1]])


def _quantiles(centres: np.ndarray, errors: np.ndarray, weights: np.ndarray, free: int) -> tuple[float, float]:
    """Return the two ends of the interval of a mixture of Student's t distributions."""
    # imported here: they take a third of a second
    from scipy.optimize import brentq
    from scipy.special import stdtr, stdtrit

    tail = (1.0 - LEVEL) / 2.0
    reach = -stdtrit(free, tail) * errors
    bracket = float((centres - reach).min()), float((centres + reach).max())

    def end(share: float) -> float:
        return float(brentq(lambda x: weights @ stdtr(free, (x - centres) / errors) - share, *bracket, xtol=1e-12))

    return end(tail), end(1.0 - tail)


def with_interval(comparison: str, node: Series, values: Mapping[str, Value], unit: Unit, other: Any) -> Text:
    """Return a comparison of a change with its interval, and whether that includes the number with which the change is compared.

    Args:
        comparison: the comparison in words.
        node: a change whose years are all known.
        values: the values of the facts.
        unit: the unit in which the change is printed.
        other: the number with which it is compared, at scale 1.
    """
    before, after = parts(node, numbers_of(node, values))
    interval = change_interval(np.array(before, dtype=float), np.array(after, dtype=float))
    if interval is None:
        return message(
            "{comparison} (no interval: it needs {years} years on each side, and numbers that vary)",
            comparison=comparison,
            years=MIN_SIDE,
        )
    low, high = (amount(Fraction(end), unit, 3) for end in (interval.low, interval.high))
    first = Text(low.digits) if (low.exponent, low.unit) == (high.exponent, high.unit) else low.text
    if interval.low <= float(other) <= interval.high:
        return message(
            "{comparison}; 95 % interval of the change {low} to {high}, which includes {number}",
            comparison=comparison,
            low=first,
            high=high.text,
            number=amount(Fraction(other), unit, 3).text,
        )
    return message(
        "{comparison}; 95 % interval of the change {low} to {high}", comparison=comparison, low=first, high=high.text
    )
