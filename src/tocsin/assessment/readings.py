"""Say what facts show about a test: the facts that it reads, and the comparison that decides it, with its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from tocsin.assessment.amounts import Amount, amount
from tocsin.assessment.changes import change_in_words
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.versions import Version, disputed_facts, key_in_words, said_of, versions
from tocsin.case.compiled import Test
from tocsin.case.nodes import (
    Binary,
    Day,
    Fact,
    FirstOf,
    Node,
    Number,
    Probability,
    Series,
    Text,
    Threshold,
    Unary,
    facts_of,
    reads_only_facts,
    walk,
)
from tocsin.case.nodes import facts as facts_in
from tocsin.case.schema import Case
from tocsin.case.series import break_of, first_day, series_value
from tocsin.case.units import COUNTED, ONE, SHARES, TIMES, Quantity, Unit
from tocsin.case.values import as_written

FIRST_DIGITS, LAST_DIGITS = 4, 24
"""Significant digits of a computed number, and the most that it gets where fewer would hide the verdict."""

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NUMBERS = {
    (">", True): "above", (">", False): "not above", (">=", True): "at least", (">=", False): "below",
    ("<", True): "below", ("<", False): "not below", ("<=", True): "at most", ("<=", False): "above",
    ("==", True): "equal to", ("==", False): "not", ("!=", True): "not", ("!=", False): "equal to",
}  # fmt: skip
_DAYS = _NUMBERS | {
    (">", True): "after", (">", False): "not after", (">=", True): "not before", (">=", False): "before",
    ("<", True): "before", ("<", False): "not before", ("<=", True): "not after", ("<=", False): "after",
}  # fmt: skip
_DISTANCES = {
    ("<", True): "within {0} of {1}", ("<", False): "not within {0} of {1}",
    ("<=", True): "within {0} of {1}", ("<=", False): "not within {0} of {1}",
    (">", True): "more than {0} from {1}", (">", False): "not more than {0} from {1}",
    (">=", True): "at least {0} from {1}", (">=", False): "less than {0} from {1}",
}  # fmt: skip
"""Words for a comparison and its outcome: of numbers, of days, and of a distance |x - y| with a limit."""


_FUNCTIONS = {
    "sum": "sum of", "mean": "mean of", "max": "largest of", "min": "smallest of", "growth": "growth of", "break_in": "break in",
}  # fmt: skip
MAX_YEARS = 5
"""Missing years of a series that are named; more are counted."""


def facts_read(case: Case, node: Node) -> tuple[FactRead, ...]:
    """Return the facts that a test reads, in the order of the test."""
    keys = dict.fromkeys(key for part in walk(node) for key in facts_of(part))
    return tuple(read for key in keys for read in _values_read(case, key))


def _values_read(case: Case, key: str) -> Iterator[FactRead]:
    """Yield a fact with its value, and once more with each value that other sources give."""
    fact = case.facts[key]
    for written in said_of(fact):
        yield FactRead(
            key=key,
            value=as_written(written.value, written.unit),
            date=written.date or "",
            sources=tuple(written.source),
            expected=fact.expected or "",
        )


def shown(case: Case, test: Test) -> str:
    """Return what decides a test at its central threshold, such as "60, not above 90"; empty if facts do not decide it.

    Where sources disagree, it says so of each: "by The radio: 95, above 90". If all combinations of several facts lead to one outcome, one
    text gives the range. If the test joins several comparisons, the text names those that decide it. Of a test that is undefined it says why.
    """
    ways = versions(case, test.node)
    if len(ways) == 1:
        return _shown(case, test)
    said = [(way, text) for way in ways if (text := _shown(way.case, test))]
    truths = {_truth(way.case, test) for way in ways}
    if len(truths) == 1 and len(said) == len(ways):
        return f"by each of {len(ways)} {'sources' if _of_one_fact(case, test) else 'combinations of sources'}: {_range(said, test)}"
    return "; ".join(f"by {way.sources}: {text}" for way, text in said)


def _of_one_fact(case: Case, test: Test) -> bool:
    return len(disputed_facts(case, test.node)) == 1


def _truth(case: Case, test: Test) -> bool | None:
    return _Facts(case, _evaluator(case, test)).truth(test.node)


def _evaluator(case: Case, test: Test) -> Evaluator:
    return Evaluator(case, None, np.ones(1), test.central)


def _range(said: Sequence[tuple[Version, str]], test: Test) -> str:
    """Return the texts of the smallest and the largest margin in one: "91 to 95, above 90"; the different texts if they have no margin."""
    margins = [float(_evaluator(way.case, test).margin(test.node)[0]) for way, _ in said]
    texts = [text for _, text in said]
    if len(set(margins)) == 1 or not np.all(np.isfinite(margins)):
        return "; or ".join(dict.fromkeys(texts))
    low, high = texts[int(np.argmin(margins))], texts[int(np.argmax(margins))]
    (first, limit), (last, other) = (text.partition(", ")[::2] for text in (low, high))
    return f"{first} to {last}, {limit}" if limit == other else f"{low}, to {high}"


def _shown(case: Case, test: Test) -> str:
    facts = _Facts(case, _evaluator(case, test))
    if facts.truth(test.node) is None and not reads_only_facts(test.node):
        return ""
    several = not _is_leaf(test.node) and sum(1 for _ in _leaves(test.node)) > 1
    return "; ".join(dict.fromkeys(facts.text(leaf, named=several) for leaf in facts.deciding(test.node)))


# --- which comparisons decide --------------------------------------------------------------------------------------


def _is_leaf(node: Node) -> bool:
    joined = isinstance(node, Binary) and node.op in ("and", "or")
    return not joined and not (isinstance(node, Unary) and node.op == "not")


def _leaves(node: Node) -> Iterator[Node]:
    """Yield the comparisons and truth values that `and`, `or` and `not` join."""
    match node:
        case Binary(op="and" | "or", a=a, b=b):
            yield from _leaves(a)
            yield from _leaves(b)
        case Unary(op="not", x=x):
            yield from _leaves(x)
        case _:
            yield node


@dataclass(frozen=True)
class _Facts:
    """Reads tests with facts alone."""

    case: Case
    evaluator: Evaluator

    def truth(self, node: Node) -> bool | None:
        """Return whether a test holds by the facts alone; None if they leave it open or undefined."""
        truth = float(self.evaluator.truth(node)[0])
        return None if np.isnan(truth) else bool(truth)

    def deciding(self, node: Node) -> list[Node]:
        """Return the comparisons and truth values that settle a test, or leave it undefined."""
        match node:
            case Binary(op="and" | "or", a=a, b=b):
                whole = self.truth(node)
                return [leaf for side in (a, b) if self.truth(side) is whole for leaf in self.deciding(side)]
            case Unary(op="not", x=x):
                return self.deciding(x)
            case _:
                shares = [part.x for part in walk(node) if isinstance(part, Probability)]
                return [leaf for inside in shares for leaf in self.deciding(inside)] or [node]

    # --- in words --------------------------------------------------------------------------------------------------

    def text(self, leaf: Node, *, named: bool) -> str:
        """Return what the facts show about a comparison or truth value, with the name of its left side if wanted."""
        if not isinstance(leaf, Binary):
            return self._truth_text(leaf)
        truth = self.truth(leaf)
        if truth is None:
            return self._undefined(leaf)
        op, a, b = leaf.op, leaf.a, leaf.b
        if not facts_in(a) and facts_in(b):
            op, a, b = _MIRRORED[op], b, a
        left, right = self.evaluator.value(a), self.evaluator.value(b)
        if isinstance(left, Fraction):
            comparison, name = self._comparison(op, a, b, truth) + self._chance(a, b), self._name(a)
        elif isinstance(left, date):
            comparison, name = f"{_day(left)}, {_DAYS[op, truth]} {_day(right)}", self._name(a)
        elif isinstance(left, str):
            comparison, name = f"{_quoted(left)}, {_NUMBERS[op, truth]} {_quoted(right)}", self._name(a)
        else:
            sides = [self._truth_text(side) for side in (a, b) if facts_in(side)]
            return "; ".join(sides) or as_written(truth, "")
        return f"{name}: {comparison}" if named else comparison

    def _truth_text(self, node: Node) -> str:
        """Return truth values with the names of their facts: "sanctions eased: true"."""
        keys = dict.fromkeys(key for part in walk(node) for key in facts_of(part))
        if not keys:
            return as_written(bool(self.truth(node)), "")
        values = (as_written(self.case.facts[key].value, self.case.facts[key].unit) for key in keys)
        return "; ".join(f"{key_in_words(self.case, key)}: {value}" for key, value in zip(keys, values, strict=True))

    def _undefined(self, leaf: Binary) -> str:
        zero = (part.b for part in walk(leaf) if isinstance(part, Binary) and part.op == "/")
        names = [self._name(node) for node in zero if self.evaluator.value(node) == 0]
        if names:
            return f"it divides by {names[0]}, which is 0"
        reasons = (self._why_undefined(part) for part in walk(leaf) if isinstance(part, Series | FirstOf))
        return next((reason for reason in reasons if reason), "it has no value")

    def _why_undefined(self, node: Series | FirstOf) -> str:
        """Return why a number of a series or the first day of a register is undefined; empty if it is defined."""
        if isinstance(node, FirstOf):
            if first_day(node, self.case.values) is not None or node.after is None:
                return ""
            return f"{key_in_words(self.case, node.register)} has no {_quoted(node.kind)} after {_day(node.after)}"
        if series_value(node, self.case.values) is not None:
            return ""
        name = key_in_words(self.case, node.key)
        if node.function == "break_in" and not node.missing:
            p = break_of(node, self.case.values).p
            return f"no break in {name} {node.first}\N{EN DASH}{node.last} exceeds chance (p = {p:.2g})"
        if not node.missing:
            return f"{name} does not begin above 0 in {node.first}"
        shown = [str(year) for year in node.missing[:MAX_YEARS]]
        more = len(node.missing) - len(shown)
        years = " and ".join(shown) if len(shown) < 3 and not more else ", ".join(shown)
        return f"{name} has no fact for {years}{f' and {more} more years' if more else ''}"

    def _chance(self, a: Node, b: Node) -> str:
        """Return what a comparison owes to chance; empty if it reads no change or break.

        That is the interval of a change alone on one side, or the p-value of a break.
        """
        for side in (a, b):
            for node in walk(side):
                if isinstance(node, Series) and node.function == "break_in":
                    return f"; p = {break_of(node, self.case.values).p:.2g}"
        for node, other in ((a, b), (b, a)):
            if isinstance(node, Series) and node.function == "change":
                return change_in_words(node, self.case.values, self._unit(node, other), self.evaluator.value(other))
        return ""

    def _comparison(self, op: str, a: Node, b: Node, truth: bool) -> str:
        """Return the numbers of a comparison; a distance |x - y| and a ratio |x / y - 1| are told by x and y."""
        parts = _distance(a) if (op, truth) in _DISTANCES else None
        unit = self._unit(a, b)
        if parts is None:
            unit = PERCENT if unit == ONE and self._are_shares(a, b) else unit
            words = "{0}, " + _NUMBERS[op, truth] + " {1}"
            return self._visible([(a, unit), (b, unit)], _plain, words)
        x, y, measure = parts
        if isinstance(self.evaluator.value(x), date):
            days = [_day(self.evaluator.value(node)) for node in (x, y)]
            limit = str(amount(Fraction(self.evaluator.value(b)), self._unit_of(b), FIRST_DIGITS))
            return f"{days[0]}, {_DISTANCES[op, truth].format(limit, days[1])}"
        words = "{0}, " + _DISTANCES[op, truth].format("{2}", "{1}")
        if measure is not _ratio:
            return self._visible([(x, unit), (y, unit), (b, unit)], _points if unit == PERCENT else measure, words)
        unit = self._unit(x, y)
        return self._visible([(x, unit), (y, unit), (b, PERCENT)], measure, words)

    def _are_shares(self, *sides: Node) -> bool:
        """Return whether a quotient of facts is compared and no number exceeds 1, so that per cent read better."""
        values = [self.evaluator.value(side) for side in sides]
        quotients = any(
            isinstance(side, Binary) and side.op == "/" and facts_in(side.a) and facts_in(side.b) for side in sides
        )
        return (
            quotients and all(isinstance(value, Fraction) and 0 <= value <= 1 for value in values) and min(values) < 1
        )

    def _visible(self, sides: Sequence[tuple[Node, Unit]], measure: Measure, words: str) -> str:
        text = _visible([(Fraction(self.evaluator.value(node)), unit) for node, unit in sides], measure, words)
        years = any(
            isinstance(part, Series) and part.function == "break_in" for node, _ in sides for part in walk(node)
        )
        return re.sub(r"(?<=\d),(?=\d)", "", text) if years else text

    def _unit(self, node: Node, other: Node) -> Unit:
        """Return the unit in which a number is printed: its own, or that of another if it has none."""
        unit = self._unit_of(node)
        return self._unit_of(other) if unit == ONE and not isinstance(node, Fact) else unit

    def _unit_of(self, node: Node) -> Unit:
        match node:
            case Number(unit=unit) | Threshold(unit=unit):
                return unit
            case Fact(id=key):
                value = self.case.values[key]
                return value.unit if isinstance(value, Quantity) else ONE
            case Series(function="known" | "growth" | "break_in" as function):
                return PERCENT if function == "growth" else ONE
            case Series(key=key, known=known):
                return self._unit_of(Fact(f"{key}.{known[0]}"))
            case Unary(x=x):
                return self._unit_of(x)
            case Binary(op="-", a=a) if isinstance(self.evaluator.value(a), date):
                return DAYS
            case Binary(op="*" | "/" as op, a=a, b=b):
                left, right = self._unit_of(a).base, self._unit_of(b).base
                return left * right if op == "*" else left / right
            case Binary(a=a, b=b):
                return self._unit(a, b)
            case _:
                return ONE

    def _name(self, node: Node) -> str:
        """Return a number of a test in words: keys of facts, numbers, and the operations on them."""
        match node:
            case Fact(id=key):
                return key_in_words(self.case, key)
            case Day(value=day):
                return _day(day)
            case Text(value=text):
                return _quoted(text)
            case Series():
                return self._series_name(node)
            case FirstOf(register=register, kind=kind, after=after):
                later = f" after {_day(after)}" if after else ""
                return f"first {_quoted(kind)} in {key_in_words(self.case, register)}{later}"
            case Unary(op="abs", x=x):
                return f"size of {self._in_brackets(x)}"
            case Unary(x=x):
                return f"\N{MINUS SIGN}{self._in_brackets(x)}"
            case Binary(op=op, a=a, b=b):
                sign = {"-": "\N{MINUS SIGN}", "*": "\N{MULTIPLICATION SIGN}"}.get(op, op)
                return f"{self._in_brackets(a)} {sign} {self._in_brackets(b)}"
            case _:
                return str(amount(Fraction(self.evaluator.value(node)), self._unit_of(node), FIRST_DIGITS))

    def _series_name(self, node: Series) -> str:
        span = f"{key_in_words(self.case, node.key)} {node.first}\N{EN DASH}{node.last}"
        if node.function == "change":
            return f"change of {span} from {node.start} on"
        return f"years known of {span}" if node.function == "known" else f"{_FUNCTIONS[node.function]} {span}"

    def _in_brackets(self, node: Node) -> str:
        return f"({self._name(node)})" if isinstance(node, Binary) else self._name(node)


# --- numbers that show the outcome ---------------------------------------------------------------------------------

PERCENT = Unit((), SHARES["%"])
DAYS = Unit((("years", 1),), TIMES["days"])
Measure: TypeAlias = Callable[[Sequence[Fraction]], tuple[Fraction, Fraction]]
"""Gives the two numbers that a test compares, from those that are printed."""


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def _plain(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    return numbers[0], numbers[1]


def _difference(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    return abs(numbers[0] - numbers[1]), numbers[2]


def _points(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return what is compared of two percentages: their difference is in points, as 5 % of 66.67 % would be 3.33 points."""
    return _difference(numbers)


