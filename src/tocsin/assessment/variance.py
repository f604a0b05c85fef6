"""Shares of the variance of a quantity by input, from weighted worlds in which all inputs vary at once.

The worth of a set S of inputs is V(S) = Var(E[Y | X_S]) / Var(Y). It is estimated by weighted least squares on Legendre polynomials of the
inputs' quantiles: the share R^2 of the variance that the polynomials in X_S explain, adjusted for their number (Theil 1961). So inputs may
be correlated. From the worths of all sets follow

    Shapley share     sh_i = sum over S without i of |S|! (k - |S| - 1)! / k! (V(S + i) - V(S)), Owen (2014), Song, Nelson and Staum (2016)
    first order       S_i = V({i}), Sobol' (1993)
    total             T_i = V(all) - V(all but i), Homma and Saltelli (1996)

The Shapley shares sum to V(all). With linear terms alone they are the measure of Lindeman, Merenda and Gold (1980); Owen and Prieur (2017)
discuss them for correlated inputs, and Broto, Bachoc and Depecker (2020) their estimation from given data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.weighting import effective

MAX_DEGREE, DRAWS_PER_TERM = 10, 10
"""Largest total degree of the polynomials, and the fewest effective draws for each of their terms."""

RIDGE = 1e-9
"""Added to the least squares, as a share of their mean diagonal, so that they have one solution."""

RESAMPLES, PARTS, COVER = 100, 64, 0.9
"""Resamples behind an interval, the random parts of the worlds that are resampled, and the share of resamples inside the interval."""


@dataclass(frozen=True)
class Sample:
    """A quantity in weighted worlds, with the quantiles of some inputs.

    Attributes:
        points: (k, D) in [0, 1].
        values: (D,) of the quantity, finite; it varies among the worlds that have weight.
        weights: (D,), which sum to one; worlds in which the quantity is undefined have none.
        pool: weight of this sample among others of the same inputs, > 0.
        seed: of the resamples; samples in the same worlds have the same.
    """

    points: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    pool: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance of a quantity for k inputs, each (k,).

    Attributes:
        shapley: Shapley shares; they sum to `explained`.
        low, high: their intervals, at least 0.
        first, total: Sobol' indices of the first order and in total.
        explained: share of the variance that all inputs explain together.
    """

    shapley: np.ndarray
    low: np.ndarray
    high: np.ndarray
    first: np.ndarray
    total: np.ndarray
    explained: float


def variance_shares(samples: Sequence[Sample]) -> VarianceShares:
    """Return the shares of the variance of a quantity by input, pooled over samples of the same k inputs.

    The intervals come from the Bayesian bootstrap over worlds (Rubin, Annals of Statistics 9, 1981), shifted to the estimate.

    Args:
        samples: at least one.
    """
    count = len(samples[0].points)
    pools = np.array([sample.pool for sample in samples])
    worths = np.average([_worths(sample) for sample in samples], axis=0, weights=pools)
    players = tuple(str(index) for index in range(count))
    sets = coalitions(players)
    table = dict(zip(sets, worths.T, strict=True))
    shares = np.stack(list(shapley(players, table).values()))
    spread = np.quantile(shares[:, 1:], [(1 - COVER) / 2, (1 + COVER) / 2], axis=1) - np.mean(shares[:, 1:], axis=1)
    low, high = np.maximum(shares[:, 0] + spread, 0.0)
    whole = frozenset(players)
    return VarianceShares(
        shapley=shares[:, 0],
        low=low,
        high=high,
        first=np.array([table[frozenset({player})][0] for player in players]),
        total=np.array([table[whole][0] - table[whole - {player}][0] for player in players]),
        explained=float(table[whole][0]),
    )


def _worths(sample: Sample) -> np.ndarray:
    """Return V(S) by `coalitions` order: of the sample, then of each resample, (1 + RESAMPLES, 2^k)."""
    terms = _terms(len(sample.points), effective(sample.weights))
    used = np.array([[power > 0 for power in term] for term in terms])
    sets = coalitions(tuple(str(index) for index in range(len(sample.points))))
    absent = np.array([[str(index) not in group for index in range(len(sample.points))] for group in sets])
    inside = ~np.any(used[None] & absent[:, None], axis=2)
    moments, squares = _moments(
        np.vstack([np.ones_like(sample.values), _legendre(sample.points, terms), sample.values]), sample
    )
    factors = np.random.default_rng(sample.seed).standard_exponential((RESAMPLES, len(moments)))
    factors = np.vstack([np.ones(len(moments)), factors])
    totals = np.tensordot(factors, moments, axes=1)
    sizes = totals[:, 0, 0] ** 2 / (factors**2 @ squares)
    return _explained(totals, sizes, inside)


def _moments(columns: np.ndarray, sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted products of the columns (parts, columns, columns) and the squared weights (parts,), by random parts of the worlds."""
    order = np.random.default_rng(sample.seed).permutation(columns.shape[1])
    parts = np.array_split(order, min(PARTS, len(order)))
    products = [(columns[:, part] * sample.weights[part]) @ columns[:, part].T for part in parts]
    return np.stack(products), np.array([np.sum(sample.weights[part] ** 2) for part in parts])


def _explained(moments: np.ndarray, sizes: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the adjusted R^2 of the terms inside each set, (samples, sets).

    Args:
        moments: weighted products of 1, the terms and the values, (samples, terms + 2, terms + 2).
        sizes: effective number of draws, (samples,).
        inside: (sets, terms).
    """
    first = moments[:, :, :1]
    centred = (moments - first @ first.transpose(0, 2, 1) / moments[:, :1, :1])[:, 1:, 1:]
    gram, products, variance = centred[:, :-1, :-1], centred[:, :-1, -1], centred[:, -1, -1]
    ridge = RIDGE * np.trace(gram, axis1=1, axis2=2) / gram.shape[1]
    gram = gram + ridge[:, None, None] * np.eye(gram.shape[1])
    explained = np.empty((len(moments), len(inside)))
    for index, row in enumerate(inside):
        terms = np.flatnonzero(row)
        right = products[:, terms, None]
        solved = np.linalg.solve(gram[:, terms[:, None], terms], right)
        share = np.sum(right * solved, axis=(1, 2)) / variance
        explained[:, index] = 1.0 - (1.0 - share) * (sizes - 1.0) / np.maximum(sizes - len(terms) - 1.0, 1.0)
    return explained


def _terms(count: int, size: float) -> list[tuple[int, ...]]:
    """Return the powers of each term, up to the largest total degree that the effective draws carry; at least the linear ones."""
    terms = _of_degree(count, 1)
    for degree in range(2, MAX_DEGREE + 1):
        more = _of_degree(count, degree)
        if (len(terms) + len(more)) * DRAWS_PER_TERM > size:
            break
        terms += more
    return terms


def _of_degree(count: int, degree: int) -> list[tuple[int, ...]]:
    picked = combinations_with_replacement(range(count), degree)
    return [tuple(pick.count(index) for index in range(count)) for pick in picked]


def _legendre(points: np.ndarray, terms: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Return the products of shifted Legendre polynomials (terms, D), each of variance 1 for a uniform point."""
    degrees = max(map(max, terms))
    tables = np.polynomial.legendre.legvander(2.0 * points - 1.0, degrees) * np.sqrt(2.0 * np.arange(degrees + 1) + 1.0)
    rows = [np.prod([tables[index, :, power] for index, power in enumerate(term)], axis=0) for term in terms]
    return np.stack(rows)
