"""The rules by which probabilities become verdicts, and what confidence they deserve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.assessment.result import Likelihood, Verdict
from tocsin.assessment.words import FAILS, HOLDS, percent, phrase, whole
from tocsin.case.schema import Case, Claim

FEW_DRAWS = 500
GOOD_GRADES, FAIR_GRADES = ("A", "B"), ("C",)


def decide(mid: float, by_model: Iterable[float]) -> Verdict:
    """Verdict from the pooled probability and those of the single models, on printed percentages.

    Disputed if models lie on both sides of 45 to 55 %; else it holds from 55 %, fails below 45 %, and in between
    cannot be told.
    """
    each = [whole(value) for value in by_model]
    if any(value >= HOLDS for value in each) and any(value < FAILS for value in each):
        return "disputed"
    if whole(mid) >= HOLDS:
        return "holds"
    return "fails" if whole(mid) < FAILS else "cannot tell"


def combined(parts: Sequence[Verdict]) -> Verdict:
    """Verdict of a claim of several parts.

    All hold: holds. None was tested: not tested. Some hold: partly. None holds: fails if all that were tested fail,
    disputed if one is, else it cannot be told.
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
    """The probability in words with its number, or how else the verdict came about."""
    if verdict == "not tested":
        return "not tested"
    if verdict == "disputed" and probability:
        return f"models disagree ({percent(probability.low)} to {percent(probability.high)})"
    return phrase(probability.mid) if probability else "by the facts"


def confidence(case: Case, claim: Claim, effective_draws: float, found: Iterable[Likelihood]) -> str:
    """Confidence in a verdict: high, moderate or low.

    It starts from the worst source that the claim names (letters A and B: high; C: moderate; D to F, or no source:
    low), and is one step lower if models or thresholds put what was found, for the claim or a part of it, half or more
    apart, or if fewer than 500 draws carry the result.
    """
    grades = [case.sources[key].grade[0] for key in claim.sources if key in case.sources]
    worst = max(grades, default="F")
    level = 2 if worst in GOOD_GRADES else 1 if worst in FAIR_GRADES else 0
    ranges = list(found)
    if ranges and (max(each.high - each.low for each in ranges) >= 0.5 or effective_draws < FEW_DRAWS):
        level -= 1
    return ("low", "moderate", "high")[max(level, 0)]
