"""Flips: the smallest move of one input that changes a verdict, candidates in the ensemble and confirmed by solving again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.result import ClaimResult, Flip, Verdict
from tocsin.assessment.verdicts import decide
from tocsin.case.distributions import Distribution

BINS = 16
"""Quantile bins of an input within which the local probability is taken."""


@dataclass(frozen=True)
class Candidate:
    """A move of one input that seems to change a claim's verdict."""

    claim: str
    input: str
    quantile: float
    start: float
    to: float

    def flip(self) -> Flip:
        """Return the flip as reported."""
        return Flip(input=self.input, start=self.start, to=self.to, quantile=self.quantile)


def candidate(
    result: ClaimResult,
    beliefs: Mapping[str, Distribution],
    local: Callable[[str, float, float], float],
) -> Candidate | None:
    """Return the smallest move from the median of one of the claim's drivers that changes its verdict.

    Args:
        result: of a claim that the model decides, with its drivers.
        beliefs: input -> distribution.
        local: (input, low, high) -> pooled probability of the claim in the worlds whose quantile of the input lies
            in [low, high).

    Returns:
        The candidate nearest to the median, or None if no bin of any driver changes the verdict.
    """
    candidates: list[Candidate] = []
    for driver in result.drivers:
        if driver.input not in beliefs:
            continue
        probabilities = _smoothed([local(driver.input, index / BINS, (index + 1) / BINS) for index in range(BINS)])
        middle = [(index + 0.5) / BINS for index in range(BINS)]
        changing = [
            q for q, probability in zip(middle, probabilities, strict=True) if _changes(result.verdict, probability)
        ]
        if changing:
            nearest = min(changing, key=lambda q: abs(q - 0.5))
            start, to = beliefs[driver.input].quantile(np.array([0.5, nearest]))
            candidates.append(Candidate(result.id, driver.input, nearest, float(start), float(to)))
    return min(candidates, key=lambda option: abs(option.quantile - 0.5), default=None)


def _changes(verdict: Verdict, probability: float) -> bool:
    return decide(probability, ()) != verdict


def _smoothed(probabilities: list[float]) -> list[float]:
    """Return the mean of each bin and its neighbours."""
    padded = np.pad(np.asarray(probabilities), 1, mode="edge")
    return [float(value) for value in (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0]
