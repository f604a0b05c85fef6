"""Say what past years let one expect of a chance of pressure within a year.

Of a pair whose disputes are known, the filter expects a mixture of gammas (`filter`): given its parameters the yearly rate is gamma
distributed, and draws of the parameters make an equal mixture. The chance of at least one dispute in a year is c = 1 - exp(-rate).

A list of years of pressure has its own definition of pressure, and its own frequency. Of the year after it, the chance is

    Beta(a m + D, a (1 - m) + E - D),

with m = (k + 1/2) / (n + 1) for k years with pressure of n. D sums 2^(-(t-1-s)/h) over the years s with pressure, E the same over all years of the
list. Strength a and half-life h are those of the filter: how long rivals remember.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tocsin.evidence.hostility.filter import Parameters
from tocsin.intervals import POINTS

FINEST = 1e-9
"""Smallest distance of a chance from 0 and from 1 at which a density is read."""


class Expected(Protocol):
    """The distribution of a chance."""

    @property
    def mean(self) -> float:
        """Return the expected chance."""

    @property
    def band(self) -> tuple[float, float, float]:
        """Return the 5, 50 and 95 % points of the chance."""

    def log_density(self, chances: np.ndarray) -> np.ndarray:
        """Return the log density (D,) of the log odds of the chance, at chances (D,) in [0, 1]."""


@dataclass(frozen=True)
class Rates:
    """The distribution of the chance of a pair whose disputes are known.

    Attributes:
        shapes, rates: (M,) those of the gammas in the mixture, above 0; the rates are in years.
    """

    shapes: np.ndarray
    rates: np.ndarray

    @property
    def mean(self) -> float:
        """Return the expected chance: the mean of `filter.chance` over the parameters."""
        return float(np.mean(-np.expm1(-self.shapes * np.log1p(1.0 / self.rates))))

    def log_density(self, chances: np.ndarray) -> np.ndarray:
        """Return the log density (D,) of the log odds of the chance, at chances (D,) in [0, 1].

        With c = 1 - exp(-r), dr / dlogit(c) = c, so that the density of the log odds is c times that of the rate r.
        """
        from scipy.special import gammaln

        c = np.clip(chances, FINEST, 1.0 - FINEST)
        rate = -np.log1p(-c)
        constants = self.shapes * np.log(self.rates) - gammaln(self.shapes) - np.log(len(self.shapes))
        total = np.full(c.shape, -np.inf)
        for shape, inverse, constant in zip(self.shapes, self.rates, constants, strict=True):
            total = np.logaddexp(total, constant + (shape - 1.0) * np.log(rate) - inverse * rate)
        return np.asarray(total + np.log(c))

    def quantile(self, probability: float) -> float:
        """Return a quantile of the chance, at a probability between 0 and 1."""
        from scipy.optimize import brentq
        from scipy.special import gammainc

        def excess(log_rate: float) -> float:
            return float(np.mean(gammainc(self.shapes, self.rates * np.exp(log_rate)))) - probability

        return float(-np.expm1(-np.exp(brentq(excess, -700.0, 7.0))))

    @property
    def band(self) -> tuple[float, float, float]:
        """Return the 5, 50 and 95 % points of the chance."""
        low, middle, high = (self.quantile(point) for point in POINTS)
        return low, middle, high


@dataclass(frozen=True)
class Remembered:
    """The distribution of the chance after a list of years: Beta(pressure, quiet).

    Attributes:
        pressure, quiet: remembered years with pressure and without, above 0.
    """

    pressure: float
    quiet: float

    @property
    def mean(self) -> float:
        """Return the expected chance."""
        return self.pressure / (self.pressure + self.quiet)

    @property
    def band(self) -> tuple[float, float, float]:
        """Return the 5, 50 and 95 % points of the chance."""
        from scipy.special import betaincinv

        low, middle, high = (float(point) for point in betaincinv(self.pressure, self.quiet, POINTS))
        return low, middle, high

    def log_density(self, chances: np.ndarray) -> np.ndarray:
        """Return the log density (D,) of the log odds of the chance, at chances (D,) in [0, 1]: c (1 - c) times that of c."""
        from scipy.special import betaln

        c = np.clip(chances, FINEST, 1.0 - FINEST)
        return np.asarray(self.pressure * np.log(c) + self.quiet * np.log1p(-c) - betaln(self.pressure, self.quiet))


def remembered(
    span: range, pressure: Collection[int], wars: Collection[int], year: int, parameters: Parameters
) -> Remembered:
    """Return what a list of years lets one expect of a later year.

    Args:
        span: the years that the list covers, at least one.
        pressure, wars: its years of pressure, and of war, in which pressure was not possible.
        year: a year after the list; the years between are not covered, so what was known fades.
        parameters: of the filter; only its strength and half-life count.
    """
    possible = [one for one in span if one not in wars]
    weights = {one: 2.0 ** (-(year - 1 - one) / parameters.half_life) for one in possible}
    share = (sum(one in pressure for one in possible) + 0.5) / (len(possible) + 1.0)
    strength, recent = float(parameters.strength), sum(weight for one, weight in weights.items() if one in pressure)
    return Remembered(strength * share + recent, strength * (1.0 - share) + sum(weights.values()) - recent)


@dataclass(frozen=True)
class Retrospect:
    """How often the rule would have expected pressure in the years of a list, each from the years before it, and how often it came.

    Attributes:
        expected, recorded: shares of these years, in [0, 1].
        distance: the recorded share minus the expected one, in standard errors of a rule that is right.
    """

    expected: float
    recorded: float
    distance: float

    @property
    def fails(self) -> bool:
        """Return whether a rule that is right would hardly ever be as far off: once in a hundred lists."""
        return abs(self.distance) > FAR


FAR = 2.576
"""The two-sided 1 % point of the normal distribution."""


def retrospect(
    span: range, pressure: Collection[int], wars: Collection[int], parameters: Parameters
) -> Retrospect | None:
    """Return how the rule fares on the years of a list after its first that saw no war; None if there are none.

    Given the years before, a year's surprise y - p has mean 0 and variance p (1 - p) under the rule, and surprises do not correlate.
    """
    years = [year for year in span[1:] if year not in wars]
    if not years:
        return None
    p = np.array([remembered(range(span[0], year), pressure, wars, year, parameters).mean for year in years])
    happened = np.array([year in pressure for year in years])
    distance = float(np.sum(happened - p) / np.sqrt(np.sum(p * (1.0 - p))))
    return Retrospect(float(p.mean()), float(happened.mean()), distance)
