"""Measure how long it takes to fill an archive with artificial statements, and to search it cold and warm.

python -m benchmarks.archive [STATEMENTS [FILE]]     a million by default; a FILE that exists is only searched
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tocsin.rhetoric.archive import Filter, open_archive
from tocsin.rhetoric.archive.statement import Statement

FIRST, DAYS = dt.date(1997, 1, 1), 10_500
WORDS, TERMS = 60_000, 60
"""Distinct words of each language, and average number of words of a statement."""
QUERIES = (
    ("word in 4 of 10", "e0"),
    ("word in 1 of 100", "e300"),
    ("word in a few", "e59999"),
    ("two common words", "e0 e1"),
    ("common and rare word", "e0 e59998"),
    ("two words, rarely together", "e3 k3x"),
    ("phrase of two common words", '"e0 e1"'),
    ("two Korean letters, common", "가나"),
    ("two Japanese letters", "かき"),
    ("two letters in a few", "뷁쇍"),
    ("four Korean letters", "가나다라"),
    ("one letter", "가"),
    ("five common, never together", "e0 e1 e2 가나 かき"),
    ("a word in none", "zzzz"),
)
FILTERS = (
    ("no filter", Filter()),
    ("rung and language", Filter(rung="leader", language="ko")),
    ("a year and an outlet", Filter(dt.date(2011, 1, 1), dt.date(2011, 12, 31), outlet="minju")),
    ("a rare outlet", Filter(outlet="rare")),
)


def statements(count: int, seed: int = 1) -> Iterator[Statement]:
    """Yield artificial English, Korean and Japanese statements in random order of dates.

    Word frequencies follow Zipf's law. One statement in ten is a near-duplicate of the one before.
    """
    random = np.random.default_rng(seed)
    vocabulary = _vocabulary(random)
    weights = 1 / np.arange(1, WORDS + 1)
    cumulative = np.cumsum(weights / weights.sum())
    outlets = np.array(["kcna", "rodong", "minju", "naenara", "rare"])
    previous = ""
    for index in range(count):
        language = ("en", "en", "ko", "ko", "ja")[int(random.integers(5))]
        ranks = np.searchsorted(cumulative, random.random(int(random.integers(TERMS // 2, TERMS * 3 // 2))))
        table = vocabulary[language]
        own = ("" if language == "ja" else " ").join(table[rank] for rank in np.minimum(ranks, WORDS - 1))
        text = f"{previous} {table[index % WORDS]}" if previous and index % 10 == 0 else own
        if index % 50_000 == 7:
            text += " 뷁쇍 k3x"
        previous = own
        yield Statement(
            f"{table[index % 997]} {index}",
            text,
            FIRST + dt.timedelta(days=int(random.integers(DAYS))),
            str(random.choice(outlets, p=(0.6, 0.25, 0.1, 0.0499, 0.0001))),
            language,
            "foreign",
            ("commentary", "newspaper", "ministry", "leader")[min(int(random.exponential(0.9)), 3)],
            source_id=f"s{index}",
        )


def _vocabulary(random: np.random.Generator) -> dict[str, list[str]]:
    """Return the words of each language, the most frequent first."""
    hangul = [chr(0xAC00 + index) for index in random.permutation(11_172)[:900]]
    hangul[:4] = "가나다라"
    kana = [chr(0x3042 + index) for index in range(80)] + [chr(0x4E00 + 17 * index) for index in range(900)]
    kana[:2] = "かき"

    def word(rank: int, letters: list[str]) -> str:
        indices = ((rank // len(letters) ** index + index * (rank + 1)) % len(letters) for index in range(3))
        return "".join(letters[index] for index in indices)

    korean = [word(rank, hangul) for rank in range(WORDS)]
    japanese = [word(rank, kana) for rank in range(WORDS)]
    return {"en": [f"e{rank}" for rank in range(WORDS)], "ko": korean, "ja": japanese}


def drop_cache(file: Path) -> None:
    """Make the operating system drop its cache of a file."""
    for name in (file, file.with_name(f"{file.name}-wal")):
        if name.exists():
            handle = os.open(name, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def fill(file: Path, count: int) -> None:
    start = time.perf_counter()
    with open_archive(file, writing=True) as archive:
        added = archive.add(statements(count))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{added.added:,} added ({added.alike:,} near-duplicates) in {seconds:,.0f} s, {count / seconds:,.0f} per second; "
        f"{file.stat().st_size / 2**20:,.0f} MB, peak memory {peak:,.0f} MB"
    )


def measure_searches(file: Path) -> None:
    print(f"{'milliseconds, 20 statements':30}{'filter':24}{'cold':>8}{'warm':>8}{'count':>9}{'matches':>10}")
    with open_archive(file) as archive:
        outlets = archive.outlets()
    for query, words in QUERIES:
        for name, filter in FILTERS:
            if filter.outlet and filter.outlet not in outlets:
                continue
            drop_cache(file)
            milliseconds = []
            for _ in range(4):
                start = time.perf_counter()
                with open_archive(file) as archive:
                    archive.search(words, filter)
                milliseconds.append(1000 * (time.perf_counter() - start))
            start = time.perf_counter()
            with open_archive(file) as archive:
                matches = archive.count(words, filter)
            counting = 1000 * (time.perf_counter() - start)
            print(f"{query:30}{name:24}{milliseconds[0]:8.1f}{min(milliseconds[1:]):8.1f}{counting:9.1f}{matches:10,}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        archive_file = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "archive.db"
        if not archive_file.exists():
            fill(archive_file, size)
        measure_searches(archive_file)
