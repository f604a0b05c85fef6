"""The sentences of the brief, composed from verdicts and numbers for any case.

Rules: words such as "likely" always carry their number in brackets; a likelihood and a confidence never share a sentence;
a claim's number stands in brackets after its text; untested claims are named; results hold "in this model" only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from tocsin.assessment.amounts import with_unit
from tocsin.assessment.confidence import ONLY_ARTICLE, is_of_article_alone
from tocsin.assessment.requests import claims_using_games, claims_without_games
from tocsin.assessment.result import Alarm, Assessment, Basis, ClaimResult, Curve, PartResult, Verdict
from tocsin.assessment.words import FAILS, HOLDS, figure, figure_range, in_percent, in_worlds, plain, whole
from tocsin.case import nodes
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.report.wording import comes_true_with, holds_with, in_runs, is_likely
from tocsin.translation import Text, clip, in_semicolons, in_sentences, key_words, listed, message, plural, sentence
from tocsin.translation.text import Message

LONG_QUOTE, SHORT_QUOTE = 22, 14
"""Words quoted of the claim that answers a question, and of the others."""

# --- a claim -------------------------------------------------------------------------------------------------------


def verdict_text(claim: ClaimResult) -> Text:
    """Return a claim's verdict as the predicate of a sentence whose subject is the claim."""
    if claim.verdict == "not tested":
        return message("is not tested")
    if claim.verdict == "partly":
        return message("holds in part: {reason}", reason=claim.words)
    if claim.verdict == "disputed":
        return message("is disputed: {reason}", reason=claim.words)
    if claim.verdict == "cannot tell":
        return message("cannot be decided: {reason}", reason=claim.words)
    if claim.probability:
        return holds_with(claim.probability.mid, claim.basis)
    if claim.verdict == "holds":
        return message("holds: {reason}", reason=claim.words)
    return message("fails: {reason}", reason=claim.words)


def article_alone(claim: ClaimResult) -> Text:
    """Return that the article is the only source of a claim, so that its verdict is no independent finding; empty if there is another."""
    return sentence(ONLY_ARTICLE) if claim.confidence and is_of_article_alone(claim) else Text()


def _with_probability(case: Case, claim: ClaimResult) -> Text:
    """Return what a claim's probability rests on, and the probability, which of a chance is that it comes true."""
    assert claim.probability is not None
    predicate = holds_with if case.claims[claim.id].chance is None else comes_true_with
    verdict = predicate(claim.probability.mid, claim.basis)
    if claim.basis == "model":
        return message("In this model it {verdict}", verdict=verdict)
    if claim.basis == "estimate":
        return message("By the estimates it {verdict}", verdict=verdict)
    return message("It {verdict}", verdict=verdict)


_TURNABLE = message("The sampling error could turn the verdict.")


def explanation(case: Case, claim: ClaimResult) -> Text:
    """Return sentences that explain a verdict: its probability, its parts and its threshold, or why it is not tested."""
    if claim.verdict == "not tested":
        return sentence(claim.note or _reason(claim))
    if claim.verdict == "cannot tell":
        text: str = message("cannot be decided: {reason}", reason=claim.shown or claim.words)
    elif claim.verdict in ("holds", "fails") and claim.probability:
        text = _with_worlds(_with_probability(case, claim), claim)
    else:
        text = claim.shown or claim.words
    return in_sentences(sentence(text), threshold_sentence(case, claim), _TURNABLE if claim.turnable else "")


def part_said(part: PartResult) -> Text:
    """Return in a few words why a part has its verdict: what the facts show, its probability, or why it is not tested."""
    text = _reason(part) if part.verdict == "not tested" else _with_worlds(part.shown or part.words, part)
    return in_sentences(sentence(text), _TURNABLE if part.turnable else "")


def _with_worlds(result: str, claim: ClaimResult | PartResult) -> str:
    """Return a result with ": in none of 512 worlds" if a claim or part holds in none of the solved worlds, or in all."""
    worlds = in_worlds(claim.probability.worlds) if claim.probability else ""
    return message("{result}: {worlds}", result=result, worlds=worlds) if worlds else result


def _reason(result: ClaimResult | PartResult) -> str:
    """Return why a claim or part is not tested, in a few words; empty if its words say no more than that."""
    reason = result.words.values.get("reason") if isinstance(result.words, Message) else None
    return reason if isinstance(reason, str) else ""


