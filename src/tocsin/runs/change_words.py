"""What differs between two runs in words, for `tocsin diff` and `tocsin verify`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tocsin.assessment.code_words import CONFIDENCE_WORDS
from tocsin.assessment.rivals.words import READER_WORDS
from tocsin.assessment.words import VERDICT_WORDS, figure
from tocsin.runs.results import BAND
from tocsin.tables import significant
from tocsin.translation import Text, in_commas, message, plural, row

if TYPE_CHECKING:
    from tocsin.runs.results import ClaimChange, Decided, ExplanationChange, QuantityChange

MAX_QUANTITIES = 10
"""Quantities that are listed, the largest changes beside their spread first."""


def claim_lines(change: ClaimChange) -> Iterator[Text]:
    """Yield what became of a claim or part: its verdict and probability in both runs, and whether sampling alone may do this."""
    yield row(2, (change.name, 16), arrow(_verdict(change.before), _verdict(change.after)))
    if change.before is None or change.after is None:
        return
    first, second = change.before.probability, change.after.probability
    if change.moved:
        yield row(4, _probability(change))
    elif first and second and (first.low, first.high) != (second.low, second.high):
        ranges = arrow(*(f"{100 * span.low:.1f}-{100 * span.high:.1f} %" for span in (first, second)))
        yield row(4, message("range of the probability: {change}", change=ranges))
    elif bool(first) != bool(second):
        shown = [
            figure(item.probability.mid, item.basis) if item.probability else message("none")
            for item in (change.before, change.after)
        ]
        yield row(4, message("probability: {change}", change=arrow(*shown)))
    confidences = [getattr(item, "confidence", "") for item in (change.before, change.after)]
    if confidences[0] != confidences[1]:
        levels = [CONFIDENCE_WORDS[level] if level else message("none") for level in confidences]
        yield row(4, message("confidence: {change}", change=arrow(*levels)))


def _verdict(result: Decided | None) -> str:
    return message("not in this run") if result is None else VERDICT_WORDS[result.verdict]


def arrow(before: str, after: str) -> Text:
    """Return two values of one thing: "old -> new", or the value alone if it is the same."""
    return in_commas([after]) if before == after else message("{before} -> {after}", before=before, after=after)


def _probability(change: ClaimChange) -> Text:
    assert change.before and change.before.probability and change.after and change.after.probability
    assert change.moved is not None and change.error is not None
    first, second = change.before.probability.mid, change.after.probability.mid
    values = {
        "change": arrow(figure(first, change.before.basis), figure(second, change.after.basis)),
        "points": f"{100 * change.moved:+.2g}",
        "error": f"{100 * BAND * change.error:.2g}",
    }
    if change.within_error:
        return message("probability: {change} ({points} points, within the sampling error of ±{error})", **values)
    return message("probability: {change} ({points} points; sampling error ±{error})", **values)


def quantity_lines(
    changes: Sequence[QuantityChange], compared: int, most: int | None = MAX_QUANTITIES
) -> Iterator[Text]:
    """Yield how many quantities differ and the largest changes of their medians: at most `most` of them, all with None."""
    if not changes:
        return
    yield row(
        0,
        plural(
            "Quantities: {count} of {all} differs. The largest changes of the median beside its spread:",
            "Quantities: {count} of {all} differ. The largest changes of the median beside its spread:",
            len(changes),
            all=compared,
        ),
    )
    for change in changes[:most]:
        values = [_median(item) for item in (change.before, change.after)]
        yield row(2, (f"{change.id} ({change.model})", 44), arrow(*values))
    if most is not None and len(changes) > most:
        yield row(2, message("and {number} more, see {option}", number=len(changes) - most, option="`--json`"))


def explanation_lines(changes: Sequence[ExplanationChange]) -> Iterator[Text]:
    """Yield the explanations whose probability differs, each with its reader."""
    if changes:
        yield row(0, message("Explanations whose probability differs:"))
    for change in changes:
        values = [
            message("not in this run") if item is None else f"{100 * item:.0f} %"
            for item in (change.before, change.after)
        ]
        name, reader = f"{change.name}.{change.key}", READER_WORDS[change.reader]
        yield row(2, message("{name}, {reader}: {change}", name=name, reader=reader, change=arrow(*values)))


def _median(item: Any) -> str:
    if item is None:
        return message("not in this run")
    return message("missing") if item.p50 is None else significant(item.p50)


def version_line(versions: Mapping[str, tuple[str, str]]) -> Text:
    """Return the versions that differ."""
    pairs = [
        message(
            "{name} {before} -> {after}", name=name, before=before or message("none"), after=after or message("none")
        )
        for name, (before, after) in versions.items()
    ]
    return row(0, message("Versions differ: {versions}.", versions=in_commas(pairs)))


def claim_dict(change: ClaimChange) -> dict[str, Any]:
    """Return a change of a claim as a JSON-ready dict."""

    def one(result: Decided | None) -> dict[str, Any] | None:
        if result is None:
            return None
        known = {"verdict": result.verdict, "confidence": getattr(result, "confidence", None)}
        span = result.probability
        numbers = None if span is None else {name: getattr(span, name) for name in ("low", "mid", "high", "error")}
        return known | {"probability": numbers}

    return {
        "claim": change.claim,
        "part": change.part or None,
        "before": one(change.before),
        "after": one(change.after),
        "moved": None if change.moved is None else round(change.moved, 6),
        "error": None if change.error is None else round(change.error, 6),
        "within_error": change.within_error,
    }


def quantity_dict(change: QuantityChange) -> dict[str, Any]:
    """Return a change of a quantity as a JSON-ready dict."""
    points = {
        name: None if item is None else {"p05": item.p05, "p50": item.p50, "p95": item.p95}
        for name, item in (("before", change.before), ("after", change.after))
    }
    return {"id": change.id, "model": change.model, "unit": change.unit, **points}
