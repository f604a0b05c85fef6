"""Drawing of the brief's charts with matplotlib; every series differs by marker, line or hatch and has a label."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any, TypeAlias

import numpy as np

from tocsin.assessment.code_words import REGIME_WORDS
from tocsin.assessment.figures_result import Band, LossRow, PillarRow, SpendingLine
from tocsin.assessment.ladder import DAYS
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import LOWEST, in_percent, plain
from tocsin.plots.labels import label_ends
from tocsin.plots.style import ACCENT, BLUE, INK, PAPER, SOFT
from tocsin.plots.wide_text import wrapped
from tocsin.report.wording import MINUS, aim_share, percentage, points
from tocsin.tables import printable
from tocsin.translation import Text, Translator, key_words, listed, message, message_in, plural

WIDTH = 7.0
"""Width of every chart in inches."""
SMALL = 8.4
"""Smallest size of letters in points; on paper, where a chart is 150 mm wide, they measure 7 points."""

COLUMNS = 3


# --- spending ------------------------------------------------------------------------------------------------------


def spending_height(assessment: Assessment) -> float:
    """Return the height of the spending chart in inches."""
    actors = {line.actor for line in assessment.figures.spending}
    return 0.5 + 1.65 * math.ceil(len(actors) / COLUMNS)


def draw_spending(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw a panel per actor, each with its own scale from zero; paths not taken are thin and dashed."""
    lines = assessment.figures.spending
    actors = list(dict.fromkeys(line.actor for line in lines))
    rows, columns = math.ceil(len(actors) / COLUMNS), min(COLUMNS, len(actors))
    axes = np.atleast_1d(figure.subplots(rows, columns, squeeze=False)).ravel()
    first, last = min(line.years[0] for line in lines), max(line.years[-1] for line in lines)
    for axis, actor in zip(axes, actors, strict=False):
        _spending_panel(axis, assessment, translator, [line for line in lines if line.actor == actor])
        axis.set_xlim(first, last)
        name = printable(translator.plain(assessment.case.actors[actor].name))
        axis.set_title(name, loc="left", fontsize=9, fontweight="bold", color=INK)
    for axis in axes[len(actors) :]:
        axis.set_visible(False)


def _spending_panel(axis: Any, assessment: Assessment, translator: Translator, lines: Sequence[SpendingLine]) -> None:
    case = assessment.case
    paths = case.spending.paths.get(lines[0].actor) if case.spending else None
    ends: list[tuple[float, str, str]] = []
    for index, line in enumerate(lines):
        current = paths is None or line.path in ("", paths.now)
        years, table = np.array(line.years), np.array(line.bands)
        if current:
            axis.fill_between(years, table[:, 0], table[:, 2], color=BLUE, alpha=0.16, lw=0)
        style: Any = "-" if current else (0, (4, 1.5 + index))
        axis.plot(years, table[:, 1], color=BLUE if current else ACCENT, ls=style, lw=1.7 if current else 1.0)
        if len(lines) > 1:
            path = key_words(line.path)
            label = message("{path} (now)", path=path) if current else path
            ends.append((float(table[-1, 1]), translator.plain(label), BLUE if current else ACCENT))
    axis.axvline(case.as_of.year, color=SOFT, lw=0.7, ls=(0, (1, 1.5)))
    axis.set_ylim(bottom=0)
    axis.grid(axis="y")
    axis.yaxis.set_major_locator(_locator(4))
    axis.xaxis.set_major_locator(_locator(4, integer=True))
    _end_labels(axis, ends, lines[0].years[-1], size=SMALL)


def _locator(bins: int, *, integer: bool = False) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(bins, integer=integer)


def _end_labels(axis: Any, ends: Sequence[tuple[float, str, str]], x: float, *, size: float) -> None:
    low, high = axis.get_ylim()
    label_ends(axis, ends, x, gap=(high - low) * 0.11, offset=3, size=size)


# --- rows of intervals ---------------------------------------------------------------------------------------------


