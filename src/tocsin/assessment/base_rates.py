"""Hold what the model expects of the first years against the theatre's record and against other rivals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tocsin.assessment.bands import band, mean
from tocsin.assessment.ensemble import Ensemble, base_scenario
from tocsin.assessment.figures_result import Band
from tocsin.assessment.health_result import BaseRate
from tocsin.assessment.situations import Model
from tocsin.case.record_blocks import History
from tocsin.intervals import jeffreys
from tocsin.models.coercion.history import counted, present_probabilities


def base_rates(ensemble: Ensemble) -> tuple[BaseRate, ...]:
    """Return the rate of each event of a theatre's record, and of conquest, as things stand; empty without a record.

    Pressure, concessions and clashes are those of the first year, as a record would count them. Wars and conquests are those of the whole
    horizon, as a constant yearly rate.
    """
    case, (theatre,) = ensemble.case, ensemble.theatres
    history = case.history.get(theatre)
    if history is None:
        return ()
    rows = []
    for event in (*counted(history), "conquest"):
        rate, own = _yearly(ensemble, event), _yearly(ensemble, event, own=True)
        rows.append(
            BaseRate(
                theatre=theatre,
                event=event,
                years=case.theatres[theatre].horizon,
                model=band(ensemble, rate),
                mean=_mean(ensemble, rate),
                own=_mean(ensemble, own),
                record=recorded_band(history, event),
                rivals=rival_band(event),
            )
        )
    return tuple(rows)


def _yearly(ensemble: Ensemble, event: str, *, own: bool = False) -> Callable[[Model], np.ndarray]:
    """Return a function from a model to the yearly rate (D,) of an event as things stand; if `own`, only of the game's own events."""
    case, (theatre,) = ensemble.case, ensemble.theatres
    tally = {"war": "war", "conquest": "conquered"}.get(event)

    def rate(model: Model) -> np.ndarray:
        solution = ensemble.reader(model).solution(base_scenario(case, theatre, model.type))
        if tally is None:
            return present_probabilities(case, solution, ensemble.worlds.draws)[1 if own else 0][event]
        ever = np.clip(solution.tallies[tally][solution.form.index()], 0.0, 1.0 - 1e-12)
        return np.asarray(-np.expm1(np.log1p(-ever) / solution.form.horizon))

    return rate


def _mean(ensemble: Ensemble, rate: Callable[[Model], np.ndarray]) -> float:
    """Return the mean over worlds, with challenger types pooled by the case's weights."""
    case = ensemble.case
    return sum(
        spec.weight * mean(rate(Model(kind, case.discounting.central)), ensemble.weight(kind))
        for kind, spec in case.types.items()
    )


def recorded_band(history: History, event: str) -> Band | None:
    """Return the 5, 50 and 95 % points of a rate on record: its posterior under Jeffreys' prior; None if the record cannot tell.

    For k years of n with the event and a past year of weight w it is Beta(w k + 1/2, w (n - k) + 1/2). A record without a war had no conquest;
    with one, it does not say whether there was one.
    """
    years = counted(history)["war" if event == "conquest" else event]
    if event == "conquest" and years.happened:
        return None
    return jeffreys(history.year_weight * years.happened, history.year_weight * years.possible)


def rival_band(event: str) -> Band:
    """Return the 5, 50 and 95 % points of an event's yearly rate in a rivalry about which nothing else is known."""
    from tocsin.evidence.store import load_result

    (row,) = (row for row in load_result("rivals").figures.estimated if row.labels["event"] == event)
    return row.p05, row.p50, row.p95


def by_error(ensemble: Ensemble, theatre: str, kind: str) -> float:
    """Return the share of a type's worlds in which neither pressure nor attack is its best choice as things stand.

    A logit player's best action is the one that it chooses most often, so that what it seldom does it does by error.
    """
    solution = ensemble.solutions[base_scenario(ensemble.case, theatre, kind)]
    chances = {name: values[solution.form.index()] for name, values in solution.probabilities.items()}
    force = np.maximum(chances["press"], chances["attack"])
    other = np.max([chances["hold"], chances["condemn"], chances["influence"]], axis=0)
    return min(float(np.sum(ensemble.weight(kind) * (force < other))), 1.0)
