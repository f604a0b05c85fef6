"""Select the worlds in which every game is solved.

In most drawn worlds the record of history is unlikely, so they carry almost no weight. A first look (`look`) therefore solves only
the base games of every world and weights the world by the record. The games end with the horizon, and the aim then stays where it is.

Systematic sampling with unequal probabilities selects some of these worlds (Madow, Annals of Mathematical Statistics 20, 1949). A
world selected with probability p stands for 1 / p drawn worlds (Horvitz and Thompson, JASA 47, 1952). The base games are then solved
in full in the selected worlds, which are weighted again: a rough first look costs precision but adds no bias. A second sample is
taken from these worlds, and every game is solved in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tocsin.assessment.weighting import ROUGH, effective, normalised, sampled
from tocsin.assessment.worlds import Worlds
from tocsin.case.dated import with_those_alike
from tocsin.case.schema import Case
from tocsin.models.coercion.history import log_likelihood
from tocsin.models.coercion.prepare import Draws
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, glance


class Glance(Protocol):
    """Solves games approximately, see `models.coercion.solve.glance`."""

    def __call__(
        self,
        case: Case,
        scenarios: Sequence[Scenario],
        draws: Draws,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Mapping[Scenario, Solution]:
        """Return the solutions."""


@dataclass(frozen=True)
class Look:
    """Worlds with a first estimate of the likelihood of the records in each.

    Attributes:
        worlds: the D worlds.
        records: (theatre, type) -> approximate log-likelihood (D,) of the theatre's record.
    """

    case: Case
    worlds: Worlds
    records: Mapping[tuple[str, str], np.ndarray]

    def with_more(self, other: Look) -> Look:
        """Return these worlds and those of another look."""
        records = {key: np.concatenate([logs, other.records[key]]) for key, logs in self.records.items()}
        return Look(self.case, self.worlds.with_more(other.worlds), records)

    def effective(self) -> float:
        """Return a first estimate of the effective number of draws, the smallest over theatres and types."""
        return min(effective(normalised(logs)) for logs in self.records.values())

    def select(self, theatres: tuple[str, ...], count: int) -> tuple[Worlds, np.ndarray]:
        """Select about `count` worlds by their weight given some theatres' records; return them and their log weights."""
        if count >= self.worlds.size:
            return self.worlds, np.zeros(self.worlds.size)
        those = with_those_alike(self.case, theatres)
        logs = [np.sum([self.records[theatre, kind] for theatre in those], axis=0) for kind in self.case.types]
        weights = np.mean([normalised(log) for log in logs], axis=0)
        selected, log_weights = sampled(weights, count, self.worlds.seed, ROUGH)
        return self.worlds.some(selected), log_weights


def look(case: Case, worlds: Worlds, progress: Callable[[float], None] | None = None, solve: Glance = glance) -> Look:
    """Return worlds with a first estimate of their weights, from games that end with the horizon, which `solve` solves."""
    keys = [(theatre, kind) for theatre in case.theatres for kind in case.types]
    central = case.discounting.central
    games = [Scenario(theatre=theatre, type=kind, discount=central, outputs="choices") for theatre, kind in keys]
    solutions = solve(case, games, worlds.draws, progress=progress)
    records = {key: log_likelihood(case, solutions[game], worlds.draws) for key, game in zip(keys, games, strict=True)}
    return Look(case, worlds, records)
