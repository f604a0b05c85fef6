"""Compile a case: parse every fact, belief and test once, and resolve the theatre of each quantity.

Unchanged items are copied from an earlier compilation, so that setting an input parses only its new value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from tocsin.case import distributions
from tocsin.case.beliefs import distribution
from tocsin.case.bounds import compared, decided
from tocsin.case.chances import check_chance
from tocsin.case.checks import problems
from tocsin.case.checks_dates import late_fact_problems
from tocsin.case.checks_inputs import belief_problems, unreadable
from tocsin.case.claim_blocks import Claim, Threshold, test_loc
from tocsin.case.compiled import RivalTests, Test
from tocsin.case.dated import day_of
from tocsin.case.distributions import Distribution
from tocsin.case.form import form_of
from tocsin.case.language import parse
from tocsin.case.nodes import Node, calls, facts, uses_threshold, with_alike, year_offset
from tocsin.case.problem import CaseProblems, Problem
from tocsin.case.rivals import compile_rivals
from tocsin.case.schema import Case, Fact, JoinedCase
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.case.units import BOOL, Quantity, Unit, parse_unit
from tocsin.case.values import Value, distinct, parse_value, unit_of
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import message

MAX_COMBINATIONS = 64
"""Largest number of combinations of the values that sources give, by which one test is judged."""


def compile_case(case: JoinedCase, before: Case | None = None) -> Case:
    """Return the compiled case: tests as trees, beliefs as distributions, facts as values, theatres as forms.

    Args:
        case: the file joined with its tables.
        before: an earlier compilation; items that are the same objects in `case` are not parsed again.

    Raises:
        CaseProblems: every problem of the case.
    """
    return _Compiler(case, before).compiled()


class _Compiler:
    def __init__(self, case: JoinedCase, before: Case | None) -> None:
        self.case, self.before = case, before
        self.problems: list[Problem] = []
        self.values: dict[str, Value] = {}
        self.others: dict[str, tuple[Value, ...]] = {}
        self.counts: frozenset[str] = frozenset()

    def compiled(self) -> Case:
        self._values()
        quantities = (value for value in self.values.values() if isinstance(value, Quantity))
        self.counts = frozenset(thing for value in quantities for thing in value.unit.counts)
        beliefs = self._distributions()
        tests = {key: self._tests(key, claim) for key, claim in self.case.claims.items()}
        rivals = self._rivals()
        self.problems += problems(self.case, self.values, self.others)
        self.problems += late_fact_problems(self.case, tests)
        if self.problems:
            raise CaseProblems(self.problems)
        fields: Mapping[str, Any] = {name: getattr(self.case, name) for name in JoinedCase.model_fields}
        nodes = [test.node for parts in tests.values() for test in parts.values()]
        forms = {
            theatre: replace(form_of(self.case, theatre), war_years=self._war_years(theatre, nodes))
            for theatre in self.case.theatres
        }
        return Case.model_construct(
            **fields,
            values=self.values,
            other_values=self.others,
            distributions=beliefs,
            tests=tests,
            rivals=rivals,
            forms=forms,
        )

    def _war_years(self, theatre: str, tests: Sequence[Node]) -> tuple[int, ...]:
        """Return the years from now, before the horizon of a theatre, by which its tests ask for the chance of war.

        Only these are computed: each costs as much as another outcome of every game.
        """
        read = (call for node in tests for call in calls(node) if (call.name, call.theatre) == ("p_war_by", theatre))
        day = day_of(self.case, theatre)
        years = {year_offset(call.year or 0, day) for call in read}
        return tuple(sorted(years - {self.case.theatres[theatre].horizon}))

    def _rivals(self) -> RivalTests:
        """Return what explanations and arguments predict."""
        before, case = self.before, self.case
        if before is not None and before.explanations is case.explanations and before.arguments is case.arguments:
            return before.rivals
        rivals, rival_problems = compile_rivals(case, self.values, self.counts)
        self.problems += rival_problems
        return rivals

    # --- facts and beliefs -----------------------------------------------------------------------------------------

    def _values(self) -> None:
        for key, fact in self.case.facts.items():
            if self.before is not None and self.before.facts.get(key) is fact:
                self.values[key] = self.before.values[key]
                self.others |= {key: self.before.other_values[key]} if fact.others else {}
                continue
            try:
                self.values[key] = parse_value(fact.value, fact.unit)
            except InputError as error:
                self.problems.append(
                    Problem(
                        ("facts", key, "value"),
                        message("fact `{key}`: {reason}", key=key, reason=error.message),
                        error.remedy,
                    )
                )
                continue
            if fact.others:
                self.others[key] = tuple(self._other_values(key, fact))

    def _other_values(self, key: str, fact: Fact) -> Iterator[Value]:
        """Yield the values that other sources give of a fact, each of its kind."""
        for index, other in enumerate(fact.others):
            loc: Loc = ("facts", key, "others", index)
            try:
                value = parse_value(other.value, other.unit)
            except InputError as error:
                self.problems.append(
                    Problem(loc, message("fact `{key}`: {reason}", key=key, reason=error.message), error.remedy)
                )
                continue
            if not unit_of(value).like(unit_of(self.values[key])):
                wrong = message(
                    "fact `{key}` has values in different units: {unit} and {other}",
                    key=key,
                    unit=str(unit_of(self.values[key])),
                    other=str(unit_of(value)),
                )
                self.problems.append(Problem(loc, wrong, message("write all values of a fact in units of one kind")))
            yield value

    def _distributions(self) -> dict[str, Distribution]:
        compiled: dict[str, Distribution] = {}
        for name in self.case.beliefs:
            self.problems += belief_problems(self.case, name)
            if (problem := unreadable(self.case, name)) is not None:
                self.problems.append(problem)
                continue
            try:
                compiled[name] = self._distribution(name)
            except InputError as error:
                self.problems.append(
                    Problem(
                        ("beliefs", name, "is"),
                        message("`{name}`: {reason}", name=name, reason=error.message),
                        error.remedy,
                    )
                )
        return compiled

    def _distribution(self, name: str) -> Distribution:
        belief = self.case.beliefs[name]
        same = self.before is not None and self.before.beliefs.get(name) is belief
        if self.before is not None and same and distributions.fact_of(belief.is_) is None:
            return self.before.distributions[name]
        return distribution(self.case, name, self.values, self.others)

    # --- tests -----------------------------------------------------------------------------------------------------

    def _tests(self, key: str, claim: Claim) -> dict[str, Test]:
        """Return the tests of a claim by part ("" for a claim without parts)."""
        if self.before is not None and self.before.claims.get(key) is claim:
            return dict(self.before.tests[key])
        loc: Loc = ("claims", key)
        written: list[tuple[str, Loc, str, Threshold | None]] = []
        if claim.holds is not None:
            written.append(("", test_loc(claim, key, ""), claim.holds, None))
        if claim.chance is not None:
            written.append(("", test_loc(claim, key, ""), claim.chance, None))
        for name, part in claim.all_parts.items():
            if part.holds is not None:
                written.append((name, test_loc(claim, key, name), part.holds, part.threshold))
        compiled: dict[str, Test] = {}
        reads_threshold = False
        for name, part_loc, text, own in written:
            test = self._test(part_loc, text, own or claim.threshold, claim)
            if test is not None:
                compiled[name] = test
            # a test that does not parse might read the threshold
            reads_threshold = reads_threshold or test is None or (own is None and bool(test.thresholds))
        if claim.threshold is not None and not reads_threshold and claim.untested is None:
            remedy = message("use `threshold` or remove it")
            self.problems.append(
                Problem((*loc, "threshold"), message("no test reads this threshold"), remedy, at_key=True)
            )
        return compiled

    def _test(self, loc: Loc, text: str, threshold: Threshold | None, claim: Claim) -> Test | None:
        alike, is_chance = claim.alike, claim.chance is not None
        try:
            node = resolved(parse(text, self.counts), self.case, _unit(threshold), claim.at)
            unit = unit_of_node(node, self.case, self.values, _unit(threshold))
            if is_chance:
                check_chance(node, unit, self.case, self.values)
        except InputError as error:
            self.problems.append(Problem(loc, error.message, error.remedy, offset=error.column))
            return None
        if unit != BOOL and not is_chance:
            self.problems.append(
                Problem(
                    loc, message("the test is neither true nor false"), message("compare it with something"), offset=1
                )
            )
            return None
        swept = threshold if threshold is not None and uses_threshold(node) else None
        self.problems += self._decided(loc, node, swept)
        self.problems += self._combined(loc, node)
        return Test(
            with_alike(node, alike, self._leaders(alike)) if alike else node,
            swept.values if swept else (),
            swept.central if swept else None,
            alike,
            swept.unit if swept else "1",
            (swept.means or "") if swept else "",
            with_alike(node, None) if alike else None,
            is_chance,
        )

    def _combined(self, loc: Loc, node: Node) -> Iterator[Problem]:
        """Yield a test that would have to be judged by too many combinations of the values that sources give."""
        count = prod(
            len(distinct((self.values[key], *self.others[key]))) for key in sorted(facts(node)) if key in self.others
        )
        if count > MAX_COMBINATIONS:
            wrong = message("the sources disagree about the facts of this test in {count} combinations", count=count)
            yield Problem(
                loc,
                wrong,
                message("split it into parts with at most {most} each", most=MAX_COMBINATIONS),
            )

    def _leaders(self, alike: str) -> dict[str, str]:
        """Return the first input of each set of identical judgements, by the others."""
        group = self.case.alike.get(alike)
        return {name: names[0] for names in (group.sets if group else ()) for name in names}

    def _decided(self, loc: Loc, node: Node, threshold: Threshold | None) -> Iterator[Problem]:
        """Yield the comparisons that no world can change."""
        values = threshold.values if threshold else ()
        for part, value, (low, high) in decided(node, self.case, self.values, values):
            comparison = compared(part.op, value)
            yield Problem(
                loc,
                message(
                    "the comparison {comparison} is the same in every world: one side lies from {low} to {high}",
                    comparison=comparison,
                    low=f"{low:g}",
                    high=f"{high:g}",
                ),
                message("compare with a number inside that range, and check the unit"),
                offset=part.column,
            )


def _unit(threshold: Threshold | None) -> Unit | None:
    if threshold is None:
        return None
    try:
        return parse_unit(threshold.unit)
    except InputError:
        return Unit()
