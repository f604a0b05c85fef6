"""Multinomial logit over named features: predict with learned weights; `learn` estimates them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import logsumexp


@dataclass(frozen=True)
class FeatureLogit:
    """A multinomial logit whose features are present or absent.

    Attributes:
        classes: names of the outcomes.
        columns: column of each known feature in the design matrix.
        weights: (features, classes).
        offsets: (classes,).
    """

    classes: tuple[str, ...]
    columns: Mapping[str, int]
    weights: np.ndarray
    offsets: np.ndarray

    def probabilities(self, matrix: sparse.csr_array) -> np.ndarray:
        """Return the probability of each class, (rows, classes), for rows that `feature_matrix` made with the same columns."""
        scores = np.asarray(matrix @ self.weights) + self.offsets
        return np.exp(scores - logsumexp(scores, axis=1, keepdims=True))

    def contrasts(self) -> np.ndarray:
        """Return each feature's weight for each class less its mean weight for the other classes, (features, classes)."""
        return (self.weights - self.weights.mean(axis=1, keepdims=True)) * len(self.classes) / (len(self.classes) - 1)


def feature_matrix(rows: Iterable[Sequence[str]], columns: Mapping[str, int]) -> sparse.csr_array:
    """Return the design matrix, (rows, features): 1 where a row has a feature, else 0. Unknown features are ignored."""
    get = columns.get
    present, ends = array("i"), array("i", [0])
    for row in rows:
        present.extend([column for name in row if (column := get(name)) is not None])
        ends.append(len(present))
    indices = np.frombuffer(present, dtype=np.int32) if present else np.zeros(0, dtype=np.int32)
    return sparse.csr_array(
        (np.ones(len(present)), indices, np.frombuffer(ends, dtype=np.int32)), shape=(len(ends) - 1, len(columns))
    )
