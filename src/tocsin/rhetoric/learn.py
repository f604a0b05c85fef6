"""Learns the coder from labelled headlines, and measures it on those that it did not see.

    python -m tocsin.rhetoric.learn LABELLED.csv HEADLINES.parquet [--write]

prints tenfold cross-validation; `--write` then learns from all of them and replaces the coder in the package. To those that are
labelled it adds 5,873 of the project's own, kept apart in `own_labels.csv` as codes without texts; HEADLINES (id, headline) gives
the texts. No figure is ever measured on the own ones.
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

from tocsin.rhetoric.agreement import agreement
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES, YES_NO, Coder, to_bytes
from tocsin.rhetoric.coding import coded
from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import of_headline, of_states
from tocsin.rhetoric.rules import read

TONE_PENALTY, SPEAKER_PENALTY, TARGET_PENALTY, THEME_PENALTY = 0.5, 0.15, 0.5, 0.25
FOLDS = 10
LABELS = ("id", "headline", "target", "tone", "speaker", "theme")
TOLERANCE = 1e-7
"""Largest slope of the mean loss at the optimum; probabilities are then exact to about 1e-4."""
MAX_ITERATIONS = 5_000


def fit_logit(
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    *,
    penalty: float,
    classes: Sequence[str],
    scale: Callable[[str], float] = lambda _: 1.0,
) -> FeatureLogit:
    """Estimate a logit by maximum likelihood less `penalty` / 2 times the sum of squared weights; offsets are not penalised.

    Args:
        rows: features of each row, each named once.
        labels: class of each row.
        penalty: positive.
        classes: names of the classes.
        scale: by a feature's name, how much larger its weight may be than another's at the same penalty.

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
    # with two classes scikit-learn estimates the difference of their weights; halves of it have half its sum of squares
    model = LogisticRegression(C=(2 if binary else 1) / penalty, tol=TOLERANCE, max_iter=MAX_ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(feature_matrix(rows, columns).multiply(scales).tocsr(), codes)
        except ConvergenceWarning as warning:
            raise ValueError("the fit did not converge") from warning
    weights, offsets = model.coef_.T, model.intercept_
    if binary:
        weights, offsets = weights * [[-0.5, 0.5]], offsets * [-0.5, 0.5]
    return FeatureLogit(tuple(classes), columns, weights * scales[:, None], offsets)


def _marks_first(feature: str) -> float:
    """Marks of the codebook count for more than single words, and these for more than pairs of words."""
    return {"w": 1.0, "b": 0.5, "first": 0.5, "last": 0.5}.get(feature.partition(" ")[0], 2.0)


def _places_first(feature: str) -> float:
    """Where and how a state stands counts for more than the single words of the headline."""
    return 0.7 if "w" in feature.split(" ")[:3] and " as " not in f" {feature}" else 1.0


def learn(labelled: pl.DataFrame) -> Coder:
    """A coder from headlines with target, tone, speaker and theme as the codebook writes them."""
    readings = [read(text) for text in labelled["headline"]]
    rows = [of_headline(reading) for reading in readings]
    themes = [set(text.split(";")) for text in labelled["theme"]]
    targets = [set(text.split(";")) if text else set() for text in labelled["target"].fill_null("")]
    state_rows, is_target = [], []
    for reading, target in zip(readings, targets, strict=True):
        for iso, row in of_states(reading).items():
            state_rows.append(row)
            is_target.append(YES_NO[iso in target])
    return Coder(
        tone=fit_logit(rows, labelled["tone"].cast(pl.String).to_list(), penalty=TONE_PENALTY, classes=tuple(map(str, TONES))),
        speaker=fit_logit(
            rows, labelled["speaker"].to_list(), penalty=SPEAKER_PENALTY, classes=SPEAKERS, scale=_marks_first
        ),
        themes={
            name: fit_logit(
                rows, [YES_NO[name in theme] for theme in themes], penalty=THEME_PENALTY, classes=YES_NO, scale=_marks_first
            )
            for name in THEMES
        },
        target=fit_logit(state_rows, is_target, penalty=TARGET_PENALTY, classes=YES_NO, scale=_places_first),
    )  # fmt: skip


def own_labels(headlines: pl.DataFrame) -> pl.DataFrame:
    """The project's own labels with their texts.

    Args:
        headlines: columns id and headline.
    """
    codes = pl.read_csv(io.StringIO((files("tocsin.rhetoric") / "own_labels.csv").read_text(encoding="utf-8")))
    return codes.join(headlines.select("id", "headline"), on="id", how="inner", maintain_order="left").select(LABELS)


def cross_validated(labelled: pl.DataFrame, own: pl.DataFrame, *, seed: int = 1) -> pl.DataFrame:
    """Every headline coded by a coder that has not seen it, own labels added to what it learns from: columns id, target, tone, speaker, theme."""
    order = np.random.default_rng(seed).permutation(labelled.height)
    parts = []
    for fold in np.array_split(order, FOLDS):
        rest = pl.concat([labelled[np.setdiff1d(order, fold).tolist()].select(LABELS), own])
        parts.append(coded(learn(rest), labelled[sorted(fold.tolist())]))
    return pl.concat(parts)


def main(arguments: Sequence[str]) -> None:
    """Print cross-validation of a file of labelled headlines; with `--write` replace the coder in the package."""
    labelled = pl.read_csv(arguments[0])
    own = own_labels(pl.read_parquet(arguments[1]))
    click.echo(f"{FOLDS} folds, each headline coded by a coder that has not seen it")
    click.echo(str(agreement(labelled, cross_validated(labelled, own))))
    if "--write" in arguments:
        place = Path(str(files("tocsin.rhetoric"))) / "coder.npz"
        place.write_bytes(to_bytes(learn(pl.concat([labelled.select(LABELS), own]))))
        click.echo(f"{place.name}: {place.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
