"""The ladder: what each event adds to all that deterrence costs the challenger, and its fears for its aim and its survival."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.assessment.figures_result import Band, LossRow
from tocsin.assessment.result import Assessment
from tocsin.case.events import short_name

Role: TypeAlias = Literal["event", "control"]
DAYS = 365.25
"""Days in a year."""


@dataclass(frozen=True, kw_only=True)
class LadderRow:
    """One event on the ladder.

    Attributes:
        event, name: key of the event, and what a reader calls it.
        role: whether the argument is about it, or whether it is a control to compare with.
        dent, delay, fall, struck: 5 %, 50 % and 95 % points over worlds, see `LossRow`; negative where the event helps the challenger.
        costlier_than: see `LossRow`.
    """

    event: str
    name: str
    role: Role
    dent: Band
    delay: Band
    fall: Band
    struck: Band
    costlier_than: Mapping[str, float]


def ladder(assessment: Assessment) -> tuple[LadderRow, ...]:
    """Return the events that change something: those of the argument, then the controls, each from the costliest.

    If the case gives names to events, those of the argument without a name are left out.
    """
    case, rows = assessment.case, []
    controls = set(case.controls.events)
    for row in assessment.figures.loss:
        control = row.event in controls
        if _why_left_out(assessment, row):
            continue
        rows.append(
            LadderRow(
                event=row.event,
                name=short_name(case, row.event),
                role="control" if control else "event",
                dent=row.dent,
                delay=row.delay,
                fall=row.fall,
                struck=row.struck,
                costlier_than=row.costlier_than,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.role != "event", -row.dent[1])))


LeftOut: TypeAlias = Literal["changes nothing", "has no value", "has no name", "is in another theatre"]


def left_out(assessment: Assessment) -> dict[str, LeftOut]:
    """Return why events of the argument are not on the ladder, by event."""
    case, reasons = assessment.case, dict[str, LeftOut]()
    rows = {row.event: row for row in assessment.figures.loss}
    for name in case.events:
        if name in case.controls.events:
            continue
        reason = _why_left_out(assessment, rows[name]) if name in rows else "is in another theatre"
        if reason:
            reasons[name] = reason
    return reasons


def _why_left_out(assessment: Assessment, row: LossRow) -> LeftOut | None:
    case = assessment.case
    if not any(row.total):
        return "changes nothing"
    if math.isnan(row.dent[1]):
        return "has no value"
    named = any(event.name for name, event in case.events.items() if name not in case.controls.events)
    return (
        "has no name" if named and not case.events[row.event].name and row.event not in case.controls.events else None
    )
