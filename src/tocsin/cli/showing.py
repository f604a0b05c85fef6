"""`tocsin show`: claims and quantities of an assessment in words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from tocsin.assessment.result import ClaimResult, Driver, Flip, Likelihood, QuantityRow, Verdict
from tocsin.assessment.words import percent, whole
from tocsin.errors import InputError, did_you_mean

FORMAT = "tocsin-assessment/1"


@dataclass(frozen=True)
class ShownAssessment:
    """The parts of an assessment that can be shown.

    Attributes:
        title, as_of: of the case.
        claims: with their verdicts.
        quantities: by model.
    """

    title: str
    as_of: str
    claims: tuple[ClaimResult, ...]
    quantities: tuple[QuantityRow, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ShownAssessment:
        """Read what `tocsin.assessment.record.to_json` returns.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: if it is something else.
        """
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        return cls(
            title=str(data["case"]["title"]),
            as_of=str(data["case"]["as_of"]),
            claims=tuple(_claim(claim) for claim in data["claims"]),
            quantities=tuple(_quantity(row) for row in data["quantities"]),
        )


def read_assessment(file: Path) -> ShownAssessment:
    """Read an assessment from a JSON file.

    Raises:
        InputError: if the file cannot be read or holds something else.
    """
    remedy = "name a file that `tocsin assess CASE --json FILE` wrote"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", file=str(file), remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", file=str(file), remedy=remedy) from error
    try:
        return ShownAssessment.from_dict(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("not a complete assessment", file=str(file), remedy=remedy) from None


def _claim(data: Mapping[str, Any]) -> ClaimResult:
    if data["verdict"] not in get_args(Verdict):
        raise ValueError(data["verdict"])
    probability = data["probability"]
    return ClaimResult(
        id=str(data["id"]),
        kind=str(data["kind"]),
        says=str(data["says"]),
        sentence=None,
        mechanism="",
        verdict=cast(Verdict, data["verdict"]),
        words=str(data["words"]),
        probability=probability and Likelihood(**{name: _share(probability[name]) for name in ("low", "mid", "high")}),
        confidence=str(data["confidence"]),
        by_model={str(name): _share(value) for name, value in data["by_model"].items()},
        drivers=tuple(Driver(input=str(row["input"]), share=_share(row["share"])) for row in data["drivers"]),
        flips=tuple(
            Flip(
                input=str(row["input"]),
                start=_number(row["from"]),
                to=_number(row["to"]),
                quantile=_share(row["quantile"]),
            )
            for row in data["flips"]
        ),
        sources=tuple(map(str, data["sources"])),
        rivals=tuple(map(str, data["rivals"])),
        against=", ".join(map(str, data["against"])),
        note=str(data["note"]),
    )


def _quantity(data: Mapping[str, Any]) -> QuantityRow:
    band = (_number(data["p05"]), _number(data["p50"]), _number(data["p95"]))
    return QuantityRow(id=str(data["id"]), label="", model=str(data["model"]), unit=str(data["unit"]), band=band)


def _share(value: float) -> float:
    whole(value)  # refuses all but numbers in [0, 1]
    return value


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


# --- in words ------------------------------------------------------------------------------------------------------


def listing(assessment: ShownAssessment) -> str:
    """Return all claims with their verdicts, and the names of all quantities."""
    claims = [f"  {claim.id:<5} {claim.verdict:<12} {claim.says}" for claim in assessment.claims]
    names = dict.fromkeys(row.id for row in assessment.quantities)
    return "\n".join([assessment.title, "", *claims, "", *(f"  {name}" for name in names)])


def describe(assessment: ShownAssessment, name: str) -> str:
    """Return a claim or a quantity in words.

    Raises:
        InputError: if there is neither of that name.
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


def _quantity_text(rows: list[QuantityRow]) -> str:
    width = max(len(row.model) for row in rows)
    lines = [f"{rows[0].id} [{rows[0].unit}]: 5 %, 50 % and 95 % points over worlds"]
    lines += [f"  {row.model:<{width}}" + "".join(f"{_number_text(value):>12}" for value in row.band) for row in rows]
    return "\n".join(lines)


def _number_text(value: float) -> str:
    return "missing" if math.isnan(value) else f"{value:.4g}"


def _claim_text(claim: ClaimResult) -> str:
    words = claim.verdict if claim.words == claim.verdict else f"{claim.verdict}: {claim.words}"
    lines = [f"{claim.says} ({claim.id}, {claim.kind})", f"  {words}"]
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
        lines.append("  no change of a single input was found that changes the verdict")
    if claim.rivals:
        lines.append(f"  rival arguments: {', '.join(claim.rivals)}")
    if claim.sources:
        lines.append(f"  sources: {', '.join(claim.sources)}")
    if claim.against:
        lines.append(f"  would count against it: {claim.against}")
    if claim.note:
        lines.append(f"  {claim.note}")
    return "\n".join(lines)
