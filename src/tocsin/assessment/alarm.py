"""How likely a challenger is alarmed by events, before and after a statement: worlds, the signalling game, Bayes' rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tocsin.assessment import figures
from tocsin.assessment.claims import calls_of, pooled
from tocsin.assessment.ensemble import Ensemble, conditioned, scenarios_for
from tocsin.assessment.result import Alarm, Likelihood
from tocsin.assessment.sampling import look
from tocsin.assessment.worlds import draw
from tocsin.case.nodes import Call
from tocsin.case.schema import Case

TRIFLE = 0.02
"""Share of the whole aim from which a loss is more than a trifle: what holding a quarter of it for one year is worth."""


def alarm(case: Case, rung: str, events: tuple[str, ...], *, seed: int = 1, draws: int = 1024) -> Alarm:
    """How likely the challenger of a case's main theatre is alarmed by events, before and after a statement.

    It counts as alarmed in a world in which the events cost it more than a trifle. The statement multiplies the odds of that world
    against the others by the likelihood ratio that the signalling game gives there.

    Raises:
        InputError: if the case lacks a belief of the signalling game, or has no such event.
    """
    worlds = draw(case, seed=seed, draws=draws)
    asked = _calls(case, rung, events)
    looked = look(case, worlds, lambda _done: None)
    selected, log_weights = looked.select((case.main,), max(draws // 2, 1))
    based = conditioned(case, (case.main,), selected, log_weights)
    return measured(based.with_games(scenarios_for(case, figures.central(case), asked)), rung, events)


def asked_about(case: Case) -> Call | None:
    """The first statement that a test of the case asks about in the signalling game of the main theatre, if one does."""
    found = (
        call for some in calls_of(case).values() for call in some if call.name == "signal" and call.theatre == case.main
    )
    return next((replace(call, given=(), type=None, alike=None) for call in found if not call.given), None)


def measured(ensemble: Ensemble, rung: str, events: tuple[str, ...]) -> Alarm:
    """As `alarm`, in worlds whose games are solved."""
    case = ensemble.case
    asked = _calls(case, rung, events)
    before, after, ratios, weights = {}, {}, [], []
    for model in figures.central(case):
        reader, weight = ensemble.reader(model), ensemble.weight(model.type)
        ratio, fear = (np.broadcast_to(reader.read(call), weight.shape) for call in asked)
        share = weight / weight.sum()
        alarmed = float(share @ (fear > TRIFLE))
        before[model.type] = alarmed
        told = float(share @ ((fear > TRIFLE) * ratio))
        after[model.type] = told / (told + 1 - alarmed)
        ratios.append(ratio)
        weights.append(share * case.types[model.type].weight)
    return Alarm(
        rung,
        events,
        figures.quantiles(np.concatenate(ratios), np.concatenate(weights)),
        _span(case, before),
        _span(case, after),
    )


def _calls(case: Case, rung: str, events: tuple[str, ...]) -> tuple[Call, Call]:
    return Call("signal", rung=rung, events=events, theatre=case.main), Call("fear", events=events, theatre=case.main)


def _span(case: Case, by_type: Mapping[str, float]) -> Likelihood:
    return Likelihood(low=min(by_type.values()), mid=pooled(case, by_type), high=max(by_type.values()))
