"""What is drawn in each figure. Every series is told apart by its mark, line or hatch and by a label beside it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from tocsin.assessment.result import Assessment, Band, PillarRow, SpendingLine
from tocsin.plots.style import ACCENT, BLUE, INK, PAPER, SOFT
from tocsin.report.prose import amount, chance, held_for, plain, points, rise

WIDE = 7.0
"""Width of every figure, inches."""

COLUMNS = 3


# --- spending ------------------------------------------------------------------------------------------------------


def spending_height(assessment: Assessment) -> float:
    """Height of the panels, inches."""
    actors = {line.actor for line in assessment.figures.spending}
    return 0.5 + 1.65 * math.ceil(len(actors) / COLUMNS)


def spending(figure: Any, assessment: Assessment) -> None:
    """A panel an actor, each on its own scale from zero; paths that were not taken are thin and dashed."""
    lines = assessment.figures.spending
    actors = list(dict.fromkeys(line.actor for line in lines))
    rows, columns = math.ceil(len(actors) / COLUMNS), min(COLUMNS, len(actors))
    axes = np.atleast_1d(figure.subplots(rows, columns, squeeze=False)).ravel()
    first, last = min(line.years[0] for line in lines), max(line.years[-1] for line in lines)
    for axis, actor in zip(axes, actors, strict=False):
        _spending_panel(axis, assessment, [line for line in lines if line.actor == actor])
        axis.set_xlim(first, last)
        axis.set_title(assessment.case.actors[actor].name, loc="left", fontsize=9, fontweight="bold", color=INK)
    for axis in axes[len(actors) :]:
        axis.set_visible(False)


def _spending_panel(axis: Any, assessment: Assessment, lines: Sequence[SpendingLine]) -> None:
    case = assessment.case
    paths = case.spending.paths.get(lines[0].actor) if case.spending else None
    ends: list[tuple[float, str, str]] = []
    for place, line in enumerate(lines):
        now = paths is None or line.path in ("", paths.now)
        years, table = np.array(line.years), np.array(line.bands)
        if now:
            axis.fill_between(years, table[:, 0], table[:, 2], color=BLUE, alpha=0.16, lw=0)
        style: Any = "-" if now else (0, (4, 1.5 + place))
        axis.plot(years, table[:, 1], color=BLUE if now else ACCENT, ls=style, lw=1.7 if now else 1.0)
        if len(lines) > 1:
            label = plain(line.path) + (" (now)" if now else "")
            ends.append((float(table[-1, 1]), label, BLUE if now else ACCENT))
    axis.axvline(case.as_of.year, color=SOFT, lw=0.7, ls=(0, (1, 1.5)))
    axis.set_ylim(bottom=0)
    axis.grid(axis="y")
    axis.yaxis.set_major_locator(_locator(4))
    axis.xaxis.set_major_locator(_locator(4, integer=True))
    _end_labels(axis, ends, lines[0].years[-1])


def _locator(most: int, *, integer: bool = False) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(most, integer=integer)


def _end_labels(axis: Any, ends: Sequence[tuple[float, str, str]], x: float, size: float = 7.0) -> None:
    """Labels at the right ends of lines, moved apart where they would overlap."""
    low, high = axis.get_ylim()
    least = (high - low) * 0.11
    placed: list[float] = []
    for value, label, colour in sorted(ends):
        at = max(value, placed[-1] + least) if placed else value
        placed.append(at)
        axis.annotate(
            label, (x, at), xytext=(3, 0), textcoords="offset points", va="center", color=colour, fontsize=size,
            annotation_clip=False,
        )  # fmt: skip


# --- rows of intervals ---------------------------------------------------------------------------------------------


def _interval(
    axis: Any, place: float, band: Band, colour: str, marker: str, *, filled: bool = True, scale: float = 1
) -> None:
    low, mid, high = (value * scale for value in band)
    if not math.isfinite(mid):
        return
    axis.plot([low, high], [place, place], color=colour, lw=1.5, solid_capstyle="butt", zorder=2)
    face = colour if filled else PAPER
    axis.plot([mid], [place], marker, color=colour, mfc=face, mec=colour, mew=1.3, ms=5.5, zorder=3)


def _rows(axis: Any, labels: Sequence[str], *, zero: bool = True) -> None:
    axis.set_yticks(range(len(labels)), [""] * len(labels))
    axis.set_ylim(len(labels) - 0.4, -0.6)
    for place, label in enumerate(labels):
        lines = textwrap.wrap(label, 33)[:3]
        for at, line in enumerate(lines):
            axis.annotate(
                line, (0, place), xycoords=axis.get_yaxis_transform(), textcoords="offset points", ha="right", va="center",
                xytext=(-6, 11 * ((len(lines) - 1) / 2 - at)), fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
    axis.grid(axis="x")
    if zero:
        axis.axvline(0, color=INK, lw=0.9, zorder=1)


def fear(figure: Any, assessment: Assessment) -> None:
    """An event a row: total, for the aim, for survival; medians again as time at the right."""
    axis, beside = figure.subplots(1, 2, width_ratios=(1.45, 1), sharey=True)
    beside.axis("off")
    rows = sorted(assessment.figures.fear, key=lambda row: -row.total[1])
    for place, row in enumerate(rows):
        if not any(row.total):
            axis.text(0, place, "  no change: it is so already", va="center", fontsize=7.5, color=SOFT)
            continue
        _interval(axis, place - 0.2, row.total, INK, "o")
        _interval(axis, place + 0.03, row.aim, ACCENT, "s", filled=False)
        _interval(axis, place + 0.26, row.survival, BLUE, "^", filled=False)
    _rows(axis, [row.label.removesuffix(".") for row in rows])
    _fear_scale(axis, [value for row in rows for value in (*row.total, *row.aim, *row.survival)])
    _fear_notes(axis, beside, assessment, rows)


def _fear_scale(axis: Any, values: Sequence[float]) -> None:
    values = [value for value in values if math.isfinite(value)]
    sizes = sorted(abs(value) for value in values if abs(value) > 1e-9)
    top = sizes[-1] if sizes else 1e-3
    middle = max(10.0 ** math.floor(math.log10(sizes[len(sizes) // 3])), top * 1e-4) if sizes else 1e-4
    axis.set_xscale("symlog", linthresh=middle, linscale=0.5)
    decades = range(math.ceil(math.log10(middle)), math.floor(math.log10(top)) + 1)
    ticks = [10.0**power for power in list(decades)[1::2]] or [top]
    negative = [-tick for tick in reversed(ticks) if -tick >= min(values, default=0.0) * 1.5]
    axis.set_xticks([*negative, 0.0, *ticks], [amount(tick) for tick in (*negative, 0.0, *ticks)])
    axis.minorticks_off()
    low, high = min([*values, -middle]), max([*values, middle])
    axis.set_xlim(low * 2.0, high * 2.0)
    axis.set_xlabel("share of the whole aim lost")


def _fear_notes(axis: Any, beside: Any, assessment: Assessment, rows: Sequence[Any]) -> None:
    """What the marks mean, above; and at the right the medians in other measures."""
    target = assessment.case.actors[assessment.case.theatres[assessment.case.main].target].name
    heads = (("median, as time", "holding the aim"), ("helps it in", "… of worlds"), ("as much as", f"{target} +"))
    places = (0.0, 0.4, 0.69)
    for at, head in zip(places, heads, strict=True):
        for line, text in enumerate(head):
            beside.annotate(
                text, (at, 1.0), xycoords="axes fraction", xytext=(0, 14 - 9 * line), textcoords="offset points", fontsize=7,
                color=SOFT, annotation_clip=False,
            )  # fmt: skip
    for place, row in enumerate(rows):
        time = held(row.total[1], assessment.case.discount.central) if any(row.total) else "none"
        time = time.replace("less than", "under").replace("an hour", "1 hour")
        for at, text in zip(places, (time, chance(row.negative), rise(row.equal_rise[1])), strict=True):
            beside.text(at, place, text, fontsize=8, va="center", color=INK)
    for at, marker, filled, colour, text in (
        (0.0, "o", True, INK, "total"),
        (0.16, "s", False, ACCENT, "for the aim"),
        (0.43, "^", False, BLUE, "for survival"),
    ):
        axis.plot(
            [at + 0.01], [1.035], marker, transform=axis.transAxes, color=colour, mfc=colour if filled else PAPER, ms=5,
            clip_on=False,
        )  # fmt: skip
        axis.text(at + 0.035, 1.035, text, transform=axis.transAxes, fontsize=7.5, color=colour, va="center")


def held(value: float, discount: float) -> str:
    """A share of the aim as time holding it, with a minus where the challenger gains."""
    return ("\N{MINUS SIGN}" if value < 0 else "") + held_for(value, discount)


def risk(figure: Any, assessment: Assessment) -> None:
    """A coalition a row, the most dangerous first."""
    axis = figure.subplots()
    names = assessment.case.actors
    rows = sorted(assessment.figures.risk, key=lambda row: -row.band[1])
    most = max((len(row.members) for row in rows), default=0)
    for place, row in enumerate(rows):
        whole = len(row.members) in (0, most)
        _interval(axis, place, row.band, ACCENT if whole else BLUE, "s" if whole else "o", scale=100)
        _beside(axis, place, chance(row.band[1]))
    _rows(axis, [_who([names[actor].name for actor in row.members], most) for row in rows], zero=False)
    axis.set_xlim(0, 100)
    axis.set_xlabel("revision risk within the horizon, per cent")


def _who(names: Sequence[str], most: int) -> str:
    """Who acts, in words."""
    return "all of them" if len(names) == most > 1 else " with ".join(names) or "nobody"


def _beside(axis: Any, place: float, text: str) -> None:
    axis.text(1.015, place, text, transform=axis.get_yaxis_transform(), va="center", fontsize=8, color=INK)


# --- pillars and pull ----------------------------------------------------------------------------------------------


def _scenes(rows: Sequence[PillarRow]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row.theatre, row.scene) for row in rows))


def pillar_height(assessment: Assessment) -> float:
    """Height of the panels, inches."""
    rows = assessment.figures.pillar
    found = _scenes(rows)
    tall = [max(1, sum((row.theatre, row.scene) == at and row.with_target for row in rows)) for at in found]
    steps = 1 + max((len(row.earlier) for row in rows), default=0)
    return 0.5 + sum(0.55 + (0.2 + 0.1 * steps) * count for count in tall)


def pillar(figure: Any, assessment: Assessment) -> None:
    """A row of panels a world: protectors at the left, the target's force as a player at the right."""
    rows = assessment.figures.pillar
    found = _scenes(rows)
    kinds = sorted({row.with_target for row in rows})
    axes = figure.subplots(len(found), len(kinds), squeeze=False, sharex=True)
    for line, (theatre, scene) in zip(axes, found, strict=True):
        for axis, with_target in zip(line, kinds, strict=True):
            there = [r for r in rows if (r.theatre, r.scene, r.with_target) == (theatre, scene, with_target)]
            _pillar_panel(axis, assessment, sorted(there, key=lambda row: -row.band[1]))
            who = "the target's force too" if with_target else "protectors"
            axis.set_title(f"{_place(theatre)}: {who}", loc="left", fontsize=8.5, fontweight="bold", color=INK, pad=13)
            axis.text(0, 1.03, world(scene), transform=axis.transAxes, fontsize=7, color=SOFT, va="bottom")
    for axis in axes[-1]:
        axis.set_xlabel("points of revision risk")


