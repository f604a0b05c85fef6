"""Say how probable it is that a sentence states something that can be checked.

The score is a logit over hashed features. Features weigh by their inverse document frequency, and the vector of each view (words, shapes,
letters, classes of words, stems) has a fixed length. `tocsin.draft.learn` estimates the weights from ClaimBuster (Arslan, Hassan, Li and Tremayne 2020): 9,674 sentences
of presidential debates. No sentence of it is stored.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

import numpy as np

from tocsin.draft.checkable_features import VIEWS

BUCKETS = 2**18
"""Number of hashed features of a view."""
FILE = "checkable.npz"
WEIGHT = 2.2
"""How much more a check-worthy sentence weighs in learning. With it the odds of 1 maximise F1 about."""
THRESHOLD = 1.0 / (1.0 + WEIGHT)
"""Probability from which a sentence counts as checkable: the odds of 1 before the weights are taken out of the offset."""


@dataclass(frozen=True)
class Classifier:
    """A logit over hashed features.

    Attributes:
        frequencies: inverse document frequency of each bucket, (views, BUCKETS), 0 for a bucket that is not used.
        weights: of each bucket, (views, BUCKETS).
        offset: log-odds without features.
    """

    frequencies: np.ndarray
    weights: np.ndarray
    offset: float

    def probability(self, text: str) -> float:
        """Return the probability, 0 to 1, that a sentence can be checked."""
        score = self.offset
        for view in range(len(VIEWS)):
            buckets, values = hashed(text, view)
            values = values * self.frequencies[view, buckets]
            length = float(np.linalg.norm(values))
            if length > 0:
                score += VIEWS[view][1] * float(values @ self.weights[view, buckets]) / length
        return 1.0 / (1.0 + math.exp(-score))


def hashed(text: str, view: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the buckets of a sentence's features in a view, sorted, and the value of each: 1 plus the log of its count."""
    counts = Counter(crc32(feature.encode("utf-8", "replace")) % BUCKETS for feature in VIEWS[view][0](text))
    buckets = sorted(counts)
    return np.array(buckets, dtype=np.int64), np.array([1.0 + math.log(counts[bucket]) for bucket in buckets])


def checkable_probabilities(texts: Sequence[str]) -> list[float]:
    """Return the probability of each sentence that it states something that can be checked."""
    return [classifier().probability(text) for text in texts]


@cache
def classifier() -> Classifier:
    """Return the classifier that comes with the program."""
    return from_bytes((files("tocsin.draft") / FILE).read_bytes())


def to_bytes(model: Classifier) -> bytes:
    """Return a classifier as a compressed archive of arrays, with 8 bits for each number."""
    out = io.BytesIO()
    scales = {name: float(np.abs(values).max()) for name, values in _arrays(model).items()}
    small = {name: np.round(values / scales[name] * 127).astype(np.int8) for name, values in _arrays(model).items()}
    np.savez_compressed(out, **small, scales=np.array([*scales.values(), model.offset]))  # type: ignore[arg-type]
    return out.getvalue()


def from_bytes(data: bytes) -> Classifier:
    """Return the classifier that `to_bytes` wrote. No code in the archive is run."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        frequencies, weights, offset = arrays["scales"]
        return Classifier(
            arrays["frequencies"] * (frequencies / 127), arrays["weights"] * (weights / 127), float(offset)
        )


def _arrays(model: Classifier) -> dict[str, np.ndarray]:
    return {"frequencies": model.frequencies, "weights": model.weights}
