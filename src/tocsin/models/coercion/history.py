"""Condition worlds on history: how likely a world makes the record of a theatre.

In each world the base game gives yearly probabilities of war by any path, of pressure with a demand, of a concession and of a clash.
They are read for every recorded year at the regime states of that year, and at its forces if the case gives them (see `past`). Records also count incidents that are none in the model's sense:
pressure without a demand, accords that are no step to the aim, fights that nobody ordered. A year of possible pressure, concession or clash
without one in the model's sense is recorded as one with probability s (`stray`, `stray.concession`, `stray.clash`). If the years of an
event are known,

    log L = w sum over years t in which it was possible of [ y_t log p_t + (1 - y_t) log(1 - p_t) ],

with y_t = 1 in the years of the event. If only their number k of n is known, p is the mean of the p_t, and

    log L = w [ k log p + (n - k) log(1 - p) ].

The terms add up: war W_t in all years; pressure R_t = P_t + (1 - P_t) s in years without war, P_t given no attack; a concession q + (1 - q) s
with q = P_t C_t / R_t and a clash, likewise with q = K_t / R_t, in years of pressure. w in [0, 1] is the weight of a past year for the
present (power likelihood; Ibrahim and Chen, Statistical Science 15, 2000).

Where a theatre's pressure comes from history, the term of pressure is replaced. The log density of what history lets one expect of R_1 in the
first year takes its place (`case.pressure`). It is a density of the log odds of R_1: payoffs move the log odds of a choice in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc

from tocsin.case.pressure import expected_pressure
from tocsin.case.record_blocks import number
from tocsin.models.coercion.past import Past, year_states
from tocsin.models.coercion.prepare import Inputs
from tocsin.models.coercion.solve import Solution

if TYPE_CHECKING:
    from tocsin.case.record_blocks import History, Years
    from tocsin.case.schema import Case

TINY = 1e-12

STRAY = {"press": "stray", "concede": "stray.concession", "clash": "stray.clash"}
"""The inputs that say how often the record counts an event that is none in the model's sense."""

EVENTS = {"war": "wars", "press": "press", "concede": "concessions", "clash": "clashes"}
"""The events that a record counts, with the names under which it counts them."""


@dataclass(frozen=True)
class Counted:
    """The years of one event.

    Attributes:
        happened, possible: number of years with the event, and of years in which it was possible.
        known: (T,) 1 in the years of the event; None if only their number is known.
        eligible: (T,) whether the event was possible in the year; all years if that is not known.
    """

    happened: int
    possible: int
    known: np.ndarray | None
    eligible: np.ndarray

    def mean(self, probability: np.ndarray) -> np.ndarray:
        """Return the mean (D,) of yearly probabilities (T or 1, D) over the years in which the event was possible."""
        if len(probability) == 1:
            return np.asarray(probability[0])
        return np.asarray(np.mean(probability[self.eligible], axis=0))

    def log_likelihood(self, probability: np.ndarray) -> np.ndarray:
        """Return the log-likelihood (D,) of the years at yearly probabilities (T or 1, D)."""
        if self.known is None or len(probability) == 1:
            p = np.clip(self.mean(probability), TINY, 1.0 - TINY)
            return np.asarray(self.happened * np.log(p) + (self.possible - self.happened) * np.log1p(-p))
        p = np.clip(probability[self.eligible], TINY, 1.0 - TINY)
        happened = self.known[self.eligible, None] > 0
        return np.asarray(np.sum(np.where(happened, np.log(p), np.log1p(-p)), axis=0))


def counted(history: History) -> dict[str, Counted]:
    """Return the years of each event of `EVENTS` that a record counts and that was possible in at least one year."""
    everything = np.ones(history.years, bool)
    war, press = _known(history, history.wars), _known(history, history.press)
    quiet = everything if war is None else war == 0
    pressed = everything if press is None or not press.any() else press > 0
    possible = {
        "war": (history.years, everything),
        "press": (history.years - history.count("wars"), quiet),
        "concede": (history.count("press"), pressed),
        "clash": (history.count("press"), pressed),
    }
    result = {}
    for event, name in EVENTS.items():
        recorded: Years | None = getattr(history, name)
        years, eligible = possible[event]
        if recorded is not None:
            known = _known(history, recorded) if _located(event, press) else None
            result[event] = Counted(number(recorded), years, known, eligible)
    return result


def _known(history: History, years: Years) -> np.ndarray | None:
    """Return 1 in the listed years, (T,); None if only a number above 0 is known."""
    if isinstance(years, int) and years > 0:
        return None
    listed = () if isinstance(years, int) else years
    return np.array([float(year in listed) for year in history.span])


def _located(event: str, press: np.ndarray | None) -> bool:
    """Return whether it is known in which years an event was possible: concessions and clashes need the years of pressure."""
    return event in ("war", "press") or press is not None


def record_probabilities(
    case: Case, solution: Solution, draws: Mapping[str, np.ndarray], past: Past | None = None
) -> dict[str, np.ndarray]:
    """Return the yearly probabilities of the events of a record, each given that it was possible.

    Args:
        case: a loaded case.
        solution: the base game of a theatre with a record.
        draws: belief name -> (D,), those of the solution.
        past: the game's recorded years at their own forces, as `past.play` returns them; by default all years have the forces of today.

    Returns:
        Event of `EVENTS` -> (T, D) for the T recorded years, or (1, D) for any year if the record says nothing of the states in it.
    """
    history = case.history[solution.scenario.theatre]
    if past is None:
        states = year_states(solution.form, history)
        year = {name: values[states] for name, values in solution.probabilities.items()}
    else:
        year = past.probabilities
    return _as_recorded(case, solution, draws, year)