def world(scene: str) -> str:
    """A world in the words of the test language, for people: "plan + amendment, given seoul drifts"."""
    return plain(scene).replace(" | ", ", given ")


def _place(theatre: str) -> str:
    return plain(theatre)[:1].upper() + plain(theatre)[1:]


def _pillar_panel(axis: Any, assessment: Assessment, rows: Sequence[PillarRow]) -> None:
    for place, row in enumerate(rows):
        _interval(axis, place, row.band, BLUE, "o", scale=100)
        for back, (year, earlier) in enumerate(reversed(row.earlier), start=1):
            above = place - 0.2 * back
            axis.plot([100 * earlier[1]], [above], marker="o", ms=3.5, color=SOFT, ls="none")
            axis.annotate(
                f"by {year}",
                (100 * earlier[1], above),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=6,
                color=SOFT,
            )
        share = f" ({100 * row.share:.0f} %)" if row.share is not None else ""
        _beside(axis, place, points(row.band[1]).removeprefix("+") + share)
    _rows(axis, [assessment.case.actors[row.actor].name for row in rows])


def regime_name(assessment: Assessment, name: str) -> str:
    """A regime in words: "South Korea, alignment (engaging now)"."""
    regime = assessment.case.regimes[name]
    return f"{assessment.case.actors[regime.actor].name}, {regime.kind} ({plain(regime.now)} now)"


