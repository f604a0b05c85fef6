"""The figures of the brief by name: as SVG, as PNG at a stated width, and the numbers behind them as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tocsin.assessment.result import Assessment
from tocsin.case.translations import translator_for
from tocsin.errors import InputError, did_you_mean
from tocsin.export.blocks import Picture, read_blocks
from tocsin.export.draft_mark import marked_png, marked_svg
from tocsin.export.drawings import SHORT_BARS, BarRow, bars_svg, diagram_svg
from tocsin.export.svg_png import svg_size, svg_to_png
from tocsin.report.brief import fitting_first_page
from tocsin.report.charts import chart_png, chart_svg, chart_texts
from tocsin.report.diagram import diagram
from tocsin.report.draft import draft_text
from tocsin.report.figure_data import figure_csv
from tocsin.report.other_models import models_axis, models_blocks
from tocsin.report.rivals import EXPLAINED, rival_sections
from tocsin.tables import printable
from tocsin.translation import Translator, message

MIN_WIDTH, MAX_WIDTH = 200, 8000
"""Pixels of a picture's width."""
DEFAULT_WIDTH = 1600
DIAGRAM, DIAGRAM_SHARE = "states", 0.66
"""The figure that has no rows, so that it cannot be cut; and the share of a page's width that it needs."""


@dataclass(frozen=True)
class Figure:
    """A figure of the brief.

    Attributes:
        name: by which it is exported.
        title, description: what it shows, and its numbers in words.
        svg: returns it as an SVG file.
        png: returns it as PNG for a width in pixels.
        csv: returns the numbers behind it.
    """

    name: str
    title: str
    description: str
    svg: Callable[[], str]
    png: Callable[[int], bytes]
    csv: Callable[[], bytes]


def figures(assessment: Assessment) -> tuple[Figure, ...]:
    """Return the figures of a brief in its order."""
    return figures_of(assessment, [block for block in read_blocks(assessment) if isinstance(block, Picture)])


def figures_of(assessment: Assessment, pictures: Sequence[Picture], language: str = "en") -> tuple[Figure, ...]:
    """Return the figures that some pictures of a brief in a language stand for."""
    translator = translator_for(assessment.case, language)
    charts = {text.id for text in chart_texts(assessment)}
    return tuple((_chart if item.name in charts else _drawing)(assessment, item, translator) for item in pictures)


def figure_titles(assessment: Assessment, language: str = "en") -> dict[str, str]:
    """Return the name and title of each figure of a brief."""
    return {name: picture.title for name, picture in _pictures(assessment, language).items()}


def _pictures(assessment: Assessment, language: str) -> dict[str, Picture]:
    blocks = read_blocks(assessment, language=language)
    return {block.name: block for block in blocks if isinstance(block, Picture)}


def find_figure(assessment: Assessment, name: str, language: str = "en") -> Figure:
    """Return a figure by its name, in a language. That of a draft says so, see `draft_mark`.

    Raises:
        InputError: if the brief has no such figure.
    """
    pictures = _pictures(assessment, language)
    if name not in pictures:
        remedy = (
            did_you_mean(name, pictures)
            if pictures
            else message("export another run; the brief of this one has no figures")
        )
        raise InputError(message("no figure `{name}` in this brief", name=name), remedy=remedy)
    figure = figures_of(assessment, [pictures[name]], language)[0]
    draft = draft_text(assessment.health.findings)
    return _marked(figure, translator_for(assessment.case, language), draft) if draft else figure


def _marked(figure: Figure, translator: Translator, draft: str) -> Figure:
    text = translator.plain(draft).replace("`", "")
    return replace(
        figure,
        svg=lambda: marked_svg(figure.svg(), text),
        png=lambda width: marked_png(figure.png(width), text, translator.language),
    )


def with_width(svg: str, width: int) -> str:
    """Return a drawing that states its width in pixels, and its height to match."""
    across, down = svg_size(svg)
    return svg.replace("<svg ", f'<svg width="{width}" height="{width * down / across:.0f}" ', 1)


def check_width(width: int) -> None:
    """Check the width of a picture in pixels.

    Raises:
        InputError: if it is too small to read or too large to draw.
    """
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        raise InputError(
            message("a picture of {width} pixels cannot be drawn", width=width),
            remedy=message("use a width from {low} to {high}", low=MIN_WIDTH, high=MAX_WIDTH),
        )


def _chart(assessment: Assessment, item: Picture, translator: Translator) -> Figure:
    return Figure(
        name=item.name,
        title=item.title,
        description=item.description,
        svg=lambda: printable(chart_svg(assessment, item.name, translator), lines=True),
        png=lambda width: chart_png(assessment, item.name, width, translator),
        csv=lambda: figure_csv(assessment, item.name),
    )


def _drawing(assessment: Assessment, item: Picture, translator: Translator) -> Figure:
    """Return a figure that the brief draws by hand."""
    svg = printable(_drawn(assessment, item, translator), lines=True)
    return Figure(
        name=item.name,
        title=item.title,
        description=item.description,
        svg=lambda: svg,
        png=lambda width: svg_to_png(svg, width),
        csv=lambda: figure_csv(assessment, item.name),
    )


def _drawn(assessment: Assessment, item: Picture, translator: Translator) -> str:
    if item.name == DIAGRAM:
        shown = diagram(assessment, translator)
        assert shown is not None
        return diagram_svg(item.title, item.description, shown.svg)
    if item.name == "ladder":
        ladder = fitting_first_page(assessment, translator).ladder
        assert ladder is not None
        say = translator.plain
        rows = [BarRow(say(rung.name), (say(rung.value),), rung.bar) for rung in ladder.rungs]
        return bars_svg(item.title, item.description, rows, ladder.axis)
    if item.name.startswith(EXPLAINED):
        return _explained(assessment, item, translator)
    claim, index = models_name(item.name)
    block = models_blocks(assessment, assessment.claim(claim))[index]
    rows = [
        BarRow(translator.plain(row.name), tuple(map(translator.plain, (row.value, *row.more))), row.drawing)
        for row in block.rows
    ]
    return bars_svg(item.title, item.description, rows, models_axis(), SHORT_BARS)


def _explained(assessment: Assessment, item: Picture, translator: Translator) -> str:
    """Return what three readers believe of the explanations of one thing."""
    section = next(candidate for candidate in rival_sections(assessment) if EXPLAINED + candidate.name == item.name)
    rows = [
        BarRow(translator.plain(line.name), (translator.plain(line.values),), line.drawing) for line in section.lines
    ]
    return bars_svg(item.title, item.description, rows, models_axis(), SHORT_BARS)


def models_name(name: str) -> tuple[str, int]:
    """Return the claim of a figure "models-CLAIM-NUMBER" and the index of its test."""
    match = re.fullmatch(r"models-(.+)-(\d+)", name)
    assert match is not None
    return match[1], int(match[2]) - 1
