"""Define the forecasters to compare: the model, and baselines learned from earlier cases only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy.special import logit

from tocsin.backtest.estimated import AUDIENCE, BARGAINING, GAME, SPIRAL
from tocsin.backtest.names import (
    CONSTANT,
    FULL,
    MODEL,
    RATIO,
    RECALIBRATED,
    RECORD,
    WEIGHED,
    WEIGHED_RECALIBRATED,
)
from tocsin.backtest.task import Task
from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.hostility.fit import fit
from tocsin.evidence.past.kinds import IMMEDIATE
from tocsin.evidence.stages.history import HALF_LIFE

Forecaster = Callable[[Task, Task], np.ndarray]
"""Called with past cases and with new cases without their outcomes; returns probabilities for the new cases."""
MIN_PROBABILITY = 1e-6
PENALTY = 1e-3
RECENT = 30
"""Years of the share of recent cases."""
RESPONSE_PENALTY = 30.0
"""Penalty on the standardised terms of the record in disputes."""


def constant(past: Task, new: Task) -> np.ndarray:
    """Return the share of past cases with the outcome. Half a case of each kind is added, so that it is never 0 or 1."""
    return np.full(new.cases.height, (past.observed.sum() + 0.5) / (len(past.observed) + 1.0))


def recent(past: Task, new: Task) -> np.ndarray:
    """Return the share of the cases of the last `RECENT` years with the outcome."""
    return constant(past.some(np.flatnonzero(past.years > past.years.max() - RECENT)), new)


def uncalibrated(past: Task, new: Task) -> np.ndarray:
    """Return the bare model's probabilities."""
    del past
    return new.model


def weighed(past: Task, new: Task) -> np.ndarray:
    """Return the probabilities of the model whose worlds are weighed by the pair's own earlier years."""
    del past
    return new.weighed


def _estimated(name: str) -> Forecaster:
    """Return the forecaster of a model that was learned before the decade; of an outcome on which it is silent, it gives the constant."""

    def forecast(past: Task, new: Task) -> np.ndarray:
        return new.estimated[name] if name in new.estimated else constant(past, new)

    return forecast


def record(past: Task, new: Task) -> np.ndarray:
    """Return what the pair's own record of disputes says.

    In years of rivalry it is the hostility filter, for war times the share of past disputes that came to war. In disputes it is a
    logit on the decayed record of disputes and of the target's answers.
    """
    if past.kind == IMMEDIATE:
        return _logit_on(_answers, RESPONSE_PENALTY)(past, new)
    begun = past.cases["press"].to_numpy()
    parameters = fit(past.history.record, past.cases, begun).parameters
    known = new.history.record.of(new.cases)
    sums = known.sums(parameters.half_life).at(*known.rows(new.cases))
    probability = chance(sums, parameters)
    if past.outcome == "press":
        return probability
    return np.asarray(probability * (past.observed.sum() + 0.5) / (begun.sum() + 1.0))


def _answers(task: Task) -> np.ndarray:
    known = task.history.record.of(task.cases)
    sums = known.sums(HALF_LIFE).at(*known.rows(task.cases))
    rows = task.history.record.rows(task.cases)
    begun, answered = task.history.begun[rows], task.history.answered[rows]
    counts = (sums.began, sums.against, sums.going, sums.covered, answered, np.maximum(begun - answered, 0.0))
    return np.column_stack([*(np.log1p(count) for count in counts), (answered + 1.0) / (begun + 2.0)])


def _logit_on(columns: Callable[[Task], np.ndarray], penalty: float | None = None) -> Forecaster:
    """Return a forecaster that fits a logit on columns of past cases; the penalty is `PENALTY` a case unless given."""

    def forecast(past: Task, new: Task) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if past.observed.min() == past.observed.max():
            return constant(past, new)
        # a small penalty keeps estimates finite if a column happens to separate the few wars
        strength = PENALTY * len(past.observed) if penalty is None else penalty
        learner = make_pipeline(StandardScaler(), LogisticRegression(C=1.0 / strength, max_iter=2000))
        learner.fit(columns(past), past.observed)
        return np.asarray(learner.predict_proba(columns(new))[:, 1])

    return forecast


def _odds(probabilities: np.ndarray) -> np.ndarray:
    return np.asarray(logit(np.clip(probabilities, MIN_PROBABILITY, 1.0 - MIN_PROBABILITY)))[:, None]


def _model(task: Task) -> np.ndarray:
    return _odds(task.model)


def _weighed(task: Task) -> np.ndarray:
    return _odds(task.weighed)


def _ratio(task: Task) -> np.ndarray:
    return task.cases.select("ratio").to_numpy()


def _well_specified(task: Task) -> np.ndarray:
    """Return regressors, among them years of peace with square and cube (Carter and Signorino 2010, Political Analysis 18(3))."""
    regressors = task.cases.select(
        pl.col("ratio", "pact", "major_challenger", "major_target", "helped", "nuclear").cast(pl.Float64),
        even=-pl.col("ratio").abs(),
        log_distance=(pl.col("distance") / 1000.0).log1p(),
        touching=(pl.col("distance") == 0).cast(pl.Float64),
        quiet=pl.col("quiet") / 10.0,
        quiet2=(pl.col("quiet") / 10.0) ** 2,
        quiet3=(pl.col("quiet") / 10.0) ** 3,
    )
    return regressors.to_numpy()


def _with_model(task: Task) -> np.ndarray:
    return np.column_stack([_well_specified(task), _model(task)])


RECENT_SHARE = f"share of the last {RECENT} years"
FORECASTERS: Mapping[str, Forecaster] = {
    MODEL: uncalibrated,
    RECALIBRATED: _logit_on(_model),
    WEIGHED: weighed,
    WEIGHED_RECALIBRATED: _logit_on(_weighed),
    CONSTANT: constant,
    RECENT_SHARE: recent,
    RATIO: _logit_on(_ratio),
    FULL: _logit_on(_well_specified),
    "the same with the model's odds": _logit_on(_with_model),
    RECORD: record,
    **{name: _estimated(name) for name in (GAME, BARGAINING, SPIRAL, AUDIENCE)},
}
"""By name; files and the documentation use these names."""
POOLED = (WEIGHED, FULL, RECORD, GAME, BARGAINING, SPIRAL, AUDIENCE, RECENT_SHARE)
"""Members of the pool, which differ in kind: the coercion model, a regression on what is known of both states, the record alone, three models
whose numbers are estimated, and the rate of recent years."""
