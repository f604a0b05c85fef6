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
from tocsin.translation import message, message_in, template


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
    remedy = message(
        "use what was known on {as_of}, move as_of, or write what happened later under `outcomes`",
        as_of=str(case.as_of),
    )
    for claim, parts in tests.items():
        for part, test in parts.items():
            for node in walk(test.node):
                late = next((key for key in facts_of(node) if is_late(case, key)), None)
                if late is not None:
                    loc = test_loc(case.claims[claim], claim, part)
                    yield Problem(
                        loc, message("the test reads {late}", late=_late(case, late)), remedy, offset=node.column
                    )
    read = beliefs_read(case, [test.node for parts in tests.values() for test in parts.values()])
    for name, belief in case.beliefs.items():
        key = fact_of(belief.is_)
        if key is not None and name in read and is_late(case, key):
            yield Problem(
                ("beliefs", name, "is"),
                message("belief `{name}` takes the value of {late}", name=name, late=_late(case, key)),
                remedy,
            )


def _late(case: JoinedCase, key: str) -> str:
    return message("fact `{key}`, which is dated after as_of ({date})", key=key, date=str(_late_date(case, key)))


def expected_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield facts about things to come whose dates do not fit."""
    for key, fact in case.facts.items():
        if fact.expected is None:
            continue
        loc = ("facts", key)
        if fact.date is None:
            yield Problem(
                loc,
                message("fact `{key}` is expected but has no date", key=key),
                message("give the date at which that was known"),
            )
        elif is_late(case, key):
            wrong = message(
                "fact `{key}` is expected, but {date}, when that was known, is after as_of", key=key, date=fact.date
            )
            yield Problem(
                (*loc, "date"), wrong, message("give the date at which that was known, not that of the thing")
            )
        if is_after(case.as_of.isoformat(), fact.expected):
            wrong = message("fact `{key}` is expected in {expected}, before as_of", key=key, expected=fact.expected)
            yield Problem(
                (*loc, "expected"), wrong, message("write what happened, with its own date, without `expected`")
            )


def due_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield claims that are due although they are not forecasts, and forecasts that are due before `as_of`."""
    for key, claim in case.claims.items():
        loc = ("claims", key, "due")
        if claim.due is None:
            continue
        if claim.kind != "forecast":
            wrong = message(
                "claim `{key}` is due, but it is not a forecast ({kind})", key=key, kind=message_in("claim", claim.kind)
            )
            yield Problem(loc, wrong, message("write kind: forecast, or remove `due`"), at_key=True)
        if is_after(case.as_of.isoformat(), claim.due):
            yield Problem(
                loc,
                message("claim `{key}` is due in {due}, before as_of", key=key, due=claim.due),
                message("give a date from as_of on"),
            )


def outcome_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield outcomes of unknown claims, outcomes that are not after `as_of` or too late for `due`, and those that contradict each other."""
    first: dict[str, str] = {}
    for key, outcome in case.outcomes.items():
        loc = ("outcomes", key)
        if key in case.facts:
            yield Problem(
                loc, message("outcome `{key}` has the key of a fact", key=key), message("rename it"), at_key=True
            )
        if outcome.claim not in case.claims:
            yield unknown((*loc, "claim"), message("claim"), outcome.claim, case.claims)
            continue
        if not is_after(outcome.date, case.as_of.isoformat()):
            yield Problem(
                (*loc, "date"),
                message(
                    "outcome `{key}` is dated {date}, not after as_of ({as_of})",
                    key=key,
                    date=outcome.date,
                    as_of=str(case.as_of),
                ),
                message("give the day on which it happened; what was known at as_of is a fact"),
            )
        yield from _after_due(case, key, outcome)
        other = first.setdefault(outcome.claim, key)
        if case.outcomes[other].happened is not outcome.happened:
            wrong = message(
                "outcomes `{other}` and `{key}` of claim `{claim}` contradict each other",
                other=other,
                key=key,
                claim=outcome.claim,
            )
            yield Problem((*loc, "happened"), wrong, message("keep the one that settles the claim"))


_HAPPENED_ON = template("outcome `{key}` happened on {date}, after claim `{claim}` was due ({due})")
_HAPPENED_IN = template("outcome `{key}` happened in {date}, after claim `{claim}` was due ({due})")


def _after_due(case: JoinedCase, key: str, outcome: Outcome) -> Iterator[Problem]:
    due = case.claims[outcome.claim].due
    loc = ("outcomes", key, "date")
    if due is None:
        return
    if outcome.happened and is_after(outcome.date, due):
        is_day = outcome.date.count("-") == 2
        happened = _HAPPENED_ON if is_day else _HAPPENED_IN
        wrong = message(happened, key=key, date=outcome.date, claim=outcome.claim, due=due)
        yield Problem(loc, wrong, message("write happened: false, with the date at which the claim was due"))


def early_outcome_findings(case: JoinedCase) -> Iterator[Finding]:
    """Yield the outcomes that say before a claim is due that it did not come true.

    A claim that something will not happen by a day fails as soon as it happens. A claim that it will happen cannot fail before the day.
    """
    for key, outcome in case.outcomes.items():
        due = case.claims[outcome.claim].due
        if due is not None and not outcome.happened and is_after(due, outcome.date):
            yield (
                ("outcomes", key, "date"),
                message(
                    "outcome `{key}` refutes claim `{claim}` in {date}, before it is due ({due})",
                    key=key,
                    claim=outcome.claim,
                    date=outcome.date,
                    due=due,
                ),
                message(
                    "leave it so if something happened that the claim excludes; if it only has not happened yet, wait until the claim is due"
                ),
            )
