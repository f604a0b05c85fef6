"""Bootstrap standard errors: the estimates of many samples drawn from the cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.errors import InputError, SolveError
from tocsin.evidence.strategic.fit import Fit, fit
from tocsin.evidence.strategic.sample import Sample

MIN_SHARE = 0.5
"""Smallest share of the bootstrap samples that must have an estimate."""


@dataclass(frozen=True)
class Bootstrap:
    """Estimates of bootstrap samples.

    Attributes:
        estimates: (samples, coefficients) of the samples that have one.
        failed: number of samples without an estimate (separated or not identified). They are left out, so errors are too small.
        seed: of the draws.
    """

    estimates: np.ndarray
    failed: int
    seed: int

    @property
    def standard_errors(self) -> np.ndarray:
        """(coefficients,) standard deviations of the estimates."""
        return np.asarray(self.estimates.std(axis=0, ddof=1))

    def to_dict(self) -> dict[str, int]:
        """Return the number of estimates and failures and the seed."""
        return {"draws": len(self.estimates), "failed": self.failed, "seed": self.seed}


def bootstrap(
    original: Fit, draws: int, *, seed: int, progress: Callable[[int], Any] = lambda _done: None
) -> Bootstrap:
    """Fit the model to samples of cases drawn with replacement, whole clusters at a time if the specification names them.

    Args:
        original: the fit.
        draws: number of samples, at least 2.
        seed: of the draws.
        progress: called with the number of samples done.

    Raises:
        InputError: if fewer than 2 samples are requested.
        SolveError: if fewer than half of the samples have an estimate.
    """
    if draws < 2:
        raise InputError(f"{draws} bootstrap samples", remedy="use 2 or more; 200 are usual")
    rng = np.random.default_rng(seed)
    estimates = []
    for done in range(draws):
        try:
            result = fit(_resample(original.sample, rng), starts=1)
        except InputError:
            result = None
        if result is not None and result.converged:
            estimates.append(result.estimate)
        progress(done + 1)
    if len(estimates) < max(2, MIN_SHARE * draws):
        raise SolveError(
            f"only {len(estimates)} of {draws} bootstrap samples have an estimate",
            remedy="use a penalty or fewer terms",
        )
    return Bootstrap(np.array(estimates), draws - len(estimates), seed)


def _resample(sample: Sample, rng: np.random.Generator) -> Sample:
    names = np.unique(sample.groups)
    chosen = rng.choice(names, size=names.size)
    members = {name: np.flatnonzero(sample.groups == name) for name in names}
    indices = [members[name] for name in chosen]
    groups = np.repeat(np.arange(len(indices)), [len(group) for group in indices])
    return sample.take(np.concatenate(indices), groups)
