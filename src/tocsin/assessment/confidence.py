"""Confidence in a verdict: how good the evidence is, which is not how likely the claim is."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.assessment.result import Likelihood
from tocsin.case.claim_blocks import Claim
from tocsin.case.schema import Case

FEW_DRAWS = 500
GOOD_GRADES, FAIR_GRADES = ("A", "B"), ("C",)


def confidence(case: Case, claim: Claim, effective_draws: float, probabilities: Iterable[Likelihood]) -> str:
    """Return the confidence in a verdict: high, moderate or low.

    The claim's worst source decides: A and B give high, C moderate, D to F or no source low. It is one step
    lower if a probability of the claim or a part ranges over 0.5 or more, or if fewer than 500 draws are effective.
    """
    grades = [case.sources[key].grade[0] for key in claim.sources if key in case.sources]
    worst = max(grades, default="F")
    level = 2 if worst in GOOD_GRADES else 1 if worst in FAIR_GRADES else 0
    ranges = list(probabilities)
    if ranges and (max(span.high - span.low for span in ranges) >= 0.5 or effective_draws < FEW_DRAWS):
        level -= 1
    return ("low", "moderate", "high")[max(level, 0)]