def _interval(
    axis: Any, y: float, band: Band, colour: str, marker: str, *, filled: bool = True, scale: float = 1
) -> None:
    low, mid, high = (value * scale for value in band)
    if not math.isfinite(mid):
        return
    axis.plot([low, high], [y, y], color=colour, lw=1.5, solid_capstyle="butt", zorder=2)
    face = colour if filled else PAPER
    axis.plot([mid], [y], marker, color=colour, mfc=face, mec=colour, mew=1.3, ms=5.5, zorder=3)


def _label_rows(axis: Any, labels: Sequence[str], *, zero: bool = True) -> None:
    axis.set_yticks(range(len(labels)), [""] * len(labels))
    axis.set_ylim(len(labels) - 0.4, -0.6)
    for row, label in enumerate(labels):
        lines = _three_lines(wrapped(printable(label), 33))
        for index, line in enumerate(lines):
            axis.annotate(
                line, (0, row), xycoords=axis.get_yaxis_transform(), textcoords="offset points", ha="right", va="center",
                xytext=(-6, 10 * ((len(lines) - 1) / 2 - index)), fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
    axis.grid(axis="x")
    if zero:
        axis.axvline(0, color=INK, lw=0.9, zorder=1)


def _three_lines(lines: Sequence[str]) -> list[str]:
    """Return at most three lines; an ellipsis says that there were more."""
    return [*lines] if len(lines) <= 3 else [*lines[:2], f"{lines[2]} …"]


def _value_beside(axis: Any, row: float, text: str) -> None:
    axis.text(1.015, row, text, transform=axis.get_yaxis_transform(), va="center", fontsize=SMALL, color=INK)


# --- losses ---------------------------------------------------------------------------------------------------------


def draw_losses(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw a row per event in three panels: the loss, fear for the aim, and fear for survival."""
    cost, aim, survival = figure.subplots(1, 3, width_ratios=(1.15, 1, 1), sharey=True)
    rows = sorted(assessment.figures.loss, key=lambda row: -row.dent[1])
    unchanged = translator.plain(message("no change: already so"))
    first = next((row for row in rows if any(row.total)), None)
    for index, row in enumerate(rows):
        if not any(row.total):
            cost.annotate(
                unchanged, (0, index), (4, 0), textcoords="offset points", va="center", fontsize=SMALL, color=SOFT
            )
            continue
        _interval(cost, index, row.dent, INK, "o")
        _interval(aim, index, row.delay, ACCENT, "s", filled=False)
        _interval(survival, index - 0.12, row.fall, BLUE, "^", filled=False)
        _interval(survival, index + 0.16, row.struck, BLUE, "v")
        if row is first:
            _name_survival(survival, index, row, translator)
    _label_rows(cost, [translator.plain(row.label).removesuffix(".").removesuffix("。") for row in rows])
    for axis in (aim, survival):
        axis.grid(axis="x")
        axis.axvline(0, color=INK, lw=0.9, zorder=1)
        axis.tick_params(left=False)
    _loss_scales(cost, aim, survival, translator, rows)
    _loss_titles(cost, aim, survival, translator)


def _loss_scales(cost: Any, aim: Any, survival: Any, translator: Translator, rows: Sequence[LossRow]) -> None:
    say = translator.plain
    losses = [value for row in rows for value in row.dent]
    _stretched_scale(cost, losses, partial(_decades, lambda size: say(aim_share(size))))
    _stretched_scale(aim, [value for row in rows for value in row.delay], partial(_time_marks, translator))
    chances = [value for row in rows for value in (*row.fall, *row.struck)]
    _stretched_scale(survival, chances, partial(_decades, lambda size: plain(100 * size)))
    cost.set_xlabel(say(message("of all that deterrence costs it")), loc="left")
    aim.set_xlabel(say(message("first step later by")), loc="left")
    survival.set_xlabel(say(message("likelier by, in points")), loc="left")


def _name_survival(axis: Any, index: int, row: LossRow, translator: Translator) -> None:
    """Name the two marks of a row where they stand: the fall above, the first strike below."""
    for value, y, side, text in (
        (row.fall[1], index - 0.12, 1, message("its fall")),
        (row.struck[1], index + 0.16, -1, message("struck first")),
    ):
        if math.isfinite(value):
            axis.annotate(
                translator.plain(text), (value, y), xytext=(4, 4 * side), textcoords="offset points", fontsize=SMALL, color=BLUE,
                va="bottom" if side > 0 else "top", annotation_clip=False,
            )  # fmt: skip


def _loss_titles(cost: Any, aim: Any, survival: Any, translator: Translator) -> None:
    for axis, colour, title in (
        (cost, INK, message("Loss")),
        (aim, ACCENT, message("Fear for the aim")),
        (survival, BLUE, message("Fear for survival")),
    ):
        axis.annotate(
            translator.plain(title), (0, 1), xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", fontsize=SMALL, color=colour,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip


Marks: TypeAlias = Callable[[float, float], tuple[Sequence[float], str]]
"""Gives the marks of one side of a scale, from the largest size to where the scale turns logarithmic, and the text of the largest mark."""


def _stretched_scale(axis: Any, values: Sequence[float], marks_of: Marks) -> None:
    """Set a scale that is linear around zero and logarithmic beyond. There is room for the text of the largest mark alone."""
    values = [value for value in values if math.isfinite(value)]
    sizes = sorted(abs(value) for value in values if abs(value) > 1e-9)
    largest = sizes[-1] if sizes else 1e-3
    linear = max(10.0 ** math.floor(math.log10(sizes[len(sizes) // 3])), largest * 1e-4) if sizes else 1e-4
    axis.set_xscale("symlog", linthresh=linear, linscale=0.5)
    low, high = min([*values, -linear]), max([*values, linear])
    at, text = marks_of(linear, largest)
    marks = {sign * size: "" for size in at for sign in (-1, 1)} | {-at[0]: f"{MINUS}{text}", 0.0: "0", at[0]: text}
    places = [place for place in marks if low * 2 <= place <= high * 2]
    axis.set_xticks(places, [marks[place] for place in places])
    axis.minorticks_off()
    axis.set_xlim(low * 2.0, high * 2.0)


def _decades(text: Callable[[float], str], linear: float, largest: float) -> tuple[list[float], str]:
    """Return the powers of ten in a range, at least one."""
    top, bottom = math.floor(math.log10(largest)), math.ceil(math.log10(linear))
    return [10.0**power for power in range(top, min(top, bottom) - 1, -1)], text(10.0**top)


TIMES = (
    (10.0, plural("{count} year", "{count} years", 10)),
    (1.0, plural("{count} year", "{count} years", 1)),
    (1 / 12, plural("{count} month", "{count} months", 1)),
    (1 / DAYS, plural("{count} day", "{count} days", 1)),
)
"""Marks of a scale of time, in years."""


def _time_marks(translator: Translator, linear: float, largest: float) -> tuple[list[float], str]:
    """Return the times of a range, or the smallest."""
    marks = [mark for mark in TIMES if linear <= mark[0] <= largest] or [TIMES[-1]]
    return [size for size, _ in marks], translator.plain(marks[0][1])


# --- risk, pillars and pull ----------------------------------------------------------------------------------------


def draw_risk(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw a row per group of defenders, the highest risk first."""
    axis = figure.subplots()
    names = assessment.case.actors
    rows = sorted(assessment.figures.risk, key=lambda row: -row.band[1])
    largest = max((len(row.members) for row in rows), default=0)
    for index, row in enumerate(rows):
        extreme = len(row.members) in (0, largest)
        _interval(axis, index, row.band, ACCENT if extreme else BLUE, "s" if extreme else "o", scale=100)
        _value_beside(axis, index, translator.plain(percentage(row.band[1])))
    labels = (_group_name([names[actor].name for actor in row.members], largest) for row in rows)
    _label_rows(axis, [translator.plain(label) for label in labels], zero=False)
    axis.set_xlim(0, 100)
    axis.set_xlabel(translator.plain(message("risk that the aim advances, per cent")))


NOBODY = message("nobody")


def _group_name(names: Sequence[str], largest: int) -> Text:
    return message("all of them") if len(names) == largest > 1 else listed(names) or NOBODY


def _pillar_worlds(rows: Sequence[PillarRow]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row.theatre, row.scene) for row in rows))


