"""Read what a test compares: an event's effect with a threshold or a number, or another sum of quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from tocsin.case.compiled import Test
from tocsin.case.dated import day_of
from tocsin.case.nodes import (
    Binary,
    Call,
    Fact,
    Input,
    Node,
    Number,
    Series,
    Threshold,
    Unary,
    walk,
    with_leaves,
    year_offset,
)
from tocsin.case.quantities import LOSSES, QUANTITIES, has_effects
from tocsin.case.schema import Case
from tocsin.case.series import series_value
from tocsin.case.typing_facts import unit_of_series
from tocsin.case.units import Quantity, exact

ORDERS = ("<", "<=", ">", ">=")
"""The comparisons that ask which of two numbers is larger."""

PARTS = ("loss_aim", "loss_survival")
"""The two parts of `loss`."""


@dataclass(frozen=True)
class Compared:
    """A quantity in which a test compares an event's effect with a number.

    Attributes:
        call: the quantity without its events.
        threshold: the number, without its sign; for a ratio, a factor above 1.
        ratio: whether the effect is the factor by which events change a level, and not a difference.
    """

    call: Call
    threshold: float
    ratio: bool = False

    def size(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Return the size of an effect, without its sign, from a quantity's values without and with events, (D,)."""
        return factor(before, after) if self.ratio else np.abs(after - before)


