"""Tidy tables of an assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.assessment.rivals.frames import ARGUMENTS, EXPLANATIONS, OBSERVATIONS
from tocsin.assessment.rivals.rows import argument_rows, explanation_rows, observation_rows

if TYPE_CHECKING:
    from tocsin.assessment.claim_record import ClaimRecord, DecidedRecord
    from tocsin.assessment.flip_words import FlipLike
    from tocsin.assessment.result import Assessment, ClaimResult, PartResult, TableName

Row = dict[str, Any]


def decided(result: ClaimResult | PartResult | DecidedRecord) -> Row:
    """Return the columns that claims and parts share, of a result or of its record."""
    known = result.probability
    return {
        "says": result.says,
        "verdict": result.verdict,
        "words": result.words,
        "basis": result.basis,
        "low": known.low if known else None,
        "mid": known.mid if known else None,
        "high": known.high if known else None,
        "error": known.error if known else None,
        "turnable": result.turnable,
        "shown": result.shown,
    }


def _claims(assessment: Assessment) -> list[Row]:
    return [
        {"id": claim.id, "kind": claim.kind, "rule": claim.rule, **decided(claim), "confidence": claim.confidence}
        for claim in assessment.claims
    ]


def _parts(assessment: Assessment) -> list[Row]:
    return [
        {"claim": claim.id, "part": part.name, "essential": part.essential, **decided(part), "note": part.note}
        for claim in assessment.claims
        for part in claim.parts
    ]


def _tests(assessment: Assessment) -> Iterator[tuple[Row, ClaimResult | PartResult]]:
    """Yield everything that has a test of its own, with its claim and part ("" for a claim without parts)."""
    for claim in assessment.claims:
        yield {"claim": claim.id, "part": ""}, claim
        for part in claim.parts:
            yield {"claim": claim.id, "part": part.name}, part


def _facts(assessment: Assessment) -> list[Row]:
    return [
        {
            **names,
            "key": fact.key,
            "value": fact.value,
            "date": fact.date,
            "expected": fact.expected,
            "sources": ";".join(fact.sources),
        }
        for names, result in _tests(assessment)
        for fact in result.read
    ]


def _curves(assessment: Assessment) -> list[Row]:
    return [
        {**names, "threshold": threshold, "unit": result.curve.unit, "probability": probability}
        for names, result in _tests(assessment)
        if result.curve
        for threshold, probability in result.curve.points
    ]


def _models(assessment: Assessment) -> list[Row]:
    return [
        {**names, "model": model, "probability": probability}
        for names, result in _tests(assessment)
        for model, probability in result.by_model.items()
    ]


def _others(assessment: Assessment) -> list[Row]:
    return [
        {
            "claim": row.claim,
            "part": row.part,
            "model": answer.model,
            "weight": answer.weight,
            "probability": answer.probability,
            "counts": answer.counts,
            "silent": answer.silent,
            "pooled": row.pooled,
        }
        for row in assessment.other_models
        for answer in row.answers
    ]


def _outcomes(assessment: Assessment) -> list[Row]:
    return [
        {
            "claim": claim.id,
            "key": outcome.key,
            "says": outcome.says,
            "happened": outcome.happened,
            "date": outcome.date,
            "due": claim.due,
            "brier": claim.brier(outcome),
        }
        for claim in assessment.claims
        for outcome in claim.outcomes
    ]


def _controls(assessment: Assessment) -> list[Row]:
    names = ("event", "positive", "quantity", "theatre", "threshold", "ratio", "exceeds", "registers")
    return [
        {name: getattr(row, name) for name in names}
        | {"given": " + ".join(row.given)}
        | dict(zip(("p05", "p50", "p95"), row.effect, strict=True))
        for row in assessment.controls
    ]


def _quantities(assessment: Assessment) -> list[Row]:
    return [
        {"id": row.id, "model": row.model, "unit": row.unit, **dict(zip(("p05", "p50", "p95"), row.band, strict=True))}
        for row in assessment.quantities
    ]


def _drivers(assessment: Assessment) -> list[Row]:
    return [{"claim": claim.id, **asdict(driver)} for claim in assessment.claims for driver in claim.drivers]


def _quantity_drivers(assessment: Assessment) -> list[Row]:
    return [{"quantity": row.id, **asdict(driver)} for row in assessment.quantity_drivers for driver in row.drivers]


def _event_parts(assessment: Assessment) -> list[Row]:
    """Return a row for each part of each effect; the means of the parts of an effect sum to its mean, in `whole`."""
    return [
        {
            "quantity": row.quantity,
            "theatre": row.theatre,
            "events": " + ".join(row.events),
            "given": " + ".join(row.given),
            "claims": ";".join(row.claims),
            "part": share.part,
            "changes": ";".join(share.changes),
            "mean": share.mean,
            **dict(zip(_BAND, share.band, strict=True)),
            "whole": row.mean,
        }
        for row in assessment.event_parts
        for share in row.parts
    ]


def flip_rows(claims: Iterable[ClaimResult | ClaimRecord]) -> list[Row]:
    """Return a row for each move of each flip of claims, of results or of their records."""
    flips: dict[str, Sequence[FlipLike]] = {claim.id: claim.flips for claim in claims}
    return [
        {
            "claim": claim,
            "flip": number,
            "input": move.input,
            "from": move.start,
            "to": move.to,
            "quantile": move.quantile,
            "verdict": flip.verdict,
            "part": flip.part,
            "probability": flip.probability,
            "reason": flip.reason,
            "worlds": flip.worlds,
        }
        for claim, several in flips.items()
        for number, flip in enumerate(several, start=1)
        for move in flip.moves
    ]


def _flips(assessment: Assessment) -> list[Row]:
    return flip_rows(assessment.claims)


_DECIDED = {
    "says": pl.String, "verdict": pl.String, "words": pl.String, "basis": pl.String, "low": pl.Float64, "mid": pl.Float64,
    "high": pl.Float64, "error": pl.Float64, "turnable": pl.Boolean, "shown": pl.String,
}  # fmt: skip
_TEST = {"claim": pl.String, "part": pl.String}
_BAND = {"p05": pl.Float64, "p50": pl.Float64, "p95": pl.Float64}
_SHARES = {
    "input": pl.String, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "first": pl.Float64, "total": pl.Float64,
}  # fmt: skip
_TABLES: dict[TableName, tuple[Callable[[Assessment], list[Row]], dict[str, Any]]] = {
    "claims": (
        _claims,
        {"id": pl.String, "kind": pl.String, "rule": pl.String, **_DECIDED, "confidence": pl.String},
    ),
    "parts": (_parts, {**_TEST, "essential": pl.Boolean, **_DECIDED, "note": pl.String}),
    "facts": (
        _facts,
        _TEST | dict.fromkeys(("key", "value", "date", "expected", "sources"), pl.String),
    ),
    "curves": (_curves, {**_TEST, "threshold": pl.Float64, "unit": pl.String, "probability": pl.Float64}),
    "models": (_models, {**_TEST, "model": pl.String, "probability": pl.Float64}),
    "others": (
        _others,
        {
            **_TEST, "model": pl.String, "weight": pl.Float64, "probability": pl.Float64, "counts": pl.Boolean, "silent": pl.String,
            "pooled": pl.Float64,
        },
    ),
    "outcomes": (
        _outcomes,
        {
            "claim": pl.String, "key": pl.String, "says": pl.String, "happened": pl.Boolean, "date": pl.String,
            "due": pl.String, "brier": pl.Float64,
        },
    ),
    "controls": (
        _controls,
        {
            "event": pl.String, "positive": pl.Boolean, "quantity": pl.String, "theatre": pl.String, "given": pl.String,
            "threshold": pl.Float64, "ratio": pl.Boolean, "p05": pl.Float64, "p50": pl.Float64, "p95": pl.Float64,
            "exceeds": pl.Float64, "registers": pl.Boolean,
        },
    ),
    "quantities": (
        _quantities,
        {"id": pl.String, "model": pl.String, "unit": pl.String, **_BAND},
    ),
    "drivers": (_drivers, {"claim": pl.String, **_SHARES}),
    "quantity_drivers": (_quantity_drivers, {"quantity": pl.String, **_SHARES}),
    "event_parts": (
        _event_parts,
        {
            **dict.fromkeys(("quantity", "theatre", "events", "given", "claims", "part", "changes"), pl.String),
            "mean": pl.Float64, **_BAND, "whole": pl.Float64,
        },
    ),
    "flips": (
        _flips,
        {
            "claim": pl.String, "flip": pl.Int64, "input": pl.String, "from": pl.Float64, "to": pl.Float64, "quantile": pl.Float64,
            "verdict": pl.String, "part": pl.String, "probability": pl.Float64, "reason": pl.String, "worlds": pl.Int64,
        },
    ),
    "explanations": (explanation_rows, EXPLANATIONS),
    "observations": (observation_rows, OBSERVATIONS),
    "arguments": (argument_rows, ARGUMENTS),
}  # fmt: skip


def frame(assessment: Assessment, name: TableName) -> pl.DataFrame:
    """Return one table with one row for each item."""
    rows, schema = _TABLES[name]
    return pl.DataFrame(rows(assessment), schema=schema)
