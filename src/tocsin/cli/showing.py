"""`tocsin show`: claims and quantities of an assessment in words."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from tocsin.assessment.record import AssessmentRecord, ClaimRecord, QuantityRecord
from tocsin.assessment.words import percent
from tocsin.errors import InputError, did_you_mean
from tocsin.reading import read_bytes
from tocsin.tables import printable

MAX_BYTES = 256_000_000
"""Largest assessment."""


def read_assessment(file: Path) -> AssessmentRecord:
    """Read an assessment from a JSON file.

    Raises:
        InputError: if the file cannot be read or is not an assessment.
    """
    remedy = "name a file that `tocsin assess CASE --json FILE` wrote"
    try:
        return AssessmentRecord.model_validate_json(read_bytes(file, str(file), MAX_BYTES))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise InputError(f"not JSON: {first['ctx']['error']}", file=str(file), remedy=remedy) from None
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"not a complete assessment ({where}: {first['msg']})", file=str(file), remedy=remedy
        ) from None


# --- in words ------------------------------------------------------------------------------------------------------


def listing(assessment: AssessmentRecord) -> str:
    """Return all claims with their verdicts, and the names of all quantities."""
    claims = [f"  {claim.id:<5} {claim.verdict:<12} {printable(claim.says)}" for claim in assessment.claims]
    names = dict.fromkeys(row.id for row in assessment.quantities)
    return "\n".join([printable(assessment.case.title), "", *claims, "", *(f"  {name}" for name in names)])


def describe(assessment: AssessmentRecord, name: str) -> str:
    """Return a claim or a quantity in words.

    Raises:
        InputError: if no claim or quantity has this name.
    """
    for claim in assessment.claims:
        if claim.id.lower() == name.strip().lower():
            return _claim_text(claim)
    rows = [row for row in assessment.quantities if _without_spaces(row.id) == _without_spaces(name)]
    if rows:
        return _quantity_text(rows)
    known = [claim.id for claim in assessment.claims] + [row.id for row in assessment.quantities]
    raise InputError(f"no claim or quantity {name!r}", remedy=did_you_mean(name, known))


def _without_spaces(name: str) -> str:
    return "".join(name.split())


def _quantity_text(rows: list[QuantityRecord]) -> str:
    width = max(len(row.model) for row in rows)
    lines = [f"{rows[0].id} [{rows[0].unit}]: 5 %, 50 % and 95 % points over worlds"]
    lines += [
        f"  {row.model:<{width}}" + "".join(f"{_number_text(value):>12}" for value in (row.p05, row.p50, row.p95))
        for row in rows
    ]
    return "\n".join(lines)


def _number_text(value: float | None) -> str:
    return "missing" if value is None else f"{value:.4g}"


def _claim_text(claim: ClaimRecord) -> str:
    words = claim.verdict if claim.words == claim.verdict else f"{claim.verdict}: {claim.words}"
    lines = [f"{printable(claim.says)} ({claim.id}, {claim.kind})", f"  {words}"]
    if claim.probability:
        low, mid, high = map(percent, (claim.probability.low, claim.probability.mid, claim.probability.high))
        lines.append(f"  probability: {mid}; {low} to {high} over models and thresholds")
    lines.append(f"  confidence: {claim.confidence}")
    lines += [f"  in model {model}: {percent(value)}" for model, value in claim.by_model.items()]
    lines += [
        f"  depends on {driver.input}: {percent(driver.share)} of the explained variance" for driver in claim.drivers
    ]
    lines += [
        f"  the verdict changes if {flip.input} goes from {_number_text(flip.start)} to {_number_text(flip.to)} "
        f"(the {percent(flip.quantile)} point of its distribution)"
        for flip in claim.flips
    ]
    if claim.probability and not claim.flips:
        lines.append("  no single input changes the verdict within its own range, as far as the search went")
    if claim.rivals:
        lines.append(f"  rival arguments: {', '.join(claim.rivals)}")
    if claim.sources:
        lines.append(f"  sources: {', '.join(claim.sources)}")
    if claim.against:
        lines.append(f"  would count against it: {printable(', '.join(claim.against))}")
    if claim.note:
        lines.append(f"  {printable(claim.note)}")
    return "\n".join(lines)
