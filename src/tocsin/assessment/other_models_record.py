"""The records, in the JSON of an assessment, of what other models say of a test."""

from __future__ import annotations

from tocsin.assessment.claim_record import BandRecord, Record, Share
from tocsin.assessment.other_models_result import ModelAnswer, OtherModels
from tocsin.translation import Said


class ModelAnswerRecord(Record):
    """What one model says of a test; see `other_models_result.ModelAnswer`."""

    model: str
    weight: Share
    probability: Share | None
    silent: Said
    level: dict[str, BandRecord]
    effect: BandRecord | None

    @classmethod
    def of(cls, answer: ModelAnswer) -> ModelAnswerRecord:
        """Record an answer."""
        return cls(
            model=answer.model,
            weight=round(answer.weight, 4),
            probability=None if answer.probability is None else round(answer.probability, 4),
            silent=answer.silent,
            level={theatre: BandRecord.of(band) for theatre, band in answer.level.items()},
            effect=None if answer.effect is None else BandRecord.of(answer.effect),
        )


class OtherModelsRecord(Record):
    """What the game and other models say of one test; see `other_models_result.OtherModels`."""

    claim: str
    part: str
    years: int
    counterfactual: bool
    answers: tuple[ModelAnswerRecord, ...]
    pooled: Share
    differ: bool

    @classmethod
    def of(cls, others: OtherModels) -> OtherModelsRecord:
        """Record the answers to one test."""
        return cls(
            claim=others.claim,
            part=others.part,
            years=others.years,
            counterfactual=others.counterfactual,
            answers=tuple(map(ModelAnswerRecord.of, others.answers)),
            pooled=round(others.pooled, 4),
            differ=others.differ,
        )
