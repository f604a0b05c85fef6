"""Learn the coder from labelled headlines, and measure its accuracy.

    python -m tocsin.rhetoric.learn LABELLED.csv HEADLINES.parquet ... [--write]

This prints the agreement with LABELLED in tenfold cross-validation, in all and by period, and the agreement with the project's labels of
2024 that are kept apart. `--write` then learns from all labels but those and replaces the coder in the package.

In every fold the coder also learns from 6,273 headlines that the project labelled itself and 276 that it invented in the style of 2023 to 2026
(`invented_labels.csv`). `own_labels.csv` has codes without texts; HEADLINES (columns id, date, headline) have the texts. Its column `use` says
whether the coder learns from a headline or is measured on it.
"""

from __future__ import annotations

import io
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
import numpy as np
import polars as pl

from tocsin.files import write_all
from tocsin.rhetoric.agreement import agreement
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES, YES_NO, Coder, to_bytes
from tocsin.rhetoric.coding import code_table, headline_years
from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import candidates, headline_features, missing_features, state_features, unknown_names
from tocsin.rhetoric.rules import Mention, Reading, read
from tocsin.rhetoric.words import known_words

TONE_PENALTY, SPEAKER_PENALTY, TARGET_PENALTY, THEME_PENALTY, MISSING_PENALTY = 0.5, 0.15, 0.5, 0.25, 1.0
HIDDEN = 10
"""One in this many names of a state is taken to be unknown."""
FOLDS = 10
LABELS = ("id", "date", "headline", "target", "tone", "speaker", "theme")
TOLERANCE = 1e-7
"""Gradient of the mean loss at which the optimiser stops. Probabilities are then exact to about 1e-4."""
MAX_ITERATIONS = 5_000


def learn(labelled: pl.DataFrame) -> Coder:
    """Learn a coder from headlines with columns headline, date, target, tone, speaker and theme; a date may be missing."""
    readings = [read(*item) for item in zip(labelled["headline"], headline_years(labelled), strict=True)]
    rows = [headline_features(reading) for reading in readings]
    themes = [set(text.split(";")) for text in labelled["theme"]]
    targets = [set(text.split(";")) if text else set() for text in labelled["target"].fill_null("")]
    state_rows, is_target = [], []
    for reading, target in zip(readings, targets, strict=True):
        for iso, row in state_features(reading).items():
            state_rows.append(row)
            is_target.append(YES_NO[iso in target])
    missing_rows, is_missing = _missing(readings, targets)
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
        missing=fit_logit(missing_rows, is_missing, penalty=MISSING_PENALTY, classes=YES_NO),
    )  # fmt: skip


