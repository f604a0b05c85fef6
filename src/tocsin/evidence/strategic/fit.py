"""Maximum likelihood, plain or penalised, by Newton's method with exact derivatives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.errors import InputError
from tocsin.evidence.strategic.likelihood import Kernel, kernel
from tocsin.evidence.strategic.penalty import Penalised, Penalty, penalise
from tocsin.evidence.strategic.sample import Sample
from tocsin.evidence.strategic.separation import separated
from tocsin.evidence.tables import left_out

MAX_STEPS = 200
CLOSE = 1e-10
"""A fit has converged where a Newton step would raise the log likelihood by no more than this."""
MAX_MOVE = 30.0
"""No step moves a predictor of a case by more: beyond that the quadratic says little."""
STARTS, MORE_STARTS = 3, 10
FAR, FLAT = 10.0, 1e-3
"""Moved so far along a direction, a likelihood with a maximum has fallen by more than this."""


@dataclass(frozen=True)
class Fit:
    """An estimate.

    Attributes:
        sample: the cases.
        estimate: (coefficients,) in the order of `sample.names`.
        covariance: (coefficients, coefficients): the inverse of the curvature, or with clusters the sandwich.
        loglik: logarithm of the likelihood, the penalty included where there is one.
        converged: whether it is a maximum.
        warnings: what the reader must know, separation above all.
        seconds: what the search took; compiling: what came before it, once for a game and a size.
    """

    sample: Sample
    estimate: np.ndarray
    covariance: np.ndarray
    loglik: float
    converged: bool
    warnings: tuple[str, ...]
    seconds: float
    compiling: float

    @property
    def standard_errors(self) -> np.ndarray:
        """(coefficients,) square roots of the variances; nan where one is not positive."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diag(self.covariance))

    def log_probabilities(self, of: Sample | None = None) -> np.ndarray:
        """(cases, outcomes) of the sample's cases, or of another's."""
        cases = of or self.sample
        return kernel_of(cases).logs(cases.predictors(self.estimate))


def kernel_of(sample: Sample) -> Kernel:
    """The compiled derivatives for a sample's predictors."""
    given = sample.specification
    return kernel(given.game, given.link, given.errors, sample.utilities, sample.spreads, tuple(given.fixed.items()))


