"""Summarise quantities over worlds: quantiles and means in which missing values do not count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from tocsin.assessment.figures_result import Band
from tocsin.assessment.situations import Model
from tocsin.case.schema import Case


class Weighted(Protocol):
    """Worlds of a case with their weights."""

    @property
    def case(self) -> Case:
        """Return the case."""

    def weight(self, kind: str) -> np.ndarray:
        """Return the weights (D,) of the worlds for a type of challenger; they sum to one."""


def band(ensemble: Weighted, read: Callable[[Model], np.ndarray]) -> Band:
    """Return the 5 %, 50 % and 95 % points over worlds, with challenger types pooled by the case's weights.

    Worlds with missing values do not count; they leave the weights of the types as they are.
    """
    case = ensemble.case
    values, weights = [], []
    for kind, spec in case.types.items():
        of_type = read(Model(kind, case.discounting.central))
        known = ensemble.weight(kind) * ~np.isnan(of_type)
        total = float(np.sum(known))
        values.append(of_type)
        weights.append(spec.weight * known / total if total > 0.0 else known)
    return quantiles(np.concatenate(values), np.concatenate(weights))


def quantiles(values: np.ndarray, weights: np.ndarray) -> Band:
    """Return the weighted 5 %, 50 % and 95 % points, without missing values; nan if all are missing."""
    known = ~np.isnan(values)
    if not known.any():
        return (np.nan, np.nan, np.nan)
    points = np.quantile(values[known], (0.05, 0.5, 0.95), weights=weights[known], method="inverted_cdf")
    low, mid, high = (float(point) for point in points)
    return (low, mid, high)


def mean(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the weighted mean without missing values; nan if all are missing."""
    known = ~np.isnan(values)
    total = float(np.sum(weights[known]))
    return float(np.sum(weights[known] * values[known])) / total if total > 0.0 else np.nan
