"""Check the health of a run: what in it weakens the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tocsin.assessment import figures
from tocsin.assessment.bands import band
from tocsin.assessment.base_rates import base_rates, by_error
from tocsin.assessment.ensemble import Ensemble, Ensembles
from tocsin.assessment.figures_result import Band, HistoryRow
from tocsin.assessment.health_findings import (
    Grounds,
    default_findings,
    draw_findings,
    error_findings,
    fit_findings,
    idle_finding,
    judged_findings,
    pressure_findings,
    rate_findings,
    risk_findings,
    settled_findings,
    template_findings,
    unsettled_findings,
)
from tocsin.assessment.health_result import BaseRisk, Finding, Health, TypeFit
from tocsin.assessment.pressure import pressure_levels
from tocsin.assessment.requests import by_theatres
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.settling import shortfalls
from tocsin.assessment.situations import central_models, with_events, without_events
from tocsin.assessment.weighting import normalised
from tocsin.case.events import touches
from tocsin.case.nodes import Call, calls
from tocsin.case.pressure import HISTORY
from tocsin.case.record_blocks import History
from tocsin.case.schema import Case
from tocsin.intervals import jeffreys
from tocsin.models.coercion.history import predictive

IMPOSSIBLE = 0.01
"""A type cannot make a record if a count as extreme as the recorded one has a smaller probability in its worlds after weighting.

The worlds have then already been weighted by the same record, so the criterion is cautious: of records simulated from a type's own
worlds, fewer than one in a hundred is called impossible (see the tests)."""


ROUNDING = 1e-10
"""Largest difference that rounding can make between the values of two games that are the same, in units of the whole aim.

The residual of a game is no measure here: the search of the second game begins at the end of the first, where it has settled already."""


def health(
    ensembles: Ensembles, history: Sequence[HistoryRow], claims: Sequence[ClaimResult], grounds: Grounds
) -> Health:
    """Check a run with games.

    Args:
        ensembles: at the central discount factor, with the games that claims and figures need.
        history: of the same ensembles.
        claims: with their drivers.
        grounds: of the claims.
    """
    case = figures.main(ensembles).case
    fits = type_fits(ensembles, history)
    levels = pressure_levels(ensembles[theatre,] for theatre in case.theatres)
    risk = base_risk(figures.main(ensembles))
    rates = tuple(rate for theatre in case.theatres for rate in base_rates(ensembles[theatre,]))
    settled = {theatre: settled_share([ensembles[theatre,]]) for theatre in case.theatres}
    effective = min(ensemble.effective() for ensemble in ensembles.values())
    findings = (
        *template_findings(case),
        *draw_findings(effective, claims, grounds),
        *fit_findings(fits, grounds),
        *pressure_findings(levels, grounds),
        *error_findings(fits, grounds),
        *risk_findings(case, risk),
        *rate_findings(rates, levels, grounds),
        *unsettled_findings(shortfalls(ensembles, claims), grounds),
        *settled_findings(settled, grounds),
        *judged_findings(case, claims),
        *default_findings(case, grounds),
        *idle_findings(ensembles),
    )
    return Health(
        effective=effective,
        settled=settled_share(ensembles.values()),
        settled_by=settled,
        fits=fits,
        pressure=levels,
        base_risk=risk,
        base_rates=rates,
        findings=findings,
    )


def grounds_of(ensembles: Ensembles) -> Grounds:
    """Return the theatres whose games decide each claim, and the effective draws behind it."""
    case = figures.main(ensembles).case
    groups = {name: tuple(by_theatres(case, tests.values())) for name, tests in case.tests.items()}
    return Grounds(
        theatres={
            name: tuple(sorted({theatre for group in sets for theatre in group})) for name, sets in groups.items()
        },
        effective={name: min(ensembles[group].effective() for group in sets) for name, sets in groups.items() if sets},
        weighted=bool(case.history) or any(theatre.pressure == HISTORY for theatre in case.theatres.values()),
    )


# --- numbers ---------------------------------------------------------------------------------------------------------


def settled_share(ensembles: Iterable[Ensemble]) -> float:
    """Return the share of games and worlds in which one more year changes no value by more than a millionth of the player's stake."""
    solved = [solution for ensemble in ensembles for solution in ensemble.solutions.values()]
    return float(np.mean([np.mean(solution.settled) for solution in solved]))


def type_fits(ensembles: Ensembles, history: Iterable[HistoryRow]) -> tuple[TypeFit, ...]:
    """Return how well each type makes the record of each theatre."""
    rows = list(history)
    return tuple(
        _fit(ensembles[row.theatre,], row, [other for other in rows if other.theatre == row.theatre]) for row in rows
    )


