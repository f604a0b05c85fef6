"""The sentences of the brief, composed from verdicts and numbers for any case.

Rules: words such as "likely" always carry their number in brackets; a likelihood and a confidence never share a sentence;
a claim's number stands in brackets after its text; untested claims are named; results hold "in this model" only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.assessment.requests import claims_using_games, claims_without_games
from tocsin.assessment.result import Alarm, Assessment, Basis, ClaimResult, Curve, PartResult, Verdict
from tocsin.assessment.words import FAILS, HOLDS, figure, figure_range, in_worlds, plain, whole
from tocsin.case import nodes
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.report.wording import holds_with, in_runs, is_likely
from tocsin.translation import clip, key_words, listed, plural, sentence

LONG_QUOTE, SHORT_QUOTE = 22, 14
"""Words quoted of the claim that answers a question, and of the others."""

# --- a claim -------------------------------------------------------------------------------------------------------


def verdict_text(claim: ClaimResult) -> str:
    """Return a claim's verdict as the predicate of a sentence whose subject is the claim."""
    if claim.verdict == "not tested":
        return "is not tested"
    if claim.verdict == "partly":
        return f"holds in part: {claim.words}"
    if claim.verdict in ("disputed", "cannot tell"):
        return f"{'is disputed' if claim.verdict == 'disputed' else 'cannot be decided'}: {claim.words}"
    return holds_with(claim.probability.mid, claim.basis) if claim.probability else f"{claim.verdict}: {claim.words}"


def _with_probability(case: Case, claim: ClaimResult) -> str:
    """Return the predicate with the probability of a claim, which of a chance is that it comes true."""
    assert claim.probability is not None
    said = holds_with(claim.probability.mid, claim.basis)
    if case.claims[claim.id].chance is None:
        return said
    return said.replace(" of holding", " of coming true").replace(" to hold", " to come true")


_GROUNDS: dict[Basis, str] = {
    "model": "in this model it",
    "estimate": "by the estimates it",
    "facts": "it",
    "nothing": "it",
}


def explanation(case: Case, claim: ClaimResult) -> str:
    """Return sentences that explain a verdict: its probability, its parts and its threshold, or why it is not tested."""
    if claim.verdict == "not tested":
        return sentence(claim.note or _reason(claim))
    if claim.verdict == "cannot tell":
        text = f"cannot be decided: {claim.shown or claim.words}"
    elif claim.verdict in ("holds", "fails") and claim.probability:
        text = f"{_GROUNDS[claim.basis]} {_with_probability(case, claim)}{counted_worlds(claim)}"
    else:
        text = claim.shown or claim.words
    turnable = "The sampling error could turn the verdict." if claim.turnable else ""
    return " ".join(filter(None, (sentence(text), threshold_sentence(case, claim), turnable)))


def part_said(part: PartResult) -> str:
    """Return in a few words why a part has its verdict: what the facts show, its probability, or why it is not tested."""
    text = _reason(part) if part.verdict == "not tested" else (part.shown or part.words) + counted_worlds(part)
    turnable = "The sampling error could turn the verdict." if part.turnable else ""
    return " ".join(filter(None, (sentence(text), turnable)))


def counted_worlds(result: ClaimResult | PartResult) -> str:
    """Return ": in none of 512 worlds" if a claim or part holds in none of the solved worlds, or in all; else nothing."""
    text = in_worlds(result.probability.worlds) if result.probability else ""
    return f": {text}" if text else ""


def _reason(result: ClaimResult | PartResult) -> str:
    """Return why a claim or part is not tested, in a few words; empty if the words say no more than that."""
    return result.words.removeprefix(result.verdict).lstrip(": ")


def curve_text(curve: Curve, basis: Basis) -> str:
    """Return a curve in words: "a year's trade; threshold 0 %: 90 %; threshold 2 %: below 5 %; the verdict turns at 1.2 %"."""
    said = [curve.means] if curve.means else []
    said += [f"threshold {_with_unit(value, curve.unit)}: {figure(mid, basis)}" for value, mid in curve.points]
    if curve.turns:
        said.append(f"the verdict turns at {listed(_with_unit(value, curve.unit) for value in curve.turns)}")
    return "; ".join(said)


def _with_unit(value: float, unit: str) -> str:
    return f"{plain(100 * value, 3)} %" if unit == "1" else f"{plain(value, 3)} {unit}"


def range_of(claim: ClaimResult | PartResult) -> str:
    """Return the range of a claim or part over models and thresholds: "9 % to above 95 %", or "9 %" if both ends print alike."""
    return figure_range(claim.probability.low, claim.probability.high, claim.basis) if claim.probability else ""


def is_fragile(claim: ClaimResult | PartResult) -> bool:
    """Return whether a claim or part holds under one model or threshold and fails under another."""
    if claim.probability is None:
        return False
    return whole(claim.probability.low) < FAILS and whole(claim.probability.high) >= HOLDS


def nearest_turn(case: Case, claim: ClaimResult) -> tuple[float, float, float] | None:
    """Return the nearest threshold with another verdict, the central one, and the probability at the first."""
    threshold = case.claims[claim.id].threshold
    if threshold is None or claim.curve is None or claim.probability is None:
        return None
    central, holds = threshold.central, whole(claim.probability.mid) >= HOLDS
    others = [(value, central, mid) for value, mid in claim.curve.points if (whole(mid) >= HOLDS) != holds]
    return min(others, key=lambda other: abs(other[0] - central), default=None)


