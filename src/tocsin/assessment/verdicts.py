"""The calculus of verdicts: from probabilities to the verdict of a test, and from the parts of a claim to its own.

`docs/verdicts.md` gives the rules as a table, row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tocsin.assessment.result import Basis, Likelihood, Rule, Verdict
from tocsin.assessment.words import BY_THE_FACTS, FAILS, HOLDS, VERDICT_WORDS, figure_range, part_words, phrase, whole
from tocsin.translation import Text, in_semicolons, listed, message, plural

MIN_EFFECTIVE = 100
"""Smallest effective number of draws behind a verdict: the standard error of a share is then at most 5 points, and two of them are no
more than the 10 points between "fails" and "holds"."""

ERRORS = 2.0
"""Standard errors by which a probability may be off: 19 times in 20 it is off by less."""


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


def turnable(probability: Likelihood) -> bool:
    """Return whether the sampling error could turn the verdict of a pooled probability, 1 time in 20 or more often."""
    off = ERRORS * probability.error
    ends = (max(probability.mid - off, 0.0), min(probability.mid + off, 1.0))
    return len({decide(value, ()) for value in (*ends, probability.mid)}) > 1


def may_differ(probability: Likelihood, by_model: Iterable[float]) -> bool:
    """Return whether the sampling error could give another verdict, also by making models disagree or agree."""
    off, models = ERRORS * probability.error, [*by_model]

    def moved(value: float, by: float) -> float:
        return min(max(value + by, 0.0), 1.0)

    low, high = min(models, default=probability.mid), max(models, default=probability.mid)
    spread = ((moved(low, -off), moved(high, off)), (moved(low, off), high), (low, moved(high, -off)))
    pooled = {decide(moved(probability.mid, by), models) for by in (-off, 0.0, off)}
    return len(pooled | {decide(probability.mid, ends) for ends in spread}) > 1


# --- claims of several parts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the calculus needs to know of a part: its name, its verdict, what decides it, and whether it is essential."""

    name: str
    verdict: Verdict
    basis: Basis
    essential: bool = False


