"""Predict outcomes of disputes from the components of capability, by a blend of random trees and small networks.

After Carroll and Kenkel (2019), "Prediction, Proxies, and Power", AJPS 63(3), who blend many learners. Everything is
learned from the given cases: the imputations, the learners, and the weights of the blend, by cross-validation among
these cases (van der Laan, Polley and Hubbard 2007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import minimize

from tocsin.evidence.contest.disputes import OUTCOMES, Disputes, features, log_components
from tocsin.evidence.strategic.quality import quality

IMPUTATIONS = 4
TREES, NETWORKS = 100, 2
"""In each learner, for each imputation."""
INNER_FOLDS = 3
MIN_PROBABILITY = 1e-4
"""Smallest probability of an outcome."""

Learner: TypeAlias = Any
"""A classifier of scikit-learn, which has no type annotations."""


def _forest(leaf: int, seed: int) -> Learner:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(TREES, min_samples_leaf=leaf, random_state=seed, n_jobs=1)


def _network(seed: int) -> Learner:
    from sklearn.ensemble import BaggingClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    network = MLPClassifier((30,), alpha=3.0, max_iter=150, tol=1e-3, random_state=seed)
    return make_pipeline(StandardScaler(), BaggingClassifier(network, NETWORKS, random_state=seed))


LEARNERS: tuple[Callable[[int], Learner], ...] = (
    partial(_forest, 3),
    partial(_forest, 6),
    partial(_forest, 12),
    _network,
)


@dataclass(frozen=True)
class Predictor:
    """A blend of learners, fitted to disputes.

    Attributes:
        weights: (learners,) of the blend, not negative, with sum 1.
    """

    weights: np.ndarray
    _imputers: tuple[Any, ...]
    _fitted: tuple[tuple[Learner, ...], ...]

    def probabilities(self, cases: Disputes) -> np.ndarray:
        """Return (cases, outcomes) probabilities in the order of `OUTCOMES`."""
        imputed = _impute(self._imputers, cases)
        parts = np.stack([_predict(fitted, imputed) for fitted in self._fitted])
        return _bounded(np.einsum("l,lco->co", self.weights, parts))


def learn(cases: Disputes, *, seed: int) -> Predictor:
    """Fit the blend to disputes.

    Args:
        cases: some tens of disputes or more, with every outcome among them.
        seed: of imputations, trees, networks and inner folds.
    """
    folds = np.random.default_rng(seed).permutation(len(cases)) % INNER_FOLDS
    held_out = np.zeros((len(LEARNERS), len(cases), len(OUTCOMES)))
    for fold in range(INNER_FOLDS):
        rest, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        imputers = _fit_imputers(cases.take(rest), seed)
        seen, new = _impute(imputers, cases.take(rest)), _impute(imputers, cases.take(out))
        for index, make in enumerate(LEARNERS):
            held_out[index, out] = _predict(_fit(make, seen, cases.outcome[rest], seed), new)
    imputers = _fit_imputers(cases, seed)
    imputed = _impute(imputers, cases)
    fitted = tuple(_fit(make, imputed, cases.outcome, seed) for make in LEARNERS)
    return Predictor(_weights(held_out, cases.outcome), imputers, fitted)


def _weights(held_out: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the weights with the best log score, given (learners, cases, outcomes) predictions of held-out cases."""
    probabilities = np.maximum(held_out[:, np.arange(len(outcome)), outcome], MIN_PROBABILITY)

    def loss(free: np.ndarray) -> float:
        weights = np.exp(free - free.max())
        return -float(np.log(weights / weights.sum() @ probabilities).mean())

    best = minimize(loss, np.zeros(len(held_out)), method="BFGS").x
    weights = np.exp(best - best.max())
    return np.asarray(weights / weights.sum())


def _fit_imputers(cases: Disputes, seed: int) -> tuple[Any, ...]:
    """Fit multiple imputation by chained equations, with draws from the posterior."""
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - scikit-learn requires it
    from sklearn.impute import IterativeImputer

    imputers = [
        IterativeImputer(sample_posterior=True, max_iter=5, tol=1e-2, random_state=seed * 1000 + index, min_value=0.0)
        for index in range(IMPUTATIONS)
    ]
    return tuple(_without_warnings(imputer.fit, _wide(cases)) for imputer in imputers)


def _wide(cases: Disputes) -> np.ndarray:
    """Return (cases, columns) the predictors of missing components: the other components, the index and the year."""
    return np.column_stack([log_components(cases), np.log(cases.capability + 1e-6) + 20.0, cases.year / 100.0])


def _without_warnings(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function without convergence warnings: chained equations and networks stop early on purpose."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return function(*arguments)


def _impute(imputers: tuple[Any, ...], cases: Disputes) -> list[np.ndarray]:
    """Return (cases, features) for each imputation."""
    count = 2 * cases.components.shape[2]
    wide = _wide(cases)
    return [features(cases, imputer.transform(wide)[:, :count]) for imputer in imputers]


def _fit(
    make: Callable[[int], Learner], imputed: list[np.ndarray], outcome: np.ndarray, seed: int
) -> tuple[Learner, ...]:
    """Fit a learner to each imputation."""
    return tuple(
        _without_warnings(make(seed * 1000 + index).fit, matrix, outcome) for index, matrix in enumerate(imputed)
    )


def _predict(fitted: tuple[Learner, ...], imputed: list[np.ndarray]) -> np.ndarray:
    """Return (cases, outcomes) probabilities, averaged over imputations."""
    parts = [learner.predict_proba(matrix) for learner, matrix in zip(fitted, imputed, strict=True)]
    return np.asarray(np.mean(parts, axis=0))


def _bounded(probabilities: np.ndarray) -> np.ndarray:
    raised = np.maximum(probabilities, MIN_PROBABILITY)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def cross_validate(
    cases: Disputes, predict: Callable[[Disputes, Disputes], np.ndarray], *, seed: int, folds: int = 10
) -> float:
    """Return the proportional reduction in loss for held-out cases, against the outcomes' shares in the other folds.

    Args:
        cases: disputes.
        predict: return (cases, outcomes) probabilities of the second disputes, learned from the first.
        seed: of the folds.
        folds: how many.
    """
    order = np.random.default_rng(seed).permutation(len(cases)) % folds
    predicted = np.zeros((len(cases), len(OUTCOMES)))
    base = np.zeros((len(cases), len(OUTCOMES)))
    for fold in range(folds):
        rest, out = np.flatnonzero(order != fold), np.flatnonzero(order == fold)
        predicted[out] = predict(cases.take(rest), cases.take(out))
        base[out] = np.bincount(cases.outcome[rest], minlength=len(OUTCOMES)) / rest.size
    loss, base_loss = (quality(np.log(values), cases.outcome).log_score for values in (predicted, base))
    return 1.0 - loss / base_loss
