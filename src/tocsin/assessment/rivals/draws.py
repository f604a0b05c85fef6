"""Draw chances that are stated as ranges, so that equal statements are equal in every draw and no order matters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.case.distributions import Distribution

Floats = NDArray[np.float64]
DRAWS = 1024
"""Draws of every chance. Stratified draws: the standard error of a mean probability is below half a point."""
EDGE = 1e-9
"""Chances are clipped to [EDGE, 1 - EDGE]: no draw makes an explanation impossible."""


@dataclass(frozen=True)
class Draws:
    """Draws of chances: a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979) with one dimension a statement.

    A statement is a distribution under a label. The seed, the label and the distribution alone decide its draws: two explanations with the
    same chance of an item share them, and neither names nor orders of explanations and items matter.
    """

    seed: int
    _quantiles: dict[Distribution, Floats] = field(default_factory=dict)

    def of(self, label: str, shape: Distribution) -> Floats:
        """Return the draws (DRAWS,) of a statement, in (0, 1)."""
        return np.clip(self.number(label, shape), EDGE, 1.0 - EDGE)

    def number(self, label: str, shape: Distribution) -> Floats:
        """Return the draws (DRAWS,) of a number in [0, 1], the ends included."""
        if shape not in self._quantiles:
            self._quantiles[shape] = shape.quantile((np.arange(DRAWS) + 0.5) / DRAWS)
        statement = f"{self.seed}|{label}|{shape.family}|{shape.first!r}|{shape.second!r}|{shape.low!r}|{shape.high!r}"
        digest = hashlib.sha256(statement.encode()).digest()
        order = np.random.default_rng(int.from_bytes(digest[:16], "big")).permutation(DRAWS)
        return np.asarray(self._quantiles[shape][order])