def present_probabilities(
    case: Case, solution: Solution, draws: Mapping[str, np.ndarray], state: int | None = None
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the probabilities of a record's events in the first year of a game.

    Args:
        case: the case, with a record of the game's theatre.
        solution: the solved game.
        draws: the worlds.
        state: index of the regime states at the start; the present ones if None.

    Returns:
        Those of events as a record counts them, (D,), and those of the game's own events among them.
    """
    now = np.array([solution.form.index() if state is None else state])
    year = {name: values[now] for name, values in solution.probabilities.items()}
    recorded, own = _as_recorded(case, solution, draws, year), _own(case, solution, draws, year)
    return {name: values[0] for name, values in recorded.items()}, {name: own[name][0] for name in recorded}


def present_pressure(case: Case, solution: Solution, draws: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the probability (D,) that a record would count pressure in the first year, given no war."""
    now = {name: values[[solution.form.index()]] for name, values in solution.probabilities.items()}
    press, stray = _own(case, solution, draws, now)["press"][0], _stray(case, solution, draws)["press"]
    return _with_stray(press, stray)


def _as_recorded(
    case: Case, solution: Solution, draws: Mapping[str, np.ndarray], year: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the probabilities of a record's events, given those of the game in the same years."""
    stray, own = _stray(case, solution, draws), _own(case, solution, draws, year)
    return {
        event: _with_stray(own[event], stray[event]) if event in stray else own[event]
        for event in counted(case.history[solution.scenario.theatre])
    }


def _own(
    case: Case, solution: Solution, draws: Mapping[str, np.ndarray], year: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the probabilities of the game's own events, each given that it was possible."""
    press = year["press"] / np.maximum(1.0 - year["attack"], TINY)
    recorded = np.maximum(_with_stray(press, _stray(case, solution, draws)["press"]), TINY)
    return {
        "war": year["war"],
        "press": press,
        "concede": press * year["concede"] / recorded,
        "clash": np.minimum(year["clash"] / recorded, 1.0),
    }


def _stray(case: Case, solution: Solution, draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return how often a record counts an event that is none of the game's, by event; 0 if the case does not say."""
    inputs = Inputs.of(case, draws, solution.scenario)
    return {event: inputs.get(name, np.zeros(solution.size)) for event, name in STRAY.items()}


def _with_stray(probability: np.ndarray, stray: np.ndarray) -> np.ndarray:
    """Return the probability that a year is recorded with an event that the model may also not know."""
    return probability + (1.0 - probability) * stray


def log_likelihood(
    case: Case, solution: Solution, draws: Mapping[str, np.ndarray], past: Past | None = None
) -> np.ndarray:
    """Return the log-likelihood (D,) of the theatre's history in each world; 0 if the case gives no history.

    Where the theatre's pressure comes from history, its level takes the place of the record's years of pressure.

    Args:
        case: a loaded case.
        solution: the base game of a theatre.
        draws: belief name -> (D,), those of the solution.
        past: as in `record_probabilities`.
    """
    theatre, logs = solution.scenario.theatre, np.zeros(solution.size)
    expected = expected_pressure(case, theatre)
    if (history := case.history.get(theatre)) is not None:
        yearly = record_probabilities(case, solution, draws, past)
        scored = {event: values for event, values in yearly.items() if expected is None or event != "press"}
        logs = record_log_likelihood(history, scored)
    if expected is not None:
        logs = logs + expected.chance.log_density(present_pressure(case, solution, draws))
    return logs


def record_log_likelihood(history: History, probabilities: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the log-likelihood (D,) of a record in worlds with some yearly probabilities, as in `record_probabilities`."""
    years = counted(history)
    terms = [years[event].log_likelihood(values) for event, values in probabilities.items()]
    return np.asarray(history.year_weight * np.sum(terms, axis=0))


def rates(history: History, probabilities: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the mean (D,) of each yearly probability over the years in which its event was possible."""
    years = counted(history)
    return {event: years[event].mean(values) for event, values in probabilities.items()}


def recorded_rates(history: History) -> dict[str, float]:
    """Return the recorded share of years with each event among those in which it was possible; 0 if it was in none."""
    return {event: years.happened / max(years.possible, 1) for event, years in counted(history).items()}


def predictive(history: History, probabilities: Mapping[str, np.ndarray], weights: np.ndarray) -> dict[str, float]:
    """Return, for each event of a record, the probability that worlds make a count as extreme as this one, on both sides.

    It is twice the smaller tail of the binomial counts at the mean yearly probability, averaged over worlds, and at most 1. As in the
    likelihood, n years tell as much as w n independent ones, w being the weight of a past year. The tails of w k in w n years are those
    of the incomplete beta function, which needs no whole numbers. An event without years in which it was possible has no probability.

    Args:
        history: the record.
        probabilities: yearly probabilities, as in `record_probabilities`.
        weights: of the worlds (D,), which sum to one.
    """
    result, years = {}, counted(history)
    for event, p in rates(history, probabilities).items():
        k, n = history.year_weight * years[event].happened, history.year_weight * years[event].possible
        if n > 0.0:
            at_least = betainc(k, n - k + 1.0, p) if k > 0.0 else np.ones_like(p)
            at_most = 1.0 - betainc(k + 1.0, n - k, p) if k < n else np.ones_like(p)
            tail = min(float(np.sum(weights * at_least)), float(np.sum(weights * at_most)))
            result[event] = min(2.0 * tail, 1.0)
    return result
