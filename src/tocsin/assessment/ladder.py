"""The ladder: what each event adds to all that deterrence costs the challenger, and its fears for its aim and its survival."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.assessment.figures_result import Band
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
    """

    event: str
    name: str
    role: Role
    dent: Band
    delay: Band
    fall: Band
    struck: Band


def ladder(assessment: Assessment) -> tuple[LadderRow, ...]:
    """Return the events that change something: those of the argument, then the controls, each from the costliest.

    If the case gives names to events, those of the argument without a name are left out.
    """
    case = assessment.case
    controls = set(case.controls.events)
    named = any(event.name for name, event in case.events.items() if name not in controls)
    rows = []
    for row in assessment.figures.loss:
        event, control = case.events[row.event], row.event in controls
        if not any(row.total) or math.isnan(row.dent[1]) or (named and not event.name and not control):
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
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.role != "event", -row.dent[1])))
