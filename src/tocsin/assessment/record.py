"""The run record and the JSON of an assessment (format tocsin-assessment/1)."""

from __future__ import annotations

import math
import platform
from importlib.metadata import version
from typing import Any

from tocsin.assessment.result import Alarm, Assessment, ClaimResult, Likelihood

FORMAT = "tocsin-assessment/1"
DIGITS = 6


def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    found = {name: version(name) for name in ("tocsin", "jax", "jaxlib", "numpy", "scipy")}
    return {"python": platform.python_version(), **found}


def to_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as plain data: same seed, same data but for `run.seconds`."""
    case, run = assessment.case, assessment.run
    return {
        "format": FORMAT,
        "case": {"id": case.id, "title": case.title, "as_of": case.as_of.isoformat(), "sha256": case.sha256},
        "run": {
            "seed": run.seed,
            "draws": run.draws,
            "set": dict(run.settings),
            "models": list(run.models),
            "data": [{"name": name, "sha256": digest} for name, digest in run.data],
            "versions": dict(run.versions),
            "effective_draws": _plain(run.effective_draws),
            "seconds": round(run.seconds, 3),
        },
        "quantities": [
            {
                "id": row.id,
                "model": row.model,
                "unit": row.unit,
                "p05": _plain(row.band[0]),
                "p50": _plain(row.band[1]),
                "p95": _plain(row.band[2]),
            }
            for row in assessment.quantities
        ],
        "claims": [_claim(claim) for claim in assessment.claims],
        **({"alarm": _alarm(assessment.alarm)} if assessment.alarm else {}),
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    ratio = dict(zip(("p05", "p50", "p95"), map(_plain, alarm.ratio), strict=True))
    spans = {
        name: dict(zip(("low", "mid", "high"), (round(value, 4) for value in span), strict=True))
        for name, span in (("before", alarm.before), ("after", alarm.after))
    }
    return {"rung": alarm.rung, "events": list(alarm.events), "ratio": ratio, **spans}


def _claim(claim: ClaimResult) -> dict[str, Any]:
    return {
        "id": claim.id,
        "kind": claim.kind,
        "says": claim.says,
        "verdict": claim.verdict,
        "words": claim.words,
        "probability": _likelihood(claim.probability),
        "confidence": claim.confidence,
        "by_model": {name: round(value, 4) for name, value in claim.by_model.items()},
        "drivers": [{"input": driver.input, "share": round(driver.share, 4)} for driver in claim.drivers],
        "flips": [
            {
                "input": flip.input,
                "from": _plain(flip.start),
                "to": _plain(flip.to),
                "quantile": round(flip.quantile, 4),
            }
            for flip in claim.flips
        ],
        "sources": list(claim.sources),
        "rivals": list(claim.rivals),
        "against": [claim.against] if claim.against else [],
        "note": claim.note,
    }


def _likelihood(probability: Likelihood | None) -> dict[str, float] | None:
    if probability is None:
        return None
    return {name: round(getattr(probability, name), 4) for name in ("low", "mid", "high")}


def _plain(value: float) -> float | None:
    """Six significant digits; missing is null."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
