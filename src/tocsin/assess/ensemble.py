"""The ensemble: worlds, the games solved in them, and their weights given history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tocsin.assess.quantities import Memo, Reader, needs
from tocsin.assess.result import HistoryRow
from tocsin.assess.situations import Model, theatre_of
from tocsin.assess.worlds import Worlds
from tocsin.case.nodes import Call, Node, calls
from tocsin.case.schema import Case
from tocsin.models.coercion.form import Scenario
from tocsin.models.coercion.history import log_likelihood, record_chances
from tocsin.models.coercion.solve import Ends, Solution, settle, solve

SETTLED = 1e-3
"""Largest change of a value by a further year at which the stationary end counts as settled."""


@dataclass(frozen=True)
class Ensemble:
    """Worlds and the games solved in them, weighed by how likely each world makes the record.

    Attributes:
        worlds: D of them.
        solutions: by scenario, over the worlds.
        records: (theatre, type) -> log-likelihood (D,) of the theatre's record in each world.
        odds: (D,) log of how many drawn worlds each stands for, see `thinned`.
        ends: stationary ends of the families, from which further games go on.
    """

    case: Case
    worlds: Worlds
    solutions: Mapping[Scenario, Solution]
    records: Mapping[tuple[str, str], np.ndarray]
    odds: np.ndarray
    ends: Ends = field(default_factory=dict)
    memo: Memo = field(default_factory=dict, compare=False, repr=False)

    def reader(self, model: Model) -> Reader:
        """Where quantities of one model are read."""
        return Reader(self.case, model, self.solutions.__getitem__, self.worlds.draws, self.memo)

    def weight(self, kind: str, theatres: Iterable[str]) -> np.ndarray:
        """Weights of worlds given the records of some theatres together, summing to one."""
        return normalised(sum((self.records[theatre, kind] for theatre in sorted(set(theatres))), self.odds))

    def effective(self, theatres: Iterable[str]) -> float:
        """The least effective number of draws over types, given the records of some theatres together."""
        listed = tuple(theatres)
        return min(effective(self.weight(kind, listed)) for kind in self.case.types)

    def thinned(self, count: int) -> Ensemble:
        """Fewer worlds in place of all.

        Systematic sampling with unequal chances (Madow, Annals of Mathematical Statistics 20, 1949): no world is taken
        twice, and one kept with chance c stands for 1 / c worlds (Horvitz and Thompson, JASA 47, 1952). Chances go by
        the weight of a world, averaged over types and over the records of each theatre and of all together.
        """
        size = self.worlds.size
        if count >= size:
            return self
        records = [*((theatre,) for theatre in self.case.theatres), tuple(self.case.theatres)]
        each = [self.weight(kind, some) for kind in self.case.types for some in records]
        chances = inclusion(np.mean(each, axis=0), count)
        marks = np.random.default_rng(self.worlds.seed).random() + np.arange(count)
        kept = np.unique(np.minimum(np.searchsorted(np.cumsum(chances), marks, side="right"), size - 1))
        return Ensemble(
            self.case,
            self.worlds.some(kept),
            {scenario: solution.some(kept) for scenario, solution in self.solutions.items()},
            {key: logs[kept] for key, logs in self.records.items()},
            self.odds[kept] - np.log(chances[kept]),
            {base: end[..., kept] for base, end in self.ends.items()},
        )

    def with_games(self, scenarios: Iterable[Scenario], progress: Callable[[float], None] | None = None) -> Ensemble:
        """The same with more games solved."""
        missing = [scenario for scenario in dict.fromkeys(scenarios) if scenario not in self.solutions]
        more = solve(self.case, missing, self.worlds.draws, ends=self.ends, progress=progress)
        return replace(self, solutions={**self.solutions, **more}, memo={})


LIGHTEST = 1e-3
"""Share of the mean weight below which no world's chance to be kept falls, so that none stands for too many."""


def inclusion(weights: np.ndarray, count: int) -> np.ndarray:
    """Chances (D,) in proportion to weights, but at most 1 and above 0, that sum to `count` < D."""
    floored = np.maximum(weights, LIGHTEST * np.mean(weights))
    low, high = 0.0, count / float(np.min(floored))
    for _ in range(100):
        middle = 0.5 * (low + high)
        few = np.sum(np.minimum(middle * floored, 1.0)) < count
        low, high = (middle, high) if few else (low, middle)
    return np.asarray(np.minimum(high * floored, 1.0))


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


def conditioned(
    case: Case,
    worlds: Worlds,
    odds: np.ndarray,
    *,
    discount: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Ensemble:
    """Solve the base games in some worlds, and weigh these by how likely each makes the record of its theatre.

    Args:
        case: a loaded case.
        worlds: where.
        odds: as in `Ensemble`.
        discount: of the games, the central one if not given.
        progress: called with the share of the work done.
    """
    tell = progress or (lambda _done: None)
    bases = {
        (theatre, kind): replace(base_scenario(case, theatre, kind), discount=discount or case.discount.central)
        for theatre in case.theatres
        for kind in case.types
    }
    games = list(bases.values())
    ends = settle(case, games, worlds.draws, progress=lambda done: tell(0.7 * done))
    solutions = solve(case, games, worlds.draws, ends=ends, progress=lambda done: tell(0.7 + 0.3 * done))
    records = {key: log_likelihood(case, solutions[base], worlds.draws) for key, base in bases.items()}
    return Ensemble(case, worlds, solutions, records, odds, ends)


def joined(first: Ensemble, more: Ensemble) -> Ensemble:
    """The worlds of two ensembles of the same games."""
    return Ensemble(
        first.case,
        first.worlds.with_more(more.worlds),
        {scenario: solution.with_more(more.solutions[scenario]) for scenario, solution in first.solutions.items()},
        {key: np.concatenate([logs, more.records[key]]) for key, logs in first.records.items()},
        np.concatenate([first.odds, more.odds]),
        {base: np.concatenate([end, more.ends[base]], axis=-1) for base, end in first.ends.items()},
    )


def history_rows(ensemble: Ensemble) -> tuple[HistoryRow, ...]:
    """The record against what the worlds say, before and after conditioning."""
    case, rows = ensemble.case, []
    before = normalised(ensemble.odds)
    for (theatre, kind), logs in ensemble.records.items():
        record = case.history.get(theatre)
        if record is None:
            continue
        weights = ensemble.weight(kind, [theatre])
        solution = ensemble.solutions[base_scenario(case, theatre, kind)]
        chances = record_chances(case, solution, ensemble.worlds.draws)
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
    return tuple(rows)
