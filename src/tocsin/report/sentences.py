"""The sentences of the brief, composed from verdicts and numbers for any case.

Rules: words such as "likely" always carry their number in brackets; a likelihood and a confidence never share a sentence;
a claim's number stands in brackets after its text; untested claims are named; results hold "in this model" only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.assessment.result import Alarm, Assessment, ClaimResult, FearRow, PartResult, Verdict
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import FAILS, HOLDS, percent, whole
from tocsin.case import nodes
from tocsin.case.schema import Case
from tocsin.report.wording import (
    aim_share,
    clip,
    counted,
    holds_with,
    is_likely,
    listed,
    out_of_hundred,
    readable,
    spending_rise,
    time_equivalent,
)

LONG_QUOTE, SHORT_QUOTE = 22, 14
"""Words quoted of the claim that answers a question, and of the others."""

# --- a claim -------------------------------------------------------------------------------------------------------


def verdict_text(claim: ClaimResult) -> str:
    """Return a claim's verdict as the predicate of a sentence whose subject is the claim."""
    mid = claim.probability.mid if claim.probability else None
    if claim.verdict == "not tested":
        return "is not yet tested"
    if claim.verdict == "partly":
        text = f"holds in part: {claim.words}"
    elif mid is None:
        undecided = claim.verdict == "cannot tell"
        text = f"cannot be decided: {claim.words}" if undecided else f"{claim.verdict} according to the facts"
    elif claim.verdict == "disputed":
        text = f"is disputed: {claim.words}; pooled over models, it {holds_with(mid)}"
    else:
        text = holds_with(mid)
    return "; ".join(filter(None, (text, _untested_parts(claim))))


def explanation(case: Case, claim: ClaimResult, *, with_range: bool = False) -> str:
    """Return sentences that explain a verdict: its probability, its untested parts, its threshold and its range."""
    if claim.verdict == "not tested":
        return ""
    mid = claim.probability.mid if claim.probability else None
    if claim.verdict == "partly":
        texts = [claim.words]
    elif mid is None:
        texts = [f"cannot be decided: {claim.words}" if claim.verdict == "cannot tell" else "decided by the facts"]
    else:
        texts = [claim.words] if claim.verdict == "disputed" else []
        texts.append(f"{'in this model ' if case.theatres else ''}it {holds_with(mid)}")
    first = "; ".join(filter(None, (*texts, _untested_parts(claim))))
    said = [f"{first[:1].upper()}{first[1:]}.", threshold_sentence(case, claim)]
    if with_range and case.theatres and mid is not None and claim.verdict != "partly":
        said.append(f"Range over models and thresholds: {range_of(claim)}.")
    return " ".join(filter(None, said))


def _untested_parts(claim: ClaimResult) -> str:
    """Return how many parts of a claim are untested, or an empty text."""
    count = sum(part.verdict == "not tested" for part in claim.parts)
    if not count or claim.verdict == "not tested":
        return ""
    parts = "" if claim.verdict == "partly" else f" of its {len(claim.parts)} parts"
    return f"{count}{parts} {'is' if count == 1 else 'are'} not yet tested"


def range_of(claim: ClaimResult | PartResult) -> str:
    """Return the range of a claim or part over models and thresholds: "3 % to 96 %", or "3 %" if both ends print alike."""
    if claim.probability is None:
        return ""
    low, high = percent(claim.probability.low), percent(claim.probability.high)
    return low if low == high else f"{low} to {high}"


def is_fragile(claim: ClaimResult | PartResult) -> bool:
    """Return whether a claim or part holds under one model or threshold and fails under another."""
    if claim.probability is None:
        return False
    return whole(claim.probability.low) < FAILS and whole(claim.probability.high) >= HOLDS


def _other_threshold(case: Case, claim: ClaimResult) -> tuple[float, float, float] | None:
    """Return the nearest threshold with another verdict, the central one, and the probability at the first."""
    threshold = case.claims[claim.id].threshold
    if threshold is None or not claim.by_threshold or claim.probability is None:
        return None
    central, holds = threshold.central, whole(claim.probability.mid) >= HOLDS
    others = [(value, central, mid) for value, mid in claim.by_threshold if (whole(mid) >= HOLDS) != holds]
    return min(others, key=lambda other: abs(other[0] - central), default=None)