def needed(rule: Rule, parts: Sequence[object]) -> int:
    """Return how many parts must hold for the claim to hold."""
    return {"all": len(parts), "any": 1, "most": len(parts) // 2 + 1}[rule]


def wanted_together(rule: Rule, parts: Sequence[Part]) -> int | None:
    """Return how many of the parts that facts do not decide must hold; None if facts settle that, or if a part is open or not tested."""
    facts = [part.verdict for part in parts if part.basis == "facts"]
    modelled = sum(part.basis in ("estimate", "model") for part in parts)
    if modelled + len(facts) < len(parts) or {"cannot tell", "disputed"} & {*facts}:
        return None
    wanted = needed(rule, parts) - facts.count("holds")
    return wanted if 0 < wanted <= modelled else None


def combined(rule: Rule, parts: Sequence[Part], joint: Verdict | None) -> Verdict:
    """Return the verdict of a claim.

    Args:
        rule: how many of its parts must hold.
        parts: its parts, at least one.
        joint: the verdict for the probability that enough parts hold; None if it has no probability.
    """
    if all(part.verdict == "not tested" for part in parts):
        return "not tested"
    if any(part.essential and part.verdict == "fails" for part in parts):
        return "fails"
    return {"all": _all, "any": _any, "most": _most}[rule](parts, joint)


def _all(parts: Sequence[Part], joint: Verdict | None) -> Verdict:
    verdicts = {part.verdict for part in parts}
    if "fails" in verdicts:
        return "partly" if "holds" in verdicts else "fails"
    if verdicts == {"holds"}:
        return "holds" if joint in (None, "holds") else "partly"
    if "holds" in verdicts:
        return "partly"
    return _undecided(parts) if joint is None or "not tested" in verdicts else joint


def _any(parts: Sequence[Part], joint: Verdict | None) -> Verdict:
    verdicts = {part.verdict for part in parts}
    if "holds" in verdicts:
        return "holds"
    if "not tested" in verdicts:
        return "cannot tell"
    if joint is not None:
        return joint
    return "fails" if verdicts == {"fails"} else _undecided(parts)


def _most(parts: Sequence[Part], joint: Verdict | None) -> Verdict:
    open_essential = [part for part in parts if part.essential and part.verdict != "holds"]
    if joint is not None and not any(part.verdict == "not tested" for part in parts):
        return _undecided(open_essential) if open_essential and joint == "holds" else joint
    wanted = needed("most", parts)
    if sum(part.verdict == "holds" for part in parts) >= wanted:
        return _undecided(open_essential) if open_essential else "holds"
    if sum(part.verdict != "fails" for part in parts) < wanted:
        return "fails"
    return "cannot tell"


def _undecided(parts: Sequence[Part]) -> Verdict:
    return "disputed" if any(part.verdict == "disputed" for part in parts) else "cannot tell"


def carries_percentage(rule: Rule, parts: Sequence[Part], verdict: Verdict) -> bool:
    """Return whether a claim with this verdict may print the probability that enough of its parts hold.

    A claim that holds in part never prints it, and a claim with an untested part never does either. Nor does a conjunction with a false
    fact or a disjunction with a true one: both are certain. Nor does a majority with an essential part that does not hold: the part
    overrules the majority.
    """
    if rule == "most" and any(part.essential and part.verdict != "holds" for part in parts):
        return False
    if verdict in ("partly", "not tested") or any(part.verdict == "not tested" for part in parts):
        return False
    settled = {"all": "fails", "any": "holds", "most": None}[rule]
    return not any(part.basis == "facts" and part.verdict == settled for part in parts)


def settled_by_facts(rule: Rule, verdict: Verdict, parts: Sequence[Part]) -> bool:
    """Return whether facts alone decide that a claim of several parts holds or fails, whatever its other parts are."""
    facts = [part for part in parts if part.basis == "facts"]
    true, false = (sum(part.verdict == wanted for part in facts) for wanted in ("holds", "fails"))
    enough = needed(rule, parts)
    if not parts:
        return False
    if verdict == "holds":
        return true >= enough and all(part.basis == "facts" for part in parts if part.essential)
    sunk = any(part.essential and part.verdict == "fails" for part in facts)
    return verdict == "fails" and (sunk or false > len(parts) - enough)


# --- words -----------------------------------------------------------------------------------------------------------


def in_words(verdict: Verdict, probability: Likelihood | None, basis: Basis, by_model: Collection[float] = ()) -> Text:
    """Return the probability in words with its number, or how the verdict was reached without one.

    Args:
        verdict: of a test, a part or a claim.
        probability: pooled over models.
        basis: what decides.
        by_model: the probabilities by model at the central threshold, between whose ends models disagree.
    """
    if verdict == "not tested":
        return VERDICT_WORDS[verdict]
    if verdict == "disputed" and by_model:
        return message("models disagree ({range})", range=figure_range(min(by_model), max(by_model), basis))
    return phrase(probability.mid, basis) if probability else BY_THE_FACTS


def parts_in_words(parts: Sequence[Part]) -> Text:
    """Return which parts hold and which do not: "“record” and “amount” hold; “year” fails"."""
    verdicts: tuple[Verdict, ...] = ("holds", "fails", "disputed", "cannot tell", "not tested")
    names = {wanted: [part_words(part.name) for part in parts if part.verdict == wanted] for wanted in verdicts}
    return in_semicolons(_with_verb(verdict, of) for verdict, of in names.items() if of)


def _with_verb(verdict: Verdict, names: Sequence[Text]) -> Text:
    """Return that some parts have a verdict, at least one."""
    parts, count = listed(names), len(names)
    match verdict:
        case "holds":
            return plural("{parts} holds", "{parts} hold", count, parts=parts)
        case "fails":
            return plural("{parts} fails", "{parts} fail", count, parts=parts)
        case "disputed":
            return plural("{parts} is disputed", "{parts} are disputed", count, parts=parts)
        case "not tested":
            return plural("{parts} is not tested", "{parts} are not tested", count, parts=parts)
        case _:
            return plural("{parts} is undecided", "{parts} are undecided", count, parts=parts)


def together_in_words(joint: Verdict) -> Text:
    """Return that all parts of a conjunction hold, and how they fare together, which is not `holds`."""
    if joint == "fails":
        return message("each part holds by itself, but not all together")
    return message("each part holds by itself, but whether all do together is open")
