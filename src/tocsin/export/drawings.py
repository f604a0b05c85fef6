"""The brief's hand-made drawings as SVG files of their own: the diagram, the ladder, and what several models say of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from tocsin.plots.style import INK, LINE, SOFT
from tocsin.plots.svg import text_width
from tocsin.plots.wide_text import wrapped

GAP, ROW, LINE_HEIGHT, SIZE, SMALL = 14.0, 25.0, 15.0, 13.0, 12.0
"""Space between columns, height of a row and of a further line, and sizes of letters, in user units."""
MAX_NAME_CHARS, MAX_VALUE_CHARS, MAX_SMALL_CHARS = 26, 34, 37
"""Characters of a line of a name, and of a value in letters of both sizes; lines of values are about equally wide.

A Korean or Japanese character counts as two.
"""
BARS, SHORT_BARS = 320.0, 160.0
"""Width of the bars in user units: usually, and beside long values."""
NARROW, NARROW_CHARS = 340.0, 44
"""Width of bars for a phone in user units, and characters of a line above them."""
FONT = 'font-family="Noto Sans, Segoe UI, Helvetica, Arial, DejaVu Sans, Noto Sans CJK KR, Malgun Gothic, Yu Gothic, sans-serif"'
_CLASSES = {
    'class="tick"': f'stroke="{LINE}" stroke-width="1"',
    'class="zero"': f'stroke="{INK}" stroke-width="1"',
}
"""What the style sheet of the brief says of these classes."""


@dataclass(frozen=True)
class BarRow:
    """A row of bars: its name, its values in words, a line each, and its drawing, whose lengths are in per cent of its width."""

    name: str
    values: tuple[str, ...]
    drawing: Markup


@dataclass(frozen=True)
class _Lines:
    """A row of bars with its texts broken into lines."""

    names: list[str]
    values: list[str]
    drawing: Markup


def _wrapped(row: BarRow) -> _Lines:
    first, *more = row.values
    values = wrapped(first, MAX_VALUE_CHARS) + [line for text in more for line in wrapped(text, MAX_SMALL_CHARS)]
    return _Lines(wrapped(row.name, MAX_NAME_CHARS) or [""], values or [""], row.drawing)


def bars_svg(title: str, description: str, rows: Sequence[BarRow], axis: Markup, bars: float = BARS) -> str:
    """Return rows of bars above their scale as one SVG file; `bars` is the width of the bars in user units."""
    shown = [_wrapped(row) for row in rows]
    wide = max(text_width(line, SIZE) for row in shown for line in row.names) * 72
    value = max(text_width(text, SIZE) for row in shown for text in row.values) * 72
    left, right = wide + GAP + value, wide + value + 2 * GAP
    parts, top = [], 4.0
    for row in shown:
        height = ROW + LINE_HEIGHT * (max(len(row.names), len(row.values)) - 1)
        base = top + ROW / 2 + 4
        for index, text in enumerate(row.names):
            parts.append(_words(text, 0, base + LINE_HEIGHT * index, 'font-weight="bold"'))
        for index, text in enumerate(row.values):
            parts.append(_words(text, left, base + LINE_HEIGHT * index, 'text-anchor="end"', SMALL if index else SIZE))
        parts.append(_placed(row.drawing, right, top, bars, height))
        top += height
    parts.append(_placed(axis, right, top, bars, ROW, f'fill="{SOFT}" font-size="{SMALL:g}"'))
    return _file(title, description, right + bars + 4, top + ROW, "".join(parts))


def narrow_bars_svg(title: str, description: str, rows: Sequence[BarRow], axis: Markup) -> str:
    """Return rows of bars above their scale as one SVG file that is narrow enough for a phone: each bar is below its name and values."""
    parts, top = [], 4.0
    for row in rows:
        names = [(line, 'font-weight="bold"') for line in wrapped(row.name, NARROW_CHARS)]
        values = [(line, "") for value in row.values for line in wrapped(value, NARROW_CHARS)]
        for text, attributes in (*names, *values):
            top += LINE_HEIGHT
            parts.append(_words(text, 2, top, attributes))
        parts.append(_placed(row.drawing, 0, top, NARROW, ROW))
        top += ROW
    parts.append(_placed(axis, 0, top, NARROW, ROW, f'fill="{SOFT}" font-size="{SMALL:g}"'))
    return _file(title, description, NARROW, top + ROW, "".join(parts))


def diagram_svg(title: str, description: str, svg: Markup) -> str:
    """Return the diagram as an SVG file, without links to the brief."""
    body = str(svg)
    body = body[body.index(">") + 1 : body.rindex("</svg>")]
    for link in ("</a>", *_links(body)):
        body = body.replace(link, "")
    box = str(svg).partition('viewBox="0 0 ')[2].partition('"')[0].split()
    return _file(title, description, float(box[0]), float(box[1]), body)


def _links(body: str) -> list[str]:
    """Return the opening tags of links."""
    return [f"<a {piece.partition('>')[0]}>" for piece in body.split("<a ")[1:]]


def _file(title: str, description: str, width: float, height: float, body: str) -> str:
    for name, attributes in _CLASSES.items():
        body = body.replace(name, attributes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" {FONT}>'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect x="0" y="0" width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>{body}</svg>\n'
    )


def _words(text: str, x: float, y: float, attributes: str, size: float = SIZE) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{INK}" {attributes}>{escape(text)}</text>'


def _placed(drawing: Markup, x: float, y: float, width: float, height: float, texts: str = "") -> str:
    """Return a drawing at a place; its texts get attributes."""
    body = str(drawing)
    inner = body[body.index(">") + 1 : body.rindex("</svg>")].replace("<text ", f"<text {texts} ")
    return f'<svg x="{x:.1f}" y="{y:.1f}" width="{width:.0f}" height="{height:.1f}">{inner}</svg>'
