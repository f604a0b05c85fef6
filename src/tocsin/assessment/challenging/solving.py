"""Solve the games of some claims as they stand: as a run does, but for these claims alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from tocsin.assessment.challenging.bench import PAIRED, Progress
from tocsin.assessment.controls import ControlRuns, control_scenarios
from tocsin.assessment.discounting import at_other_discounts
from tocsin.assessment.ensemble import Ensemble, scenarios_for
from tocsin.assessment.games import first_look, select_worlds
from tocsin.assessment.judging import Judge
from tocsin.assessment.requests import Theatres, calls_of
from tocsin.assessment.situations import central_models
from tocsin.assessment.stages import games_of, names_of
from tocsin.case.schema import Case
from tocsin.models.coercion.scenario import Scenario


def solved(case: Case, seed: int, draws: int, report: Progress) -> Judge:
    """Return what decides the claims of a case by the games that they need, and no others.

    Args:
        case: with these claims alone.
        seed: of the draws.
        draws: worlds to draw.
        report: called with the name of a stage and the share done.
    """
    first = first_look(case, seed, draws, report)
    calls = calls_of(case)
    controlled = _controlled(case, calls)
    sets = tuple(dict.fromkeys([*calls, *controlled]))
    central: dict[Theatres, Ensemble] = {}
    for theatres in sets:
        chosen = select_worlds(first, theatres, draws, partial(report, names_of(theatres)))
        games = [*scenarios_for(case, central_models(case), calls.get(theatres, ())), *controlled.get(theatres, ())]
        central[theatres] = chosen.with_games(games, partial(report, games_of(theatres)))
    paired = {theatres: central[theatres].thinned(_share(central[theatres])) for theatres in calls}
    others = at_other_discounts(paired, calls, report)
    return Judge(case, seed, central, paired, others, ControlRuns(case, central))


def _share(ensemble: Ensemble) -> int:
    return max(round(PAIRED * ensemble.worlds.size), 1)


def _controlled(case: Case, theatre_sets: Iterable[Theatres]) -> dict[Theatres, tuple[Scenario, ...]]:
    """Return the games of the controls, by each theatre that the claims ask about."""
    return {(theatre,): control_scenarios(case, theatre) for theatres in theatre_sets for theatre in theatres}
