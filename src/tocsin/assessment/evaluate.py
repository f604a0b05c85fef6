"""Evaluate a test in the worlds of one model, node by node; `eval` is never used.

A test is undefined in a world where it compares an infinite or missing value, such as a quotient by zero, or pillars of next to nothing
with one another (see `sharing`). `and`, `or` and `not` then follow Kleene's three-valued logic (Introduction to Metamathematics, 1952,
section 64): a part that is undefined leaves the whole undefined unless the other part settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from tocsin.assessment.sharing import is_worth_sharing, pillars_compared
from tocsin.case import nodes
from tocsin.case.schema import Case
from tocsin.case.series import first_day, moved, series_value
from tocsin.case.units import TIMES, Quantity, Unit, exact

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: _quotient(a, b),
}
_COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def both(a: Any, b: Any) -> np.ndarray:
    """Return whether both of two tests hold: 1, 0, or nan where that is undefined."""
    left, right = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.where((left == 0) | (right == 0), 0.0, left * right)


def _quotient(a: Any, b: Any) -> Any:
    """Return a / b, and nan where b is 0."""
    if isinstance(b, Fraction):
        return a / b if b else np.nan
    divisor = np.asarray(b, dtype=float)
    return np.where(divisor == 0, np.nan, a / np.where(divisor == 0, 1.0, divisor))


def _defined(value: Any) -> Any:
    """Return whether a value can be compared: days, texts and exact numbers always, others if they are finite."""
    return True if isinstance(value, (date, str, Fraction)) else np.isfinite(np.asarray(value, dtype=float))


class Source(Protocol):
    """Where a test gets the numbers that are not facts: the draws of the inputs, and quantities over worlds."""

    @property
    def draws(self) -> Mapping[str, np.ndarray]:
        """Return the draws of each input, (D,)."""

    def read(self, call: nodes.Call) -> np.ndarray:
        """Return a quantity over worlds, (D,)."""


@dataclass(frozen=True)
class Evaluator:
    """Evaluates tests with a source of numbers and the weights of the worlds.

    Without a source, inputs and quantities are unknown, and a test that facts do not settle is nan.
    """

    case: Case
    source: Source | None
    weights: np.ndarray
    threshold: float | None = None

    def truth(self, node: nodes.Node) -> np.ndarray:
        """Return 1 in each world where the test holds, 0 where it fails and nan where it is undefined, (D,).

        The array has one value if the test reads only facts.
        """
        return np.atleast_1d(np.asarray(self.value(node), dtype=float))

    def margin(self, node: nodes.Node) -> np.ndarray:
        """Return the margin in each world: the difference of a comparison, the minimum of `and`, the maximum of `or`.

        It is nan where the test is undefined.
        """
        match node:
            case nodes.Binary(op="and", a=a, b=b):
                return self._if_defined(node, np.fmin(self.margin(a), self.margin(b)))
            case nodes.Binary(op="or", a=a, b=b):
                return self._if_defined(node, np.fmax(self.margin(a), self.margin(b)))
            case nodes.Unary(op="not", x=x):
                return -self.margin(x)
            case nodes.Binary(op=op, a=a, b=b) if op in _COMPARISON:
                left, right = self.value(a), self.value(b)
                if isinstance(left, (date, str)) or isinstance(right, (date, str)) or op in ("==", "!="):
                    return self.truth(node)
                left, right = _alike(left, right)
                with np.errstate(invalid="ignore"):  # both sides may be infinite
                    lead = np.asarray(left - right if op in (">", ">=") else right - left, dtype=float)
                return np.atleast_1d(self._if_shared(node, lead))
            case _:
                return self.truth(node)

    def _if_defined(self, node: nodes.Node, margin: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(self.truth(node)), np.nan, margin)

    def _if_shared(self, comparison: nodes.Binary, value: Any) -> Any:
        """Return a comparison's value, and nan where it compares pillars of next to nothing with one another."""
        pillars = () if self.source is None else pillars_compared(self.case, comparison)
        if not pillars or self.source is None:
            return value
        return np.where(is_worth_sharing(self.case, pillars, self.source.read), value, np.nan)

    def value(self, node: nodes.Node) -> Any:
        """Return the value of a node at scale 1: exact if it reads only facts, otherwise one number for each world."""
        match node:
            case nodes.Number():
                return node.base
            case nodes.Day(value=value) | nodes.Truth(value=value) | nodes.Text(value=value):
                return value
            case nodes.Threshold(unit=unit):
                return None if self.threshold is None else exact(self.threshold) * unit.scale
            case nodes.Fact(id=key):
                fact_value = self.case.values[key]
                return fact_value.base if isinstance(fact_value, Quantity) else fact_value
            case nodes.Series():
                return _or_nan(series_value(node, self.case.values))
            case nodes.FirstOf():
                return _or_nan(first_day(node, self.case.values))
            case nodes.Input(name=name, unit=unit):
                return np.nan if self.source is None else _scaled(self.source.draws[name], unit)
            case nodes.Call():
                return np.nan if self.source is None else self.source.read(node)
            case nodes.Unary(op=op, x=x):
                return self._unary(op, self.value(x))
            case nodes.Binary(op=op, a=a, b=b):
                return self._if_shared(node, self._binary(op, a, b))
            case nodes.Probability(x=x):
                return float(np.sum(self.weights * self.truth(x)))
            case nodes.Name(id=name):
                raise ValueError(f"{name} stands alone: the test was not checked")

    def _unary(self, op: str, value: Any) -> Any:
        if op == "not":
            return 1.0 - np.asarray(value, dtype=float)
        return abs(value) if op == "abs" else -value

    def _binary(self, op: str, a: nodes.Node, b: nodes.Node) -> Any:
        left, right = self.value(a), self.value(b)
        if isinstance(left, date) and op in ("+", "-"):
            return _from_day(op, left, b, right)
        left, right = _alike(left, right)
        if op == "and":
            return both(left, right)
        if op == "or":
            return 1.0 - both(1.0 - np.asarray(left, dtype=float), 1.0 - np.asarray(right, dtype=float))
        if op in _COMPARISON and isinstance(left, (date, str)) != isinstance(right, (date, str)):
            return np.nan  # one side is an unknown day or text
        if op in _COMPARISON:
            return np.where(_defined(left) & _defined(right), _COMPARISON[op](left, right), np.nan)
        if isinstance(right, date):
            return np.nan  # the other side is an unknown day
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is undefined in a comparison
            return _ARITHMETIC[op](left, right)


