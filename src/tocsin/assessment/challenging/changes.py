"""A change of a case, and what a case cannot know with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.assessment.challenging.result import Kind
from tocsin.assessment.judging import Judge, Tested
from tocsin.assessment.reads import Reads
from tocsin.assessment.requests import basis_of
from tocsin.case.compiled import Test
from tocsin.case.nodes import FirstOf, Input, Node, Series, facts_of, inputs, with_leaves
from tocsin.case.nodes import facts as facts_in
from tocsin.case.schema import Case
from tocsin.translation import Text, in_commas, message

UNKNOWN = "facts."
"""Begins the name of the input that nobody knows and that stands for a fact left out. No belief is named so."""


PEOPLE = "personnel."
"""Begins the name of an actor's number of soldiers."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a case.

    Attributes:
        kind, of, says, settings: as in `result.Row`.
        case: the case with it; its `settings` differ from those of any other changed case.
        facts: those that have another value or none; None if any may differ.
        beliefs: inputs that have another distribution.
        every_game: whether any game may differ.
        record: whether the weights of worlds differ although no game does.
        missing: beliefs that the case does not have with it.
        unpaid: actors whose spending the case does not have with it.
    """

    kind: Kind
    of: str
    says: Text
    case: Case
    settings: tuple[tuple[str, str], ...] = ()
    facts: frozenset[str] | None = frozenset()
    beliefs: frozenset[str] = frozenset()
    every_game: bool = False
    record: bool = False
    missing: frozenset[str] = frozenset()
    unpaid: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells the change from others."""
        return (self.kind, self.of, *(f"{name}={value}" for name, value in self.case.settings))

    @property
    def solves(self) -> bool:
        """Return whether games may have to be solved again."""
        return bool(self.beliefs) or self.every_game


@dataclass(frozen=True)
class ChangedJudge(Judge):
    """Decides tests with a change that solves no game again, and only those that it can move.

    Attributes:
        change: the change.
        known: finds what tests read, in the case as it stands.
        before: the results of the tests as they stand, by test.
    """

    change: Change | None = None
    known: Reads | None = None
    before: Mapping[Test, Tested] = field(default_factory=dict)

    def judge(self, test: Test) -> Tested:
        """Decide one test as `Judge` does; one that needs what is missing is not tested, and one that does not change is as it was."""
        if needed := self.lost(test):
            why = message("needs {inputs}", inputs=in_commas(needed))
            return Tested(verdict="not tested", basis="nothing", reason=why)
        if test in self.before and self._stays(test):
            return self.before[test]
        return super().judge(test)

    def _stays(self, test: Test) -> bool:
        """Return whether the change cannot move a test, or can only by games that are not solved again here."""
        change = self.change
        assert change is not None and self.known is not None
        if change.solves and basis_of(self.case, test) == "model":
            return True
        if change.facts is None or change.every_game or change.record:
            return False
        return change.facts.isdisjoint(facts_in(test.node)) and change.beliefs.isdisjoint(self.known.of(test))

    def lost(self, test: Test) -> tuple[str, ...]:
        """Return what a test needs and the case lacks; nothing if the facts that are left settle it."""
        change = self.change
        assert change is not None and self.known is not None
        if basis_of(self.case, test) == "facts":
            return ()
        facts = {name.removeprefix(UNKNOWN) for name in inputs(test.node) if name.startswith(UNKNOWN)}
        read = self.known.of(test)
        actors = paid(read)
        return (*sorted(facts), *sorted(read & change.missing), *sorted(actors & change.unpaid))


def paid(beliefs: Iterable[str]) -> frozenset[str]:
    """Return the actors whose spending is read where some beliefs are: forces are made of money and people, and read both together."""
    people = (name.removeprefix(PEOPLE).partition("@")[0] for name in beliefs if name.startswith(PEOPLE))
    return frozenset(people)


def changed(case: Case, of: str, **updates: Any) -> Case:
    """Return a case with some fields replaced, and a mark that tells it from others: caches know a case by its settings."""
    marked = updates.pop("settings", ((of, "challenged"),))
    return case.model_copy(update={**updates, "settings": (*case.settings, *marked)})


def tests_without(case: Case, facts: Iterable[str]) -> Mapping[str, Mapping[str, Test]]:
    """Return the tests of a case with some facts unknown: each becomes an input that nobody knows, and series lose their years."""
    gone = frozenset(facts)

    def without(test: Test) -> Test:
        node = with_leaves(test.node, lambda leaf: _without(leaf, gone))
        plain = None if test.as_judged is None else with_leaves(test.as_judged, lambda leaf: _without(leaf, gone))
        return replace(test, node=node, as_judged=plain)

    return {claim: {part: without(test) for part, test in tests.items()} for claim, tests in case.tests.items()}


def _without(leaf: Node, gone: frozenset[str]) -> Node:
    lost = gone.intersection(facts_of(leaf))
    if not lost:
        return leaf
    match leaf:
        case Series(key=key, known=known):
            left = tuple(year for year in known if f"{key}.{year}" not in gone)
            return replace(leaf, known=left) if left else Input(f"{UNKNOWN}{key}")
        case FirstOf(register=register, known=keys):
            rest = tuple(key for key in keys if key not in gone)
            return replace(leaf, known=rest) if rest else Input(f"{UNKNOWN}{register}")
        case _:
            return Input(f"{UNKNOWN}{min(lost)}")
