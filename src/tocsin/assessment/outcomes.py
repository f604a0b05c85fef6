"""Find what happened later to the matter of a claim."""

from __future__ import annotations

from tocsin.assessment.facts_result import OutcomeResult
from tocsin.case.schema import Case


def outcomes_of(case: Case, claim: str) -> tuple[OutcomeResult, ...]:
    """Return the outcomes of a claim, in the order of the case."""
    return tuple(
        OutcomeResult(
            key=key,
            says=outcome.says,
            happened=outcome.happened,
            date=outcome.date,
            sources=outcome.source,
            note=outcome.note,
        )
        for key, outcome in case.outcomes.items()
        if outcome.claim == claim
    )
