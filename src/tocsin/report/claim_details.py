"""What stands beside a claim: its kind, what happened later, the inputs that move it, and what would change its verdict."""

from __future__ import annotations

from markupsafe import Markup

from tocsin.assessment.code_words import CLAIM_WORDS, CONFIDENCE_WORDS
from tocsin.assessment.facts_result import OutcomeResult
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.words import percent
from tocsin.case.schema import Case
from tocsin.report.table_rows import flip_text, input_meaning
from tocsin.translation import Text, in_commas, in_semicolons, in_sentences, message, sentence

_CODE = Markup("<code>{}</code>")


def drivers_text(case: Case, claim: ClaimResult) -> Text:
    """Return the inputs on which a claim depends, each with its share."""
    return message(
        "{inputs} (shares of the explained variance)",
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


def flips_text(case: Case, claim: ClaimResult) -> Text:
    """Return what would change the verdict of a claim."""
    return message(
        "{changes} (confirmed by solving again)",
        changes=in_semicolons(
            message("{change} {input}", change=flip_text(case, flip), input=_CODE.format(flip.input))
            for flip in claim.flips
        ),
    )


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
