"""The sentences about past cases beside a claim: the outside view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.words import game_percent, percent, whole
from tocsin.case.events import short_name
from tocsin.evidence.classes.stored import SMALL_NUMBERS
from tocsin.translation import Text, clip, in_sentences, message, sentence


@dataclass(frozen=True)
class Outside:
    """The outside view of a claim.

    Attributes:
        first: said before the verdict, where the model and the past differ.
        beside: said beside it: a sentence for each event, and one more where the past lies between the model's two figures.
        details: what else is known, an item for each event.
    """

    first: tuple[Text, ...]
    beside: tuple[Text, ...]
    details: tuple[Text, ...]


def outside(assessment: Assessment, claim: ClaimResult) -> Outside:
    """Return what past cases say about the events of a claim."""
    views = [view for view in assessment.outside if claim.id in view.claims]
    return Outside(
        tuple(_first(assessment, view) for view in views if view.differs),
        tuple(text for view in views for text in _beside(assessment, view)),
        tuple(_details(assessment, view) for view in views),
    )


_ANY_LENGTH = 10_000
"""Words that no sentence reaches: it only loses its full stop."""


def _beside(assessment: Assessment, view: OutsideView) -> Iterator[Text]:
    rate = message(
        "{rate}; among {others} in {share}.",
        rate=clip(view.sentence, _ANY_LENGTH),
        others=view.others,
        share=percent(view.similar),
    )
    yield in_sentences(rate, _left_out(assessment, view))
    if view.between:
        between = message(
            "On {event} past and model do not differ: the rate of the past lies between the model's two figures.",
            event=short_name(assessment.case, view.event),
        )
        yield in_sentences(between, _both(assessment, view))


def _left_out(assessment: Assessment, view: OutsideView) -> str:
    """Return how many cases had not ended by the day of the case and are left out; empty if none."""
    if not view.left_out:
        return ""
    return message(
        "Only cases that had ended before {year} count; {count} later ones are left out.",
        year=f"{assessment.case.as_of.year}",
        count=f"{view.left_out}",
    )


def _first(assessment: Assessment, view: OutsideView) -> Text:
    """Return that the inside and the outside view differ, with both numbers."""
    differ = message("Inside and outside view differ on {event}.", event=short_name(assessment.case, view.event))
    return in_sentences(differ, _both(assessment, view))


def _both(assessment: Assessment, view: OutsideView) -> Text:
    """Return what the model says, and the nearest rate of the past."""
    low, share, high = view.rate
    past = (
        message("past {cases} after a recent dispute", cases=view.noun)
        if view.recent
        else message("past {cases}", cases=view.noun)
    )
    rate = message(
        "Of {cases}, {share} were followed by a dispute that the rival began ({low} to {high}).",
        cases=past,
        share=percent(share),
        low=f"{whole(low)}",
        high=percent(high),
    )
    return in_sentences(_inside(assessment, view), rate)


def _inside(assessment: Assessment, view: OutsideView) -> Text:
    """Return what the model says."""
    case = assessment.case
    chance = game_percent(view.inside or 0.0)
    if view.inside_recorded is not None:
        recorded = game_percent(view.inside_recorded)
        chance = message(
            "{chance} ({recorded} with the incidents that the record counts)", chance=chance, recorded=recorded
        )
    return message(
        "In this model the chance that {actor} presses or attacks {other} within {number} years is {chance}.",
        actor=case.actors[view.actor].name,
        other=case.actors[view.other].name,
        number=SMALL_NUMBERS[view.years],
        chance=chance,
    )


def _details(assessment: Assessment, view: OutsideView) -> Text:
    return in_sentences(_compared(assessment, view), _recent(view), _changed(view))


def _compared(assessment: Assessment, view: OutsideView) -> Text:
    """Return how the cases compare with the others."""
    low, gap, high = view.more
    compared = message(
        "{event}: {difference} than among {others} (90 % interval {low} to {high} points)",
        event=short_name(assessment.case, view.event),
        difference=_points(gap),
        others=view.others,
        low=_signed(low),
        high=_signed(high),
    )
    return sentence(compared)


def _recent(view: OutsideView) -> str:
    """Return the rate of cases in which the rival had pressed shortly before; empty if it had not."""
    if not view.recent:
        return ""
    low, share, high = view.rate
    return message(
        "By the case's record the rival pressed in the last five years. In such cases: {yes} of {cases} ({share}, {low} to {high}).",
        yes=f"{view.yes}",
        cases=f"{view.cases}",
        share=percent(share),
        low=f"{whole(low)}",
        high=percent(high),
    )


def _changed(view: OutsideView) -> str:
    """Return by how much the event changes the model's chance; empty if the model does not have the outcome."""
    if view.inside_more is None:
        return ""
    points = _signed(view.inside_more)
    return message(
        "In this model the event changes the chance of pressure or attack by {points} points.", points=points
    )


def _points(gap: float) -> Text:
    size = abs(round(100.0 * gap, 1))
    number = f"{size:g}"
    if gap >= 0:
        return (
            message("{number} point more often", number=number)
            if size == 1
            else message("{number} points more often", number=number)
        )
    return (
        message("{number} point less often", number=number)
        if size == 1
        else message("{number} points less often", number=number)
    )


def _signed(value: float) -> Text:
    """Return a difference in points: "+13", "-2.8", "less than 0.1"."""
    points = 100.0 * value
    if abs(points) < 0.05:
        return message("less than {number}", number="0.1")
    return Text(f"{points:+.1f}" if abs(points) < 9.95 else f"{points:+.0f}")
