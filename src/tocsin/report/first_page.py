"""The first page of the brief: two sentences, a line a question, the ladder, what is not known, how good the model has been.

Rules: every sentence can be read by someone who knows neither the case nor the model; no code numbers inside a sentence; a
likelihood is given as a number of worlds in a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.assessment.ladder import LadderRow, ladder
from tocsin.assessment.result import Assessment, ClaimResult, PartResult, Verdict
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.case.schema import Case
from tocsin.report.ladder_drawing import LadderDrawing, draw_ladder
from tocsin.report.sentences import nearest_turn, sentence
from tocsin.report.wording import clause, counted, listed, out_of_hundred, time_text

MAX_WORDS = 350
"""Words of the first page: two minutes of reading."""


@dataclass(frozen=True)
class Limits:
    """How much of a case the first page shows: words of an author's answer and of a quotation; rows, unknowns, questions."""

    answer: int
    quoted: int
    rungs: int
    unknowns: int
    questions: int


LIMITS = (
    Limits(40, 24, 12, 4, 8),
    Limits(40, 18, 10, 3, 6),
    Limits(40, 15, 8, 2, 5),
    Limits(30, 13, 8, 2, 4),
    Limits(30, 11, 7, 1, 4),
    Limits(25, 9, 6, 1, 4),
    Limits(20, 8, 5, 1, 3),
    Limits(20, 7, 4, 1, 2),
    Limits(20, 6, 3, 1, 1),
)
"""Limits from the most generous on; the brief takes the first that fit on the page."""


@dataclass(frozen=True)
class QuestionLine:
    """One line of the first page.

    Attributes:
        number, asks: the question's number and text.
        claim: the claim that answers first.
        text: the answer, one reason and one number.
    """

    number: int
    asks: str
    claim: ClaimResult
    text: str


@dataclass(frozen=True)
class FirstPage:
    """The texts and the drawing of the first page; `ladder` is None where no event was tested."""

    article: str
    answer: tuple[str, ...]
    lines: tuple[QuestionLine, ...]
    ladder: LadderDrawing | None
    unknown: tuple[str, ...]
    tried: str


def first_page(assessment: Assessment, limits: Limits) -> FirstPage:
    """Compose the first page within the limits."""
    rows = ladder(assessment)
    article = assessment.case.article
    return FirstPage(
        article=f"“{clause(article.title, 16)}”, {clause(article.outlet, 6)}" if article else "",
        answer=(_title_answer(assessment, limits), _main_finding(assessment, rows)),
        lines=_lines(assessment, limits),
        ladder=draw_ladder(assessment, rows, limits.rungs),
        unknown=_unknown(assessment, limits),
        tried=_tried(assessment.case),
    )


def _tried(case: Case) -> str:
    """Return how good the model has been, or that none was run."""
    if not case.theatres:
        return "No model was run: facts decide, and estimates from records."
    # imported here: the back-test loads data frames, which a case without a game does without
    from tocsin.backtest.stored import plain_sentence

    return plain_sentence()


# --- the answer ----------------------------------------------------------------------------------------------------

_DEFAULT: dict[Verdict, str] = {
    "holds": "The central claim holds: “{}”.",
    "partly": "The central claim holds only in part: “{}”.",
    "fails": "The central claim does not hold: “{}”.",
    "disputed": "The models disagree on the central claim: “{}”.",
    "cannot tell": "Whether the central claim holds cannot be told: “{}”.",
    "not tested": "The central claim is not tested: “{}”.",
}


def _title_answer(assessment: Assessment, limits: Limits) -> str:
    """Return the answer to the first question: the author's sentence for its verdict, else a composed one."""
    questions = list(assessment.case.questions.values())
    if not assessment.claims:
        return "The case makes no claims."
    claim = assessment.claim(questions[0].claims[0]) if questions else assessment.claims[0]
    own = _own_answer(assessment.case, 0, claim, limits.answer) if questions else ""
    return own or _DEFAULT[claim.verdict].format(clause(claim.says, max(limits.quoted, 12)))


def _own_answer(case: Case, index: int, claim: ClaimResult, words: int) -> str:
    """Return the author's sentence for the verdict of a question's first claim; empty if the case has none."""
    answers = list(case.questions.values())[index].answers
    own = {"holds": answers.holds, "partly": answers.partly, "fails": answers.fails}
    return sentence(clause(own.get(claim.verdict, answers.undecided) or "", words))


def _main_finding(assessment: Assessment, rows: Sequence[LadderRow]) -> str:
    """Return what the costliest event costs the challenger, or how the claims fare where no event was tested."""
    events = [row for row in rows if row.role == "event"]
    if not events:
        return _tally(assessment)
    if assessment.run.effective_draws < MIN_EFFECTIVE:
        return "Too few modelled worlds fit past years to say what any event would cost."
    challenger = _challenger(assessment)
    tested = f"Of the {len(events)} events tested" if len(events) > 1 else "As for the one event tested"
    worst = events[0]
    if worst.days[1] <= 0:
        return f"{tested}, none costs {challenger} anything in the middle of the modelled worlds."
    return f"{tested}, {worst.name} would cost {challenger} most: as much as {_going_without(worst)}.{_compared(rows)}"


def _going_without(row: LadderRow) -> str:
    time = time_text(row.days[1])
    return f"going without its aim {time}" if time == "for ever" else f"going without its aim for {time}"


