"""Measure time and memory of coding all English headlines on one core.

python -m benchmarks.coder HEADLINES.parquet     columns headline and lang
"""

from __future__ import annotations

import os
import resource
import sys
import time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))

import polars as pl

from tocsin.rhetoric.coder import coder


def main(file: str) -> None:
    """Print seconds and peak memory."""
    os.sched_setaffinity(0, {0})
    headlines = pl.read_parquet(file).filter(pl.col("lang") == "en")["headline"].to_list()
    start = time.perf_counter()
    coder().code(["Japan denounced"])
    loaded = time.perf_counter()
    coder().code(headlines)
    seconds = time.perf_counter() - loaded
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(headlines):,} headlines: {seconds:.2f} s (at most 5), after {loaded - start:.2f} s to load")
    print(f"peak {peak:,.0f} MB (at most 1,000)")


if __name__ == "__main__":
    main(sys.argv[1])
