"""Define the forecasters to compare: the model, and baselines learned from earlier cases only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy.special import logit

Forecaster = Callable[[pl.DataFrame, np.ndarray, np.ndarray, pl.DataFrame, np.ndarray], np.ndarray]
"""Called with past cases, the model's probabilities for them, their outcomes, new cases, and the model's probabilities for
these. It returns probabilities for the new cases."""
MIN_PROBABILITY = 1e-6
PENALTY = 1e-3


def constant(
    past: pl.DataFrame, model: np.ndarray, observed: np.ndarray, new: pl.DataFrame, model_new: np.ndarray
) -> np.ndarray:
    """Return the share of past cases with the outcome. Half a case of each kind is added, so that it is never 0 or 1."""
    del past, model, model_new
    return np.full(new.height, (observed.sum() + 0.5) / (len(observed) + 1.0))


def uncalibrated(
    past: pl.DataFrame, model: np.ndarray, observed: np.ndarray, new: pl.DataFrame, model_new: np.ndarray
) -> np.ndarray:
    """Return the model's own probabilities."""
    del past, model, observed, new
    return model_new


def _logit_on(columns: Callable[[pl.DataFrame, np.ndarray], np.ndarray]) -> Forecaster:
    """Return a forecaster that fits a logit on columns of past cases and the model's probabilities for them."""

    def forecast(
        past: pl.DataFrame, model: np.ndarray, observed: np.ndarray, new: pl.DataFrame, model_new: np.ndarray
    ) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if observed.min() == observed.max():
            return constant(past, model, observed, new, model_new)
        # a very small penalty keeps estimates finite if a column happens to separate the few wars
        learner = make_pipeline(StandardScaler(), LogisticRegression(C=1.0 / (PENALTY * len(observed)), max_iter=2000))
        learner.fit(columns(past, model), observed)
        return np.asarray(learner.predict_proba(columns(new, model_new))[:, 1])

    return forecast


def _model(cases: pl.DataFrame, model: np.ndarray) -> np.ndarray:
    del cases
    return np.asarray(logit(np.clip(model, MIN_PROBABILITY, 1.0 - MIN_PROBABILITY)))[:, None]


def _ratio(cases: pl.DataFrame, model: np.ndarray) -> np.ndarray:
    del model
    return cases.select("ratio").to_numpy()


def _well_specified(cases: pl.DataFrame, model: np.ndarray) -> np.ndarray:
    """Return regressors, among them years of peace with square and cube (Carter and Signorino 2010, Political Analysis 18(3))."""
    del model
    regressors = cases.select(
        pl.col("ratio", "pact", "major_challenger", "major_target", "helped", "nuclear").cast(pl.Float64),
        even=-pl.col("ratio").abs(),
        log_distance=(pl.col("distance") / 1000.0).log1p(),
        touching=(pl.col("distance") == 0).cast(pl.Float64),
        quiet=pl.col("quiet") / 10.0,
        quiet2=(pl.col("quiet") / 10.0) ** 2,
        quiet3=(pl.col("quiet") / 10.0) ** 3,
    )
    return regressors.to_numpy()


def _with_model(cases: pl.DataFrame, model: np.ndarray) -> np.ndarray:
    return np.column_stack([_well_specified(cases, model), _model(cases, model)])


MODEL, RECALIBRATED, CONSTANT = "the model as it is", "the model, recalibrated", "constant"
RATIO, FULL = "logit on the capability ratio", "well-specified logit"
FORECASTERS: Mapping[str, Forecaster] = {
    MODEL: uncalibrated,
    RECALIBRATED: _logit_on(_model),
    CONSTANT: constant,
    RATIO: _logit_on(_ratio),
    FULL: _logit_on(_well_specified),
    "the same with the model's odds": _logit_on(_with_model),
}
"""By name; files and the documentation use these names."""
