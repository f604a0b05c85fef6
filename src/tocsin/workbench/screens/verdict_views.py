"""What the screen of verdicts shows: the questions with their answers, and each claim with what its verdict rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.assessment.code_words import CONFIDENCE_WORDS
from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.model_names import model_words
from tocsin.assessment.result import Assessment, ClaimResult, PartResult
from tocsin.assessment.stored import from_json
from tocsin.assessment.words import VERDICT_WORDS, figure, game_percent, settings_text
from tocsin.case.schema import Case
from tocsin.case.translations import translator_for
from tocsin.errors import InputError
from tocsin.report.claim_details import failing_text, turning_text
from tocsin.report.sentences import article_alone, explanation, part_said, questions, range_of, threshold_value
from tocsin.report.table_rows import input_meaning
from tocsin.runs.shipped import shipped_assessment
from tocsin.runs.store import ASSESSMENT, StoredRun, stored_runs
from tocsin.translation import Text, Translator, message
from tocsin.workbench.desk import Desk


def verdicts_view(desk: Desk, language: str, wanted: str = "") -> dict[str, Any] | None:
    """Return the verdicts of a run of the case on the desk; None if it was never run.

    `stale` says whether the case has changed since, and `last` whether no later run is stored. A shipped case that has no run of its present
    state shows the run that came with the program; `shipped` is then the version that made it, else empty.

    Args:
        desk: the case.
        language: of the texts.
        wanted: hash of the run; empty for the latest.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if the run cannot be read or is no longer stored.
    """
    case = desk.case()
    runs = stored_runs(case.id)
    if not wanted and (shipped := came_with(case, runs)):
        came = {"run": "", "last": True, "moment": "", "stale": False, "shipped": shipped.run.versions["tocsin"]}
        return {**_view(shipped, language), **came}
    run = next((run for run in runs if run.hash == wanted), None) if wanted else next(iter(runs), None)
    if run is None and wanted:
        raise InputError(
            message("this run is no longer stored"), remedy=message("choose another one on the screen of runs")
        )
    if run is None:
        return None
    return {
        **_view(assessment_of(run, case), language),
        "run": run.name,
        "last": run == runs[0],
        "moment": run.moment,
        "stale": run.record.case.sha256 != case.sha256,
        "shipped": "",
    }


def came_with(case: Case, runs: Sequence[StoredRun]) -> Assessment | None:
    """Return the assessment that came with a shipped case; None if there is none, or the latest of its stored runs is of its present state."""
    if runs and runs[0].record.case.sha256 == case.sha256:
        return None
    return shipped_assessment(case)


def _view(assessment: Assessment, language: str) -> dict[str, Any]:
    translator = translator_for(assessment.case, language)
    return {
        "draws": assessment.run.draws,
        "seed": assessment.run.seed,
        "sets": translator.plain(settings_text(assessment.run.settings, assessment.run.variants)),
        "questions": [
            {"asks": translator.plain(question.asks), "answer": translator.plain(question.text)}
            for question in questions(assessment)
        ],
        "notices": [translator.plain(finding.text) for finding in assessment.health.findings],
        "claims": [_claim(assessment, claim, translator) for claim in assessment.claims],
    }


def assessment_of(run: StoredRun, case: Case) -> Assessment:
    """Return the assessment of a stored run of a case, which is loaded already as it is now.

    Raises:
        InputError: if the stored run cannot be read.
    """
    data = run.part(ASSESSMENT)
    if data is None:
        raise InputError(
            message("the stored run {name} is damaged", name=run.name), remedy=message("run the case again")
        )
    return from_json(data, run.load_case(case))


def _claim(assessment: Assessment, claim: ClaimResult, translator: Translator) -> dict[str, Any]:
    case = assessment.case
    confidence = CONFIDENCE_WORDS[claim.confidence] if claim.confidence else ""
    return {
        **_result(claim, translator),
        "id": claim.id,
        "alone": translator.plain(article_alone(claim)),
        "explanation": translator.plain(explanation(case, claim)),
        "confidence": translator.plain(confidence),
        "limits": [translator.plain(limit) for limit in claim.limits],
        "drivers": [
            {
                "input": driver.input,
                "meaning": translator.plain(input_meaning(case, driver.input)),
                "share": driver.share,
            }
            for driver in claim.drivers
        ],
        "turning": translator.plain(turning_text(case, claim)),
        "failing": translator.plain(failing_text(case, claim)),
        "note": "" if claim.verdict == "not tested" else translator.plain(claim.note),  # its explanation is the note
        "parts": [
            {**_result(part, translator), "name": part.name, "explanation": translator.plain(part_said(part))}
            for part in claim.parts
        ],
    }


def _result(result: ClaimResult | PartResult, translator: Translator) -> dict[str, Any]:
    known = result.probability
    return {
        "says": translator.plain(result.says),
        "verdict": result.verdict,
        "verdictWords": translator.plain(VERDICT_WORDS[result.verdict]),
        "words": translator.plain(result.words),
        "probability": None if known is None else [known.low, known.mid, known.high],
        "range": translator.plain(_range(result)),
        "models": [
            {"name": translator.plain(model_words(name)), "said": translator.plain(game_percent(share)), "share": share}
            for name, share in result.by_model.items()
        ],
        "thresholds": _thresholds(result, translator),
        "facts": [_fact(fact, translator) for fact in result.read],
    }


def _range(result: ClaimResult | PartResult) -> Text:
    """Return the range of a probability, and over what it is taken; empty if it has none."""
    span = range_of(result)
    if result.by_model and result.curve:
        return message("{range} over models and thresholds", range=span)
    if result.by_model:
        return message("{range} over models", range=span)
    return message("{range} over thresholds", range=span) if result.curve else Text()


def _thresholds(result: ClaimResult | PartResult, translator: Translator) -> dict[str, Any] | None:
    """Return the probability by threshold, and the thresholds at which the verdict turns; None if the test reads none."""
    curve = result.curve
    if curve is None:
        return None

    def said(value: float) -> str:
        return translator.plain(threshold_value(value, curve.unit))

    return {
        "means": translator.plain(curve.means),
        "points": [
            {"name": said(value), "said": translator.plain(figure(share, result.basis)), "share": share}
            for value, share in curve.points
        ],
        "turns": [said(value) for value in curve.turns],
    }


def _fact(fact: FactRead, translator: Translator) -> dict[str, Any]:
    expected = translator.plain(message("expected {value}", value=fact.expected)) if fact.expected else ""
    return {
        "key": fact.key,
        "value": translator.plain(fact.value),
        "date": fact.date or expected,
        "sources": list(fact.sources),
    }
