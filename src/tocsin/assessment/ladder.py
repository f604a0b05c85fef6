"""The ladder: what each event costs the challenger, as the time for which it would go without its whole aim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.assessment.result import Assessment, Band
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
        days: 5 %, 50 % and 95 % points over worlds, see `days_without`; negative where the event helps the challenger.
    """

    event: str
    name: str
    role: Role
    days: Band


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
        if not any(row.total) or math.isnan(row.total[1]) or (named and not event.name and not control):
            continue
        low, mid, high = (days_without(value, case.discounting.central) for value in row.total)
        name = short_name(case, row.event)
        rows.append(
            LadderRow(event=row.event, name=name, role="control" if control else "event", days=(low, mid, high))
        )
    return tuple(sorted(rows, key=lambda row: (row.role != "event", -row.days[1])))


def days_without(value: float, discount: float) -> float:
    """Return for how many days, starting now, one would go without the whole aim to lose as much as a share of it for ever.

    A share v of the aim for ever is worth as much as all of it for T years: v = 1 - discount**T.

    Args:
        value: the share; the result has its sign, and is infinite from a share of 1.
        discount: value now of one unit a year from now, in (0, 1).
    """
    if math.isnan(value):
        return math.nan
    if abs(value) >= 1.0:
        return math.copysign(math.inf, value)
    return math.copysign(DAYS * math.log1p(-abs(value)) / math.log(discount), value)
