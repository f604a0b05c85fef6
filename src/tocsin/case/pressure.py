"""Say what history lets one expect of the pressure in a theatre's first year, where the case asks for it with `pressure: history`.

A record of the theatre that lists its years of pressure comes first. Without one, the disputes between challenger and target count, which
ship with the program (`evidence show hostility`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeGuard

from tocsin.case.inputs import resolve
from tocsin.case.problem import Finding, Problem
from tocsin.errors import InputError
from tocsin.translation import Text, message, plural

if TYPE_CHECKING:
    from tocsin.case.record_blocks import History, Years
    from tocsin.case.schema import Case, JoinedCase
    from tocsin.evidence.hostility.remembered import Expected, Retrospect
    from tocsin.evidence.results import Result

PAYOFFS, HISTORY = "payoffs", "history"
OFF = message("write `pressure: payoffs`")


@dataclass(frozen=True)
class ExpectedPressure:
    """What history lets one expect of the first year of a theatre.

    Attributes:
        chance: distribution of the chance that the year sees pressure, as a record counts it.
        source: where it comes from: the theatre's own record, the disputes of the pair, or the quiet years of a pair without a dispute.
        origin: the same in words.
    """

    chance: Expected
    source: Literal["record", "disputes", "no dispute"]
    origin: Text


def expected_pressure(case: JoinedCase, theatre: str) -> ExpectedPressure | None:
    """Return what history lets one expect of a theatre's first year; None if its pressure rests on payoffs.

    Raises:
        InputError: if a state is not in the data, or `as_of` lies before their end, and the theatre has no listed years of pressure.
    """
    if case.theatres[theatre].pressure == PAYOFFS:
        return None
    history = case.history.get(theatre)
    return _by_record(case, history) if _lists_pressure(history) else _by_disputes(case, theatre)


def looking_back(case: JoinedCase, theatre: str) -> Retrospect | None:
    """Return how the rule fares on the past of a theatre whose pressure comes from its own record; None for others."""
    from tocsin.evidence.hostility.parameters import parameters_of
    from tocsin.evidence.hostility.remembered import retrospect

    history = case.history.get(theatre)
    if case.theatres[theatre].pressure == PAYOFFS or not _lists_pressure(history):
        return None
    pressure, wars = _listed(history.press), _listed(history.wars)
    return retrospect(history.span, pressure, wars, parameters_of(_stored()))


def _lists_pressure(history: History | None) -> TypeGuard[History]:
    return history is not None and history.first is not None and not isinstance(history.press, int)


def _listed(years: Years) -> tuple[int, ...]:
    """Return the years of a list, and none of a number."""
    return () if isinstance(years, int) else years


def _by_record(case: JoinedCase, history: History) -> ExpectedPressure:
    from tocsin.evidence.hostility.parameters import parameters_of
    from tocsin.evidence.hostility.remembered import remembered

    pressure, year = _listed(history.press), max(case.as_of.year, history.span[-1] + 1)
    chance = remembered(history.span, pressure, _listed(history.wars), year, parameters_of(_stored()))
    origin = plural(
        "{count} year of pressure on record, {first} to {last}",
        "{count} years of pressure on record, {first} to {last}",
        len(pressure),
        first=f"{history.span[0]}",
        last=f"{history.span[-1]}",
    )
    return ExpectedPressure(chance, "record", origin)


def _by_disputes(case: JoinedCase, theatre: str) -> ExpectedPressure:
    from tocsin.evidence.hostility.reading import expected_at, has_dispute, sums_at

    game = case.theatres[theatre]
    challenger, target = (_state(case, actor) for actor in (game.challenger, game.target))
    sums = sums_at(_stored(), challenger, target, case.as_of.year)
    chance = expected_at(_stored(), sums)
    if has_dispute(_stored(), challenger, target):
        return ExpectedPressure(
            chance,
            "disputes",
            message("the disputes between {challenger} and {target}", challenger=challenger, target=target),
        )
    return ExpectedPressure(
        chance,
        "no dispute",
        message("no dispute between {challenger} and {target}", challenger=challenger, target=target),
    )


def _state(case: JoinedCase, actor: str) -> str:
    """Return the code under which the data have an actor."""
    from tocsin.data.names import find_code
    from tocsin.evidence.hostility.reading import is_state

    cow = case.actors[actor].cow
    code = find_code(actor if cow is None else str(cow), year=case.as_of.year)
    if not is_state(_stored(), code):
        raise InputError(message("`{actor}` is not among the states of the disputes data", actor=actor), remedy=OFF)
    return code


@cache
def _stored() -> Result:
    from tocsin.evidence.store import load_result

    return load_result("hostility")


# --- checks --------------------------------------------------------------------------------------------------------


def pressure_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield each theatre whose pressure is to come from a history that neither the case nor the data have."""
    for key, theatre in case.theatres.items():
        if theatre.pressure == PAYOFFS or not {theatre.challenger, theatre.target} <= case.actors.keys():
            continue
        try:
            expected_pressure(case, key)
        except InputError as error:
            wrong = message("no history of pressure for `{key}`: {reason}", key=key, reason=error.message)
            remedy = message(
                "write `pressure: payoffs`, list the years of pressure in `history`, or give the actors' `cow`"
            )
            yield Problem(("theatres", key, "pressure"), wrong, remedy)


def pressure_findings(case: Case) -> Iterator[Finding]:
    """Yield theatres whose worlds can hardly differ in the level of pressure, and those whose past the rule misjudges."""
    for key, theatre in case.theatres.items():
        if (past := looking_back(case, key)) is not None and past.fails:
            yield (
                ("theatres", key, "pressure"),
                message(
                    "history misjudges the past of `{key}`: it foresaw pressure in {expected} of the years, and {recorded} had it",
                    key=key,
                    expected=f"{past.expected:.0%}",
                    recorded=f"{past.recorded:.0%}",
                ),
                OFF,
            )
        free = any(resolve(case, name, key) for name in ("hostility", "stray"))
        if theatre.pressure == HISTORY and not free:
            yield (
                ("theatres", key, "pressure"),
                message(
                    "history can hardly set the level of pressure in `{key}`: without a belief `hostility` or `stray` only the costs differ between worlds",
                    key=key,
                ),
                message("add a belief `hostility` or `hostility@{key}` with a range around 0", key=key),
            )
