"""Estimate a dispute of three moves, last move first, and predict its course.

The challenger begins a dispute or not; the target acts in return or not; both then fight on to war or stop. Each move is a logit of agent
quantal response: a choice has log odds x b + c v, where x are covariates, b their part in the payoffs, v what the mover expects of later
moves, and c its value (McKelvey and Palfrey 1998, Experimental Economics 1(1)). The last move is estimated first, from disputes with an act
in return; its probabilities are then what the move before expects. So what happens first cannot bend the payoffs of what happens last, as
it does under full information. Whether the target stands firm in the end
is predicted beside its first answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl

from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.record import pair_numbers
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.history import History
from tocsin.evidence.stages.logit import Logit, fit
from tocsin.evidence.stages.specification import (
    BEGIN,
    EXPECTED_ANSWER,
    EXPECTED_FIGHT,
    EXPECTED_WAR,
    FIGHT,
    FIRM,
    RESIST,
    STAGES,
    Specification,
    specification,
)

Columns: TypeAlias = Mapping[str, np.ndarray]
"""Covariates by name, (cases,) each."""


class Sample(NamedTuple):
    """Past cases.

    Attributes:
        columns: covariates by name, (cases,) each.
        outcomes: (cases,) each: `press` of years; `reciprocate`, `firm` and `war` of disputes. NaN if not known.
        pairs: (cases,) numbers of the pairs of states.
    """

    columns: Columns
    outcomes: Columns
    pairs: np.ndarray


@dataclass(frozen=True)
class Moves:
    """The estimated moves.

    Attributes:
        stages: the logit of each stage.
        specification: the covariates of each stage.
    """

    stages: Mapping[str, Logit]
    specification: Specification

    def probabilities(self, columns: Columns) -> dict[str, np.ndarray]:
        """Return the probability (cases,) of each stage's choice, given that the dispute comes to it."""
        return _backward(self.stages, columns, self.specification)[0]

    @property
    def numbers(self) -> int:
        """Return how many coefficients were estimated."""
        return sum(len(logit.coefficients) for logit in self.stages.values())


def estimate(years: Sample, disputes: Sample, chosen: Specification) -> Moves:
    """Return the moves, estimated last move first.

    Args:
        years: years in which the challenger could begin a dispute.
        disputes: disputes begun.
        chosen: the covariates of each stage.
    """
    answered, known_end = disputes.outcomes["reciprocate"] == 1, np.isfinite(disputes.outcomes["firm"])
    samples = {
        FIGHT: (disputes, answered, "war"),
        FIRM: (disputes, known_end, "firm"),
        RESIST: (disputes, np.ones_like(answered), "reciprocate"),
        BEGIN: (years, np.ones(len(years.pairs), dtype=bool), "press"),
    }
    stages: dict[str, Logit] = {}
    for stage in STAGES:
        sample, rows, outcome = samples[stage]
        known = _backward(stages, sample.columns, chosen)[1]
        names = chosen[stage]
        stages[stage] = fit(_stack(known, names)[rows], sample.outcomes[outcome][rows], sample.pairs[rows], names)
    return Moves(stages, chosen)


def _stack(columns: Columns, names: Sequence[str]) -> np.ndarray:
    return np.column_stack([columns[name] for name in names])


def _backward(
    stages: Mapping[str, Logit], columns: Columns, chosen: Specification
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the chances of the stages that are known so far, and the covariates with what they let one expect."""
    known, chances = dict(columns), dict[str, np.ndarray]()
    for stage, logit in stages.items():
        chances[stage] = logit.predict(_stack(known, chosen[stage]))
        if stage == FIGHT:
            known[EXPECTED_FIGHT] = chances[FIGHT]
        if stage == RESIST:
            known |= {EXPECTED_ANSWER: chances[RESIST], EXPECTED_WAR: chances[RESIST] * chances[FIGHT]}
    return chances, known


@dataclass(frozen=True)
class StageGame:
    """A forecaster of what rivals do: the moves with payoffs from history.

    Attributes:
        moves: the estimated moves.
        hostility: parameters of the hostility filter.
    """

    moves: Moves
    hostility: Parameters

    @classmethod
    def fit(
        cls,
        years: pl.DataFrame,
        disputes: pl.DataFrame,
        past: History,
        hostility: Parameters,
        chosen: Specification | None = None,
    ) -> StageGame:
        """Return the game learned from past cases.

        Args:
            years, disputes: past cases of general and of immediate deterrence, as from `samples.past_cases`.
            past: the record of all their pairs; only what it says of the time before each case is used.
            hostility: parameters of the hostility filter, learned from no later years.
            chosen: the covariates of each stage; without it those of `specification.TABLE`.
        """
        of_years, of_disputes = (_sample(cases, past, hostility) for cases in (years, disputes))
        return cls(estimate(of_years, of_disputes, chosen or specification()), hostility)

    def predict(self, cases: pl.DataFrame, past: History) -> dict[str, np.ndarray]:
        """Return probabilities of new cases, (cases,) each, of either kind.

        Returns:
            `press`, that the challenger begins a dispute within the year; if it does, `reciprocate`, `firm` and `war`; and `war in year`,
            that it begins one that comes to war.
        """
        chances = self.moves.probabilities(covariates(cases, past, self.hostility))
        war = chances[RESIST] * chances[FIGHT]
        return {
            "press": chances[BEGIN],
            "reciprocate": chances[RESIST],
            "firm": chances[FIRM],
            "war": war,
            "war in year": chances[BEGIN] * war,
        }


def _sample(cases: pl.DataFrame, past: History, hostility: Parameters) -> Sample:
    outcomes = {
        name: cases[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("press", "reciprocate", "firm", "war")
    }
    return Sample(covariates(cases, past, hostility), outcomes, pair_numbers(cases))