def threshold_sentence(case: Case, claim: ClaimResult) -> str:
    """Return sentences that say how the verdict changes with the threshold; empty where it does not."""
    nearest = _other_threshold(case, claim)
    if nearest is None:
        return ""
    value, central, mid = nearest
    other = "any effect counts" if value == 0 else f"effects above {threshold_text(case, claim.id, value)} count"
    share = " of the whole aim" if _compares_fear(case, claim.id) else ""
    return (
        f"The test counts only effects above {threshold_text(case, claim.id, central)}{share}. "
        f"If {other}, it {holds_with(mid)}."
    )


def _compares_fear(case: Case, name: str) -> bool:
    """Return whether the threshold of a claim is compared with fear only, which is a share of the whole aim."""
    nodes_of_tests = [node for test in case.tests[name].values() for node in nodes.walk(test.node)]
    compared = [node for node in nodes_of_tests if isinstance(node, nodes.Binary) and _has_threshold(node)]
    return bool(compared) and all(
        any(isinstance(node, nodes.Call) and node.name.startswith("fear") for node in nodes.walk(binary))
        for binary in compared
    )


def _has_threshold(node: nodes.Binary) -> bool:
    return isinstance(node.a, nodes.Threshold) or isinstance(node.b, nodes.Threshold)


def threshold_text(case: Case, name: str, value: float) -> str:
    """Return a threshold of a claim with its unit; shares and probabilities in per cent."""
    threshold = case.claims[name].threshold
    unit = threshold.unit if threshold else "1"
    return f"{100 * value:g} %" if unit == "1" else f"{value:g} {unit}"


# --- the answer ----------------------------------------------------------------------------------------------------


def answer(assessment: Assessment) -> tuple[str, ...]:
    """Return the answer in paragraphs: the central claim, the costliest event of a game, and the count of verdicts."""
    if not assessment.case.theatres:
        return _first_claim(assessment), _tally(assessment)
    return _central(assessment), _costliest(assessment), _tally(assessment)


def _first_claim(assessment: Assessment) -> str:
    """Return the verdict of the claim that answers the first question of a case without a game."""
    questions = list(assessment.case.questions.values())
    claim = assessment.claim(questions[0].claims[0]) if questions else assessment.claims[0]
    return f"“{clip(claim.says, 30)}” {verdict_text(claim)} ({claim.id})."


def central_claim(assessment: Assessment) -> ClaimResult | None:
    """Return the claim that answers most: the first one of the questions that the model decides without parts."""
    named = [name for question in assessment.case.questions.values() for name in question.claims]
    order = {name: index for index, name in reversed(list(enumerate(named)))}
    decided = [claim for claim in assessment.claims if claim.probability is not None]
    return min(decided, key=lambda claim: (bool(claim.parts), order.get(claim.id, len(named))), default=None)


_CENTRAL: dict[Verdict, str] = {
    "holds": "In this model the central claim holds",
    "partly": "In this model the central claim holds in part",
    "fails": "In this model the central claim fails",
    "disputed": "In this model the central claim is disputed",
    "cannot tell": "This model cannot decide the central claim",
    "not tested": "The central claim is not yet tested",
}


def _central(assessment: Assessment) -> str:
    claim = central_claim(assessment)
    if claim is None or claim.probability is None:
        left = [other for other in assessment.claims if other.verdict == "cannot tell"]
        because = f" {counted(len(left), 'claim')} cannot be decided: {left[0].words}." if left else ""
        return f"The model decides none of the claims as a whole.{because} The facts decide the others that are tested."
    said = f"{_CENTRAL[claim.verdict]}: “{clip(claim.says, 30)}” {holds_with(claim.probability.mid)} ({claim.id})."
    threshold = threshold_sentence(assessment.case, claim)
    return f"{said} {threshold or f'The range over models and thresholds is {range_of(claim)}.'}"


