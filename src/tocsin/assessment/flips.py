"""What would turn a verdict: the least move of one input that does, found in the ensemble and solved again."""

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
    """A move of one input that seems to turn a claim's verdict."""

    claim: str
    input: str
    quantile: float
    start: float
    to: float

    def flip(self) -> Flip:
        """As reported."""
        return Flip(input=self.input, start=self.start, to=self.to, quantile=self.quantile)


def candidate(
    result: ClaimResult,
    beliefs: Mapping[str, Distribution],
    local: Callable[[str, float, float], float],
) -> Candidate | None:
    """The least move, from the median, of one of the claim's drivers that turns its verdict.

    Args:
        result: a claim decided by the model, with its drivers.
        beliefs: input -> distribution.
        local: (input, low, high) -> pooled probability of the claim in the worlds whose quantile of the input lies
            in [low, high).

    Returns:
        The candidate nearest to the median, or `None` if no bin of any driver turns the verdict.
    """
    found: list[Candidate] = []
    for driver in result.drivers:
        if driver.input not in beliefs:
            continue
        chances = _smoothed([local(driver.input, at / BINS, (at + 1) / BINS) for at in range(BINS)])
        middle = [(at + 0.5) / BINS for at in range(BINS)]
        turned = [q for q, chance in zip(middle, chances, strict=True) if _turns(result.verdict, chance)]
        if turned:
            nearest = min(turned, key=lambda q: abs(q - 0.5))
            start, to = beliefs[driver.input].quantile(np.array([0.5, nearest]))
            found.append(Candidate(result.id, driver.input, nearest, float(start), float(to)))
    return min(found, key=lambda option: abs(option.quantile - 0.5), default=None)


def _turns(verdict: Verdict, chance: float) -> bool:
    return decide(chance, ()) != verdict


def _smoothed(chances: list[float]) -> list[float]:
    """Mean of each bin and its neighbours."""
    padded = np.pad(np.asarray(chances), 1, mode="edge")
    return [float(value) for value in (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0]
