"""Learn the classifier of checkable sentences, and measure it in fourfold cross-validation.

    python -m tocsin.draft.learn claimbuster_25ncs.json [--write]

The file has a list of records with `text` and `label` (1 check-worthy, 0 not factual). Every fold is scored with the quantised model, as it
ships. Sentences with the same words stay in one fold. `--write` then learns from all and replaces the classifier in the package.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
import numpy as np
from scipy import sparse

from tocsin.draft.checkable import BUCKETS, FILE, THRESHOLD, WEIGHT, Classifier, from_bytes, hashed, to_bytes
from tocsin.draft.checkable_features import VIEWS
from tocsin.files import write_all

FOLDS = 4
PENALTY = 1.2
"""Inverse strength of the ridge penalty, scikit-learn's C."""
MIN_SENTENCES = 3
"""A bucket that fewer sentences have is not used."""
SEEDS = (0, 1, 2, 3, 4)
"""Divisions into folds. The settings above were chosen on 0 and 1."""


@dataclass(frozen=True)
class Scores:
    """F1 at `THRESHOLD` and average precision, each the mean over the folds."""

    f1: float
    average_precision: float


def counts_of(texts: Sequence[str]) -> list[sparse.csr_array]:
    """Return the values of the hashed features of some sentences, (sentences, BUCKETS) for each view."""
    matrices = []
    for view in range(len(VIEWS)):
        rows = [hashed(text, view) for text in texts]
        ends = np.cumsum([0, *(len(buckets) for buckets, _ in rows)], dtype=np.int32)
        data = np.concatenate([values for _, values in rows])
        indices = np.concatenate([buckets for buckets, _ in rows]).astype(np.int32)  # all that scikit-learn takes
        matrices.append(sparse.csr_array((data, indices, ends), shape=(len(texts), BUCKETS)))
    return matrices


def learn(counts: Sequence[sparse.csr_array], labels: np.ndarray) -> Classifier:
    """Return the classifier of maximum penalised likelihood.

    Args:
        counts: as from `counts_of`.
        labels: 1 or 0 for each sentence.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    n = len(labels)
    frequencies = []
    for matrix in counts:
        documents = np.bincount(matrix.indices, minlength=BUCKETS)
        frequencies.append(np.where(documents >= MIN_SENTENCES, np.log((1 + n) / (1 + documents)) + 1, 0.0))
    parts = [
        length * normalize(matrix @ sparse.diags_array(idf))
        for matrix, idf, (_, length) in zip(counts, frequencies, VIEWS, strict=True)
    ]
    model = LogisticRegression(
        C=PENALTY, solver="liblinear", class_weight={0: 1.0, 1: WEIGHT}, tol=1e-4, max_iter=500, random_state=0
    )
    model.fit(sparse.hstack(parts).tocsr(), labels)
    weights = model.coef_.reshape(len(counts), BUCKETS)
    # the weights multiply the odds; without them the probabilities keep the share of check-worthy sentences
    return Classifier(np.array(frequencies), weights, float(model.intercept_[0]) - math.log(WEIGHT))


def folds(texts: Sequence[str], seed: int = 0) -> Iterator[np.ndarray]:
    """Yield the indices of each fold's sentences; sentences with the same words share a fold."""
    keys = [re.sub(r"\W+", " ", text.lower()).strip() for text in texts]
    distinct = list(dict.fromkeys(keys))
    order = np.random.default_rng(seed).permutation(len(distinct))
    fold_of = {distinct[item]: position % FOLDS for position, item in enumerate(order)}
    assigned = np.array([fold_of[key] for key in keys])
    for fold in range(FOLDS):
        yield np.flatnonzero(assigned == fold)


def cross_validated(texts: Sequence[str], labels: np.ndarray, *, seed: int = 0) -> Scores:
    """Return how well classifiers score sentences that they were not trained on.

    Args:
        texts: sentences.
        labels: 1 or 0 for each.
        seed: of the division into folds.
    """
    from sklearn.metrics import average_precision_score, f1_score

    counts = counts_of(texts)
    scores = []
    for fold in folds(texts, seed):
        rest = np.setdiff1d(np.arange(len(texts)), fold)
        model = from_bytes(to_bytes(learn([matrix[rest] for matrix in counts], labels[rest])))
        chances = np.array([model.probability(texts[index]) for index in fold])
        scores.append((f1_score(labels[fold], chances >= THRESHOLD), average_precision_score(labels[fold], chances)))
    f1, precision = np.mean(scores, axis=0)
    return Scores(float(f1), float(precision))


def main(arguments: Sequence[str]) -> None:
    """Print the accuracy; with `--write` also replace the classifier in the package."""
    (file,) = [name for name in arguments if not name.startswith("--")]
    records = json.loads(Path(file).read_text(encoding="utf-8"))
    texts, labels = [str(row["text"]) for row in records], np.array([int(row["label"]) for row in records])
    click.echo(f"{len(texts)} sentences, {labels.sum()} check-worthy, {FOLDS} folds")
    for seed in SEEDS:
        scores = cross_validated(texts, labels, seed=seed)
        click.echo(f"division {seed}: F1 {scores.f1:.4f}, average precision {scores.average_precision:.4f}")
    if "--write" in arguments:
        stored = Path(str(files("tocsin.draft"))) / FILE
        write_all({stored: to_bytes(learn(counts_of(texts), labels))})
        click.echo(f"{stored.name}: {stored.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
