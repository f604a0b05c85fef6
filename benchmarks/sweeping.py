"""Measure sweeps against the bare solve, the EMA workbench and a second Dask worker: python -m benchmarks.sweeping

Times of processors count what this process and its threads computed, so that other work on the machine matters less.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.timing import TOCSIN
from benchmarks.timing import timed as command
from tocsin.assessment.ensemble import scenarios_for
from tocsin.assessment.situations import central_models
from tocsin.assessment.sweep.adapters import case_function, ema_evaluator, ema_model
from tocsin.assessment.sweep.cluster import on_cluster
from tocsin.assessment.sweep.design import grid
from tocsin.assessment.sweep.job import Job
from tocsin.assessment.sweep.model import quantities
from tocsin.assessment.sweep.run import run
from tocsin.assessment.worlds import draw
from tocsin.case import load
from tocsin.models.coercion.solve import solve

CASE = "japan-buildup"
BASE_AND_EVENT = ("risk()", "risk(plan)")
ROWS = 8192
VARIED = ("precision", "shadow", "growth.JPN", "growth.PRK")
EXPERIMENTS, TOGETHER = 20, 4096
CLUSTER_ROWS, CLUSTER_CHUNK = 8192, 512


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds, and the seconds of processors, that some work takes."""
    wall, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processors


def founding_job(rows: int, seed: int = 1) -> Job:
    """Return the job of a table of the founding case's base and one event."""
    case = load(CASE)
    return Job(case, grid(case, {}, worlds=rows, seed=seed), quantities(case, BASE_AND_EVENT), weigh=False)


def overhead(folder: Path) -> None:
    """Compare a sweep with the solve of the same games in the same worlds, in one piece."""
    job = founding_job(ROWS)
    games = scenarios_for(job.case, central_models(job.case), job.calls)
    worlds = draw(job.case, seed=1, draws=ROWS)
    solve(job.case, games, worlds.some(np.arange(64)).draws)
    bare, swept = timed(lambda: solve(job.case, games, worlds.draws)), timed(lambda: run(job, folder / "rows.parquet"))
    print(f"bare solve of {ROWS:,} rows, 4 games each         {bare[0]:7.1f} s   {bare[1]:7.1f} s of processors")
    print(f"sweep of the same                              {swept[0]:7.1f} s   {swept[1]:7.1f} s of processors")
    print(f"more time of processors                        {100 * (swept[1] / bare[1] - 1):7.1f} %     at most 10")


def memory() -> None:
    """Print the highest memory of the command for ever more rows; the last table has no games, so that it ends in minutes."""
    for quantity, rows in (("risk(amendment)", 10_000), ("risk(amendment)", 40_000), ("ratio()", 1_000_000)):
        with tempfile.TemporaryDirectory() as folder:
            table = ["--no-weights", "--quantity", "ratio()", "--quantity", quantity, "-o", f"{folder}/table.parquet"]
            used = command([str(TOCSIN), "sweep", CASE, "--draws", str(rows), *table])
        print(f"{rows:>9,} rows, {quantity:<16}                   {used.peak:7.0f} MB    at most 1,000")
        print(f"                                               {used.seconds:7.1f} s")


def workbench() -> None:
    """Compare experiments per second: the EMA workbench with the same solve as its model, and a chunk of a sweep."""
    from ema_workbench import SequentialEvaluator

    function = case_function(load(CASE), VARIED, BASE_AND_EVENT)
    model = ema_model(function)
    function.at({name: np.array([function.medians[name]]) for name in VARIED})
    with SequentialEvaluator(model) as evaluator:
        alone = timed(lambda: evaluator.perform_experiments(scenarios=EXPERIMENTS))
    with ema_evaluator(function, model) as evaluator:
        together = timed(lambda: evaluator.perform_experiments(scenarios=TOGETHER))
    rates = [EXPERIMENTS / alone[0], TOGETHER / together[0]]
    print(f"EMA workbench, experiments one by one          {rates[0]:7.1f} per second")
    print(f"the same model, experiments together           {rates[1]:7.1f} per second")
    print(f"times as many                                  {rates[1] / rates[0]:7.1f}       at least 100")


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a scheduler and workers on this machine, each worker with one core."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    address, cores = f"tcp://127.0.0.1:{port}", sorted(os.sched_getaffinity(0))
    with ExitStack() as stack:

        def start(*command: str, core: int | None = None) -> None:
            pinned = [] if core is None else ["taskset", "-c", str(core)]
            process = subprocess.Popen(
                [*pinned, sys.executable, "-m", *command, "--no-dashboard"], stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.kill)

        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
        time.sleep(5.0)
        for index in range(workers):
            start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", core=cores[index])
        yield address


def workers(folder: Path) -> None:
    """Compare one and two local workers, after each has compiled the games."""
    seconds = []
    for count in (1, 2):
        with cluster(count) as address:
            for rows, seed in ((8 * CLUSTER_CHUNK, 2), (CLUSTER_ROWS, 1)):
                whole = founding_job(rows, seed)
                job = Job(whole.case, whole.design, whole.calls[:1], weigh=False, chunk=CLUSTER_CHUNK)
                taken, _ = timed(partial(run, job, folder / "rows.parquet", compute=on_cluster(address)))
            seconds.append(taken)
    print(f"one Dask worker, {CLUSTER_ROWS:,} rows                    {seconds[0]:7.1f} s")
    print(f"two Dask workers                               {seconds[1]:7.1f} s")
    print(f"times as fast                                  {seconds[0] / seconds[1]:7.2f}       at least 1.7")


def report() -> None:
    """Print all measurements beside what is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        overhead(Path(folder))
        memory()
        workbench()
        workers(Path(folder))


if __name__ == "__main__":
    report()
