"""Find stated probabilities that no one can hold together, and the nearest that one can.

Chances of observations whose tests follow from one another, and judged forecasts whose events do, must fit: what implies another thing cannot be
likelier. Probabilities are coherent if they are those of some distribution over the possible combinations of events (de Finetti 1937); whether
one exists is a linear program. The repair is the nearest coherent set by least squares, which a fair bet against the stated ones would enforce.
Only relations that the case itself implies are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product

from tocsin.case.distributions import parse
from tocsin.case.forecast_blocks import Forecast, opening_day
from tocsin.case.nodes import Binary, Node, Number, Unary
from tocsin.case.problem import Finding
from tocsin.case.rival_blocks import RivalSet
from tocsin.case.rivals import chance_loc, item_loc, set_loc
from tocsin.case.schema import Case
from tocsin.translation import Text, in_commas, message

TOLERANCE = 1e-4
"""Distance between stated and coherent probabilities that is not reported: chances are written with few digits."""
MAX_EVENTS = 10
"""Events, and comparisons in their tests, that are checked together; where there are more, events are checked in pairs."""

MAX_FINDINGS = 3
"""Findings of one set of explanations: one wrong chance may not fit many others, and the next run shows the rest."""

World = tuple[bool, ...]
"""Which events of a list come true."""


def coherence_findings(case: Case) -> Iterator[Finding]:
    """Yield the probabilities of a case that do not fit together, with the nearest that do."""
    for name, rivals in case.explanations.items():
        yield from islice(_of_set(case, name, rivals), MAX_FINDINGS)
    yield from _of_forecasts(case)


# --- coherent probabilities ------------------------------------------------------------------------------------------


def is_coherent(probabilities: Sequence[float], worlds: Sequence[World]) -> bool:
    """Return whether some distribution over the possible worlds has these probabilities, by a linear program.

    Args:
        probabilities: of the events, each in [0, 1].
        worlds: the combinations of events that are possible, at least one.
    """
    if len(probabilities) == 2:
        first, second = probabilities
        return _pair_is_coherent(first, second, frozenset(worlds))
    if _comonotone(probabilities, frozenset(worlds)):
        return True
    import numpy as np
    from scipy.optimize import linprog

    events = np.array(worlds, dtype=float).T
    # the least sum of distances: 0 if and only if they are coherent
    size = len(probabilities)
    distances = np.hstack([np.eye(size), -np.eye(size)])
    equal = np.vstack([np.hstack([events, distances]), [*np.ones(len(worlds)), *np.zeros(2 * size)]])
    cost = np.concatenate([np.zeros(len(worlds)), np.ones(2 * size)])
    solved = linprog(cost, A_eq=equal, b_eq=[*probabilities, 1.0], bounds=(0, None))
    return bool(solved.fun <= TOLERANCE)


def _pair_is_coherent(first: float, second: float, worlds: frozenset[World]) -> bool:
    """Return whether two probabilities are coherent: the chance of both lies within the bounds of Frechet (1935).

    A combination of the two that is impossible fixes that chance.
    """
    fixed = {(True, True): 0.0, (True, False): first, (False, True): second, (False, False): first + second - 1.0}
    ends = [both for world, both in fixed.items() if world not in worlds]
    return max(0.0, first + second - 1.0, *ends) <= min(first, second, *ends) + TOLERANCE


def _comonotone(probabilities: Sequence[float], worlds: frozenset[World]) -> bool:
    """Return whether the worlds allow every event to come true with all that are at least as likely; then nothing else is needed.

    With one number drawn evenly from 0 to 1, each event comes true below its probability: a distribution with these probabilities.
    """
    levels = sorted({*probabilities, 0.0})
    return all(tuple(value > level for value in probabilities) in worlds for level in levels if level < 1.0)


def nearest(probabilities: Sequence[float], worlds: Sequence[World]) -> tuple[float, ...]:
    """Return the coherent probabilities that are nearest by least squares, in the order of the events.

    They are a mixture of the worlds; its weights solve min ||E w - p||^2 with w >= 0 and sum w = 1.
    """
    import numpy as np
    from scipy.optimize import nnls

    events, heavy = np.array(worlds, dtype=float).T, 1e4
    weights, _ = nnls(np.vstack([events, np.full(len(worlds), heavy)]), np.array([*probabilities, heavy]))
    return tuple(float(value) for value in events @ (weights / weights.sum()))


# --- tests that follow from one another ------------------------------------------------------------------------------


def possible_worlds(nodes: Sequence[Node]) -> tuple[World, ...]:
    """Return which combinations of tests are possible, by their logic alone.

    Two comparisons of the same thing with numbers bound one another: what is above 3 is above 2. Every other comparison is free of the rest.
    """
    atoms = list(dict.fromkeys(atom for node in nodes for atom in _atoms(node)))
    worlds: dict[World, None] = {}
    for truths in product((True, False), repeat=len(atoms)):
        known = dict(zip(atoms, truths, strict=True))
        if _possible(known):
            worlds[tuple(_holds(node, known) for node in nodes)] = None
    return tuple(worlds)


def _atoms(node: Node) -> Iterator[Node]:
    """Yield the parts of a test that are true or false without `and`, `or` and `not`."""
    match node:
        case Binary(op="and" | "or", a=a, b=b):
            yield from _atoms(a)
            yield from _atoms(b)
        case Unary(op="not", x=x):
            yield from _atoms(x)
        case _:
            yield node


def _holds(node: Node, known: Mapping[Node, bool]) -> bool:
    match node:
        case Binary(op="and", a=a, b=b):
            return _holds(a, known) and _holds(b, known)
        case Binary(op="or", a=a, b=b):
            return _holds(a, known) or _holds(b, known)
        case Unary(op="not", x=x):
            return not _holds(x, known)
        case _:
            return known[node]


def _possible(known: Mapping[Node, bool]) -> bool:
    """Return whether some value of each thing makes its comparisons with numbers true and false as known."""
    bounds: dict[Node, list[tuple[str, Number, bool]]] = {}
    for atom, truth in known.items():
        if isinstance(atom, Binary) and isinstance(atom.b, Number) and atom.op in _COMPARE:
            bounds.setdefault(atom.a, []).append((atom.op, atom.b, truth))
    return all(_some_value(rows) for rows in bounds.values())


_COMPARE = {
    "<": lambda value, number: value < number,
    "<=": lambda value, number: value <= number,
    ">": lambda value, number: value > number,
    ">=": lambda value, number: value >= number,
    "==": lambda value, number: value == number,
    "!=": lambda value, number: value != number,
}


def _some_value(rows: Sequence[tuple[str, Number, bool]]) -> bool:
    """Return whether a value fits: one of the numbers, one between two of them, or one beyond all."""
    numbers = sorted({number.base for _, number, _ in rows})
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    tried = [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    return any(all(_COMPARE[op](value, number.base) == truth for op, number, truth in rows) for value in tried)


# --- observations of a set -------------------------------------------------------------------------------------------


def _of_set(case: Case, name: str, rivals: RivalSet) -> Iterator[Finding]:
    """Yield the items of a set whose chances under an explanation do not fit the logic of their tests."""
    tests = {item: node for item in rivals.observations if (node := case.rivals.tests.get(item_loc(name, item)))}
    for items in _related(tests):
        worlds = possible_worlds([tests[item] for item in items])
        for key in rivals.of:
            stated = [case.rivals.chances[chance_loc(name, item, key)].point(0.5) for item in items]
            if is_coherent(stated, worlds):
                continue
            repaired = _listed(items, nearest(stated, worlds))
            yield (
                (*set_loc(name), "observations", items[0]),
                message(
                    "the chances of {items} under `{key}` do not fit the logic of their tests: {chances}",
                    items=_named(items),
                    key=key,
                    chances=_listed(items, stated),
                ),
                message("the nearest medians that do are {chances}", chances=repaired),
            )


def _related(tests: Mapping[str, Node]) -> Iterator[tuple[str, ...]]:
    """Yield the items that share a thing which their tests read, in groups; in pairs if a group is large."""
    things = {item: frozenset(_things(node)) for item, node in tests.items()}
    groups: list[set[str]] = []
    for item in tests:
        joined = {item}.union(*(group for group in groups if any(things[item] & things[other] for other in group)))
        groups = [group for group in groups if not group & joined] + [joined]
    for group in groups:
        ordered = tuple(item for item in tests if item in group)
        if len(ordered) > 1 and _is_small(tests, ordered):
            yield ordered
        elif len(ordered) > 1:
            yield from (pair for pair in combinations(ordered, 2) if _is_small(tests, pair))


def _is_small(tests: Mapping[str, Node], items: Sequence[str]) -> bool:
    """Return whether few enough combinations of comparisons are possible to look at all."""
    return len({atom for item in items for atom in _atoms(tests[item])}) <= MAX_EVENTS


def _things(node: Node) -> Iterator[Node]:
    """Yield what the comparisons of a test compare, and its other atoms."""
    for atom in _atoms(node):
        yield atom.a if isinstance(atom, Binary) and isinstance(atom.b, Number) else atom


# --- forecasts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judged:
    """A judged forecast of an event in a register or table: its median."""

    name: str
    forecast: Forecast
    median: float


def _of_forecasts(case: Case) -> Iterator[Finding]:
    """Yield judged forecasts of which one implies the other and is judged likelier."""
    judged = [
        _Judged(name, forecast, parse(forecast.probability.judged.is_, low=0.0, high=1.0).point(0.5))
        for name, forecast in case.forecasts.items()
        if forecast.probability.judged is not None and forecast.resolves.manual is None
    ]
    for narrow, wide in ((one, other) for one in judged for other in judged if one is not other):
        if not _implies(case, narrow.forecast, wide.forecast) or narrow.median <= wide.median + TOLERANCE:
            continue
        worlds = ((True, True), (False, True), (False, False))
        names, stated = (narrow.name, wide.name), (narrow.median, wide.median)
        yield (
            ("forecasts", narrow.name, "probability"),
            message(
                "`{name}` cannot come true without `{other}`, and is judged likelier: {chances}",
                name=narrow.name,
                other=wide.name,
                chances=_listed(names, stated),
            ),
            message("the nearest medians that fit are {chances}", chances=_listed(names, nearest(stated, worlds))),
        )


def _implies(case: Case, narrow: Forecast, wide: Forecast) -> bool:
    """Return whether every event that answers one question answers the other: the same list, no longer time, no fewer conditions."""
    one, other = narrow.resolves, wide.resolves
    if (one.register_, one.table) != (other.register_, other.table):
        return False
    inside = opening_day(wide, case.as_of) <= opening_day(narrow, case.as_of) and narrow.due <= wide.due
    return inside and all(
        column in one.where and set(one.where[column]) <= set(values) for column, values in other.where.items()
    )


def _named(names: Sequence[str]) -> Text:
    return in_commas(f"`{name}`" for name in names)


def _listed(names: Sequence[str], values: Sequence[float]) -> Text:
    return in_commas(f"{name} {value:.3g}" for name, value in zip(names, values, strict=True))
