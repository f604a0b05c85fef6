"""Check dates against the day of the case: late facts, expected things, forecasts that are due, and outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tocsin.case.claim_blocks import Outcome, test_loc
from tocsin.case.compiled import Test
from tocsin.case.distributions import fact_of
from tocsin.case.inputs import beliefs_read
from tocsin.case.nodes import facts_of, walk
from tocsin.case.problem import Finding, Problem, unknown
from tocsin.case.schema import JoinedCase
from tocsin.case.types import is_after, last_of


def is_late(case: JoinedCase, key: str) -> bool:
    """Return whether a value of a fact is dated after `as_of`, or its span ends after it.

    A year or month that contains that day is not late.
    """
    return _late_date(case, key) is not None


def _late_date(case: JoinedCase, key: str) -> str | None:
    """Return the first date of a fact's values that is after `as_of`; None if there is none."""
    fact = case.facts.get(key)
    dates = [fact.date, *(other.date for other in fact.others)] if fact else []
    return next((date for date in dates if date and is_after(last_of(date), case.as_of.isoformat())), None)


def late_fact_problems(case: JoinedCase, tests: Mapping[str, Mapping[str, Test]]) -> Iterator[Problem]:
    """Yield the tests that read facts dated after `as_of`, directly or through a belief.

    Args:
        case: the case.
        tests: those of its tests that compile, by claim and part.
    """
    remedy = f"use what was known on {case.as_of}, move as_of, or write what happened later under `outcomes`"
    for claim, parts in tests.items():
        for part, test in parts.items():
            for node in walk(test.node):
                late = next((key for key in facts_of(node) if is_late(case, key)), None)
                if late is not None:
                    loc = test_loc(case.claims[claim], claim, part)
                    yield Problem(loc, f"the test reads {_late(case, late)}", remedy, offset=node.column)
    read = beliefs_read(case, [test.node for parts in tests.values() for test in parts.values()])
    for name, belief in case.beliefs.items():
        key = fact_of(belief.is_)
        if key is not None and name in read and is_late(case, key):
            yield Problem(("beliefs", name, "is"), f"belief `{name}` takes the value of {_late(case, key)}", remedy)


def _late(case: JoinedCase, key: str) -> str:
    return f"fact `{key}`, which is dated after as_of ({_late_date(case, key)})"


def expected_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield facts about things to come whose dates do not fit."""
    for key, fact in case.facts.items():
        if fact.expected is None:
            continue
        loc = ("facts", key)
        if fact.date is None:
            yield Problem(loc, f"fact `{key}` is expected but has no date", "give the date at which that was known")
        elif is_late(case, key):
            message = f"fact `{key}` is expected, but {fact.date}, when that was known, is after as_of"
            yield Problem((*loc, "date"), message, "give the date at which that was known, not that of the thing")
        if is_after(case.as_of.isoformat(), fact.expected):
            message = f"fact `{key}` is expected in {fact.expected}, before as_of"
            yield Problem((*loc, "expected"), message, "write what happened, with its own date, without `expected`")


def due_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield claims that are due although they are not forecasts, and forecasts that are due before `as_of`."""
    for key, claim in case.claims.items():
        loc = ("claims", key, "due")
        if claim.due is None:
            continue
        if claim.kind != "forecast":
            message = f"claim `{key}` is due, but it is not a forecast ({claim.kind})"
            yield Problem(loc, message, "write kind: forecast, or remove `due`", at_key=True)
        if is_after(case.as_of.isoformat(), claim.due):
            yield Problem(loc, f"claim `{key}` is due in {claim.due}, before as_of", "give a date from as_of on")


def outcome_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield outcomes of unknown claims, outcomes that are not after `as_of` or too late for `due`, and those that contradict each other."""
    first: dict[str, str] = {}
    for key, outcome in case.outcomes.items():
        loc = ("outcomes", key)
        if key in case.facts:
            yield Problem(loc, f"outcome `{key}` has the key of a fact", "rename it", at_key=True)
        if outcome.claim not in case.claims:
            yield unknown((*loc, "claim"), "claim", outcome.claim, case.claims)
            continue
        if not is_after(outcome.date, case.as_of.isoformat()):
            yield Problem(
                (*loc, "date"),
                f"outcome `{key}` is dated {outcome.date}, not after as_of ({case.as_of})",
                "give the day on which it happened; what was known at as_of is a fact",
            )
        yield from _after_due(case, key, outcome)
        other = first.setdefault(outcome.claim, key)
        if case.outcomes[other].happened is not outcome.happened:
            message = f"outcomes `{other}` and `{key}` of claim `{outcome.claim}` contradict each other"
            yield Problem((*loc, "happened"), message, "keep the one that settles the claim")


def _after_due(case: JoinedCase, key: str, outcome: Outcome) -> Iterator[Problem]:
    due = case.claims[outcome.claim].due
    loc = ("outcomes", key, "date")
    if due is None:
        return
    if outcome.happened and is_after(outcome.date, due):
        is_day = outcome.date.count("-") == 2
        message = f"outcome `{key}` happened {'on' if is_day else 'in'} {outcome.date}, after claim `{outcome.claim}` was due ({due})"
        yield Problem(loc, message, "write happened: false, with the date at which the claim was due")


def early_outcome_findings(case: JoinedCase) -> Iterator[Finding]:
    """Yield the outcomes that say before a claim is due that it did not come true.

    A claim that something will not happen by a day fails as soon as it happens. A claim that it will happen cannot fail before the day.
    """
    for key, outcome in case.outcomes.items():
        due = case.claims[outcome.claim].due
        if due is not None and not outcome.happened and is_after(due, outcome.date):
            yield (
                ("outcomes", key, "date"),
                f"outcome `{key}` refutes claim `{outcome.claim}` in {outcome.date}, before it is due ({due})",
                "leave it so if something happened that the claim excludes; if it only has not happened yet, wait until the claim is due",
            )