def _costliest(assessment: Assessment) -> str:
    case, rows = assessment.case, assessment.figures.fear
    theatre = case.theatres[case.main]
    challenger, target = case.actors[theatre.challenger].name, case.actors[theatre.target].name
    if assessment.run.effective_draws < MIN_EFFECTIVE:
        return (
            f"There are only {assessment.run.effective_draws:.0f} effective draws, and a verdict needs "
            f"{MIN_EFFECTIVE}. The losses from events and the charts below rest on the same few draws."
        )
    row = max(rows, key=lambda row: row.total[1], default=None)
    if row is None or not math.isfinite(row.total[1]):
        return "No event was tested."
    tested = f"Of the {len(rows)} events tested" if len(rows) > 1 else "Of the one event tested"
    if row.total[1] <= 0:
        return f"{tested}, none costs {challenger} anything in the median world."
    low, median, high = (aim_share(value) for value in row.total)
    time, rise = time_equivalent(row.total[1], case.discounting.central), spending_rise(row.equal_rise[1])
    time = time if time == "for ever" else f"for {time}"
    same = "" if rise == "none" else f", or a permanent rise of {rise} in {target}'s military spending"
    return (
        f"{tested}, this one costs {challenger} most: “{event_text(row)}”. In {out_of_hundred(1.0 - row.negative)} modelled "
        f"worlds it leaves {challenger} no better off. The median loss is {median} of its whole aim, “{clip(theatre.aim, 12)}” "
        f"(90 % of worlds: {low} to {high}). That equals holding the aim {time}{same}."
    )


def event_text(row: FearRow) -> str:
    """Return an event in the words of the case, or its key if the case has none."""
    return clip(row.label, LONG_QUOTE) if row.label != row.event else readable(row.event)


_GROUPS: tuple[tuple[tuple[Verdict, ...], str, str], ...] = (
    (("holds",), "holds", "hold"),
    (("partly",), "holds in part", "hold in part"),
    (("fails",), "fails", "fail"),
    (("disputed", "cannot tell"), "is disputed or undecided", "are disputed or undecided"),
    (("not tested",), "is not yet tested", "are not yet tested"),
)
"""Verdicts with their verb for one claim and for several."""


def _tally(assessment: Assessment) -> str:
    count = Counter(claim.verdict for claim in assessment.claims)
    numbers = [(sum(count[verdict] for verdict in verdicts), one, several) for verdicts, one, several in _GROUPS]
    said = [f"{number} {one if number == 1 else several}" for number, one, several in numbers if number]
    total = f"Of {counted(len(assessment.claims), 'claim')}, {listed(said)}."
    motives = [claim for claim in assessment.claims if claim.kind == "motive"]
    untested = sum(claim.verdict == "not tested" for claim in motives)
    if not untested:
        return total
    if untested == len(motives):
        return f"{total} No claim about motives is tested."
    return (
        f"{total} Of the {len(motives)} claims about motives, {untested} {'is' if untested == 1 else 'are'} untested."
    )


# --- the questions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionAnswer:
    """A question with the verdicts of its claims.

    Attributes:
        asks: the question.
        lead: the claim that answers first.
        text: the answer in a few sentences; claims are quoted, with their numbers in brackets.
        first_page: a shorter answer, which does not quote the central claim again.
        tested, untested: its claims, in the order in which the case names them.
    """

    asks: str
    lead: ClaimResult
    text: str
    first_page: str
    tested: tuple[ClaimResult, ...]
    untested: tuple[ClaimResult, ...]


def questions(assessment: Assessment, quoted: int = LONG_QUOTE) -> list[QuestionAnswer]:
    """Return the questions of the case with their answers; those for the first page quote at most `quoted` words."""
    answers, central = [], central_claim(assessment)
    for question in assessment.case.questions.values():
        claims = [assessment.claim(name) for name in dict.fromkeys(question.claims)]
        answers.append(
            QuestionAnswer(
                asks=question.asks,
                lead=claims[0],
                text=_full_answer(assessment.case, claims),
                first_page=_short_answer(assessment.case, claims, claims[0] is central, quoted),
                tested=tuple(claim for claim in claims if claim.verdict != "not tested"),
                untested=tuple(claim for claim in claims if claim.verdict == "not tested"),
            )
        )
    return answers


