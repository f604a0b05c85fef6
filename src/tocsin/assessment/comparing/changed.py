"""Say in what two cases differ, and which of it bears on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from tocsin.assessment.reads import Reads
from tocsin.assessment.requests import basis_of, theatres_of
from tocsin.case.compiled import Test
from tocsin.case.dated import with_those_alike
from tocsin.case.distributions import Distribution
from tocsin.case.inputs import members, split
from tocsin.case.nodes import calls, facts
from tocsin.case.schema import Case

TEST, TYPES, DISCOUNT = "the test", "types", "discount"
WHOLE = ("actors", "alike", "controls", "published")
"""Blocks that are named as a whole: a difference in one may bear on any test that facts do not decide."""


class Changed:
    """The differences between two cases, as names: `precision`, `regimes.KOR.alignment`, `spending.JPN`, `pressure.korea` and so on.

    An input that only the record reads bears on a claim too: it changes the weights of the worlds.
    """

    def __init__(self, one: Case, other: Case) -> None:
        self._cases = one, other
        self._beliefs = _different(_plain(one.distributions), _plain(other.distributions))
        self._facts = _different(one.values, other.values) | _different(one.other_values, other.other_values)
        self._events = _different(one.events, other.events)
        self._blocks = tuple(name for name in WHOLE if getattr(one, name) != getattr(other, name))
        self._theatres: dict[tuple[int, str], frozenset[str]] = {}

    def bearing_on(self, claim: str, part: str = "") -> tuple[str, ...]:
        """Return what bears on a claim that both cases have, or on a part of it, sorted by name."""
        one, other = (_tests(case, claim, part) for case in self._cases)
        names: set[str] = set()
        rules = {} if part else {case.sha256: _rule(case, claim) for case in self._cases}
        if _texts(one) != _texts(other) or any(rule != next(iter(rules.values())) for rule in rules.values()):
            names.add(TEST)
        for index, tests in enumerate((one, other)):
            for test in tests.values():
                names.update(self._of_test(index, test))
        return tuple(sorted(names))

    def _of_test(self, index: int, test: Test) -> Iterator[str]:
        """Yield what bears on a test as one of the two cases has it."""
        case = self._cases[index]
        yield from facts(test.node) & self._facts
        if self._cases[0].as_of != self._cases[1].as_of:
            yield "as_of"
        if basis_of(case, test) == "facts":
            return
        yield from self._blocks
        if self._beliefs:
            yield from self._reads[index].of(test) & self._beliefs
        for call in calls(test.node):
            yield from (f"events.{name}" for name in {*call.events, *call.given} & self._events)
        if basis_of(case, test) == "model":
            for theatre in with_those_alike(case, theatres_of(case, [test.node])):
                yield from self._of_theatre(index, theatre)

    @cached_property
    def _reads(self) -> tuple[Reads, Reads]:
        one, other = self._cases
        return Reads(one), Reads(other)

    def _of_theatre(self, index: int, theatre: str) -> Iterator[str]:
        """Yield what bears on every test about a theatre: through its games, or through the weights of its worlds."""
        key = index, theatre
        if key not in self._theatres:
            self._theatres[key] = frozenset(self._in_theatre(index, theatre))
        yield from self._theatres[key]

    def _in_theatre(self, index: int, theatre: str) -> Iterator[str]:
        one, other = self._cases
        case = self._cases[index]
        game = case.theatres[theatre]
        yield from _named("regimes", set(game.regimes) & _different(one.regimes, other.regimes))
        yield from _named("spending", set(members(game)) & _spending(one, other))
        if theatre in _different(one.theatres, other.theatres):
            yield f"pressure.{theatre}" if _only_pressure(one, other, theatre) else f"theatres.{theatre}"
        if theatre in _different(one.history, other.history):
            yield f"history.{theatre}"
        if one.types != other.types:
            yield TYPES
        if one.discount != other.discount:
            yield DISCOUNT
        if self._beliefs:
            yield from self._weighing(index, theatre)

    def _weighing(self, index: int, theatre: str) -> Iterator[str]:
        """Yield the changed beliefs that the base games of a theatre read, or its record alone."""
        from tocsin.assessment.ensemble import base_scenario  # imported here: it loads the engine
        from tocsin.models.coercion.history import STRAY

        case = self._cases[index]
        for kind in case.types:
            yield from self._reads[index].of_game(base_scenario(case, theatre, kind)) & self._beliefs
        if theatre in case.history or case.theatres[theatre].pressure == "history":
            yield from (name for name in self._beliefs if split(name)[0] in STRAY.values())


def _plain(shapes: Mapping[str, Distribution]) -> dict[str, Distribution]:
    """Return distributions without the texts that they were written as."""
    return {name: replace(shape, text="") for name, shape in shapes.items()}


def _different(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys with different values, or that only one of two mappings has."""
    return frozenset(key for key in {*one, *other} if key not in one or key not in other or one[key] != other[key])


def _named(prefix: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{prefix}.{name}" for name in names)


def _spending(one: Case, other: Case) -> frozenset[str]:
    """Return the actors whose spending differs: its present path, its rows, or the rates by which it is compared."""
    actors = {*one.actors, *other.actors}
    if one.rates != other.rates or (one.spending is None) != (other.spending is None):
        return frozenset(actors)
    paths = [case.spending.paths if case.spending else {} for case in (one, other)]
    rows = [
        {actor: [row for row in case.spending_rows if row.actor == actor] for actor in actors} for case in (one, other)
    ]
    return _different(*paths) | _different(*rows)


def _only_pressure(one: Case, other: Case, theatre: str) -> bool:
    if theatre not in one.theatres or theatre not in other.theatres:
        return False
    first, second = one.theatres[theatre], other.theatres[theatre]
    return first.model_copy(update={"pressure": second.pressure}) == second


def _texts(tests: Mapping[str, Test]) -> dict[str, tuple[object, ...]]:
    """Return what decides each test but its values: what it asks, and its central threshold."""
    return {part: (test.node, test.central, test.alike) for part, test in tests.items()}


def _rule(case: Case, claim: str) -> tuple[object, ...]:
    """Return how the parts of a claim decide it."""
    written = case.claims[claim]
    return written.parts_key, {name: part.essential for name, part in written.all_parts.items()}


def _tests(case: Case, claim: str, part: str) -> dict[str, Test]:
    """Return the tests of a claim, or the one of a part of it."""
    return {name: test for name, test in case.tests[claim].items() if not part or name == part}