def _missing(readings: Sequence[Reading], targets: Sequence[Collection[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the features of headlines whose targets may be missing in the lexicon, and whether they are.

    A word that only one headline has counts as unknown there, as it would in a new headline. The lexicon was written by readers of these headlines,
    so it lacks few of their names. Every `HIDDEN`th headline with a state therefore comes a second time, with its first state hidden.
    """
    counts = Counter(word for reading in readings for word in set(reading.words))
    known = known_words() | {word for word, count in counts.items() if count > 1}
    rows, labels, seen = [], [], 0
    for reading, target in zip(readings, targets, strict=True):
        rows.append(missing_features(reading, unknown_names(reading, known)))
        labels.append(YES_NO[bool(set(target) - set(candidates(reading)))])
        if reading.mentions:
            seen += 1
            if seen % HIDDEN == 0:
                hidden, name = _hide(reading)
                rows.append(missing_features(hidden, sorted([name, *unknown_names(reading, known)])))
                labels.append(YES_NO[reading.mentions[0].iso in target])
    return [[name for name in row if _HIDDEN_WORD not in name] for row in rows], labels


_HIDDEN_WORD = "hidden_"


def _hide(reading: Reading) -> tuple[Reading, Mention]:
    """Return a headline whose first state has a name that is not known, and that name."""
    iso, first, last = reading.mentions[0]
    words = [_HIDDEN_WORD if first <= index <= last else word for index, word in enumerate(reading.words)]
    mentions = [mention for mention in reading.mentions if mention.iso != iso]
    implied = [mention for mention in reading.implied if mention.iso != iso]
    return reading._replace(words=words, mentions=mentions, implied=implied), Mention("", first, last)


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


def own_labels(headlines: pl.DataFrame, *, use: str = "learn") -> pl.DataFrame:
    """Return the headlines that the project labelled itself, with columns `LABELS`.

    Args:
        headlines: columns id, date and headline, which has the texts.
        use: `learn`, or `measure` for the headlines that are kept apart to measure accuracy.
    """
    codes = _stored("own_labels.csv").filter(use=use)
    texts = headlines.select("id", "headline", pl.col("date").cast(pl.Date).cast(pl.String))
    return codes.join(texts, on="id", how="inner", maintain_order="left").select(LABELS)


def invented_labels() -> pl.DataFrame:
    """Return headlines that the project invented in the style of 2023 to 2026, with columns `LABELS` and no dates."""
    return _stored("invented_labels.csv").with_columns(pl.lit(None, pl.String).alias("date")).select(LABELS)


def _stored(name: str) -> pl.DataFrame:
    return pl.read_csv(io.StringIO((files("tocsin.rhetoric") / name).read_text(encoding="utf-8")))


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
    """Print the accuracy by period; with `--write` also replace the coder in the package."""
    file, *texts = [name for name in arguments if not name.startswith("--")]
    labelled = pl.read_csv(file).select(LABELS)
    headlines = pl.concat(
        pl.read_parquet(name).select("id", pl.col("date").cast(pl.Date), "headline") for name in texts
    )
    own = pl.concat([own_labels(headlines), invented_labels()])
    click.echo(f"{FOLDS} folds; no headline is coded by a coder trained on it")
    codes = cross_validated(labelled, own)
    click.echo(str(agreement(labelled, codes)))
    for first, last in PERIODS:
        part = labelled.filter(pl.col("date").str.slice(0, 4).cast(pl.Int64).is_between(first, last))
        click.echo(f"{first} to {last}: {accuracy(part, codes)}")
    learnt = learn(pl.concat([labelled, own]))
    apart = own_labels(headlines, use="measure")
    if apart.height:
        click.echo(f"2024, kept apart: {accuracy(apart, code_table(learnt, apart))}")
    if "--write" in arguments:
        stored = Path(str(files("tocsin.rhetoric"))) / "coder.npz"
        write_all({stored: to_bytes(learnt)})
        click.echo(f"{stored.name}: {stored.stat().st_size:,} bytes")


PERIODS = ((1997, 2001), (2002, 2006), (2007, 2010), (2011, 2014))
SURE = 0.95
"""A target with a larger probability is given as sure."""


@dataclass(frozen=True)
class Accuracy:
    """How well codes agree with labels.

    Attributes:
        n: number of headlines.
        target, tone, speaker: shares of headlines with equal codes.
        theme: micro F1.
        wrong: number of headlines with other targets than the labels.
        wrong_and_sure: number of these to which the coder gives a `p_target` above `SURE`.
        sure: number of all headlines with a `p_target` above `SURE`.
    """

    n: int
    target: float
    tone: float
    speaker: float
    theme: float
    wrong: int
    wrong_and_sure: int
    sure: int

    def __str__(self) -> str:
        return (
            f"{self.n} headlines; target {self.target:.3f}, tone {self.tone:.3f}, speaker {self.speaker:.3f}, "
            f"theme {self.theme:.3f}; {self.wrong} wrong targets, {self.wrong_and_sure} of them among the {self.sure} "
            f"with p_target above {SURE}"
        )


def accuracy(labelled: pl.DataFrame, codes: pl.DataFrame) -> Accuracy:
    """Return how well codes, as `coding.code_table` returns them, agree with labels of the same headlines."""
    values = {row.name: row.value for row in agreement(labelled, codes).statistics}
    both = labelled.select("id", pl.col("target").fill_null("")).join(
        codes.select("id", "target", "p_target"), on="id", suffix="_coded"
    )
    wrong = [
        set(one.split(";")) != set(two.split(";")) for one, two in both.select("target", "target_coded").iter_rows()
    ]
    sure = both.select((pl.col("p_target") > SURE).alias("sure"), pl.Series("wrong", wrong))
    return Accuracy(
        n=both.height,
        target=values["target, exact"],
        tone=values["tone, agreement"],
        speaker=values["speaker, agreement"],
        theme=values["theme, micro F1"],
        wrong=sum(wrong),
        wrong_and_sure=sure.filter("sure", "wrong").height,
        sure=sure.filter("sure").height,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
