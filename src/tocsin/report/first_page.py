"""The first page of the brief: two sentences, a line a question, the ladder, what is not known, how good the model has been.

Rules: every sentence can be read by someone who knows neither the case nor the model; no code numbers inside a sentence; a
likelihood is given as a number of worlds in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.assessment.health_findings import BY_ERROR
from tocsin.assessment.health_result import BaseRisk
from tocsin.assessment.ladder import LadderRow, ladder
from tocsin.assessment.result import Assessment, ClaimResult, Verdict
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.case.schema import Case
from tocsin.report.ladder_drawing import LadderDrawing, draw_ladder
from tocsin.report.reasons import OPEN, holding, missing, reason, short_clause, unseen
from tocsin.report.sentences import article_alone
from tocsin.report.wording import aim_share, delay_text, is_moved, of_what, out_of_hundred
from tocsin.translation import (
    Text,
    Translator,
    clause,
    day,
    in_semicolons,
    in_sentences,
    listed,
    message,
    plural,
    sentence,
    template,
)
from tocsin.translation.text import Message

MAX_WORDS = 350
"""Words of the first page in English: two minutes of reading. The page has the same parts in every language."""


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
    Limits(40, 18, 9, 3, 6),
    Limits(40, 14, 8, 3, 5),
    Limits(30, 12, 7, 3, 4),
    Limits(30, 12, 6, 3, 4),
    Limits(25, 11, 6, 3, 4),
    Limits(25, 10, 5, 3, 4),
    Limits(25, 8, 6, 3, 4),
    Limits(25, 8, 5, 3, 4),
    Limits(20, 8, 4, 3, 4),
    Limits(20, 7, 3, 3, 4),
    Limits(20, 6, 3, 3, 4),
    Limits(20, 5, 3, 3, 4),
    Limits(20, 8, 5, 3, 3),
    Limits(20, 5, 4, 3, 3),
    Limits(20, 7, 4, 3, 2),
    Limits(20, 6, 3, 3, 1),
)
"""Limits from the most generous on; the brief takes the first that fit on the page. The two gravest weaknesses always fit."""


@dataclass(frozen=True)
class QuestionLine:
    """One line of the first page.

    Attributes:
        number, asks: the question's number and text.
        claim: the claim that answers first.
        text: the answer, one reason and one number.
    """

    number: int
    asks: Text
    claim: ClaimResult
    text: Text


@dataclass(frozen=True)
class FirstPage:
    """The texts and the drawing of the first page; `ladder` is None where no event was tested, or in too few worlds.

    `article` is what the case tests, empty if that is no article.
    `more` are the claims that answer first the questions for which there is no line.
    """

    article: Text
    answer: tuple[Text, ...]
    lines: tuple[QuestionLine, ...]
    more: tuple[ClaimResult, ...]
    ladder: LadderDrawing | None
    unknown: tuple[Text, ...]
    tried: Text


def first_page(assessment: Assessment, limits: Limits, translator: Translator) -> FirstPage:
    """Compose the first page within the limits; the drawing has its words from the translator."""
    rows = ladder(assessment)
    return FirstPage(
        article=_article(assessment.case),
        answer=(_title_answer(assessment, limits), _main_finding(assessment, rows)),
        lines=_lines(assessment, limits),
        more=tuple(
            assessment.claim(question.claims[0])
            for question in list(assessment.case.questions.values())[limits.questions :]
        ),
        ladder=None if _too_few(assessment) else draw_ladder(assessment, rows, limits.rungs, translator),
        unknown=_unknown(assessment, limits),
        tried=_tried(assessment.case),
    )


def _article(case: Case) -> Text:
    """Return the title and the source of the article, with its date where the case was tested as of another day."""
    article = case.article
    if article is None:
        return Text()
    title, outlet = clause(article.title, 16), clause(article.outlet, 6)
    if article.date == case.as_of:
        return message("“{title}”, {outlet}.", title=title, outlet=outlet)
    return message("“{title}”, {outlet}, {date}.", title=title, outlet=outlet, date=day(article.date))


def _tried(case: Case) -> Text:
    """Return how good the model has been, or without games what decides in its place."""
    if not case.theatres:
        return in_sentences(_deciding(case), message("The grades of the sources limit the confidence."))
    # imported here: the back-test loads data frames, which a case without a game does without
    from tocsin.backtest.stored import plain_sentence

    return plain_sentence()


def _deciding(case: Case) -> Text:
    """Return what decides the claims of a case without games."""
    sources = plural("{count} source", "{count} sources", len(case.sources))
    if case.beliefs:
        return message("Facts from {sources} decide, and estimates where a percentage is given.", sources=sources)
    return message("Facts from {sources} decide.", sources=sources)


# --- the answer ----------------------------------------------------------------------------------------------------

_CENTRAL: Mapping[Verdict, str] = {
    "holds": template("The central claim holds: “{claim}”."),
    "partly": template("The central claim holds only in part: “{claim}”."),
    "fails": template("The central claim does not hold: “{claim}”."),
    "disputed": template("Whether the central claim holds is disputed: “{claim}”."),
    "cannot tell": template("Whether the central claim holds cannot be told: “{claim}”."),
    "not tested": template("The central claim is not tested: “{claim}”."),
}
_FIRST: Mapping[Verdict, str] = {
    "holds": template("The first claim holds: “{claim}”."),
    "partly": template("The first claim holds only in part: “{claim}”."),
    "fails": template("The first claim does not hold: “{claim}”."),
    "disputed": template("Whether the first claim holds is disputed: “{claim}”."),
    "cannot tell": template("Whether the first claim holds cannot be told: “{claim}”."),
    "not tested": template("The first claim is not tested: “{claim}”."),
}
"""The default answers; without questions nobody has said which claim is central, so the page names the first."""


def _title_answer(assessment: Assessment, limits: Limits) -> Text:
    """Return the answer to the first question: its two parts, else the author's sentence for its verdict, else the claim."""
    questions = list(assessment.case.questions.values())
    if not assessment.claims:
        return message("The case makes no claims.")
    claim = assessment.claim(questions[0].claims[0]) if questions else assessment.claims[0]
    own = _own_answer(assessment.case, 0, claim, limits.answer) if questions else Text()
    words = (_CENTRAL if questions else _FIRST)[claim.verdict]
    default = Message(words, {"claim": clause(claim.says, max(limits.quoted, 12))})
    return in_sentences(_two_parts(assessment.case, claim) or own or default, article_alone(claim))


