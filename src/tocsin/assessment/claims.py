"""Decide claims: judge their tests, and join the verdicts of their parts by the calculus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tocsin.assessment import verdicts
from tocsin.assessment.fact_ranges import ranges_note
from tocsin.assessment.judging import Judge, Tested
from tocsin.assessment.outcomes import outcomes_of
from tocsin.assessment.readings import facts_read, shown
from tocsin.assessment.requests import truth_by_facts
from tocsin.assessment.result import Basis, ClaimResult, PartResult, Rule, Verdict
from tocsin.assessment.words import BY_THE_FACTS, VERDICT_WORDS, joined
from tocsin.case.blocks import AUTHOR
from tocsin.case.chances import compares_chance
from tocsin.case.claim_blocks import Claim, Untested
from tocsin.case.claim_blocks import Part as WrittenPart
from tocsin.case.compiled import Test
from tocsin.case.nodes import Input, Node, facts_of, walk, with_leaves
from tocsin.case.schema import Case
from tocsin.translation import Text, in_commas, message


def decide_claim(judge: Judge, name: str, claim: Claim) -> ClaimResult:
    """Decide one claim, without its drivers, flips and confidence."""
    result = _before_tests(judge, name, claim)
    if claim.untested:
        return replace(result, note=joined(_needs(claim.untested), claim.note))
    if claim.all_parts:
        return _of_parts(judge, result, claim)
    test = judge.case.tests[name][""]
    tested = judge.judge(test)
    single = [verdicts.Part(name=name, verdict=tested.verdict, basis=tested.basis)]
    return replace(
        result,
        verdict=tested.verdict,
        words=tested.words,
        basis=tested.basis,
        probability=tested.probability,
        turnable=tested.turnable,
        by_model=tested.by_model,
        curve=tested.curve,
        read=facts_read(judge.case, test.node),
        shown=shown(judge.case, test),
        note=joined(
            tested.note,
            claim.note,
            ranges_note(judge.case, test),
            _without_flagged(judge.case, "all", single, {name: test}),
        ),
    )


def _before_tests(judge: Judge, name: str, claim: Claim) -> ClaimResult:
    """Return a claim as it is without a test."""
    case = judge.case
    return ClaimResult(
        id=name,
        kind=claim.kind,
        says=claim.says,
        sentence=claim.sentence,
        mechanism=claim.mechanism,
        verdict="not tested",
        words=VERDICT_WORDS["not tested"],
        probability=None,
        rule=rule_of(claim),
        of_event=not any(compares_chance(test) for test in case.tests[name].values()),
        due=claim.due or "",
        outcomes=outcomes_of(case, name),
        sources=claim.sources,
        rivals=claim.rivals,
        against=claim.counts_against,
        note=claim.note,
    )


def rule_of(claim: Claim) -> Rule:
    """Return how many parts of a claim must hold."""
    return "any" if claim.any_of else "most" if claim.most_of else "all"


def _of_parts(judge: Judge, result: ClaimResult, claim: Claim) -> ClaimResult:
    tests = judge.case.tests[result.id]
    tested = {name: judge.judge(test) for name, test in tests.items()}
    states = [
        verdicts.Part(
            name=name,
            verdict=tested[name].verdict if name in tested else "not tested",
            basis=tested[name].basis if name in tested else "nothing",
            essential=part.essential,
        )
        for name, part in claim.all_parts.items()
    ]
    joint = _joint(judge, result.rule, states, tested, tests)
    verdict = verdicts.combined(result.rule, states, joint.verdict if joint else None)
    printed = joint if joint and verdicts.carries_percentage(result.rule, states, verdict) else None
    by_facts = verdicts.settled_by_facts(result.rule, verdict, states)
    return replace(
        result,
        verdict=verdict,
        words=_words(verdict, states, tested, joint, printed) if not by_facts else BY_THE_FACTS,
        basis="facts" if by_facts else _strongest(state.basis for state in states),
        probability=printed.probability if printed else None,
        turnable=printed.turnable if printed else not by_facts and any(item.turnable for item in tested.values()),
        by_model=printed.by_model if printed else {},
        parts=tuple(
            _tested_part(judge.case, name, part, tests[name], tested[name])
            if name in tested
            else _untested_part(name, part)
            for name, part in claim.all_parts.items()
        ),
        note=joined(claim.note, _without_flagged(judge.case, result.rule, states, tests)),
    )


def _joint(
    judge: Judge, rule: Rule, states: Sequence[verdicts.Part], tested: Mapping[str, Tested], tests: Mapping[str, Test]
) -> Tested | None:
    """Return whether enough parts hold together; None if facts settle that, or if a part has no probability."""
    wanted = verdicts.wanted_together(rule, states)
    modelled = [state.name for state in states if state.basis in ("estimate", "model")]
    if wanted is None or any(tested[name].probability is None for name in modelled):
        return None
    essential = {state.name for state in states if state.essential}
    joint = judge.together({name: tests[name] for name in modelled}, wanted, essential)
    return joint if joint.probability else None


def _words(
    verdict: Verdict,
    states: Sequence[verdicts.Part],
    tested: Mapping[str, Tested],
    joint: Tested | None,
    printed: Tested | None,
) -> str:
    """Return how a claim that facts do not settle was decided: its probability, a reason, or which parts hold."""
    if printed is not None:
        return printed.words
    if joint is not None and verdict == "partly" and all(state.verdict == "holds" for state in states):
        return verdicts.together_in_words(joint.verdict)
    if verdict == "cannot tell":
        reasons = [item.reason for item in tested.values() if item.verdict == "cannot tell" and item.reason]
        return reasons[0] if reasons else verdicts.parts_in_words(states)
    return VERDICT_WORDS[verdict] if verdict == "not tested" else verdicts.parts_in_words(states)


def _strongest(bases: Iterable[Basis]) -> Basis:
    """Return what the whole claim rests on: the model if any part does, else an estimate, else facts."""
    return min(bases, key=("model", "estimate", "facts", "nothing").index)


def _without_flagged(case: Case, rule: Rule, states: Sequence[verdicts.Part], tests: Mapping[str, Test]) -> str:
    """Say what the verdict is without the facts that the case flags; empty if the tests read none of them."""
    flagged = {name: _flagged(case, test.node) for name, test in tests.items()}
    facts = sorted({key for keys in flagged.values() for key in keys})
    if not facts:
        return ""
    left = [_without(case, state, tests[state.name], facts) if flagged.get(state.name) else state for state in states]
    verdict = verdicts.combined(rule, left, None)
    return message(
        "Without the flagged facts ({facts}), the verdict is: {verdict}.",
        facts=in_commas(facts),
        verdict=VERDICT_WORDS[verdict],
    )


def _without(case: Case, state: verdicts.Part, test: Test, facts: Sequence[str]) -> verdicts.Part:
    """Return a part without some facts: decided if the others settle it, else not tested."""
    unknown = with_leaves(test.node, lambda leaf: _as_unknown(leaf, facts))
    truth = truth_by_facts(case, replace(test, node=unknown))
    if np.isnan(truth):
        return replace(state, verdict="not tested", basis="nothing")
    return replace(state, verdict="holds" if truth else "fails", basis="facts")


def _as_unknown(leaf: Node, facts: Sequence[str]) -> Node:
    """Return a leaf, or in place of one of the facts a number that nobody knows."""
    left_out = next((key for key in facts_of(leaf) if key in facts), None)
    return leaf if left_out is None else Input(left_out)


def _flagged(case: Case, node: Node) -> list[str]:
    facts = [key for part in walk(node) for key in facts_of(part)]
    return [key for key in facts if case.facts[key].flag not in (None, AUTHOR)]


def _untested_part(name: str, part: WrittenPart) -> PartResult:
    return PartResult(
        name=name,
        says=part.says,
        verdict="not tested",
        words=VERDICT_WORDS["not tested"],
        essential=part.essential,
        probability=None,
        note=joined(_needs(part.untested) if part.untested else "", part.note),
    )


def _tested_part(case: Case, name: str, part: WrittenPart, test: Test, tested: Tested) -> PartResult:
    return PartResult(
        name=name,
        says=part.says,
        verdict=tested.verdict,
        words=tested.words,
        basis=tested.basis,
        essential=part.essential,
        probability=tested.probability,
        turnable=tested.turnable,
        by_model=tested.by_model,
        curve=tested.curve,
        read=facts_read(case, test.node),
        shown=shown(case, test),
        note=joined(tested.note, part.note, ranges_note(case, test)),
    )


def _needs(untested: Untested) -> Text:
    return message("Needs {needs}: {reason}", needs=in_commas(untested.needs), reason=untested.why)
