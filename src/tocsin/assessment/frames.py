"""Tidy tables of an assessment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment


def _claims(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "id": claim.id,
            "kind": claim.kind,
            "says": claim.says,
            "verdict": claim.verdict,
            "words": claim.words,
            "low": claim.probability.low if claim.probability else None,
            "mid": claim.probability.mid if claim.probability else None,
            "high": claim.probability.high if claim.probability else None,
            "confidence": claim.confidence,
        }
        for claim in assessment.claims
    ]


def _quantities(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {"id": row.id, "model": row.model, "unit": row.unit, **dict(zip(("p05", "p50", "p95"), row.band, strict=True))}
        for row in assessment.quantities
    ]


def _drivers(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {"claim": claim.id, "input": driver.input, "share": driver.share}
        for claim in assessment.claims
        for driver in claim.drivers
    ]


def _flips(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {"claim": claim.id, "input": flip.input, "from": flip.start, "to": flip.to, "quantile": flip.quantile}
        for claim in assessment.claims
        for flip in claim.flips
    ]


def _parts(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "claim": claim.id,
            "part": part.name,
            "says": part.says,
            "verdict": part.verdict,
            "mid": part.probability.mid if part.probability else None,
        }
        for claim in assessment.claims
        for part in claim.parts
    ]


def _controls(assessment: Assessment) -> list[dict[str, Any]]:
    names = ("event", "positive", "quantity", "theatre", "threshold", "exceeds", "registers")
    return [
        {name: getattr(row, name) for name in names}
        | {"given": " + ".join(row.given)}
        | dict(zip(("p05", "p50", "p95"), row.effect, strict=True))
        for row in assessment.controls
    ]


_TABLES: dict[str, tuple[Callable[[Assessment], list[dict[str, Any]]], dict[str, Any]]] = {
    "claims": (
        _claims,
        {
            "id": pl.String, "kind": pl.String, "says": pl.String, "verdict": pl.String, "words": pl.String,
            "low": pl.Float64, "mid": pl.Float64, "high": pl.Float64, "confidence": pl.String,
        },
    ),
    "quantities": (
        _quantities,
        {
            "id": pl.String, "model": pl.String, "unit": pl.String,
            "p05": pl.Float64, "p50": pl.Float64, "p95": pl.Float64,
        },
    ),
    "drivers": (_drivers, {"claim": pl.String, "input": pl.String, "share": pl.Float64}),
    "flips": (
        _flips,
        {"claim": pl.String, "input": pl.String, "from": pl.Float64, "to": pl.Float64, "quantile": pl.Float64},
    ),
    "parts": (
        _parts,
        {"claim": pl.String, "part": pl.String, "says": pl.String, "verdict": pl.String, "mid": pl.Float64},
    ),
    "controls": (
        _controls,
        {
            "event": pl.String, "positive": pl.Boolean, "quantity": pl.String, "theatre": pl.String, "given": pl.String,
            "threshold": pl.Float64, "p05": pl.Float64, "p50": pl.Float64, "p95": pl.Float64, "exceeds": pl.Float64,
            "registers": pl.Boolean,
        },
    ),
}  # fmt: skip


def frame(assessment: Assessment, name: str) -> pl.DataFrame:
    """Return one table with one row for each item: claims, quantities, drivers, flips, parts or controls."""
    rows, schema = _TABLES[name]
    return pl.DataFrame(rows(assessment), schema=schema)
