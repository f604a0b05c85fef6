"""What knows less than the model, or other things: probabilities of an outcome learnt from earlier cases only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy.special import logit

Teller = Callable[[pl.DataFrame, np.ndarray, np.ndarray, pl.DataFrame, np.ndarray], np.ndarray]
"""(cases seen, the model's probabilities of them, their outcomes, cases not seen, the model's of these) -> probabilities of these."""
WELL_SPECIFIED = (
    "ratio",
    "even",
    "log_distance",
    "touching",
    "pact",
    "major_challenger",
    "major_target",
    "helped",
    "nuclear",
)
"""With quiet years and their square and cube (Carter and Signorino 2010, Political Analysis 18(3))."""
LEAST = 1e-6
PENALTY = 1e-3


def regressors(cases: pl.DataFrame) -> pl.DataFrame:
    """Those of `WELL_SPECIFIED`, and quiet years."""
    return cases.select(
        pl.col("ratio", "pact", "major_challenger", "major_target", "helped", "nuclear").cast(pl.Float64),
        even=-pl.col("ratio").abs(),
        log_distance=(pl.col("distance") / 1000.0).log1p(),
        touching=(pl.col("distance") == 0).cast(pl.Float64),
        quiet=pl.col("quiet") / 10.0,
        quiet2=(pl.col("quiet") / 10.0) ** 2,
        quiet3=(pl.col("quiet") / 10.0) ** 3,
    )


def constant(
    seen: pl.DataFrame, told: np.ndarray, happened: np.ndarray, new: pl.DataFrame, told_new: np.ndarray
) -> np.ndarray:
    """The share among earlier cases (with half a case of either kind added, so that it is never 0)."""
    del seen, told, told_new
    return np.full(new.height, (happened.sum() + 0.5) / (len(happened) + 1.0))


def as_it_is(
    seen: pl.DataFrame, told: np.ndarray, happened: np.ndarray, new: pl.DataFrame, told_new: np.ndarray
) -> np.ndarray:
    """The model's own probabilities."""
    del seen, told, happened, new
    return told_new


def _logit_on(columns: Callable[[pl.DataFrame, np.ndarray], np.ndarray]) -> Teller:
    def tell(
        seen: pl.DataFrame, told: np.ndarray, happened: np.ndarray, new: pl.DataFrame, told_new: np.ndarray
    ) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if happened.min() == happened.max():
            return constant(seen, told, happened, new, told_new)
        # a trace of a penalty keeps estimates finite where few wars are told apart by chance
        learner = make_pipeline(StandardScaler(), LogisticRegression(C=1.0 / (PENALTY * len(happened)), max_iter=2000))
        learner.fit(columns(seen, told), happened)
        return np.asarray(learner.predict_proba(columns(new, told_new))[:, 1])

    return tell


def _model(cases: pl.DataFrame, told: np.ndarray) -> np.ndarray:
    del cases
    return np.asarray(logit(np.clip(told, LEAST, 1.0 - LEAST)))[:, None]


def _ratio(cases: pl.DataFrame, told: np.ndarray) -> np.ndarray:
    del told
    return cases.select("ratio").to_numpy()


def _well_specified(cases: pl.DataFrame, told: np.ndarray) -> np.ndarray:
    del told
    return regressors(cases).to_numpy()


def _with_model(cases: pl.DataFrame, told: np.ndarray) -> np.ndarray:
    return np.column_stack([_well_specified(cases, told), _model(cases, told)])


MODEL, RECALIBRATED, CONSTANT = "the model as it is", "the model, recalibrated", "constant"
RATIO, FULL = "logit on the capability ratio", "well-specified logit"
TELLERS: Mapping[str, Teller] = {
    MODEL: as_it_is,
    RECALIBRATED: _logit_on(_model),
    CONSTANT: constant,
    RATIO: _logit_on(_ratio),
    FULL: _logit_on(_well_specified),
    "the same with the model's odds": _logit_on(_with_model),
}
"""What is compared, by name."""
