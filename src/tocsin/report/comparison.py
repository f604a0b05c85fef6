"""A comparison as one HTML page: a table of claims with the probabilities of all items drawn on one scale."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from tocsin.plots.style import INK, LINE, PAPER, SOFT
from tocsin.report.colours import on_page
from tocsin.report.printing import environment
from tocsin.report.verdict_marks import MARKS, sprite
from tocsin.tables import printable

if TYPE_CHECKING:
    from tocsin.assessment.comparing.result import Comparison, Row
    from tocsin.translation import Translator

LINE_HEIGHT = 18
"""Height of the line of one item in a drawing, in pixels."""


def render_comparison(comparison: Comparison, translator: Translator) -> str:
    """Return a comparison as HTML that needs no network; the same comparison always gives the same text.

    Args:
        comparison: see `tocsin.compare`.
        translator: of the reader's language, see `case.translations.translator_for`.
    """
    from tocsin import __version__
    from tocsin.assessment.comparing.words import case_lines, cell_text, method_lines, other_words, rest_lines

    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    page = (
        environment()
        .get_template("comparison.html.jinja")
        .render(
            translator=translator,
            language=translator.language,
            version=__version__,
            comparison=comparison,
            differing=[row for row in comparison.rows if row.kind != "same"],
            rest=list(rest_lines(comparison)),
            method=list(method_lines(comparison)),
            notices=list(case_lines(comparison)),
            other_words=other_words,
            cell_text=cell_text,
            drawn=partial(drawn, count=len(comparison.items)),
            marks=MARKS,
            sprite=on_page(sprite()),
            style=Markup(style),
        )
    )
    return printable(page, lines=True)


def drawn(row: Row, count: int) -> Markup:
    """Return the probabilities of a claim on a scale from 0 to 100 %, a line for each of `count` items, with one standard error.

    A dashed line carries the probability of the first item down to the others. Empty if no item has a probability.
    """
    shown = [(index, cell) for index, cell in enumerate(row.cells) if cell is not None and cell.probability is not None]
    if not shown:
        return Markup()
    parts = [f'<line x1="{at}%" x2="{at}%" y1="0" y2="100%" stroke="{LINE}"/>' for at in (_at(0.0), _at(0.5), _at(1.0))]
    first = row.cells[0]
    if first is not None and first.probability is not None:
        at = _at(first.probability)
        parts.append(f'<line x1="{at}%" x2="{at}%" y1="0" y2="100%" stroke="{SOFT}" stroke-dasharray="2 3"/>')
    for index, cell in shown:
        assert cell.probability is not None
        y, error = LINE_HEIGHT * (index + 0.5), cell.error or 0.0
        low, high = _at(cell.probability - error), _at(cell.probability + error)
        colour = MARKS[cell.verdict].colour
        parts.append(f'<line x1="{low}%" x2="{high}%" y1="{y}" y2="{y}" stroke="{INK}"/>')
        parts.append(f'<circle cx="{_at(cell.probability)}%" cy="{y}" r="7" fill="{colour}" stroke="{PAPER}"/>')
        parts.append(
            f'<text x="{_at(cell.probability)}%" y="{y + 3.5}" text-anchor="middle" font-size="10" fill="{PAPER}">{index + 1}</text>'
        )
    height = LINE_HEIGHT * count
    return on_page(
        Markup(f'<svg width="100%" height="{height}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>')
    )


def _at(probability: float) -> float:
    """Return where a probability lies, in per cent of the width."""
    return round(4.0 + 92.0 * min(max(probability, 0.0), 1.0), 2)
