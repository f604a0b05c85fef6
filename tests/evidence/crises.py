"""A table of 24 plays of game 12 and specifications for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tocsin import evidence
from tocsin.evidence import StrategicResult

OUTCOMES = [1, 3, 4, 4, 3, 1, 3, 4, 4, 3, 1, 4, 1, 3, 4, 1, 3, 4, 3, 4, 1, 3, 3, 4]
X = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]
REGIONS = list("ABCABCABCABCABCABCABCABC")
INDEX = np.searchsorted([1, 3, 4], OUTCOMES)
"""The outcomes as indices."""


def crises(**columns: Any) -> pl.DataFrame:
    """Return the table with columns o, x and g, and with others added or in their place."""
    return pl.DataFrame({"o": OUTCOMES, "x": X, "g": REGIONS} | columns)


def text(formula: str = "x", **keys: str) -> str:
    """Return a specification in which a formula gives player 2's utility of fighting, and player 1's is constant."""
    more = "".join(f"\n{key}: {value}" for key, value in keys.items())
    return f"game: 12\nlink: probit\nerrors: agent\noutcome: o\nutilities: ['0', '0', '1', '{formula}']{more}\n"


def fitted(specification: str, data: pl.DataFrame, **options: Any) -> StrategicResult:
    """Return the estimate of a strategic model."""
    result = evidence.fit(specification, data, **options)
    assert isinstance(result, StrategicResult)
    return result