@dataclass(frozen=True)
class Hill:
    """The log likelihood and penalty as a function of the coefficients."""

    sample: Sample
    kernel: Kernel
    penalty: Penalty

    def __call__(self, at: np.ndarray) -> float:
        """Its height."""
        logs = self.logs(at)
        return float(logs[np.arange(len(logs)), self.sample.outcome].sum()) + self._penalty(at).value

    def logs(self, at: np.ndarray) -> np.ndarray:
        """(cases, outcomes) logarithms of the probabilities."""
        return self.kernel.logs(self.sample.predictors(at))

    def derivatives(self, at: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        """Height, (coefficients,) slope, (coefficients, coefficients) curvature, (cases, coefficients) scores of the cases."""
        sample = self.sample
        value, slope, curve = self.kernel.slopes(sample.predictors(at), sample.outcome)
        scores = sample.matrix * slope[:, sample.predictor]
        size = sample.matrix.shape[1]
        curvature = np.empty((size, size))
        for one in range(len(sample.designs)):
            for two in range(one + 1):
                rows, columns = sample.predictor == one, sample.predictor == two
                block = (sample.matrix[:, rows] * curve[:, one, two, None]).T @ sample.matrix[:, columns]
                curvature[np.ix_(rows, columns)] = block
                curvature[np.ix_(columns, rows)] = block.T
        extra = self._penalty(at)
        return (
            float(value.sum()) + extra.value,
            scores.sum(axis=0) + extra.slope,
            curvature + np.diag(extra.curvature),
            scores,
        )

    def _penalty(self, at: np.ndarray) -> Penalised:
        return penalise(self.penalty, at, self.sample.constant)

    def reach(self, direction: np.ndarray) -> float:
        """By how much a step changes the predictor of a case most."""
        return float(np.abs(self.sample.predictors(direction)).max())


def fit(sample: Sample, *, starts: int = STARTS, seed: int = 0) -> Fit:
    """The most likely coefficients.

    Args:
        sample: the cases.
        starts: searches begun: one at 0, the others nearby at random, since the likelihood of a game may have several tops.
        seed: of the starts.

    Raises:
        InputError: if there are fewer cases than coefficients, or some of these are not identified.
    """
    cases, size = sample.matrix.shape
    if cases < size:
        raise InputError(f"{size} coefficients for {cases} cases", remedy="use simpler formulas or more cases")
    begun = time.perf_counter()
    hill = Hill(sample, kernel_of(sample), sample.specification.penalty)
    lengths = np.sqrt((sample.matrix**2).mean(axis=0))
    drawn = np.random.default_rng(seed).normal(size=(starts, size)) * 0.5 / lengths
    drawn[0] = 0.0
    hill(drawn[0])
    _identified(hill, drawn[-1] if starts > 1 else 0.1 / lengths)
    ready = time.perf_counter()
    top, said = _highest(hill, drawn, lengths, seed)
    covariance = _covariance(hill, top)
    done = time.perf_counter()
    return Fit(sample, top.at, covariance, top.height, top.still, (*_notes(sample), *said), done - ready, ready - begun)


def _highest(hill: Hill, drawn: np.ndarray, lengths: np.ndarray, seed: int) -> tuple[Top, list[str]]:
    """The highest place that the searches reach, and what is to be said of it; not `still` where the likelihood has no maximum."""
    sample = hill.sample
    top = max((climb(hill, start) for start in drawn), key=lambda each: each.height)
    if hill.penalty == "none" and any(separated(sample, hill.logs(top.at))):
        # the likelihood of separated data has many tops
        more = np.random.default_rng(seed + 1).normal(size=(MORE_STARTS, lengths.size)) * 0.5 / lengths
        top = max([top, *(climb(hill, start) for start in more)], key=lambda each: each.height)
        said = [*separated(sample, hill.logs(top.at)), "use a penalty against it, such as `penalty: logF`"]
        if _rises(hill, top):
            ending = "the likelihood has no maximum: it rises on and on as estimates grow"
            return Top(top.at, top.height, False), [*said, ending]
    else:
        said = []
    if not top.still:
        said.append(f"not converged: after {MAX_STEPS} steps the likelihood still rises")
    return top, said


@dataclass(frozen=True)
class Top:
    """Where a search ended, and whether the hill is level and falls off on all sides there."""

    at: np.ndarray
    height: float
    still: bool


def climb(hill: Hill, start: np.ndarray) -> Top:
    """Newton's method with line search; where the hill is not concave its curvature is turned."""
    at = start
    height, slope, curvature, _ = hill.derivatives(at)
    for _ in range(MAX_STEPS):
        step, gain, concave = _newton(slope, curvature)
        if gain < CLOSE and concave:
            return Top(at, height, True)
        step *= min(1.0, MAX_MOVE / max(hill.reach(step), 1e-300))
        share = 1.0
        there = hill.derivatives(at + step)
        while not there[0] >= height + 1e-4 * share * float(slope @ step):
            share /= 2.0
            if share < 1e-12:
                # no higher place can be told from this one with the digits there are
                return Top(at, height, gain < 1e-6 and concave)
            there = hill.derivatives(at + share * step)
        at = at + share * step
        height, slope, curvature, _ = there
    return Top(at, height, False)


def _newton(slope: np.ndarray, curvature: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """The step, by how much it would raise a quadratic hill, and whether the hill is concave here."""
    scale = _scale(curvature)
    bends, axes = np.linalg.eigh(-curvature * np.outer(scale, scale))
    along = axes.T @ (scale * slope) / np.maximum(np.abs(bends), 1e-12 * np.abs(bends).max())
    step = scale * (axes @ along)
    return step, 0.5 * float(slope @ step), bool(bends[0] > -1e-9)


def _scale(curvature: np.ndarray) -> np.ndarray:
    """(coefficients,) units in which each bends by one."""
    return 1.0 / np.sqrt(np.maximum(np.abs(np.diag(curvature)), 1e-100))


def _covariance(hill: Hill, top: Top) -> np.ndarray:
    """The inverse of the curvature of the likelihood itself, also at a penalised estimate, as is usual; with clusters the sandwich."""
    _, _, curvature, scores = Hill(hill.sample, hill.kernel, "none").derivatives(top.at)
    scale = _scale(curvature)
    inverse = np.linalg.pinv(-curvature * np.outer(scale, scale), rcond=1e-14, hermitian=True) * np.outer(scale, scale)
    if not hill.sample.specification.cluster:
        return inverse
    groups = hill.sample.groups
    found = np.unique(groups)
    sums = np.array([scores[groups == each].sum(axis=0) for each in found])
    return inverse @ (sums.T @ sums) @ inverse * found.size / (found.size - 1)


def _identified(hill: Hill, at: np.ndarray) -> None:
    """Refuses coefficients that can be moved together without changing any probability: whose effects on all of them, at a place
    chosen at random, depend on each other."""
    sample = hill.sample
    predictors = sample.predictors(at)
    products = np.zeros((at.size, at.size))
    for outcome in range(len(sample.specification.game.outcomes)):
        _, slope, _ = hill.kernel.slopes(predictors, np.full(len(predictors), outcome))
        effects = sample.matrix * slope[:, sample.predictor]
        products += effects.T @ effects
    scale = 1.0 / np.sqrt(np.maximum(np.diag(products), 1e-100))
    sizes, axes = np.linalg.eigh(products * np.outer(scale, scale))
    if sizes[0] < 1e-10 * sizes[-1]:
        raise InputError(
            f"not identified: {_named(hill, scale * axes[:, 0])} can be moved together without changing any probability",
            remedy="leave one of them out, or hold a utility at a number with `fixed`",
        )


def _rises(hill: Hill, top: Top) -> bool:
    """Whether far away along some direction the likelihood is no lower."""
    _, slope, curvature, _ = hill.derivatives(top.at)
    scale = _scale(curvature)
    _, axes = np.linalg.eigh(-curvature * np.outer(scale, scale))
    for direction in (*(scale * axes.T), top.at, _newton(slope, curvature)[0]):
        step = FAR / max(hill.reach(direction), 1e-300) * direction
        if max(hill(top.at + step), hill(top.at - step)) > top.height - FLAT:
            return True
    return False


def _named(hill: Hill, direction: np.ndarray) -> str:
    size = np.abs(direction) * np.sqrt((hill.sample.matrix**2).mean(axis=0))
    names = [f"{name}:{term}" for name, term in hill.sample.names]
    return ", ".join(name for name, each in zip(names, size, strict=True) if each > 0.1 * size.max())


def _notes(sample: Sample) -> Iterator[str]:
    """What was left out, and what was guessed."""
    yield from left_out(sample.missing)
    if sample.coding:
        said = ", ".join(f"{theirs} is {ours}" for theirs, ours in sample.coding.items())
        yield f"outcomes taken in the order in which they first appear: {said}"
