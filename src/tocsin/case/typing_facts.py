"""Typing rules of what a test reads from several facts, and of names that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tocsin.case.nodes import FirstOf, Name, Series
from tocsin.case.quantities import QUANTITIES
from tocsin.case.units import DATE, NOT_NUMBERS, ONE, Unit
from tocsin.case.values import Value, unit_of
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import Text, in_semicolons, message

if TYPE_CHECKING:
    from tocsin.case.schema import JoinedCase


def bare_name(node: Name, case: JoinedCase) -> InputError:
    """Return the error of a name that stands alone, with what to write around it."""
    remedy: Text
    if node.id in case.facts:
        wrong = message("`{name}` is a fact without `fact()`", name=node.id)
        remedy = message("write fact({name})", name=node.id)
    elif node.id in case.beliefs:
        wrong = message("`{name}` is a belief without `input()`", name=node.id)
        remedy = message("write input({name})", name=node.id)
    elif node.id in QUANTITIES:
        wrong = message("`{name}` is a quantity without arguments", name=node.id)
        remedy = message("write {usage}", usage=QUANTITIES[node.id].usage(node.id))
    else:
        wrong = message("`{name}` is neither a word of the test language nor a name of a fact or belief", name=node.id)
        known = did_you_mean(node.id, (*case.facts, *case.beliefs, "threshold"))
        remedy = in_semicolons([message("write fact(NAME) or input(NAME)"), known])
    return InputError(wrong, column=node.column, remedy=remedy)


def unit_of_series(node: Series, case: JoinedCase, values: Mapping[str, Value]) -> Unit:
    """Return the unit of a function of a series; raises InputError if its facts are missing or differ in kind."""
    if not node.known:
        raise _no_series(node, case)
    if node.function == "break_in":
        _check_years(node)
    units = {}
    for year in node.known:
        name = f"{node.key}.{year}"
        if name not in values:
            raise InputError(
                message("fact `{name}` has no valid value", name=name),
                column=node.column,
                remedy=message("correct the fact"),
            )
        units[name] = unit_of(values[name])
    first = next(iter(units.values()))
    for name, unit in units.items():
        if unit in NOT_NUMBERS or not unit.like(first):
            raise InputError(
                message(
                    "the facts of the series {key} differ in kind: {name} is in `{unit}`, {key}.{first} in `{other}`",
                    key=node.key,
                    name=name,
                    unit=str(unit),
                    first=node.known[0],
                    other=str(first),
                ),
                column=node.column,
                remedy=message("give all years of a series numbers with the same kind of unit"),
            )
    return ONE if node.function in ("known", "growth", "break_in") else first.base


def _no_series(node: Series, case: JoinedCase) -> InputError:
    wrong = message(
        "no fact is named {key}.YEAR for a year from {first} to {last}", key=node.key, first=node.first, last=node.last
    )
    given = message("give facts {key}.{first} and so on", key=node.key, first=node.first)
    return InputError(wrong, column=node.column, remedy=in_semicolons([given, did_you_mean(node.key, _stems(case))]))


def _check_years(node: Series) -> None:
    """Refuse a span that is too short or too long for a break in its trend."""
    from tocsin.case.breaks import MAX_YEARS, MIN_YEARS  # imported here: few cases need it

    if not MIN_YEARS <= node.last - node.first + 1 <= MAX_YEARS:
        raise InputError(
            message("`break_in` needs {least} to {most} years", least=MIN_YEARS, most=MAX_YEARS),
            column=node.column,
            remedy=message("name another span, or test change(SERIES, YEAR)"),
        )


def _stems(case: JoinedCase) -> list[str]:
    """Return what stands before the year in the keys of facts that end in a year."""
    parts = (key.rpartition(".") for key in case.facts)
    return [stem for stem, _, year in parts if len(year) == 4 and year.isdigit()]


def events_of(node: FirstOf, case: JoinedCase) -> tuple[str, ...]:
    """Return the facts of a register that are of the kind of a test."""
    return tuple(key for key in _register(node, case) if case.facts[key].kind == node.kind)


def _register(node: FirstOf, case: JoinedCase) -> list[str]:
    return [key for key in case.facts if key.startswith(f"{node.register}.")]


def check_register(node: FirstOf, case: JoinedCase, values: Mapping[str, Value]) -> None:
    """Refuse a register that has no facts, a fact that is not a day, or no event of the kind."""
    keys = _register(node, case)
    if not keys:
        raise InputError(
            message("no fact belongs to the register `{register}`", register=node.register),
            column=node.column,
            remedy=did_you_mean(node.register, {key.rpartition(".")[0] for key in case.facts if "." in key}),
        )
    for key in keys:
        if key not in values or unit_of(values[key]) != DATE:
            raise InputError(
                message("fact `{key}` of the register `{register}` is not a day", key=key, register=node.register),
                column=node.column,
                remedy=message(
                    "give it the day of the event, or a name that does not begin with {register}.",
                    register=node.register,
                ),
            )
    if not node.known:
        kinds = {kind for key in keys if (kind := case.facts[key].kind)}
        raise InputError(
            message('the register `{register}` has no event of kind "{kind}"', register=node.register, kind=node.kind),
            column=node.column,
            remedy=did_you_mean(node.kind, kinds) if kinds else message("give each of its facts a `kind`"),
        )
