"""Measure the numbers that the project promises, and print them beside the promises."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from benchmarks import assessing, engine, games
from benchmarks.timing import TOCSIN, timed


def commands() -> None:
    for _ in range(2):
        seconds = timed([str(TOCSIN), "--help"]).seconds
    print(f"tocsin --help                                  {seconds:7.2f} s     at most 0.3")


def fact_check() -> None:
    """Time a case without a game from end to end, in new processes."""
    with tempfile.TemporaryDirectory() as folder:
        case, brief, data = (str(Path(folder) / name) for name in ("op-ed", "brief.html", "data.json"))
        subprocess.run([str(TOCSIN), "new", case, "--facts", "--title", "Is it so?"], check=True, capture_output=True)
        arguments = [str(TOCSIN), "assess", case, "--json", data, "--brief", brief]
        times = sorted(timed(arguments, TOCSIN_HOME=folder).seconds for _ in range(20))
    print(f"a fact check, end to end: median of 20         {times[10]:7.2f} s     at most 1.5")
    print(f"                          slowest              {times[-1]:7.2f} s")


if __name__ == "__main__":
    games.report()
    engine.report()
    commands()
    assessing.report()
    fact_check()
