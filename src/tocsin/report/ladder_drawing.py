"""The ladder of the first page: the events beside each other on one scale from 0 to 100, each a row of text with a bar in SVG.

The scale is the loss in per cent of all that deterrence costs the challenger.

The bars use positions in per cent, so that they stretch with the page while the text keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assessment.ladder import LadderRow, left_out
from tocsin.assessment.result import Assessment
from tocsin.case import nodes
from tocsin.case.events import short_name
from tocsin.case.quantities import LOSSES
from tocsin.case.schema import Case
from tocsin.plots.style import ACCENT, BLUE, PAPER
from tocsin.report.wording import aim_share, clip, delay_text, is_moved, rise_text

TICKS = (("1 %", 1.0), ("10 %", 10.0), ("100 %", 100.0))
"""Marks of the scale."""


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
        survival: what the events do to the challenger's survival.
        rungs: its rows.
        axis: the labels of the scale.
        left_out: which events are not drawn, and why; empty if all are.
    """

    title: str
    reading: str
    survival: str
    rungs: tuple[Rung, ...]
    axis: Markup
    left_out: str


def draw_ladder(assessment: Assessment, rows: Sequence[LadderRow], most: int) -> LadderDrawing | None:
    """Draw at most `most` events; None if there are none.

    The costliest event comes first, then controls that must register, events whose cost a claim asks about, and the others
    in the order of the case.
    """
    if not rows:
        return None
    costliest = max(rows, key=lambda row: (row.role == "event", row.dent[1]))
    ranked = sorted(rows, key=lambda row: (row is not costliest, *_rank(assessment.case, row)))[:most]
    shown = [row for row in rows if row in ranked]
    scale = _Scale.of(shown)
    theatre = assessment.case.theatres[assessment.case.main]
    challenger = assessment.case.actors[theatre.challenger].name
    controls = " Hollow: for comparison." if any(row.role == "control" for row in shown) else ""
    return LadderDrawing(
        f"What each event costs {challenger}",
        f"In per cent of all that deterrence costs it; {_moved(shown, theatre.aim)}. Dot: middle world; bar: nine in ten.{controls}",
        _survival(shown, theatre.horizon),
        tuple(Rung(row.name, _value(row), row.role == "control", _bar(row, scale)) for row in shown),
        _axis(scale),
        _left_out(assessment, [row.name for row in rows if row not in shown]),
    )


_WHY = {
    "changes nothing": "no effect",
    "has no value": "undefined",
    "has no name": "no name",
    "is in another theatre": "elsewhere",
}
"""Why events are not on the ladder, in as few words as the page has room for."""


def _left_out(assessment: Assessment, no_space: Sequence[str]) -> str:
    """Return how many events are not drawn, and why: "Not drawn: 1 (no effect), 3 (no space)."; one alone is named."""
    groups: dict[str, list[str]] = {}
    for event, why in left_out(assessment).items():
        groups.setdefault(_WHY[why], []).append(short_name(assessment.case, event))
    groups |= {"no space": list(no_space)} if no_space else {}
    alone = sum(map(len, groups.values())) == 1
    said = [f"{names[0] if alone else len(names)} ({why})" for why, names in groups.items()]
    return f"Not drawn: {', '.join(said)}." if said else ""


def _moved(rows: Sequence[LadderRow], aim: str) -> str:
    """Return what the times beside the costs mean, or that there are none."""
    if any(is_moved(row.delay[1]) for row in rows):
        return f"then when its first step to “{clip(aim, 12)}” comes"
    return "none moves its first step by a week"


def _survival(rows: Sequence[LadderRow], horizon: int) -> str:
    """Return by how much an event at most raises the chances that the regime falls and that it is struck first, in the middle world."""
    fall, struck = max(row.fall[1] for row in rows), max(row.struck[1] for row in rows)
    if fall <= 0 and struck <= 0:
        return f"Survival: none makes its fall, or a first strike at it, likelier within {horizon} years."
    return (
        f"Survival: its fall within {horizon} years is likelier by at most {_points(fall)}, "
        f"a first strike by {_points(struck)}."
    )


def _points(value: float) -> str:
    return rise_text(max(value, 0.0)).removeprefix("+")


def _rank(case: Case, row: LadderRow) -> tuple[int, int]:
    calls = [node for tests in case.tests.values() for test in tests.values() for node in nodes.walk(test.node)]
    asked = {event for call in calls if isinstance(call, nodes.Call) and call.name in LOSSES for event in call.events}
    first = 0 if row.event in case.controls.positive else 3 if row.role == "control" else 1 if row.event in asked else 2
    return first, list(case.events).index(row.event)


def _value(row: LadderRow) -> str:
    cost = aim_share(row.dent[1])
    return f"{cost}, {delay_text(row.delay[1])}" if is_moved(row.delay[1]) else cost


@dataclass(frozen=True)
class _Scale:
    """A scale of per cent up to 100 that is about linear below 1 and logarithmic beyond; it begins at the largest gain, if there is one."""

    low: float
    high: float

    @classmethod
    def of(cls, rows: Sequence[LadderRow]) -> _Scale:
        gains = [100.0 * value for row in rows for value in row.dent if math.isfinite(value)]
        return cls(_next_tick(min([0.0, *gains])), TICKS[-1][1])

    def at(self, value: float) -> float:
        """Return where a value lies, in per cent of the width; beyond the scale at its end."""
        low, high = _stretched(self.low), _stretched(self.high)
        share = (_stretched(min(max(value, self.low), self.high)) - low) / (high - low)
        return round(2.0 + 96.0 * share, 2)

    def ticks(self) -> list[tuple[str, float]]:
        """Return the labels of the scale with their values; zero has no label."""
        signs = ((-1, "\N{MINUS SIGN}"), (1, ""))
        return [
            (f"{mark}{name}", sign * at)
            for sign, mark in signs
            for name, at in TICKS
            if self.low <= sign * at <= self.high
        ]


def _next_tick(value: float) -> float:
    """Return the first mark of the scale that is not smaller in size, or the last; 0 for 0."""
    if value == 0:
        return 0.0
    size = next((tick for _, tick in TICKS if tick >= abs(value)), TICKS[-1][1])
    return math.copysign(size, value)


def _stretched(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _bar(row: LadderRow, scale: _Scale) -> Markup:
    low, mid, high = (scale.at(100.0 * value) for value in row.dent)
    zero, colour = scale.at(0.0), BLUE if row.role == "control" else ACCENT
    fill = PAPER if row.role == "control" else colour
    grid = "".join(
        f'<line class="tick" x1="{scale.at(at)}%" x2="{scale.at(at)}%" y1="0" y2="100%"/>' for _, at in scale.ticks()
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
    for name, value in sorted(scale.ticks(), key=lambda tick: -abs(tick[1])):
        if all(abs(scale.at(value) - at) >= 15.0 for _, at in placed):
            placed.append((name, scale.at(value)))
    texts = "".join(
        f'<text x="{at}%" y="12" text-anchor="{"start" if at < 8 else "end" if at > 92 else "middle"}">{name}</text>'
        for name, at in sorted(placed, key=lambda label: label[1])
    )
    return Markup(f'<svg class="axis" aria-hidden="true" focusable="false">{texts}</svg>')