def _two_parts(case: Case, claim: ClaimResult) -> Text:
    """Return a sentence on a claim that holds in part: what holds, and what does not or is open.

    It is empty unless the case says both parts in a short clause.
    """
    if claim.verdict != "partly":
        return Text()
    one, other = holding(claim), missing(claim)
    first, second = (short_clause(case, claim, part) if part else "" for part in (one, other))
    if not first or not second or other is None:
        return Text()
    return sentence(Message(_NOT_BOTH[other.verdict], {"holding": first, "other": second}))


_NOT_BOTH: Mapping[Verdict, str] = {
    "fails": template("{holding}, but it is not so that {other}"),
    "disputed": template("{holding}, but whether {other} is disputed"),
    "cannot tell": template("{holding}, but whether {other} cannot be told"),
    "not tested": template("{holding}, but whether {other} is not tested"),
}


def _of_two_parts(claim: ClaimResult) -> Text:
    """Return how the two parts fare that the page's first sentence names."""
    one, other = holding(claim), missing(claim)
    assert one is not None and other is not None
    if one.probability:
        first = message("The first holds ({share})", share=of_what(one.probability.mid, one.basis))
    else:
        first = message("The first holds by the facts")
    second = {"fails": message("the second fails"), "not tested": message("the second is not tested")}
    return sentence(in_semicolons([first, second.get(other.verdict, message("the second is open"))]))


def _own_answer(case: Case, index: int, claim: ClaimResult, words: int) -> Text:
    """Return the author's sentence for the verdict of a question's first claim; empty if the case has none."""
    answers = list(case.questions.values())[index].answers
    own = {"holds": answers.holds, "partly": answers.partly, "fails": answers.fails}
    return sentence(clause(own.get(claim.verdict, answers.undecided) or "", words))


def _main_finding(assessment: Assessment, rows: Sequence[LadderRow]) -> Text:
    """Return what the costliest event costs the challenger, or how the claims fare where no event was tested."""
    events = [row for row in rows if row.role == "event"]
    if not events:
        return _tally(assessment)
    if _too_few(assessment):
        if assessment.case.history:
            return message("Too few modelled worlds fit past years to say what any event would cost.")
        return message("Too few modelled worlds were drawn to say what any event would cost.")
    challenger = _challenger(assessment)
    worst, alone = events[0], len(events) == 1
    if worst.dent[1] <= 0:
        return _harmless(challenger, alone=alone)
    delay = worst.delay[1]
    rival = _costlier_in_most_worlds(worst, events)
    return in_sentences(
        _costliest(worst, challenger, alone=alone, disputed=bool(rival)),
        rival,
        message("Its first step comes {time}.", time=delay_text(delay)) if is_moved(delay) else "",
        _compared(rows),
    )


