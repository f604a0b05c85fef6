"""Near-duplicates: statements that share four fifths of their shingles, found by MinHash bands and checked (Broder 1997)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

LEAST = 0.8
"""Jaccard index of the shingles from which two statements are nearly the same."""
SHINGLE = 4
SHORTEST = 8
"""With fewer shingles than this nothing is compared: short titles are alike by their nature."""
BANDS, ROWS = 8, 4
"""With these, two statements at `LEAST` share a band with a probability of 0.985, at 0.9 with one of 0.9999."""
MAX_CHECKED = 32
"""Candidates of which the shingles are compared, those that share most bands first."""
_WIDE = np.uint64(32)
_AT_ONCE = 20_000


def shingles(terms: Sequence[str]) -> Hashes:
    """Hashes of the runs of four terms, each once, sorted; none where there are too few to compare."""
    if len(terms) < SHORTEST + SHINGLE - 1:
        return np.empty(0, np.uint64)
    single = np.fromiter(map(_hashed, terms), np.uint64, len(terms))
    runs = len(terms) - SHINGLE + 1
    joined = np.zeros(runs, np.uint64)
    for at, factor in enumerate(_constants("shingle", SHINGLE)):
        joined += single[at : at + runs] * factor
    found = np.unique(_mixed(joined))
    return found if found.size >= SHORTEST else np.empty(0, np.uint64)


def bands(found: Hashes) -> list[int]:
    """A number for each band of the MinHash signature; statements with one in common may be alike."""
    if not found.size:
        return []
    slopes, starts = _constants("slope", BANDS * ROWS), _constants("start", BANDS * ROWS)
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, np.uint64)
    for first in range(0, found.size, _AT_ONCE):
        part = found[first : first + _AT_ONCE, None]
        np.minimum(least, (part * slopes + starts >> _WIDE).min(axis=0), out=least)
    summed = (least.reshape(BANDS, ROWS) * _constants("row", ROWS)).sum(axis=1, dtype=np.uint64)
    return [int(each) for each in _mixed(summed + _constants("band", BANDS)).view(np.int64)]


def jaccard(one: Hashes, other: Hashes) -> float:
    """Share of the shingles of either that are in both; 0 of nothing."""
    if not one.size or not other.size:
        return 0.0
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both)


def nearest(found: Hashes, sharing: Iterable[int], shingles_of: Callable[[int], Hashes]) -> int | None:
    """The number of the candidate that is nearly the same, if one is.

    Args:
        found: shingles of the statement.
        sharing: numbers of candidates, each as often as it shares a band.
        shingles_of: gives those of a candidate.
    """
    shared = Counter(sharing)
    order = sorted(shared, key=lambda number: (-shared[number], number))[:MAX_CHECKED]
    return next((number for number in order if jaccard(found, shingles_of(number)) >= LEAST), None)


@cache
def _constants(name: str, count: int) -> Hashes:
    """Odd numbers that are the same for ever: what is stored was made with them."""
    drawn = (int.from_bytes(blake2b(f"{name} {at}".encode(), digest_size=8).digest(), "little") for at in range(count))
    return np.array([each | 1 for each in drawn], np.uint64)


_known: dict[str, int] = {}
_MOST_KNOWN = 500_000


def _hashed(term: str) -> int:
    found = _known.get(term)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[term] = int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")
    return found


def _mixed(numbers: Hashes) -> Hashes:
    """Numbers with their bits well spread (the finisher of MurmurHash3)."""
    numbers = numbers ^ (numbers >> np.uint64(33))
    numbers = numbers * np.uint64(0xFF51AFD7ED558CCD)
    numbers = numbers ^ (numbers >> np.uint64(33))
    numbers = numbers * np.uint64(0xC4CEB9FE1A85EC53)
    return numbers ^ (numbers >> np.uint64(33))
