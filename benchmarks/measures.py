"""How long the measures of all states take, on the real sets: `python -m benchmarks.measures FOLDER`, the folder with their
Parquet files."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import polars as pl

from tocsin.measure.alignment import alliance_ranks, alliance_similarity

FIRST, LAST, LAST_OF_STATES = 1816, 2018, 2016
OBLIGATIONS = {"atop_defense": "defence", "atop_offense": "offence", "atop_neutral": "neutrality",
               "atop_nonagg": "nonaggression", "atop_consul": "consultation"}  # fmt: skip


def members(states: pl.DataFrame) -> pl.DataFrame:
    """State-years of the system; the members of the list's last year are taken to stay."""
    until = pl.when(pl.col("endyear") == LAST_OF_STATES).then(LAST).otherwise(pl.col("endyear"))
    return (
        states.select(state="ccode", year=pl.int_ranges(pl.col("styear"), until + 1))
        .explode("year")
        .filter(pl.col("year").is_between(FIRST, LAST))
        .unique()
    )


def report(folder: Path) -> None:
    system = members(pl.read_parquet(folder / "cow_states.parquet"))
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
