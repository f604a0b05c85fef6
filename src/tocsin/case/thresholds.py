"""Check whether the numbers that tests compare with are plausible: negative thresholds, and values that no world reaches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from tocsin.case.bounds import compared, decided
from tocsin.case.claim_blocks import test_loc
from tocsin.case.compiled import Test
from tocsin.case.distributions import Distribution
from tocsin.case.nodes import Binary, Call, Node, Number, Threshold, walk
from tocsin.case.problem import Finding
from tocsin.case.quantities import LOSSES, QUANTITIES
from tocsin.case.schema import Case
from tocsin.reading import Loc
from tocsin.translation import in_commas, message

SURE = 0.999
"""The quantile of a belief beyond which no world is plausible."""


def threshold_findings(case: Case) -> Iterator[Finding]:
    """Yield the comparisons whose numbers are not plausible."""
    limits = _limits(case)
    for key, tests in case.tests.items():
        for part, test in tests.items():
            loc = test_loc(case.claims[key], key, part)
            yield from _negative(loc, test)
            yield from _out_of_reach(loc, test, case, limits)


def _negative(loc: Loc, test: Test) -> Iterator[Finding]:
    """Yield comparisons that ask whether a change exceeds a negative number, and so hold where nothing changes."""
    for node in walk(test.node):
        if not isinstance(node, Binary) or node.op not in (">", ">=", "<", "<="):
            continue
        larger, smaller = (node.a, node.b) if node.op[0] == ">" else (node.b, node.a)
        if not isinstance(larger, Call) or not (larger.name in LOSSES or -math.inf < QUANTITIES[larger.name].low < 0):
            continue
        values = _values(smaller, test)
        if values and max(values) < 0:
            numbers = in_commas(f"{value:g}" for value in values)
            yield (
                loc,
                message(
                    "`{name}` passes the test at 0, where nothing changes: it is compared with negative numbers only ({numbers})",
                    name=larger.name,
                    numbers=numbers,
                ),
                message("write thresholds from 0 up, or turn the comparison round if the claim is of a negative value"),
            )


def _values(side: Node, test: Test) -> tuple[float, ...]:
    """Return the values of a side that is the threshold or a number; nothing for any other side."""
    if isinstance(side, Threshold):
        return test.thresholds
    return (float(side.value),) if isinstance(side, Number) else ()


def _out_of_reach(loc: Loc, test: Test, case: Case, limits: Mapping[str, float]) -> Iterator[Finding]:
    for part, value, (low, high) in decided(test.node, case, case.values, test.thresholds, limits):
        yield (
            loc,
            message(
                "the comparison {comparison} is the same in every plausible world: one side lies from {low} to {high}",
                comparison=compared(part.op, value),
                low=f"{low:.2g}",
                high=f"{high:.2g}",
            ),
            message(
                "compare with a number inside that range; the unit is the challenger's own aim, so that 2 % of it is 0.02"
            ),
        )


def _limits(case: Case) -> dict[str, float]:
    """Return the largest plausible size of each quantity in own aims: the aim, 1, a war by false alarm, and the price of falling.

    It is that of the type to which most is at stake beside its aim.
    """
    war = _most(case, "cost.war.challenger") + _most(case, "shadow")
    aims = {kind: _least(case, f"aim.{kind}") for kind in case.types}
    aim = max((1.0 + war / own for own in aims.values()), default=1.0)
    every = max((1.0 + (war + _most(case, f"falling.{kind}")) / own for kind, own in aims.items()), default=1.0)
    return {name: every if kind.aims == "all" else aim for name, kind in QUANTITIES.items() if kind.aims}


def _most(case: Case, name: str) -> float:
    """Return the largest plausible value of a belief, of those of all theatres; 0 without one."""
    return max((shape.point(SURE) for shape in _shapes(case, name)), default=0.0)


def _least(case: Case, name: str) -> float:
    """Return the smallest plausible value of a belief, of those of all theatres; 1 without one."""
    return min((shape.point(1.0 - SURE) for shape in _shapes(case, name)), default=1.0)


def _shapes(case: Case, name: str) -> list[Distribution]:
    return [shape for key, shape in case.distributions.items() if key.partition("@")[0] == name]
