"""Build the ensemble of some theatres: worlds, the games solved in them, and their weights given history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from tocsin.assessment.figures_result import HistoryRow
from tocsin.assessment.quantities import Memo, Reader, needs
from tocsin.assessment.requests import Theatres
from tocsin.assessment.situations import Model
from tocsin.assessment.weighting import ROUGH, effective, normalised, sampled
from tocsin.assessment.worlds import Worlds
from tocsin.case.dated import with_those_alike
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.models.coercion.history import (
    log_likelihood,
    rates,
    record_probabilities,
    recorded_rates,
)
from tocsin.models.coercion.past import Past, play
from tocsin.models.coercion.prepare import Draws
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Ends, Solution, settle, solve
from tocsin.translation import listed, message

if TYPE_CHECKING:
    from tocsin.assessment.pairing.shared_games import SharedGames

Progress = Callable[[float], None]


class Solver(Protocol):
    """Solves games, see `models.coercion.solve` and `models.coercion.past`."""

    def settle(
        self, case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
    ) -> Ends:
        """Return the stationary ends of some games."""

    def solve(
        self,
        case: Case,
        scenarios: Sequence[Scenario],
        draws: Draws,
        *,
        ends: Ends | None = None,
        progress: Progress | None = None,
    ) -> Mapping[Scenario, Solution]:
        """Return the solutions of some games."""

    def play(self, case: Case, games: Sequence[Scenario], draws: Draws, ends: Ends) -> Mapping[Scenario, Past]:
        """Return the recorded years of some base games."""


class _Plain:
    """Solves every game that it is given."""

    settle = staticmethod(settle)
    solve = staticmethod(solve)
    play = staticmethod(play)


PLAIN: Solver = _Plain()


@dataclass(frozen=True)
class Ensemble:
    """Worlds with the games of some theatres solved, weighted by the likelihood of these theatres' records.

    Attributes:
        theatres: the theatres whose records give the weights; that of a dated theatre is the record of the one that it is like.
        worlds: the D worlds.
        solutions: solution of each scenario over the worlds.
        records: (theatre, type) -> log-likelihood (D,) of the theatre's record in each world.
        log_weights: (D,) log weights before the records: the log of how many drawn worlds each stands for, see `sampling`.
        ends: stationary ends of the families, from which further games start.
        pasts: base game -> its recorded years at their own forces; only of theatres with a table of power.
        memo: quantities already read, see `quantities.Reader`.
    """

    case: Case
    theatres: Theatres
    worlds: Worlds
    solutions: Mapping[Scenario, Solution]
    records: Mapping[tuple[str, str], np.ndarray]
    log_weights: np.ndarray
    ends: Ends = field(default_factory=dict)
    pasts: Mapping[Scenario, Past] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def games(self) -> SharedGames:
        """Return the solved games, for other cases in the same worlds."""
        from tocsin.assessment.pairing.shared_games import SharedGames  # imported here: it is above this module

        return SharedGames.of(self)

    def reader(self, model: Model) -> Reader:
        """Return a reader of the quantities of one model."""
        return Reader(self.case, model, self.solutions, self.worlds.draws, self.memo)

    def weight(self, kind: str) -> np.ndarray:
        """Return the weights of the worlds given the records; they sum to one. Worlds whose base games have not settled have none.

        Raises:
            SolveError: if the base games have not settled in any world.
        """
        settled = self._settled(kind)
        if not settled.any():
            raise SolveError(
                message(
                    "the games of {theatres} for the type `{kind}` settle in none of {count} worlds",
                    theatres=listed(self.theatres),
                    kind=kind,
                    count=self.worlds.size,
                ),
                remedy=message(
                    "lower the belief `precision`: at high precision the players may react to each other without end"
                ),
            )
        return normalised(np.where(settled, self._logs(kind), -np.inf))

    def settled(self, kind: str) -> float:
        """Return the share of the weight, given the records, of the worlds whose base games have settled."""
        return float(np.sum(normalised(self._logs(kind))[self._settled(kind)]))

    def _logs(self, kind: str) -> np.ndarray:
        """Return the log weights (D,) given the records, whether the base games have settled or not."""
        theatres = with_those_alike(self.case, self.theatres)
        return np.asarray(sum((self.records[theatre, kind] for theatre in theatres), self.log_weights))

    def _settled(self, kind: str) -> np.ndarray:
        """Return in which worlds (D,) the base games of a challenger type have settled."""
        theatres = with_those_alike(self.case, self.theatres)
        bases = [base_scenario(self.case, theatre, kind, self.discount) for theatre in theatres]
        return np.all([self.solutions[base].settled for base in bases], axis=0)

    def effective(self) -> float:
        """Return the effective number of draws, the smallest over challenger types."""
        return min(effective(self.weight(kind)) for kind in self.case.types)

    def drawn(self) -> float:
        """Return the same if the base games had settled in all worlds."""
        return min(map(effective, self.weights_drawn()))

    def weights_drawn(self) -> list[np.ndarray]:
        """Return the weights of each type as if its base games had settled in all worlds."""
        return [normalised(self._logs(kind)) for kind in self.case.types]

    def yearly(self, theatre: str, kind: str) -> dict[str, np.ndarray]:
        """Return the probabilities of the events of a theatre's record, see `history.record_probabilities`."""
        base = base_scenario(self.case, theatre, kind, self.discount)
        return record_probabilities(self.case, self.solutions[base], self.worlds.draws, self.pasts.get(base))

    def with_past(self, solver: Solver | None = None) -> Ensemble:
        """Return the same ensemble, weighted by the recorded years at their own forces, where the case gives them."""
        case, draws = self.case, self.worlds.draws
        bases = {key: base_scenario(case, *key, self.discount) for key in self.records}
        pasts = (solver or PLAIN).play(case, list(bases.values()), draws, self.ends)
        records = {
            key: log_likelihood(case, self.solutions[base], draws, pasts.get(base)) for key, base in bases.items()
        }
        return replace(self, records=records, pasts=pasts)

    def without_recalled(self) -> Ensemble:
        """Return the same ensemble, weighted by the records without what is only recalled."""
        sure = {theatre: record.without_recalled() for theatre, record in self.case.history.items()}
        case = self.case.model_copy(update={"history": sure})
        bases = {key: base_scenario(case, *key, self.discount) for key in self.records}
        records = {
            key: log_likelihood(case, self.solutions[base], self.worlds.draws, self.pasts.get(base))
            for key, base in bases.items()
        }
        return replace(self, records=records)

    @property
    def discount(self) -> float:
        """Return the discount factor of the games."""
        return next(iter(self.ends)).discount

    def thinned(self, count: int, lightest: float = ROUGH) -> Ensemble:
        """Return the ensemble in about `count` of its worlds; `lightest` as in `weighting.inclusion`.

        Worlds whose base games have not settled are selected by their weight like others. If they were seldom selected, the few that are
        would stand for many, and one of them could decide whether games settle.
        """
        if count >= self.worlds.size:
            return self
        return self.some(*sampled(np.mean(self.weights_drawn(), axis=0), count, self.worlds.seed, lightest))

    def some(self, selected: np.ndarray, log_weights: np.ndarray) -> Ensemble:
        """Return the ensemble in some of its worlds, with the log of how many each stands for."""
        return Ensemble(
            self.case,
            self.theatres,
            self.worlds.some(selected),
            {scenario: solution.some(selected) for scenario, solution in self.solutions.items()},
            {key: logs[selected] for key, logs in self.records.items()},
            self.log_weights[selected] + log_weights,
            {base: end.some(selected) for base, end in self.ends.items()},
            {base: past.some(selected) for base, past in self.pasts.items()},
        )

    def with_games(
        self, scenarios: Iterable[Scenario], progress: Progress | None = None, solver: Solver | None = None
    ) -> Ensemble:
        """Return the same ensemble with more games solved."""
        missing = [scenario for scenario in dict.fromkeys(scenarios) if scenario not in self.solutions]
        more = (solver or PLAIN).solve(self.case, missing, self.worlds.draws, ends=self.ends, progress=progress)
        return replace(self, solutions={**self.solutions, **more}, memo={})


