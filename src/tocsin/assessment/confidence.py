"""Set the confidence in a verdict: how far its grounds can be trusted, which is not how likely the claim is.

Three things cap the confidence:

- the claim's worst source: A and B permit high, C moderate, D to F or no source low;
- the worst fact that its tests read: confirmed permits high, medium moderate, low and recalled low, and so does any fact with a range that
  has an end at which the test has the other outcome;
- its deciding input, the one that moves its probability most. If that is a judgement, moderate is the most; if it is a default range of
  the program, which nobody judged for this case, low. If one of these by itself turns the verdict between its 5 % and 95 % points, the
  verdict is that input's range, and its confidence low.

A step is then taken off for each weakness of the run behind the claim: a challenger type that cannot make the record of a theatre, fewer
than 90 % of games settled, fewer than 500 effective draws, a sampling error that could turn the verdict, a probability that ranges over
0.5 or more between models, and another model that says the contrary of the game. What facts alone decide has only the first two caps. There
the article of a draft does not count as a source; without another source, those of the facts count.

A claim that is not tested, or that cannot be told and has no probability, has no confidence: there is nothing to have confidence in.

The number of judged inputs does not count: in most models nearly all inputs are judged, so it would say the same of every claim. The
share of variance that a judged input explains does not count either: the input may move a probability only from 95 to 99 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tocsin.assessment.fact_ranges import turns
from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.health_findings import Grounds
from tocsin.assessment.health_result import FEW_DRAWS, WELL_SETTLED, Health
from tocsin.assessment.other_models_result import OtherModels
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.verdicts import Part, settled_by_facts
from tocsin.assessment.words import effective_text, game_percent, percent
from tocsin.case.nodes import facts
from tocsin.case.schema import Case
from tocsin.case.sentence_blocks import ARTICLE_SOURCE
from tocsin.translation import Text, message, template
from tocsin.translation.text import Message

WIDE = 0.5
"""Range of a probability over models from which they disagree."""
LIKELY_VALUES = (0.05, 0.95)
"""Quantiles of an input between which its author expects it to lie."""

LEVELS = ("low", "moderate", "high")
_GRADES = {"A": 2, "B": 2, "C": 1}
_FACTS = {"confirmed": 2, "medium": 1, "low": 0, "recalled": 0}
_UNSURE: Mapping[str, str] = {
    "medium": template("the fact {fact} is of medium confidence"),
    "low": template("the fact {fact} is low"),
    "recalled": template("the fact {fact} is recalled"),
}
"""What the confidence of a fact says of a verdict that reads it."""


ONLY_ARTICLE = message("its only source is the article itself")
"""What limits the verdict of a claim that `is_of_article_alone`."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a verdict stands on.

    Attributes:
        sources: keys of the case.
        facts: keys of the facts that its tests read.
        turning: those of them that turn a test at an end of their range.
        impossible: (type, theatre) for each type that cannot make the record of a theatre whose games decide the claim.
        settled: the smallest share of settled games in those theatres; 1 if no game decides the claim.
        effective: effective draws behind the claim; infinite if no game decides it.
        contradicted: whether a model of past disputes says the contrary of the game.
    """

    sources: tuple[str, ...]
    facts: tuple[str, ...] = ()
    turning: tuple[str, ...] = ()
    impossible: tuple[tuple[str, str], ...] = ()
    settled: float = 1.0
    effective: float = float("inf")
    contradicted: bool = False


def rated(
    case: Case,
    claims: Iterable[ClaimResult],
    health: Health,
    grounds: Grounds,
    others: Iterable[OtherModels] = (),
) -> tuple[ClaimResult, ...]:
    """Return the claims with their confidence and its limits; those that say nothing have none.

    Args:
        case: the case.
        claims: with their drivers and flips.
        health: of the run.
        grounds: of the claims; empty if no game was solved.
        others: what other models say of their tests.
    """
    contradicted = {row.claim for row in others if row.against_game}
    judged = frozenset(name for name, belief in case.beliefs.items() if belief.is_judged)
    results = []
    for claim in claims:
        if not _says_something(claim):
            results.append(claim)
            continue
        ground = replace(_ground(case, claim, health, grounds), contradicted=claim.id in contradicted)
        level, limits = confidence(case, claim, ground, judged)
        results.append(replace(claim, confidence=level, limits=limits))
    return tuple(results)


def _says_something(claim: ClaimResult) -> bool:
    """Return whether a claim has a verdict or a probability in which one can have confidence."""
    return claim.verdict != "not tested" and (claim.verdict != "cannot tell" or claim.probability is not None)


def _ground(case: Case, claim: ClaimResult, health: Health, grounds: Grounds) -> Ground:
    read = sorted({key for test in case.tests[claim.id].values() for key in facts(test.node)})
    of_facts = tuple(dict.fromkeys(source for key in read for source in case.facts[key].source))
    theatres = grounds.theatres.get(claim.id, ())
    return Ground(
        sources=_evidence(claim) or of_facts if claim.basis == "facts" else claim.sources,
        facts=tuple(read),
        turning=tuple(turn.fact for test in case.tests[claim.id].values() for turn in turns(case, test)),
        impossible=tuple(
            (fit.type, fit.theatre) for fit in health.fits if not fit.possible and fit.theatre in theatres
        ),
        settled=min((health.settled_by[theatre] for theatre in theatres), default=1.0),
        effective=grounds.effective.get(claim.id, float("inf")),
    )


def _evidence(claim: ClaimResult) -> tuple[str, ...]:
    """Return the sources of a claim without the article of a draft, which makes the claim and is no evidence for it."""
    return tuple(source for source in claim.sources if source != ARTICLE_SOURCE)


def sources_behind(claim: ClaimResult) -> tuple[str, ...]:
    """Return the sources of a claim and of the facts that its tests read, each once; the article of a draft only if there is no other."""
    of_facts = tuple(source for fact in _facts_read(claim) for source in fact.sources)
    evidence = dict.fromkeys(source for source in (*claim.sources, *of_facts) if source != ARTICLE_SOURCE)
    return tuple(evidence or dict.fromkeys((*claim.sources, *of_facts)))


def is_of_article_alone(claim: ClaimResult) -> bool:
    """Return whether facts decide a claim for which, as for these facts, the article that makes it is the only source."""
    return claim.basis == "facts" and bool(_facts_read(claim)) and sources_behind(claim) == (ARTICLE_SOURCE,)


def _facts_read(claim: ClaimResult) -> list[FactRead]:
    return [*claim.read, *(fact for part in claim.parts for fact in part.read)]


def confidence(case: Case, result: ClaimResult, ground: Ground, judged: frozenset[str]) -> tuple[str, tuple[Text, ...]]:
    """Return the confidence in a verdict (high, moderate or low) and why it is not higher, a few words for each reason.

    Args:
        case: the case.
        result: the claim with its drivers and flips.
        ground: what the verdict stands on.
        judged: inputs that are judgements.
    """
    caps, weak = [_sources(case, ground.sources), _facts(case, ground)], list[Text]()
    if not _decided_by_facts(result):
        caps.append(_judgement(case, result, judged))
        weak = [*_health(ground), *_spread(result)]
    if is_of_article_alone(result):
        caps[0] = (caps[0][0], ONLY_ARTICLE)
    level = min(cap for cap, _ in caps) - len(weak)
    limits = [reason for cap, reason in caps if cap < 2] + weak
    return LEVELS[max(level, 0)], tuple(limits)


def _decided_by_facts(result: ClaimResult) -> bool:
    parts = [Part(name=part.name, verdict=part.verdict, basis=part.basis) for part in result.parts]
    return result.basis == "facts" or settled_by_facts(result.rule, result.verdict, parts)


def _sources(case: Case, sources: Iterable[str]) -> tuple[int, Text]:
    grades = {key: case.sources[key].grade for key in sources if key in case.sources}
    if not grades:
        return 0, message("it names no source")
    worst = max(grades, key=lambda key: grades[key][0])
    reason = message("its weakest source, {source}, has grade {grade}", source=worst, grade=grades[worst])
    return _GRADES.get(grades[worst][0], 0), reason


def _facts(case: Case, ground: Ground) -> tuple[int, Text]:
    if ground.turning:
        return 0, message("the range of the fact {fact} leaves the outcome open", fact=ground.turning[0])
    levels = {key: _FACTS[case.facts[key].confidence] for key in ground.facts}
    if not levels:
        return 2, Text()
    worst = min(levels, key=lambda key: levels[key])
    reason = _UNSURE.get(case.facts[worst].confidence)
    return levels[worst], message(reason, fact=worst) if reason else Text()


_JUDGED_TURNS = template("one judged input, {input}, turns the verdict by itself")
_DEFAULT_TURNS = template("one default range of the program, {input}, turns the verdict by itself")


def _judgement(case: Case, result: ClaimResult, judged: frozenset[str]) -> tuple[int, Text]:
    low, high = LIKELY_VALUES
    for flip in result.flips:
        move = flip.moves[0]
        if len(flip.moves) == 1 and move.input in judged and low <= move.quantile <= high:
            words = _DEFAULT_TURNS if case.beliefs[move.input].is_default else _JUDGED_TURNS
            return 0, Message(words, {"input": move.input})
    first = result.drivers[0].input if result.drivers else ""
    if first in judged and case.beliefs[first].is_default:
        return 0, message(
            "it hangs first on a default range of the program, {input}, which nobody judged for this case", input=first
        )
    if first in judged:
        return 1, message("it hangs first on a judged input, {input}", input=first)
    return 2, Text()


def _health(ground: Ground) -> Iterator[Text]:
    if ground.impossible:
        kind, theatre = ground.impossible[0]
        yield message("the type {type} cannot make the record of {theatre}", type=kind, theatre=theatre)
    if ground.settled < WELL_SETTLED:
        yield message("only {share} of its games settle", share=percent(ground.settled))
    if ground.effective < FEW_DRAWS:
        yield message("it has only {draws}", draws=effective_text(ground.effective))
    if ground.contradicted:
        yield message("a model of past disputes says the contrary")


def _spread(result: ClaimResult) -> Iterator[Text]:
    if result.turnable or any(part.turnable for part in result.parts):
        yield message("the sampling error could turn the verdict")
    by_model = [
        list(models.values()) for models in (result.by_model, *(part.by_model for part in result.parts)) if models
    ]
    widest = max(by_model, key=lambda values: max(values) - min(values), default=[0.0])
    if max(widest) - min(widest) >= WIDE:
        low, high = game_percent(min(widest)), game_percent(max(widest))
        yield message("models range from {low} to {high}", low=low, high=high)
