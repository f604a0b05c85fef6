"""Find comparisons that the admissible ranges of their numbers decide, whatever the world: `risk(plan) > 1e18`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from tocsin.case.nodes import Binary, Call, Fact, Input, Node, Number, Probability, Series, Threshold, Unary, walk
from tocsin.case.published import kind_in
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import JoinedCase
from tocsin.case.series import series_value
from tocsin.case.units import Quantity, exact
from tocsin.case.values import Value
from tocsin.translation import message

Interval = tuple[float, float]
ANY: Interval = (-math.inf, math.inf)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def compared(op: str, threshold: float | None) -> str:
    """Return a comparison as a problem names it, with the value of the threshold that it reads."""
    if threshold is None:
        return f"`{op}`"
    return message("`{op}` with the threshold {threshold}", op=op, threshold=f"{threshold:g}")


def decided(
    node: Node,
    case: JoinedCase,
    values: Mapping[str, Value],
    thresholds: Sequence[float],
    limits: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[tuple[Binary, float | None, Interval]]:
    """Yield each comparison of a test that is the same in every possible world.

    Comparisons of facts alone are not meant. Beliefs count with the admissible range of their input, so that no setting of a
    belief makes a test decided.

    Args:
        node: a test whose names and units are sound.
        case: the case.
        values: values of the facts.
        thresholds: values of the threshold, in its unit.
        limits: the largest size of a quantity, by its name, where it is less than the model admits.

    Yields:
        The comparison, the value of the threshold (None if it reads none), and the range of the side without threshold.
    """
    for part in walk(node):
        if not isinstance(part, Binary) or part.op not in COMPARISONS:
            continue
        if not any(isinstance(leaf, Call | Input | Probability) for leaf in walk(part)):
            continue
        swept = any(isinstance(leaf, Threshold) for leaf in walk(part))
        for threshold in thresholds if swept else (None,):
            a, b = (_Ranges(case, values, threshold, limits).of(side) for side in (part.a, part.b))
            if _is_decided(part.op, a, b):
                free = b if a[0] == a[1] or any(isinstance(leaf, Threshold) for leaf in walk(part.a)) else a
                yield part, threshold, free


def _is_decided(op: str, a: Interval, b: Interval) -> bool:
    """Return whether a comparison has one outcome for all values of its sides, such as `risk(plan) <= 1`."""
    if a[1] < b[0] or b[1] < a[0]:
        return True
    if op in (">", "<="):
        return a[1] <= b[0]
    return op in ("<", ">=") and b[1] <= a[0]


def bounds_of(node: Node, case: JoinedCase, values: Mapping[str, Value]) -> Interval:
    """Return the smallest and largest value that a number may have in any possible world; it must read no threshold."""
    return _Ranges(case, values, None, MappingProxyType({})).of(node)


@dataclass(frozen=True)
class _Ranges:
    """The ranges of numbers in a case at one value of the threshold, None if it is not read."""

    case: JoinedCase
    values: Mapping[str, Value]
    threshold: float | None
    limits: Mapping[str, float]

    def of(self, node: Node) -> Interval:
        """Return the smallest and largest possible value of a number; everything for what is not a number."""
        match node:
            case Number():
                return _point(float(node.base))
            case Fact(id=key):
                value = self.values[key]
                return _point(float(value.base)) if isinstance(value, Quantity) else ANY
            case Series():
                number = series_value(node, self.values)
                return ANY if number is None else _point(float(number))
            case Threshold(unit=unit):
                return ANY if self.threshold is None else _point(float(exact(self.threshold) * unit.scale))
            case Input(name=name, unit=unit):
                known = kind_in(self.case, name)
                scale = float(unit.scale)
                return (known[0].low * scale, known[0].high * scale) if known else ANY
            case Call(name=name):
                kind, limit = QUANTITIES[name], self.limits.get(name, math.inf)
                return max(kind.low, -limit), min(kind.high, limit)
            case Probability():
                return 0.0, 1.0
            case Unary(op=op, x=x):
                return _unary(op, self.of(x))
            case Binary(op=op, a=a, b=b) if op in "+-*/":
                return _binary(op, self.of(a), self.of(b))
            case _:
                return ANY


_COMBINE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _point(value: float) -> Interval:
    return value, value


def _unary(op: str, x: Interval) -> Interval:
    if op == "-":
        return -x[1], -x[0]
    if op == "abs":
        return (0.0 if x[0] <= 0 <= x[1] else min(map(abs, x))), max(map(abs, x))
    return ANY


def _binary(op: str, a: Interval, b: Interval) -> Interval:
    if op == "/" and b[0] <= 0 <= b[1]:
        return ANY
    ends = [_COMBINE[op](x, y) for x, y in product(a, b)]
    return ANY if any(math.isnan(end) for end in ends) else (min(ends), max(ends))