def pull(figure: Any, assessment: Assessment) -> None:
    """A regime a row."""
    axis = figure.subplots()
    rows = sorted(assessment.figures.pull, key=lambda row: -row.band[1])
    for place, row in enumerate(rows):
        _interval(axis, place, row.band, BLUE, "o", scale=100)
        _beside(axis, place, points(row.band[1]))
    _rows(axis, [regime_name(assessment, row.regime) for row in rows])
    axis.set_xlabel("points of probability within the horizon")


# --- the fan -------------------------------------------------------------------------------------------------------


def fan(figure: Any, assessment: Assessment) -> None:
    """Chances of all that is not "no advance", stacked; labels at the right end."""
    axis = figure.subplots()
    rows = assessment.figures.fan
    years = [row.year for row in rows]
    levels = len(rows[0].levels)
    steps = [[row.levels[at] for row in rows] for at in range(1, levels)]
    table = 100 * np.array([*steps, [row.won for row in rows], [row.fallen for row in rows]])
    labels = [f"step {at} of {levels}" for at in range(1, levels)] + ["aim reached", "challenger fallen"]
    shades = [*(_shade(at, levels) for at in range(1, levels)), ACCENT, PAPER]
    hatches = [*[""] * (levels - 1), "////", "...."]
    tops = np.cumsum(table, axis=0)
    for at, (top, shade, hatch) in enumerate(zip(tops, shades, hatches, strict=True)):
        bottom = tops[at - 1] if at else np.zeros(len(years))
        axis.fill_between(
            years, bottom, top, facecolor=shade, edgecolor=PAPER if hatch == "////" else INK, hatch=hatch, lw=0.5
        )
    axis.set_xlim(years[0], years[-1] if len(years) > 1 else years[0] + 1)
    axis.set_ylim(0, max(float(tops[-1].max()) * 1.12, 1.0))
    axis.grid(axis="y")
    axis.set_ylabel("per cent")
    axis.xaxis.set_major_locator(_locator(8, integer=True))
    middles = [(float(tops[at][-1] - table[at][-1] / 2), at) for at in range(len(labels))]
    ends = [(middle, f"{labels[at]}, {chance(table[at][-1] / 100)}", INK) for middle, at in middles]
    _end_labels(axis, ends, years[-1], size=8)
    left = f"not advanced: {chance(rows[-1].levels[0])} at the end"
    axis.text(0.02, 0.95, left, transform=axis.transAxes, fontsize=8.5, color=SOFT, va="top")


def _shade(step: int, levels: int) -> str:
    """Greys that darken with the step."""
    level = 0.93 - 0.5 * step / max(levels - 1, 1)
    return f"{level:.2f}"
