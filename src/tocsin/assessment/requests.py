"""What the tests of a case ask for: what decides each, in which theatres, and which quantities they need."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TypeAlias

import numpy as np

from tocsin.assessment.comparisons import difference, with_numbers
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.result import Basis
from tocsin.assessment.situations import Model, Situation, central_models, with_events, without_events
from tocsin.assessment.versions import versions
from tocsin.case.bounds import COMPARISONS
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Call, Node, calls, reads_only_facts, walk
from tocsin.case.quantities import LOSSES, QUANTITIES
from tocsin.case.schema import Case
from tocsin.errors import InputError

Theatres: TypeAlias = tuple[str, ...]
"""Names of theatres, sorted."""


def basis_of(case: Case, test: Test) -> Basis:
    """Return what decides a test: the facts, an estimate or record without a game, or the model.

    Facts also decide a test that reads more, if they alone settle it: `fact(x) > 3 and risk(plan) > 0.1` fails where x is 2. Where sources
    disagree about x, each of its values must settle it.
    """
    if reads_only_facts(test.node):
        return "facts"
    if not any(np.isnan(truth_by_facts(version.case, test)) for version in versions(case, test.node)):
        return "facts"
    return "model" if solves_games(test.node) else "estimate"


def truth_by_facts(case: Case, test: Test) -> float:
    """Return 1 if the facts alone make a test hold, 0 if they make it fail, nan if they do not settle it or it is undefined."""
    return float(Evaluator(case, None, np.ones(1), test.central).truth(test.node)[0])


def solves_games(node: Node) -> bool:
    """Return whether a test reads a quantity that needs solved games."""
    return any(QUANTITIES[call.name].game for call in calls(node))


def reads_derived(node: Node) -> bool:
    """Return whether a test reads a quantity that rests on more than the values of inputs."""
    return any(QUANTITIES[call.name].derived for call in calls(node))


def compares_with_zero(case: Case, test: Test) -> bool:
    """Return whether a test compares a quantity of the games, or an event's effect on one, with exactly 0.

    Any numerical noise differs from 0. How the comparison is written does not matter: `risk(plan) > risk()` is one.
    """
    known = with_numbers(case, test)
    pairs = (node for node in walk(known.node) if isinstance(node, Binary) and node.op in COMPARISONS)
    return any(_is_with_zero(case, pair, known) for pair in pairs if solves_games(pair))


def _is_with_zero(case: Case, comparison: Binary, test: Test) -> bool:
    total = difference(comparison, test)
    if total is None:
        sides = ((comparison.a, comparison.b), (comparison.b, comparison.a))
        return any(_is_zero(case, side, test) and solves_games(other) for side, other in sides)
    if total.constant or not all(QUANTITIES[call.name].game for call in total.calls):
        return False
    weights = list(total.calls.values())
    if all(weight > 0 for weight in weights) or all(weight < 0 for weight in weights):
        return True
    return len(weights) == 2 and sum(weights) == 0 and _differ_by_events(case, *total.calls)


def _differ_by_events(case: Case, one: Call, other: Call) -> bool:
    """Return whether the difference of two quantities is the effect of events: one is read in the base world of the other."""
    if replace(one, events=(), given=()) != replace(other, events=(), given=()):
        return False
    if one.name in LOSSES:  # each is an effect; with one base world, their difference is that of the further events
        further = set(one.events) <= set(other.events) or set(other.events) <= set(one.events)
        return further and one.given == other.given and _base(case, one) == _base(case, other)
    first, second = ({*call.events, *call.given} for call in (one, other))
    if first <= second or second <= first:
        return True
    return any(
        _base(case, call) == with_events(case, _model(case), base) for call, base in ((one, other), (other, one))
    )


def _base(case: Case, call: Call) -> Situation | None:
    """Return the world that a call's events are compared with; None if they are compared with different worlds."""
    try:
        return without_events(case, _model(case), call)
    except InputError:
        return None


def _model(case: Case) -> Model:
    """Return one of the models: whether two worlds are the same does not depend on it."""
    return central_models(case)[0]


def _is_zero(case: Case, node: Node, test: Test) -> bool:
    """Return whether one side of a comparison is 0 in every world, however it is written."""
    if not reads_only_facts(node):
        return False
    value = Evaluator(case, None, np.ones(1), test.central).value(node)
    return not isinstance(value, date) and bool(value == 0)


def theatres_of(case: Case, tests: Iterable[Node]) -> Theatres:
    """Return the theatres that some tests ask about, or the main theatre if they ask about none."""
    named = {call.theatre for test in tests for call in calls(test) if call.theatre is not None}
    return tuple(sorted(named)) or (case.main,)


def by_theatres(case: Case, tests: Iterable[Test]) -> dict[Theatres, list[Test]]:
    """Group the tests that the model decides by the theatres they ask about."""
    modelled = [(theatres_of(case, [test.node]), test) for test in tests if basis_of(case, test) == "model"]
    ordered = sorted(modelled, key=lambda pair: pair[0])
    return {theatres: [test for _, test in group] for theatres, group in groupby(ordered, key=lambda pair: pair[0])}


def calls_of(case: Case) -> dict[Theatres, tuple[Call, ...]]:
    """Return the quantities that claims ask the model for, by theatres."""
    return calls_in(case, [test for claim in case.tests.values() for test in claim.values()])


def calls_in(case: Case, tests: Iterable[Test]) -> dict[Theatres, tuple[Call, ...]]:
    """Return the quantities that some tests ask the model for, by theatres.

    A test with `alike` needs them with identical judgements and without.
    """
    grouped: dict[Theatres, tuple[Call, ...]] = {}
    for theatres, group in by_theatres(case, tests).items():
        nodes = [node for test in group for node in ((test.node, test.plain) if test.alike else (test.node,))]
        grouped[theatres] = tuple(dict.fromkeys(call for node in nodes for call in calls(node)))
    return grouped


def claims_using_games(case: Case, settled: Collection[str] = ()) -> tuple[str, ...]:
    """Return the claims with a test that solved games decide, in the order of the case, without those that facts settled in a run."""
    return tuple(name for name in case.claims if "model" in _bases(case, name) and name not in settled)


def claims_without_games(case: Case, settled: Collection[str] = ()) -> tuple[str, ...]:
    """Return the claims that facts, estimates and records decide, in the order of the case; untested claims are in neither list.

    Claims that facts settled in a run are among them, whatever their other parts ask about.
    """
    bases = {name: _bases(case, name) for name in case.claims}
    return tuple(
        name for name, claim_bases in bases.items() if claim_bases and ("model" not in claim_bases or name in settled)
    )


def _bases(case: Case, name: str) -> set[Basis]:
    return {basis_of(case, test) for test in case.tests[name].values()}
