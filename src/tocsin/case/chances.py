"""Check claims that say how likely an event is: what a `chance` may read, and tests that only look like one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tocsin.case.bounds import COMPARISONS, bounds_of
from tocsin.case.claim_blocks import test_loc
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Call, Node, Probability, Threshold, calls, walk, year_offset
from tocsin.case.problem import Finding
from tocsin.case.quantities import PROBABILITY, QUANTITIES
from tocsin.case.schema import Case, JoinedCase
from tocsin.case.units import ONE, Unit
from tocsin.case.values import Value
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import message

YEAR = 366
"""Most days in a year."""

EXAMPLE = message('write a probability of the games, such as "1 - p_war_by(2030)"')


def check_chance(node: Node, unit: Unit, case: JoinedCase, values: Mapping[str, Value]) -> None:
    """Refuse what cannot be the chance of an event in every world.

    Args:
        node: the chance as a tree, with sound names and units.
        unit: its unit.
        case: the case.
        values: values of the facts.

    Raises:
        InputError: with `column`, if it is no number without unit, reads no game, a threshold or a share of worlds, or may leave 0 to 1.
    """
    if unit != ONE:
        wrong = message("a chance is a number from 0 to 1, and this is none")
        raise InputError(
            wrong,
            column=node.column,
            remedy=message("{example}; a test that is true or false goes under `holds`", example=EXAMPLE),
        )
    for part in walk(node):
        if isinstance(part, Threshold):
            raise InputError(
                message("a chance reads no threshold"),
                column=part.column,
                remedy=message("write the number, or use `holds`"),
            )
        if isinstance(part, Probability):
            wrong = message("`P(...)` is the share of worlds in which a test holds, not a chance in a world")
            raise InputError(
                wrong,
                column=part.column,
                remedy=message("write that test under `holds`: its share is the claim's probability"),
            )
    if not any(QUANTITIES[call.name].game for call in calls(node)):
        raise InputError(message("the chance reads no game"), column=node.column, remedy=EXAMPLE)
    low, high = bounds_of(node, case, values)
    if low < 0 or high > 1:
        wrong = message(
            "the chance may lie from {low} to {high} in a world, outside 0 to 1", low=f"{low:g}", high=f"{high:g}"
        )
        raise InputError(wrong, column=node.column, remedy=EXAMPLE)


def compares_chance(test: Test) -> bool:
    """Return whether a test compares a probability of a game: it then says how likely an event is, and not that the event comes."""
    pairs = (node for node in walk(test.node) if isinstance(node, Binary) and node.op in COMPARISONS)
    return any(_is_chance(part) for pair in pairs for side in (pair.a, pair.b) for part in walk(side))


def _is_chance(node: Node) -> bool:
    return isinstance(node, Call) and QUANTITIES[node.name].game and QUANTITIES[node.name].measured == PROBABILITY


def chance_findings(case: Case) -> Iterator[Finding]:
    """Yield the forecasts whose chance is by another year than the claim, or whose test compares the chance of an event with a number."""
    for key, tests in case.tests.items():
        claim = case.claims[key]
        for part, test in tests.items():
            if test.chance and claim.due:
                yield from _of_another_year(case, test_loc(claim, key, part), test, claim.due)
            if claim.kind == "forecast" and not test.chance and compares_chance(test):
                yield (
                    test_loc(claim, key, part),
                    message(
                        "the probability of the forecast `{key}` is the share of worlds in which its test holds, not the chance of the event",
                        key=key,
                    ),
                    message(
                        'if it says that the event comes, or does not, write `chance: "1 - p_war_by(2030)"` or the like in place of `holds`'
                    ),
                )


def _of_another_year(case: Case, loc: Loc, test: Test, due: str) -> Iterator[Finding]:
    """Yield a finding if the last year that a chance names ends more than a year before or after the day on which the claim is due."""
    named = [year_offset(call.year, case.as_of) for call in calls(test.node) if call.year is not None]
    if not named:
        return
    last = max(named)
    ends = last + case.as_of.timetuple().tm_yday / YEAR
    if abs(int(due[:4]) - case.as_of.year + _share_of_year(due) - ends) > 1.0:
        yield (
            loc,
            message(
                "the claim is due {due}, and its chance is by {year}: an outcome would score it against another event",
                due=due,
                year=case.as_of.year + last,
            ),
            message("let both name the same year"),
        )


def _share_of_year(due: str) -> float:
    """Return which share of its year is over when a claim is due: YYYY, YYYY-MM or YYYY-MM-DD."""
    if len(due) == 4:
        return 1.0
    return int(due[5:7]) / 12.0
