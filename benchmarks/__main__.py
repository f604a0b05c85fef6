"""Measure the numbers that the project promises, and print them beside the promises."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks import games

CASE = Path("japan-buildup")
TOCSIN = Path(sys.executable).parent / "tocsin"
BLOCK_BASE = 2**14


def timed(arguments: list[str], **environment: str) -> tuple[float, float]:
    """Run a command in a new process; return its seconds and peak megabytes."""
    start = time.perf_counter()
    subprocess.run(arguments, check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def commands() -> None:
    for _ in range(2):
        seconds, _ = timed([str(TOCSIN), "--help"])
    print(f"tocsin --help                                  {seconds:7.2f} s     at most 0.3")
    with tempfile.TemporaryDirectory() as folder:
        brief = str(Path(folder) / "brief.html")
        arguments = [str(TOCSIN), "assess", str(CASE), "--draws", "2048", "--brief", brief, "--quiet"]
        cold, _ = timed(arguments, TOCSIN_CACHE=folder, TOCSIN_HOME=folder)
        warm, peak = timed(arguments, TOCSIN_CACHE=folder, TOCSIN_HOME=folder)
    print(f"assess, 2,048 draws, brief, cold compile cache {cold:7.1f} s     at most 30")
    print(f"assess, 2,048 draws, brief, warm compile cache {warm:7.1f} s     at most 15, target 6")
    print(f"peak memory                                    {peak:7.0f} MB    at most 1,500")


def fact_check() -> None:
    """Time a case without a game from end to end, in new processes."""
    with tempfile.TemporaryDirectory() as folder:
        case, brief, data = (str(Path(folder) / name) for name in ("op-ed", "brief.html", "data.json"))
        subprocess.run([str(TOCSIN), "new", case, "--facts", "--title", "Is it so?"], check=True, capture_output=True)
        arguments = [str(TOCSIN), "assess", case, "--json", data, "--brief", brief]
        times = sorted(timed(arguments, TOCSIN_HOME=folder)[0] for _ in range(20))
    print(f"a fact check, end to end: median of 20         {times[10]:7.2f} s     at most 1.5")
    print(f"                          slowest              {times[-1]:7.2f} s")


def engine() -> None:
    import jax
    import jax.numpy as jnp
    from jax import lax

    from tocsin.assessment.worlds import draw
    from tocsin.case import load
    from tocsin.games.stochastic import solve_year
    from tocsin.models.coercion.blocks import BLOCK, Packed
    from tocsin.models.coercion.prepare import prepare
    from tocsin.models.coercion.scenario import Scenario, channels_of
    from tocsin.models.coercion.solve import YEARS_FIRST, YEARS_MORE
    from tocsin.models.coercion.stage import channels, make_stage

    case = load(CASE)
    worlds = draw(case, seed=1, draws=BLOCK)
    prepared = prepare(case, Scenario(theatre=case.main, type="revisionist", discount=0.92), worlds.draws)
    packed = Packed.of(prepared)
    (whole,) = packed.parts
    inputs, status_quo = packed.cut(whole), packed.status_quo(whole)
    form, run = prepared.form.anonymous(), packed.program

    def choices() -> object:
        """Return the choice probabilities of a year, without the first of two, which needs no logistic function of its own."""
        constants = dict(zip(prepared.parameters, inputs[0], strict=True))
        years = dict(zip(form.players, inputs[1], strict=True))
        first = jax.tree.map(lambda leaf: leaf[0], years)
        carried = channels(form, constants, channels_of(form, "all")[0])
        _, chosen = solve_year(make_stage(form, constants), first, status_quo, carried)
        grid = (1, form.levels, form.states, BLOCK)
        return [
            [jnp.broadcast_to(p, (len(p), *grid[1:])) for p in list(actions.values())[len(actions) == 2 :]]
            for actions in chosen.values()
        ]

    per_year = sum(leaf.size for leaf in jax.tree.leaves(jax.eval_shape(choices))) // BLOCK
    # time the loop with the compiler's default options and with the widest vectors: our own options make it slow
    logistics = [
        jax.jit(lambda x: lax.fori_loop(0, 2000, lambda _, y: jax.nn.sigmoid(y), x), compiler_options=options)
        for options in ({}, {"xla_cpu_prefer_vector_width": 512})
    ]
    block = jnp.linspace(-3.0, 3.0, BLOCK_BASE)
    cores = os.cpu_count() or 1

    def seconds_per_call(work: Callable[[], object], times: int) -> float:
        with ThreadPoolExecutor(cores) as pool:
            list(pool.map(lambda _: jax.block_until_ready(work()), range(cores)))  # type: ignore[no-untyped-call]
            start = time.perf_counter()
            list(pool.map(lambda _: jax.block_until_ready(work()), range(times)))  # type: ignore[no-untyped-call]
            return (time.perf_counter() - start) / times

    base = min(seconds_per_call(partial(logistic, block), 4 * cores) for logistic in logistics) / (2000 * BLOCK_BASE)
    beyond, within = YEARS_FIRST + YEARS_MORE, form.horizon
    year = seconds_per_call(lambda: run(*inputs, status_quo, beyond, within), 20) / BLOCK / (beyond + within)
    print(f"jitted logistic function, all cores            {base * 1e9:7.2f} ns")
    print(f"a year of the founding game, one draw          {year * 1e6:7.2f} us    {per_year} choice probabilities")
    print(f"the game in units of its logistic functions    {year / (base * per_year):7.1f}       at most 4, target 2")


if __name__ == "__main__":
    games.report()
    engine()
    commands()
    fact_check()
