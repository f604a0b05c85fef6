"""How likely events alarm a challenger, before and after a statement, by the signalling game and Bayes' rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tocsin.assessment.bands import band, mean
from tocsin.assessment.ensemble import Ensemble, conditioned, scenarios_for
from tocsin.assessment.judging import pooled
from tocsin.assessment.requests import calls_of
from tocsin.assessment.result import Alarm, Likelihood
from tocsin.assessment.sampling import look
from tocsin.assessment.situations import central_models
from tocsin.assessment.worlds import draw
from tocsin.case.nodes import Call
from tocsin.case.schema import Case

TRIFLE = 0.02
"""A loss alarms if it exceeds this share of the own aim: the value of holding a quarter of the aim for one year."""


def alarm(case: Case, rung: str, events: tuple[str, ...], *, seed: int = 1, draws: int = 1024) -> Alarm:
    """Return how likely events alarm the challenger of the main theatre, before and after a statement.

    The challenger is alarmed in a world in which the events cost it more than a trifle. The statement multiplies the odds of such a
    world by the likelihood ratio of the signalling game there. Worlds in which a game has not settled do not count.

    Raises:
        InputError: if the case lacks a belief of the signalling game, or has no such event.
    """
    worlds = draw(case, seed=seed, draws=draws)
    requested = _calls(case, rung, events)
    looked = look(case, worlds, lambda _done: None)
    selected, log_weights = looked.select((case.main,), max(draws // 2, 1))
    based = conditioned(case, (case.main,), selected, log_weights).with_past()
    return measured(based.with_games(scenarios_for(case, central_models(case), requested)), rung, events)


def statement_of(case: Case) -> Call | None:
    """Return the first statement that a test asks about in the signalling game of the main theatre; None if no test does."""
    candidates = (
        call
        for group in calls_of(case).values()
        for call in group
        if call.name == "signal" and call.theatre == case.main
    )
    return next((replace(call, given=(), alike=None) for call in candidates if not call.given), None)


def measured(ensemble: Ensemble, rung: str, events: tuple[str, ...]) -> Alarm:
    """Return the same as `alarm`, in worlds whose games are solved."""
    case = ensemble.case
    requested = _calls(case, rung, events)
    before, after, ratios = {}, {}, {}
    for model in central_models(case):
        reader, weight = ensemble.reader(model), ensemble.weight(model.type)
        ratio, loss = (np.broadcast_to(reader.read(call), weight.shape) for call in requested)
        alarmed = np.where(np.isnan(ratio + loss), np.nan, loss > TRIFLE)
        before[model.type] = mean(alarmed, weight)
        with_alarm = mean(alarmed * ratio, weight)
        after[model.type] = with_alarm / (with_alarm + 1 - before[model.type])
        ratios[model.type] = ratio
    return Alarm(
        rung,
        events,
        band(ensemble, lambda model: ratios[model.type]),
        _span(case, before),
        _span(case, after),
    )


def _calls(case: Case, rung: str, events: tuple[str, ...]) -> tuple[Call, Call]:
    return Call("signal", rung=rung, events=events, theatre=case.main), Call("loss", events=events, theatre=case.main)


def _span(case: Case, by_type: Mapping[str, float]) -> Likelihood:
    return Likelihood(low=min(by_type.values()), mid=pooled(case, by_type), high=max(by_type.values()))
