"""The parts that estimates of all games share: coefficients with their errors, warnings, and what an estimate rests on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.tables import significant, text_table

MAX_WARNING = 300
"""Characters of a warning that a summary prints."""


@dataclass(frozen=True)
class Provenance:
    """What an estimate rests on.

    Attributes:
        specification: text of the specification.
        file: name of the data file, and sha256: its hash; None if the data was a frame.
        made: day of the estimate.
        version: of the program.
        seed: of the search, the bootstrap and the chains.
    """

    specification: str
    file: str | None
    sha256: str | None
    made: date
    version: str
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "specification": self.specification,
            "data": {"file": self.file, "sha256": self.sha256},
            "made": self.made.isoformat(),
            "version": self.version,
            "seed": self.seed,
        }


@dataclass(frozen=True, kw_only=True)
class Estimate(ABC):
    """Coefficients of a model and how certain they are.

    Attributes:
        estimate: (coefficients,) values in the order of `names`.
        covariance: (coefficients, coefficients).
        loglik: log likelihood at the estimate.
        converged: whether the search stopped at a maximum.
        warnings: what a reader must know before using the numbers.
        seconds: duration of the search.
    """

    estimate: np.ndarray
    covariance: np.ndarray
    loglik: float
    converged: bool
    warnings: tuple[str, ...]
    seconds: float

    @property
    @abstractmethod
    def names(self) -> tuple[tuple[str, str], ...]:
        """Utility and term of each coefficient."""

    @property
    def standard_errors(self) -> np.ndarray:
        """(coefficients,) square roots of the variances; NaN where a variance is negative."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diag(self.covariance))

    def coefficient_rows(self) -> list[dict[str, Any]]:
        """Return utility, term, estimate and standard error of each coefficient, ready for JSON."""
        return [
            {"utility": utility, "term": term, "estimate": float(value), "se": finite(error)}
            for (utility, term), value, error in zip(self.names, self.estimate, self.standard_errors, strict=True)
        ]

    def covariance_rows(self) -> list[list[float | None]]:
        """Return the covariance as nested lists, ready for JSON."""
        return [[finite(value) for value in row] for row in self.covariance.tolist()]

    def frame(self) -> pl.DataFrame:
        """Return one row for each coefficient: utility, term, estimate, se, z."""
        kinds = {"utility": pl.String, "term": pl.String, "estimate": pl.Float64, "se": pl.Float64}
        se = pl.col("se")
        return pl.DataFrame(self.coefficient_rows(), schema=kinds).with_columns(
            z=pl.when(se > 0).then(pl.col("estimate") / se)
        )

    def table(self, errors: np.ndarray, heading: str) -> str:
        """Return the coefficients as a text table with these standard errors and z values."""
        rows = [
            (label, significant(value), significant(error), f"{value / error:.2f}" if error > 0 else None)
            for label, value, error in zip(self.labels(), self.estimate, errors, strict=True)
        ]
        return text_table(("", "estimate", heading, "z"), rows, right=(1, 2, 3))

    def labels(self) -> list[str]:
        """Return the names of the coefficients as a table shows them: `u1(4) power`."""
        return [f"{utility} {term}" for utility, term in self.names]

    def warning_lines(self) -> list[str]:
        """Return the warnings as lines of a summary, shortened, and whether the search failed."""
        lines = [f"warning: {_shortened(warning)}" for warning in self.warnings]
        return lines if self.converged else [*lines, "NOT CONVERGED: do not use these numbers"]


def finite(number: float) -> float | None:
    """Return a number, or None for one that JSON cannot hold."""
    return float(number) if abs(number) < float("inf") else None


def outcome_frame(rows: np.ndarray, logs: np.ndarray, names: tuple[str, ...]) -> pl.DataFrame:
    """Return a row for each case: its number in the data, and the probability of each outcome.

    Args:
        rows: (cases,) numbers of the rows.
        logs: (cases, outcomes) log probabilities.
        names: of the outcomes.
    """
    return pl.DataFrame({"row": rows} | dict(zip(names, np.exp(logs).T, strict=True)))


def _shortened(warning: str) -> str:
    return warning if len(warning) <= MAX_WARNING else f"{warning[: MAX_WARNING - 3]}..."