def _harmless(challenger: str, *, alone: bool) -> Text:
    if alone:
        return message("The one event tested costs {challenger} nothing in the middle world.", challenger=challenger)
    return message(
        "Of the events tested, none costs {challenger} anything in the middle of the modelled worlds.",
        challenger=challenger,
    )


def _costlier_in_most_worlds(worst: LadderRow, events: Sequence[LadderRow]) -> Text:
    """Return which event costs more in most worlds than the one with the highest median; empty if none does."""
    rivals = [row for row in events if worst.event in row.costlier_than]
    if not rivals:
        return Text()
    rival = max(rivals, key=lambda row: row.costlier_than[worst.event])
    return message(
        "“{event}” costs it more in {share} worlds, but less in the middle one: {cost}.",
        event=rival.name,
        share=out_of_hundred(rival.costlier_than[worst.event], "model"),
        cost=aim_share(rival.dent[1]),
    )


def _costliest(row: LadderRow, challenger: str, *, alone: bool, disputed: bool) -> Text:
    """Return what the event with the highest median costs; `disputed` if another costs more in most worlds."""
    cost = aim_share(row.dent[1])
    if disputed:
        return message(
            "In the middle world, {event} costs {challenger} most: {cost} of all that deterrence costs it.",
            event=row.name,
            challenger=challenger,
            cost=cost,
        )
    if alone:
        return message(
            "The one event tested, {event}, costs {challenger} {cost} of all that deterrence costs it.",
            event=row.name,
            challenger=challenger,
            cost=cost,
        )
    return message(
        "Of the events tested, {event} costs {challenger} most: {cost} of all that deterrence costs it.",
        event=row.name,
        challenger=challenger,
        cost=cost,
    )


def _too_few(assessment: Assessment) -> bool:
    """Return whether too few effective draws are left to print a cost."""
    effective = assessment.run.effective_draws
    return effective is not None and effective < MIN_EFFECTIVE


def _compared(rows: Sequence[LadderRow]) -> Text:
    """Return a sentence on the costliest event that is there for comparison; empty if none costs anything."""
    costly = [row for row in rows if row.role == "control" and row.dent[1] > 0]
    if not costly:
        return Text()
    largest = max(costly, key=lambda row: row.dent[1])
    return message("“{event}” would cost {cost}.", event=largest.name, cost=aim_share(largest.dent[1]))


def _challenger(assessment: Assessment) -> str:
    case = assessment.case
    return case.actors[case.theatres[case.main].challenger].name


_COUNTS: Mapping[Verdict, Callable[[int], Text]] = {
    "holds": lambda count: plural("{count} holds", "{count} hold", count),
    "partly": lambda count: plural("{count} holds in part", "{count} hold in part", count),
    "fails": lambda count: plural("{count} fails", "{count} fail", count),
    "disputed": lambda count: plural("{count} is disputed", "{count} are disputed", count),
    "cannot tell": lambda count: plural("{count} cannot be told", "{count} cannot be told", count),
    "not tested": lambda count: plural("{count} is not tested", "{count} are not tested", count),
}
"""Number of claims with each verdict, in the order in which the page names them."""


def _tally(assessment: Assessment) -> Text:
    """Return how many claims have each verdict."""
    return message("Of {claims}, {verdicts}.", claims=_all_claims(assessment), verdicts=_counts(assessment, _COUNTS))


def _all_claims(assessment: Assessment) -> Text:
    return plural("{count} claim", "{count} claims", len(assessment.claims))


def _counts(assessment: Assessment, verdicts: Iterable[Verdict]) -> Text:
    numbers = {verdict: sum(claim.verdict == verdict for claim in assessment.claims) for verdict in verdicts}
    return listed(_COUNTS[verdict](number) for verdict, number in numbers.items() if number)


# --- a line a question ---------------------------------------------------------------------------------------------


