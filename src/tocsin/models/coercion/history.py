"""Condition worlds on history: how likely a world makes the record of a theatre.

In each world the yearly probabilities of attack, of pressure with a demand and of a concession are those of the first year of the
base game. They are averaged over regime states, weighted by how often the regimes' own hazards lead there. Records of pressure also
count incidents without a demand: a year without pressure of the model's kind is recorded as one with probability s (`stray`). With n
years, a with an attack, k recorded with pressure, c with a concession to it,

    log L = w [ B(a; n, A) + B(k; n - a, P + (1 - P) s) + B(c; k, P C / (P + (1 - P) s)) ],

B(k; n, p) = k log p + (n - k) log(1 - p), A the probability of attack, P of pressure given no attack, C of a concession given
pressure, and w in [0, 1] the weight of a past year for the present (power likelihood; Ibrahim and Chen, Statistical
Science 15, 2000). This is the likelihood of w k events in w n independent years.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc

from tocsin.models.coercion.prepare import Inputs
from tocsin.models.coercion.solve import Solution

if TYPE_CHECKING:
    from tocsin.case.schema import Case, History

TINY = 1e-12


def record_probabilities(case: Case, solution: Solution, draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the yearly probabilities (D,) of `attack`, of recorded `press` given no attack, and of `concede` given that."""
    inputs = Inputs.of(case, draws, solution.scenario)
    often = _occupancy(inputs, solution)
    attack = np.sum(often * solution.probabilities["attack"], axis=0)
    quiet = np.maximum(1.0 - attack, TINY)
    press = np.sum(often * solution.probabilities["press"], axis=0) / quiet
    gained = np.sum(often * solution.probabilities["press"] * solution.probabilities["concede"], axis=0) / quiet
    stray = inputs["stray"] if "stray" in inputs else np.zeros_like(press)
    recorded = press + (1.0 - press) * stray
    return {"attack": attack, "press": recorded, "concede": gained / np.maximum(recorded, TINY)}


def log_likelihood(case: Case, solution: Solution, draws: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the log-likelihood (D,) of the theatre's history in each world; 0 if the case gives no history.

    Args:
        case: a loaded case.
        solution: the base game of a theatre.
        draws: belief name -> (D,), those of the solution.
    """
    history = case.history.get(solution.scenario.theatre)
    if history is None:
        return np.zeros(solution.size)
    return record_log_likelihood(history, record_probabilities(case, solution, draws))


def record_log_likelihood(history: History, probabilities: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the log-likelihood (D,) of a record in worlds with some yearly probabilities, as in `record_probabilities`."""
    terms = [
        _binomial(count, trials, np.clip(probabilities[name], TINY, 1.0 - TINY))
        for name, (count, trials) in counts(history).items()
    ]
    return np.asarray(history.weight * np.sum(terms, axis=0))


def counts(history: History) -> dict[str, tuple[int, int]]:
    """Return what a record counts: (years with an event, years in which it was possible), by the names of `record_probabilities`."""
    return {
        "attack": (history.attacks, history.years),
        "press": (history.press, history.years - history.attacks),
        "concede": (history.concessions, history.press),
    }


def predictive(history: History, probabilities: Mapping[str, np.ndarray], weights: np.ndarray) -> dict[str, float]:
    """Return, for each count of a record, the probability that worlds make a count as extreme as this one, on both sides.

    It is twice the smaller tail of the binomial counts, averaged over worlds, and at most 1. As in the likelihood, n years tell as much
    as w n independent ones, w being the weight of a past year. The tails of w k in w n years are those of the incomplete beta function,
    which needs no whole numbers. A count without years in which it was possible has no probability.

    Args:
        history: the record.
        probabilities: yearly probabilities (D,), as in `record_probabilities`.
        weights: of the worlds (D,), which sum to one.
    """
    result = {}
    for name, (count, trials) in counts(history).items():
        k, n, p = history.weight * count, history.weight * trials, probabilities[name]
        if n > 0.0:
            at_least = betainc(k, n - k + 1.0, p) if k > 0.0 else np.ones_like(p)
            at_most = 1.0 - betainc(k + 1.0, n - k, p) if k < n else np.ones_like(p)
            tail = min(float(np.sum(weights * at_least)), float(np.sum(weights * at_most)))
            result[name] = min(2.0 * tail, 1.0)
    return result


def _binomial(count: int, trials: int, probability: np.ndarray) -> np.ndarray:
    return np.asarray(count * np.log(probability) + (trials - count) * np.log1p(-probability))


def _occupancy(inputs: Inputs, solution: Solution) -> np.ndarray:
    """Return how often the regimes' own hazards lead to each state, (R, D); a regime without hazards stays as it is."""
    form = solution.form
    often = np.ones((form.states, solution.size))
    for index, regime in enumerate(form.regimes):
        loosens, firms = inputs[f"loosens.{regime.name}"], inputs[f"firms.{regime.name}"]
        both, now = loosens + firms, float(form.index() >> index & 1)
        loose = np.divide(loosens, both, out=np.full_like(both, now), where=both > 0)
        for state in range(form.states):
            often[state] *= loose if state >> index & 1 else 1.0 - loose
    return often