def factor(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the factor, at least 1, by which a level >= 0 rises or falls; infinite from or to 0, nan where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.divide(after, before)
        return np.maximum(ratio, 1.0 / ratio)


@dataclass(frozen=True)
class Sum:
    """A weighted sum of quantities and a constant; `written` says whether the test names the constant."""

    calls: Mapping[Call, Fraction]
    constant: Fraction = Fraction(0)
    written: bool = False

    def plus(self, other: Sum, factor: Fraction) -> Sum:
        """Return this sum plus another times a factor."""
        names = dict.fromkeys([*self.calls, *other.calls])
        total = {
            name: self.calls.get(name, Fraction(0)) + factor * other.calls.get(name, Fraction(0)) for name in names
        }
        calls = {name: value for name, value in total.items() if value}
        return Sum(calls, self.constant + factor * other.constant, self.written or other.written)

    def times(self, factor: Fraction) -> Sum:
        """Return this sum times a factor."""
        return Sum({call: factor * value for call, value in self.calls.items()}, factor * self.constant, self.written)


def with_numbers(case: Case, test: Test) -> Test:
    """Return a test with a number for each fact and for each input of one value, and with years counted from now."""
    return replace(test, node=with_leaves(test.node, lambda leaf: _with_number(case, leaf)))


def _with_number(case: Case, leaf: Node) -> Node:
    match leaf:
        case Fact(id=key):
            value = case.values[key]
            return Number(value.amount, value.unit) if isinstance(value, Quantity) else leaf
        case Series():
            number = series_value(leaf, case.values)
            return leaf if number is None else Number(number, unit_of_series(leaf, case, case.values))
        case Input(name=name, unit=unit):
            low, high = case.distributions[name].support
            return Number(exact(low), unit) if low == high else leaf
        case Call(year=int(year)):
            return replace(leaf, year=year_offset(year, day_of(case, str(leaf.theatre))))
        case _:
            return leaf


def compared(case: Case, test: Test) -> tuple[Compared, ...]:
    """Return the effects of events that a test compares with a threshold or a number, at the central threshold."""
    test = with_numbers(case, test)
    pairs = (node for node in walk(test.node) if isinstance(node, Binary) and node.op in ORDERS)
    return tuple(dict.fromkeys(item for node in pairs if (item := _effect_in(node, test)) is not None))


def _effect_in(comparison: Binary, test: Test) -> Compared | None:
    """Return the effect that a comparison has on one side with a number on the other; None for any other comparison."""
    both = difference(comparison, test)
    call = _one_effect(both) if both is not None and both.written else None
    if both is not None and call is not None:
        return Compared(call, float(abs(both.constant / next(iter(both.calls.values())))))
    return _ratio(_cleared(comparison, test))


def _ratio(total: Sum | None) -> Compared | None:
    """Return the factor by which events change a level if a sum is w A(EVENTS) - v A() with v / w other than 1; None otherwise."""
    match list(total.calls.items()) if total is not None and not total.constant else []:
        case [(one, weight), (other, opposite)] if weight * opposite < 0 and weight != -opposite:
            call = _same_without_events(one, other)
            wanted = float(-opposite / weight)
            levels = has_effects(one.name) and one.name not in LOSSES
            return Compared(call, max(wanted, 1.0 / wanted), ratio=True) if call and levels else None
        case _:
            return None


def _one_effect(both: Sum) -> Call | None:
    """Return the quantity, without its events, of which a sum is the effect: one loss, or the difference of two worlds."""
    match list(both.calls.items()):
        case [(call, _)] if call.name in LOSSES:
            return _without_events(call)
        case [(one, weight), (other, opposite)] if weight == -opposite and has_effects(one.name):
            return None if one.name in LOSSES and one.given != other.given else _same_without_events(one, other)
        case _:
            return None


def _same_without_events(one: Call, other: Call) -> Call | None:
    """Return the quantity of two worlds without their events, with what both take as given; None if they are two quantities."""
    given = tuple(name for name in one.given if name in other.given)
    first, second = (replace(_without_events(call), given=given) for call in (one, other))
    return first if first == second else None


def _without_events(call: Call) -> Call:
    return replace(call, events=(), column=0)


def difference(comparison: Binary, test: Test) -> Sum | None:
    """Return the left side of a comparison minus the right one, at the central threshold; None if that is not a weighted sum."""
    left, right = sum_of(comparison.a, test), sum_of(comparison.b, test)
    return None if left is None or right is None else _folded(left.plus(right, Fraction(-1)))


def _folded(total: Sum) -> Sum:
    """Return a sum with as few losses as possible: `loss` is `loss_aim` plus `loss_survival` of the same events."""
    parts = Sum({})
    for call, weight in total.calls.items():
        names = PARTS if call.name == "loss" else (call.name,)
        parts = parts.plus(Sum({replace(call, name=name): Fraction(1) for name in names}), weight)
    whole = Sum({}, total.constant, total.written)
    for call, weight in parts.calls.items():
        both = call.name in PARTS and all(parts.calls.get(replace(call, name=name)) == weight for name in PARTS)
        if not both:
            whole = whole.plus(Sum({call: weight}), Fraction(1))
        elif call.name == PARTS[0]:
            whole = whole.plus(Sum({replace(call, name="loss"): weight}), Fraction(1))
    return whole


def sum_of(node: Node, test: Test) -> Sum | None:
    """Return a side of a comparison as a weighted sum; None if it is something else."""
    match node:
        case Number():
            return Sum({}, node.base, written=True)
        case Threshold(unit=unit):
            return Sum({}, exact(test.central or 0.0) * unit.scale, written=True)
        case Call():
            return Sum({_in_one_form(node): Fraction(1)})
        case Unary(op="-", x=x):
            inner = sum_of(x, test)
            return None if inner is None else inner.times(Fraction(-1))
        case Unary(op="abs", x=x):
            inner = sum_of(x, test)
            return inner if inner is not None and not inner.constant else None
        case Binary(op=op, a=a, b=b) if op in ("+", "-", "*", "/"):
            return _of_two(op, sum_of(a, test), sum_of(b, test))
        case _:
            return None


def _in_one_form(call: Call) -> Call:
    """Return a quantity without what may be left out, and with its events in order, so that equal ones can be added up."""
    actor = None if QUANTITIES[call.name].optional else call.actor
    events, given = (tuple(sorted(set(names))) for names in (call.events, call.given))
    return replace(call, actor=actor, events=events, given=given)


def _of_two(op: str, left: Sum | None, right: Sum | None) -> Sum | None:
    if left is None or right is None:
        return None
    if op in ("+", "-"):
        return left.plus(right, Fraction(1 if op == "+" else -1))
    if op == "*" and not left.calls:
        return right.times(left.constant)
    if right.calls or (op == "/" and not right.constant):
        return None
    return left.times(right.constant if op == "*" else 1 / right.constant)


# --- quotients -----------------------------------------------------------------------------------------------------

_ONE = Sum({}, Fraction(1))


def _cleared(comparison: Binary, test: Test) -> Sum | None:
    """Return the left side of a comparison minus the right one, both times their denominators; None if that is no weighted sum."""
    left, right = _fraction(comparison.a, test), _fraction(comparison.b, test)
    if left is None or right is None:
        return None
    return _minus(_product(left[0], right[1]), _product(right[0], left[1]))


def _fraction(node: Node, test: Test) -> tuple[Sum, Sum] | None:
    """Return a side of a comparison as a numerator and a denominator; None if they are no weighted sums."""
    whole = sum_of(node, test)
    if whole is not None:
        return whole, _ONE
    match node:
        case Unary(op="abs", x=x):
            inner = _fraction(x, test)
            return inner if inner is not None and not inner[0].constant else None
        case Binary(op="/", a=a, b=b):
            above, below = sum_of(a, test), sum_of(b, test)
            return None if above is None or below is None else (above, below)
        case Binary(op=op, a=a, b=b) if op in ("+", "-"):
            return _added(_fraction(a, test), _fraction(b, test), Fraction(1 if op == "+" else -1))
        case Binary(op="*", a=a, b=b):
            left, right = _fraction(a, test), _fraction(b, test)
            if left is None or right is None:
                return None
            above, below = _product(left[0], right[0]), _product(left[1], right[1])
            return None if above is None or below is None else (above, below)
        case _:
            return None


def _added(left: tuple[Sum, Sum] | None, right: tuple[Sum, Sum] | None, sign: Fraction) -> tuple[Sum, Sum] | None:
    if left is None or right is None:
        return None
    one, other, below = _product(left[0], right[1]), _product(right[0], left[1]), _product(left[1], right[1])
    return None if one is None or other is None or below is None else (one.plus(other, sign), below)


def _product(one: Sum, other: Sum) -> Sum | None:
    """Return the product of two sums; None if both have quantities."""
    if one.calls and other.calls:
        return None
    return other.times(one.constant) if not one.calls else one.times(other.constant)


def _minus(one: Sum | None, other: Sum | None) -> Sum | None:
    return None if one is None or other is None else one.plus(other, Fraction(-1))
