"""Hold the events of claims against their reference classes: the outside view, beside what the model says of the same outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tocsin.assessment.bands import mean
from tocsin.assessment.ensemble import Ensemble
from tocsin.assessment.likeness import Fit, likeness
from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.requests import basis_of
from tocsin.assessment.situations import Model, Situation, central_models, with_events, without_events
from tocsin.case.events import touches
from tocsin.case.nodes import Call, calls
from tocsin.case.schema import Case
from tocsin.evidence.classes.hindsight import known_in
from tocsin.models.coercion.history import present_probabilities

CONTRIBUTORS = "contributors"
PILLARS = ("pillar", "pillar_all", "pillar_by")
"""Quantities about how much each defender contributes."""


def outside_views(ensemble: Ensemble) -> tuple[OutsideView, ...]:
    """Return the outside view of every event that the model is asked about and that has a class, in the order of the claims.

    Args:
        ensemble: the solved games of the main theatre.
    """
    case, views = ensemble.case, []
    for (event, pillar), claims in _claims_by_event(case).items():
        if not touches(case, case.events[event], case.main):
            continue
        classes = likeness(case, event)
        for fit in classes.fits:
            if pillar != (fit.stored.name == CONTRIBUTORS):
                continue
            past, left_out = known_in(fit.stored, case.as_of.year)
            if past is None or (past.main, "more_than_similar") not in past.rates:
                continue  # a case of an earlier day must not use cases that came later
            known = replace(fit, stored=past)
            views.append(_view(event, claims, known, _inside(ensemble, event, known), left_out))
    return tuple(views)


def _claims_by_event(case: Case) -> Mapping[tuple[str, bool], tuple[str, ...]]:
    """Return the claims that ask the model about each event, by event and by whether they ask for a contribution to deterrence."""
    grouped: dict[tuple[str, bool], dict[str, None]] = {}
    for name, tests in case.tests.items():
        for test in tests.values():
            if basis_of(case, test) != "model":
                continue
            for call in calls(test.node):
                for event in call.events:
                    grouped.setdefault((event, call.name in PILLARS), {})[name] = None
    return {key: tuple(names) for key, names in grouped.items()}


def _view(event: str, claims: tuple[str, ...], fit: Fit, inside: _Inside, left_out: int = 0) -> OutsideView:
    stored = fit.stored
    recent = bool(fit.pressed) and (stored.main, "recent") in stored.rates
    of = "similar" if fit.of_others else "recent" if recent else "clustered"
    against = "compared_with_similar" if fit.of_others else "similar"
    rate, gap = stored.rates[stored.main, of], stored.rates[stored.main, "more_than_similar"]
    more = (-gap.high, -gap.share, -gap.low) if fit.of_others else (gap.low, gap.share, gap.high)
    return OutsideView(
        event=event,
        reference=stored.name,
        claims=claims,
        actor=fit.actor,
        other=fit.other,
        years=stored.definition.years,
        noun=stored.definition.cases,
        sentence=stored.sentence(of="similar" if fit.of_others else "all"),
        recent=recent,
        rate=(rate.low, rate.share, rate.high),
        yes=int(rate.yes or 0),
        cases=rate.cases,
        similar=stored.rates[stored.main, against].share,
        others=stored.definition.these if fit.of_others else stored.definition.others,
        more=more,
        inside=inside.own,
        inside_recorded=inside.recorded,
        inside_more=inside.rise,
        left_out=left_out,
    )


@dataclass(frozen=True)
class _Inside:
    """The model's chances within the window: of its own pressure and attack, of what the record counts, and the rise of the first by the event."""

    own: float | None = None
    recorded: float | None = None
    rise: float | None = None


def _inside(ensemble: Ensemble, event: str, fit: Fit) -> _Inside:
    """Return the model's chances that the challenger presses or attacks the target within the window.

    The first year's chance holds for all years. The model does not cover what the challenger does to others than the target. The games
    of controls are solved elsewhere.
    """
    case = ensemble.case
    theatre = case.theatres[case.main]
    if (fit.actor, fit.other) != (theatre.challenger, theatre.target) or event in case.controls.events:
        return _Inside()
    years = fit.stored.definition.years
    call = Call("p_press", events=(event,), theatre=case.main)

    def read(recorded: bool, change: bool) -> Callable[[Model], np.ndarray]:
        def values(model: Model) -> np.ndarray:
            after = _within(ensemble, model, with_events(case, model, call), years, recorded=recorded)
            if not change:
                return after
            return after - _within(ensemble, model, without_events(case, model, call), years, recorded=recorded)

        return values

    recorded = _pooled(ensemble, read(recorded=True, change=False)) if case.main in case.history else None
    return _Inside(
        _pooled(ensemble, read(recorded=False, change=False)),
        recorded,
        _pooled(ensemble, read(recorded=False, change=True)),
    )


def _within(ensemble: Ensemble, model: Model, there: Situation, years: int, *, recorded: bool) -> np.ndarray:
    """Return the chance (D,) of pressure or attack within some years, each like the first; with the incidents that the record counts."""
    solution = ensemble.reader(model).solution(there.scenario)
    attack = solution.probabilities["attack"][there.state]
    quiet = 1.0 - attack - solution.probabilities["press"][there.state]
    if recorded:
        pressure = present_probabilities(ensemble.case, solution, ensemble.worlds.draws, there.state)[0]["press"]
        quiet = (1.0 - attack) * (1.0 - pressure)
    return np.asarray(1.0 - np.clip(quiet, 0.0, 1.0) ** years)


def _pooled(ensemble: Ensemble, read: Callable[[Model], np.ndarray]) -> float | None:
    """Return the mean over worlds, with challenger types pooled by the case's weights; None where no world gives it."""
    case = ensemble.case
    total = sum(
        case.types[model.type].weight * mean(read(model), ensemble.weight(model.type)) for model in central_models(case)
    )
    return None if np.isnan(total) else float(total)
