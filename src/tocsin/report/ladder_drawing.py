"""The ladder of the first page: the events beside each other on one scale from 0 to 100, each a row of text with a bar in SVG.

The scale is the loss in per cent of all that deterrence costs the challenger.

The bars use positions in per cent, so that they stretch with the page while the text keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from tocsin.assessment.ladder import LadderRow, LeftOut, left_out
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import in_percent
from tocsin.case import nodes
from tocsin.case.events import short_name
from tocsin.case.quantities import LOSSES
from tocsin.case.schema import Case
from tocsin.plots.style import ACCENT, BLUE, PAPER
from tocsin.plots.svg import cells
from tocsin.report.wording import MINUS, aim_share, delay_text, is_moved, points_text, rise_text
from tocsin.translation import Text, Translator, clip, in_commas, in_sentences, message

TICKS = (1, 10, 100)
"""Marks of the scale in per cent."""
LABEL_GAP, CELL = 15.0, 1.6
"""Smallest distance between the middles of two labels of the scale, and the width of a Latin character, in per cent of the width."""


@dataclass(frozen=True)
class Rung:
    """A row of the ladder: its name, the middle value in words, whether it is a control, and its bar."""

    name: str
    value: Text
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

    title: Text
    reading: Text
    survival: Text
    rungs: tuple[Rung, ...]
    axis: Markup
    left_out: Text


def draw_ladder(
    assessment: Assessment, rows: Sequence[LadderRow], most: int, translator: Translator
) -> LadderDrawing | None:
    """Draw at most `most` events, with the words of a translator; None if there are none.

    The costliest event comes first, then controls that must register, events whose cost a claim asks about, and the others
    in the order of the case.
    """
    if not rows:
        return None
    costliest = max(rows, key=lambda row: (row.role == "event", row.dent[1]))
    in_claims = _events_of_claims(assessment.case)
    ranked = sorted(rows, key=lambda row: (row is not costliest, *_rank(assessment.case, row, in_claims)))[:most]
    shown = [row for row in rows if row in ranked]
    scale = _Scale.of(shown)
    theatre = assessment.case.theatres[assessment.case.main]
    challenger = assessment.case.actors[theatre.challenger].name
    labels = _labels(scale, translator)
    return LadderDrawing(
        message("What each event costs {challenger}", challenger=challenger),
        _reading(shown, theatre.aim),
        _survival(shown, theatre.horizon),
        tuple(Rung(row.name, _value(row), row.role == "control", _bar(row, scale, labels)) for row in shown),
        _axis(labels),
        _left_out(assessment, [row.name for row in rows if row not in shown]),
    )


_WHY: Mapping[LeftOut, Text] = {
    "changes nothing": message("no effect"),
    "has no value": message("undefined"),
    "has no name": message("no name"),
    "is in another theatre": message("elsewhere"),
}
"""Why events are not on the ladder, in as few words as the page has room for."""


def _left_out(assessment: Assessment, no_space: Sequence[str]) -> Text:
    """Return how many events are not drawn, and why: "Not drawn: 1 (no effect), 3 (length)."; one alone is named."""
    groups: dict[Text, list[str]] = {}
    for event, why in left_out(assessment).items():
        groups.setdefault(_WHY[why], []).append(short_name(assessment.case, event))
    groups |= {message("length"): list(no_space)} if no_space else {}
    if not groups:
        return Text()
    if sum(map(len, groups.values())) == 1:
        texts = [message("{event} ({reason})", event=names[0], reason=why) for why, names in groups.items()]
    else:
        texts = [message("{number} ({reason})", number=len(names), reason=why) for why, names in groups.items()]
    return message("Not drawn: {events}.", events=in_commas(texts))


def _reading(rows: Sequence[LadderRow], aim: str) -> Text:
    """Return how to read the ladder: what its numbers and its marks mean."""
    if any(is_moved(row.delay[1]) for row in rows):
        numbers = message(
            "Numbers and dots are of the middle world: shares of all that deterrence costs it, then when its first step to “{aim}” comes.",
            aim=clip(aim, 12),
        )
    else:
        numbers = message(
            "Numbers and dots are of the middle world: shares of all that deterrence costs it. There no event moves its first step by a week."
        )
    return in_sentences(
        numbers,
        message("Bars: nine worlds in ten."),
        message("Hollow: for comparison.") if any(row.role == "control" for row in rows) else "",
    )


def _survival(rows: Sequence[LadderRow], horizon: int) -> Text:
    """Return by how much an event at most raises the chances that the regime falls and that it is struck first, in the middle world."""
    fall, struck = max(row.fall[1] for row in rows), max(row.struck[1] for row in rows)
    if fall <= 0 and struck <= 0:
        return message(
            "Survival: none makes its fall, or a first strike at it, likelier within {years} years.",
            years=horizon,
        )
    return message(
        "Survival: its fall within {years} years is likelier by at most {fall}, a first strike by {strike}.",
        years=horizon,
        fall=_points(fall),
        strike=_points(struck),
    )


def _points(value: float) -> Text:
    """Return a rise of a probability without its sign; no rise where it falls."""
    return rise_text(max(value, 0.0)) if value < 1e-5 else points_text(value)


def _events_of_claims(case: Case) -> set[str]:
    """Return the events whose cost a claim asks about."""
    calls = [node for tests in case.tests.values() for test in tests.values() for node in nodes.walk(test.node)]
    return {event for call in calls if isinstance(call, nodes.Call) and call.name in LOSSES for event in call.events}


def _rank(case: Case, row: LadderRow, in_claims: Collection[str]) -> tuple[int, int]:
    first = (
        0 if row.event in case.controls.positive else 3 if row.role == "control" else 1 if row.event in in_claims else 2
    )
    return first, list(case.events).index(row.event)


def _value(row: LadderRow) -> Text:
    cost, delay = aim_share(row.dent[1]), row.delay[1]
    return in_commas([cost, delay_text(delay)]) if is_moved(delay) else cost


@dataclass(frozen=True)
class _Scale:
    """A scale of per cent up to 100 that is about linear below 1 and logarithmic beyond; it begins at the largest gain, if there is one."""

    low: float
    high: float

    @classmethod
    def of(cls, rows: Sequence[LadderRow]) -> _Scale:
        gains = [100.0 * value for row in rows for value in row.dent if math.isfinite(value)]
        return cls(_next_tick(min([0.0, *gains])), float(TICKS[-1]))

    def at(self, value: float) -> float:
        """Return where a value lies, in per cent of the width; beyond the scale at its end."""
        low, high = _stretched(self.low), _stretched(self.high)
        share = (_stretched(min(max(value, self.low), self.high)) - low) / (high - low)
        return round(2.0 + 96.0 * share, 2)

    def ticks(self) -> list[tuple[Text, float]]:
        """Return the labels of the scale with their values; zero has no label."""
        return [
            (in_percent(f"{mark}{at}"), float(sign * at))
            for sign, mark in ((-1, MINUS), (1, ""))
            for at in TICKS
            if self.low <= sign * at <= self.high
        ]


def _next_tick(value: float) -> float:
    """Return the first mark of the scale that is not smaller in size, or the last; 0 for 0."""
    if value == 0:
        return 0.0
    size = next((tick for tick in TICKS if tick >= abs(value)), TICKS[-1])
    return math.copysign(size, value)


def _stretched(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _bar(row: LadderRow, scale: _Scale, labels: Sequence[tuple[str, float]]) -> Markup:
    """Return the bar of a row over a grid whose lines all have a label below."""
    low, mid, high = (scale.at(100.0 * value) for value in row.dent)
    zero, colour = scale.at(0.0), BLUE if row.role == "control" else ACCENT
    fill = PAPER if row.role == "control" else colour
    grid = "".join(f'<line class="tick" x1="{at}%" x2="{at}%" y1="0" y2="100%"/>' for _, at in labels if at != zero)
    return Markup(
        f'<svg class="rung" aria-hidden="true" focusable="false">{grid}'
        f'<line class="zero" x1="{zero}%" x2="{zero}%" y1="0" y2="100%"/>'
        f'<line x1="{low}%" x2="{high}%" y1="50%" y2="50%" stroke="{colour}" stroke-width="5" stroke-opacity="0.4"/>'
        f'<circle cx="{mid}%" cy="50%" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/></svg>'
    )


def _labels(scale: _Scale, translator: Translator) -> list[tuple[str, float]]:
    """Return the labels of the scale, each with its place in per cent; one that would touch another is left out, the outermost are kept."""
    placed = [(translator.plain(message("no change")), scale.at(0.0))]
    for name, value in sorted(scale.ticks(), key=lambda tick: -abs(tick[1])):
        label, at = translator.plain(name), scale.at(value)
        if all(abs(at - other) >= _apart(label, beside) for beside, other in placed):
            placed.append((label, at))
    return sorted(placed, key=lambda label: label[1])


def _axis(labels: Sequence[tuple[str, float]]) -> Markup:
    texts = "".join(
        f'<text x="{at}%" y="12" text-anchor="{"start" if at < 8 else "end" if at > 92 else "middle"}">{escape(label)}</text>'
        for label, at in labels
    )
    return Markup(f'<svg class="axis" aria-hidden="true" focusable="false">{texts}</svg>')


def _apart(label: str, other: str) -> float:
    """Return how far apart the middles of two labels stand at least."""
    return max(LABEL_GAP, CELL * (cells(label) + cells(other)) / 2)
