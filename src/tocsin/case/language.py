"""The test language of a claim's `holds`: parsed by a grammar, typed, never evaluated as code.

    loss_aim(PRK, plan + amendment | tokyo_drifts) > threshold and P(pillar(JPN, plan in taiwan) > 0) >= 0.5

Outside a call `+ - * /`, comparison, `not`, `and`, `or` have their usual order, loosest last. Inside a call there is no
arithmetic: `a + b` are events that happen together, events after `|` are given, and `in THEATRE`, `alike GROUP` come last.
`a < b < c` is `a < b and b < c`, and `a within d of b` is `abs(a - b) <= d`. `parse` returns the tree;
`tocsin.case.typing_rules` checks it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from tocsin.case.call_building import CallBuilder, Group, column_of
from tocsin.case.nodes import (
    Binary,
    Day,
    Fact,
    FirstOf,
    Input,
    Name,
    Node,
    Number,
    Probability,
    Series,
    Text,
    Threshold,
    Truth,
    Unary,
    children,
)
from tocsin.case.syntax_errors import syntax_error
from tocsin.case.types import not_in_calendar
from tocsin.case.units import COUNT_OF, ONE, Unit, parse_exact, parse_unit
from tocsin.errors import InputError
from tocsin.translation import message

MAX_LENGTH = 2_000
MAX_DEPTH = 40

GRAMMAR = r"""
start: disjunction
?disjunction: conjunction (OR conjunction)*
?conjunction: negation (AND negation)*
?negation: NOT negation -> negate
         | comparison
?comparison: sum (COMPARE sum)*
           | sum WITHIN sum OF sum -> within
?sum: product ((PLUS | MINUS) product)*
?product: unary ((TIMES | OVER) unary)*
?unary: MINUS unary -> minus
      | atom
?atom: DATE -> day
     | NUMBER UNIT? -> number
     | THRESHOLD -> threshold
     | TRUTH -> truth
     | TEXT -> text
     | ABS "(" disjunction ")" -> absolute
     | PROBABILITY "(" disjunction ")" -> probability
     | FACT "(" FACT_ID ")" -> fact
     | INPUT "(" INPUT_ID ")" -> input
     | AGGREGATE "(" SERIES "(" FACT_ID "," SPAN ")" ["," (YEAR | DATE)] ")" -> series
     | FIRST_OF "(" FACT_ID "," TEXT ["," DATE] ")" -> first_of
     | WORD -> name
     | WORD "(" [argument ("," argument)*] ")" -> call
     | "(" disjunction ")"
argument: group option* | option+
group: events [BAR events] | BAR events -> given_only
events: (WORD | NUMBER) (PLUS WORD)*
option: (IN | ALIKE | TYPE) WORD

