"""The charts of the brief: title, how to read it, and inline SVG; the same assessment gives the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from tocsin.assessment.figures_result import PillarRow
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import percent
from tocsin.plots.style import INK, PAPER, installed_fonts, plot_style
from tocsin.plots.svg import any_script
from tocsin.report import chart_drawing
from tocsin.report.colours import on_page
from tocsin.report.wording import (
    aim_band,
    amount,
    delay_text,
    listed,
    percentage,
    percentage_band,
    points,
    points_band,
    readable,
    rise_text,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ChartText:
    """The words of a chart.

    Attributes:
        id: for links.
        title: what it shows.
        reading: how to read it.
        description: its numbers in words, for screen readers.
    """

    id: str
    title: str
    reading: str
    description: str


@dataclass(frozen=True)
class Chart:
    """A chart: its words and its inline SVG, which contains the description."""

    text: ChartText
    svg: Markup


@dataclass(frozen=True)
class _Plan:
    """The plan of a chart: its data (no chart if empty), its words, its drawing, its height in inches."""

    rows: Sequence[object]
    text: Callable[[Assessment], ChartText]
    draw: Callable[[Any, Assessment], None]
    height: float


def charts(assessment: Assessment, *, drawn: bool = True) -> tuple[Chart, ...]:
    """Return the charts of a brief in their order, without those that have no data; if they are not drawn, their words alone."""
    if not drawn:
        return tuple(Chart(text, Markup()) for text in chart_texts(assessment))
    plans = _plans(assessment)
    if not plans:
        return ()
    with _chart_style():
        return tuple(replace(chart, svg=on_page(chart.svg)) for chart in (_chart(plan, assessment) for plan in plans))


def chart_texts(assessment: Assessment) -> tuple[ChartText, ...]:
    """Return the words of the charts of a brief, in their order."""
    return tuple(plan.text(assessment) for plan in _plans(assessment))


def chart_svg(assessment: Assessment, name: str) -> str:
    """Return a chart as an SVG file of its own, with its title and its numbers in words.

    Raises:
        KeyError: if there is no such chart.
    """
    plan = _plan(assessment, name)
    with _chart_style():
        chart = _chart(plan, assessment)
    head = f'xmlns="http://www.w3.org/2000/svg" style="background: {PAPER}" '
    return str(chart.svg).replace('xmlns="http://www.w3.org/2000/svg" ', "").replace("<svg ", f"<svg {head}", 1)


def _plan(assessment: Assessment, name: str) -> _Plan:
    return {plan.text(assessment).id: plan for plan in _plans(assessment)}[name]


def chart_png(assessment: Assessment, name: str, width: int) -> bytes:
    """Return a chart as PNG, the same picture as in the brief.

    Args:
        assessment: result of `tocsin.assess`.
        name: id of the chart, one of `chart_texts`.
        width: of the picture in pixels, > 0.

    Raises:
        KeyError: if there is no such chart.
    """
    plan = _plan(assessment, name)
    buffer = io.BytesIO()
    with _chart_style(font__family=installed_fonts()), any_script():
        _drawn(plan, assessment).savefig(
            buffer, format="png", dpi=width / chart_drawing.WIDTH, facecolor=PAPER, metadata={"Software": None}
        )
    return buffer.getvalue()


def _plans(assessment: Assessment) -> list[_Plan]:
    """Return the plans of the charts that have data, in their order."""
    figures, drawing = assessment.figures, chart_drawing
    plans = (
        _Plan(figures.spending, _spending, drawing.draw_spending, drawing.spending_height(assessment)),
        _Plan(figures.loss, _loss, drawing.draw_losses, 1.15 + 0.5 * len(figures.loss)),
        _Plan(figures.risk, _risk, drawing.draw_risk, 0.75 + 0.3 * len(figures.risk)),
        _Plan(figures.pillar, _pillar, drawing.draw_pillar, drawing.pillar_height(assessment)),
        _Plan(figures.pull, _pull, drawing.draw_pull, 0.75 + 0.34 * len(figures.pull)),
        _Plan(figures.fan, _fan, drawing.draw_fan, 3.4),
    )
    return [plan for plan in plans if plan.rows]


def _chart_style(**overrides: Any) -> AbstractContextManager[None]:
    own = {
        "font__size": 8.5,
        "axes__labelsize": 8,
        "axes__spines__left": False,
        "hatch__linewidth": 0.7,
        "ytick__color": INK,
    }
    return plot_style(**own, **overrides)


# --- words ---------------------------------------------------------------------------------------------------------

_MARKS = "Marks are medians; bars cover 90 % of worlds."


def _horizon(assessment: Assessment) -> str:
    return f"within {assessment.case.theatres[assessment.case.main].horizon} years"


def _spending(assessment: Assessment) -> ChartText:
    case, lines = assessment.case, assessment.figures.spending
    said = [
        f"{case.actors[line.actor].name}{f' ({readable(line.path)})' if line.path else ''}: "
        f"{amount(line.bands[-1][1])} in {line.years[-1]} ({amount(line.bands[-1][0])} to {amount(line.bands[-1][2])})"
        for line in lines
    ]
    return ChartText(
        "spending",
        "Military spending",
        f"Real military spending per year, in {assessment.figures.money}. Each panel has its own scale, which starts at "
        "zero. The line is the median over worlds; the band covers 90 % of worlds. Values to the right of the dotted line "
        "are assumed.",
        "; ".join(said) + ".",
    )


def _loss(assessment: Assessment) -> ChartText:
    said = [
        f"{readable(row.event)}: {aim_band(row.dent)} of all that deterrence costs the challenger; first step "
        f"{delay_text(row.delay[1])}; its fall {rise_text(row.fall[1])}, a first strike at it {rise_text(row.struck[1])}; share of worlds "
        f"in which it helps: {percentage(row.negative)}"
        for row in assessment.figures.loss
    ]
    return ChartText(
        "loss",
        "What each event does to the challenger",
        "Left: the challenger's loss, as a share of all that deterrence costs it: what it would gain if no defender acted. Middle: how much "
        f"later the first step of its aim comes. Right: the rise of the chances, {_horizon(assessment)}, that its regime falls and that a "
        f"defender strikes it first. {_MARKS} Left of zero, the event helps the challenger. The scales are linear around zero and "
        "logarithmic beyond.",
        ". ".join(said) + ".",
    )


def _risk(assessment: Assessment) -> ChartText:
    names = assessment.case.actors
    said = [
        f"{listed(names[actor].name for actor in row.members) or 'nobody'}: {percentage_band(row.band)}"
        for row in assessment.figures.risk
    ]
    return ChartText(
        "risk",
        "The risk that the aim advances, by who acts",
        f"The probability that the challenger's aim advances {_horizon(assessment)} if only the named defenders act. The "
        f"others then have no force, no bases and no say. {_MARKS}",
        "; ".join(said) + ".",
    )


def _pillar(assessment: Assessment) -> ChartText:
    return ChartText(
        "pillar",
        "Who holds the challenger back",
        "How much each defender lowers the risk, in percentage points. This is its Shapley value: the average over all "
        f"orders in which the defenders could join. {_MARKS} Left: the protectors alone share the effect, and the target "
        "always acts. Right: the target counts as a player too. Small dots are medians by earlier years. A share of the "
        "total effect stands in brackets where the total is large enough to divide.",
        "; ".join(_pillar_words(assessment, row) for row in assessment.figures.pillar) + ".",
    )


def _pillar_words(assessment: Assessment, row: PillarRow) -> str:
    earlier = "".join(f", {points(band[1])} by {year}" for year, band in row.earlier)
    share = f", {percent(row.share)} of the effect" if row.share is not None and 0 <= row.share <= 1 else ""
    return (
        f"{readable(row.theatre)}, {chart_drawing.scene_text(row.scene)}, "
        f"{'protectors and target' if row.with_target else 'protectors'}: "
        f"{assessment.case.actors[row.actor].name} {points_band(row.band)}{earlier}{share}"
    )


def _pull(assessment: Assessment) -> ChartText:
    said = [
        f"{chart_drawing.regime_text(assessment, row.regime)}: {points_band(row.band)}"
        for row in assessment.figures.pull
    ]
    return ChartText(
        "pull",
        "How far influence moves each government",
        "How much the challenger's influence changes the probability that an alignment or posture loosens, or stays loose, "
        f"{_horizon(assessment)}, in percentage points. The comparison is with a government that influence cannot move. "
        f"{_MARKS} Each government has its own judged inputs here; claims that compare governments use identical inputs.",
        "; ".join(said) + ".",
    )


def _fan(assessment: Assessment) -> ChartText:
    last = assessment.figures.fan[-1]
    said = [f"step {step}: {percentage(value)}" for step, value in enumerate(last.levels) if step]
    said += [f"aim reached: {percentage(last.won)}", f"challenger fallen: {percentage(last.fallen)}"]
    return ChartText(
        "fan",
        "How far the aim advances, year by year",
        "Where the aim stands at the end of each year, starting from the present: the mean probability of each outcome "
        "over worlds. The blank area is the probability that the aim has not advanced.",
        f"In {last.year}: not advanced: {percentage(last.levels[0])}; " + "; ".join(said) + ".",
    )


# --- inline SVG ----------------------------------------------------------------------------------------------------


def _chart(plan: _Plan, assessment: Assessment) -> Chart:
    text = plan.text(assessment)
    buffer = io.StringIO()
    with any_script():
        _drawn(plan, assessment).savefig(
            buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
        )
    return Chart(text, _inline(buffer.getvalue(), text))


def _drawn(plan: _Plan, assessment: Assessment) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(chart_drawing.WIDTH, plan.height), layout="constrained")
    plan.draw(figure, assessment)
    return figure


_LONG = re.compile(r"(\.\d\d)\d+")
"""A number of a path with more digits than two after the point: a hundredth of a point is not visible."""


def _inline(text: str, chart: ChartText) -> Markup:
    """Return matplotlib's file as inline SVG with a label, sized by the page, with ids that are unique on the page."""
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{chart.id}-\1"', svg)
    svg = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{chart.id}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{chart.id}-\1)", svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    svg = re.sub(r' d="[^"]*"', lambda path: _LONG.sub(r"\1", path[0]), svg)
    label = f'role="img" aria-labelledby="{chart.id}-title {chart.id}-desc"'
    head = (
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.id}-desc">{escape(chart.description)}</desc>'
    )
    return Markup(re.sub(r"<svg ([^>]*)>", lambda match: f"<svg {label} {match[1]}>{head}", svg, count=1))
