"""The sentences about past cases beside a claim: the outside view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.words import game_percent, percent, whole
from tocsin.case.events import short_name
from tocsin.evidence.classes.stored import SMALL_NUMBERS


@dataclass(frozen=True)
class Outside:
    """The outside view of a claim.

    Attributes:
        first: said before the verdict, where the model and the past differ.
        beside: said beside it: a sentence for each event, and one more where the past lies between the model's two figures.
        details: what else is known, an item for each event.
    """

    first: tuple[str, ...]
    beside: tuple[str, ...]
    details: tuple[str, ...]


def outside(assessment: Assessment, claim: ClaimResult) -> Outside:
    """Return what past cases say about the events of a claim."""
    views = [view for view in assessment.outside if claim.id in view.claims]
    return Outside(
        tuple(_first(assessment, view) for view in views if view.differs),
        tuple(text for view in views for text in _beside(assessment, view)),
        tuple(_details(assessment, view) for view in views),
    )


def _beside(assessment: Assessment, view: OutsideView) -> Iterator[str]:
    yield f"{view.sentence.removesuffix('.')}; among {view.others} in {percent(view.similar)}.{_left_out(assessment, view)}"
    if view.between:
        yield (
            f"On {short_name(assessment.case, view.event)} the past lies between the two figures of the model. "
            f"{_both(assessment, view)} This is no difference: the list of disputes counts more than the model's own acts, and less "
            "than the incidents of the record."
        )


def _left_out(assessment: Assessment, view: OutsideView) -> str:
    """Return how many cases had not ended by the day of the case and are left out; empty if none."""
    if not view.left_out:
        return ""
    return f" Only cases that had ended before {assessment.case.as_of.year} count; {view.left_out} later ones are left out."


def _first(assessment: Assessment, view: OutsideView) -> str:
    """Return that the inside and the outside view differ, with both numbers."""
    return f"Inside and outside view differ on {short_name(assessment.case, view.event)}. {_both(assessment, view)}"


def _both(assessment: Assessment, view: OutsideView) -> str:
    """Return what the model says, and the nearest rate of the past."""
    case = assessment.case
    actor, other = case.actors[view.actor].name, case.actors[view.other].name
    low, share, high = view.rate
    past = f"past {view.noun} after a recent dispute" if view.recent else f"past {view.noun}"
    recorded = view.inside_recorded
    incidents = "" if recorded is None else f" ({game_percent(recorded)} with the incidents that the record counts)"
    return (
        f"In this model the chance that {actor} presses or attacks {other} within {SMALL_NUMBERS[view.years]} years is "
        f"{game_percent(view.inside or 0.0)}{incidents}. Of {past}, {percent(share)} were followed by a dispute that the rival began "
        f"({whole(low)} to {percent(high)})."
    )


def _details(assessment: Assessment, view: OutsideView) -> str:
    name = short_name(assessment.case, view.event)
    low, gap, high = view.more
    parts = [
        f"{name[:1].upper()}{name[1:]}: {_points(gap)} than among {view.others} (90 % interval {_signed(low)} to {_signed(high)} points)."
    ]
    if view.recent:
        low, share, high = view.rate
        parts.append(
            f"By the case's record the rival pressed in the last five years. In such cases: {view.yes} of {view.cases} ({percent(share)}, "
            f"{whole(low)} to {percent(high)})."
        )
    if view.inside_more is not None:
        parts.append(
            f"In this model the event changes the chance of pressure or attack by {_signed(view.inside_more)} points."
        )
    return " ".join(parts)


def _points(gap: float) -> str:
    size = abs(round(100.0 * gap, 1))
    return f"{size:g} {'point' if size == 1 else 'points'} {'more' if gap >= 0 else 'less'} often"


def _signed(value: float) -> str:
    """Return a difference in points: "+13", "-2.8", "less than 0.1"."""
    points = 100.0 * value
    if abs(points) < 0.05:
        return "less than 0.1"
    return f"{points:+.1f}" if abs(points) < 9.95 else f"{points:+.0f}"