def _lines(assessment: Assessment, limits: Limits) -> tuple[QuestionLine, ...]:
    lines = []
    for index, question in enumerate(list(assessment.case.questions.values())[: limits.questions]):
        claim = assessment.claim(question.claims[0])
        why = unseen(assessment, claim, limits.quoted) or reason(assessment.case, claim, limits.quoted)
        if index == 0 and _two_parts(assessment.case, claim):
            why = _of_two_parts(claim)  # the first answer opens the page
        answer = _opening(assessment.case, index, claim, limits)
        text = in_sentences(answer, why, article_alone(claim))
        lines.append(QuestionLine(index + 1, clause(question.asks, 16), claim, text))
    return tuple(lines)


def _opening(case: Case, index: int, claim: ClaimResult, limits: Limits) -> Text:
    """Return what a line says before its reason: the author's answer, else the claim; nothing if page or reason say it already."""
    if _two_parts(case, claim):
        return Text()
    if own := _own_answer(case, index, claim, limits.answer):
        return own if index else Text()  # the first answer opens the page
    return message("“{claim}”.", claim=clause(claim.says, limits.quoted))


# --- what is not known ---------------------------------------------------------------------------------------------


def _unknown(assessment: Assessment, limits: Limits) -> tuple[Text, ...]:
    """Return what was not tested, what cannot be told and what weakens the run, a sentence each."""
    undecided = [verdict for verdict in _COUNTS if verdict in OPEN]
    left = [claim for verdict in undecided for claim in assessment.claims if claim.verdict == verdict]
    texts = []
    if left:
        claims, verdicts = _all_claims(assessment), _counts(assessment, undecided)
        if len(left) == 1:
            only = clause(left[0].says, limits.quoted)
            texts.append(message("Of {claims}, {verdicts}: “{claim}”.", claims=claims, verdicts=verdicts, claim=only))
        else:
            texts.append(message("Of {claims}, {verdicts}.", claims=claims, verdicts=verdicts))
    return tuple([*texts, *weaknesses(assessment)][: limits.unknowns])


_WEAK = {
    "template": message("Some inputs are still those of the template: this is an example, not a result."),
    "record": message("One model of the challenger does not fit its past conduct."),
    "base rate": message("The model expects some events more or less often than past years suggest."),
}
"""What weakens the verdicts, by kind of finding."""


def weaknesses(assessment: Assessment) -> list[Text]:
    """Return what weakens the verdicts in a reader's words, one sentence for each kind of finding, the gravest first."""
    by_kind: dict[str, set[str]] = {}
    for finding in assessment.health.findings:
        by_kind.setdefault(finding.kind, set()).update(finding.claims)
    texts = _WEAK | _counted_weaknesses(assessment, len(by_kind.get("judged", ())))
    return [texts[kind] for kind in by_kind if kind in texts]


def _by_mistake(assessment: Assessment) -> Text:
    """Return for how many models of the challenger force is never the best choice."""
    types = {fit.type for fit in assessment.health.fits}
    erring = {fit.type for fit in assessment.health.fits if fit.by_error >= BY_ERROR}
    if erring == types:
        return message("In the model, force comes almost only by mistake.")
    return plural(
        "One model of the challenger uses force almost only by mistake.",
        "{count} models of the challenger use force almost only by mistake.",
        len(erring),
    )


def _far_from_the_past(risk: BaseRisk | None) -> Text:
    """Return on which side of what past years suggest the risk of the model lies; empty without a record."""
    if risk is None:
        return Text()
    if risk.model[1] < risk.record[0]:
        return message("Its risk is far below that of past years.")
    return message("Its risk is far above that of past years.")


def _counted_weaknesses(assessment: Assessment, judged: int) -> dict[str, Text]:
    """Return what weakens the verdicts with its numbers, by kind of finding; `judged` claims rest on judgements or default ranges."""
    case = assessment.case
    few = (
        message("Few modelled worlds fit past years, so the numbers are rough.")
        if case.history
        else message("Few modelled worlds were drawn, so the numbers are rough.")
    )
    return {
        "draws": few,
        "error": _by_mistake(assessment),
        "base risk": _far_from_the_past(assessment.health.base_risk),
        "settled": message(
            "Only {share} games settle: in the others the players react to each other without end.",
            share=out_of_hundred(assessment.health.settled or 0.0, "facts"),
        ),
        "judged": plural(
            "{count} claim hangs first on numbers that were assumed, not measured.",
            "{count} claims hang first on numbers that were assumed, not measured.",
            judged,
        ),
        "defaults": message(
            "{number} of {all} inputs are default ranges of the program, which nobody judged for this case.",
            number=sum(belief.is_default and belief.is_judged for belief in case.beliefs.values()),
            all=len(case.beliefs),
        ),
    }