def _ratio(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    return abs(numbers[0] / numbers[1] - 1) if numbers[1] else Fraction(-1), numbers[2]


def _distance(node: Node) -> tuple[Node, Node, Measure] | None:
    """Return x, y and what is compared if a node is |x - y| or |x / y - 1|, the side with facts first."""
    match node:
        case Unary(op="abs", x=Binary(op="-", a=Binary(op="/", a=x, b=y), b=Number() as one)) if one.base == 1:
            return x, y, _ratio
        case Unary(op="abs", x=Binary(op="-", a=x, b=y)):
            return (x, y, _difference) if facts_in(x) else (y, x, _difference)
        case _:
            return None


def _visible(numbers: Sequence[tuple[Fraction, Unit]], measure: Measure, words: str) -> str:
    """Return numbers in words with as many digits as show how they compare.

    Args:
        numbers: the numbers, each with the unit in which it is printed.
        measure: gives the two numbers that are compared.
        words: the text with places for the numbers.
    """
    left, right = measure([number for number, _ in numbers])
    for digits in range(FIRST_DIGITS, LAST_DIGITS + 1):
        printed = [amount(number, unit, digits) for number, unit in numbers]
        said = measure([item.value for item in printed])
        if (said[0] > said[1], said[0] < said[1]) == (left > right, left < right):
            return words.format(*_texts(printed, measure))
    printed = [amount(number, unit, FIRST_DIGITS) for number, unit in numbers]
    gap = amount(abs(left - right), numbers[-1][1], 2)
    return f"{words.format(*_texts(printed, measure))}, by {gap}"


def _texts(printed: Sequence[Amount], measure: Measure) -> Iterator[str]:
    """Yield amounts as texts; after the first, 0 and counted things have no unit. A limit in points says so."""
    for index, item in enumerate(printed):
        if measure is _points and index == 2:
            yield f"{item.digits} percentage point{'' if item.digits == '1' else 's'}"
        else:
            yield item.digits if index and (item.words in COUNTED or not item.value) else str(item)