def threshold_sentence(case: Case, claim: ClaimResult) -> str:
    """Return sentences that say how the verdict changes with the threshold; empty where it does not."""
    nearest = nearest_turn(case, claim)
    if nearest is None:
        return ""
    value, central, mid = nearest
    if claim.curve and claim.curve.means:
        counts = claim.curve.means
    else:
        share = " of its own aim" if _compares_losses(case, claim.id) else ""
        counts = f"effects above {threshold_text(case, claim.id, central)}{share}"
    other = "any effect counts" if value == 0 else f"effects above {threshold_text(case, claim.id, value)} count"
    return f"The test counts only {counts}. If {other}, it {holds_with(mid, claim.basis)}."


def _compares_losses(case: Case, name: str) -> bool:
    """Return whether the threshold of a claim is compared with losses only, which is a share of the challenger's own aim."""
    nodes_of_tests = [node for test in case.tests[name].values() for node in nodes.walk(test.node)]
    compared = [node for node in nodes_of_tests if isinstance(node, nodes.Binary) and _has_threshold(node)]
    return bool(compared) and all(
        any(isinstance(node, nodes.Call) and QUANTITIES[node.name].aims for node in nodes.walk(binary))
        for binary in compared
    )


def _has_threshold(node: nodes.Binary) -> bool:
    return isinstance(node.a, nodes.Threshold) or isinstance(node.b, nodes.Threshold)


def threshold_text(case: Case, name: str, value: float) -> str:
    """Return a threshold of a claim with its unit; shares and probabilities in per cent."""
    threshold = case.claims[name].threshold
    return _with_unit(value, threshold.unit if threshold else "1")


@dataclass(frozen=True)
class GameUse:
    """What some claims need to be decided: the words, the claims in a few words, and the first of them; empty if it concerns none."""

    words: str
    names: str = ""
    first: str = ""


def games_used(case: Case) -> list[GameUse]:
    """Return for how many claims a game is used and for how many none is needed; without games, that facts decide."""
    if not case.theatres:
        return [GameUse(f"No game is used: facts {'and estimates ' if case.beliefs else ''}decide")]
    order, used, not_needed = list(case.claims), claims_using_games(case), claims_without_games(case)
    number = f"{len(used) or 'none'} of {plural('{count} claim', '{count} claims', len(order))}"
    uses = [GameUse(f"A model is used for {number}", in_runs(used, order), next(iter(used), ""))]
    if not_needed:
        uses.append(GameUse(f"none is needed for {len(not_needed)}", in_runs(not_needed, order), not_needed[0]))
    return uses


def games_text(case: Case) -> str:
    """Return the same as one sentence, with the claims in brackets."""
    uses = games_used(case)
    return "; ".join(f"{use.words} ({use.names})" if use.names else use.words for use in uses) + "."


# --- the questions -------------------------------------------------------------------------------------------------

_GROUPS: tuple[tuple[tuple[Verdict, ...], str, str], ...] = (
    (("holds",), "holds", "hold"),
    (("partly",), "holds in part", "hold in part"),
    (("fails",), "fails", "fail"),
    (("disputed", "cannot tell"), "is disputed or undecided", "are disputed or undecided"),
    (("not tested",), "is not tested", "are not tested"),
)
"""Verdicts with their verb for one claim and for several."""


@dataclass(frozen=True)
class QuestionAnswer:
    """A question with its claims.

    Attributes:
        number, asks: its number, from 1, and its text.
        text: the answer in a few sentences; claims are quoted, with their numbers in brackets.
        claims: its claims in the order in which the case names them.
    """

    number: int
    asks: str
    text: str
    claims: tuple[ClaimResult, ...]


def questions(assessment: Assessment) -> list[QuestionAnswer]:
    """Return the questions of the case with their answers."""
    answers = []
    for number, question in enumerate(assessment.case.questions.values(), start=1):
        claims = tuple(assessment.claim(name) for name in dict.fromkeys(question.claims))
        answers.append(QuestionAnswer(number, question.asks, _full_answer(assessment.case, claims), claims))
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


def _threshold_remark(case: Case, claim: ClaimResult) -> str:
    """Return how another threshold would change the verdict; empty where none would."""
    other = nearest_turn(case, claim)
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
    span = figure_range(alarm.after.low, alarm.after.high, "model")
    events = listed(f"“{key_words(event)}”" for event in alarm.events)
    if alarm.ratio[2] < EVIDENCE_RATIO:
        weight = "So it says almost nothing about alarm."
    else:
        weight = "So it is evidence." if alarm.ratio[0] >= EVIDENCE_RATIO else "So it may or may not be evidence."
    return (
        f"Real alarm over {events} {is_likely(alarm.after.mid, 'model')}; its range over the types of challenger is "
        f"{span}. Without the statement it would be {figure(alarm.before.mid, 'model')}. The evidence is "
        f"{_SPEAKERS[alarm.rung]}, with no costly act beside it. It is {alarm.ratio[1]:.2f} times ({alarm.ratio[0]:.2f} to "
        f"{alarm.ratio[2]:.2f}) as likely from an alarmed challenger as from one that poses. {weight}"
    )
