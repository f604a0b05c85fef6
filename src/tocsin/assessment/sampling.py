"""Select the worlds in which every game is solved.

Most drawn worlds make the record of history unlikely and carry almost no weight. A first look (`look`) therefore solves the base
games of every world over the horizon alone, as if the aim then stayed where it is, and weights each world by the record.

Systematic sampling with unequal probabilities selects some of these worlds (Madow, Annals of Mathematical Statistics 20, 1949). A
world selected with probability p stands for 1 / p of those drawn (Horvitz and Thompson, JASA 47, 1952). The base games are then
solved in full in the selected worlds, which are weighted again: a rough first look costs precision and adds no bias. A second
sample of these worlds is the one in which every game is solved.
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
"""No world is selected with a smaller probability than one whose weight is this share of the mean. Where the weights are rough, or
worlds are weighted again, a world whose weight was underestimated must not stand for very many."""


@dataclass(frozen=True)
class Look:
    """Worlds with a first estimate of how likely each makes the records.

    Attributes:
        worlds: D of them.
        records: (theatre, type) -> log-likelihood (D,) of the theatre's record, by the first look.
    """

    case: Case
    worlds: Worlds
    records: Mapping[tuple[str, str], np.ndarray]

    def with_more(self, other: Look) -> Look:
        """Return these worlds and others."""
        records = {key: np.concatenate([logs, other.records[key]]) for key, logs in self.records.items()}
        return Look(self.case, self.worlds.with_more(other.worlds), records)

    def effective(self) -> float:
        """Return a first estimate of the least effective number of draws, over theatres and types."""
        return min(effective(normalised(logs)) for logs in self.records.values())

    def select(self, theatres: tuple[str, ...], count: int) -> tuple[Worlds, np.ndarray]:
        """Select worlds by their weight given the records of some theatres; return them and their log weights."""
        if count >= self.worlds.size:
            return self.worlds, np.zeros(self.worlds.size)
        logs = [np.sum([self.records[theatre, kind] for theatre in theatres], axis=0) for kind in self.case.types]
        weights = np.mean([normalised(log) for log in logs], axis=0)
        selected, log_weights = sampled(weights, count, self.worlds.seed, ROUGH)
        return self.worlds.some(selected), log_weights


def look(case: Case, worlds: Worlds, progress: Callable[[float], None] | None = None) -> Look:
    """Take a first look at worlds."""
    keys = [(theatre, kind) for theatre in case.theatres for kind in case.types]
    games = [Scenario(theatre=theatre, type=kind, discount=case.discount.central) for theatre, kind in keys]
    solutions = glance(case, games, worlds.draws, progress=progress)
    records = {key: log_likelihood(case, solutions[game], worlds.draws) for key, game in zip(keys, games, strict=True)}
    return Look(case, worlds, records)


def sampled(weights: np.ndarray, count: int, seed: int, lightest: float) -> tuple[np.ndarray, np.ndarray]:
    """Select about `count` of the weighted worlds by systematic sampling.

    Returns:
        Indices of the selected worlds, none twice, and their log weights: the log of how many worlds each stands for.
    """
    probabilities = inclusion(weights, count, lightest)
    marks = np.random.default_rng(seed).random() + np.arange(count)
    indices = np.searchsorted(np.cumsum(probabilities), marks, side="right")
    selected = np.unique(np.minimum(indices, len(weights) - 1))
    return selected, -np.log(probabilities[selected])


def inclusion(weights: np.ndarray, count: int, lightest: float) -> np.ndarray:
    """Return inclusion probabilities (D,) that sum to `count` < D, at most 1.

    They are proportional to the weights, which are raised to at least a share `lightest` of their mean.
    """
    floored = np.maximum(weights, lightest * np.mean(weights))
    low, high = 0.0, count / float(np.min(floored))
    for _ in range(100):
        middle = 0.5 * (low + high)
        few = np.sum(np.minimum(middle * floored, 1.0)) < count
        low, high = (middle, high) if few else (low, middle)
    return np.asarray(np.minimum(high * floored, 1.0))


def normalised(logs: np.ndarray) -> np.ndarray:
    """Return weights proportional to exp(logs) that sum to one."""
    weights = np.exp(logs - np.max(logs))
    return np.asarray(weights / np.sum(weights))


def effective(weights: np.ndarray) -> float:
    """Return the effective number of draws, 1 / sum w^2 (Kong 1992)."""
    return float(1.0 / np.sum(weights**2))
