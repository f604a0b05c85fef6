"""The tree of a test: frozen nodes and functions over them. Comparison ignores columns (characters, from 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from tocsin.case.units import ONE, Unit

Column = int


@dataclass(frozen=True, kw_only=True)
class Located:
    """Base of all nodes: the character of the text, from 1, at which the node starts."""

    column: Column = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Number(Located):
    """A number in its unit, exact; `value` is in `unit` ("9 bn" is 9 at scale 1e9: see `base`)."""

    value: Fraction
    unit: Unit = ONE

    @property
    def base(self) -> Fraction:
        """Return the value at scale 1, the scale of facts and quantities."""
        return self.value * self.unit.scale


@dataclass(frozen=True)
class Day(Located):
    """A calendar day."""

    value: date


@dataclass(frozen=True)
class Truth(Located):
    """true or false."""

    value: bool


@dataclass(frozen=True)
class Threshold(Located):
    """The claim's threshold, swept over its values, which are in `unit`."""

    unit: Unit = ONE


@dataclass(frozen=True)
class Fact(Located):
    """The value of a fact."""

    id: str


@dataclass(frozen=True)
class Text(Located):
    """A text in quotes, with which the text of a fact is compared."""

    value: str


@dataclass(frozen=True)
class Name(Located):
    """A name that stands alone, which no test may contain; the typing rules say what to write instead."""

    id: str


SeriesFunction = Literal["sum", "mean", "max", "min", "growth", "change", "known", "break_in"]


@dataclass(frozen=True)
class Series(Located):
    """One number of the facts `KEY.YEAR` of all years from `first` to `last`.

    `start` is the year with which the later part of a `change` begins, None for other functions. `known` are the years
    with a fact; they are empty until the case is known (see `typing_rules.resolved`).
    """

    function: SeriesFunction
    key: str
    first: int
    last: int
    start: int | None = None
    known: tuple[int, ...] = ()

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the years of the span without a fact."""
        known = frozenset(self.known)
        return tuple(year for year in range(self.first, self.last + 1) if year not in known)


@dataclass(frozen=True)
class FirstOf(Located):
    """The day of the first event of a kind in a register: facts `REGISTER.NAME`, whose values are days.

    With `after`, it is the first later than that day. `known` are the keys of the register's facts of that kind; they are
    empty until the case is known (see `typing_rules.resolved`).
    """

    register: str
    kind: str
    after: date | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input(Located):
    """The drawn value of a belief, which is in `unit`."""

    name: str
    unit: Unit = ONE


@dataclass(frozen=True)
class Call(Located):
    """A quantity of a model: its name, its arguments, the events, what is given, and where.

    `published` and `result` name a published game of the case and one of its results. `year` is a year of the horizon
    or a calendar year, as written (see `year_offset`). `way` is "leave" or "return", for `hazard` only. Without events
    the call describes the base world.
    """

    name: str
    actor: str | None = None
    regime: str | None = None
    instrument: str | None = None
    rung: str | None = None
    year: int | None = None
    events: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    theatre: str | None = None
    alike: str | None = None
    way: str | None = None
    published: str | None = None
    result: str | None = None


@dataclass(frozen=True)
class Unary(Located):
    """`op` is "-", "not" or "abs"."""

    op: Literal["-", "not", "abs"]
    x: Node


@dataclass(frozen=True)
class Binary(Located):
    """`op` is one of + - * / < <= > >= == != and or."""

    op: str
    a: Node
    b: Node


@dataclass(frozen=True)
class Probability(Located):
    """The share of worlds in which `x` holds."""

    x: Node


Node = (
    Number
    | Day
    | Truth
    | Text
    | Name
    | Threshold
    | Fact
    | Series
    | FirstOf
    | Input
    | Call
    | Unary
    | Binary
    | Probability
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the children of a node."""
    if isinstance(node, (Unary, Probability)):
        return (node.x,)
    return (node.a, node.b) if isinstance(node, Binary) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes under it, parents before children."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(children(item)))


def with_leaves(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a test with every node that has no children replaced by the result of `change`."""
    match node:
        case Unary(op=op, x=x):
            return Unary(op, with_leaves(x, change), column=node.column)
        case Binary(op=op, a=a, b=b):
            return Binary(op, with_leaves(a, change), with_leaves(b, change), column=node.column)
        case Probability(x=x):
            return Probability(with_leaves(x, change), column=node.column)
        case _:
            return change(node)


def with_alike(node: Node, alike: str | None, leaders: Mapping[str, str] = MappingProxyType({})) -> Node:
    """Return a test with every quantity under one group of identical judgements, or under none.

    Inputs are replaced by those whose draws they share: `leaders` gives the first of each set by the others.
    """

    def changed(leaf: Node) -> Node:
        if isinstance(leaf, Input):
            return replace(leaf, name=leaders.get(leaf.name, leaf.name))
        return replace(leaf, alike=alike) if isinstance(leaf, Call) else leaf

    return with_leaves(node, changed)


def calls(node: Node) -> frozenset[Call]:
    """Return the quantities that a test needs."""
    return frozenset(part for part in walk(node) if isinstance(part, Call))


def facts(node: Node) -> frozenset[str]:
    """Return the facts that a test reads."""
    return frozenset(key for part in walk(node) for key in facts_of(part))


def facts_of(leaf: Node) -> tuple[str, ...]:
    """Return the facts that a node itself reads, without those under it."""
    match leaf:
        case Fact(id=key):
            return (key,)
        case Series(key=key, known=known):
            return tuple(f"{key}.{year}" for year in known)
        case FirstOf(known=keys):
            return keys
        case _:
            return ()


def inputs(node: Node) -> frozenset[str]:
    """Return the beliefs that a test reads."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Input))


def uses_threshold(node: Node) -> bool:
    """Return whether a test reads the claim's threshold."""
    return any(isinstance(part, Threshold) for part in walk(node))


def reads_only_facts(node: Node) -> bool:
    """Return whether a test reads only facts."""
    return not any(isinstance(part, Call | Input | Probability) for part in walk(node))


def year_offset(year: int, as_of: date) -> int:
    """Return a year counted from `as_of`: above 1000 it is a calendar year, else already an offset."""
    return year - as_of.year if year > 1000 else year
