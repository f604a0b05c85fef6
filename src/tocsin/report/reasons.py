"""Why a claim has its verdict, with one number, as a line of the first page says it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from tocsin.assessment.result import Assessment, ClaimResult, ControlRow, PartResult, Verdict
from tocsin.assessment.words import HOLDS, UNSEEN, figure, whole
from tocsin.case import nodes
from tocsin.case.schema import Case
from tocsin.report.sentences import nearest_turn
from tocsin.report.wording import in_hundred, of_what, out_of_hundred
from tocsin.translation import Text, clause, in_sentences, message, plural, sentence, template
from tocsin.translation.text import Message

OPEN: tuple[Verdict, ...] = ("cannot tell", "disputed", "not tested")
"""Verdicts that leave a claim open, those that say most about it first."""
SHORT = 10
"""Words of a quotation below which the page leaves out what a test counts as an effect."""


def holding(claim: ClaimResult) -> PartResult | None:
    """Return the part of a claim that holds and matters most; None if none holds."""
    return _first(part for part in claim.parts if part.verdict == "holds")


def missing(claim: ClaimResult) -> PartResult | None:
    """Return the part that does not hold and matters most: an essential one, else one that fails, else an open one."""
    others = [part for part in claim.parts if part.verdict != "holds"]
    return _first(sorted(others, key=lambda part: part.verdict != "fails"))


def _first(parts: Iterable[PartResult]) -> PartResult | None:
    return min(parts, key=lambda part: not part.essential, default=None)


def short_clause(case: Case, claim: ClaimResult, part: PartResult) -> str:
    """Return a part in the author's short clause; empty if there is none."""
    return case.claims[claim.id].all_parts[part.name].short


def reason(case: Case, claim: ClaimResult, quoted: int) -> Text:
    """Return why a claim has its verdict, with one number, in one or two sentences."""
    if claim.verdict == "not tested":
        return sentence(clause(claim.note or claim.words, 2 * quoted))
    if claim.parts:
        return _by_parts(case, claim, quoted)
    if claim.verdict in ("cannot tell", "disputed") or claim.probability is None:
        return sentence(clause(claim.shown or claim.words, 2 * quoted))
    if case.claims[claim.id].chance is not None:
        return message(
            "The chance, as the mean over the modelled worlds, is {chance}.",
            chance=figure(claim.probability.mid, claim.basis),
        )
    return _by_worlds(case, claim, out_of_hundred(claim.probability.mid, claim.basis))


def _by_worlds(case: Case, claim: ClaimResult, share: Text) -> Text:
    """Return in how many worlds a claim holds, and in how many it would if smaller or only larger effects counted."""
    turn = nearest_turn(case, claim)
    if turn is None:
        return message("The claim holds in {share} modelled worlds.", share=share)
    value, central, mid = turn
    other = in_hundred(mid, claim.basis)
    if value == 0:
        return message(
            "The claim holds in {share} modelled worlds, in {other} if any effect counted.", share=share, other=other
        )
    if value < central:
        return message(
            "The claim holds in {share} modelled worlds, in {other} if smaller effects counted.",
            share=share,
            other=other,
        )
    return message(
        "The claim holds in {share} modelled worlds, in {other} if only larger effects counted.",
        share=share,
        other=other,
    )


def unseen(assessment: Assessment, claim: ClaimResult, quoted: int) -> Text:
    """Return that not even a control reaches what a claim's test counts as an effect; empty if that is not its reason."""
    if claim.verdict != "cannot tell" or claim.words != UNSEEN:
        return Text()
    tests = assessment.case.tests[claim.id].values()
    read = {node.name for test in tests for node in nodes.walk(test.node) if isinstance(node, nodes.Call)}
    rows = [row for row in assessment.controls if row.positive and not row.passes and row.quantity in read]
    if not rows:
        return Text()
    curves = [claim.curve, *(part.curve for part in claim.parts if part.verdict == "cannot tell")]
    means = next((curve.means for curve in curves if curve and curve.means), "")
    effects = clause(means, quoted + 2) if means and quoted >= SHORT else ""
    return _reached(max(rows, key=lambda row: row.exceeds), effects)


def _reached(row: ControlRow, effects: str) -> Text:
    """Return in how few worlds a control reaches what a test counts, which is named unless it is empty, or that models disagree about it."""
    if whole(row.exceeds) >= HOLDS:
        return message(
            "The models of the challenger disagree even on “{event}” ({share} worlds).",
            event=row.name,
            share=out_of_hundred(row.exceeds, "model"),
        )
    few = message("{share} worlds", share=out_of_hundred(row.exceeds, "model"))
    if not few.startswith("fewer"):
        few = message("only {worlds}", worlds=few)
    if not effects:
        return message("Even “{event}” reaches what counts here in {worlds}.", event=row.name, worlds=few)
    return message(
        "Even “{event}” reaches what counts here, {effects}, in {worlds}.",
        event=row.name,
        effects=effects,
        worlds=few,
    )


