"""Say what the disputes of a pair let one expect of its chance of pressure within a year.

The filter expects a mixture of gammas (`filter`): given its parameters the yearly rate is gamma distributed, and draws of the parameters
make an equal mixture. The chance of at least one dispute in a year is c = 1 - exp(-rate). `remembered` has the chance of a case's own list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.evidence.hostility.remembered import FINEST
from tocsin.intervals import POINTS


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
