"""The ladder of the first page: the events beside each other on one scale of time, each a row of text with a bar in SVG.

The bars use positions in per cent, so that they stretch with the page while the text keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assessment.ladder import DAYS, LadderRow
from tocsin.assessment.result import Assessment
from tocsin.case import nodes
from tocsin.case.quantities import LOSSES
from tocsin.case.schema import Case
from tocsin.plots.style import ACCENT, BLUE
from tocsin.report.wording import UNDER_AN_HOUR, clip, time_text

TICKS = (("day", 1.0), ("month", DAYS / 12), ("year", DAYS), ("decade", 10 * DAYS), ("century", 100 * DAYS))
"""Names of the times that the scale marks, in days."""


@dataclass(frozen=True)
class Rung:
    """A row of the ladder: its name, the middle value in words, whether it is a control, and its bar."""

    name: str
    value: str
    control: bool
    bar: Markup


@dataclass(frozen=True)
class LadderDrawing:
    """The ladder.

    Attributes:
        title, reading: what it shows, and how to read it.
        rungs: its rows.
        axis: the labels of the scale.
        left_out: events that were tested but not drawn for lack of space.
    """

    title: str
    reading: str
    rungs: tuple[Rung, ...]
    axis: Markup
    left_out: int


def draw_ladder(assessment: Assessment, rows: Sequence[LadderRow], most: int) -> LadderDrawing | None:
    """Draw at most `most` events; None if there are none.

    The costliest event comes first, then controls that must register, events whose cost a claim asks about, and the others
    in the order of the case.
    """
    if not rows:
        return None
    costliest = max(rows, key=lambda row: (row.role == "event", row.days[1]))
    ranked = sorted(rows, key=lambda row: (row is not costliest, *_rank(assessment.case, row)))[:most]
    shown = [row for row in rows if row in ranked]
    scale = _Scale.of(shown)
    theatre = assessment.case.theatres[assessment.case.main]
    challenger = assessment.case.actors[theatre.challenger].name
    controls = " Hollow: for comparison." if any(row.role == "control" for row in shown) else ""
    return LadderDrawing(
        f"What each event costs {challenger}",
        f"Loss, as a delay of “{clip(theatre.aim, 12)}”. Dot: the middle world; bar: nine of ten worlds.{controls}",
        tuple(Rung(row.name, _value(row), row.role == "control", _bar(row, scale)) for row in shown),
        _axis(scale),
        len(rows) - len(shown),
    )


def _rank(case: Case, row: LadderRow) -> tuple[int, int]:
    calls = [node for tests in case.tests.values() for test in tests.values() for node in nodes.walk(test.node)]
    asked = {event for call in calls if isinstance(call, nodes.Call) and call.name in LOSSES for event in call.events}
    first = 0 if row.event in case.controls.positive else 3 if row.role == "control" else 1 if row.event in asked else 2
    return first, list(case.events).index(row.event)


def _value(row: LadderRow) -> str:
    time = time_text(row.days[1])
    return f"gains {time}" if row.days[1] < 0 and time != UNDER_AN_HOUR else time


@dataclass(frozen=True)
class _Scale:
    """A scale that is about linear below a day and logarithmic beyond, from the largest gain to the largest cost, in per cent."""

    low: float
    high: float

    @classmethod
    def of(cls, rows: Sequence[LadderRow]) -> _Scale:
        ends = [value for row in rows for value in row.days if math.isfinite(value)]
        return cls(_next_tick(min([0.0, *ends])), _next_tick(max([TICKS[0][1], *ends])))

    def at(self, days: float) -> float:
        """Return where a time lies, in per cent of the width; beyond the scale at its end."""
        low, high = _stretched(self.low), _stretched(self.high)
        share = (_stretched(min(max(days, self.low), self.high)) - low) / (high - low)
        return round(2.0 + 96.0 * share, 2)

    def ticks(self) -> list[tuple[str, float]]:
        """Return the labels of the scale with their times; zero has no label."""
        return [(name, sign * days) for sign in (-1, 1) for name, days in TICKS if self.low <= sign * days <= self.high]


def _next_tick(days: float) -> float:
    """Return the first mark of the scale that is not smaller in size; 0 for 0."""
    if days == 0:
        return 0.0
    size = next((tick for _, tick in TICKS if tick >= abs(days)), abs(days))
    return math.copysign(size, days)


def _stretched(days: float) -> float:
    return math.copysign(math.log1p(abs(days)), days)


def _bar(row: LadderRow, scale: _Scale) -> Markup:
    low, mid, high = (scale.at(value) for value in row.days)
    zero, colour = scale.at(0.0), BLUE if row.role == "control" else ACCENT
    fill = "#fff" if row.role == "control" else colour
    grid = "".join(
        f'<line class="tick" x1="{scale.at(days)}%" x2="{scale.at(days)}%" y1="0" y2="100%"/>'
        for _, days in scale.ticks()
    )
    return Markup(
        f'<svg class="rung" aria-hidden="true" focusable="false">{grid}'
        f'<line class="zero" x1="{zero}%" x2="{zero}%" y1="0" y2="100%"/>'
        f'<line x1="{low}%" x2="{high}%" y1="50%" y2="50%" stroke="{colour}" stroke-width="5" stroke-opacity="0.4"/>'
        f'<circle cx="{mid}%" cy="50%" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/></svg>'
    )


def _axis(scale: _Scale) -> Markup:
    """Return the labels of the scale; those that would touch the one before are left out, the outermost kept."""
    zero = scale.at(0.0)
    placed = [("no change", zero)]
    for name, days in sorted(scale.ticks(), key=lambda tick: -abs(tick[1])):
        if all(abs(scale.at(days) - at) >= 15.0 for _, at in placed):
            placed.append((name, scale.at(days)))
    texts = "".join(
        f'<text x="{at}%" y="12" text-anchor="{"start" if at < 8 else "end" if at > 92 else "middle"}">{name}</text>'
        for name, at in sorted(placed, key=lambda label: label[1])
    )
    return Markup(f'<svg class="axis" aria-hidden="true" focusable="false">{texts}</svg>')
