"""Show in words what other models than the case's game say of a test."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.assessment.claim_record import BandRecord
from tocsin.assessment.other_models_record import ModelAnswerRecord, OtherModelsRecord
from tocsin.assessment.other_models_words import NAMES, answer_text, caveat, counted_text, effect_text, level_text
from tocsin.assessment.words import percent
from tocsin.tables import printable


def other_model_lines(row: OtherModelsRecord) -> Iterator[str]:
    """Yield the answer of each model to a test, and the pooled figure with what it rests on."""
    of = f" on {printable(row.part)}" if row.part else ""
    counted = sum(answer.probability is not None and not answer.silent for answer in row.answers)
    yield f"  models{of}{': they differ' if row.differ else ''}"
    for answer in row.answers:
        said = printable(_answer(answer, row.years))
        yield f"    {NAMES[answer.model]}, weight {percent(answer.weight)}: {said}"
    yield f"    pooled: {percent(row.pooled)}. {counted_text(counted, len(row.answers))}"
    yield f"    {caveat(counterfactual=row.counterfactual)}"


def _answer(answer: ModelAnswerRecord, years: int) -> str:
    said: list[str] = [answer_text(answer.probability, answer.silent)]
    if answer.effect and (effect := _points(answer.effect)):
        said.append(effect_text(*effect))
    for theatre, band in answer.level.items():
        if level := _points(band):
            where = f" in {theatre}" if len(answer.level) > 1 else ""
            said.append(level_text(*level, years) + where)
    return "; ".join(said)


def _points(band: BandRecord) -> tuple[float, float, float] | None:
    """Return the three points of a band; None if one is missing."""
    if band.p05 is None or band.p50 is None or band.p95 is None:
        return None
    return band.p05, band.p50, band.p95
