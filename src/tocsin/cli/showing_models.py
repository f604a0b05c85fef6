"""Show in words what other models than the case's game say of a test."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.assessment.claim_record import BandRecord
from tocsin.assessment.other_models_record import ModelAnswerRecord, OtherModelsRecord
from tocsin.assessment.other_models_words import NAMES, answer_text, caveat, counted_text, effect_text, level_text
from tocsin.assessment.words import percent
from tocsin.translation import Text, in_semicolons, in_sentences, message, row


def other_model_lines(item: OtherModelsRecord) -> Iterator[str]:
    """Yield the answer of each model to a test, and the pooled figure with what it rests on."""
    counted = sum(answer.probability is not None and not answer.silent for answer in item.answers)
    heads = {
        (False, False): message("models"),
        (False, True): message("models: they differ"),
        (True, False): message("models on {part}", part=item.part),
        (True, True): message("models on {part}: they differ", part=item.part),
    }
    yield row(2, heads[bool(item.part), item.differ])
    for answer in item.answers:
        reply = _answer(answer, item.years)
        weight = percent(answer.weight)
        yield row(4, message("{model}, weight {weight}: {said}", model=NAMES[answer.model], weight=weight, said=reply))
    pooled = message("pooled: {probability}.", probability=percent(item.pooled))
    yield row(4, in_sentences(pooled, counted_text(counted, len(item.answers))))
    yield row(4, caveat(counterfactual=item.counterfactual))


def _answer(answer: ModelAnswerRecord, years: int) -> Text:
    texts: list[str] = [answer_text(answer.probability, answer.silent)]
    if answer.effect and (effect := _points(answer.effect)):
        texts.append(effect_text(*effect))
    for theatre, band in answer.level.items():
        if level := _points(band):
            text = level_text(*level, years)
            texts.append(
                message("{level} in {theatre}", level=text, theatre=theatre) if len(answer.level) > 1 else text
            )
    return in_semicolons(texts)


def _points(band: BandRecord) -> tuple[float, float, float] | None:
    """Return the three points of a band; None if one is missing."""
    if band.p05 is None or band.p50 is None or band.p95 is None:
        return None
    return band.p05, band.p50, band.p95
