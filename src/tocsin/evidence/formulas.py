"""Formulas of a specification: parsed by a grammar, checked, and expanded into terms. They are never executed as code.

The notation is Wilkinson's: `+` adds terms, `a:b` multiplies them, `a * b` is `a + b + a:b`, `- 1` removes the constant. In the brackets
of a function, `+ - * /` are arithmetic. `x ** 2` is the square of a column, not a crossing of terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

FUNCTIONS = ("C", "log", "exp", "sqrt", "center", "scale")
MAX_CHARACTERS, MAX_DEPTH = 5_000, 20
POWERS = range(2, 10)
GRAMMAR = r"""
start: sum
sum: SIGN? product (SIGN product)*
?product: interaction ((TIMES | OVER) interaction)*
?interaction: power (COLON power)*
?power: atom (POWER NUMBER)?
?atom: NUMBER
     | NAME "(" sum ")" -> call
     | NAME
     | QUOTED
     | "(" sum ")"
SIGN: "+" | "-"
POWER.2: "**" | "^"
TIMES: "*"
COLON: ":"
OVER: "/"
NUMBER: /(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?/
NAME: /[^\W\d][\w.]*/
QUOTED: /`[^`]+`/
%ignore /\s+/
"""
_CALLED = re.compile(r"`[^`]*`|([^\W\d][\w.]*)\s*\(")
_MAKE = "make a column of it in the table"
_POWERS = f"use positive whole powers from {POWERS[0]} to {POWERS[-1]}, or {_MAKE}"
_NAMES = f"use column names (in `backquotes` if they hold blanks), + - : * ** ( ), 0, 1, {', '.join(FUNCTIONS)}"


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Column:
    """A column of the table."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function of an expression; that of `C` is a column."""

    function: str
    argument: Expression


@dataclass(frozen=True)
class Sum:
    """Signs and expressions, such as `x - 1`."""

    parts: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Operation:
    """Two expressions joined by `*`, `:`, `/` or `**`."""

    sign: str
    left: Expression
    right: Expression


Expression: TypeAlias = Number | Column | Call | Sum | Operation
Term: TypeAlias = tuple[Expression, ...]
"""The factors of a product, each once; none for the constant."""


@lru_cache(maxsize=1024)
def terms_of(formula: str) -> tuple[Term, ...]:
    """Return the terms of a formula, the constant first; none for `0`.

    Raises:
        InputError: if the formula cannot be read, or a part of it has no meaning.
    """
    if not formula.strip():
        return ()
    collected = _Terms(formula)
    collected.add(_parse(formula))
    return tuple(sorted(collected.terms.values(), key=bool))


def columns_of(formula: str) -> tuple[str, ...]:
    """Return the columns that a formula names, each once; for errors see `terms_of`."""
    return tuple(dict.fromkeys(name for factor in factors_of(formula) for name in names_in(factor)))


def numeric_columns(formula: str) -> frozenset[str]:
    """Return the columns that a formula uses outside `C()`."""
    return frozenset(name for factor in factors_of(formula) if not is_category(factor) for name in names_in(factor))


def factors_of(formula: str) -> tuple[Expression, ...]:
    """Return the factors of a formula's terms, each once."""
    return tuple(dict.fromkeys(factor for term in terms_of(formula) for factor in term))


def is_category(expression: Expression) -> bool:
    """Return whether an expression is a column in `C()`."""
    return isinstance(expression, Call) and expression.function == "C"


def names_in(expression: Expression) -> Iterator[str]:
    """Yield the columns of an expression, from left to right."""
    if isinstance(expression, Column):
        yield expression.name
    for part in _parts(expression):
        yield from names_in(part)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Call(_, argument):
            return (argument,)
        case Sum(parts):
            return tuple(part for _, part in parts)
        case Operation(_, left, right):
            return (left, right)
    return ()


def shown(expression: Expression) -> str:
    """Return an expression as results name it: `log(x + 1)`, `x ** 2`."""
    match expression:
        case Number(value):
            return f"{value:g}"
        case Column(name):
            return name
        case Call(function, argument):
            return f"{function}({shown(argument)})"
        case Operation(sign, left, right):
            return f" {sign} ".join(_bracketed(part) for part in (left, right))
        case Sum(parts):
            text = " ".join(f"{sign} {_bracketed(part)}" for sign, part in parts)
            return f"-{text[2:]}" if text.startswith("-") else text[2:]


def _bracketed(part: Expression) -> str:
    return f"({shown(part)})" if isinstance(part, Sum | Operation) else shown(part)


class _Terms:
    """The terms of a formula, found part by part; a formula starts with the constant."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.terms: dict[frozenset[Expression], Term] = {frozenset(): ()}

    def add(self, expression: Expression, sign: str = "+") -> None:
        """Add or remove the terms of an expression."""
        if isinstance(expression, Sum) and sign == "+":
            for inner, part in expression.parts:
                self.add(part, inner)
        elif isinstance(expression, Number):
            self._constant(expression, sign)
        elif sign == "+":
            self.terms |= _by_factors(self._expand(expression))
        else:
            for key, term in _by_factors(self._expand(expression)).items():
                if key not in self.terms:
                    name = ":".join(map(shown, term))
                    raise self._error(
                        f"`- {name}` removes a term that is not there",
                        f"to subtract columns, {_MAKE}",
                    )
                del self.terms[key]

    def _constant(self, number: Number, sign: str) -> None:
        if number.value not in (0, 1) or (number.value, sign) == (0, "-"):
            raise self._error(f"`{sign} {number.value:g}` has no meaning", "write 1 for a constant, 0 for none")
        if (number.value, sign) == (1, "+"):
            self.terms[frozenset()] = ()
        else:
            self.terms.pop(frozenset(), None)

    def _expand(self, expression: Expression) -> list[Term]:
        match expression:
            case Sum(parts):
                if any(sign == "-" for sign, _ in parts):
                    raise self._error(f"`({shown(expression)})` in brackets has a minus", _MAKE)
                return [term for _, part in parts for term in self._expand(part)]
            case Operation("**", base, exponent):
                self._check_power(base, exponent)
                return [(expression,)]
            case Operation("/"):
                raise self._error("`/` has no meaning outside the brackets of a function", _MAKE)
            case Operation(sign, left, right):
                first, second = self._expand(left), self._expand(right)
                products = [self._product(one, other) for one in first for other in second]
                return [*first, *second, *products] if sign == "*" else products
            case Number():
                raise self._error("a number times a term has no meaning", "leave the number out")
            case Call():
                self._check_call(expression)
        return [(expression,)]

    def _product(self, first: Term, second: Term) -> Term:
        for factor in first:
            if factor in second:
                name = shown(factor)
                raise self._error(f"`{name}` is multiplied by itself", f"write `{name} ** 2` for the square")
        return (*first, *second)

    def _check_power(self, base: Expression, exponent: Expression) -> None:
        if not isinstance(base, Column | Call) or is_category(base):
            raise self._error(f"a power of `{shown(base)}` is not allowed", f"write powers of columns, or {_MAKE}")
        if not isinstance(exponent, Number) or exponent.value not in POWERS:
            raise self._error(f"the power {shown(exponent)} is not allowed", _POWERS)
        if isinstance(base, Call):
            self._check_call(base)

    def _check_call(self, call: Call) -> None:
        if call.function == "C" and not isinstance(call.argument, Column):
            raise self._error("C() takes one column", f"{_MAKE}, and name it in C()")
        if not any(True for _ in names_in(call)):
            raise self._error(f"`{shown(call)}` names no column", "leave it out")
        self._check_arithmetic(call.argument)

    def _check_arithmetic(self, expression: Expression) -> None:
        if isinstance(expression, Operation) and expression.sign == ":":
            raise self._error("`:` has no meaning in the brackets of a function", "write `*` for the product")
        if is_category(expression):
            raise self._error("C() has no meaning in the brackets of a function", "write C() outside")
        for part in _parts(expression):
            self._check_arithmetic(part)

    def _error(self, message: str, remedy: str) -> InputError:
        return InputError(f"formula {self.formula!r}: {message}", remedy=remedy)


def _by_factors(terms: Iterable[Term]) -> dict[frozenset[Expression], Term]:
    return {frozenset(term): term for term in terms}


# --- reading -------------------------------------------------------------------------------------------------------


def _parse(formula: str) -> Expression:
    from lark.exceptions import UnexpectedInput

    if len(formula) > MAX_CHARACTERS:
        raise InputError(f"a formula is longer than {MAX_CHARACTERS:,} characters", remedy="shorten it")
    for match in _CALLED.finditer(formula):
        if match[1] and match[1] not in FUNCTIONS:
            remedy = "write `x ** 2` for a square" if match[1] == "I" else did_you_mean(match[1], FUNCTIONS)
            raise InputError(
                f"formula {formula!r}: there is no function `{match[1]}`", column=match.start() + 1, remedy=remedy
            )
    try:
        tree = _parser().parse(formula)
    except UnexpectedInput as error:
        raise _syntax_error(formula, error) from None
    return _built(tree.children[0], formula)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="contextual")


def _syntax_error(formula: str, error: UnexpectedInput) -> InputError:
    from lark.exceptions import UnexpectedToken

    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    offset = len(formula) if ended else error.pos_in_stream or 0
    what = "it ends too soon" if ended else f"{formula[offset]!r} is not allowed here"
    return InputError(
        f"formula {formula!r}: {what}",
        column=offset + 1,
        remedy=_POWERS if formula[:offset].rstrip().endswith(("**", "^")) else _NAMES,
    )


def _built(node: Token | Tree[Any], formula: str, depth: int = 0) -> Expression:
    """Return the expression of a parsed node."""
    from lark import Token

    if depth > MAX_DEPTH * 2:
        raise InputError(f"formula {formula!r}: nested more than {MAX_DEPTH} deep", remedy="simplify it")
    if isinstance(node, Token):
        return Number(float(node)) if node.type == "NUMBER" else Column(str(node).strip("`"))
    children = cast("list[Any]", node.children)
    if node.data == "call":
        return Call(str(children[0]), _built(children[1], formula, depth + 1))
    if node.data == "sum":
        return _sum(children, formula, depth)
    result = _built(children[0], formula, depth + 1)
    for sign, right in zip(children[1::2], children[2::2], strict=True):
        operator = "**" if sign.type == "POWER" else str(sign)
        result = Operation(operator, result, _built(right, formula, depth + 1))
    return result


def _sum(children: list[Any], formula: str, depth: int) -> Expression:
    from lark import Token

    if not (isinstance(children[0], Token) and children[0].type == "SIGN"):
        children = ["+", *children]
    parts = [
        (str(sign), _built(part, formula, depth + 1)) for sign, part in zip(children[::2], children[1::2], strict=True)
    ]
    return parts[0][1] if len(parts) == 1 and parts[0][0] == "+" else Sum(tuple(parts))
