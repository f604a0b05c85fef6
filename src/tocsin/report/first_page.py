"""The first page of the brief: two sentences, a line a question, the ladder, what is not known, how good the model has been.

Rules: every sentence can be read by someone who knows neither the case nor the model; no code numbers inside a sentence; a
likelihood is given as a number of worlds in a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.assessment.ladder import LadderRow, ladder
from tocsin.assessment.result import Assessment, ClaimResult, PartResult, Verdict
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import UNSEEN, figure
from tocsin.case import nodes
from tocsin.case.schema import Case
from tocsin.report.ladder_drawing import LadderDrawing, draw_ladder
from tocsin.report.sentences import nearest_turn
from tocsin.report.wording import aim_share, delay_text, is_moved, out_of_hundred
from tocsin.translation import clause, listed, plural, sentence

MAX_WORDS = 350
"""Words of the first page: two minutes of reading."""


SHORT = 10
"""Words of a quotation below which the page leaves out what a test counts as an effect."""


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
    Limits(25, 11, 6, 2, 4),
    Limits(25, 10, 5, 2, 4),
    Limits(25, 8, 6, 2, 4),
    Limits(25, 8, 5, 2, 4),
    Limits(25, 8, 5, 1, 4),
    Limits(20, 8, 4, 1, 4),
    Limits(20, 7, 3, 1, 4),
    Limits(20, 6, 3, 1, 4),
    Limits(20, 5, 3, 1, 4),
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
    """The texts and the drawing of the first page; `ladder` is None where no event was tested, or in too few worlds.

    `more` are the claims that answer first the questions for which there is no line.
    """

    article: str
    answer: tuple[str, ...]
    lines: tuple[QuestionLine, ...]
    more: tuple[ClaimResult, ...]
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
        more=tuple(
            assessment.claim(question.claims[0])
            for question in list(assessment.case.questions.values())[limits.questions :]
        ),
        ladder=None if _too_few(assessment) else draw_ladder(assessment, rows, limits.rungs),
        unknown=_unknown(assessment, limits),
        tried=_tried(assessment.case),
    )


def _tried(case: Case) -> str:
    """Return how good the model has been, or without games what decides in its place."""
    if not case.theatres:
        estimates = ", and estimates where a percentage is given" if case.beliefs else ""
        return f"Facts from {plural('{count} source', '{count} sources', len(case.sources))} decide{estimates}. The grades of the sources limit the confidence."
    # imported here: the back-test loads data frames, which a case without a game does without
    from tocsin.backtest.stored import plain_sentence

    return plain_sentence()


# --- the answer ----------------------------------------------------------------------------------------------------

_DEFAULT: dict[Verdict, str] = {
    "holds": "The {} claim holds: “{}”.",
    "partly": "The {} claim holds only in part: “{}”.",
    "fails": "The {} claim does not hold: “{}”.",
    "disputed": "Whether the {} claim holds is disputed: “{}”.",
    "cannot tell": "Whether the {} claim holds cannot be told: “{}”.",
    "not tested": "The {} claim is not tested: “{}”.",
}


def _title_answer(assessment: Assessment, limits: Limits) -> str:
    """Return the answer to the first question: its two parts, else the author's sentence for its verdict, else the claim."""
    questions = list(assessment.case.questions.values())
    if not assessment.claims:
        return "The case makes no claims."
    claim = assessment.claim(questions[0].claims[0]) if questions else assessment.claims[0]
    own = _own_answer(assessment.case, 0, claim, limits.answer) if questions else ""
    return (
        _two_parts(assessment.case, claim)
        or own
        or _said_of("central" if questions else "first", claim, max(limits.quoted, 12))
    )


def _said_of(which: str, claim: ClaimResult, words: int) -> str:
    """Return the default answer; without questions nobody has said which claim is central, so the page names the first."""
    return _DEFAULT[claim.verdict].format(which, clause(claim.says, words))


def _two_parts(case: Case, claim: ClaimResult) -> str:
    """Return a sentence on a claim that holds in part: what holds, and what does not or is open.

    It is empty unless the case says both parts in a short clause.
    """
    if claim.verdict != "partly":
        return ""
    one, other = holding(claim), missing(claim)
    first, second = (_short(case, claim, part) if part else "" for part in (one, other))
    if not first or not second or other is None:
        return ""
    return f"{first[:1].upper()}{first[1:]}, but {_NEGATED[other.verdict].format(second)}."


