"""Rows of tables of rival explanations, of what bears on them, and of how arguments are tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tocsin.assessment.figures_result import Band

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment

Row = dict[str, Any]


def explanation_rows(assessment: Assessment) -> list[Row]:
    """Return a row for each explanation, reader and day: the day of the case, or what is known since."""
    return [
        {"set": result.name, "explanation": row.key, "name": row.name, "article": row.key == result.article, "reader": reader}
        | {"since": since, "prior": beliefs[row.key].prior, "mean": beliefs[row.key].mean}
        | _points(beliefs[row.key].band)
        for result in assessment.rivals.sets
        for since, posteriors in ((False, result.posteriors), (True, result.since))
        for reader, beliefs in posteriors.items()
        for row in result.explanations
    ]  # fmt: skip


def observation_rows(assessment: Assessment) -> list[Row]:
    """Return a row for each item and explanation: the likelihood ratio against the explanation of the article."""
    return [
        {"set": result.name, "item": item.name, "says": item.says, "state": item.sight.state, "share": item.sight.share}
        | {"late": item.sight.late, "group": item.group, "diagnostic": item.diagnostic, "information": item.information}
        | {"explanation": key, "moved": item.moved.get(key)}
        | _points(band)
        for result in assessment.rivals.sets
        for item in result.items
        for key, band in item.ratios.items()
    ]


def argument_rows(assessment: Assessment) -> list[Row]:
    """Return a row for each argument: how it is tested, and the likelihood ratio of its own prediction."""
    return [
        {
            "argument": item.key,
            "tested": item.tested,
            "explanations": ";".join(f"{name}.{key}" for name, key in item.explanations),
            "sets": ";".join(item.sets),
            "predicts": item.says,
            "state": item.sight.state if item.sight else None,
            "late": item.sight.late if item.sight else None,
            **_points(item.ratio or (None, None, None)),
        }
        for item in assessment.rivals.arguments
    ]


def _points(band: Band | tuple[None, None, None]) -> Row:
    return dict(zip(("p05", "p50", "p95"), band, strict=True))
