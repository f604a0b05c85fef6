"""Predict past cases by the coercion model: all cases in the same worlds, each with its own forces and helpers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Played:
    """First-year probabilities of past cases in every world and for every type of challenger; arrays are (types, cases, worlds).

    Attributes:
        weights: (types,) of the types.
        press: the challenger presses or attacks.
        resisted: it does so and the target resists; the target always resists an attack.
        war: the year brings war, by attack or by a clash that widens.
        settled: whether the type's games settle in the world.
    """

    weights: np.ndarray
    press: np.ndarray
    resisted: np.ndarray
    war: np.ndarray
    settled: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Return which cases (cases,) have settled games of every type in at least `SETTLED` of the worlds."""
        return np.asarray((self.settled.mean(axis=2) >= SETTLED).all(axis=0))

    def some(self, cases: np.ndarray) -> Played:
        """Return the same for some of the cases."""
        parts = (self.press, self.resisted, self.war, self.settled)
        return Played(self.weights, *(part[:, cases] for part in parts))

    def probabilities(self, log_weights: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
        """Return probabilities of each case, averaged over types and settled worlds.

        Args:
            log_weights: (types, cases, worlds) logarithms of how well a world fits what is known of the case. They move weight between the
                worlds of a type; the types keep theirs, as in `tocsin assess`.

        Returns:
            By name, (cases,): `press`; `war`; `resist`, given pressure or attack; `war_after_press`, given the same. The conditional
            probabilities weight worlds and types by their probability of pressing or attacking.
        """
        logs = np.where(self.settled, log_weights, -np.inf)
        shares = np.exp(logs - logs.max(axis=2, keepdims=True))
        weights = self.weights[:, None, None] * shares / shares.sum(axis=2, keepdims=True)
        press, resisted, war = (
            np.sum(weights * np.where(self.settled, part, 0.0), axis=(0, 2))
            for part in (self.press, self.resisted, self.war)
        )
        pressed = np.maximum(press, 1e-12)
        return {"press": press, "war": war, "resist": resisted / pressed, "war_after_press": war / pressed}


def play(cases: pl.DataFrame, *, worlds: int, seed: int, progress: Callable[[int], None] = lambda _: None) -> Played:
    """Play every case in the same worlds.

    Args:
        cases: past cases, as from `samples.past_cases`.
        worlds: number of worlds in which each case is played.
        seed: seed of the worlds.
        progress: called with the number of cases just played.
    """
    case = rule()
    drawn = draw(case, seed=seed, draws=worlds)
    shape = (len(case.types), cases.height, worlds)
    parts = {name: np.zeros(shape) for name in ("press", "resisted", "war", "settled")}
    for rows, theatre in _by_theatre(cases):
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            draws = _with_forces(drawn, cases[block.tolist()])
            scenarios = [
                Scenario(theatre=theatre, type=name, discount=case.discounting.central, outputs="risk")
                for name in case.types
            ]
            solutions = solve(case, scenarios, draws)
            for index, scenario in enumerate(scenarios):
                for name, values in _probabilities(solutions[scenario], draws).items():
                    parts[name][index, block] = values.reshape(len(block), worlds)
            progress(len(block))
    weights = np.array([type_.weight for type_ in case.types.values()])
    return Played(weights, parts["press"], parts["resisted"], parts["war"], parts["settled"] > 0.0)


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
    """Return the fields of `Played` for one type of challenger, (cases x worlds,)."""
    first = {name: values[0] for name, values in solution.probabilities.items()}
    widens = 1.0 - (1.0 - draws["widening"]) * (1.0 - draws["accident_after_clash"])
    resisted = first["press"] * (1.0 - first["concede"])
    return {
        "press": first["press"] + first["attack"],
        "resisted": resisted + first["attack"],
        "war": first["attack"] + resisted * (1.0 - first["back_down"]) * widens,
        "settled": solution.settled.astype(float),
    }
