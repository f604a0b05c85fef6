"""Time the measures of all states on the data sets in your cache (`tocsin data get`): `python -m benchmarks.measures`."""

from __future__ import annotations

import hashlib
import resource
import time
from collections.abc import Callable
from typing import TypeVar

from tocsin.data.cache import cache_folder, statuses
from tocsin.data.readers import read
from tocsin.data.registry import source, sources
from tocsin.data.states import member_years
from tocsin.measures.alignment import alliance_ranks, alliance_similarity
from tocsin.measures.cinc import cinc
from tocsin.measures.disputes import one_per_dyad_year
from tocsin.measures.dyads import dyad_years, with_capability, with_disputes, with_distance, with_pacts

Result = TypeVar("Result")


def portfolios() -> str:
    system, ranks = member_years(read("states"), 1816, 2018), alliance_ranks(read("atop_dyads"))
    seconds, rows = timed(lambda: alliance_similarity(system, ranks).height)
    return f"S, kappa, pi of {rows:,} dyad-years, 1816 to 2018: {seconds:.2f} s (at most 3)"


def join_all() -> int:
    dyads = dyad_years(member_years(read("states"), 1816, 2022), read("false_dyads"))
    dyads = with_distance(with_capability(dyads, cinc(read("nmc"))), read("distance"))
    dyads = with_pacts(dyads, read("atop_dyads"), source("atop_dyads").years)
    return with_disputes(dyads, one_per_dyad_year(read("gml_dyads")), source("gml_dyads").years).height


def dyads() -> str:
    seconds, rows = timed(join_all)
    return f"{rows:,} directed dyad-years, 1816 to 2022, data sets read and joined: {seconds:.2f} s (at most 4)"


def verify() -> str:
    """Time `tocsin data verify` against reading the same bytes only."""
    files = [file for file in cache_folder().iterdir() if file.is_file()]
    reading, size = timed(lambda: sum(len(file.read_bytes()) for file in files))
    hashing, _ = timed(lambda: [hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    seconds, by_name = timed(lambda: statuses(sources().values()))
    intact = sum(status == "intact" for status in by_name.values())
    return (
        f"verify of {intact} data sets, {size / 1e6:.0f} MB: {seconds:.3f} s ({size / 1e6 / seconds:,.0f} MB/s); "
        f"reading only (from memory) {reading:.3f} s, sequential checksums {hashing:.3f} s"
    )


def timed(compute: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = compute()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    for benchmark in (dyads, portfolios, verify):
        print(benchmark())
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (at most 2,000)")
