"""Hold one outcome of one kind of past cases, with all that a forecaster may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tocsin.evidence.past.kinds import OUTCOMES
from tocsin.evidence.stages.history import History


@dataclass(frozen=True)
class Task:
    """Past cases with one outcome.

    Attributes:
        kind: of the cases, a key of `kinds.OUTCOMES`.
        outcome: its name.
        cases: a row for each case, in the order of the arrays.
        observed: (cases,) 1 if the outcome was observed, else 0; empty for cases that are to be predicted.
        model: (cases,) the bare model's probabilities.
        weighed: (cases,) those of the model whose worlds are weighed by the pair's own earlier years.
        estimated: (cases,) those of models that were learned before each decade, by name; NaN before the first. A model that says nothing of
            the outcome is absent.
        history: past disputes of all pairs. What it holds of a year was known on 1 January of it.
    """

    kind: str
    outcome: str
    cases: pl.DataFrame
    observed: np.ndarray
    model: np.ndarray
    weighed: np.ndarray
    estimated: Mapping[str, np.ndarray]
    history: History

    @property
    def years(self) -> np.ndarray:
        """Return the year of each case."""
        return self.cases["year"].to_numpy()

    def some(self, rows: np.ndarray) -> Task:
        """Return the task for some of the cases."""
        arrays = {name: getattr(self, name)[rows] for name in ("observed", "model", "weighed")}
        estimated = {name: values[rows] for name, values in self.estimated.items()}
        return replace(self, cases=self.cases[np.asarray(rows).tolist()], estimated=estimated, **arrays)

    def unseen(self, rows: np.ndarray) -> Task:
        """Return the task for cases that are to be predicted, without their outcomes."""
        outcomes = {name for names in OUTCOMES.values() for name in names}
        chosen = self.some(rows)
        return replace(chosen, cases=chosen.cases.drop(outcomes, strict=False), observed=np.empty(0))