Ensembles: TypeAlias = Mapping[Theatres, Ensemble]
"""An ensemble for each set of theatres that a test asks about."""


def base_scenario(case: Case, theatre: str, kind: str, discount: float | None = None) -> Scenario:
    """Return the base game of a theatre and type, at the central discount factor unless another is given."""
    return Scenario(theatre=theatre, type=kind, discount=discount or case.discounting.central)


def scenarios_for(case: Case, models: Iterable[Model], requested: Iterable[Call]) -> tuple[Scenario, ...]:
    """Return all games that some calls need in some models."""
    listed = tuple(requested)
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
    solver: Solver | None = None,
) -> Ensemble:
    """Solve the base games in some worlds, and weight the worlds by the theatres' records at the forces of today.

    Args:
        case: a loaded case.
        theatres: the theatres to solve and whose records give the weights.
        worlds: the worlds to solve in.
        log_weights: as in `Ensemble`.
        discount: discount factor of the games; by default the central one.
        progress: called with the share done, in [0, 1].
        solver: of the games.
    """
    report = progress or (lambda _share: None)
    bases = {
        (theatre, kind): base_scenario(case, theatre, kind, discount)
        for theatre in with_those_alike(case, theatres)
        for kind in case.types
    }
    games = list(bases.values())
    by = solver or PLAIN
    ends = by.settle(case, games, worlds.draws, progress=lambda done: report(0.7 * done))
    solutions = by.solve(case, games, worlds.draws, ends=ends, progress=lambda done: report(0.7 + 0.3 * done))
    records = {key: log_likelihood(case, solutions[base], worlds.draws) for key, base in bases.items()}
    return Ensemble(case, theatres, worlds, solutions, records, log_weights, ends)


def history_rows(ensembles: Ensembles) -> tuple[HistoryRow, ...]:
    """Compare the record of each theatre with the worlds, before and after weighting."""
    rows = []
    for theatres, ensemble in ensembles.items():
        if len(theatres) == 1:
            rows += _history(ensemble)
    return tuple(rows)


def _history(ensemble: Ensemble) -> list[HistoryRow]:
    case, (theatre,) = ensemble.case, ensemble.theatres
    record = case.history.get(theatre)
    if record is None:
        return []
    before, recorded, rows = normalised(ensemble.log_weights), recorded_rates(record), []
    for kind in case.types:
        logs, weights = ensemble.records[theatre, kind], ensemble.weight(kind)
        yearly = rates(record, ensemble.yearly(theatre, kind))
        top = float(np.max(logs))
        rows.append(
            HistoryRow(
                theatre=theatre,
                type=kind,
                recorded={event: recorded[event] for event in yearly},
                before={name: float(np.sum(before * values)) for name, values in yearly.items()},
                after={name: float(np.sum(weights * values)) for name, values in yearly.items()},
                effective_draws=effective(weights),
                log_evidence=top + float(np.log(np.sum(before * np.exp(logs - top)))),
            )
        )
    return rows