def curve_text(curve: Curve, basis: Basis) -> Text:
    """Return a curve in words: "a year's trade; threshold 0 %: 90 %; threshold 2 %: below 5 %; the verdict turns at 1.2 %"."""
    texts = [curve.means] if curve.means else []
    for value, mid in curve.points:
        threshold = threshold_value(value, curve.unit)
        texts.append(message("threshold {threshold}: {chance}", threshold=threshold, chance=figure(mid, basis)))
    if curve.turns:
        turns = listed(threshold_value(value, curve.unit) for value in curve.turns)
        texts.append(message("the verdict turns at {thresholds}", thresholds=turns))
    return in_semicolons(texts)


def threshold_value(value: float, unit: str) -> Text:
    """Return a threshold with its unit; a pure number as a percentage."""
    if unit == "1":
        return in_percent(plain(100 * value, 3))
    return with_unit(plain(value, 3), unit)


def range_of(claim: ClaimResult | PartResult) -> Text:
    """Return the range of a claim or part over models, and over thresholds if it has a curve: "9 % to above 95 %", or "9 %" if both ends print alike."""
    return figure_range(claim.probability.low, claim.probability.high, claim.basis) if claim.probability else Text()


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


def threshold_sentence(case: Case, claim: ClaimResult) -> Text:
    """Return sentences that say how the verdict changes with the threshold; empty where it does not."""
    nearest = nearest_turn(case, claim)
    if nearest is None:
        return Text()
    value, central, mid = nearest
    threshold = threshold_text(case, claim.id, central)
    if claim.curve and claim.curve.means:
        counts = message("The test counts only {effects}.", effects=claim.curve.means)
    elif _compares_losses(case, claim.id):
        counts = message("The test counts only effects above {threshold} of its own aim.", threshold=threshold)
    else:
        counts = message("The test counts only effects above {threshold}.", threshold=threshold)
    verdict = holds_with(mid, claim.basis)
    if value == 0:
        return in_sentences(counts, message("If any effect counts, it {verdict}.", verdict=verdict))
    other = threshold_text(case, claim.id, value)
    return in_sentences(
        counts, message("If effects above {threshold} count, it {verdict}.", threshold=other, verdict=verdict)
    )


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


def threshold_text(case: Case, name: str, value: float) -> Text:
    """Return a threshold of a claim with its unit; shares and probabilities in per cent."""
    threshold = case.claims[name].threshold
    return threshold_value(value, threshold.unit if threshold else "1")


_NOBODY = Text()


@dataclass(frozen=True)
class GameUse:
    """What some claims need to be decided: the words, the claims in a few words, and the first of them; empty if it concerns none."""

    words: Text
    names: Text = _NOBODY
    first: str = ""


def games_used(case: Case, settled: Collection[str] = ()) -> list[GameUse]:
    """Return for how many claims a game is used and for how many none is needed; without games, that facts decide.

    Args:
        case: the case.
        settled: claims that facts alone decide in a run; no game is needed for them.
    """
    if not case.theatres:
        if case.beliefs:
            return [GameUse(message("No game is used: facts and estimates decide"))]
        return [GameUse(message("No game is used: facts decide"))]
    order, used, not_needed = list(case.claims), claims_using_games(case, settled), claims_without_games(case, settled)
    uses = [GameUse(_model_use(len(used), len(order)), in_runs(used, order), next(iter(used), ""))]
    if not_needed:
        words = message("none is needed for {number}", number=len(not_needed))
        uses.append(GameUse(words, in_runs(not_needed, order), not_needed[0]))
    return uses


def _model_use(used: int, claims: int) -> Text:
    if not used:
        return plural("A model is used for none of {count} claim", "A model is used for none of {count} claims", claims)
    return plural(
        "A model is used for {used} of {count} claim", "A model is used for {used} of {count} claims", claims, used=used
    )


def games_text(case: Case, settled: Collection[str] = ()) -> Text:
    """Return the same as one sentence, with the claims in brackets."""
    return sentence(
        in_semicolons(
            message("{use} ({claims})", use=use.words, claims=use.names) if use.names else use.words
            for use in games_used(case, settled)
        )
    )


# --- the questions -------------------------------------------------------------------------------------------------

