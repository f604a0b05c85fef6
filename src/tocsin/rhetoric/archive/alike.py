"""Near-duplicates: statements that share four fifths of their shingles, found by MinHash bands and checked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache

import numpy as np

from tocsin.rhetoric.archive.terms import indexed

LEAST = 0.8
"""Jaccard index of the shingles from which two statements are nearly the same."""
SHINGLE = 4
BANDS, ROWS = 8, 4
"""With these, two statements at `LEAST` share a band with a probability of 0.985, and the more the more alike they are."""
MOST = 2_000
"""Terms that are looked at: a long text is known by its beginning."""
_PRIME = np.uint64(4_294_967_311)


def shingles(text: str) -> np.ndarray:
    """Hashes of the runs of four terms of a text, each once, sorted; of all terms together where there are fewer."""
    terms = indexed(text).split(" ", MOST)[:MOST]
    runs = (terms[at : at + SHINGLE] for at in range(max(len(terms) - SHINGLE + 1, 1)))
    return np.unique(
        np.fromiter((zlib.crc32(" ".join(run).encode("utf-8", "replace")) for run in runs), dtype=np.uint64)
    )


def bands(found: np.ndarray) -> list[int]:
    """A number for each band of the MinHash signature; statements with one in common may be alike."""
    slopes, starts = _hashes()
    least = ((found[:, None] * slopes + starts) % _PRIME).min(axis=0).reshape(BANDS, ROWS)
    return [zlib.crc32(band.tobytes(), at) for at, band in enumerate(least)]


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Share of the shingles of either that are in both."""
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both)


def first_alike(found: np.ndarray, candidates: Iterable[tuple[int, np.ndarray]]) -> int | None:
    """The number of the first candidate that is nearly the same, if one is."""
    return next((number for number, other in candidates if jaccard(found, other) >= LEAST), None)


@cache
def _hashes() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2014)
    return random.integers(1, 2**31, BANDS * ROWS, dtype=np.uint64), random.integers(
        0, 2**31, BANDS * ROWS, dtype=np.uint64
    )
