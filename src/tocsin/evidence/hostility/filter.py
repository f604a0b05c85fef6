"""Turn a weighted record into the rate of disputes and the chance of one within the year, in closed form.

The rate at which A begins disputes with B is gamma distributed, with shape a mu + w1 D_AB + w2 D_BA + w3 D_going and rate a + E. The D are sums
over earlier years, see `Sums`, and E is the sum of the years covered. So the mean is

    lambda = (a mu + w1 D_AB + w2 D_BA + w3 D_going) / (a + E).

A pair without a record has the mean mu. A year that the data do not cover adds to neither D nor E, so what was known fades and the rate
returns to mu. If disputes are Poisson, the chance of at least one within a year is 1 - ((a + E) / (a + E + 1)) ** shape.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tocsin.evidence.hostility.parameters import Parameters


class Sums(NamedTuple):
    """Weighted sums over the years before a year; arrays of one shape.

    Attributes:
        began: of years in which the challenger began a dispute with the target.
        against: of years in which the target began one with the challenger.
        going: of years in which a dispute between them went on, whoever began it.
        covered: of years in which both were states and the data say what happened.
    """

    began: np.ndarray
    against: np.ndarray
    going: np.ndarray
    covered: np.ndarray

    def at(self, rows: np.ndarray, columns: np.ndarray) -> Sums:
        """Return the sums of pairs, by row, in years, by column; see `Record.rows`."""
        return Sums(*(values[rows, columns] for values in self))


def gamma(sums: Sums, parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Return shape and rate of the distribution of the yearly rate of disputes."""
    shape = (
        parameters.strength * parameters.mean
        + parameters.began * sums.began
        + parameters.against * sums.against
        + parameters.going * sums.going
    )
    return shape, parameters.strength + sums.covered


def chance(sums: Sums, parameters: Parameters) -> np.ndarray:
    """Return the probability that the challenger begins a dispute within the year."""
    shape, rate = gamma(sums, parameters)
    return np.asarray(-np.expm1(-shape * np.log1p(1.0 / rate)))