OR.3: /or\b/
AND.3: /and\b/
NOT.3: /not\b/
IN.3: /in\b/
ALIKE.3: /alike\b/
TYPE.3: /type\b/
THRESHOLD.3: /threshold\b/
TRUTH.3: /(true|false)\b/
ABS.3: /abs\b/
FACT.3: /fact\b/
INPUT.3: /input\b/
PROBABILITY.3: /P\b/
AGGREGATE.3: /(sum|mean|max|min|growth|change|known|break_in)(?=\s*\()/
SERIES.3: /series\b/
FIRST_OF.3: /first_of(?=\s*\()/
WITHIN.3: /within\b/
OF.3: /of\b/
SPAN: /\d{4}\s*\.\.\s*\d{4}\b/
YEAR: /\d{4}\b/
TEXT: /"[^"]*"|'[^']*'/
COMPARE: "<=" | ">=" | "==" | "!=" | "<" | ">"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
BAR: "|"
DATE.2: /\d{4}-\d{2}-\d{2}\b/
NUMBER.1: /(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?/
UNIT.1: /(%|(count of )?(?!(and|or|in|alike|type|not|within|of)\b)[A-Za-z_]+([ ]+(?!(and|or|in|alike|type|not|within|of)\b)[A-Za-z_]+)*([ ]+of[ ]+[0-9]{4}\b(?!\.[0-9]|-[0-9]{2}-|[ ]+(?!(and|or|in|alike|type|not|within|of|per)\b)[A-Za-z%])([ ]+per[ ]+[a-z]+)?)?)/
WORD: /[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
FACT_ID: /[A-Za-z][A-Za-z0-9_.\-]*/
INPUT_ID: /[A-Za-z][A-Za-z0-9_.]*(@[A-Za-z][A-Za-z0-9_]*)?/
%ignore /[ \t\r\n]+/
"""

RESERVED = (
    "and",
    "or",
    "not",
    "in",
    "alike",
    "type",
    "threshold",
    "true",
    "false",
    "abs",
    "P",
    "fact",
    "input",
)
"""Words that cannot be names of events."""


def parse(text: str, counts: frozenset[str] = frozenset()) -> Node:
    """Return the tree of a test.

    Args:
        text: the test.
        counts: things that facts of the case count; a number may have them as its unit, `300 incursions`.

    Raises:
        InputError: with `column` (character of the text, from 1), if the text is not a test.
    """
    if len(text) > MAX_LENGTH:
        raise InputError(
            message("the test has {count} characters, more than {most}", count=len(text), most=MAX_LENGTH),
            column=1,
            remedy=message("split it into parts"),
        )
    _check_brackets(text)
    text = text.replace("\u2212", "-")  # the typographic minus sign
    try:
        node = cast(Node, _parser(counts).parse(text))
    except VisitError as error:
        if isinstance(error.orig_exc, InputError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise syntax_error(text, error) from None
    _check_depth(node)
    return node


@lru_cache(maxsize=2)
def _parser(counts: frozenset[str]) -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Build(counts), maybe_placeholders=False)


def _check_brackets(text: str) -> None:
    depth = 0
    for column, character in enumerate(text, start=1):
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise InputError(
                message("brackets nested more than {most} deep", most=MAX_DEPTH),
                column=column,
                remedy=message("split the test"),
            )


def _check_depth(node: Node) -> None:
    stack = [(node, 1)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise InputError(
                message("the test is more than {most} operations deep", most=MAX_DEPTH),
                column=item.column,
                remedy=message("split it into parts"),
            )
        stack.extend((child, depth + 1) for child in children(item))


def _number(token: Token) -> Fraction:
    try:
        return parse_exact(str(token))
    except InputError as error:
        raise InputError(error.message, column=column_of(token), remedy=error.remedy) from None


def _day(token: Token) -> date:
    try:
        return date.fromisoformat(token)
    except ValueError:
        error = not_in_calendar(token)
        raise InputError(error.message, column=column_of(token), remedy=error.remedy) from None


def _left(items: list[Any]) -> Node:
    """Return a op b op c as ((a op b) op c); operators are tokens."""
    node = cast(Node, items[0])
    for operator, right in zip(items[1::2], items[2::2], strict=True):
        node = Binary(str(operator), node, right, column=column_of(operator))
    return node


def _chain(items: list[Any]) -> Node:
    """Return a < b < c as (a < b) and (b < c); the comparisons of a chain run one way."""
    if len(items) == 3:
        return _left(items)
    operators = items[1::2]
    kinds = {"=" if operator == "==" else operator[0] for operator in operators}
    if len(kinds) > 1 or "!" in kinds:
        one, other = next((pair for pair in pairwise(operators) if pair[0][0] != pair[1][0]), operators[:2])
        raise InputError(
            message("a chain of comparisons runs one way, and `{one}` is followed by `{other}`", one=one, other=other),
            column=column_of(other),
            remedy=message("write a {one} b and b {other} c", one=one, other=other),
        )
    pairs = [
        Binary(str(operator), left, right, column=column_of(operator))
        for left, operator, right in zip(items[::2], operators, items[2::2], strict=False)
    ]
    return reduce(lambda before, pair: Binary("and", before, pair, column=pair.column), pairs)


def _span(token: Token) -> tuple[int, int]:
    """Return the first and the last year of a span."""
    first, last = (int(year) for year in token.split(".."))
    if first >= last:
        raise InputError(
            message("{text} is not a span of years", text=token),
            column=column_of(token),
            remedy=message("write the earlier year first"),
        )
    return first, last


def _start(function: Token, rest: list[Token], first: int, last: int) -> int | None:
    """Return the year with which the later part of a change begins; None for a function that takes no year."""
    if function != "change":
        if rest:
            raise InputError(
                message("`{function}` has too many arguments", function=function),
                column=column_of(rest[0]),
                remedy=message("write {function}(series(KEY, FIRST..LAST))", function=function),
            )
        return None
    if not rest:
        raise InputError(
            message("`change` needs the year of the change"),
            column=column_of(function),
            remedy=message("write change(series(KEY, FIRST..LAST), YEAR)"),
        )
    if rest[0].type == "DATE":
        year = rest[0][:4]
        raise InputError(
            message("`change` takes a year, not the day {day}: a series has one value a year", day=rest[0]),
            column=column_of(rest[0]),
            remedy=message(
                "write {year} or {next}, the first year that counts as after the change",
                year=year,
                next=int(year) + 1,
            ),
        )
    if not first < int(rest[0]) <= last:
        raise InputError(
            message("the series has no years on both sides of {year}", year=rest[0]),
            column=column_of(rest[0]),
            remedy=message("write a year from {first} to {last}", first=first + 1, last=last),
        )
    return int(rest[0])


class _Build(Transformer[Token, Node]):
    """Build the tree while parsing, bottom up (no recursion over the text).

    `counts` are things that a number may count without the words `count of`.
    """

    def __init__(self, counts: frozenset[str]) -> None:
        super().__init__()
        self.counts = counts

    def _unit(self, text: str) -> Unit:
        try:
            return parse_unit(text)
        except InputError as error:
            try:
                counted = parse_unit(f"{COUNT_OF} {text}")
            except InputError:
                raise error from None
            if not self.counts.issuperset(counted.counts):
                raise
            return counted

    def start(self, items: list[Any]) -> Node:
        return cast(Node, items[0])

    def disjunction(self, items: list[Any]) -> Node:
        return _left(items)

    conjunction = sum = product = disjunction

    def comparison(self, items: list[Any]) -> Node:
        return _chain(items)

    def within(self, items: list[Any]) -> Node:
        a, within, distance, b = items[0], items[1], items[2], items[4]
        column = column_of(within)
        if isinstance(distance, Number) and distance.unit == parse_unit("%"):
            raise InputError(
                message("`within` takes an amount, not a share"),
                column=column,
                remedy=message("write abs(a / b - 1) <= {share} %", share=f"{float(distance.value):g}"),
            )
        return Binary("<=", Unary("abs", Binary("-", a, b, column=column), column=column), distance, column=column)

    def negate(self, items: list[Any]) -> Node:
        return Unary("not", items[1], column=column_of(items[0]))

    def minus(self, items: list[Any]) -> Node:
        if isinstance(items[1], Number):
            return Number(-items[1].value, items[1].unit, column=column_of(items[0]))
        return Unary("-", items[1], column=column_of(items[0]))

    def absolute(self, items: list[Any]) -> Node:
        return Unary("abs", items[1], column=column_of(items[0]))

    def probability(self, items: list[Any]) -> Node:
        return Probability(items[1], column=column_of(items[0]))

    def day(self, items: list[Token]) -> Node:
        return Day(_day(items[0]), column=column_of(items[0]))

    def number(self, items: list[Token]) -> Node:
        unit = ONE
        if len(items) == 2:
            try:
                unit = self._unit(str(items[1]))
            except InputError as error:
                raise InputError(error.message, column=column_of(items[1]), remedy=error.remedy) from None
        return Number(_number(items[0]), unit, column=column_of(items[0]))

    def threshold(self, items: list[Token]) -> Node:
        return Threshold(column=column_of(items[0]))

    def truth(self, items: list[Token]) -> Node:
        return Truth(items[0] == "true", column=column_of(items[0]))

    def text(self, items: list[Token]) -> Node:
        return Text(str(items[0])[1:-1].strip(), column=column_of(items[0]))

    def name(self, items: list[Token]) -> Node:
        return Name(str(items[0]), column=column_of(items[0]))

    def series(self, items: list[Token]) -> Node:
        first, last = _span(items[3])
        start = _start(items[0], items[4:], first, last)
        return Series(cast(Any, str(items[0])), str(items[2]), first, last, start, column=column_of(items[0]))

    def first_of(self, items: list[Token]) -> Node:
        after = _day(items[3]) if len(items) == 4 else None
        return FirstOf(str(items[1]), str(items[2])[1:-1].strip(), after, column=column_of(items[0]))

    def fact(self, items: list[Token]) -> Node:
        return Fact(str(items[1]), column=column_of(items[0]))

    def input(self, items: list[Token]) -> Node:
        return Input(str(items[1]), column=column_of(items[0]))

    def events(self, items: list[Token]) -> Any:
        return [item for item in items if item.type != "PLUS"]

    def group(self, items: list[Any]) -> Any:
        return Group(items[0], items[2] if len(items) == 3 else [], bar=len(items) == 3)

    def given_only(self, items: list[Any]) -> Any:
        return Group([], items[1], bar=True)

    def option(self, items: list[Token]) -> Any:
        return (items[0], items[1])

    def argument(self, items: list[Any]) -> Any:
        return items

    def call(self, items: list[Any]) -> Node:
        return CallBuilder(items[0]).build([part for argument in items[1:] for part in argument])