def _of_two_parts(claim: ClaimResult) -> str:
    """Return how the two parts fare that the page's first sentence names."""
    one, other = holding(claim), missing(claim)
    assert one is not None and other is not None
    share = f" in {out_of_hundred(one.probability.mid, one.basis)} worlds" if one.probability else " by the facts"
    left = {"fails": "fails", "not tested": "is not tested"}.get(other.verdict, "is open")
    return f"The first holds{share}; the second {left}."


_NEGATED: Mapping[Verdict, str] = {
    "fails": "it is not so that {}",
    "disputed": "whether {} is disputed",
    "cannot tell": "whether {} cannot be told",
    "not tested": "whether {} is not tested",
}


def holding(claim: ClaimResult) -> PartResult | None:
    """Return the part of a claim that holds and matters most; None if none holds."""
    return _first(part for part in claim.parts if part.verdict == "holds")


def missing(claim: ClaimResult) -> PartResult | None:
    """Return the part that does not hold and matters most: an essential one, else one that fails, else an open one."""
    others = [part for part in claim.parts if part.verdict != "holds"]
    return _first(sorted(others, key=lambda part: part.verdict != "fails"))


def _first(parts: Iterable[PartResult]) -> PartResult | None:
    return min(parts, key=lambda part: not part.essential, default=None)


def _short(case: Case, claim: ClaimResult, part: PartResult) -> str:
    return case.claims[claim.id].all_parts[part.name].short


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
    if _too_few(assessment):
        return f"Too few modelled worlds {_carry(assessment.case)} to say what any event would cost."
    challenger = _challenger(assessment)
    worst, alone = events[0], len(events) == 1
    if worst.dent[1] <= 0:
        if alone:
            return f"The one event tested costs {challenger} nothing in the middle world."
        return f"Of the events tested, none costs {challenger} anything in the middle of the modelled worlds."
    cost = f"{aim_share(worst.dent[1])} of all that deterrence costs it"
    if is_moved(worst.delay[1]):
        cost += f". Its first step comes {delay_text(worst.delay[1])}"
    if alone:
        return f"The one event tested, {worst.name}, costs {challenger} {cost}.{_compared(rows)}"
    return f"Of the events tested, {worst.name} costs {challenger} most: {cost}.{_compared(rows)}"


def _too_few(assessment: Assessment) -> bool:
    """Return whether too few effective draws are left to print a cost."""
    effective = assessment.run.effective_draws
    return effective is not None and effective < MIN_EFFECTIVE


def _carry(case: Case) -> str:
    """Return what few worlds do: they fit past years if the case has any, else they are all that were drawn."""
    return "fit past years" if case.history else "were drawn"


def _compared(rows: Sequence[LadderRow]) -> str:
    """Return a sentence on the costliest event that is there for comparison; empty if none costs anything."""
    costly = [row for row in rows if row.role == "control" and row.dent[1] > 0]
    if not costly:
        return ""
    largest = max(costly, key=lambda row: row.dent[1])
    return f" “{largest.name}” would cost {aim_share(largest.dent[1])}."


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


_OPEN: tuple[Verdict, ...] = ("cannot tell", "disputed", "not tested")


def _tally(assessment: Assessment) -> str:
    """Return how many claims have each verdict."""
    return f"Of {plural('{count} claim', '{count} claims', len(assessment.claims))}, {_counts(assessment, _GROUPS)}."


def _counts(assessment: Assessment, groups: Sequence[tuple[Verdict, str, str]]) -> str:
    said = []
    for verdict, one, several in groups:
        number = sum(claim.verdict == verdict for claim in assessment.claims)
        if number:
            said.append(f"{number} {one if number == 1 else several}")
    return listed(said)


# --- a line a question ---------------------------------------------------------------------------------------------


def _lines(assessment: Assessment, limits: Limits) -> tuple[QuestionLine, ...]:
    lines = []
    for index, question in enumerate(list(assessment.case.questions.values())[: limits.questions]):
        claim = assessment.claim(question.claims[0])
        why = unseen(assessment, claim, limits.quoted) or reason(assessment.case, claim, limits.quoted)
        if index == 0 and _two_parts(assessment.case, claim):
            why = _of_two_parts(claim)  # the first answer opens the page
        said = _opening(assessment.case, index, claim, limits)
        lines.append(QuestionLine(index + 1, clause(question.asks, 16), claim, f"{said} {why}".strip()))
    return tuple(lines)


