"""Condition worlds on history: how likely a world makes the record of a theatre.

In each world the yearly probabilities of attack, of pressure with a demand and of a concession are those of the first year of the
base game. They are averaged over regime states, weighted by how often the regimes' own hazards lead there. Records of pressure also
count incidents without a demand: a year without pressure of the model's kind is recorded as one with probability s (`stray`). With n
years, a with an attack, k recorded with pressure, c with a concession to it,

    log L = w [ B(a; n, A) + B(k; n - a, P + (1 - P) s) + B(c; k, P C / (P + (1 - P) s)) ],

B(k; n, p) = k log p + (n - k) log(1 - p), A the probability of attack, P of pressure given no attack, C of a concession given
pressure, and w in [0, 1] the weight of a past year for the present (power likelihood; Ibrahim and Chen, Statistical
Science 15, 2000).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tocsin.models.coercion.prepare import Inputs
from tocsin.models.coercion.solve import Solution

if TYPE_CHECKING:
    from tocsin.case.schema import Case

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
    probability = {
        name: np.clip(value, TINY, 1.0 - TINY) for name, value in record_probabilities(case, solution, draws).items()
    }
    total = _binomial(history.attacks, history.years, probability["attack"])
    total = total + _binomial(history.press, history.years - history.attacks, probability["press"])
    total = total + _binomial(history.concessions, history.press, probability["concede"])
    return np.asarray(history.weight * total)


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
