"""Errors by the bootstrap: the estimate of many samples drawn from the cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tocsin.errors import InputError, SolveError
from tocsin.evidence.strategic.fit import Fit, fit
from tocsin.evidence.strategic.sample import Sample

LEAST = 0.5
"""Share of the drawn samples that must have an estimate."""


@dataclass(frozen=True)
class Bootstrap:
    """Estimates of drawn samples.

    Attributes:
        estimates: (samples, coefficients) of those that have one.
        failed: how many have none, separated or not identified; they are left out, which makes the errors too small.
        seed: of the drawing.
    """

    estimates: np.ndarray
    failed: int
    seed: int

    @property
    def standard_errors(self) -> np.ndarray:
        """(coefficients,) standard deviations of the estimates."""
        return np.asarray(self.estimates.std(axis=0, ddof=1))


def bootstrap(found: Fit, draws: int, *, seed: int, each: Callable[[int], None] = lambda _: None) -> Bootstrap:
    """Fit again to samples of cases drawn with replacement, whole clusters at a time where the specification has them.

    Args:
        found: the fit.
        draws: samples, at least 2.
        seed: of the drawing.
        each: called with the number of samples done.

    Raises:
        SolveError: if fewer than half of the samples have an estimate.
    """
    if draws < 2:
        raise InputError(f"{draws} bootstrap samples", remedy="ask for 2 or more; 200 are usual")
    rng = np.random.default_rng(seed)
    estimates = []
    for done in range(draws):
        try:
            again = fit(_drawn(found.sample, rng), starts=1)
        except InputError:
            again = None
        if again is not None and again.converged:
            estimates.append(again.estimate)
        each(done + 1)
    if len(estimates) < max(2, LEAST * draws):
        raise SolveError(
            f"only {len(estimates)} of {draws} drawn samples have an estimate; use a penalty or fewer terms"
        )
    return Bootstrap(np.array(estimates), draws - len(estimates), seed)


def _drawn(sample: Sample, rng: np.random.Generator) -> Sample:
    names = np.unique(sample.groups)
    chosen = rng.choice(names, size=names.size)
    members = {name: np.flatnonzero(sample.groups == name) for name in names}
    places = [members[name] for name in chosen]
    groups = np.repeat(np.arange(len(places)), [len(each) for each in places])
    return sample.taken(np.concatenate(places), groups)
