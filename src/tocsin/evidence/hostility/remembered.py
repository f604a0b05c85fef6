"""Say what a list of years of pressure lets one expect of a later year.

The list has its own definition of pressure, and its own frequency. Of the year after it, the chance is

    Beta(a m + D, a (1 - m) + E - D),

with m = (k + 1/2) / (n + 1) for k years with pressure of n. D sums 2^(-(t-1-s)/h) over the years s with pressure, E the same over all years of the
list. Strength a and half-life h are those of the filter: how long rivals remember.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tocsin.evidence.hostility.parameters import Parameters
from tocsin.intervals import POINTS

if TYPE_CHECKING:
    import numpy as np

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
        import numpy as np
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
    p = [remembered(range(span[0], year), pressure, wars, year, parameters).mean for year in years]
    happened = [year in pressure for year in years]
    distance = (sum(happened) - sum(p)) / math.sqrt(sum(one * (1.0 - one) for one in p))
    return Retrospect(sum(p) / len(p), sum(happened) / len(p), distance)