def _opening(case: Case, index: int, claim: ClaimResult, limits: Limits) -> str:
    """Return what a line says before its reason: the author's answer, else the claim; nothing if page or reason say it already."""
    if _two_parts(case, claim):
        return ""
    if own := _own_answer(case, index, claim, limits.answer):
        return own if index else ""  # the first answer opens the page
    return f"“{clause(claim.says, limits.quoted)}”."


def reason(case: Case, claim: ClaimResult, quoted: int) -> str:
    """Return why a claim has its verdict, with one number, in one or two sentences."""
    if claim.verdict == "not tested":
        return sentence(clause(claim.note or claim.words, 2 * quoted))
    if claim.parts:
        return _by_parts(case, claim, quoted)
    if claim.verdict in ("cannot tell", "disputed") or claim.probability is None:
        return sentence(clause(claim.shown or claim.words, 2 * quoted))
    if case.claims[claim.id].chance is not None:
        return f"The chance, as the mean over the modelled worlds, is {figure(claim.probability.mid, claim.basis)}."
    return f"The claim holds in {out_of_hundred(claim.probability.mid, claim.basis)} modelled worlds{_other_threshold(case, claim)}."


def unseen(assessment: Assessment, claim: ClaimResult, quoted: int) -> str:
    """Return that not even a control reaches what a claim's test counts as an effect; empty if that is not its reason."""
    if claim.verdict != "cannot tell" or claim.words != UNSEEN:
        return ""
    tests = assessment.case.tests[claim.id].values()
    asked = {node.name for test in tests for node in nodes.walk(test.node) if isinstance(node, nodes.Call)}
    rows = [row for row in assessment.controls if row.positive and not row.passes and row.quantity in asked]
    if not rows:
        return ""
    row = max(rows, key=lambda row: row.exceeds)
    curves = [claim.curve, *(part.curve for part in claim.parts if part.verdict == "cannot tell")]
    means = next((curve.means for curve in curves if curve and curve.means), "")
    counts = f", {clause(means, quoted + 2)}," if means and quoted >= SHORT else ""
    share = out_of_hundred(row.exceeds, "model")
    few = share if share.startswith("fewer") else f"only {share}"
    return f"Even “{row.name}” reaches what counts here{counts} in {few} worlds."


def _by_parts(case: Case, claim: ClaimResult, quoted: int) -> str:
    """Return the part that speaks most for the verdict with its number; without one, how many parts hold."""
    if claim.verdict == "partly" and (one := holding(claim)) and (other := missing(claim)):
        label = "Not so" if other.verdict == "fails" else "Open"
        evidence = _evidence(other, quoted) if label == "Not so" else ""
        first = f"Holds: {_said(case, claim, one, quoted)}{_evidence(one, quoted)}."
        return f"{first} {label}: {_said(case, claim, other, quoted)}{evidence}."
    name, part = _telling(claim)
    evidence = _evidence(part, quoted)
    said = f"{name}: {_said(case, claim, part, quoted)}{evidence}."
    return (
        said
        if evidence
        else f"{sum(part.verdict == 'holds' for part in claim.parts)} of {plural('{count} part', '{count} parts', len(claim.parts))} hold. {said}"
    )


def _telling(claim: ClaimResult) -> tuple[str, PartResult]:
    """Return the part that says most about a verdict, with its label."""
    holds = [part for part in claim.parts if part.verdict == "holds"]
    fails = [part for part in claim.parts if part.verdict == "fails"]
    open_parts = [part for verdict in _OPEN for part in claim.parts if part.verdict == verdict]
    if claim.verdict == "holds" and holds:
        return _behind(holds, claim)
    if claim.verdict == "fails" and (essential := [part for part in fails if part.essential]):
        return "Not so", min(essential, key=_chance)
    if claim.verdict == "fails" and claim.rule == "all" and fails:
        return "Not so", min(fails, key=_chance)
    if claim.verdict in ("cannot tell", "disputed") and open_parts:
        return "Open", open_parts[0]
    if claim.rule == "all":
        return "Weakest", min(_uncertain(claim.parts) or claim.parts, key=_chance)
    rest = [part for part in claim.parts if part.verdict != "holds"] or list(claim.parts)
    best = max(rest, key=_chance)
    return "Not so" if best.verdict == "fails" and best.probability is None else "Best case", best