def _compared(rows: Sequence[LadderRow]) -> str:
    """Return a sentence on the largest control; empty without controls."""
    controls = [row for row in rows if row.role == "control"]
    if not controls:
        return ""
    largest = max(controls, key=lambda row: abs(row.days[1]))
    verb = "cost" if largest.days[1] >= 0 else "gain"
    return f" For comparison, {largest.name} would {verb} it {time_text(largest.days[1])}."


def _challenger(assessment: Assessment) -> str:
    case = assessment.case
    return case.actors[case.theatres[case.main].challenger].name


_GROUPS: tuple[tuple[Verdict, str, str], ...] = (
    ("holds", "holds", "hold"),
    ("partly", "holds in part", "hold in part"),
    ("fails", "fails", "fail"),
    ("disputed", "is disputed", "are disputed"),
    ("cannot tell", "cannot be told", "cannot be told"),
    ("not tested", "is not tested", "are not tested"),
)


def _tally(assessment: Assessment) -> str:
    """Return how many claims have each verdict."""
    said = []
    for verdict, one, several in _GROUPS:
        number = sum(claim.verdict == verdict for claim in assessment.claims)
        if number:
            said.append(f"{number} {one if number == 1 else several}")
    return f"Of {counted(len(assessment.claims), 'claim')}, {listed(said)}."


# --- a line a question ---------------------------------------------------------------------------------------------


def _lines(assessment: Assessment, limits: Limits) -> tuple[QuestionLine, ...]:
    lines = []
    for index, question in enumerate(list(assessment.case.questions.values())[: limits.questions]):
        claim = assessment.claim(question.claims[0])
        own = _own_answer(assessment.case, index, claim, limits.answer)
        said = (own if index else "") if own else f"“{clause(claim.says, limits.quoted)}”."  # the first opens the page
        lines.append(
            QuestionLine(
                index + 1,
                clause(question.asks, 16),
                claim,
                f"{said} {reason(assessment.case, claim, limits.quoted)}".strip(),
            )
        )
    return tuple(lines)


def reason(case: Case, claim: ClaimResult, quoted: int) -> str:
    """Return why a claim has its verdict, with one number, in one or two sentences."""
    if claim.verdict == "not tested":
        return sentence(clause(claim.note or claim.words, 2 * quoted))
    if claim.verdict in ("cannot tell", "disputed") and not claim.probability:
        return sentence(clause(claim.words, 2 * quoted))
    if claim.parts:
        return _by_parts(claim, quoted)
    if claim.probability is None:
        return sentence(clause(claim.shown or claim.words, 2 * quoted))
    return f"The claim holds in {out_of_hundred(claim.probability.mid)} modelled worlds{_other_threshold(case, claim)}."


def _by_parts(claim: ClaimResult, quoted: int) -> str:
    """Return how many parts hold, and the part that speaks most for the verdict."""
    holding = sum(part.verdict == "holds" for part in claim.parts)
    count = f"{holding or 'None'} of {len(claim.parts)} parts {'holds' if holding < 2 else 'hold'}"
    if claim.verdict == "holds":
        return f"{count}. The weakest: {_quoted(min(claim.parts, key=_chance), quoted)}."
    failing = [part for part in claim.parts if part.verdict == "fails"]
    if failing and holding:
        part = next((part for part in failing if part.essential), failing[-1])
        return f"{count}. Not so: {_quoted(part, quoted)}."
    return f"{count}. The nearest: {_quoted(max(claim.parts, key=_chance), quoted)}."


def _quoted(part: PartResult, quoted: int) -> str:
    return f"“{clause(part.says, quoted)}”{_evidence(part, quoted)}"


def _chance(part: PartResult) -> float:
    if part.probability is not None:
        return part.probability.mid
    return {"holds": 1.0, "fails": 0.0}.get(part.verdict, math.nextafter(0.0, 1.0))


def _evidence(part: PartResult, quoted: int) -> str:
    """Return the fact or the number of worlds that decides a part, in brackets."""
    if part.verdict == "not tested":
        return " (not tested)"
    if part.probability is not None:
        return f" ({out_of_hundred(part.probability.mid)} worlds)"
    return f" ({clause(part.shown, quoted)})" if part.shown else ""


def _other_threshold(case: Case, claim: ClaimResult) -> str:
    """Return in how many worlds a claim would hold if smaller or only larger effects counted; empty if that changes nothing."""
    turn = nearest_turn(case, claim)
    if turn is None:
        return ""
    value, central, mid = turn
    which = "any effect counted" if value == 0 else f"{'smaller' if value < central else 'only larger'} effects counted"
    return f", in {out_of_hundred(mid).removesuffix(' of 100')} if {which}"


# --- what is not known ---------------------------------------------------------------------------------------------


def _unknown(assessment: Assessment, limits: Limits) -> tuple[str, ...]:
    """Return what was not tested and what cannot be told, a sentence each."""
    said = []
    for verdict, words in (("not tested", "Not tested"), ("cannot tell", "Cannot be told"), ("disputed", "Disputed")):
        claims = [claim for claim in assessment.claims if claim.verdict == verdict]
        if claims:
            more = f", and {counted(len(claims) - 1, 'other claim')}" if len(claims) > 1 else ""
            said.append(f"{words}: “{clause(claims[0].says, limits.quoted)}”{more}.")
    open_parts = sum(
        part.verdict == "not tested"
        for claim in assessment.claims
        if claim.verdict != "not tested"
        for part in claim.parts
    )
    if open_parts:
        said.append(f"{counted(open_parts, 'part')} of other claims {'is' if open_parts == 1 else 'are'} not tested.")
    return tuple(said[: limits.unknowns])
