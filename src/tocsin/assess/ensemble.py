"""The ensemble: worlds, the games solved in them, and their weights given history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tocsin.assess.quantities import Memo, Reader, needs
from tocsin.assess.result import HistoryRow
from tocsin.assess.situations import Model, theatre_of
from tocsin.assess.worlds import Worlds
from tocsin.case.nodes import Call, Node, calls
from tocsin.case.schema import Case
from tocsin.models.coercion.form import Scenario
from tocsin.models.coercion.history import log_likelihood, record_chances
from tocsin.models.coercion.solve import Solution, solve

Progress = Callable[[str, float], None]

SETTLED = 1e-3
"""Largest change of a value by a further year at which the stationary end counts as settled."""


@dataclass(frozen=True)
class Ensemble:
    """Worlds and solutions; `weights` by (theatre, type) sum to one and carry the record of that theatre."""

    case: Case
    worlds: Worlds
    solutions: Mapping[Scenario, Solution]
    weights: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict, compare=False, repr=False)

    def reader(self, model: Model) -> Reader:
        """Where quantities of one model are read."""
        return Reader(self.case, model, self.solutions.__getitem__, self.worlds.draws, self.memo)

    def weight(self, kind: str, theatres: Iterable[str]) -> np.ndarray:
        """Weights of worlds given the records of some theatres together, summing to one."""
        total = np.zeros(self.worlds.size)
        for theatre in sorted(set(theatres)):
            total = total + np.log(np.maximum(self.weights[theatre, kind], 1e-300))
        return normalised(total)

    def first(self, count: int) -> Ensemble:
        """The same for the first `count` worlds."""
        if count >= self.worlds.size:
            return self
        weights = {key: values[:count] / np.sum(values[:count]) for key, values in self.weights.items()}
        solutions = {scenario: solution.first(count) for scenario, solution in self.solutions.items()}
        return Ensemble(self.case, self.worlds.first(count), solutions, weights)


def is_side(scenario: Scenario) -> bool:
    """Whether a game only serves a comparison (fewer players or instruments, watched regimes, scaled money)."""
    lesser = scenario.acting is not None or scenario.menu is not None
    return lesser or scenario.watch or bool(scenario.deaf) or bool(scenario.scale)


def normalised(logs: np.ndarray) -> np.ndarray:
    """Weights proportional to exp(logs), summing to one."""
    weights = np.exp(logs - np.max(logs))
    return np.asarray(weights / np.sum(weights))


def effective(weights: np.ndarray) -> float:
    """Effective number of draws, 1 / sum w^2 (Kong 1992)."""
    return float(1.0 / np.sum(weights**2))


def base_scenario(case: Case, theatre: str, kind: str) -> Scenario:
    """The base game of a theatre and type at the central discount factor."""
    return Scenario(theatre=theatre, type=kind, discount=case.discount.central)


def theatres_of(case: Case, tests: Iterable[Node]) -> tuple[str, ...]:
    """The theatres that some tests ask about; the main one if none is named."""
    asked = {theatre_of(case, call) for test in tests for call in calls(test)}
    return tuple(sorted(asked)) or (case.main,)


def scenarios_for(case: Case, models: Iterable[Model], asked: Iterable[Call]) -> tuple[Scenario, ...]:
    """All games that some calls need in some models, and the base game of each theatre and type."""
    wanted = [base_scenario(case, theatre, kind) for theatre in case.theatres for kind in case.types]
    listed = tuple(asked)
    for model in models:
        for call in listed:
            wanted.extend(needs(case, model, call))
    return tuple(dict.fromkeys(wanted))


def solved(
    case: Case, worlds: Worlds, scenarios: Iterable[Scenario], progress: Callable[[float], None] | None = None
) -> dict[Scenario, Solution]:
    """Solve scenarios in some worlds."""
    return solve(case, tuple(scenarios), worlds.draws, progress=progress)


def condition(case: Case, worlds: Worlds, solutions: Mapping[Scenario, Solution]) -> Ensemble:
    """Weigh worlds by how likely each makes the record of its theatre, within each type."""
    weights = {
        (theatre, kind): normalised(log_likelihood(case, solutions[base_scenario(case, theatre, kind)], worlds.draws))
        for theatre in case.theatres
        for kind in case.types
    }
    return Ensemble(case, worlds, solutions, weights)


def history_rows(ensemble: Ensemble) -> tuple[HistoryRow, ...]:
    """The record against what the worlds say, before and after conditioning."""
    case, rows = ensemble.case, []
    for (theatre, kind), weights in ensemble.weights.items():
        record = case.history.get(theatre)
        if record is None:
            continue
        solution = ensemble.solutions[base_scenario(case, theatre, kind)]
        chances = record_chances(case, solution, ensemble.worlds.draws)
        logs = log_likelihood(case, solution, ensemble.worlds.draws)
        top = float(np.max(logs))
        rows.append(
            HistoryRow(
                theatre=theatre,
                type=kind,
                recorded={
                    "attack": record.attacks / record.years,
                    "press": record.press / record.years,
                    "concede": record.concessions / max(record.press, 1),
                },
                before={name: float(np.mean(values)) for name, values in chances.items()},
                after={name: float(np.sum(weights * values)) for name, values in chances.items()},
                effective_draws=effective(weights),
                log_evidence=top + float(np.log(np.mean(np.exp(logs - top)))),
            )
        )
    return tuple(rows)
