"""The figures of the brief as SVG, drawn by matplotlib with text kept as text and nothing left to chance."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.assess.result import Assessment, Band

INK, GREY, PALE = "#1d1d1b", "#6b6b66", "#d9d7cf"
COLOURS = ("#7a1f1f", "#1f4e79", "#3d6b35", "#8a5a00", "#5b3a76", "#2f6f6f")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2)), (0, (1, 2)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True)
class Picture:
    """A figure: its SVG, a title and a description for those who cannot see it."""

    id: str
    title: str
    description: str
    svg: str


def pictures(assessment: Assessment) -> tuple[Picture, ...]:
    """All figures of a brief, in the order in which they are shown."""
    drawn: Iterable[tuple[str, str, str, Callable[[Any, Assessment], None], tuple[float, float]]] = (
        ("spending", "Spending on force", _spending_text(assessment), _spending, (7.2, 3.6)),
        ("fear", "Fear by event", FEAR, _fear, (7.2, 3.2)),
        ("risk", "Revision risk by who acts", RISK, _risk, (7.2, 3.2)),
        ("pillar", "Pillars", PILLAR, _pillar, (7.2, 3.8)),
        ("pull", "Pull on each regime", PULL, _pull, (7.2, 2.4)),
        ("fan", "Paths to the horizon", FAN, _fan, (7.2, 3.4)),
    )
    with _style():
        return tuple(_draw(name, title, text, draw, size, assessment) for name, title, text, draw, size in drawn)


FEAR = (
    "Loss of the challenger's best-response value through each event, in units of its whole aim: median and 90 % "
    "interval over worlds; total, and the part that concerns the aim. Negative where the event helps it."
)
RISK = "Chance that the aim advances within the horizon when only the named defenders act: median and 90 % interval."
PILLAR = (
    "Each defender's Shapley contribution to what deters the challenger, in points of revision risk: median and 90 % "
    "interval; in brackets its share of the total in this model."
)
PULL = "How far the challenger's influence changes the chance of each regime within the horizon, in points."
FAN = "Where the aim stands by the end of each year: mean chance of each step, of the aim reached, of the challenger fallen."


def _spending_text(assessment: Assessment) -> str:
    return f"Real military spending of each actor, {assessment.figures.money}; median, shaded between the 5 % and 95 % points."


def _style() -> AbstractContextManager[None]:
    import matplotlib as mpl

    mpl.use("svg")
    return mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "tocsin",
            "font.family": "sans-serif",
            "font.size": 9,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": GREY,
            "ytick.color": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
        }
    )


def _draw(
    name: str,
    title: str,
    text: str,
    draw: Callable[[Any, Assessment], None],
    size: tuple[float, float],
    assessment: Assessment,
) -> Picture:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    draw(figure, assessment)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", svg, count=1)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = svg.replace('href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    label = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    svg = svg.replace("<svg ", f"<svg {label} ", 1)
    head = f'<title id="{name}-title">{title}</title><desc id="{name}-desc">{text}</desc>'
    return Picture(name, title, text, re.sub(r"(<svg[^>]*>)", rf"\1{head}", svg, count=1))


def _bar(axis: Any, place: float, band: Band, index: int, label: str | None = None) -> None:
    low, mid, high = band
    if not np.isfinite(mid):
        return
    colour = COLOURS[index % len(COLOURS)]
    axis.plot([low, high], [place, place], color=colour, lw=1.6, solid_capstyle="butt", zorder=2)
    axis.plot([mid], [place], MARKERS[index % len(MARKERS)], color=colour, ms=5.5, zorder=3, label=label)


def _rows(axis: Any, labels: list[str]) -> None:
    axis.set_yticks(range(len(labels)), labels)
    axis.invert_yaxis()
    axis.tick_params(axis="y", length=0)
    axis.axvline(0, color=PALE, lw=1, zorder=0)
    axis.grid(axis="x", color=PALE, lw=0.5, zorder=0)


def _spending(figure: Any, assessment: Assessment) -> None:
    axis = figure.subplots()
    case = assessment.case
    actors = list(dict.fromkeys(line.actor for line in assessment.figures.spending))
    ends: list[tuple[float, int, str, str]] = []
    for line in assessment.figures.spending:
        index = actors.index(line.actor)
        paths = case.spending.paths.get(line.actor) if case.spending else None
        present = paths is None or line.path in ("", paths.now)
        colour = COLOURS[index % len(COLOURS)]
        years, table = np.array(line.years), np.array(line.bands)
        if present:
            axis.fill_between(years, table[:, 0], table[:, 2], color=colour, alpha=0.12, lw=0)
        axis.plot(years, table[:, 1], color=colour, ls=DASHES[index % len(DASHES)], lw=1.6 if present else 0.7)
        if present:
            ends.append((float(table[-1, 1]), int(years[-1]), case.actors[line.actor].name, colour))
    _spread_labels(axis, ends)
    axis.set_yscale("log")
    axis.axvline(case.as_of.year, color=GREY, lw=0.8)
    axis.set_ylabel("billions a year (log scale)")
    axis.margins(x=0.02)
    axis.set_xlim(right=max(line.years[-1] for line in assessment.figures.spending) + 6)


def _spread_labels(axis: Any, ends: list[tuple[float, int, str, str]]) -> None:
    """Names at the ends of lines, each at least a quarter above the last on the log scale, so that none cover another."""
    last = 0.0
    for value, year, name, colour in sorted(ends):
        last = max(value, 1.35 * last)
        axis.annotate(name, (year, last), xytext=(4, 0), textcoords="offset points", color=colour, va="center")


def _fear(figure: Any, assessment: Assessment) -> None:
    axis = figure.subplots()
    rows = assessment.figures.fear
    for place, row in enumerate(rows):
        _bar(axis, place - 0.13, row.total, 0, "total" if place == 0 else None)
        _bar(axis, place + 0.17, row.aim, 1, "for the aim" if place == 0 else None)
    _rows(axis, [f"{row.event.replace('_', ' ')}\n({100 * row.negative:.0f} % of worlds below 0)" for row in rows])
    axis.set_xscale("symlog", linthresh=1e-4)
    axis.set_xlabel("share of the whole aim (symmetric log scale)")
    if rows:
        axis.legend(loc="lower right")


def _risk(figure: Any, assessment: Assessment) -> None:
    axis = figure.subplots()
    rows = sorted(assessment.figures.risk, key=lambda row: -row.band[1])
    for place, row in enumerate(rows):
        _bar(axis, place, row.band, 0)
    names = assessment.case.actors
    _rows(axis, [" + ".join(names[actor].name for actor in row.members) or "nobody" for row in rows])
    axis.set_xlim(left=0)
    axis.set_xlabel("revision risk within the horizon")


def _pillar(figure: Any, assessment: Assessment) -> None:
    scenes = list(dict.fromkeys((row.theatre, row.scene) for row in assessment.figures.pillar))
    axes = np.atleast_1d(figure.subplots(len(scenes), 1, sharex=True))
    for axis, (theatre, scene) in zip(axes, scenes, strict=True):
        rows = [
            row for row in assessment.figures.pillar if (row.theatre, row.scene) == (theatre, scene) and row.with_target
        ]
        for place, row in enumerate(rows):
            _bar(axis, place, row.band, place)
        shares = ["" if row.share is None else f" ({100 * row.share:.0f} %)" for row in rows]
        _rows(axis, [assessment.case.actors[row.actor].name + share for row, share in zip(rows, shares, strict=True)])
        axis.set_title(f"{theatre}: {scene}", loc="left", fontsize=8.5, color=GREY)
    axes[-1].set_xlabel("points of revision risk")


def _pull(figure: Any, assessment: Assessment) -> None:
    axis = figure.subplots()
    rows = assessment.figures.pull
    for place, row in enumerate(rows):
        _bar(axis, place, row.band, 0)
    _rows(axis, [f"{row.regime} (now {row.started})" for row in rows])
    axis.set_xlabel("points of probability within the horizon")


def _fan(figure: Any, assessment: Assessment) -> None:
    axis = figure.subplots()
    rows = assessment.figures.fan
    years = [row.year for row in rows]
    levels = len(rows[0].levels) if rows else 0
    table = [[row.levels[level] for row in rows] for level in range(levels)]
    table += [[row.won for row in rows], [row.fallen for row in rows]]
    labels = [
        "aim not advanced",
        *(f"step {level} of {levels}" for level in range(1, levels)),
        "aim reached",
        "challenger fallen",
    ]
    shades = [str(0.96 - 0.12 * level) for level in range(levels)] + [COLOURS[0], COLOURS[1]]
    hatches = [""] * levels + ["//", ".."]
    polygons = axis.stackplot(years, table, colors=shades, edgecolor=GREY, linewidth=0.4, labels=labels)
    for polygon, hatch in zip(polygons, hatches, strict=True):
        polygon.set_hatch(hatch)
    axis.set_ylim(0, 1)
    axis.set_xlim(years[0], years[-1])
    axis.set_ylabel("mean chance over worlds")
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
