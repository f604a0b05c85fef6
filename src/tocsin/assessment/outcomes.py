"""Compare claims with what happened later, and score forecasts."""

from __future__ import annotations

from dataclasses import replace

from tocsin.assessment.facts_result import OutcomeResult
from tocsin.assessment.result import ClaimResult
from tocsin.case.claim_blocks import Outcome
from tocsin.case.schema import Case


def with_outcomes(case: Case, claim: ClaimResult) -> ClaimResult:
    """Return a claim with its due date and its outcomes; those of a forecast with a probability have a score."""
    outcomes = [_result(key, outcome, claim) for key, outcome in case.outcomes.items() if outcome.claim == claim.id]
    return replace(claim, due=case.claims[claim.id].due or "", outcomes=tuple(outcomes))


def _result(key: str, outcome: Outcome, claim: ClaimResult) -> OutcomeResult:
    return OutcomeResult(
        key=key,
        says=outcome.says,
        happened=outcome.happened,
        date=outcome.date,
        sources=outcome.source,
        note=outcome.note,
        brier=_brier(claim, outcome.happened),
    )


def _brier(claim: ClaimResult, happened: bool) -> float | None:
    """Return the score of a forecast (Brier, Monthly Weather Review 78, 1950): 0 at best, 1 at worst."""
    if claim.kind != "forecast" or claim.probability is None:
        return None
    return (claim.probability.mid - happened) ** 2
