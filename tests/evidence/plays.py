"""Draw plays from games with known coefficients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.stats import chi2
from tests.support import seeded

from tocsin.evidence.strategic.objective import kernel_of
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
    """Return regressors x1 to x4, and the outcome 1 in each row."""
    rng = np.random.default_rng(seeded(seed))
    columns = {f"x{number}": rng.normal(size=cases) for number in range(1, 5)}
    return pl.DataFrame(columns | {"y": np.ones(cases, dtype=int)}).with_row_index(ROW, offset=1)


def with_outcomes(data: pl.DataFrame, cases: Sample) -> pl.DataFrame:
    """Return a table with the outcomes of cases of game 12."""
    return data.with_columns(pl.Series("y", [["1", "3", "4"][outcome] for outcome in cases.outcome]))


def draw(cases: Sample, coefficients: np.ndarray, *, seed: int) -> Sample:
    """Return the same cases with outcomes drawn from the model at some coefficients."""
    probabilities = np.exp(kernel_of(cases).log_probabilities(cases.predictors(coefficients)))
    edges = np.cumsum(probabilities, axis=1)
    points = np.random.default_rng(seed).uniform(size=(len(probabilities), 1)) * edges[:, -1:]
    return replace(cases, outcome=(points > edges).sum(axis=1))


def played(game: str, link: str, errors: str, *, cases: int, seed: int) -> Sample:
    """Return cases of a game whose plays are drawn at `TRUTH`."""
    text = TEXT.format(game=game, link=link, errors=errors, utilities=UTILITIES[game])
    empty = sample(read_specification(text, "spec.yaml"), table(cases, seed))
    return draw(empty, np.array(TRUTH[game]), seed=seeded(seed))


def p_value(errors: np.ndarray, covariance: np.ndarray) -> float:
    """Return the probability that normal estimates with this covariance are jointly farther from the truth than these errors."""
    return float(chi2.sf(errors @ np.linalg.solve(covariance, errors), errors.size))