def pillar_height(assessment: Assessment) -> float:
    """Return the height of the pillar chart in inches."""
    rows = assessment.figures.pillar
    worlds = _pillar_worlds(rows)
    counts = [max(1, sum((row.theatre, row.scene) == world and row.with_target for row in rows)) for world in worlds]
    steps = 1 + max((len(row.earlier) for row in rows), default=0)
    return 0.5 + sum(0.56 + (0.2 + 0.12 * steps) * count for count in counts)


def draw_pillar(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw a row of panels per situation: at the left the protectors, at the right the protectors and the target."""
    rows = assessment.figures.pillar
    worlds = _pillar_worlds(rows)
    kinds = sorted({row.with_target for row in rows})
    axes = figure.subplots(len(worlds), len(kinds), squeeze=False, sharex=True)
    for line, (theatre, scene) in zip(axes, worlds, strict=True):
        for axis, with_target in zip(line, kinds, strict=True):
            shown = [r for r in rows if (r.theatre, r.scene, r.with_target) == (theatre, scene, with_target)]
            _pillar_panel(axis, assessment, translator, sorted(shown, key=lambda row: -row.band[1]))
            title = translator.plain(
                message("{theatre}: {players}", theatre=key_words(theatre), players=PLAYERS[with_target])
            )
            title = title[:1].upper() + title[1:]
            axis.set_title(title, loc="left", fontsize=8.5, fontweight="bold", color=INK, pad=15)
            below = translator.plain(scene_text(scene))
            axis.text(0, 1.03, below, transform=axis.transAxes, fontsize=SMALL, color=SOFT, va="bottom")
    for axis in axes[-1]:
        axis.set_xlabel(translator.plain(message("risk taken away, percentage points")))


PLAYERS = {True: message("protectors and target"), False: message("protectors")}
"""Who shares the effect, by whether the target counts as a player."""


def scene_text(scene: str) -> Text:
    """Return a situation of the test language in words: "plan + amendment, given seoul drifts"."""
    events, _, given = scene.partition(" | ")
    there = message_in("situation", "now") if events == "now" else _together(events)
    return message("{events}, given {conditions}", events=there, conditions=_together(given)) if given else there


def _together(events: str) -> Text:
    """Return the names of events that come together, in words."""
    return reduce(
        lambda first, after: message_in("events", "{first} + {after}", first=first, after=after),
        map(key_words, events.split(" + ")),
    )


def _pillar_panel(axis: Any, assessment: Assessment, translator: Translator, rows: Sequence[PillarRow]) -> None:
    say = translator.plain
    for index, row in enumerate(rows):
        _interval(axis, index, row.band, BLUE, "o", scale=100)
        for back, (year, earlier) in enumerate(reversed(row.earlier), start=1):
            x, y = 100 * earlier[1], index - 0.2 * back
            axis.plot([x], [y], marker="o", ms=3.5, color=SOFT, ls="none")
            by = say(message("by {year}", year=f"{year}"))
            axis.annotate(by, (x, y), (4, 0), textcoords="offset points", va="center", fontsize=SMALL, color=SOFT)
        value: str = points(row.band[1])
        if value.startswith("+"):
            value = value[1:]
        if row.share is not None:
            value = message("{points} ({share})", points=value, share=in_percent(f"{100 * row.share:.0f}"))
        _value_beside(axis, index, say(value))
    _label_rows(axis, [say(assessment.case.actors[row.actor].name) for row in rows])


def regime_text(assessment: Assessment, name: str) -> Text:
    """Return a regime in words: "South Korea, alignment (engaging now)"."""
    regime = assessment.case.regimes[name]
    return message(
        "{state}, {regime} ({option} now)",
        state=assessment.case.actors[regime.actor].name,
        regime=REGIME_WORDS[regime.kind],
        option=key_words(regime.now),
    )


def draw_pull(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw a row per regime, the most movable first."""
    axis = figure.subplots()
    rows = sorted(assessment.figures.pull, key=lambda row: -row.band[1])
    for index, row in enumerate(rows):
        _interval(axis, index, row.band, BLUE, "o", scale=100)
        _value_beside(axis, index, translator.plain(points(row.band[1])))
    _label_rows(axis, [translator.plain(regime_text(assessment, row.regime)) for row in rows])
    axis.set_xlabel(translator.plain(message("change of the probability, percentage points")))


# --- the aim over the years ----------------------------------------------------------------------------------------


def draw_fan(figure: Any, assessment: Assessment, translator: Translator) -> None:
    """Draw the stacked probabilities of all outcomes but "not advanced", with labels at the right."""
    axis = figure.subplots()
    rows = assessment.figures.fan
    years = [row.year for row in rows]
    levels = len(rows[0].levels)
    steps = [[row.levels[step] for row in rows] for step in range(1, levels)]
    table = 100 * np.array([*steps, [row.won for row in rows], [row.fallen for row in rows]])
    steps_said = [message("step {step} of {steps}", step=f"{step}", steps=f"{levels}") for step in range(1, levels)]
    labels = [*steps_said, message("aim reached"), message("challenger fallen")]
    shades = [*((INK, _shade(step, levels)) for step in range(1, levels)), ACCENT, PAPER]
    hatches = [*[""] * (levels - 1), "////", "\\\\\\\\"]
    tops = np.cumsum(table, axis=0)
    for index, (top, shade, hatch) in enumerate(zip(tops, shades, hatches, strict=True)):
        bottom = tops[index - 1] if index else np.zeros(len(years))
        axis.fill_between(
            years, bottom, top, facecolor=shade, edgecolor=PAPER if hatch == "////" else INK, hatch=hatch, lw=0.5
        )
    axis.set_xlim(years[0], years[-1] if len(years) > 1 else years[0] + 1)
    _fan_scale(axis, float(tops[-1].max()))
    axis.grid(axis="y")
    axis.set_ylabel(translator.plain(message("per cent")))
    axis.xaxis.set_major_locator(_locator(8, integer=True))
    ends = [
        (float(top[-1] - row[-1] / 2), translator.plain(_with_chance(label, row[-1] / 100)), INK)
        for top, row, label in zip(tops, table, labels, strict=True)
    ]
    _end_labels(axis, ends, years[-1], size=SMALL)
    remainder = message("not advanced: {chance} at the end", chance=percentage(rows[-1].levels[0]))
    axis.text(0.02, 0.95, translator.plain(remainder), transform=axis.transAxes, fontsize=8.5, color=SOFT, va="top")


def _with_chance(outcome: Text, chance: float) -> Text:
    return message("{outcome}, {chance}", outcome=outcome, chance=percentage(chance))


def _fan_scale(axis: Any, highest: float) -> None:
    """Set the scale in per cent; no mark lies between 0 and the lowest figure that a game prints."""
    from matplotlib.ticker import MultipleLocator

    top = max(highest * 1.12, 2.0 * LOWEST)
    axis.set_ylim(0, top)
    axis.yaxis.set_major_locator(MultipleLocator(LOWEST if top <= 6 * LOWEST else 4 * LOWEST))


def _shade(step: int, levels: int) -> float:
    """Return the strength of the ink of a step; it grows with the step."""
    return 0.15 + 0.45 * step / max(levels - 1, 1)
