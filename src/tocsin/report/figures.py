"""The figures of the brief as SVG: drawn by matplotlib, text kept as text, the same run giving the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from tocsin.assessment.result import Assessment
from tocsin.plots.style import INK, plot_style
from tocsin.report import plots
from tocsin.report.prose import chance, interval, plain, points, rise

Draw = Callable[[Any, Assessment], None]


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes:
        id: for links.
        title: what it shows, as a heading.
        reading: how to read it, one or two sentences.
        description: its numbers in words, for those who cannot see it.
        svg: the drawing.
    """

    id: str
    title: str
    reading: str
    description: str
    svg: Markup


def pictures(assessment: Assessment) -> tuple[Picture, ...]:
    """All figures of a brief, in the order in which they are shown; one without data is left out."""
    figures = assessment.figures
    wanted: Sequence[tuple[Sequence[object], Callable[[Assessment], tuple[str, str, str, str]], Draw, float]] = (
        (figures.spending, _spending, plots.spending, plots.spending_height(assessment)),
        (figures.fear, _fear, plots.fear, 1.15 + 0.62 * len(figures.fear)),
        (figures.risk, _risk, plots.risk, 0.75 + 0.3 * len(figures.risk)),
        (figures.pillar, _pillar, plots.pillar, plots.pillar_height(assessment)),
        (figures.pull, _pull, plots.pull, 0.75 + 0.34 * len(figures.pull)),
        (figures.fan, _fan, plots.fan, 3.4),
    )
    own = {
        "font__size": 8.5,
        "axes__labelsize": 8,
        "axes__spines__left": False,
        "hatch__linewidth": 0.7,
        "ytick__color": INK,
    }
    with plot_style(**own):
        return tuple(_picture(text(assessment), draw, tall, assessment) for rows, text, draw, tall in wanted if rows)


# --- words beside the pictures -------------------------------------------------------------------------------------


def _spending(assessment: Assessment) -> tuple[str, str, str, str]:
    case, lines = assessment.case, assessment.figures.spending
    said = [
        f"{case.actors[line.actor].name}{f' on {plain(line.path)}' if line.path else ''}: "
        f"{line.bands[-1][1]:.3g} in {line.years[-1]} ({line.bands[-1][0]:.3g} to {line.bands[-1][2]:.3g})"
        for line in lines
    ]
    return (
        "spending",
        "What the force is paid",
        f"Real military spending a year, {assessment.figures.money}. Each panel has its own scale from zero. The line is "
        "the median over worlds, the band the 5 % to 95 % range; right of the rule lies what is assumed.",
        "; ".join(said) + ".",
    )


def _fear(assessment: Assessment) -> tuple[str, str, str, str]:
    rows = assessment.figures.fear
    case = assessment.case
    target = case.actors[case.theatres[case.main].target].name
    said = [
        f"{plain(row.event)}: total {interval(row.total)}, for the aim {interval(row.aim)}, for survival "
        f"{interval(row.survival)}, below zero in {chance(row.negative)} of worlds, as "
        f"much as {target} spending {rise(row.equal_rise[1])} more for good"
        for row in rows
    ]
    return (
        "fear",
        "What each event costs the challenger",
        "Structural fear: the loss of the challenger's best-response value, as a share of its whole aim for ever; marks are "
        "medians, bars the 5 % to 95 % range over worlds. Left of zero the event helps it. The scale is logarithmic to "
        f"both sides of a linear middle. Last column: the lasting rise of {target}'s own spending that would cost the "
        "challenger as much at the median.",
        "; ".join(said) + ".",
    )


def _risk(assessment: Assessment) -> tuple[str, str, str, str]:
    names = assessment.case.actors
    said = [
        f"{' with '.join(names[actor].name for actor in row.members) or 'nobody'}: {chance(row.band[1])} "
        f"({chance(row.band[0])} to {chance(row.band[2])})"
        for row in assessment.figures.risk
    ]
    return (
        "risk",
        "Revision risk, by who acts",
        "Chance within the horizon that the aim advances, if only the named defenders act; the others' force, bases and "
        "decisions are taken away. Median and 5 % to 95 % range.",
        "; ".join(said) + ".",
    )


def _pillar(assessment: Assessment) -> tuple[str, str, str, str]:
    names = assessment.case.actors
    said = [
        f"{plain(row.theatre)}, {plain(row.scene)}, {'all players' if row.with_target else 'protectors'}: "
        f"{names[row.actor].name} {points(row.band[1])} points ({points(row.band[0])} to {points(row.band[2])})"
        + "".join(f", {points(earlier[1])} by {year}" for year, earlier in row.earlier)
        + (f", {chance(row.share)} of the effect" if row.share is not None and 0 <= row.share <= 1 else "")
        for row in assessment.figures.pillar
    ]
    return (
        "pillar",
        "Who holds the challenger back",
        "Shapley contribution of each defender, in points of revision risk taken away: median and 5 % to 95 % range. Left, "
        "protectors alone, the target always in; right, the target's own force as a player. Small dots: medians by "
        "earlier years. In brackets the share of the "
        "effect in this model, where there is enough of it to divide.",
        "; ".join(said) + ".",
    )


def _pull(assessment: Assessment) -> tuple[str, str, str, str]:
    said = [
        f"{plots.regime_name(assessment, row.regime)}: {points(row.band[1])} points ({points(row.band[0])} to "
        f"{points(row.band[2])})"
        for row in assessment.figures.pull
    ]
    return (
        "pull",
        "How far influence moves each government",
        "Change in the chance that the regime turns (or stays) loose within the horizon, as judged against no "
        "susceptibility at all: median and 5 % to 95 % range, in points. Here each has its own judged inputs; claims that "
        "compare them use identical ones.",
        "; ".join(said) + ".",
    )


def _fan(assessment: Assessment) -> tuple[str, str, str, str]:
    last = assessment.figures.fan[-1]
    said = [f"step {at}: {chance(value)}" for at, value in enumerate(last.levels) if at]
    said += [f"aim reached: {chance(last.won)}", f"challenger fallen: {chance(last.fallen)}"]
    return (
        "fan",
        "Paths to the horizon",
        "Mean chance, over worlds, of where the aim stands by the end of each year, from the present world. What is "
        "not coloured is the chance that it has not advanced.",
        f"In {last.year}: not advanced: {chance(last.levels[0])}; " + "; ".join(said) + ".",
    )


def summary_of_fear(assessment: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The fear figure as a table: event, its words, median and range, how long held, share of worlds below zero."""
    discount = assessment.case.discount.central
    return [
        (
            plain(row.event),
            row.label if row.label != row.event else "",
            interval(row.total),
            plots.held(row.total[1], discount) if any(row.total) else "no change",
            chance(row.negative),
        )
        for row in assessment.figures.fear
    ]


# --- from drawing to SVG -------------------------------------------------------------------------------------------


def _picture(text: tuple[str, str, str, str], draw: Draw, tall: float, assessment: Assessment) -> Picture:
    from matplotlib.figure import Figure

    name, title, reading, description = text
    figure = Figure(figsize=(plots.WIDE, tall), layout="constrained")
    draw(figure, assessment)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return Picture(name, title, reading, description, _inline(buffer.getvalue(), name, title, description))


def _inline(text: str, name: str, title: str, description: str) -> Markup:
    """Matplotlib's file as inline SVG: labelled, scaled by the page, its ids made this figure's own."""
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    label = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    return Markup(re.sub(r"<svg ([^>]*)>", lambda match: f"<svg {label} {match[1]}>{head}", svg, count=1))
