"""The charts of the brief: title, how to read it, and inline SVG; the same assessment gives the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from tocsin.assessment.figures_result import PillarRow, SpendingLine
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import percent
from tocsin.plots.png import to_png
from tocsin.plots.style import INK, PAPER, plot_style
from tocsin.plots.svg import any_script
from tocsin.report import chart_drawing
from tocsin.report.colours import on_page
from tocsin.report.wording import (
    aim_band,
    amount,
    delay_text,
    percentage,
    percentage_band,
    points,
    points_band,
    rise_text,
)
from tocsin.translation import (
    Text,
    Translator,
    in_commas,
    in_semicolons,
    in_sentences,
    key_words,
    listed,
    message,
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
    title: Text
    reading: Text
    description: Text


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
    draw: Callable[[Any, Assessment, Translator], None]
    height: float


def charts(assessment: Assessment, translator: Translator, *, drawn: bool = True) -> tuple[Chart, ...]:
    """Return the charts of a brief in their order, without those that have no data.

    Args:
        assessment: result of `tocsin.assess`.
        translator: renders the words of the drawings.
        drawn: whether they are drawn; if not, their words are returned alone.
    """
    if not drawn:
        return tuple(Chart(text, Markup()) for text in chart_texts(assessment))
    plans = _plans(assessment)
    if not plans:
        return ()
    with _chart_style():
        made = [_chart(plan, assessment, translator) for plan in plans]
    return tuple(replace(chart, svg=on_page(chart.svg)) for chart in made)


def chart_texts(assessment: Assessment) -> tuple[ChartText, ...]:
    """Return the words of the charts of a brief, in their order."""
    return tuple(plan.text(assessment) for plan in _plans(assessment))


def chart_svg(assessment: Assessment, name: str, translator: Translator) -> str:
    """Return a chart as an SVG file of its own, with its title and its numbers in words.

    Args:
        assessment: result of `tocsin.assess`.
        name: id of the chart, one of `chart_texts`.
        translator: renders the words of the drawing.

    Raises:
        KeyError: if there is no such chart.
    """
    plan = _plan(assessment, name)
    with _chart_style():
        chart = _chart(plan, assessment, translator)
    head = f'xmlns="http://www.w3.org/2000/svg" style="background: {PAPER}" '
    return str(chart.svg).replace('xmlns="http://www.w3.org/2000/svg" ', "").replace("<svg ", f"<svg {head}", 1)


def _plan(assessment: Assessment, name: str) -> _Plan:
    return {plan.text(assessment).id: plan for plan in _plans(assessment)}[name]


def chart_png(assessment: Assessment, name: str, width: int, translator: Translator) -> bytes:
    """Return a chart as PNG, the same picture as in the brief.

    Args:
        assessment: result of `tocsin.assess`.
        name: id of the chart, one of `chart_texts`.
        width: of the picture in pixels, > 0.
        translator: renders the words of the drawing.

    Raises:
        KeyError: if there is no such chart.
    """
    plan = _plan(assessment, name)
    with _chart_style():
        figure = _drawn(plan, assessment, translator)
        figure.set_dpi(width / chart_drawing.WIDTH)
        return to_png(figure, translator.language)


def _plans(assessment: Assessment) -> list[_Plan]:
    """Return the plans of the charts that have data, in their order."""
    figures, drawing = assessment.figures, chart_drawing
    plans = (
        _Plan(figures.spending, _spending, drawing.draw_spending, drawing.spending_height(assessment)),
        _Plan(figures.loss, _loss, drawing.draw_losses, 0.9 + 0.42 * len(figures.loss)),
        _Plan(figures.risk, _risk, drawing.draw_risk, 0.75 + 0.3 * len(figures.risk)),
        _Plan(figures.pillar, _pillar, drawing.draw_pillar, drawing.pillar_height(assessment)),
        _Plan(figures.pull, _pull, drawing.draw_pull, 0.75 + 0.34 * len(figures.pull)),
        _Plan(figures.fan, _fan, drawing.draw_fan, 3.4),
    )
    return [plan for plan in plans if plan.rows]


def _chart_style(**overrides: Any) -> AbstractContextManager[None]:
    own = {
        "font__size": 8.5,
        "axes__labelsize": chart_drawing.SMALL,
        "axes__spines__left": False,
        "hatch__linewidth": 0.7,
        "ytick__color": INK,
    }
    return plot_style(**own, **overrides)


# --- words ---------------------------------------------------------------------------------------------------------

_MARKS = message("Marks are medians; bars cover 90 % of worlds.")


def _horizon(assessment: Assessment) -> str:
    return f"{assessment.case.theatres[assessment.case.main].horizon}"


def _ended(values: Iterable[str]) -> Text:
    """Return values with semicolons between them, as a sentence."""
    return message("{values}.", values=in_semicolons(values))


def _spending(assessment: Assessment) -> ChartText:
    reading = message(
        "Real military spending per year, in {money}. Each panel has its own scale, which starts at zero. The line is the median over "
        "worlds; the band covers 90 % of worlds. Values to the right of the dotted line are assumed.",
        money=assessment.figures.money,
    )
    sentences = (_spending_words(assessment, line) for line in assessment.figures.spending)
    return ChartText("spending", message("Military spending"), reading, _ended(sentences))


def _spending_words(assessment: Assessment, line: SpendingLine) -> Text:
    state: str = assessment.case.actors[line.actor].name
    if line.path:
        state = message("{state} ({path})", state=state, path=key_words(line.path))
    low, mid, high = map(amount, line.bands[-1])
    return message(
        "{state}: {amount} in {year} ({low} to {high})",
        state=state,
        amount=mid,
        year=f"{line.years[-1]}",
        low=low,
        high=high,
    )


def _loss(assessment: Assessment) -> ChartText:
    reading = in_sentences(
        message(
            "Left: the challenger's loss, as a share of all that deterrence costs it: what it would gain if no defender acted. Middle: how "
            "much later the first step of its aim comes. Right: the rise of the chances, within {horizon} years, that its regime falls and "
            "that a defender strikes it first.",
            horizon=_horizon(assessment),
        ),
        _MARKS,
        message(
            "Left of zero, the event helps the challenger. The scales are linear around zero and logarithmic beyond: lines stand at powers of ten, "
            "and for time at a day, a month, a year and ten years."
        ),
    )
    sentences = (
        message(
            "{event}: {loss} of all that deterrence costs the challenger; first step {delay}; its fall {fall}, a first strike at it {strike}; "
            "share of worlds in which it helps: {share}.",
            event=key_words(row.event),
            loss=aim_band(row.dent),
            delay=delay_text(row.delay[1]),
            fall=rise_text(row.fall[1]),
            strike=rise_text(row.struck[1]),
            share=percentage(row.negative),
        )
        for row in assessment.figures.loss
    )
    return ChartText("loss", message("What each event does to the challenger"), reading, in_sentences(*sentences))


def _risk(assessment: Assessment) -> ChartText:
    names = assessment.case.actors
    sentences = (
        message(
            "{states}: {risk}",
            states=listed(names[actor].name for actor in row.members) or chart_drawing.NOBODY,
            risk=percentage_band(row.band),
        )
        for row in assessment.figures.risk
    )
    reading = in_sentences(
        message(
            "The probability that the challenger's aim advances within {horizon} years if only the named defenders act. The others then have "
            "no force, no bases and no say.",
            horizon=_horizon(assessment),
        ),
        _MARKS,
    )
    return ChartText("risk", message("The risk that the aim advances, by who acts"), reading, _ended(sentences))


def _pillar(assessment: Assessment) -> ChartText:
    reading = in_sentences(
        message(
            "How much each defender lowers the risk, in percentage points. This is its Shapley value: the average over all orders in which the "
            "defenders could join."
        ),
        _MARKS,
        message(
            "Left: the protectors alone share the effect, and the target always acts. Right: the target counts as a player too. Small dots are "
            "medians by earlier years. The share of the mean total stands in brackets where that is large enough to divide."
        ),
        message(
            "A few worlds with large effects can carry the mean, so shares may rank defenders differently from medians."
        ),
    )
    sentences = (_pillar_words(assessment, row) for row in assessment.figures.pillar)
    return ChartText("pillar", message("Who holds the challenger back"), reading, _ended(sentences))


def _pillar_words(assessment: Assessment, row: PillarRow) -> Text:
    who = chart_drawing.PLAYERS[row.with_target]
    values = [
        message("{state} {points}", state=assessment.case.actors[row.actor].name, points=points_band(row.band)),
        *(message("{points} by {year}", points=points(band[1]), year=f"{year}") for year, band in row.earlier),
    ]
    if row.share is not None and 0 <= row.share <= 1:
        values.append(message("{share} of the mean effect of all", share=percent(row.share)))
    return message(
        "{situation}: {values}",
        situation=in_commas([key_words(row.theatre), chart_drawing.scene_text(row.scene), who]),
        values=in_commas(values),
    )


def _pull(assessment: Assessment) -> ChartText:
    sentences = (
        message(
            "{regime}: {points}",
            regime=chart_drawing.regime_text(assessment, row.regime),
            points=points_band(row.band),
        )
        for row in assessment.figures.pull
    )
    reading = in_sentences(
        message(
            "How much the challenger's influence changes the probability that an alignment or posture loosens, or stays loose, within {horizon} "
            "years, in percentage points. The comparison is with a government that influence cannot move.",
            horizon=_horizon(assessment),
        ),
        _MARKS,
        message("Each government has its own inputs here, and who judged them decides which moves most."),
    )
    return ChartText("pull", message("How far influence moves each government"), reading, _ended(sentences))


def _fan(assessment: Assessment) -> ChartText:
    last = assessment.figures.fan[-1]
    outcomes = [
        message("not advanced: {chance}", chance=percentage(last.levels[0])),
        *(
            message("step {step}: {chance}", step=f"{step}", chance=percentage(value))
            for step, value in enumerate(last.levels)
            if step
        ),
        message("aim reached: {chance}", chance=percentage(last.won)),
        message("challenger fallen: {chance}", chance=percentage(last.fallen)),
    ]
    return ChartText(
        "fan",
        message("How far the aim advances, year by year"),
        message(
            "Where the aim stands at the end of each year, starting from the present: the mean probability of each outcome over worlds. The "
            "blank area is the probability that the aim has not advanced."
        ),
        message("In {year}: {outcomes}.", year=f"{last.year}", outcomes=in_semicolons(outcomes)),
    )


# --- inline SVG ----------------------------------------------------------------------------------------------------


def _chart(plan: _Plan, assessment: Assessment, translator: Translator) -> Chart:
    text = plan.text(assessment)
    buffer = io.StringIO()
    with any_script():
        _drawn(plan, assessment, translator).savefig(
            buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
        )
    return Chart(text, _inline(buffer.getvalue(), text, translator))


def _drawn(plan: _Plan, assessment: Assessment, translator: Translator) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(chart_drawing.WIDTH, plan.height), layout="constrained")
    plan.draw(figure, assessment, translator)
    return figure


_LONG = re.compile(r"(\.\d\d)\d+")
"""A number of a path with more digits than two after the point: a hundredth of a point is not visible."""


def _inline(text: str, chart: ChartText, translator: Translator) -> Markup:
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
        f'<title id="{chart.id}-title">{escape(translator.plain(chart.title))}</title>'
        f'<desc id="{chart.id}-desc">{escape(translator.plain(chart.description))}</desc>'
    )
    return Markup(re.sub(r"<svg ([^>]*)>", lambda match: f"<svg {label} {match[1]}>{head}", svg, count=1))
