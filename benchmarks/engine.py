"""Measure a year of the founding game against the logistic functions that it contains: python -m benchmarks.engine"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tocsin.assessment.worlds import draw
from tocsin.case import load
from tocsin.case.form import Form
from tocsin.games.backend import COMPILER_OPTIONS
from tocsin.games.recursion import Choices
from tocsin.games.stochastic import solve_year
from tocsin.games.tree import Array
from tocsin.models.coercion.prepare import Prepared, prepare
from tocsin.models.coercion.scenario import RESPONDERS, Scenario
from tocsin.models.coercion.stage import channels, make_stage

CASE = "japan-buildup"
COLUMNS, YEARS = 16, 40
LOGISTICS, LENGTH = 2000, 2**14
"""Logistic functions in a row, and numbers in the array to which they are applied: it stays in the cache."""


def seconds_per_call(work: Callable[[], object], times: int) -> float:
    """Return the seconds of a call when all cores make calls, the shortest of five rounds."""
    cores, rounds = os.cpu_count() or 1, []
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(lambda _: jax.block_until_ready(work()), range(cores)))  # type: ignore[no-untyped-call]
        for _ in range(5):
            start = time.perf_counter()
            list(pool.map(lambda _: jax.block_until_ready(work()), range(times)))  # type: ignore[no-untyped-call]
            rounds.append((time.perf_counter() - start) / times)
    return min(rounds)


def logistic_seconds() -> float:
    """Return the seconds of one bare logistic function.

    It is timed with the compiler's default options and with the widest vectors: our own options make such a loop slow.
    """
    numbers = jnp.linspace(-3.0, 3.0, LENGTH)
    by_options = [
        jax.jit(lambda x: lax.fori_loop(0, LOGISTICS, lambda _, y: jax.nn.sigmoid(y), x), compiler_options=options)
        for options in ({}, {"xla_cpu_prefer_vector_width": 512})
    ]
    times = 2 * (os.cpu_count() or 1)
    return min(seconds_per_call(partial(work, numbers), times) for work in by_options) / (LOGISTICS * LENGTH)


def founding_game() -> Prepared:
    """Return a block of the base game of the founding case."""
    case = load(CASE)
    scenario = Scenario(theatre=case.main, type="revisionist", discount=case.discounting.central)
    return prepare(case, scenario, draw(case, seed=1, draws=COLUMNS).draws)


def play(form: Form, parameters: Mapping[str, Array], forces: Mapping[str, Array], years: int) -> tuple[Array, Choices]:
    """Return the values of players and responders after some years in a row, and the choices of a further year."""
    carried = replace(channels(form, parameters, RESPONDERS), tallies={})
    stage, first = make_stage(form, parameters), {role: force[0] for role, force in forces.items()}
    start = jnp.zeros((len(carried.names), form.levels, form.states, COLUMNS))
    values = lax.fori_loop(0, years, lambda _, now: solve_year(stage, first, now, carried)[0], start)
    return values, solve_year(stage, first, values, carried)[1]


def logistics_per_year(game: Prepared) -> int:
    """Return the number of choice probabilities of a year in one draw.

    The first of two does not count: it needs no logistic function of its own.
    """
    grid = (game.form.levels, game.form.states)
    form = game.form.anonymous()
    choices: Choices = jax.eval_shape(lambda: play(form, game.parameters, game.forces, 0)[1])
    counted = [array for actions in choices.values() for array in list(actions.values())[len(actions) == 2 :]]
    return int(sum(len(array) for array in counted) * np.prod(grid))


def report() -> None:
    """Print the time of a year, and how many times that of its logistic functions it is."""
    game = founding_game()
    per_year, base = logistics_per_year(game), logistic_seconds()
    values = partial(play, game.form.anonymous(), years=YEARS)
    program = jax.jit(lambda *arrays: values(*arrays)[0], compiler_options=COMPILER_OPTIONS)
    year = seconds_per_call(partial(program, game.parameters, game.forces), 20) / COLUMNS / YEARS
    print(f"jitted logistic function, all cores            {base * 1e9:7.2f} ns")
    print(f"a year of the founding game, one draw          {year * 1e6:7.2f} us    {per_year:,} choice probabilities")
    print(
        f"the game in units of its logistic functions    {year / (base * per_year):7.1f}       at most 4, target 2, floor 1"
    )


if __name__ == "__main__":
    report()
