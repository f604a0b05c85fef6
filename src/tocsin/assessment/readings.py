"""Say what facts show about a test: the facts that it reads, and the comparison that decides it, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce

import numpy as np

from tocsin.assessment.amounts import amount, written
from tocsin.assessment.changes import with_interval
from tocsin.assessment.comparison_words import (
    DAYS,
    DISTANCES,
    FIRST_DIGITS,
    NUMBERS,
    ORDER_OF_DAYS,
    PERCENT,
    Measure,
    as_year,
    distance_between,
    points_between,
    ratio_between,
    two_numbers,
    visible,
)
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.versions import Version, disputed_facts, key_in_words, statements_of, versions
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
    Threshold,
    Unary,
    facts_of,
    reads_only_facts,
    walk,
)
from tocsin.case.nodes import Text as TextNode
from tocsin.case.nodes import facts as facts_in
from tocsin.case.schema import Case
from tocsin.case.series import break_of, first_day, series_value
from tocsin.case.units import ONE, Quantity, Unit
from tocsin.translation import Text, day, in_commas, in_semicolons, listed, message, message_in, template
from tocsin.translation.text import Joined, Message, Value

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_FUNCTIONS: Mapping[str, str] = {
    "sum": template("sum of {series}"),
    "mean": template("mean of {series}"),
    "max": template("largest of {series}"),
    "min": template("smallest of {series}"),
    "growth": template("growth of {series}"),
    "break_in": template("break in {series}"),
    "known": template("years known of {series}"),
}
MAX_YEARS = 5
"""Missing years of a series that are named; more are counted."""


def facts_read(case: Case, node: Node) -> tuple[FactRead, ...]:
    """Return the facts that a test reads, in the order of the test."""
    keys = dict.fromkeys(key for part in walk(node) for key in facts_of(part))
    return tuple(read for key in keys for read in _values_read(case, key))


def _values_read(case: Case, key: str) -> Iterator[FactRead]:
    """Yield a fact with its value, and once more with each value that other sources give."""
    fact = case.facts[key]
    for statement in statements_of(fact):
        yield FactRead(
            key=key,
            value=written(statement.value, statement.unit),
            date=statement.date or "",
            sources=tuple(statement.source),
            expected=fact.expected or "",
        )


def shown(case: Case, test: Test) -> Text:
    """Return what decides a test at its central threshold, such as "60, not above 90"; empty if facts do not decide it.

    Where sources disagree, it gives the value of each: "by The radio: 95, above 90". If all combinations of several facts lead to
    one outcome, one text gives the range. If the test joins several comparisons, the text names those that decide it. For an undefined test
    it says why.
    """
    ways = versions(case, test.node)
    if len(ways) == 1:
        return _shown(case, test)
    texts = [(way, text) for way in ways if (text := _shown(way.case, test))]
    truths = {_truth(way.case, test) for way in ways}
    if len(truths) == 1 and len(texts) == len(ways):
        if _of_one_fact(case, test):
            return message("by each of {number} sources: {shown}", number=len(ways), shown=_range(texts, test))
        return message(
            "by each of {number} combinations of sources: {shown}", number=len(ways), shown=_range(texts, test)
        )
    return in_semicolons(message("by {sources}: {shown}", sources=way.sources, shown=text) for way, text in texts)


def _of_one_fact(case: Case, test: Test) -> bool:
    return len(disputed_facts(case, test.node)) == 1


def _truth(case: Case, test: Test) -> bool | None:
    return _Facts(case, _evaluator(case, test)).truth(test.node)


def _evaluator(case: Case, test: Test) -> Evaluator:
    return Evaluator(case, None, np.ones(1), test.central)


def _range(readings: Sequence[tuple[Version, Text]], test: Test) -> Text:
    """Return the texts of the smallest and the largest margin in one: "91 to 95, above 90"; the different texts if they have no margin."""
    margins = [float(_evaluator(way.case, test).margin(test.node)[0]) for way, _ in readings]
    texts = [text for _, text in readings]
    if len(set(margins)) == 1 or not np.all(np.isfinite(margins)):
        return reduce(_or, dict.fromkeys(texts))
    low, high = texts[int(np.argmin(margins))], texts[int(np.argmax(margins))]
    return _spanned(low, high) or message("{low}, to {high}", low=low, high=high)


def _or(first: Text, after: Text) -> Text:
    return message_in("list", "{first}; or {after}", first=first, after=after)


def _spanned(low: Value, high: Value) -> Text | None:
    """Return two comparisons that differ in their first number as one with the range of that; None if they differ otherwise."""
    match low, high:
        case Joined(), Joined() if low.items[1:] == high.items[1:]:
            first = _spanned(low.items[0], high.items[0])
            return None if first is None else in_semicolons([first, *low.items[1:]])
        case Message(), Message() if low.template == high.template:
            return _spanned_inside(low, high)
        case _:
            return None


def _spanned_inside(low: Message, high: Message) -> Text | None:
    """Return a message that contains the range between two, which have the same template; None if they differ in more than a number."""
    differing = [name for name, value in low.values.items() if value != high.values[name]]
    match differing:
        case ["value"]:
            span: Text | None = message("{low} to {high}", low=low.values["value"], high=high.values["value"])
        case ["comparison"]:
            span = _spanned(low.values["comparison"], high.values["comparison"])
        case _:
            return None
    return None if span is None else Message(low.template, {**low.values, differing[0]: span})


def _shown(case: Case, test: Test) -> Text:
    facts = _Facts(case, _evaluator(case, test))
    if facts.truth(test.node) is None and not reads_only_facts(test.node):
        return Text()
    several = not _is_leaf(test.node) and sum(1 for _ in _leaves(test.node)) > 1
    return in_semicolons(dict.fromkeys(facts.text(leaf, named=several) for leaf in facts.deciding(test.node)))


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

    def text(self, leaf: Node, *, named: bool) -> Text:
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
            comparison = self._with_chance(self._comparison(op, a, b, truth), a, b)
        elif isinstance(left, date):
            comparison = message(ORDER_OF_DAYS[op, truth], value=day(left), limit=day(right))
        elif isinstance(left, str):
            comparison = message(NUMBERS[op, truth], value=_quoted(left), limit=_quoted(right))
        else:
            sides = [self._truth_text(side) for side in (a, b) if facts_in(side)]
            return in_semicolons(sides or [written(truth, "")])
        return message("{name}: {comparison}", name=self._name(a), comparison=comparison) if named else comparison

    def _truth_text(self, node: Node) -> Text:
        """Return truth values with the names of their facts: "sanctions eased: true"."""
        keys = dict.fromkeys(key for part in walk(node) for key in facts_of(part))
        if not keys:
            return in_semicolons([written(bool(self.truth(node)), "")])
        return in_semicolons(
            message(
                "{fact}: {value}",
                fact=key_in_words(self.case, key),
                value=written(self.case.facts[key].value, self.case.facts[key].unit),
            )
            for key in keys
        )

    def _undefined(self, leaf: Binary) -> Text:
        zero = (part.b for part in walk(leaf) if isinstance(part, Binary) and part.op == "/")
        names = [self._name(node) for node in zero if self.evaluator.value(node) == 0]
        if names:
            return message("it divides by {number}, which is 0", number=names[0])
        reasons = (self._why_undefined(part) for part in walk(leaf) if isinstance(part, Series | FirstOf))
        return next((reason for reason in reasons if reason), message("it has no value"))

    def _why_undefined(self, node: Series | FirstOf) -> Text | None:
        """Return why a number of a series or the first day of a register is undefined; None if it is defined."""
        if isinstance(node, FirstOf):
            if first_day(node, self.case.values) is not None or node.after is None:
                return None
            register = key_in_words(self.case, node.register)
            return message(
                "{register} has no “{kind}” after {day}", register=register, kind=node.kind, day=day(node.after)
            )
        if series_value(node, self.case.values) is not None:
            return None
        name = key_in_words(self.case, node.key)
        if node.function == "break_in" and not node.missing:
            p = break_of(node, self.case.values).p
            return message("no break in {series} exceeds chance (p = {p})", series=self._span(node), p=f"{p:.2g}")
        if not node.missing:
            return message("{series} does not begin above 0 in {year}", series=name, year=str(node.first))
        return _without_years(name, node.missing)

    def _with_chance(self, comparison: Text, a: Node, b: Node) -> Text:
        """Return a comparison with what it owes to chance, if it reads a change or break.

        That is the interval of a change alone on one side, or the p-value of a break.
        """
        for side in (a, b):
            for node in walk(side):
                if isinstance(node, Series) and node.function == "break_in":
                    p = break_of(node, self.case.values).p
                    return message("{comparison}; p = {p}", comparison=comparison, p=f"{p:.2g}")
        for node, other in ((a, b), (b, a)):
            if isinstance(node, Series) and node.function == "change":
                unit, compared = self._unit(node, other), self.evaluator.value(other)
                return with_interval(comparison, node, self.case.values, unit, compared)
        return comparison

    def _comparison(self, op: str, a: Node, b: Node, truth: bool) -> Text:
        """Return the numbers of a comparison; a distance |x - y| and a ratio |x / y - 1| are told by x and y."""
        parts = _distance(a) if (op, truth) in DISTANCES else None
        unit = self._unit(a, b)
        if parts is None:
            unit = PERCENT if unit == ONE and self._are_shares(a, b) else unit
            return self._visible([(a, unit), (b, unit)], two_numbers, NUMBERS[op, truth])
        (x, y, measure), words = parts, DISTANCES[op, truth]
        if isinstance(self.evaluator.value(x), date):
            value, limit = (day(self.evaluator.value(node)) for node in (x, y))
            distance = amount(Fraction(self.evaluator.value(b)), self._unit_of(b), FIRST_DIGITS).text
            return message(words, value=value, limit=limit, distance=distance)
        if measure is not ratio_between:
            return self._visible(
                [(x, unit), (y, unit), (b, unit)], points_between if unit == PERCENT else measure, words
            )
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

    def _visible(self, sides: Sequence[tuple[Node, Unit]], measure: Measure, words: str) -> Text:
        numbers = [(Fraction(self.evaluator.value(node)), unit) for node, unit in sides]
        years = any(
            isinstance(part, Series) and part.function == "break_in" for node, _ in sides for part in walk(node)
        )
        return visible(numbers, measure, words, as_year if years else amount)

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
            case Day(value=when):
                return day(when)
            case TextNode(value=text):
                return _quoted(text)
            case Series():
                return self._series_name(node)
            case FirstOf(register=register, kind=kind, after=after):
                name = key_in_words(self.case, register)
                if after:
                    return message("first “{kind}” in {register} after {day}", kind=kind, register=name, day=day(after))
                return message("first “{kind}” in {register}", kind=kind, register=name)
            case Unary(op="abs", x=x):
                return message("size of {number}", number=self._in_brackets(x))
            case Unary(x=x):
                return message("−{number}", number=self._in_brackets(x))
            case Binary(op=op, a=a, b=b):
                sign = {"-": "\N{MINUS SIGN}", "*": "\N{MULTIPLICATION SIGN}"}.get(op, op)
                left, right = self._in_brackets(a), self._in_brackets(b)
                return message("{left} {sign} {right}", left=left, sign=sign, right=right)
            case _:
                return amount(Fraction(self.evaluator.value(node)), self._unit_of(node), FIRST_DIGITS).text

    def _series_name(self, node: Series) -> Text:
        if node.function == "change":
            return message("change of {series} from {year} on", series=self._span(node), year=str(node.start))
        return message(_FUNCTIONS[node.function], series=self._span(node))

    def _span(self, node: Series) -> Text:
        """Return a series with its first and last year."""
        name = key_in_words(self.case, node.key)
        return message("{series} {first}–{last}", series=name, first=str(node.first), last=str(node.last))

    def _in_brackets(self, node: Node) -> str:
        return message("({number})", number=self._name(node)) if isinstance(node, Binary) else self._name(node)


def _without_years(series: str, missing: Sequence[int]) -> Text:
    """Return that a series has no facts for some years."""
    years = [str(year) for year in missing[:MAX_YEARS]]
    more = len(missing) - len(years)
    if more == 1:
        return message("{series} has no fact for {years} and one more year", series=series, years=in_commas(years))
    if more:
        return message(
            "{series} has no fact for {years} and {number} more years",
            series=series,
            years=in_commas(years),
            number=str(more),
        )
    named = listed(years) if len(years) < 3 else in_commas(years)
    return message("{series} has no fact for {years}", series=series, years=named)


def _quoted(text: str) -> Text:
    return message("“{text}”", text=text)


def _distance(node: Node) -> tuple[Node, Node, Measure] | None:
    """Return x, y and what is compared if a node is |x - y| or |x / y - 1|, the side with facts first."""
    match node:
        case Unary(op="abs", x=Binary(op="-", a=Binary(op="/", a=x, b=y), b=Number() as one)) if one.base == 1:
            return x, y, ratio_between
        case Unary(op="abs", x=Binary(op="-", a=x, b=y)):
            return (x, y, distance_between) if facts_in(x) else (y, x, distance_between)
        case _:
            return None