def _or_nan(value: Fraction | date | None) -> Any:
    return np.nan if value is None else value


def _from_day(op: str, day: date, node: nodes.Node, value: Any) -> Any:
    """Return the duration from another day to a day, in years; or the day moved by a number of days, months or years."""
    if isinstance(value, date):
        return (day - value).days * TIMES["days"]
    if not isinstance(node, nodes.Number):
        return np.nan  # the other side is an unknown day
    return _or_nan(moved(day, node if op == "+" else replace(node, value=-node.value)))


def _scaled(draws: np.ndarray, unit: Unit) -> np.ndarray:
    """Return draws at scale 1; those of a certain belief are rounded once, like a fact, so that equal numbers stay equal."""
    if unit.scale == 1:
        return draws
    if np.all(draws == draws[0]):
        return np.full_like(draws, _rounded(exact(draws[0]) * unit.scale))
    return draws * float(unit.scale)


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Return two sides of an operation: exact if both are facts, else as floats, as the models compute."""
    if isinstance(a, Fraction) == isinstance(b, Fraction):
        return a, b
    return _rounded(a), _rounded(b)


def _rounded(value: Any) -> Any:
    """Return a fraction as the nearest float, infinite beyond the largest; anything else as it is."""
    if not isinstance(value, Fraction):
        return value
    try:
        return np.float64(value)
    except OverflowError:
        return np.float64(np.inf if value > 0 else -np.inf)
