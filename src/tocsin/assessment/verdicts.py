"""Turn probabilities into verdicts, and set their confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.assessment.result import Likelihood, Verdict
from tocsin.assessment.words import FAILS, HOLDS, percent, phrase, whole
from tocsin.case.claim_blocks import Claim
from tocsin.case.schema import Case

FEW_DRAWS = 500
MIN_EFFECTIVE = 50
"""Smallest effective number of draws behind a verdict: the standard error of a share is then at most 7 points, less than the 10 points
between "fails" and "holds"."""
GOOD_GRADES, FAIR_GRADES = ("A", "B"), ("C",)


def decide(mid: float, by_model: Iterable[float]) -> Verdict:
    """Return the verdict for a pooled probability and the probabilities by model, all rounded to printed percentages.

    If one model gives 55 % or more and another less than 45 %, the claim is "disputed". Otherwise the pooled probability decides: it
    "holds" from 55 %, "fails" below 45 %, and is "cannot tell" in between.
    """
    percentages = [whole(value) for value in by_model]
    if any(value >= HOLDS for value in percentages) and any(value < FAILS for value in percentages):
        return "disputed"
    if whole(mid) >= HOLDS:
        return "holds"
    return "fails" if whole(mid) < FAILS else "cannot tell"


def combined(parts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a claim with several parts.

    "not tested" if no part is tested, "holds" if all parts hold, "partly" if some hold. If none holds: "fails" if all tested parts
    fail, else "disputed" if one of them is, else "cannot tell".
    """
    tested = [part for part in parts if part != "not tested"]
    if not tested:
        return "not tested"
    if all(part == "holds" for part in parts):
        return "holds"
    if any(part in ("holds", "partly") for part in tested):
        return "partly"
    if all(part == "fails" for part in tested):
        return "fails"
    return "disputed" if "disputed" in tested else "cannot tell"


def in_words(verdict: Verdict, probability: Likelihood | None) -> str:
    """Return the probability in words with its number, or how the verdict was reached without one."""
    if verdict == "not tested":
        return "not tested"
    if verdict == "disputed" and probability:
        return f"models disagree ({percent(probability.low)} to {percent(probability.high)})"
    return phrase(probability.mid) if probability else "by the facts"


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
