"""Find near-duplicates: statements that share at least four fifths of their shingles (Broder 1997).

MinHash bands select candidates, and the Jaccard index decides. Archives store the hashes, so these must never change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

MIN_JACCARD = 0.8
"""Smallest Jaccard index of the shingles of near-duplicates."""
SHINGLE_TERMS = 4
MIN_SHINGLES = 8
"""Fewest shingles of a statement that is compared: shorter ones resemble one another by chance."""
BANDS, ROWS = 8, 4
"""Two statements at `MIN_JACCARD` share a band with probability 0.985, at 0.9 with 0.9998."""
MAX_CANDIDATES = 32
"""Candidates whose shingles are compared: those with the most bands in common."""
_WORD_BITS = np.uint64(32)
_CHUNK = 20_000
_MAX_CACHED = 500_000


class Shingler:
    """Makes shingles, and caches the hashes of terms."""

    def __init__(self) -> None:
        self._cache: dict[str, int] = {}

    def shingles(self, terms: Sequence[str]) -> Hashes:
        """Return the sorted, distinct hashes of all runs of four terms, or an empty array if there are too few to compare."""
        if len(terms) < MIN_SHINGLES + SHINGLE_TERMS - 1:
            return np.empty(0, np.uint64)
        single = np.fromiter(map(self._hash, terms), np.uint64, len(terms))
        runs = len(terms) - SHINGLE_TERMS + 1
        joined = np.zeros(runs, np.uint64)
        for index, factor in enumerate(_constants("shingle", SHINGLE_TERMS)):
            joined += single[index : index + runs] * factor
        result = np.unique(_mix(joined))
        return result if result.size >= MIN_SHINGLES else np.empty(0, np.uint64)

    def _hash(self, term: str) -> int:
        value = self._cache.get(term)
        if value is None:
            if len(self._cache) >= _MAX_CACHED:
                self._cache.clear()
            value = self._cache[term] = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")
        return value


def bands(shingles: Hashes) -> list[int]:
    """Return a number for each band of the MinHash signature; near-duplicates almost always share one."""
    if not shingles.size:
        return []
    slopes, starts = _constants("slope", BANDS * ROWS), _constants("start", BANDS * ROWS)
    minima = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, np.uint64)
    for first in range(0, shingles.size, _CHUNK):
        part = shingles[first : first + _CHUNK, None]
        np.minimum(minima, (part * slopes + starts >> _WORD_BITS).min(axis=0), out=minima)
    sums = (minima.reshape(BANDS, ROWS) * _constants("row", ROWS)).sum(axis=1, dtype=np.uint64)
    return [int(number) for number in _mix(sums + _constants("band", BANDS)).view(np.int64)]


def jaccard(first: Hashes, second: Hashes) -> float:
    """Return the Jaccard index: the share of all shingles that are in both statements; 0 if one has none."""
    if not first.size or not second.size:
        return 0.0
    common = np.intersect1d(first, second, assume_unique=True).size
    return common / (first.size + second.size - common)


def nearest(shingles: Hashes, candidates: Iterable[int], shingles_of: Callable[[int], Hashes]) -> int | None:
    """Return the number of a near-duplicate, or None.

    Args:
        shingles: shingles of the new statement.
        candidates: numbers of stored statements, once for each band shared with it.
        shingles_of: returns the shingles of a candidate.
    """
    shared = Counter(candidates)
    order = sorted(shared, key=lambda number: (-shared[number], number))[:MAX_CANDIDATES]
    return next((number for number in order if jaccard(shingles, shingles_of(number)) >= MIN_JACCARD), None)


@cache
def _constants(name: str, count: int) -> Hashes:
    """Return pseudo-random odd numbers, on which stored hashes depend."""
    digests = (blake2b(f"{name} {index}".encode(), digest_size=8).digest() for index in range(count))
    return np.array([int.from_bytes(digest, "little") | 1 for digest in digests], np.uint64)


def _mix(numbers: Hashes) -> Hashes:
    """Return numbers with their bits well mixed (the finalizer of MurmurHash3)."""
    numbers = numbers ^ (numbers >> np.uint64(33))
    numbers = numbers * np.uint64(0xFF51AFD7ED558CCD)
    numbers = numbers ^ (numbers >> np.uint64(33))
    numbers = numbers * np.uint64(0xC4CEB9FE1A85EC53)
    return numbers ^ (numbers >> np.uint64(33))
