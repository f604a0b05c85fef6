"""Which worlds are worth solving every game in.

Of many worlds, most make the record of history unlikely and carry next to no weight. Every drawn world is therefore
looked at once (`look`): its base games are played over the horizon alone, after which the aim stays where it then is,
and the record is weighed by that. Of the worlds so weighed, some are kept by systematic sampling with unequal chances
(Madow, Annals of Mathematical Statistics 20, 1949); one kept with chance c stands for 1 / c of those drawn (Horvitz and
Thompson, JASA 47, 1952). In these the base games are solved in full and weighed again, so a rough first look costs
precision, never truth; and of these again some are kept, in which every game is solved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.worlds import Worlds
from tocsin.case.schema import Case
from tocsin.models.coercion.history import log_likelihood
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import glance

ROUGH, FINE = 0.3, 0.05
"""Share of the mean weight below which no world's chance to be kept falls. Where the weights are rough, or worlds will be
weighed anew, one that is wrongly made light must not come to stand for very many."""


@dataclass(frozen=True)
class Look:
    """Worlds and about how likely each makes the records.

    Attributes:
        worlds: D of them.
        records: (theatre, type) -> log-likelihood (D,) of the theatre's record, by the first look.
    """

    case: Case
    worlds: Worlds
    records: Mapping[tuple[str, str], np.ndarray]

    def with_more(self, other: Look) -> Look:
        """These worlds and others."""
        records = {key: np.concatenate([logs, other.records[key]]) for key, logs in self.records.items()}
        return Look(self.case, self.worlds.with_more(other.worlds), records)

    def effective(self) -> float:
        """About the least effective number of draws, over theatres and types."""
        return min(effective(normalised(logs)) for logs in self.records.values())

    def kept(self, theatres: tuple[str, ...], count: int) -> tuple[Worlds, np.ndarray]:
        """Some worlds by their weight given the records of some theatres, and the log of how many each stands for."""
        if count >= self.worlds.size:
            return self.worlds, np.zeros(self.worlds.size)
        logs = [np.sum([self.records[theatre, kind] for theatre in theatres], axis=0) for kind in self.case.types]
        kept, odds = sampled(np.mean([normalised(each) for each in logs], axis=0), count, self.worlds.seed, ROUGH)
        return self.worlds.some(kept), odds


def look(case: Case, worlds: Worlds, progress: Callable[[float], None] | None = None) -> Look:
    """Take a first look at worlds."""
    keys = [(theatre, kind) for theatre in case.theatres for kind in case.types]
    games = [Scenario(theatre=theatre, type=kind, discount=case.discount.central) for theatre, kind in keys]
    found = glance(case, games, worlds.draws, progress=progress)
    records = {key: log_likelihood(case, found[game], worlds.draws) for key, game in zip(keys, games, strict=True)}
    return Look(case, worlds, records)


def sampled(weights: np.ndarray, count: int, seed: int, lightest: float) -> tuple[np.ndarray, np.ndarray]:
    """Places of `count` of the weighed worlds, none twice, and the log of how many each stands for."""
    chances = inclusion(weights, count, lightest)
    marks = np.random.default_rng(seed).random() + np.arange(count)
    places = np.searchsorted(np.cumsum(chances), marks, side="right")
    kept = np.unique(np.minimum(places, len(weights) - 1))
    return kept, -np.log(chances[kept])


def inclusion(weights: np.ndarray, count: int, lightest: float) -> np.ndarray:
    """Chances (D,) in proportion to weights, these at least a share of their mean, at most 1, that sum to `count` < D."""
    floored = np.maximum(weights, lightest * np.mean(weights))
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
