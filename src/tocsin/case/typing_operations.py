"""Typing rules of operations in a test: which units fit each operator, and what to write where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.case.currencies import is_currency
from tocsin.case.nodes import Binary, Fact, Node, Number, Text, children
from tocsin.case.units import BOOL, DATE, NOT_NUMBERS, ONE, TEXT, YEARS, Unit
from tocsin.errors import InputError
from tocsin.translation import message, template

if TYPE_CHECKING:
    from tocsin.case.schema import JoinedCase

UnitOf = Callable[[Node], Unit]
"""Gives the unit of a node; raises InputError for one that is not sound."""

_NAMES = ((BOOL, message("a truth value")), (DATE, message("a day")), (TEXT, message("a text")))


def unit_of_operation(node: Binary, case: JoinedCase, unit_of: UnitOf) -> Unit:
    """Return the unit of an operation on two sides.

    Raises:
        InputError: with `column`, if the units do not fit the operator.
    """
    a, b = unit_of(node.a), unit_of(node.b)
    if node.op in ("and", "or"):
        must_be_truth(a, node, f"`{node.op}`")
        must_be_truth(b, node, f"`{node.op}`")
        return BOOL
    if node.op in ("+", "-") and DATE in (a, b):
        return _with_day(node, a, b)
    if node.op in ("+", "-", "*", "/"):
        must_be_number(a, node, f"`{node.op}`")
        must_be_number(b, node, f"`{node.op}`")
        if node.op in ("*", "/"):
            return a * b if node.op == "*" else a / b
        _must_be_alike(node, a, b, case, unit_of)
        return a.base
    _must_be_alike(node, a, b, case, unit_of)
    if a in (BOOL, TEXT) and node.op not in ("==", "!="):
        wrong = message("truth values have no order") if a == BOOL else message("texts have no order")
        raise InputError(wrong, column=node.column, remedy=message("write == or !="))
    return BOOL


def named(unit: Unit) -> str:
    """Return a unit in words."""
    if unit.powers == YEARS.powers:
        return message("a duration")
    return next((words for known, words in _NAMES if known == unit), f"`{unit}`")


def must_be_truth(unit: Unit, node: Node, where: str) -> None:
    """Refuse a part of a test that is no truth value."""
    if unit != BOOL:
        raise InputError(
            message("{where} needs a truth value, not {other}", where=where, other=named(unit)),
            column=node.column,
            remedy=message("compare it with something"),
        )


def must_be_number(unit: Unit, node: Node, where: str) -> None:
    """Refuse a part of a test that is no number."""
    if unit in NOT_NUMBERS:
        raise InputError(
            message("{where} needs numbers, not {other}", where=where, other=named(unit)),
            column=node.column,
            remedy=message("compare it instead"),
        )


def _with_day(node: Binary, a: Unit, b: Unit) -> Unit:
    """Return the unit of day - day, a duration, or of a day that is moved by a duration, a day."""
    if a == b:
        if node.op == "-":
            return YEARS
        wrong, remedy = (
            message("two days cannot be added"),
            message("subtract them: the difference of two days is a duration"),
        )
    elif a == DATE and isinstance(node.b, Number) and b.like(YEARS) and node.b.value.denominator == 1:
        return DATE
    elif a == DATE:
        wrong = message("a day moves only by a whole number of days, months or years, as digits")
        remedy = message("write e.g. fact(DAY) + 90 days")
    else:
        wrong, remedy = (
            message("`{op}` has the day on its right", op=node.op),
            message("write the day first: fact(DAY) + 90 days"),
        )
    raise InputError(wrong, column=node.column, remedy=remedy)


# --- units that do not fit -----------------------------------------------------------------------------------------


def _must_be_alike(node: Binary, a: Unit, b: Unit, case: JoinedCase, unit_of: UnitOf) -> None:
    """Refuse incompatible units; a bare 0 is compatible with every number."""
    zero = any(isinstance(side, Number) and side.value == 0 and side.unit == ONE for side in (node.a, node.b))
    if a.like(b) or (zero and a not in NOT_NUMBERS and b not in NOT_NUMBERS):
        return
    wrong, remedy = (
        _of_texts(node, a, b, case)
        or _of_durations(node, a, b)
        or _of_currencies(node, a, b, unit_of)
        or (
            _incompatible(node, a, b),
            message("use values with the same kind of unit, and give a bare number its unit"),
        )
    )
    raise InputError(wrong, column=node.column, remedy=remedy)


def _incompatible(node: Binary, a: Unit, b: Unit) -> str:
    return message("incompatible units at `{op}`: {a} and {b}", op=node.op, a=named(a), b=named(b))


def _of_texts(node: Binary, a: Unit, b: Unit, case: JoinedCase) -> tuple[str, str] | None:
    """Return what is wrong where one side is a text: a name in quotes, or a value of another kind."""
    if TEXT not in (a, b):
        return None
    for side in (node.a, node.b):
        if isinstance(side, Text) and side.value in case.facts:
            wrong = message('"{name}" in quotes is a text, not the fact of that name', name=side.value)
            return wrong, message("write fact({name})", name=side.value)
    return _incompatible(node, a, b), message(
        "compare a text with a text; numbers, days, true and false have no quotes"
    )


def _of_durations(node: Binary, a: Unit, b: Unit) -> tuple[str, str] | None:
    """Return what is wrong where a duration meets a bare number or a day."""
    units = {a.powers, b.powers}
    if units == {YEARS.powers, ONE.powers}:
        bare = next((side for side in (node.a, node.b) if isinstance(side, Number) and side.unit == ONE), None)
        shown = f"{float(bare.value):g}" if bare is not None else "90"
        return _incompatible(node, a, b), message(
            "give the duration its unit: {number} days, {number} months or {number} years", number=shown
        )
    if units == {YEARS.powers, DATE.powers}:
        return _incompatible(node, a, b), message(
            "subtract a day from the day first: fact(LATER) - fact(EARLIER) > 90 days"
        )
    return None


_DIVIDE = template("divide by {rate}, which is in `{unit}`; do not multiply")
_MULTIPLY = template("multiply by {rate}, which is in `{unit}`; do not divide")


def _of_currencies(node: Binary, a: Unit, b: Unit, unit_of: UnitOf) -> tuple[str, str] | None:
    """Return what is wrong where a rate of two currencies is upside down, or multiplies where it should divide."""
    inverse = (ONE / b).powers
    if _is_rate(a) and a.powers == inverse:
        wrong = message(
            "the currencies of `{a}` and `{b}` at `{op}` are the wrong way round", a=str(a), b=str(b), op=node.op
        )
        return wrong, message("state both rates as `{a}`, or write 1 / the other", a=str(a))
    for rate, flipped in _flipped(node, unit_of):
        if unit_of(flipped.a).like(unit_of(flipped.b)):
            shown = f"fact({rate.id})" if isinstance(rate, Fact) else message("the rate")
            wrong = message(
                "the currencies are the wrong way round at `{op}`: `{a}` and `{b}`",
                op=node.op,
                a=str(a.base),
                b=str(b.base),
            )
            remedy = _DIVIDE if _multiplies(node, rate) else _MULTIPLY
            return wrong, message(remedy, rate=shown, unit=str(unit_of(rate)))
    return None


def _is_rate(unit: Unit) -> bool:
    """Return whether a unit is one currency per another."""
    currencies = {power for name, power in unit.powers if is_currency(name)}
    return currencies == {1, -1} and len(unit.powers) == 2


def _multiplies(node: Node, rate: Node) -> bool:
    if isinstance(node, Binary) and node.op == "*" and (node.a is rate or node.b is rate):
        return True
    return any(_multiplies(child, rate) for child in children(node))


def _flipped(node: Binary, unit_of: UnitOf) -> Iterator[tuple[Node, Binary]]:
    """Yield a rate in a node and the node with that rate turned: x * rate becomes x / rate, and the other way round."""
    if node.op in ("*", "/"):
        other = "/" if node.op == "*" else "*"
        if _is_rate(unit_of(node.b)):
            yield node.b, replace(node, op=other)
        if node.op == "*" and _is_rate(unit_of(node.a)):
            yield node.a, Binary("/", node.b, node.a, column=node.column)
    if isinstance(node.a, Binary):
        yield from ((rate, replace(node, a=turned)) for rate, turned in _flipped(node.a, unit_of))
    if isinstance(node.b, Binary):
        yield from ((rate, replace(node, b=turned)) for rate, turned in _flipped(node.b, unit_of))
