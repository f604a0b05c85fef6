"""Say what the filter lets one expect of a chance of pressure within a year, with what is not known of the rate and of the parameters.

Given the parameters, the yearly rate is gamma distributed (`filter`). Draws of the parameters make an equal mixture of such gammas. The chance
of at least one dispute in a year is c = 1 - exp(-rate).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from tocsin.evidence.hostility.filter import Parameters, Sums, chance

FINEST = 1e-9
"""Smallest distance of a chance from 0 and from 1 at which a density is read."""


@dataclass(frozen=True)
class Expected:
    """The distribution of a yearly rate and of the chance that it implies.

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
        return self.quantile(0.05), self.quantile(0.5), self.quantile(0.95)


def sums_of_years(
    span: range, pressure: Collection[int], wars: Collection[int], year: int, *, half_life: float
) -> Sums:
    """Return the sums of a record of years at 1 January of a later year.

    The challenger began a dispute in each year of pressure. A dispute went on in these years and in those of war. What the target began is
    not known and counts 0.

    Args:
        span: the years that the record covers.
        pressure, wars: its years of pressure and of war.
        year: a year after the record; the years between are not covered, so what was known fades.
        half_life: in years.
    """

    def total(years: Collection[int]) -> float:
        return sum(2.0 ** (-(year - 1 - one) / half_life) for one in years)

    going = total({*pressure, *wars})
    return Sums(*map(np.array, (total(pressure), 0.0, going, total(span))))


@dataclass(frozen=True)
class Retrospect:
    """How often the filter would have expected pressure in the years of a record, each from the years before it, and how often it came.

    Attributes:
        expected, recorded: shares of these years, in [0, 1].
        distance: the recorded share minus the expected one, in standard errors of a filter that is right.
    """

    expected: float
    recorded: float
    distance: float

    @property
    def fails(self) -> bool:
        """Return whether a filter that is right would hardly ever be as far off: once in a hundred records."""
        return abs(self.distance) > FAR


FAR = 2.576
"""The two-sided 1 % point of the normal distribution."""


def retrospect(
    span: range, pressure: Collection[int], wars: Collection[int], parameters: Parameters
) -> Retrospect | None:
    """Return how the filter fares on the years of a record after its first that saw no war; None if there are none.

    Given the years before, a year's surprise y - p has mean 0 and variance p (1 - p) under the filter, and surprises do not correlate.
    """
    years = [year for year in span[1:] if year not in wars]
    if not years:
        return None
    chances = []
    for year in years:
        before, fought = ([one for one in marked if one < year] for marked in (pressure, wars))
        sums = sums_of_years(range(span[0], year), before, fought, year, half_life=parameters.half_life)
        chances.append(float(chance(sums, parameters)))
    p, happened = np.array(chances), np.array([year in pressure for year in years])
    distance = float(np.sum(happened - p) / np.sqrt(np.sum(p * (1.0 - p))))
    return Retrospect(float(p.mean()), float(happened.mean()), distance)
