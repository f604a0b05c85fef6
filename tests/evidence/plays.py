"""Plays drawn from games whose coefficients are known."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import chi2
from tests.support import seeded

from tocsin.evidence.strategic.effects import draw
from tocsin.evidence.strategic.sample import Sample, sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import ROW

TEXT = """
game: {game}
link: {link}
errors: {errors}
outcome: y
utilities: {utilities}
"""
UTILITIES = {
    "12": ["x1", "0", "x2", "x3 + x4"],
    "122": ["x1", "0", "x2 - 1", "0", "x3", "x4"],
    "123": ["x1", "0", "0", "x2", "0", "0", "x3", "x4"],
}
TRUTH = {
    "12": [0.5, -1.0, 0.3, 1.0, -0.2, 1.5, -0.8],
    "122": [0.5, -1.0, 1.0, 0.3, 1.2, -0.2, 0.8],
    "123": [0.5, -1.0, 0.3, 1.0, 0.2, 1.5, -0.4, 0.8],
}


def table(cases: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seeded(seed))
    columns = {f"x{at}": rng.normal(size=cases) for at in range(1, 5)}
    return pl.DataFrame(columns | {"y": np.ones(cases, dtype=int)}).with_row_index(ROW, offset=1)


def played(game: str, link: str, errors: str, *, cases: int, seed: int, extra: str = "") -> Sample:
    """Cases of a game with plays drawn at `TRUTH`."""
    text = TEXT.format(game=game, link=link, errors=errors, utilities=UTILITIES[game]) + extra
    empty = sample(read_specification(text, "spec.yaml"), table(cases, seed))
    return draw(empty, np.array(TRUTH[game]), seed=seeded(seed))


def chance_of(away: np.ndarray, covariance: np.ndarray) -> float:
    """The chance that normal estimates with this covariance lie farther from the truth, all together, than these did."""
    return float(chi2.sf(away @ np.linalg.solve(covariance, away), away.size))
