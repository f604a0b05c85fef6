"""Solve the games of tests at other discount factors, in worlds of the central one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from tocsin.assessment.ensemble import Ensemble, Ensembles, Solver, conditioned, scenarios_for
from tocsin.assessment.requests import Theatres
from tocsin.assessment.situations import Model
from tocsin.case.nodes import Call
from tocsin.translation import message_in

Progress = Callable[[str, float], None]


def at_other_discounts(
    paired: Ensembles,
    requested: Mapping[Theatres, Sequence[Call]],
    report: Progress,
    solver: Solver | None = None,
) -> dict[float, Ensembles]:
    """Solve the same worlds at the other discount factors, and weight them by their fit to the record there.

    Args:
        paired: the ensembles at the central discount factor.
        requested: the quantities to solve for, by theatres; others are left out.
        report: called with the name of a stage and the share done.
        solver: of the games.
    """
    case = next(iter(paired.values())).case
    return {
        discount: {
            theatres: _at_discount(
                ensemble,
                discount,
                requested[theatres],
                partial(report, message_in("stage", "discount {discount}", discount=f"{discount:g}")),
                solver,
            )
            for theatres, ensemble in paired.items()
            if theatres in requested
        }
        for discount in case.discounting.swept
        if discount != case.discounting.central
    }


def _at_discount(
    ensemble: Ensemble,
    discount: float,
    requested: Iterable[Call],
    report: Callable[[float], None],
    solver: Solver | None,
) -> Ensemble:
    case = ensemble.case
    models = [Model(kind, discount) for kind in case.types]
    base = conditioned(
        case,
        ensemble.theatres,
        ensemble.worlds,
        ensemble.log_weights,
        discount=discount,
        progress=lambda done: report(0.3 * done),
        solver=solver,
    )
    return base.with_games(scenarios_for(case, models, requested), lambda done: report(0.3 + 0.7 * done), solver)