def _behind(holds: Sequence[PartResult], claim: ClaimResult) -> tuple[str, PartResult]:
    """Return the part on which a claim that holds rests: of parts that must all hold the least likely, of alternatives the best."""
    if claim.rule == "any":
        return "Holds", max(holds, key=_chance)
    uncertain = _uncertain(holds)
    return ("Weakest", min(uncertain, key=_chance)) if uncertain else ("By the facts", holds[0])


def _uncertain(parts: Iterable[PartResult]) -> list[PartResult]:
    return [part for part in parts if part.probability is not None]


def _said(case: Case, claim: ClaimResult, part: PartResult, quoted: int) -> str:
    """Return a part in its short clause, else as a quotation."""
    return _short(case, claim, part) or f"“{clause(part.says, quoted)}”"


def _chance(part: PartResult) -> float:
    if part.probability is not None:
        return part.probability.mid
    return {"holds": 1.0, "fails": 0.0}.get(part.verdict, math.nextafter(0.0, 1.0))


def _evidence(part: PartResult, quoted: int) -> str:
    """Return the fact or the number of worlds that decides a part, or why nothing does, in brackets; empty if it is long."""
    if part.verdict in ("holds", "fails") and part.probability is not None:
        return f" ({out_of_hundred(part.probability.mid, part.basis)} worlds)"
    text = part.shown if part.basis == "facts" else part.words
    return f" ({text})" if text and len(text.split()) <= quoted else ""


def _other_threshold(case: Case, claim: ClaimResult) -> str:
    """Return in how many worlds a claim would hold if smaller or only larger effects counted; empty if that changes nothing."""
    turn = nearest_turn(case, claim)
    if turn is None:
        return ""
    value, central, mid = turn
    which = "any effect counted" if value == 0 else f"{'smaller' if value < central else 'only larger'} effects counted"
    return f", in {out_of_hundred(mid, claim.basis).removesuffix(' of 100')} if {which}"


# --- what is not known ---------------------------------------------------------------------------------------------


def _unknown(assessment: Assessment, limits: Limits) -> tuple[str, ...]:
    """Return what was not tested, what cannot be told and what weakens the run, a sentence each."""
    groups = [(verdict, one, several) for verdict, one, several in _GROUPS if verdict in _OPEN]
    left = [claim for verdict, _, _ in groups for claim in assessment.claims if claim.verdict == verdict]
    said = []
    if left:
        named = f": “{clause(left[0].says, limits.quoted)}”" if len(left) == 1 else ""
        among = f", among them “{clause(left[0].says, limits.quoted)}”" if len(left) > 1 else ""
        said.append(
            f"Of {plural('{count} claim', '{count} claims', len(assessment.claims))}, {_counts(assessment, groups)}{named}{among}."
        )
    return tuple([*said, *weaknesses(assessment)][: limits.unknowns])


def weaknesses(assessment: Assessment) -> list[str]:
    """Return what weakens the verdicts in a reader's words, one sentence for each kind of finding, the gravest first."""
    health = assessment.health
    by_kind: dict[str, set[str]] = {}
    for finding in health.findings:
        by_kind.setdefault(finding.kind, set()).update(finding.claims)
    settled, judged = out_of_hundred(health.settled or 0.0, "facts"), len(by_kind.get("judged", ()))
    said = {
        "template": "Some inputs are still those of the template: this is an example, not a result.",
        "draws": f"Few modelled worlds {_carry(assessment.case)}, so the numbers are rough.",
        "record": "One model of the challenger does not fit its past conduct.",
        "error": "One model of the challenger uses force only by mistake.",
        "base risk": "The risk in the model is far from what past years suggest.",
        "base rate": "The model expects some events more or less often than past years suggest.",
        "settled": f"Only {settled} games settle: in the others the players react to each other without end.",
        "judged": f"{plural('{count} claim', '{count} claims', judged)} {'hangs' if judged == 1 else 'hang'} first on numbers that were judged, not measured.",
        "defaults": f"{_defaults(assessment.case)} inputs are default ranges of the program, which nobody judged for this case.",
    }
    return [said[kind] for kind in by_kind if kind in said]


def _defaults(case: Case) -> str:
    count = sum(belief.is_default and belief.is_judged for belief in case.beliefs.values())
    return f"{count} of {len(case.beliefs)}"
