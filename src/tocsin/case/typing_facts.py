"""Typing rules of what a test reads from several facts, and of names that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tocsin.case.nodes import FirstOf, Name, Series
from tocsin.case.quantities import QUANTITIES
from tocsin.case.units import DATE, NOT_NUMBERS, ONE, Unit
from tocsin.case.values import Value, unit_of
from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from tocsin.case.schema import JoinedCase


def bare_name(node: Name, case: JoinedCase) -> InputError:
    """Return the error of a name that stands alone, with what to write around it."""
    if node.id in case.facts:
        message, remedy = f"`{node.id}` is a fact without `fact()`", f"write fact({node.id})"
    elif node.id in case.beliefs:
        message, remedy = f"`{node.id}` is a belief without `input()`", f"write input({node.id})"
    elif node.id in QUANTITIES:
        message, remedy = f"`{node.id}` is a quantity without arguments", f"write {QUANTITIES[node.id].usage(node.id)}"
    else:
        message = f"`{node.id}` is neither a word of the test language nor a name of a fact or belief"
        remedy = "write fact(NAME) or input(NAME); " + did_you_mean(node.id, (*case.facts, *case.beliefs))
    return InputError(message, column=node.column, remedy=remedy)


def unit_of_series(node: Series, case: JoinedCase, values: Mapping[str, Value]) -> Unit:
    """Return the unit of a function of a series; raises InputError if its facts are missing or differ in kind."""
    if not node.known:
        raise InputError(
            f"no fact is named {node.key}.YEAR for a year from {node.first} to {node.last}",
            column=node.column,
            remedy=f"give facts {node.key}.{node.first} and so on; " + did_you_mean(node.key, _stems(case)),
        )
    if node.function == "break_in":
        _check_years(node)
    units = {}
    for year in node.known:
        name = f"{node.key}.{year}"
        if name not in values:
            raise InputError(f"fact `{name}` has no valid value", column=node.column, remedy="correct the fact")
        units[name] = unit_of(values[name])
    first = next(iter(units.values()))
    for name, unit in units.items():
        if unit in NOT_NUMBERS or not unit.like(first):
            raise InputError(
                f"the facts of the series {node.key} differ in kind: {name} is in `{unit}`, "
                f"{node.key}.{node.known[0]} in `{first}`",
                column=node.column,
                remedy="give all years of a series numbers with the same kind of unit",
            )
    return ONE if node.function in ("known", "growth", "break_in") else first.base


def _check_years(node: Series) -> None:
    """Refuse a span that is too short or too long for a break in its trend."""
    from tocsin.case.breaks import MAX_YEARS, MIN_YEARS  # imported here: few cases need it

    if not MIN_YEARS <= node.last - node.first + 1 <= MAX_YEARS:
        raise InputError(
            f"`break_in` needs {MIN_YEARS} to {MAX_YEARS} years",
            column=node.column,
            remedy="name another span, or test change(SERIES, YEAR)",
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
            f"no fact belongs to the register `{node.register}`",
            column=node.column,
            remedy=did_you_mean(node.register, {key.rpartition(".")[0] for key in case.facts if "." in key}),
        )
    for key in keys:
        if key not in values or unit_of(values[key]) != DATE:
            raise InputError(
                f"fact `{key}` of the register `{node.register}` is not a day",
                column=node.column,
                remedy=f"give it the day of the event, or a name that does not begin with {node.register}.",
            )
    if not node.known:
        kinds = {kind for key in keys if (kind := case.facts[key].kind)}
        raise InputError(
            f'the register `{node.register}` has no event of kind "{node.kind}"',
            column=node.column,
            remedy=did_you_mean(node.kind, kinds) if kinds else "give each of its facts a `kind`",
        )
