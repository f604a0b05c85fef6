"""The ensemble of some theatres: worlds, the games solved in them, and their weights given history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from tocsin.assessment.quantities import Memo, Reader, needs
from tocsin.assessment.result import HistoryRow
from tocsin.assessment.sampling import ROUGH, effective, normalised, sampled
from tocsin.assessment.situations import Model
from tocsin.assessment.worlds import Worlds
from tocsin.case.nodes import Call, Node, calls
from tocsin.case.schema import Case
from tocsin.models.coercion.history import log_likelihood, record_chances
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Ends, Solution, settle, solve

SETTLED = 1e-3
"""Largest change of a value by a further year at which the stationary end counts as settled."""

Theatres: TypeAlias = tuple[str, ...]
"""Names of theatres, sorted."""

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Ensemble:
    """Worlds and the games of some theatres solved in them, weighed by how likely each makes these theatres' records.

    Attributes:
        theatres: whose records weigh.
        worlds: D of them.
        solutions: by scenario, over the worlds.
        records: (theatre, type) -> log-likelihood (D,) of the theatre's record in each world.
        log_weights: (D,) log weights before the records: the log of how many drawn worlds each stands for, see `sampling`.
        ends: stationary ends of the families, from which further games go on.
    """

    case: Case
    theatres: Theatres
    worlds: Worlds
    solutions: Mapping[Scenario, Solution]
    records: Mapping[tuple[str, str], np.ndarray]
    log_weights: np.ndarray
    ends: Ends = field(default_factory=dict)
    memo: Memo = field(default_factory=dict, compare=False, repr=False)

    def reader(self, model: Model) -> Reader:
        """Where quantities of one model are read."""
        return Reader(self.case, model, self.solutions, self.worlds.draws, self.memo)

    def weight(self, kind: str) -> np.ndarray:
        """Weights of worlds given the records, summing to one."""
        return normalised(sum((self.records[theatre, kind] for theatre in self.theatres), self.log_weights))

    def effective(self) -> float:
        """The least effective number of draws over types."""
        return min(effective(self.weight(kind)) for kind in self.case.types)

    def without_recalled(self) -> Ensemble:
        """The same weighed by the records without what in them is only recalled."""
        sure = {theatre: record.without_recalled() for theatre, record in self.case.history.items()}
        case = self.case.model_copy(update={"history": sure})
        records = {
            (theatre, kind): log_likelihood(
                case, self.solutions[base_scenario(case, theatre, kind, self.discount)], self.worlds.draws
            )
            for theatre, kind in self.records
        }
        return replace(self, records=records)

    @property
    def discount(self) -> float:
        """The discount factor of its games."""
        return next(iter(self.ends)).discount

    def thinned(self, count: int, lightest: float = ROUGH) -> Ensemble:
        """Fewer worlds in place of all, see `sampling`."""
        if count >= self.worlds.size:
            return self
        weights = [self.weight(kind) for kind in self.case.types]
        selected, log_weights = sampled(np.mean(weights, axis=0), count, self.worlds.seed, lightest)
        return Ensemble(
            self.case,
            self.theatres,
            self.worlds.some(selected),
            {scenario: solution.some(selected) for scenario, solution in self.solutions.items()},
            {key: logs[selected] for key, logs in self.records.items()},
            self.log_weights[selected] + log_weights,
            {base: end[..., selected] for base, end in self.ends.items()},
        )

    def with_games(self, scenarios: Iterable[Scenario], progress: Progress | None = None) -> Ensemble:
        """The same with more games solved."""
        missing = [scenario for scenario in dict.fromkeys(scenarios) if scenario not in self.solutions]
        more = solve(self.case, missing, self.worlds.draws, ends=self.ends, progress=progress)
        return replace(self, solutions={**self.solutions, **more}, memo={})


Ensembles: TypeAlias = Mapping[Theatres, Ensemble]
"""An ensemble for each set of theatres that is asked about together."""


def base_scenario(case: Case, theatre: str, kind: str, discount: float | None = None) -> Scenario:
    """The base game of a theatre and type, at the central discount factor if no other is given."""
    return Scenario(theatre=theatre, type=kind, discount=discount or case.discount.central)


def theatres_of(case: Case, tests: Iterable[Node]) -> Theatres:
    """The theatres that some tests ask about; the main one if none is named."""
    named = {call.theatre for test in tests for call in calls(test) if call.theatre is not None}
    return tuple(sorted(named)) or (case.main,)


def scenarios_for(case: Case, models: Iterable[Model], asked: Iterable[Call]) -> tuple[Scenario, ...]:
    """All games that some calls need in some models."""
    listed = tuple(asked)
    return tuple(
        dict.fromkeys(scenario for model in models for call in listed for scenario in needs(case, model, call))
    )


def conditioned(
    case: Case,
    theatres: Theatres,
    worlds: Worlds,
    log_weights: np.ndarray,
    *,
    discount: float | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Solve the base games in some worlds, and weigh these by how likely each makes the records of the theatres.

    Args:
        case: a loaded case.
        theatres: whose games and records.
        worlds: where.
        log_weights: as in `Ensemble`.
        discount: of the games, the central one if not given.
        progress: called with the share of the work done.
    """
    tell = progress or (lambda _done: None)
    bases = {
        (theatre, kind): base_scenario(case, theatre, kind, discount) for theatre in theatres for kind in case.types
    }
    games = list(bases.values())
    ends = settle(case, games, worlds.draws, progress=lambda done: tell(0.7 * done))
    solutions = solve(case, games, worlds.draws, ends=ends, progress=lambda done: tell(0.7 + 0.3 * done))
    records = {key: log_likelihood(case, solutions[base], worlds.draws) for key, base in bases.items()}
    return Ensemble(case, theatres, worlds, solutions, records, log_weights, ends)


def history_rows(ensembles: Ensembles) -> tuple[HistoryRow, ...]:
    """The record of each theatre against what the worlds say, before and after conditioning."""
    rows = []
    for theatre in ensembles:
        if len(theatre) == 1:
            rows += _history(ensembles[theatre])
    return tuple(rows)


def _history(ensemble: Ensemble) -> list[HistoryRow]:
    case, (theatre,) = ensemble.case, ensemble.theatres
    record = case.history.get(theatre)
    if record is None:
        return []
    before, rows = normalised(ensemble.log_weights), []
    for kind in case.types:
        logs, weights = ensemble.records[theatre, kind], ensemble.weight(kind)
        chances = record_chances(case, ensemble.solutions[base_scenario(case, theatre, kind)], ensemble.worlds.draws)
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
                before={name: float(np.sum(before * values)) for name, values in chances.items()},
                after={name: float(np.sum(weights * values)) for name, values in chances.items()},
                effective_draws=effective(weights),
                log_evidence=top + float(np.log(np.sum(before * np.exp(logs - top)))),
            )
        )
    return rows
