"""Foresee what moves of beliefs make of a claim, from the worlds that are solved already.

In each world the margin of a comparison moves by what a fit to all worlds says: a sum over beliefs of a straight and a curved term in the
belief's quantile, by ridge regression (Hoerl and Kennard, Technometrics 12, 1970). Each world keeps its own distance from the fit. This says
which ends of ranges are worth solving; nothing is reported from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.leaves import margins, scales_of, squashed, truth
from tocsin.assessment.moved import SAMPLE, OpenTests, Seen, Trials
from tocsin.assessment.requests import Theatres
from tocsin.assessment.situations import central_models

if TYPE_CHECKING:
    from tocsin.assessment.judging import Judge
    from tocsin.case.compiled import Test

RIDGE = 0.3
"""Added to the variance of each term, times the number of terms over the effective number of draws."""


@dataclass(frozen=True)
class Regression:
    """Fits values over worlds by beliefs.

    Attributes:
        points: belief -> its quantiles (D,) in [0, 1]; those that vary.
        weights: (D,), which sum to one.
    """

    points: Mapping[str, np.ndarray]
    weights: np.ndarray

    @cached_property
    def _terms(self) -> np.ndarray:
        return np.stack([_terms(quantiles) for quantiles in self.points.values()])

    @cached_property
    def _inverse(self) -> np.ndarray:
        """Return the matrix (terms, D) that turns deviations of values from their mean into factors of the terms."""
        flat = self._terms.reshape(-1, len(self.weights))
        flat = flat - (flat @ self.weights)[:, None]
        ridge = RIDGE * len(flat) * float(np.sum(self.weights**2))
        gram = (flat * self.weights) @ flat.T + ridge * np.eye(len(flat))
        return np.asarray(np.linalg.solve(gram, flat * self.weights))

    def fit(self, values: np.ndarray) -> np.ndarray:
        """Return the factors (beliefs, 2) of the terms; a value that is undefined counts as the mean."""
        known = np.isfinite(values) & (self.weights > 0.0)
        if not self.points or not known.any():
            return np.zeros((len(self.points), 2))
        mean = np.average(values[known], weights=self.weights[known])
        return (self._inverse @ np.where(known, values - mean, 0.0)).reshape(-1, 2)

    def change(self, factors: np.ndarray, quantiles: Mapping[str, float]) -> np.ndarray:
        """Return by how much fitted values change (D,) with some beliefs at these quantiles in all worlds."""
        total = np.zeros(len(self.weights))
        for index, name in enumerate(self.points):
            if name in quantiles:
                there = _terms(np.array([quantiles[name]]))
                total = total + factors[index] @ (there - self._terms[index])
        return total


def _terms(quantiles: np.ndarray) -> np.ndarray:
    """Return the first two Legendre polynomials (2, D) of quantiles, each of variance 1."""
    line = 2.0 * quantiles - 1.0
    return np.stack([np.sqrt(3.0) * line, np.sqrt(5.0) * (1.5 * line**2 - 0.5)])


Regressions = dict[tuple[Theatres, tuple[str, ...]], Regression]
"""Regressions on the beliefs that some tests read, for the claims that share them."""


@dataclass(frozen=True)
class _Fitted:
    """The comparisons of a test in the worlds of one type: their margins between -1 and 1 (comparisons, D), and the factors of their fits."""

    values: np.ndarray
    factors: tuple[np.ndarray, ...]


class Foresight:
    """Foresees where the open tests of a claim hold with beliefs moved, in all worlds of the ensemble."""

    def __init__(self, judge: Judge, trials: Trials, open_tests: OpenTests, known: Regressions) -> None:
        """Fit the tests that read a game; the others are read as they are. New regressions are added to the known ones."""
        self._judge, self._trials, self._open_tests = judge, trials, open_tests
        self._theatres = dict.fromkeys(open_tests.tests, SAMPLE)
        self._by: dict[Theatres, Regression] = {}
        self._fits: dict[tuple[str, str], _Fitted] = {}
        for theatres, tests in trials.by_theatres(open_tests).items():
            self._theatres |= dict.fromkeys(tests, theatres)
            self._by[theatres] = self._regression(theatres, tests, known)
            for part, test in tests.items():
                self._fit(theatres, part, test)

    def _regression(self, theatres: Theatres, tests: Mapping[str, Test], known: Regressions) -> Regression:
        ensemble, case = self._judge.central[theatres], self._judge.case
        names = tuple(sorted(frozenset[str]().union(*map(self._judge.reads.of, tests.values()))))
        if (theatres, names) not in known:
            points = {name: ensemble.worlds.points[name] for name in names if not case.distributions[name].is_certain}
            weights = np.mean([ensemble.weight(kind) for kind in case.types], axis=0)
            known[theatres, names] = Regression(points, weights)
        return known[theatres, names]

    def _fit(self, theatres: Theatres, part: str, test: Test) -> None:
        ensemble, case = self._judge.central[theatres], self._judge.case
        for model in central_models(case):
            weights = ensemble.weight(model.type)
            evaluator = Evaluator(case, ensemble.reader(model), weights, test.central)
            read = margins(test, evaluator)
            values = read if test.chance else squashed(read, scales_of(read))
            self._fits[part, model.type] = _Fitted(values, tuple(map(self._by[theatres].fit, values)))

    def strongest(self, ends: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return ends of ranges, each a belief and a quantile, those first that move the mean of some comparison most."""
        return sorted(ends, key=lambda end: -max(self._mean_changes(*end)))

    def _mean_changes(self, name: str, point: float) -> Iterator[float]:
        there = _terms(np.array([point]))[:, 0]
        for (part, _), fitted in self._fits.items():
            names = list(self._by[self._theatres[part]].points)
            for factors in fitted.factors:
                yield abs(float(factors[names.index(name)] @ there)) if name in names else 0.0

    def seen(self, quantiles: Mapping[str, float]) -> dict[str, Seen]:
        """Return where the tests seem to hold, by type, with some beliefs at these quantiles; without any, where they do hold."""
        beliefs = self._judge.case.distributions
        moves = {name: float(beliefs[name].quantile(point)) for name, point in quantiles.items()}
        kinds = [model.type for model in central_models(self._judge.case)]
        return {kind: self._of_type(kind, quantiles, moves) for kind in kinds}

    def _of_type(self, kind: str, quantiles: Mapping[str, float], moves: Mapping[str, float]) -> Seen:
        rows = {}
        for part, test in self._open_tests.tests.items():
            theatres = self._theatres[part]
            if theatres == SAMPLE:
                read = self._trials.estimated(test, moves)
                weights = np.full(read[0].shape, 1.0 / read[0].size)
            else:
                weights = self._judge.central[theatres].weight(kind)
                fitted = self._fits[part, kind]
                changes = [self._by[theatres].change(factors, quantiles) for factors in fitted.factors]
                values = fitted.values + np.stack(changes)
                read = truth(test, values), values
            rows[part] = read, weights, theatres
        return Seen.of(rows)