Label: TypeAlias = Literal["holds", "facts", "fails", "open", "weakest", "best"]
_LABELLED: Mapping[Label, str] = {
    "holds": template("Holds: {part}."),
    "facts": template("By the facts: {part}."),
    "fails": template("Not so: {part}."),
    "open": template("Open: {part}."),
    "weakest": template("Weakest: {part}."),
    "best": template("Best case: {part}."),
}
"""Sentences that name the part of a claim on which its verdict rests."""


def _by_parts(case: Case, claim: ClaimResult, quoted: int) -> Text:
    """Return the part that speaks most for the verdict with its number; without one, how many parts hold."""
    if claim.verdict == "partly" and (one := holding(claim)) and (other := missing(claim)):
        label: Label = "fails" if other.verdict == "fails" else "open"
        evidence = _evidence(other, quoted) if label == "fails" else ""
        first = _labelled("holds", _quoted(case, claim, one, quoted), _evidence(one, quoted))
        return in_sentences(first, _labelled(label, _quoted(case, claim, other, quoted), evidence))
    label, part = _telling(claim)
    evidence = _evidence(part, quoted)
    text = _labelled(label, _quoted(case, claim, part, quoted), evidence)
    if evidence:
        return text
    number = sum(part.verdict == "holds" for part in claim.parts)
    counted = plural(
        "{holding} of {count} part hold.", "{holding} of {count} parts hold.", len(claim.parts), holding=number
    )
    return in_sentences(counted, text)


def _labelled(label: Label, part: str, evidence: str) -> Text:
    """Return a part with its label, and with its evidence in brackets unless that is empty."""
    if evidence:
        part = message("{part} ({evidence})", part=part, evidence=evidence)
    return Message(_LABELLED[label], {"part": part})


def _telling(claim: ClaimResult) -> tuple[Label, PartResult]:
    """Return the part that says most about a verdict, with its label."""
    holds = [part for part in claim.parts if part.verdict == "holds"]
    fails = [part for part in claim.parts if part.verdict == "fails"]
    open_parts = [part for verdict in OPEN for part in claim.parts if part.verdict == verdict]
    if claim.verdict == "holds" and holds:
        return _behind(holds, claim)
    if claim.verdict == "fails" and (essential := [part for part in fails if part.essential]):
        return "fails", min(essential, key=_chance)
    if claim.verdict == "fails" and claim.rule == "all" and fails:
        return "fails", min(fails, key=_chance)
    if claim.verdict in ("cannot tell", "disputed") and open_parts:
        return "open", open_parts[0]
    if claim.rule == "all":
        return "weakest", min(_uncertain(claim.parts) or claim.parts, key=_chance)
    rest = [part for part in claim.parts if part.verdict != "holds"] or list(claim.parts)
    best = max(rest, key=_chance)
    return "fails" if best.verdict == "fails" and best.probability is None else "best", best


def _behind(holds: Sequence[PartResult], claim: ClaimResult) -> tuple[Label, PartResult]:
    """Return the part on which a claim that holds rests: of parts that must all hold the least likely, of alternatives the best."""
    if claim.rule == "any":
        return "holds", max(holds, key=_chance)
    uncertain = _uncertain(holds)
    return ("weakest", min(uncertain, key=_chance)) if uncertain else ("facts", holds[0])


def _uncertain(parts: Iterable[PartResult]) -> list[PartResult]:
    return [part for part in parts if part.probability is not None]


def _quoted(case: Case, claim: ClaimResult, part: PartResult, quoted: int) -> str:
    """Return a part in its short clause, else as a quotation."""
    return short_clause(case, claim, part) or message("“{part}”", part=clause(part.says, quoted))


def _chance(part: PartResult) -> float:
    if part.probability is not None:
        return part.probability.mid
    return {"holds": 1.0, "fails": 0.0}.get(part.verdict, math.nextafter(0.0, 1.0))


def _evidence(part: PartResult, quoted: int) -> str:
    """Return the fact or the number of worlds that decides a part, or why nothing does; empty if it is long."""
    if part.verdict in ("holds", "fails") and part.probability is not None:
        return of_what(part.probability.mid, part.basis)
    text = part.shown if part.basis == "facts" else part.words
    return text if text and len(text.split()) <= quoted else ""
