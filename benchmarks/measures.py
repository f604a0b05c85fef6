"""How long the measures of all states take, on the real sets: `python -m benchmarks.measures FOLDER`, the folder with their
Parquet files."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import polars as pl

from tocsin.data.states import member_years
from tocsin.measure.alignment import alliance_ranks, alliance_similarity

FIRST, LAST = 1816, 2018
OBLIGATIONS = {"atop_defense": "defence", "atop_offense": "offence", "atop_neutral": "neutrality",
               "atop_nonagg": "nonaggression", "atop_consul": "consultation"}  # fmt: skip


def report(folder: Path) -> None:
    states = pl.read_parquet(folder / "cow_states.parquet")
    system = member_years(states.rename({"ccode": "state", "styear": "first", "endyear": "last"}), FIRST, LAST)
    names = {"ccode1": "state1", "ccode2": "state2"} | OBLIGATIONS
    ranks = alliance_ranks(pl.read_parquet(folder / "atop_alliance_ddy.parquet").rename(names))
    began = time.perf_counter()
    found = alliance_similarity(system, ranks)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"S, kappa, pi of {found.height:,} dyad-years, {FIRST} to {LAST}: {seconds:.2f} s (at most 3), peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name the folder of the data sets: python -m benchmarks.measures FOLDER")
    report(Path(sys.argv[1]))
