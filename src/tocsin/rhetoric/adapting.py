"""Learn a reader's codes on top of the coder that comes with the program, and measure whether they make it better.

The texts of the labels behind the coder do not come with the program, so it cannot be learned from scratch. Its weights are the centre of a
Gaussian prior instead, and the reader's headlines move them (Chelba and Acero 2006, Computer Speech and Language 20).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
import polars as pl
from scipy import optimize, sparse
from scipy.special import logsumexp, softmax

from tocsin.errors import InputError, SolveError
from tocsin.files import write_all
from tocsin.rhetoric.coder import THEMES, YES_NO, Coder, from_bytes, to_bytes
from tocsin.rhetoric.coding import code_table, headline_years
from tocsin.rhetoric.corrections import CODES
from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import headline_features, state_features
from tocsin.rhetoric.korean import is_korean
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.rules import read
from tocsin.translation import message, plural

PENALTY = 5.0
"""Inverse variance of a weight's move. About five headlines that all contradict the coder move a weight by one, odds by a factor of e."""
MIN_HEADLINES = 20
"""Fewest headlines to learn from."""
FOLDS = 5
RESAMPLES = 1000
TOLERANCE = 1e-6
"""Largest slope of the loss at which the search ends."""


@dataclass(frozen=True)
class Change:
    """How many more headlines get the reader's code from the new coder than from the old one.

    Attributes:
        code: `target`, `tone`, `speaker`, `theme`, or `all` for the mean of the four.
        before, after: shares of headlines with equal codes.
        low, high: 90 % interval of `after - before` from resampled headlines.
    """

    code: str
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True)
class Adapted:
    """A coder that learned a reader's codes.

    Attributes:
        coder: learned from all of them.
        n: number of headlines learned from; left_out: others, in Korean or unreadable.
        changes: measured by cross-validation: no headline is coded by a coder that learned from it. The last is the mean.
    """

    coder: Coder
    n: int
    left_out: int
    changes: tuple[Change, ...]

    @property
    def outcome(self) -> Literal["better", "worse", "unclear"]:
        """Return whether the new coder agrees better with the reader; `unclear` if the interval holds zero and the mean is not below."""
        overall = self.changes[-1]
        if overall.after < overall.before:
            return "worse"
        return "better" if overall.low > 0 else "unclear"

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict of all but the coder."""
        changes = [asdict(change) for change in self.changes]
        return {"n": self.n, "left_out": self.left_out, "outcome": self.outcome, "changes": changes}


def adapted(
    coder: Coder, labelled: pl.DataFrame, *, progress: Callable[[float], None] = lambda _done: None, seed: int = 1
) -> Adapted:
    """Learn a reader's codes on top of a coder, and compare both by cross-validation.

    Args:
        coder: the old coder.
        labelled: columns as `corrections.LABELS`, in the form of the codebook.
        progress: called with the share that is done.
        seed: of the folds and of resampling.

    Raises:
        InputError: if there are fewer than `MIN_HEADLINES` English headlines.
        SolveError: if the search for the weights does not converge.
    """
    readable = [is_readable(text) and not is_korean(text) for text in labelled["headline"]]
    own = labelled.filter(pl.Series(readable, dtype=pl.Boolean))
    if own.height < MIN_HEADLINES:
        raise InputError(
            plural(
                "only {count} English headline has your codes",
                "only {count} English headlines have your codes",
                own.height,
            ),
            remedy=message("code at least {count} first", count=MIN_HEADLINES),
        )
    random = np.random.default_rng(seed)
    parts = []
    for index, fold in enumerate(np.array_split(random.permutation(own.height), FOLDS)):
        rest = own[np.setdiff1d(np.arange(own.height), fold).tolist()]
        parts.append(code_table(adapt(coder, rest), own[sorted(fold.tolist())]))
        progress((index + 1) / (FOLDS + 1))
    changes = _changes(own, code_table(coder, own), pl.concat(parts), random)
    return Adapted(adapt(coder, own), own.height, labelled.height - own.height, changes)


def adapt(coder: Coder, labelled: pl.DataFrame) -> Coder:
    """Return a coder whose weights moved from the old ones towards a reader's codes; for arguments and errors see `adapted`.

    The logit of a missing target stays: no code says which word of a headline names an unknown state.
    """
    readings = [read(*item) for item in zip(labelled["headline"], headline_years(labelled), strict=True)]
    rows = [headline_features(reading) for reading in readings]
    themes = [set(text.split(";")) for text in labelled["theme"]]
    states = [state_features(reading) for reading in readings]
    targets = [set(text.split(";")) for text in labelled["target"]]
    state_rows = [row for by_state in states for row in by_state.values()]
    is_target = [YES_NO[iso in own] for by_state, own in zip(states, targets, strict=True) for iso in by_state]
    return replace(
        coder,
        tone=moved(coder.tone, rows, labelled["tone"].to_list()),
        speaker=moved(coder.speaker, rows, labelled["speaker"].to_list()),
        themes={name: moved(coder.themes[name], rows, [YES_NO[name in theme] for theme in themes]) for name in THEMES},
        target=moved(coder.target, state_rows, is_target),
    )


def moved(logit: FeatureLogit, rows: Sequence[Sequence[str]], labels: Sequence[str]) -> FeatureLogit:
    """Return a logit at the mode of its weights, given labels and a Gaussian prior around the old weights and offsets.

    Args:
        logit: the old one.
        rows: features of each row; new features begin with the weight 0.
        labels: the class of each row.

    Raises:
        SolveError: if the search does not converge.
    """
    if not rows:
        return logit
    present = list(dict.fromkeys(name for row in rows for name in row))
    columns = dict(logit.columns)
    for name in present:
        columns.setdefault(name, len(columns))
    weights = np.vstack([logit.weights, np.zeros((len(columns) - len(logit.columns), len(logit.classes)))])
    matrix = feature_matrix(rows, {name: index for index, name in enumerate(present)})
    matrix = sparse.csr_array(sparse.hstack([matrix, np.ones((len(rows), 1))]))  # the last column moves the offsets
    places = [columns[name] for name in present]
    start = np.asarray(matrix @ np.vstack([weights[places], logit.offsets]))
    move = _move(matrix, start, np.array([logit.classes.index(label) for label in labels]))
    weights[places] += move[:-1]
    return FeatureLogit(logit.classes, columns, weights, logit.offsets + move[-1])


def _move(matrix: sparse.csr_array, start: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the moves of the weights, (features, classes), that minimise the penalised loss.

    Args:
        matrix: (rows, features); start: (rows, classes) scores without a move; codes: (rows,) positions of the right classes.
    """
    rows, shape = np.arange(codes.size), (matrix.shape[1], start.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        move = flat.reshape(shape)
        scores = start + np.asarray(matrix @ move)
        excess = softmax(scores, axis=1)
        excess[rows, codes] -= 1.0
        value = (logsumexp(scores, axis=1) - scores[rows, codes]).sum() + PENALTY / 2 * (flat @ flat)
        return float(value), (np.asarray(matrix.T @ excess) + PENALTY * move).ravel()

    minimum = optimize.minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"gtol": TOLERANCE, "ftol": 0.0}
    )
    if np.abs(minimum.jac).max() > 1e3 * TOLERANCE:
        raise SolveError(
            message("the search for the weights did not converge"), remedy=message("report this, with your corrections")
        )
    return np.asarray(minimum.x).reshape(shape)


