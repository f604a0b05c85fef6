"""Conditions on rows: comparisons of columns with values, joined by `and`, `or`, `not` and brackets; parsed by a grammar and typed.

    region != "Trinidad and Tobago" and (year >= 1850 or not democracy)

A comparison with a missing value is missing, and a row belongs to the subset only if its condition is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import polars as pl

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.columns import Kind

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

MAX_CHARACTERS, MAX_DEPTH = 2_000, 40
GRAMMAR = r"""
start: disjunction
disjunction: conjunction (_OR conjunction)*
conjunction: negation (_AND negation)*
?negation: _NOT negation -> negation
         | comparison
         | "(" disjunction ")"
comparison: operand (COMPARE operand)?
?operand: NUMBER | STRING | TRUTH | NAME | QUOTED
_OR.3: /or\b/i | /\|\|?/
_AND.3: /and\b/i | /&&?/
_NOT.3: /not\b/i | /!(?!=)/
TRUTH.3: /(true|false)\b/i
COMPARE: "<=" | ">=" | "==" | "!=" | "<>" | "<" | ">" | "="
NUMBER: /[-+\u2212]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?(?![\w.])/
STRING: /"[^"]*"|'[^']*'/
NAME: /[^\W\d][\w.]*/
QUOTED: /`[^`]+`/
%ignore /\s+/
"""
_SIGNS = {"=": "==", "<>": "!="}
_NOUNS: dict[Kind, str] = {"number": "numbers", "text": "a text", "boolean": "true or false", "day": "days"}
_EXAMPLE = 'write for example `year >= 1850 and region != "Asia"`'
_DAYS = 'write days as "YYYY-MM-DD"'
_ABSENT = ("na", "nan", "null", "none")
_HINTS = (
    (re.compile(r"(<|>|==|!=|<=|>=|=)"), "a comparison does not chain: write `a < b and b < c`"),
    (re.compile(r"[-+*/^%]"), "make a column of the sum or product in the table"),
    (re.compile(r"(in|is)\b", re.IGNORECASE), 'write for example `region == "Asia" or region == "Europe"`'),
    (re.compile(r"[\"']"), "close the quotes"),
)


@dataclass(frozen=True)
class Name:
    """A column."""

    name: str


@dataclass(frozen=True)
class Value:
    """A number, a text or a truth value."""

    value: float | str | bool


@dataclass(frozen=True)
class Comparison:
    """Two operands and the sign between them; a sole column if there is no sign."""

    left: Name | Value
    sign: str = ""
    right: Name | Value | None = None


@dataclass(frozen=True)
class Negation:
    """A condition that must not hold."""

    part: Condition


@dataclass(frozen=True)
class Junction:
    """Conditions of which all must hold, or any."""

    every: bool
    parts: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Negation | Junction


@lru_cache(maxsize=256)
def parse(text: str) -> Condition:
    """Return the condition in a text.

    Raises:
        InputError: if it cannot be read.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > MAX_CHARACTERS:
        raise InputError(f"subset: longer than {MAX_CHARACTERS:,} characters", remedy="shorten it")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    return _condition(cast("Tree[Any]", tree.children[0]), 0)


def columns_in(condition: Condition) -> Iterator[str]:
    """Yield the columns that a condition compares, from left to right."""
    match condition:
        case Comparison(left, _, right):
            yield from (side.name for side in (left, right) if isinstance(side, Name))
        case Negation(part):
            yield from columns_in(part)
        case Junction(_, parts):
            for part in parts:
                yield from columns_in(part)


def rows_that_meet(text: str, table: pl.DataFrame) -> pl.Series:
    """Return for each row of a table with typed columns whether it meets a condition; null where that is missing.

    Raises:
        InputError: if the condition compares values of different types.
    """
    expression = _Typing(text, table).expression(parse(text))
    return table.select(meets=expression)["meets"]


class _Typing:
    """Turns a condition into an expression, checking the types of each comparison."""

    def __init__(self, text: str, table: pl.DataFrame) -> None:
        self.text = text
        self.table = table

    def expression(self, condition: Condition) -> pl.Expr:
        match condition:
            case Negation(part):
                return ~self.expression(part)
            case Junction(every, parts):
                expressions = [self.expression(part) for part in parts]
                return pl.all_horizontal(expressions) if every else pl.any_horizontal(expressions)
            case Comparison(left, "", _):
                if self._kind(left) != "boolean" or isinstance(left, Value):
                    raise self._error(f"`{_shown(left)}` alone is no condition", _EXAMPLE)
                return pl.col(left.name)
            case Comparison(left, sign, right):
                assert right is not None
                return self._compared(left, sign, right)

    def _compared(self, left: Name | Value, sign: str, right: Name | Value) -> pl.Expr:
        if isinstance(left, Value) and isinstance(right, Value):
            raise self._error(f"`{_shown(left)} {sign} {_shown(right)}` names no column", _EXAMPLE)
        first, second = self._kind(left, right), self._kind(right, left)
        wanted = first if isinstance(left, Name) else second
        sides = [self._operand(side, wanted) for side in (left, right)]
        if any(side is None for side in sides) or (
            isinstance(left, Name) and isinstance(right, Name) and first != second
        ):
            raise self._mismatch(left, right, first, second)
        if wanted in ("text", "boolean") and sign not in ("==", "!="):
            raise self._error(f"`{_shown(left)} {sign} {_shown(right)}`: {_NOUNS[wanted]} has no order", "use == or !=")
        one, other = (cast("pl.Expr", side) for side in sides)
        operators = {
            "==": one.eq, "!=": one.ne, "<": one.lt, "<=": one.le, ">": one.gt, ">=": one.ge,
        }  # fmt: skip
        return operators[sign](other)

    def _kind(self, side: Name | Value, other: Name | Value | None = None) -> Kind:
        if isinstance(side, Value):
            if isinstance(side.value, bool):
                return "boolean"
            return "text" if isinstance(side.value, str) else "number"
        if side.name not in self.table.columns:
            raise self._unknown(side.name, other)
        kind = self.table.schema[side.name]
        if kind.is_numeric():
            return "number"
        if isinstance(kind, pl.Boolean):
            return "boolean"
        return "day" if isinstance(kind, pl.Date) else "text"

    def _operand(self, side: Name | Value, wanted: Kind) -> pl.Expr | None:
        """Return an operand in the type of the column that it is compared with; None if it has another type."""
        if isinstance(side, Name):
            return pl.col(side.name)
        value = side.value
        if wanted == "day" and isinstance(value, str):
            try:
                return pl.lit(date.fromisoformat(value))
            except ValueError:
                raise self._error(f"{value!r} is not a day", _DAYS) from None
        if wanted == "boolean" and not isinstance(value, str):
            return pl.lit(bool(value)) if value in (0, 1) else None
        right = {"number": float, "text": str}.get(wanted)
        return pl.lit(value) if right is not None and type(value) is right else None

    def _unknown(self, name: str, other: Name | Value | None) -> InputError:
        columns = [column for column in self.table.columns if not column.startswith("__")]
        if name.lower() in _ABSENT:
            return self._error(
                f"{name} is a missing value, which compares with nothing",
                "leave it out: rows in which a compared column is missing never belong to the subset",
            )
        if isinstance(other, Name) and other.name in self.table.columns and self._kind(other) == "number":
            return self._error(
                f"`{name}` is no column, and `{other.name}` compares numbers with a text", did_you_mean(name, columns)
            )
        remedy = (
            did_you_mean(name, columns) if other is None or isinstance(other, Value) else f'write "{name}" for a text'
        )
        return self._error(f"there is no column `{name}`", remedy)

    def _mismatch(self, left: Name | Value, right: Name | Value, first: Kind, second: Kind) -> InputError:
        kinds = sorted({first, second}, key=list(_NOUNS).index)
        return self._error(
            f"{_shown(left)} and {_shown(right)}: compares {' with '.join(_NOUNS[kind] for kind in kinds)}",
            _DAYS
            if "day" in kinds
            else "write numbers without quotes, texts with quotes, and true or false for truth values",
        )

    def _error(self, message: str, remedy: str) -> InputError:
        return InputError(f"subset: {message}, in `{self.text}`", remedy=remedy)


def _shown(side: Name | Value | None) -> str:
    if isinstance(side, Name):
        return side.name
    value = side.value if side else ""
    return f"{value:g}" if type(value) is float else f'"{value}"' if isinstance(value, str) else str(value).lower()


# --- reading -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="contextual")


def _syntax_error(text: str, error: UnexpectedInput) -> InputError:
    from lark.exceptions import UnexpectedToken

    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return InputError(f"subset: cannot read {text!r}: it ends too soon", remedy=_EXAMPLE)
    rest = text[error.pos_in_stream or 0 :]
    hint = next((remedy for pattern, remedy in _HINTS if pattern.match(rest)), _EXAMPLE)
    return InputError(f"subset: cannot read {text!r} from {rest[:20]!r} on", remedy=hint)


def _condition(node: Tree[Any], depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise InputError(f"subset: nested more than {MAX_DEPTH} deep", remedy="use fewer brackets")
    if node.data == "comparison":
        operands = [_operand(cast("Token", token)) for token in node.children[::2]]
        if len(operands) == 1:
            return Comparison(operands[0])
        sign = str(node.children[1])
        return Comparison(operands[0], _SIGNS.get(sign, sign), operands[1])
    if node.data == "negation":
        return Negation(_condition(node.children[0], depth + 1))
    parts = tuple(_condition(child, depth + 1) for child in node.children)
    return parts[0] if len(parts) == 1 else Junction(node.data == "conjunction", parts)


def _operand(token: Token) -> Name | Value:
    match token.type:
        case "NUMBER":
            return Value(float(token.replace("\u2212", "-")))
        case "STRING":
            return Value(str(token)[1:-1].strip())
        case "TRUTH":
            return Value(token.lower() == "true")
    return Name(str(token).strip("`"))
