"""Measure the founding case: loading it, assessing it, and solving one event again: python -m benchmarks.assessing"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.engine import CASE, founding_game, logistic_seconds, logistics_per_year
from benchmarks.timing import TOCSIN, Timed, timed
from tocsin.assessment.ensemble import conditioned, scenarios_for
from tocsin.assessment.situations import central_models
from tocsin.assessment.worlds import draw
from tocsin.case import load
from tocsin.case.nodes import Call

EVENT, LOSS = "plan", 0.02
"""The event that is solved again, and the loss, in whole aims, that its claim compares with."""

WORLDS = 128
LIBRARIES = "import jax, matplotlib.figure, numpy, polars, pydantic, scipy.optimize, scipy.stats"


def loading() -> None:
    """Print the times of loading the case in a new process and again in the same one."""
    code = f"""import time; from tocsin.case import load
seconds = []
for _ in range(2):
    start = time.process_time(); load({CASE!r}); seconds.append(time.process_time() - start)
print(*seconds)"""
    runs = [_printed([sys.executable, "-c", code]) for _ in range(5)]
    first, again = (statistics.median(float(run.split()[index]) for run in runs) for index in (0, 1))
    print(f"load, new process (processor)                  {first:7.2f} s     at most 0.6")
    print(f"load, again (processor)                        {again:7.2f} s")


def _printed(arguments: list[str]) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def assessing() -> None:
    """Print the times of `tocsin assess`, brief included, with an empty and with a full cache of compiled programs."""
    floor = timed([sys.executable, "-c", LIBRARIES])
    with tempfile.TemporaryDirectory() as folder:
        brief = str(Path(folder) / "brief.html")
        arguments = [str(TOCSIN), "assess", CASE, "--draws", "2048", "--brief", brief, "--quiet"]
        cold = timed(arguments, TOCSIN_CACHE=folder, TOCSIN_HOME=folder)
        warm = [timed(arguments, TOCSIN_CACHE=folder, TOCSIN_HOME=folder) for _ in range(3)]
    typical = sorted(warm, key=lambda run: run.seconds)[1]
    least = f"floor {floor.seconds:.1f} ({floor.processor:.1f}): the libraries' imports"
    print(f"assess, 2,048 draws, brief, cold compile cache {_seconds(cold)}     at most 30, aim 15, {least}")
    print(f"                            warm compile cache {_seconds(typical)}     at most 15, aim 6, {least}")
    print(
        f"                            peak memory        {typical.peak:7.0f} MB    at most 1,500, floor {floor.peak:.0f}"
    )


def _seconds(run: Timed) -> str:
    return f"{run.seconds:7.1f} s ({run.processor:.1f} s of processors)"


def one_event() -> None:
    """Print the time of solving one event again and deciding one claim about it, in a process that has done so before."""
    case = load(CASE)
    call = Call("loss", actor=case.theatres[case.main].challenger, events=(EVENT,), theatre=case.main)
    models = central_models(case)
    base = conditioned(case, (case.main,), draw(case, seed=1, draws=WORLDS), np.zeros(WORLDS))

    def again() -> list[float]:
        solved = base.with_games(scenarios_for(case, models, [call]))
        return [float(solved.weight(model.type) @ (solved.reader(model).read(call) > LOSS)) for model in models]

    again()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        again()
        times.append(time.perf_counter() - start)
    game = founding_game()
    floor = len(models) * WORLDS * game.form.horizon * logistics_per_year(game) * logistic_seconds()
    seconds = statistics.median(times)
    least = f"floor {floor:.2f}: the logistic functions of the horizon"
    print(f"one event and one claim, {WORLDS} worlds, warm process {seconds:6.2f} s     at most 0.4, aim 0.15, {least}")


def report() -> None:
    """Print all lines."""
    loading()
    one_event()
    assessing()


if __name__ == "__main__":
    report()
