"""Predict past cases by the coercion model: all cases in the same worlds, each with its own forces and helpers."""

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
"""The theatre of the rule's case, by number of protectors and whether there is a backer."""
BLOCK = 1_000
"""Number of past cases played at once. It bounds memory and does not change results."""
SETTLED = 0.9
"""Smallest share of the worlds in which a case's games must settle. It is below the 95 % of a claim's base games: in 64 worlds that share
varies by chance, and 95 % would leave out one case in ten whose games settle in 97 %."""


@cache
def rule() -> Case:
    """Load the case with which every past case is played."""
    with as_file(files("tocsin.backtest") / "rule") as folder:
        return load(folder)


def predict(
    cases: pl.DataFrame, *, worlds: int, seed: int, progress: Callable[[int], None] = lambda _: None
) -> dict[str, np.ndarray]:
    """Return the model's probabilities for each case, averaged over types of challenger and the worlds in which their games settle.

    Args:
        cases: past cases, as from `past.past_cases`.
        worlds: number of worlds in which each case is played.
        seed: seed of the worlds.
        progress: called with the number of cases just played.

    Returns:
        By name, (cases,); nan where the games of a type settle in fewer than `SETTLED` of the worlds:
        `press`: the challenger presses or attacks within a year.
        `war`: the year brings war, by attack or by a clash that widens.
        `resist`: the target resists, given that the challenger presses or attacks.
        `war_after_press`: war comes, given the same.
        The conditional probabilities weight worlds and types by their probability of pressing or attacking.
    """
    case = rule()
    drawn = draw(case, seed=seed, draws=worlds)
    weights = {name: type_.weight for name, type_ in case.types.items()}
    sums = {name: np.zeros(cases.height) for name in ("press", "resisted", "war")}
    for rows, theatre in _by_theatre(cases):
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            draws = _with_forces(drawn, cases[block.tolist()])
            scenarios = [
                Scenario(theatre=theatre, type=name, discount=case.discounting.central, outputs="risk")
                for name in weights
            ]
            for scenario, solution in solve(case, scenarios, draws).items():
                for name, probability in _probabilities(solution, draws).items():
                    sums[name][block] += weights[scenario.type] * _means(probability, solution.settled, len(block))
            progress(len(block))
    press = np.maximum(sums["press"], 1e-12)
    return {
        "press": sums["press"],
        "war": sums["war"],
        "resist": sums["resisted"] / press,
        "war_after_press": sums["war"] / press,
    }


def _means(values: np.ndarray, settled: np.ndarray, cases: int) -> np.ndarray:
    """Return the means (cases,) of (cases x worlds,) values over settled worlds; nan where too few settle."""
    known = settled.reshape(cases, -1)
    sums = np.sum(np.where(known, values.reshape(cases, -1), 0.0), axis=1)
    return np.where(np.mean(known, axis=1) >= SETTLED, sums / np.maximum(np.sum(known, axis=1), 1), np.nan)


def _by_theatre(cases: pl.DataFrame) -> list[tuple[np.ndarray, str]]:
    """Return the theatres that have cases, and the indices of these cases."""
    protectors = sum(cases[f"protector{number}_state"].is_not_null().to_numpy().astype(int) for number in (1, 2))
    backed = cases["backer_state"].is_not_null().to_numpy()
    return [
        (rows, theatre)
        for (count, backer), theatre in THEATRES.items()
        if (rows := np.flatnonzero((protectors == count) & (backed == backer))).size
    ]


def _with_forces(worlds: Worlds, cases: pl.DataFrame) -> dict[str, np.ndarray]:
    """Return (cases x worlds,) draws of every input, with the forces, reach and nuclear shadow of each case."""
    draws = {name: np.tile(values, cases.height) for name, values in worlds.draws.items()}
    for role, actor in ACTORS.items():
        for name in ("spending", "personnel", "reach"):
            if f"{name}.{actor}" in draws and cases[f"{role}_{name}"].null_count() == 0:
                draws[f"{name}.{actor}"] = np.repeat(cases[f"{role}_{name}"].to_numpy(), worlds.size)
    draws["shadow"] = draws["shadow"] * np.repeat(cases["nuclear"].to_numpy(), worlds.size)
    return draws


def _probabilities(solution: Solution, draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return (cases x worlds,) first-year probabilities for one type of challenger.

    `press`: it presses or attacks. `resisted`: it does so and the target resists; the target always resists an attack.
    `war`: war comes.
    """
    first = {name: values[0] for name, values in solution.probabilities.items()}
    widens = 1.0 - (1.0 - draws["widening"]) * (1.0 - draws["accident_after_clash"])
    resisted = first["press"] * (1.0 - first["concede"])
    return {
        "press": first["press"] + first["attack"],
        "resisted": resisted + first["attack"],
        "war": first["attack"] + resisted * (1.0 - first["back_down"]) * widens,
    }