def _full_answer(case: Case, claims: Sequence[ClaimResult]) -> str:
    """Return an answer that quotes all claims."""
    lead = claims[0]
    said = [f"“{clip(lead.says, LONG_QUOTE)}” {verdict_text(lead)} ({lead.id}).", _threshold_remark(case, lead)]
    for verb, group in _grouped(claims[1:]):
        subject = "One related claim" if len(group) == 1 else f"{len(group)} related claims"
        quotes = listed(f"“{clip(claim.says, SHORT_QUOTE)}” ({claim.id})" for claim in group)
        said.append(f"{subject} {verb}: {quotes}.")
        if wanted := needs(case, [claim.id for claim in group if claim.verdict == "not tested"]):
            said.append(f"A test needs {listed(wanted[:3])}.")
    return " ".join(filter(None, said))


def _short_answer(case: Case, claims: Sequence[ClaimResult], is_central: bool, quoted: int) -> str:
    """Return an answer that quotes the first claim only; its verdict and number stand above it on the page."""
    lead = claims[0]
    name = "The central claim" if is_central else f"“{clip(lead.says, quoted)}”"
    verdict = f": {lead.words}" if lead.verdict == "partly" else f" {verdict_text(lead)}"
    said = [f"{name}{verdict}.", _threshold_remark(case, lead)]
    groups = [f"{len(group)} {verb} ({_numbers(group)})" for verb, group in _grouped(claims[1:])]
    if groups:
        said.append(f"Related claims: {listed(groups)}.")
    return " ".join(filter(None, said))


def _threshold_remark(case: Case, claim: ClaimResult) -> str:
    """Return how another threshold would change the verdict; empty where none would."""
    other = _other_threshold(case, claim)
    if other is None or claim.probability is None:
        return ""
    verb = "would not hold" if whole(claim.probability.mid) >= HOLDS else "would hold"
    return f"It {verb} if {'smaller' if other[0] < other[1] else 'only larger'} effects counted."


def _grouped(claims: Sequence[ClaimResult]) -> list[tuple[str, list[ClaimResult]]]:
    """Return claims by verdict, each group with its verb."""
    groups = []
    for verdicts, one, several in _GROUPS:
        group = [claim for claim in claims if claim.verdict in verdicts]
        if group:
            groups.append((one if len(group) == 1 else several, group))
    return groups


def _numbers(claims: Sequence[ClaimResult]) -> str:
    names = [claim.id for claim in claims]
    return ", ".join(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"])


def needs(case: Case, names: Iterable[str]) -> list[str]:
    """Return what tests of these claims would need, each once."""
    wanted: dict[str, None] = {}
    for name in names:
        untested = case.claims[name].untested
        wanted.update(dict.fromkeys(untested.needs if untested else ()))
    return list(wanted)


# --- alarm ---------------------------------------------------------------------------------------------------------

EVIDENCE_RATIO = 3.0
"""Likelihood ratio from which a statement counts as evidence (Kass and Raftery 1995)."""

_SPEAKERS = {
    "commentary": "a commentary",
    "statement": "a statement by a newspaper or ministry",
    "leader": "a statement by the leader",
}


def alarm_sentences(alarm: Alarm) -> str:
    """Return how likely real alarm is, with and without a statement, and whether the statement is evidence of it."""
    low, high = percent(alarm.after.low), percent(alarm.after.high)
    events = listed(f"“{readable(event)}”" for event in alarm.events)
    if alarm.ratio[2] < EVIDENCE_RATIO:
        weight = "So it says almost nothing about alarm."
    else:
        weight = "So it is evidence." if alarm.ratio[0] >= EVIDENCE_RATIO else "So it may or may not be evidence."
    return (
        f"Real alarm over {events} {is_likely(alarm.after.mid)}; the probability ranges from {low} to {high} over the types "
        f"of challenger. Without the statement it would be {percent(alarm.before.mid)}. The evidence is "
        f"{_SPEAKERS[alarm.rung]}, with no costly act beside it. It is {alarm.ratio[1]:.2f} times ({alarm.ratio[0]:.2f} to "
        f"{alarm.ratio[2]:.2f}) as likely from an alarmed challenger as from one that poses. {weight}"
    )
