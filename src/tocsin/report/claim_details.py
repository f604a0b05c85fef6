"""What stands beside a claim: its kind, what happened later, the inputs that move it, and what would change its verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from markupsafe import Markup

from tocsin.assessment.code_words import CLAIM_WORDS, CONFIDENCE_WORDS
from tocsin.assessment.effect_words import moved_by, parts_sentence
from tocsin.assessment.effects_record import EventPartsRecord
from tocsin.assessment.facts_result import OutcomeResult
from tocsin.assessment.flip_words import region_sentence, turning_sentences
from tocsin.assessment.result import Assessment, ClaimResult, Driver
from tocsin.assessment.words import percent
from tocsin.case.schema import Case
from tocsin.report.table_rows import input_meaning
from tocsin.translation import Text, in_commas, in_semicolons, in_sentences, message, sentence

_CODE = Markup("<code>{}</code>")


def detail_texts(assessment: Assessment) -> dict[str, Any]:
    """Return the texts of this module for the templates, by name."""
    case = assessment.case
    return {
        "kind_text": kind_text,
        "outcome_text": outcome_text,
        "drivers_text": partial(drivers_text, case),
        "parts_text": partial(parts_text, assessment),
        "quantities_text": quantities_text(assessment),
        "failing_text": partial(failing_text, case, shown=_CODE.format),
        "turning_text": partial(turning_text, case, shown=_CODE.format),
    }


def drivers_text(case: Case, claim: ClaimResult) -> Text:
    """Return the inputs on which a claim depends, each with its share."""
    return message(
        "{inputs} (shares of the variance)",
        inputs=in_semicolons(
            message(
                "{share} {meaning} {input}",
                share=percent(driver.share),
                meaning=input_meaning(case, driver.input),
                input=_CODE.format(driver.input),
            )
            for driver in claim.drivers
        ),
    )


def parts_text(assessment: Assessment, claim: ClaimResult) -> Text:
    """Return how the effects that a claim asks about divide among the parts of their events; empty if it asks about none."""
    effects = (EventPartsRecord.of(effect) for effect in assessment.event_parts if claim.id in effect.claims)
    return in_sentences(*(parts_sentence(effect, _CODE.format) for effect in effects))


def quantities_text(assessment: Assessment) -> Text:
    """Return which inputs move the main quantities; empty if none does."""
    moved = (
        message("{quantity}: {inputs}", quantity=_CODE.format(row.id), inputs=in_commas(map(_moved_by, row.drivers)))
        for row in assessment.quantity_drivers
    )
    return in_semicolons(moved)


def _moved_by(driver: Driver) -> Text:
    return moved_by(driver, _CODE.format)


def turning_text(case: Case, claim: ClaimResult, *, shown: Callable[[str], str] = str) -> Text:
    """Return what would turn a claim's verdict, or how far the search for that went; empty if nothing is to be said of it.

    Args:
        case: the case.
        claim: one of its claims.
        shown: prints a name of the test language.
    """
    return in_sentences(*turning_sentences(claim, partial(_meaning, case, shown)))


def _meaning(case: Case, shown: Callable[[str], str], name: str) -> str:
    """Return what an input means; the name of one of many figures of an account of rhetoric, which have one meaning."""
    return shown(name) if name.startswith("words.") else input_meaning(case, name)


def failing_text(case: Case, claim: ClaimResult, *, shown: Callable[[str], str] = str) -> Text:
    """Return in which worlds a claim fails; empty if no box of worlds says so. `shown` prints a name of the test language."""
    region = claim.failing
    if region is None or not region.limits:
        return Text()
    return region_sentence(region.limits, region.density, region.coverage, partial(_meaning, case, shown))


def kind_text(claim: ClaimResult) -> Text:
    """Return what kind of claim it is, when it is due, where the argument says it, and how good the evidence is."""
    kind: list[str] = [CLAIM_WORDS[claim.kind]]
    if claim.due:
        kind.append(message("due {date}", date=claim.due))
    if claim.sentence:
        kind.append(message("sentence {number} of the argument", number=f"{claim.sentence}"))
    confidence = message("Confidence: {level}.", level=CONFIDENCE_WORDS[claim.confidence]) if claim.confidence else ""
    return in_sentences(message("{kind}.", kind=in_commas(kind)), confidence)


def outcome_text(claim: ClaimResult, outcome: OutcomeResult) -> Text:
    """Return what happened, and how well a forecast scored."""
    what, score = sentence(outcome.says), claim.brier(outcome)
    happened = (
        message("It came true ({date}): {outcome}", date=outcome.date, outcome=what)
        if outcome.happened
        else message("It did not come true ({date}): {outcome}", date=outcome.date, outcome=what)
    )
    if score is None:
        return happened
    scored = message("Brier score of the forecast: {score}, where 0 is best and 1 is worst.", score=f"{score:.2f}")
    return in_sentences(happened, scored)
