"""Codes headlines by the codebook: target, tone, speaker and theme, each with its probability, and the words that decided."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import prod
from typing import NamedTuple

import numpy as np
from scipy import sparse

from tocsin.rhetoric.feature_logit import FeatureLogit, feature_matrix
from tocsin.rhetoric.features import of_headline, of_states
from tocsin.rhetoric.rules import Reading, read

TONES = (-2, -1, 0, 1)
SPEAKERS = ("kcna", "foreign", "official", "newspaper")
THEMES = (
    "history", "military_buildup", "constitution_law", "exercises_alliance", "nuclear_missile", "sanctions", "abduction",
    "territory", "chongryon_koreans_in_japan", "diplomacy_friendship", "domestic", "other",
)  # fmt: skip
YES_NO = ("no", "yes")
BATCH = 4096
"""Headlines coded at once: it bounds the memory and changes no result."""


class Coding(NamedTuple):
    """What a headline is coded as.

    Attributes:
        target: ISO codes, sorted; empty for none.
        tone: -2 to 1.
        speaker: one of `SPEAKERS`.
        theme: one or more of `THEMES`, the likeliest first.
        p_target, p_tone, p_speaker, p_theme: probabilities of these (of the set of targets as a whole; of the first theme).
        words: up to three words or phrases of the headline that spoke most for its tone.
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
    """The learned part of the coder: logits of tone, speaker and each theme over a headline's features, and of a mentioned state
    being a target over its own."""

    tone: FeatureLogit
    speaker: FeatureLogit
    themes: Mapping[str, FeatureLogit]
    target: FeatureLogit

    def code(self, headlines: Sequence[str]) -> list[Coding]:
        """Code headlines, whatever their text; equal headlines are coded alike, in any order and batch."""
        unique = list(dict.fromkeys(headlines))
        found: dict[str, Coding] = {}
        with _no_search_for_cycles():
            for start in range(0, len(unique), BATCH):
                some = unique[start : start + BATCH]
                found.update(zip(some, self._batch([read(text) for text in some]), strict=True))
        return [found[text] for text in headlines]

    def _batch(self, readings: Sequence[Reading]) -> list[Coding]:
        told = feature_matrix(map(of_headline, readings), self.tone.columns)
        tones, speakers = self.tone.probabilities(told), self.speaker.probabilities(told)
        themes = np.column_stack([self.themes[name].probabilities(told)[:, 1] for name in THEMES])
        targets = self._targets(readings)
        words = _words(readings, told, self.tone, tones.argmax(axis=1))
        order = np.argsort(-themes, axis=1, kind="stable").tolist()
        found = []
        for row, tone, speaker, theme, places in zip(
            range(len(targets)), tones.tolist(), speakers.tolist(), themes.tolist(), order, strict=True
        ):
            p_tone, p_speaker = max(tone), max(speaker)
            chosen = tuple(THEMES[at] for at in places if theme[at] > 0.5) or (THEMES[places[0]],)
            target, p_target = targets[row]
            found.append(
                Coding(
                    target, TONES[tone.index(p_tone)], SPEAKERS[speaker.index(p_speaker)], chosen, p_target, p_tone,
                    p_speaker, theme[places[0]], words[row],
                )
            )  # fmt: skip
        return found

    def _targets(self, readings: Sequence[Reading]) -> list[tuple[tuple[str, ...], float]]:
        """The states that are targets of each headline, and the probability that these are all and no others."""
        named = [of_states(reading) for reading in readings]
        told = feature_matrix((row for states in named for row in states.values()), self.target.columns)
        chances = self.target.probabilities(told)[:, 1].tolist()
        found, start = [], 0
        for states in named:
            each = chances[start : start + len(states)]
            start += len(states)
            chosen = tuple(sorted(iso for iso, chance in zip(states, each, strict=True) if chance > 0.5))
            found.append((chosen, prod((max(chance, 1.0 - chance) for chance in each), start=1.0)))
        return found


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Coding makes millions of small objects and no cycle among them; looking for one takes a sixth of the time."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _words(
    readings: Sequence[Reading], told: sparse.csr_array, tone: FeatureLogit, chosen: np.ndarray, most: int = 3
) -> list[tuple[str, ...]]:
    """The words and phrases of each row that speak most for its tone, the strongest first."""
    names = list(tone.columns)
    in_words = np.array([name.startswith(_WORDS) for name in names])
    rows = np.repeat(np.arange(len(chosen)), np.diff(told.indptr))
    weights = tone.contrasts()[told.indices, chosen[rows]]
    kept = np.flatnonzero(in_words[told.indices] & (weights > 0))
    order = kept[np.lexsort((told.indices[kept], -weights[kept], rows[kept]))]
    found: list[dict[str, None]] = [{} for _ in chosen]
    for row, at in zip(rows[order].tolist(), told.indices[order].tolist(), strict=True):
        if len(found[row]) < most:
            kind, _, rest = names[at].partition(" ")
            found[row][readings[row].groups[rest][1] if kind == "g" else rest] = None
    return [tuple(each) for each in found]


_WORDS = ("w ", "b ", "g ", "first ", "last ")
"""Kinds of features that are words of the headline."""


# --- kept in a file ------------------------------------------------------------------------------------------------


def to_bytes(coder: Coder) -> bytes:
    """The coder as a compressed archive of plain arrays."""
    arrays: dict[str, np.ndarray] = {
        "features": np.array(list(coder.tone.columns)),
        "state_features": np.array(list(coder.target.columns)),
    }
    for name, model in _models(coder).items():
        arrays[f"{name}_weights"] = model.weights.astype(np.float32)
        arrays[f"{name}_offsets"] = model.offsets.astype(np.float32)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _models(coder: Coder) -> dict[str, FeatureLogit]:
    themes = {f"theme_{name}": coder.themes[name] for name in THEMES}
    return {"tone": coder.tone, "speaker": coder.speaker, "target": coder.target, **themes}


def from_bytes(data: bytes) -> Coder:
    """A coder as `to_bytes` wrote it; nothing in it is run."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        places = {str(name): at for at, name in enumerate(arrays["features"])}
        state_places = {str(name): at for at, name in enumerate(arrays["state_features"])}

        def model(name: str, classes: Sequence[object], of: Mapping[str, int] = places) -> FeatureLogit:
            weights, offsets = (arrays[f"{name}_{part}"].astype(np.float64) for part in ("weights", "offsets"))
            return FeatureLogit(tuple(map(str, classes)), of, weights, offsets)

        return Coder(
            model("tone", TONES),
            model("speaker", SPEAKERS),
            {name: model(f"theme_{name}", YES_NO) for name in THEMES},
            model("target", YES_NO, state_places),
        )


@cache
def coder() -> Coder:
    """The coder that comes with the program."""
    return from_bytes((files("tocsin.rhetoric") / "coder.npz").read_bytes())
