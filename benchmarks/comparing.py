"""Measure `tocsin compare` beside `tocsin assess` of the founding case: python -m benchmarks.comparing"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.engine import CASE
from benchmarks.timing import TOCSIN, Timed, timed

VARIANTS = ("aligned_seoul", "normal_japan", "payoffs_alone")
"""Variants of the case: one that changes no game, one that changes all of them, and one that changes only weights."""


def report() -> None:
    """Print the times with a full cache of compiled programs, in new processes, and their ratios to `assess`."""
    with tempfile.TemporaryDirectory() as folder:
        brief = str(Path(folder) / "brief.html")
        assess = [str(TOCSIN), "assess", CASE, "--brief", brief, "--quiet"]
        places = {"TOCSIN_HOME": folder}
        timed(assess, **places)
        whole = timed(assess, **places)
        print(f"assess                                 {_seconds(whole)}")
        for variant in VARIANTS:
            run = timed([str(TOCSIN), "compare", CASE, f"{CASE}:{variant}", "--quiet"], **places)
            ratios = f"{run.seconds / whole.seconds:.2f} ({run.processor / whole.processor:.2f})"
            print(f"compare {CASE} with {variant:<16} {_seconds(run)}     times assess: {ratios}, at most 1.3")


def _seconds(run: Timed) -> str:
    return f"{run.seconds:7.1f} s ({run.processor:.1f} s of processors)"


if __name__ == "__main__":
    report()