_GROUPS: tuple[tuple[tuple[Verdict, ...], Callable[[int, Text], Text]], ...] = (
    (
        ("holds",),
        lambda count, claims: plural(
            "One related claim holds: {claims}.", "{count} related claims hold: {claims}.", count, claims=claims
        ),
    ),
    (
        ("partly",),
        lambda count, claims: plural(
            "One related claim holds in part: {claims}.",
            "{count} related claims hold in part: {claims}.",
            count,
            claims=claims,
        ),
    ),
    (
        ("fails",),
        lambda count, claims: plural(
            "One related claim fails: {claims}.", "{count} related claims fail: {claims}.", count, claims=claims
        ),
    ),
    (
        ("disputed", "cannot tell"),
        lambda count, claims: plural(
            "One related claim is disputed or undecided: {claims}.",
            "{count} related claims are disputed or undecided: {claims}.",
            count,
            claims=claims,
        ),
    ),
    (
        ("not tested",),
        lambda count, claims: plural(
            "One related claim is not tested: {claims}.",
            "{count} related claims are not tested: {claims}.",
            count,
            claims=claims,
        ),
    ),
)
"""Verdicts with the sentence on the claims that have one of them, made of their number and their quotations."""


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
    text: Text
    claims: tuple[ClaimResult, ...]


def questions(assessment: Assessment) -> list[QuestionAnswer]:
    """Return the questions of the case with their answers."""
    answers = []
    for number, question in enumerate(assessment.case.questions.values(), start=1):
        claims = tuple(assessment.claim(name) for name in dict.fromkeys(question.claims))
        answers.append(QuestionAnswer(number, question.asks, _full_answer(assessment.case, claims), claims))
    return answers


def _full_answer(case: Case, claims: Sequence[ClaimResult]) -> Text:
    """Return an answer that quotes all claims."""
    lead = claims[0]
    quoted = clip(lead.says, LONG_QUOTE)
    texts: list[str] = [
        message("“{claim}” {verdict} ({number}).", claim=quoted, verdict=verdict_text(lead), number=lead.id),
        article_alone(lead),
        _threshold_remark(case, lead),
    ]
    for verdicts, related in _GROUPS:
        group = [claim for claim in claims[1:] if claim.verdict in verdicts]
        if not group:
            continue
        texts.append(related(len(group), listed(_quotation(claim) for claim in group)))
        if wanted := needs(case, [claim.id for claim in group if claim.verdict == "not tested"]):
            texts.append(message("To test this, the case needs {needs}.", needs=listed(wanted[:3])))
    return in_sentences(*texts)


def _quotation(claim: ClaimResult) -> Text:
    return message("“{claim}” ({number})", claim=clip(claim.says, SHORT_QUOTE), number=claim.id)


def _threshold_remark(case: Case, claim: ClaimResult) -> Text:
    """Return how another threshold would change the verdict; empty where none would."""
    other = nearest_turn(case, claim)
    if other is None or claim.probability is None:
        return Text()
    smaller = other[0] < other[1]
    if whole(claim.probability.mid) >= HOLDS:
        if smaller:
            return message("It would not hold if smaller effects counted.")
        return message("It would not hold if only larger effects counted.")
    if smaller:
        return message("It would hold if smaller effects counted.")
    return message("It would hold if only larger effects counted.")


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
    "commentary": message("a commentary"),
    "statement": message("a statement by a newspaper or ministry"),
    "leader": message("a statement by the leader"),
}


def alarm_sentences(alarm: Alarm) -> Text:
    """Return how likely real alarm is, with and without a statement, and whether the statement is evidence of it."""
    low, ratio, high = (f"{value:.2f}" for value in alarm.ratio)
    return in_sentences(
        message(
            "Real alarm over {events} {likely}; its range over the types of challenger is {range}.",
            events=listed(message("“{event}”", event=key_words(event)) for event in alarm.events),
            likely=is_likely(alarm.after.mid, "model"),
            range=figure_range(alarm.after.low, alarm.after.high, "model"),
        ),
        message("Without the statement it would be {chance}.", chance=figure(alarm.before.mid, "model")),
        message("The evidence is {statement}, with no costly act beside it.", statement=_SPEAKERS[alarm.rung]),
        message(
            "It is {ratio} times ({low} to {high}) as likely from an alarmed challenger as from one that poses.",
            ratio=ratio,
            low=low,
            high=high,
        ),
        _weight(alarm),
    )


def _weight(alarm: Alarm) -> Text:
    """Return whether a statement is evidence of alarm."""
    if alarm.ratio[2] < EVIDENCE_RATIO:
        return message("So it says almost nothing about alarm.")
    if alarm.ratio[0] >= EVIDENCE_RATIO:
        return message("So it is evidence.")
    return message("So it may or may not be evidence.")
