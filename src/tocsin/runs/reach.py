"""Which changes of inputs a claim's test can read: what a test cannot read did not change its verdict.

Exact for tests, facts and beliefs: a test reads those that its text names, or that its quantities and games read (`assessment.reads`).
Not exact otherwise: whatever else changes in the game or in the record of past years may move each claim that a game decides, since the
record weights the worlds of all of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tocsin.case.nodes import calls, facts

if TYPE_CHECKING:
    from tocsin.assessment.reads import Reads
    from tocsin.case.compiled import Test
    from tocsin.case.schema import Case
    from tocsin.runs.inputs import InputChange


class Reach:
    """What the tests of a case can read; each test is traced once, when it is first needed."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._beliefs: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def _reads(self) -> Reads:
        from tocsin.assessment.reads import Reads

        return Reads(self._case)

    def reads(self, change: InputChange, claim: str, part: str) -> bool:
        """Return whether a test of a claim or part reads what changed, by name or through its quantities.

        Args:
            change: of an input.
            claim: id of a claim.
            part: of the claim; empty for all its parts.
        """
        if not change.tested:
            return False
        if change.block == "claims":
            fields = change.field.split(".")
            return change.name == claim and (not part or "parts" not in fields or part in fields)
        if change.block == "sources":
            return change.name in self._sources(claim, part)
        return any(self._test_reads(change, claim, name, test) for name, test in self._tests(claim, part))

    def _sources(self, claim: str, part: str) -> set[str]:
        """Return the sources of a claim and of the facts and beliefs that its tests read: their grades limit its confidence."""
        known = set(self._case.claims[claim].sources) if claim in self._case.claims else set()
        for name, test in self._tests(claim, part):
            for key in facts(test.node):
                known.update(self._case.facts[key].source if key in self._case.facts else ())
            for key in self._beliefs_of(claim, name, test):
                known.update(self._case.beliefs[key].source)
        return known

    def weighted(self, change: InputChange, claim: str, part: str) -> bool:
        """Return whether what changed may move a claim or part that a game decides, through the weights of its worlds or its controls."""
        from tocsin.assessment.requests import basis_of

        if not change.tested or change.block in ("claims", "facts", "sources", "explanations"):
            return False
        return any(basis_of(self._case, test) == "model" for _, test in self._tests(claim, part))

    def _tests(self, claim: str, part: str) -> list[tuple[str, Test]]:
        tests = self._case.tests.get(claim, {})
        return [(name, test) for name, test in tests.items() if not part or name == part]

    def _test_reads(self, change: InputChange, claim: str, part: str, test: Test) -> bool:
        match change.block:
            case "facts":
                return change.name in facts(test.node) or self._through_beliefs(change.name, claim, part, test)
            case "beliefs":
                return change.name in self._beliefs_of(claim, part, test)
            case "events":
                return any(change.name in (*call.events, *call.given) for call in calls(test.node))
            case "as_of":
                return True
            case _:
                return False

    def _through_beliefs(self, fact: str, claim: str, part: str, test: Test) -> bool:
        """Return whether a belief that a test reads is given by a fact: `is: "fact(KEY)"`."""
        named = {name for name, belief in self._case.beliefs.items() if f"fact({fact})" in belief.is_.replace(" ", "")}
        return bool(named) and not named.isdisjoint(self._beliefs_of(claim, part, test))

    def _beliefs_of(self, claim: str, part: str, test: Test) -> frozenset[str]:
        if (claim, part) not in self._beliefs:
            self._beliefs[claim, part] = self._reads.of(test)
        return self._beliefs[claim, part]
