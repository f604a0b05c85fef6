"""Predict past cases by models whose numbers are estimated from earlier cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
import polars as pl

from tocsin.backtest.results import FIRST_DECADE
from tocsin.evidence.courses.names import MODELS
from tocsin.evidence.hostility.fit import fit
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, OUTCOMES
from tocsin.evidence.past.samples import Past
from tocsin.evidence.stages.audience import Audience
from tocsin.evidence.stages.bargaining import Bargaining
from tocsin.evidence.stages.game import StageGame
from tocsin.evidence.stages.history import History
from tocsin.evidence.stages.kinds import Kinds

GAME, BARGAINING, SPIRAL, AUDIENCE = (MODELS[name] for name in ("moves", "bargaining", "spiral", "audience"))
Predictions = dict[str, np.ndarray]
"""Probabilities by outcome, (cases,) each; an outcome of which a model says nothing is absent."""


class Model(Protocol):
    """A model that has learned from past cases."""

    def predict(self, cases: pl.DataFrame, past: History) -> Predictions:
        """Return probabilities of new cases by outcome; `war in year` is that of a year of rivalry."""


def learned(years: pl.DataFrame, disputes: pl.DataFrame, history: History) -> dict[str, Model]:
    """Return the models, by name, learned from past years of rivalry and past disputes."""
    hostility = fit(history.record, years, years["press"].to_numpy()).parameters
    return {
        GAME: StageGame.fit(years, disputes, history, hostility),
        BARGAINING: Bargaining.fit(years, disputes, history, hostility),
        SPIRAL: Kinds.fit(years, disputes, history),
        AUDIENCE: Audience.fit(disputes, history, hostility),
    }


def forward(
    past: Mapping[str, Past], history: History, progress: Callable[[int], None] = lambda _: None
) -> dict[str, dict[str, Predictions]]:
    """Return each model's predictions by kind of case, name of the model and outcome; those of a decade rest on all years before it.

    Years of rivalry are learned from years of the same kind, and disputes beside years of the kind `GENERAL`. Predictions are NaN before
    `FIRST_DECADE`.

    Args:
        past: past cases of each kind in `kinds.OUTCOMES`.
        history: the record of all pairs.
        progress: called with the number of decades just done.
    """
    predictions: dict[str, dict[str, Predictions]] = {kind: {} for kind in past}
    last = max(int(part.cases["year"].max()) for part in past.values())  # type: ignore[arg-type]
    for start in range(FIRST_DECADE, last + 1, 10):
        before = {kind: part.cases.filter(pl.col("year") < start) for kind, part in past.items()}
        models = {kind: learned(before[kind], before[IMMEDIATE], history) for kind in OUTCOMES if kind != IMMEDIATE}
        for kind, part in past.items():
            years = part.cases["year"].to_numpy()
            rows = np.flatnonzero((years >= start) & (years < start + 10))
            if rows.size:
                new = part.cases[rows.tolist()].drop(_outcomes(), strict=False)
                for name, model in models.get(kind, models[GENERAL]).items():
                    known = _of_kind(kind, model.predict(new, history))
                    _enter(predictions[kind].setdefault(name, {}), known, rows, len(years))
        progress(1)
    return predictions


def _outcomes() -> set[str]:
    return {name for names in OUTCOMES.values() for name in names}


def _of_kind(kind: str, predicted: Predictions) -> Predictions:
    """Return the predictions under the names of the outcomes of a kind."""
    if kind != IMMEDIATE:
        names = {"press": "press", "war in year": "war"}
        return {names[name]: values for name, values in predicted.items() if name in names}
    return {name: values for name, values in predicted.items() if name in OUTCOMES[kind]}


def _enter(predictions: Predictions, predicted: Predictions, rows: np.ndarray, size: int) -> None:
    """Enter the predictions of a decade in the rows of its cases."""
    for name, values in predicted.items():
        predictions.setdefault(name, np.full(size, np.nan))[rows] = values
