"""Time of importing statements into an archive and of searching it, cold and warm. The statements are made up.

python -m benchmarks.archive [STATEMENTS [FILE]]     a million by default; a FILE that is there is searched as it is
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
"""Different words of each language, and words of a statement on average."""
QUERIES = (
    ("word, in half of all", "e0"),
    ("word, in 1 of 100", "e300"),
    ("word, in a few", "e59999"),
    ("two common words", "e0 e1"),
    ("common and rare word", "e0 e59998"),
    ("two words rarely together", "e3 k3x"),
    ("phrase of two common words", '"e0 e1"'),
    ("two Korean letters, common", "가나"),
    ("two Japanese letters", "かき"),
    ("two letters, in a few", "뷁쇍"),
    ("four Korean letters", "가나다라"),
    ("one letter", "가"),
    ("five common, never together", "e0 e1 e2 가나 かき"),
    ("a word that is nowhere", "zzzz"),
)
FILTERS = (
    ("no filter", Filter()),
    ("rung and language", Filter(rung="leader", language="ko")),
    ("a year and an outlet", Filter(dt.date(2011, 1, 1), dt.date(2011, 12, 31), outlet="minju")),
    ("an outlet with few", Filter(outlet="rare")),
)


def statements(count: int, seed: int = 1) -> Iterator[Statement]:
    """Made-up statements: English, Korean and Japanese, words after Zipf's law, days in no order, one in ten near another."""
    random = np.random.default_rng(seed)
    hangul = [chr(0xAC00 + at) for at in random.permutation(11_172)[:900]]
    hangul[:4] = "가나다라"
    kana = [chr(0x3042 + at) for at in range(80)] + [chr(0x4E00 + 17 * at) for at in range(900)]
    kana[:2] = "かき"
    weights = 1 / np.arange(1, WORDS + 1)
    ranks = np.cumsum(weights / weights.sum())

    def word(rank: int, language: str) -> str:
        if language == "en":
            return f"e{rank}"
        letters = hangul if language == "ko" else kana
        return "".join(letters[(rank // len(letters) ** at + at * (rank + 1)) % len(letters)] for at in range(3))

    tables = {language: [word(rank, language) for rank in range(WORDS)] for language in ("en", "ko", "ja")}
    outlets = np.array(["kcna", "rodong", "minju", "naenara", "rare"])
    last = ""
    for at in range(count):
        language = ("en", "en", "ko", "ko", "ja")[int(random.integers(5))]
        picked = np.searchsorted(ranks, random.random(int(random.integers(TERMS // 2, TERMS * 3 // 2))))
        table = tables[language]
        said = ("" if language == "ja" else " ").join(table[each] for each in np.minimum(picked, WORDS - 1))
        text = f"{last} {table[at % WORDS]}" if last and at % 10 == 0 else said
        if at % 50_000 == 7:
            text += " 뷁쇍 k3x"
        last = said
        yield Statement(
            f"{table[at % 997]} {at}",
            text,
            FIRST + dt.timedelta(days=int(random.integers(DAYS))),
            str(random.choice(outlets, p=(0.6, 0.25, 0.1, 0.0499, 0.0001))),
            language,
            "foreign",
            ("commentary", "newspaper", "ministry", "leader")[min(int(random.exponential(0.9)), 3)],
            source_id=f"s{at}",
        )


def forget(file: Path) -> None:
    """Have the system forget what it has read of a file."""
    for name in (file, file.with_name(f"{file.name}-wal")):
        if name.exists():
            handle = os.open(name, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def fill(file: Path, count: int) -> None:
    begun = time.perf_counter()
    with open_archive(file, writing=True) as archive:
        done = archive.add(statements(count))
    spent = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{done.added:,} added ({done.alike:,} nearly the same) in {spent:,.0f} s, {count / spent:,.0f} a second; ",
        end="",
    )
    print(f"{file.stat().st_size / 2**20:,.0f} MB, peak memory {peak:,.0f} MB")


def look(file: Path) -> None:
    print(f"{'milliseconds, 20 statements':30}{'filter':24}{'cold':>8}{'warm':>8}{'count':>9}{'found':>10}")
    for what, words in QUERIES:
        for name, where in FILTERS:
            forget(file)
            spent = []
            for _ in range(4):
                begun = time.perf_counter()
                with open_archive(file) as archive:
                    archive.search(words, where)
                spent.append(1000 * (time.perf_counter() - begun))
            begun = time.perf_counter()
            with open_archive(file) as archive:
                found = archive.count(words, where)
            counted = 1000 * (time.perf_counter() - begun)
            print(f"{what:30}{name:24}{spent[0]:8.1f}{min(spent[1:]):8.1f}{counted:9.1f}{found:10,}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "archive.db"
        if not place.exists():
            fill(place, size)
        look(place)
