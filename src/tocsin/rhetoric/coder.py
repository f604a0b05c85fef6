"""Code headlines by the codebook: target, tone, speaker and theme with their probabilities, and the words behind the tone."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import prod
from typing import NamedTuple

import numpy as np
from scipy import sparse

from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import headline_features, missing_features, state_features, unknown_names
from tocsin.rhetoric.rules import Reading, read
from tocsin.rhetoric.words import known_words

TONES = (-2, -1, 0, 1)
SPEAKERS = ("kcna", "foreign", "official", "newspaper")
THEMES = (
    "history", "military_buildup", "constitution_law", "exercises_alliance", "nuclear_missile", "sanctions", "abduction",
    "territory", "chongryon_koreans_in_japan", "diplomacy_friendship", "domestic", "other",
)  # fmt: skip
YES_NO = ("no", "yes")
BATCH = 4096
"""Number of headlines coded at once. It bounds memory and does not change results."""
MAX_WORDS = 3
"""Largest number of words given as reasons for a tone."""


class Coding(NamedTuple):
    """The codes of a headline.

    Attributes:
        target: ISO codes, sorted; empty for none.
        tone: -2 to 1.
        speaker: one of `SPEAKERS`.
        theme: one or more of `THEMES`, the most probable first.
        p_target: probability that the set of targets is exactly this one.
        p_tone, p_speaker, p_theme: probabilities of the tone, the speaker and the first theme.
        words: up to three words or phrases of the headline with the largest weights for its tone.
    """

    target: tuple[str, ...]
    tone: int
    speaker: str
    theme: tuple[str, ...]
    p_target: float
    p_tone: float
    p_speaker: float
    p_theme: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Coder:
    """The learned part of the coder.

    Attributes:
        tone, speaker: logits over the features of a headline.
        themes: for each of `THEMES`, a logit of whether the headline has it.
        target: a logit of whether a state is a target, over the features of that state.
        missing: a logit of whether a headline has a target that no word of the lexicon names.
    """

    tone: FeatureLogit
    speaker: FeatureLogit
    themes: Mapping[str, FeatureLogit]
    target: FeatureLogit
    missing: FeatureLogit

    def code(self, headlines: Sequence[str], years: Sequence[int | None] | None = None) -> list[Coding]:
        """Return the codes of headlines, which may be any text. The codes of a headline do not depend on the others.

        Args:
            headlines: the texts.
            years: the year of each, which decides whom a name means; None where unknown.
        """
        items = list(zip(headlines, years or [None] * len(headlines), strict=True))
        unique = list(dict.fromkeys(items))
        codings: dict[tuple[str, int | None], Coding] = {}
        with paused_garbage_collector():
            for start in range(0, len(unique), BATCH):
                batch = unique[start : start + BATCH]
                codings.update(zip(batch, self._batch([read(*item) for item in batch]), strict=True))
        return [codings[item] for item in items]

    @cached_property
    def known(self) -> frozenset[str]:
        """The words of the lexicon, of the names of states and of the headlines that the coder has learned from."""
        return known_words() | {name[2:] for name in self.tone.columns if name.startswith("w ")}

    def _batch(self, readings: Sequence[Reading]) -> list[Coding]:
        matrix = feature_matrix(map(headline_features, readings), self.tone.columns)
        tones, speakers = self.tone.probabilities(matrix), self.speaker.probabilities(matrix)
        themes = np.column_stack([self.themes[name].probabilities(matrix)[:, 1] for name in THEMES])
        targets = self._targets(readings)
        words = _words(readings, matrix, self.tone, tones.argmax(axis=1))
        order = np.argsort(-themes, axis=1, kind="stable").tolist()
        codings = []
        for row, tone, speaker, theme, by_rank in zip(
            range(len(targets)), tones.tolist(), speakers.tolist(), themes.tolist(), order, strict=True
        ):
            p_tone, p_speaker = max(tone), max(speaker)
            likely = tuple(THEMES[index] for index in by_rank if theme[index] > 0.5) or (THEMES[by_rank[0]],)
            target, p_target = targets[row]
            codings.append(
                Coding(
                    target, TONES[tone.index(p_tone)], SPEAKERS[speaker.index(p_speaker)], likely, p_target, p_tone,
                    p_speaker, theme[by_rank[0]], words[row],
                )
            )  # fmt: skip
        return codings

    def _targets(self, readings: Sequence[Reading]) -> list[tuple[tuple[str, ...], float]]:
        """Return the targets of each headline, and the probability of exactly this set, which an unknown name lowers."""
        rows_missing = (missing_features(reading, unknown_names(reading, self.known)) for reading in readings)
        complete = self.missing.probabilities(feature_matrix(rows_missing, self.missing.columns))[:, 0].tolist()
        states = [state_features(reading) for reading in readings]
        matrix = feature_matrix((row for rows in states for row in rows.values()), self.target.columns)
        probabilities = self.target.probabilities(matrix)[:, 1].tolist()
        targets, start = [], 0
        for rows, none_missing in zip(states, complete, strict=True):
            of_headline = probabilities[start : start + len(rows)]
            start += len(rows)
            likely = tuple(sorted(iso for iso, p in zip(rows, of_headline, strict=True) if p > 0.5))
            targets.append((likely, prod((max(p, 1.0 - p) for p in of_headline), start=none_missing)))
        return targets


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Pause Python's cyclic garbage collector for the whole process.

    Coding makes millions of small objects and no reference cycles. A search for cycles among them adds a fifth to the time: 7.5 s
    instead of 6.2 s for 99,841 headlines.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _words(
    readings: Sequence[Reading], matrix: sparse.csr_array, tone: FeatureLogit, tones: np.ndarray
) -> list[tuple[str, ...]]:
    """Return the words and phrases of each row with the largest weights for its tone, the largest first."""
    names = list(tone.columns)
    is_word = np.array([name.startswith(_WORD_FEATURES) for name in names])
    rows = np.repeat(np.arange(len(tones)), np.diff(matrix.indptr))
    weights = tone.contrasts()[matrix.indices, tones[rows]]
    positive = np.flatnonzero(is_word[matrix.indices] & (weights > 0))
    order = positive[np.lexsort((matrix.indices[positive], -weights[positive], rows[positive]))]
    words: list[dict[str, None]] = [{} for _ in tones]  # the keys are an ordered set
    for row, column in zip(rows[order].tolist(), matrix.indices[order].tolist(), strict=True):
        if len(words[row]) < MAX_WORDS:
            kind, _, rest = names[column].partition(" ")
            words[row][readings[row].groups[rest][1] if kind == "g" else rest] = None
    return [tuple(row_words) for row_words in words]


_WORD_FEATURES = ("w ", "b ", "g ", "first ", "last ")
"""Prefixes of the features that are words or phrases of the headline."""


# --- file ----------------------------------------------------------------------------------------------------------


def to_bytes(coder: Coder) -> bytes:
    """Return a coder as a compressed archive of plain arrays."""
    arrays: dict[str, np.ndarray] = {
        "features": np.array(list(coder.tone.columns)),
        "state_features": np.array(list(coder.target.columns)),
        "missing_features": np.array(list(coder.missing.columns)),
    }
    themes = {f"theme_{name}": coder.themes[name] for name in THEMES}
    logits = {"tone": coder.tone, "speaker": coder.speaker, "target": coder.target, "missing": coder.missing, **themes}
    for name, logit in logits.items():
        arrays[f"{name}_weights"] = logit.weights.astype(np.float32)
        arrays[f"{name}_offsets"] = logit.offsets.astype(np.float32)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def from_bytes(data: bytes) -> Coder:
    """Return the coder that `to_bytes` wrote. No code in the archive is run."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        features, state_features, missing_features = (
            {str(name): index for index, name in enumerate(arrays[part])}
            for part in ("features", "state_features", "missing_features")
        )

        def logit(name: str, classes: Sequence[object], columns: Mapping[str, int]) -> FeatureLogit:
            weights, offsets = (arrays[f"{name}_{part}"].astype(np.float64) for part in ("weights", "offsets"))
            return FeatureLogit(tuple(map(str, classes)), columns, weights, offsets)

        return Coder(
            logit("tone", TONES, features),
            logit("speaker", SPEAKERS, features),
            {name: logit(f"theme_{name}", YES_NO, features) for name in THEMES},
            logit("target", YES_NO, state_features),
            logit("missing", YES_NO, missing_features),
        )


@cache
def coder() -> Coder:
    """Return the coder that comes with the program."""
    return from_bytes((files("tocsin.rhetoric") / "coder.npz").read_bytes())
