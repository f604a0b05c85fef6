"""The flexible predictor of dispute outcomes: forests of random trees and small networks, blended as they deserve.

After Carroll and Kenkel (2019), "Prediction, Proxies, and Power", AJPS 63(3), who let many learners of both sides' components
compete. Every part is learnt from the cases that it is given: the imputations, the learners, and, by cross-validation among
these cases alone, the weights of the blend (van der Laan, Polley and Hubbard 2007).
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
"""Of each imputation."""
INNER = 3
LEAST = 1e-4
"""No outcome is given a smaller probability."""

Learner: TypeAlias = Any
"""What scikit-learn calls a classifier: it ships no types."""


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
    """What was learnt from some disputes.

    Attributes:
        weights: (learners,) of the blend, at least 0, together 1.
    """

    weights: np.ndarray
    _imputers: tuple[Any, ...]
    _learnt: tuple[tuple[Learner, ...], ...]

    def probabilities(self, cases: Disputes) -> np.ndarray:
        """(cases, outcomes) in the order of `OUTCOMES`."""
        filled = _filled(self._imputers, cases)
        parts = np.stack([_told(learnt, filled) for learnt in self._learnt])
        return _bounded(np.einsum("l,lco->co", self.weights, parts))


def learn(cases: Disputes, *, seed: int) -> Predictor:
    """Learn from disputes.

    Args:
        cases: at least some tens, with every outcome among them.
        seed: of imputations, trees, networks and inner folds.
    """
    folds = np.random.default_rng(seed).permutation(len(cases)) % INNER
    told = np.zeros((len(LEARNERS), len(cases), len(OUTCOMES)))
    for fold in range(INNER):
        rest, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        imputers = _imputers(cases.taken(rest), seed)
        seen, new = _filled(imputers, cases.taken(rest)), _filled(imputers, cases.taken(out))
        for at, make in enumerate(LEARNERS):
            told[at, out] = _told(_learnt(make, seen, cases.outcome[rest], seed), new)
    imputers = _imputers(cases, seed)
    filled = _filled(imputers, cases)
    learnt = tuple(_learnt(make, filled, cases.outcome, seed) for make in LEARNERS)
    return Predictor(_weights(told, cases.outcome), imputers, learnt)


def _weights(told: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """The blend with the best log score of (learners, cases, outcomes) probabilities told of cases not seen."""
    chances = np.maximum(told[:, np.arange(len(outcome)), outcome], LEAST)

    def loss(free: np.ndarray) -> float:
        weights = np.exp(free - free.max())
        return -float(np.log(weights / weights.sum() @ chances).mean())

    found = minimize(loss, np.zeros(len(told)), method="BFGS").x
    weights = np.exp(found - found.max())
    return np.asarray(weights / weights.sum())


def _imputers(cases: Disputes, seed: int) -> tuple[Any, ...]:
    """Multiple imputation by chained equations with drawn values, as many times as there are imputations."""
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - scikit-learn asks for it
    from sklearn.impute import IterativeImputer

    made = [
        IterativeImputer(sample_posterior=True, max_iter=5, tol=1e-2, random_state=seed * 1000 + at, min_value=0.0)
        for at in range(IMPUTATIONS)
    ]
    return tuple(_quietly(each.fit, _wide(cases)) for each in made)


def _wide(cases: Disputes) -> np.ndarray:
    """(cases, columns) what helps to tell missing components: those of both sides, the index and the year."""
    return np.column_stack([log_components(cases), np.log(cases.capability + 1e-6) + 20.0, cases.year / 100.0])


def _quietly(work: Callable[..., Any], *arguments: Any) -> Any:
    """Chained equations and small networks stop before they settle, on purpose; scikit-learn says so each time."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return work(*arguments)


def _filled(imputers: tuple[Any, ...], cases: Disputes) -> list[np.ndarray]:
    """(cases, features) by each imputation."""
    count = 2 * cases.components.shape[2]
    wide = _wide(cases)
    return [features(cases, imputer.transform(wide)[:, :count]) for imputer in imputers]


def _learnt(
    make: Callable[[int], Learner], filled: list[np.ndarray], outcome: np.ndarray, seed: int
) -> tuple[Learner, ...]:
    return tuple(_quietly(make(seed * 1000 + at).fit, each, outcome) for at, each in enumerate(filled))


def _told(learnt: tuple[Learner, ...], filled: list[np.ndarray]) -> np.ndarray:
    parts = [learner.predict_proba(each) for learner, each in zip(learnt, filled, strict=True)]
    return np.asarray(np.mean(parts, axis=0))


def _bounded(chances: np.ndarray) -> np.ndarray:
    raised = np.maximum(chances, LEAST)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def cross_validated(
    cases: Disputes,
    probabilities: Callable[[Disputes, Disputes], np.ndarray],
    *,
    seed: int,
    folds: int = 10,
    each: Callable[[int], None] = lambda _: None,
) -> tuple[float, np.ndarray]:
    """Proportional reduction in loss of what is told of cases not seen, against the outcomes' shares among those seen.

    Args:
        cases: disputes.
        probabilities: (cases, outcomes) of the second disputes, learnt from the first.
        seed: of the folds.
        folds: how many.
        each: called with the number of folds done.

    Returns:
        The reduction, and (cases, outcomes) what was told.
    """
    order = np.random.default_rng(seed).permutation(len(cases)) % folds
    told = np.zeros((len(cases), len(OUTCOMES)))
    base = np.zeros((len(cases), len(OUTCOMES)))
    for fold in range(folds):
        rest, out = np.flatnonzero(order != fold), np.flatnonzero(order == fold)
        told[out] = probabilities(cases.taken(rest), cases.taken(out))
        base[out] = np.bincount(cases.outcome[rest], minlength=len(OUTCOMES)) / rest.size
        each(fold + 1)
    loss, plain = (quality(np.log(chances), cases.outcome).log_score for chances in (told, base))
    return 1.0 - loss / plain, told
