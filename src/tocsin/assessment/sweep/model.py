"""A case as a function from inputs to quantities, for sweeps and for other programs that sample inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tocsin.assessment.ensemble import Ensemble, conditioned, scenarios_for
from tocsin.assessment.requests import Theatres
from tocsin.assessment.situations import central_models
from tocsin.assessment.world_table import QUANTITY, call_text
from tocsin.assessment.worlds import Worlds
from tocsin.case.dated import day_of, with_those_alike
from tocsin.case.language import parse
from tocsin.case.nodes import Call, year_offset
from tocsin.case.schema import Case
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message

LOG_WEIGHT = "log_weight/"
"""Prefix of the columns with the log-likelihood of the records."""


def quantities(case: Case, texts: Iterable[str]) -> tuple[Call, ...]:
    """Return quantities that are written as in tests: `risk()`, `loss(plan)`, `p_war_by(2030 in taiwan)`.

    Args:
        case: a loaded case with games.
        texts: one quantity each.

    Raises:
        InputError: if a text is not one quantity of this case.
    """
    calls = []
    for text in texts:
        try:
            node = resolved(parse(text), case, None, None)
            unit_of_node(node, case, case.values, None)
        except InputError as error:
            raise InputError(
                message("quantity `{text}`: {reason}", text=text, reason=error.message), remedy=error.remedy
            ) from None
        if not isinstance(node, Call):
            raise InputError(
                message("`{text}` is not one quantity", text=text),
                remedy=message("name quantities one by one, such as `risk(plan)`"),
            )
        calls.append(node)
    return tuple(dict.fromkeys(calls))


def columns_of(case: Case, calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the names of the columns of some quantities, in the order of `evaluate`."""
    return tuple(_column(model.type, call) for model in central_models(case) for call in calls)


def evaluate(
    case: Case, calls: Sequence[Call], inputs: Mapping[str, np.ndarray], *, weigh: bool = False
) -> dict[str, np.ndarray]:
    """Return quantities of a case in given worlds. The result depends on nothing else, so chunks may run anywhere and in any order.

    Args:
        case: a loaded case with games.
        calls: from `quantities`.
        inputs: belief name -> (D,) values in the unit of the belief, one for every belief of the case.
        weigh: also return the log-likelihood of the records of the theatres concerned, see `Ensemble`. It may cost more than
            the games, because the years of the record are played.

    Returns:
        `quantity/TYPE/CALL` -> (D,) values for each challenger type, nan where a game that they need has not settled; and
        `log_weight/TYPE` -> (D,) log-likelihoods, nan where the base games have not settled.

    Raises:
        InputError: if an input is missing, unknown or of another length, or if the case has no games.
        SolveError: if a game has no finite solution.
    """
    size = _check_inputs(case, inputs)
    case = _with_war_years(case, calls)
    ensemble = _solved(case, calls, Worlds(dict(inputs), {}, 0), weigh=weigh)
    weights = {LOG_WEIGHT + kind: _log_weight(ensemble, kind) for kind in case.types} if weigh else {}
    return weights | {
        _column(model.type, call): _full(ensemble.reader(model).read(call), size)
        for model in central_models(case)
        for call in calls
    }


def _column(kind: str, call: Call) -> str:
    return f"{QUANTITY}{kind}/{call_text(call)}"


def _full(values: np.ndarray, size: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(values, dtype=float), size)


def _check_inputs(case: Case, inputs: Mapping[str, np.ndarray]) -> int:
    if not case.theatres:
        raise InputError(
            message("the case has no game to solve"), remedy=message("add `theatres`, or run `tocsin assess`")
        )
    if missing := [name for name in case.beliefs if name not in inputs]:
        raise InputError(
            message("no values of the input `{name}` and {count} more", name=missing[0], count=len(missing) - 1)
            if len(missing) > 1
            else message("no values of the input `{name}`", name=missing[0]),
            remedy=message("give every belief of the case"),
        )
    for name in inputs:
        if name not in case.beliefs:
            raise InputError(message("unknown input `{name}`", name=name), remedy=did_you_mean(name, case.beliefs))
    lengths = {len(values) for values in inputs.values()}
    if len(lengths) > 1 or not max(lengths):
        raise InputError(
            message("the inputs have different lengths, or none"), remedy=message("give one value for each world")
        )
    return lengths.pop()


def _with_war_years(case: Case, calls: Sequence[Call]) -> Case:
    """Return a case whose games compute the chance of war by the years that the calls name; tests may not name them."""
    forms = dict(case.forms)
    for call in calls:
        if call.name == "p_war_by" and call.theatre in forms:
            form, year = forms[call.theatre], year_offset(call.year or 0, day_of(case, call.theatre))
            if year != form.horizon:
                forms[call.theatre] = replace(form, war_years=tuple(sorted({*form.war_years, year})))
    return case.model_copy(update={"forms": forms})


def theatres_of(case: Case, calls: Iterable[Call]) -> Theatres:
    """Return the theatres that some quantities concern; the main one if they concern none."""
    return tuple(sorted({call.theatre for call in calls if call.theatre is not None})) or (case.main,)


def _solved(case: Case, calls: Sequence[Call], worlds: Worlds, *, weigh: bool) -> Ensemble:
    games = scenarios_for(case, central_models(case), calls)
    theatres = theatres_of(case, calls)
    if not weigh:
        unsolved = Ensemble(case, theatres, worlds, {}, {}, np.zeros(worlds.size))
        return unsolved.with_games(games) if games else unsolved
    ensemble = conditioned(case, theatres, worlds, np.zeros(worlds.size)).with_past()
    return ensemble.with_games(games)


def _log_weight(ensemble: Ensemble, kind: str) -> np.ndarray:
    """Return the log-likelihood of the records (D,), nan where the base games have not settled."""
    total = np.zeros(ensemble.worlds.size)
    for theatre in with_those_alike(ensemble.case, ensemble.theatres):
        base = next(game for game in ensemble.ends if (game.theatre, game.type) == (theatre, kind))
        total = total + np.where(ensemble.solutions[base].settled, ensemble.records[theatre, kind], np.nan)
    return total
