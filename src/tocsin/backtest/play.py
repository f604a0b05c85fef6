"""What the coercion model says of past cases: every case played in the same worlds, its own forces and helpers written over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import polars as pl

from tocsin.assessment.worlds import Worlds, draw
from tocsin.case import Case, load
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, solve

ACTORS: Mapping[str, str] = {
    "challenger": "CHA", "target": "TAR", "protector1": "PR1", "protector2": "PR2", "backer": "BAC",
}  # fmt: skip
THEATRES: Mapping[tuple[int, bool], str] = {
    (0, False): "alone", (0, True): "backed", (1, False): "one", (1, True): "one_backed", (2, False): "two", (2, True): "two_backed",
}  # fmt: skip
"""The theatre of the rule's case by number of protectors and whether there is a backer."""
AT_ONCE = 1_000
"""Past cases played at once: it bounds the memory and changes no result."""


@cache
def rule() -> Case:
    """The case that every past case is played with."""
    with as_file(files("tocsin.backtest") / "rule") as folder:
        return load(folder)


def foretold(
    cases: pl.DataFrame, *, worlds: int, seed: int, each: Callable[[int], None] = lambda _: None
) -> dict[str, np.ndarray]:
    """Probabilities of the model for each case, the mean over worlds and types of challenger.

    Args:
        cases: of `past.past_cases`.
        worlds: how many worlds each case is played in.
        seed: of the worlds.
        each: called with the number of cases played since it was last called.

    Returns:
        By name (cases,): `press`, that the challenger demands something under pressure or attacks within a year; `war`, that the year
        brings war by attack or by a clash that widens; and given that it presses or attacks, `resist`, that the target resists, and
        `war_after_press`, that it comes to war. The last two are shares of the worlds and types in which it does so, each counted as
        often as it does.
    """
    case = rule()
    drawn = draw(case, seed=seed, draws=worlds)
    weights = {name: type_.weight for name, type_ in case.types.items()}
    found = {name: np.zeros(cases.height) for name in ("press", "resisted", "war")}
    for places, theatre in _by_theatre(cases):
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            draws = _written_over(drawn, cases[some.tolist()])
            scenarios = [
                Scenario(theatre=theatre, type=name, discount=case.discount.central, outputs="risk") for name in weights
            ]
            for scenario, solution in solve(case, scenarios, draws).items():
                for name, chance in _chances(solution, draws).items():
                    found[name][some] += weights[scenario.type] * chance.reshape(len(some), -1).mean(axis=1)
            each(len(some))
    begun = np.maximum(found["press"], 1e-12)
    return {
        "press": found["press"],
        "war": found["war"],
        "resist": found["resisted"] / begun,
        "war_after_press": found["war"] / begun,
    }


def _by_theatre(cases: pl.DataFrame) -> list[tuple[np.ndarray, str]]:
    protectors = sum(cases[f"protector{at}_state"].is_not_null().to_numpy().astype(int) for at in (1, 2))
    backed = cases["backer_state"].is_not_null().to_numpy()
    return [
        (places, theatre)
        for (count, backer), theatre in THEATRES.items()
        if (places := np.flatnonzero((protectors == count) & (backed == backer))).size
    ]


def _written_over(worlds: Worlds, cases: pl.DataFrame) -> dict[str, np.ndarray]:
    """Draws of every input, each case in every world, cases first."""
    draws = {name: np.tile(values, cases.height) for name, values in worlds.draws.items()}
    for role, actor in ACTORS.items():
        for name in ("spending", "personnel", "reach"):
            if f"{name}.{actor}" in draws and cases[f"{role}_{name}"].null_count() == 0:
                draws[f"{name}.{actor}"] = np.repeat(cases[f"{role}_{name}"].to_numpy(), worlds.size)
    draws["shadow"] = draws["shadow"] * np.repeat(cases["nuclear"].to_numpy(), worlds.size)
    return draws


def _chances(solution: Solution, draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """(cases x worlds,) first-year chances of one type of challenger: that it presses or attacks, that it does and is resisted (an
    attack always is), that it comes to war."""
    one = {name: values[0] for name, values in solution.probabilities.items()}
    widens = 1.0 - (1.0 - draws["widening"]) * (1.0 - draws["accident_after_clash"])
    resisted = one["press"] * (1.0 - one["concede"])
    return {
        "press": one["press"] + one["attack"],
        "resisted": resisted + one["attack"],
        "war": one["attack"] + resisted * (1.0 - one["back_down"]) * widens,
    }