def _fit(ensemble: Ensemble, row: HistoryRow, rows: Sequence[HistoryRow]) -> TypeFit:
    case = ensemble.case
    yearly = ensemble.yearly(row.theatre, row.type)
    if case.theatres[row.theatre].pressure == HISTORY:
        yearly.pop("press")  # its level replaces the count, see `pressure.pressure_levels`
    tails = predictive(case.history[row.theatre], yearly, ensemble.weight(row.type))
    by_evidence = normalised(np.array([other.log_evidence + np.log(case.types[other.type].weight) for other in rows]))
    return TypeFit(
        theatre=row.theatre,
        type=row.type,
        recorded=row.recorded,
        after=row.after,
        predictive=tails,
        weight=case.types[row.type].weight,
        by_evidence=float(by_evidence[[other.type for other in rows].index(row.type)]),
        possible=min(tails.values(), default=1.0) >= IMPOSSIBLE,
        by_error=by_error(ensemble, row.theatre, row.type),
    )


def base_risk(ensemble: Ensemble) -> BaseRisk | None:
    """Return the risk of the base world beside what past years imply; None if the theatre has no record."""
    case, (theatre,) = ensemble.case, ensemble.theatres
    if theatre not in case.history:
        return None
    years = case.theatres[theatre].horizon
    call = Call("risk", theatre=theatre)
    return BaseRisk(
        theatre=theatre,
        years=years,
        model=band(ensemble, lambda model: ensemble.reader(model).read(call)),
        record=implied_risk(case.history[theatre], years),
    )


def implied_risk(record: History, years: int) -> Band:
    """Return the probability of an advance within some years at the recorded yearly rate: 5, 50 and 95 % points.

    An advance is a year with a war or a concession. Its rate p has the posterior under Jeffreys' prior, Beta(w k + 1/2,
    w (n - k) + 1/2) for k such years of n and the weight w of a past year. The risk within H years is 1 - (1 - p)^H.
    """
    advances = record.count("wars") + record.count("concessions")
    rates = jeffreys(record.year_weight * advances, record.year_weight * record.years)
    low, mid, high = (1.0 - (1.0 - rate) ** years for rate in rates)
    return low, mid, high


# --- events that move nothing ------------------------------------------------------------------------------------


def idle_findings(ensembles: Ensembles) -> Iterator[Finding]:
    """Yield a finding for each event that moves nothing in a theatre where claims use it, or in the main theatre if none does.

    Controls are no events of claims: a negative one is meant to move nothing, and a positive one may belong to another theatre.
    """
    case = figures.main(ensembles).case
    users = event_users(case)
    for event, spec in case.events.items():
        outside = event in case.controls.positive and not touches(case, spec, case.main)
        if event in case.controls.negative or (outside and not any(used == event for used, _ in users)):
            continue
        claims = {theatre: names for (used, theatre), names in users.items() if used == event} or {case.main: ()}
        for theatre, names in claims.items():
            if _is_idle(ensembles[theatre,], event):
                yield idle_finding(event, theatre, names)


def event_users(case: Case) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the claims whose tests ask about an event or take it as given, by event and theatre."""
    users: dict[tuple[str, str], list[str]] = {}
    for claim, tests in case.tests.items():
        quantities = sorted({call for test in tests.values() for call in calls(test.node)}, key=repr)
        for call in quantities:
            for event in (*call.events, *call.given) if call.theatre else ():
                users.setdefault((event, str(call.theatre)), []).append(claim)
    return {pair: tuple(dict.fromkeys(names)) for pair, names in users.items()}


def _is_idle(ensemble: Ensemble, event: str) -> bool:
    """Return whether an event changes neither the challenger's value nor the risk in any world; False if its games were not solved."""
    case, (theatre,) = ensemble.case, ensemble.theatres
    call = Call("loss", events=(event,), theatre=theatre)
    for model in central_models(case):
        before, after = without_events(case, model, call), with_events(case, model, call)
        if not {before.scenario, after.scenario} <= ensemble.solutions.keys():
            return False
        one, other = ensemble.solutions[before.scenario], ensemble.solutions[after.scenario]
        value = one.best_responses["best"][before.state] - other.best_responses["best"][after.state]
        risk = one.tallies["risk"][before.state] - other.tallies["risk"][after.state]
        if np.any(np.maximum(np.abs(value), np.abs(risk)) > ROUNDING):
            return False
    return True