def _changes(
    labelled: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, random: np.random.Generator
) -> tuple[Change, ...]:
    old, new = _equal(labelled, before), _equal(labelled, after)
    samples = random.integers(0, labelled.height, (RESAMPLES, labelled.height))
    changes = []
    for index, name in enumerate((*CODES, "all")):
        low, high = np.quantile((new - old)[samples, index].mean(axis=1), [0.05, 0.95])
        changes.append(Change(name, float(old[:, index].mean()), float(new[:, index].mean()), float(low), float(high)))
    return tuple(changes)


def _equal(labelled: pl.DataFrame, codes: pl.DataFrame) -> np.ndarray:
    """Return whether each headline has the reader's codes, (headlines, codes), and the share of its codes that are equal, as last column."""
    both = labelled.select("id", *CODES).join(codes, on="id", suffix="_coded", maintain_order="left")
    equal = np.array(
        [
            [set(str(row[name]).split(";")) == set(str(row[f"{name}_coded"]).split(";")) for name in CODES]
            for row in both.iter_rows(named=True)
        ],
        dtype=float,
    )
    return np.column_stack([equal, equal.mean(axis=1)])


def coder_file(archive: Path) -> Path:
    """Return the file of the coder that learned the reader's codes: `archive.coder.npz` beside `archive.db`."""
    return archive.with_suffix(".coder.npz")


def report_file(archive: Path) -> Path:
    """Return the file that says how that coder compares with the shipped one: `archive.coder.json` beside `archive.db`."""
    return archive.with_suffix(".coder.json")


def store(archive: Path, result: Adapted) -> None:
    """Write the coder that learned the reader's codes, and how it compares, beside the archive.

    Raises:
        InputError: if a file cannot be written; both are then as they were.
    """
    write_all({coder_file(archive): to_bytes(result.coder), report_file(archive): json.dumps(result.to_dict())})


def own_coder(archive: Path) -> Coder:
    """Return the coder that learned the reader's codes.

    Raises:
        InputError: if there is none, or its file is damaged.
    """
    file = coder_file(archive)
    try:
        return from_bytes(file.read_bytes())
    except FileNotFoundError:
        raise InputError(
            message("no coder has learned your codes"), file=str(file), remedy=message("learn again first")
        ) from None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(message("the coder cannot be read"), file=str(file), remedy=message("learn again")) from error
