"""Run the back-test: predict every decade from the years before it, by the model and by the baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from tocsin import __version__
from tocsin.backtest.baselines import CONSTANT, FORECASTERS
from tocsin.backtest.past import OUTCOMES, SOURCES, past_cases
from tocsin.backtest.play import predict
from tocsin.backtest.results import FIRST_DECADE, UNSETTLED, Backtest, Kind, Outcome
from tocsin.backtest.scores import log_probabilities, score
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.evidence.results import DataSource

PROBABILITY: Mapping[tuple[str, str], str] = {
    ("general", "press"): "press", ("general", "war"): "war",
    ("immediate", "resist"): "resist", ("immediate", "war"): "war_after_press",
}  # fmt: skip
"""The model's probability that predicts an outcome, by kind of case and outcome."""


def backtest(
    tables: Mapping[str, pl.DataFrame],
    *,
    worlds: int,
    seed: int,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Backtest:
    """Play every past case and score the predictions.

    Args:
        tables: the sources in `past.SOURCES`, by name.
        worlds: number of worlds in which each case is played, 1 or more.
        seed: seed of the worlds and of the intervals.
        progress: called with the kind, its number of cases, and the number just played.

    Raises:
        InputError: if `worlds` is below 1.
    """
    if worlds < 1:
        raise InputError(f"cannot play cases in {worlds} worlds", remedy="use 1 or more")
    kinds = []
    for name, outcomes in OUTCOMES.items():
        past = past_cases(name, tables)
        count = past.cases.height
        predicted = predict(past.cases, worlds=worlds, seed=seed, progress=partial(progress, name, count))
        settled = np.isfinite(predicted["press"])
        cases = past.cases.filter(settled)
        scored = tuple(
            _outcome(cases, outcome, predicted[PROBABILITY[name, outcome]][settled], seed=seed) for outcome in outcomes
        )
        left_out = {**past.left_out, UNSETTLED: count - cases.height}
        kinds.append(Kind(name, cases.height, left_out, scored))
    return Backtest(
        made=date.today().isoformat(),
        version=__version__,
        worlds=worlds,
        seed=seed,
        data=tuple(DataSource(name, source(name).cite, source(name).sha256) for name in SOURCES),
        kinds=tuple(kinds),
    )


def _outcome(cases: pl.DataFrame, name: str, model: np.ndarray, *, seed: int) -> Outcome:
    """Score every forecaster's predictions of an outcome; `model` has the model's probabilities."""
    observed, years = cases[name].to_numpy().astype(int), cases["year"].to_numpy()
    predicted_by = predict_by_decade(cases, model, observed, years)
    tested = years >= FIRST_DECADE
    dyads = pl.DataFrame({
        "low": cases.select(pl.min_horizontal("challenger", "target")).to_series(),
        "high": cases.select(pl.max_horizontal("challenger", "target")).to_series(),
    }).select((pl.col("low") * 1000 + pl.col("high")).rank("dense")).to_series().to_numpy()[tested]  # fmt: skip
    base = log_probabilities(predicted_by[CONSTANT][tested], observed[tested])
    scores = [
        score(forecaster, predicted[tested], observed[tested], base, dyads, seed=seed)
        for forecaster, predicted in predicted_by.items()
    ]
    return Outcome(
        name=name,
        cases=int(tested.sum()),
        observed=int(observed[tested].sum()),
        mean_predicted=float(model[tested].mean()),
        scores=tuple(scores),
    )


def predict_by_decade(
    cases: pl.DataFrame, model: np.ndarray, observed: np.ndarray, years: np.ndarray
) -> dict[str, np.ndarray]:
    """Return each forecaster's predictions, (cases,); those for a decade are learned from all years before it.

    Predictions are NaN before `FIRST_DECADE`.

    Args:
        cases: table with a row for each case.
        model: (cases,) the model's probabilities.
        observed: (cases,) 1 if the outcome was observed, else 0.
        years: (cases,) the year of each case.
    """
    predicted = {name: np.full(len(observed), np.nan) for name in FORECASTERS}
    for start in range(FIRST_DECADE, int(years.max()) + 1, 10):
        before, now = np.flatnonzero(years < start), np.flatnonzero((years >= start) & (years < start + 10))
        if now.size:
            past, new = cases[before.tolist()], cases[now.tolist()]
            for name, forecast in FORECASTERS.items():
                predicted[name][now] = forecast(past, model[before], observed[before], new, model[now])
    return predicted
