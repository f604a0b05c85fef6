"""Logistic regression over named features: fitted by penalised likelihood, kept as a small array, read back without pickle."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import logsumexp


@dataclass(frozen=True)
class Linear:
    """A multinomial logit over features that are there or not.

    Attributes:
        classes: names of the outcomes.
        places: row of each known feature.
        weights: (features, classes).
        offsets: (classes,).
    """

    classes: tuple[str, ...]
    places: Mapping[str, int]
    weights: np.ndarray
    offsets: np.ndarray

    def probabilities(self, design: sparse.csr_array) -> np.ndarray:
        """Of each class, (rows, classes), for rows of features as `design` makes them of the same places."""
        scores = np.asarray(design @ self.weights) + self.offsets
        return np.exp(scores - logsumexp(scores, axis=1, keepdims=True))

    def contrasts(self) -> np.ndarray:
        """How much each feature speaks for each class against the mean of the others, (features, classes)."""
        return (self.weights - self.weights.mean(axis=1, keepdims=True)) * len(self.classes) / (len(self.classes) - 1)


def design(rows: Iterable[Sequence[str]], places: Mapping[str, int]) -> sparse.csr_array:
    """Which known features each row has, (rows, features); unknown ones say nothing."""
    get = places.get
    held, ends = array("i"), array("i", [0])
    for row in rows:
        held.extend([place for name in row if (place := get(name)) is not None])
        ends.append(len(held))
    indices = np.frombuffer(held, dtype=np.int32) if held else np.zeros(0, dtype=np.int32)
    return sparse.csr_array(
        (np.ones(len(held)), indices, np.frombuffer(ends, dtype=np.int32)), shape=(len(ends) - 1, len(places))
    )


def fit(
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    *,
    penalty: float,
    classes: Sequence[str],
    trust: Callable[[str], float] = lambda _: 1.0,
) -> Linear:
    """Fit by maximum likelihood less `penalty` / 2 times the sum of squared weights (offsets are free).

    Args:
        rows: features of each case, each named once.
        labels: outcome of each case.
        penalty: of the squared weights, positive.
        classes: names of the outcomes.
        trust: by a feature's name, by how much its weight may be larger than another's at the same penalty.

    Raises:
        ValueError: if a label is no class, or the fit does not converge.
    """
    places = {name: at for at, name in enumerate(dict.fromkeys(name for row in rows for name in row))}
    sizes = np.array([trust(name) for name in places])
    told = design(rows, places).multiply(sizes).tocsr()
    wanted = np.array([list(classes).index(label) for label in labels])
    shape = (len(places), len(classes))
    chosen = np.zeros((len(rows), len(classes)))
    chosen[np.arange(len(rows)), wanted] = 1.0

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, offsets = flat[: shape[0] * shape[1]].reshape(shape), flat[shape[0] * shape[1] :]
        scores = np.asarray(told @ weights) + offsets
        total = logsumexp(scores, axis=1)
        gap = np.exp(scores - total[:, None]) - chosen
        value = float((total - (scores * chosen).sum(axis=1)).sum() + 0.5 * penalty * (weights**2).sum())
        slope = np.asarray(told.T @ gap) + penalty * weights
        return value, np.concatenate([slope.ravel(), gap.sum(axis=0)])

    start = np.zeros(shape[0] * shape[1] + shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-10, "gtol": 1e-5})
    if not found.success:
        raise ValueError(f"the fit did not converge: {found.message}")
    split = shape[0] * shape[1]
    return Linear(tuple(classes), places, found.x[:split].reshape(shape) * sizes[:, None], found.x[split:])
