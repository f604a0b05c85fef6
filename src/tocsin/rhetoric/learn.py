"""Learn the coder from labelled headlines, and measure its accuracy by cross-validation.

    python -m tocsin.rhetoric.learn LABELLED.csv HEADLINES.parquet [--write]

This prints the agreement with LABELLED in tenfold cross-validation. `--write` then learns from all labels and replaces the coder in the
package. In every fold the coder also learns from 5,873 headlines that the project labelled itself. `own_labels.csv` has their codes
without texts; HEADLINES (columns id, headline) has the texts. Accuracy is never measured on them.
"""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import click
import numpy as np
import polars as pl

from tocsin.files import write_all
from tocsin.rhetoric.agreement import agreement
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES, YES_NO, Coder, to_bytes
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import headline_features, state_features
from tocsin.rhetoric.rules import read

TONE_PENALTY, SPEAKER_PENALTY, TARGET_PENALTY, THEME_PENALTY = 0.5, 0.15, 0.5, 0.25
FOLDS = 10
LABELS = ("id", "headline", "target", "tone", "speaker", "theme")
TOLERANCE = 1e-7
"""Gradient of the mean loss at which the optimiser stops. Probabilities are then exact to about 1e-4."""
MAX_ITERATIONS = 5_000


def learn(labelled: pl.DataFrame) -> Coder:
    """Learn a coder from headlines with columns headline, target, tone, speaker and theme."""
    readings = [read(text) for text in labelled["headline"]]
    rows = [headline_features(reading) for reading in readings]
    themes = [set(text.split(";")) for text in labelled["theme"]]
    targets = [set(text.split(";")) if text else set() for text in labelled["target"].fill_null("")]
    state_rows, is_target = [], []
    for reading, target in zip(readings, targets, strict=True):
        for iso, row in state_features(reading).items():
            state_rows.append(row)
            is_target.append(YES_NO[iso in target])
    return Coder(
        tone=fit_logit(rows, labelled["tone"].cast(pl.String).to_list(), penalty=TONE_PENALTY, classes=tuple(map(str, TONES))),
        speaker=fit_logit(
            rows, labelled["speaker"].to_list(), penalty=SPEAKER_PENALTY, classes=SPEAKERS, scale=_scale_of_marks
        ),
        themes={
            name: fit_logit(
                rows, [YES_NO[name in theme] for theme in themes], penalty=THEME_PENALTY, classes=YES_NO, scale=_scale_of_marks
            )
            for name in THEMES
        },
        target=fit_logit(state_rows, is_target, penalty=TARGET_PENALTY, classes=YES_NO, scale=_scale_of_context),
    )  # fmt: skip


def _scale_of_marks(feature: str) -> float:
    """Return the scale of a feature: 2 for the codebook's marks, 1 for single words, 0.5 for pairs and the first or last words."""
    return {"w": 1.0, "b": 0.5, "first": 0.5, "last": 0.5}.get(feature.partition(" ")[0], 2.0)


def _scale_of_context(feature: str) -> float:
    """Return the scale of a feature of a state: 1 for its context, 0.7 for single words of the headline."""
    return 0.7 if "w" in feature.split(" ")[:3] and " as " not in f" {feature}" else 1.0


def fit_logit(
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    *,
    penalty: float,
    classes: Sequence[str],
    scale: Callable[[str], float] = lambda _: 1.0,
) -> FeatureLogit:
    """Estimate a logit by maximum likelihood with a ridge penalty: `penalty` / 2 times the sum of squared weights, without offsets.

    Args:
        rows: features of each row, without repetition.
        labels: the class of each row.
        penalty: strength of the penalty, positive.
        classes: names of the classes.
        scale: function from a feature's name to its scale. Weights are divided by their scales before they are penalised.

    Raises:
        ValueError: if a label is not a class, a class has no row, or the optimiser does not converge.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    columns = {name: index for index, name in enumerate(dict.fromkeys(name for row in rows for name in row))}
    scales = np.array([scale(name) for name in columns])
    codes = np.array([list(classes).index(label) for label in labels])
    if absent := [name for index, name in enumerate(classes) if index not in codes]:
        raise ValueError(f"no row has the class {absent[0]!r}")
    binary = len(classes) == 2
    # with two classes scikit-learn estimates the difference d of their weights, which are -d/2 and d/2: their squares sum to d**2 / 2
    model = LogisticRegression(C=(1 + binary) / penalty, tol=TOLERANCE, max_iter=MAX_ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(feature_matrix(rows, columns).multiply(scales).tocsr(), codes)
        except ConvergenceWarning as warning:
            raise ValueError("the fit did not converge") from warning
    halves = np.array([-0.5, 0.5]) if binary else 1.0
    return FeatureLogit(tuple(classes), columns, model.coef_.T * halves * scales[:, None], model.intercept_ * halves)


def own_labels(headlines: pl.DataFrame) -> pl.DataFrame:
    """Return the headlines that the project labelled itself, with columns `LABELS`.

    Args:
        headlines: columns id and headline, which has the texts.
    """
    codes = pl.read_csv(io.StringIO((files("tocsin.rhetoric") / "own_labels.csv").read_text(encoding="utf-8")))
    return codes.join(headlines.select("id", "headline"), on="id", how="inner", maintain_order="left").select(LABELS)


def cross_validated(labelled: pl.DataFrame, own: pl.DataFrame, *, seed: int = 1) -> pl.DataFrame:
    """Return the codes that each headline gets from a coder that was not trained on it.

    Args:
        labelled: columns `LABELS`, divided at random into folds.
        own: the project's labels, to learn from in every fold.
        seed: seed of the division into folds.

    Returns:
        A table as from `coding.code_table`.
    """
    order = np.random.default_rng(seed).permutation(labelled.height)
    parts = []
    for fold in np.array_split(order, FOLDS):
        rest = pl.concat([labelled[np.setdiff1d(order, fold).tolist()].select(LABELS), own])
        parts.append(code_table(learn(rest), labelled[sorted(fold.tolist())]))
    return pl.concat(parts)


def main(arguments: Sequence[str]) -> None:
    """Print cross-validation of labelled headlines; with `--write` also replace the coder in the package."""
    labelled = pl.read_csv(arguments[0])
    own = own_labels(pl.read_parquet(arguments[1]))
    click.echo(f"{FOLDS} folds; no headline is coded by a coder trained on it")
    click.echo(str(agreement(labelled, cross_validated(labelled, own))))
    if "--write" in arguments:
        file = Path(str(files("tocsin.rhetoric"))) / "coder.npz"
        write_all({file: to_bytes(learn(pl.concat([labelled.select(LABELS), own])))})
        click.echo(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
