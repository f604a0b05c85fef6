"""The tree of a test: frozen nodes, and walks over them. Columns (characters of the text, from 1) do not
compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tocsin.case.units import ONE, Unit

Column = int


@dataclass(frozen=True, kw_only=True)
class At:
    """What all nodes have: the character of the text, from 1, at which they stand."""

    column: Column = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Number(At):
    """A number in its unit; `value` is in `unit` ("9 bn" is 9 at scale 1e9: see `base`)."""

    value: float
    unit: Unit = ONE

    @property
    def base(self) -> float:
        """The value at scale 1, as facts and quantities are given."""
        return self.value * self.unit.scale


@dataclass(frozen=True)
class Day(At):
    """A calendar day."""

    value: date


@dataclass(frozen=True)
class Truth(At):
    """true or false."""

    value: bool


@dataclass(frozen=True)
class Threshold(At):
    """The claim's threshold, swept over its values."""


@dataclass(frozen=True)
class Fact(At):
    """The value of a fact."""

    id: str


@dataclass(frozen=True)
class Input(At):
    """The drawn value of a belief."""

    name: str


@dataclass(frozen=True)
class Call(At):
    """A quantity of a model: its name, what it is about, the events, what is given, and where.

    `published` and `result` name a published game of the case and one of its results. `year` is a year of the horizon or a calendar year, as written (see `year_offset`). `way` is "leave" or
    "return" and only `hazard` has it. No events: the base world (now).
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
    type: str | None = None
    way: str | None = None
    published: str | None = None
    result: str | None = None


@dataclass(frozen=True)
class Unary(At):
    """`op` is "-", "not" or "abs"."""

    op: Literal["-", "not", "abs"]
    x: Node


@dataclass(frozen=True)
class Binary(At):
    """`op` is one of + - * / < <= > >= == != and or."""

    op: str
    a: Node
    b: Node


@dataclass(frozen=True)
class Probability(At):
    """The share of worlds in which `x` holds."""

    x: Node


Node = Number | Day | Truth | Threshold | Fact | Input | Call | Unary | Binary | Probability


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right under a node."""
    if isinstance(node, (Unary, Probability)):
        return (node.x,)
    return (node.a, node.b) if isinstance(node, Binary) else ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes under it, each before its children."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        yield at
        waiting.extend(reversed(children(at)))


def with_calls(node: Node, change: Callable[[Call], Call]) -> Node:
    """Return a test in which every quantity is replaced by what `change` makes of it."""
    match node:
        case Call():
            return change(node)
        case Unary(op=op, x=x):
            return Unary(op, with_calls(x, change), column=node.column)
        case Binary(op=op, a=a, b=b):
            return Binary(op, with_calls(a, change), with_calls(b, change), column=node.column)
        case Probability(x=x):
            return Probability(with_calls(x, change), column=node.column)
        case _:
            return node


def with_alike(node: Node, alike: str | None) -> Node:
    """Return a test in which every quantity is asked under one group of identical judgements, or under none."""
    return with_calls(node, lambda call: replace(call, alike=alike))


def calls(node: Node) -> frozenset[Call]:
    """The quantities that the test needs."""
    return frozenset(at for at in walk(node) if isinstance(at, Call))


def facts(node: Node) -> frozenset[str]:
    """The facts that the test reads."""
    return frozenset(at.id for at in walk(node) if isinstance(at, Fact))


def inputs(node: Node) -> frozenset[str]:
    """The beliefs that the test reads."""
    return frozenset(at.name for at in walk(node) if isinstance(at, Input))


def uses_threshold(node: Node) -> bool:
    """Whether the test reads the claim's threshold."""
    return any(isinstance(at, Threshold) for at in walk(node))


def reads_only_facts(node: Node) -> bool:
    """Return whether a test reads only facts."""
    return not any(isinstance(part, Call | Input | Probability) for part in walk(node))


def year_offset(year: int, as_of: date) -> int:
    """Years after `as_of`'s: above 1000 a calendar year is meant, else a year of the horizon."""
    return year - as_of.year if year > 1000 else year
