"""Mark a picture as a draft: a line of text above it, since a picture travels without the page that says so."""

from __future__ import annotations

import io

from tocsin.export.svg_png import parsed, svg_size
from tocsin.plots.png import to_png
from tocsin.plots.style import PAPER, plot_style
from tocsin.plots.svg import text_width

LARGEST, FILLED = 1 / 50, 0.94
"""Height of the letters at most, and length of the line at most, as shares of the picture's width."""
LINE = 2.2
"""Height of the line in heights of its letters."""
MARGIN, BASE = 0.03, 0.68
"""Where the text begins, as a share of the width, and its base line, as a share of the line's height from above."""
COLOUR = "#8a1c00"


def marked_svg(svg: str, text: str) -> str:
    """Return a drawing with a text above it; it keeps its title and description."""
    from lxml import etree

    across, down = svg_size(svg)
    size = _letters(text, across)
    inner = parsed(svg)
    space = etree.QName(inner).namespace
    outer = etree.Element(f"{{{space}}}svg", nsmap=inner.nsmap)
    for name in ("role", "style"):
        if (value := inner.get(name)) is not None:
            outer.set(name, value)
    outer.set("viewBox", f"0 0 {across:g} {down + LINE * size:g}")
    for child in [child for child in inner if child.tag in (f"{{{space}}}title", f"{{{space}}}desc")]:
        outer.append(child)
    line = etree.SubElement(outer, f"{{{space}}}text", x=f"{MARGIN * across:g}", y=f"{BASE * LINE * size:g}")
    line.text = text
    style = {"font-family": "sans-serif", "font-size": f"{size:g}", "font-weight": "bold", "fill": COLOUR}
    for name, value in style.items():
        line.set(name, value)
    for name, length in {"y": LINE * size, "width": across, "height": down}.items():
        inner.set(name, f"{length:g}")
    outer.append(inner)
    return str(etree.tostring(outer, encoding="unicode"))


def marked_png(png: bytes, text: str, language: str) -> bytes:
    """Return a picture with a text in a language above it; it keeps its width in pixels."""
    from matplotlib.figure import Figure
    from PIL import Image

    picture = Image.open(io.BytesIO(png))
    size, points = _letters(text, picture.width), 72.0
    with plot_style():
        figure = Figure(figsize=(picture.width / points, round(LINE * size) / points), dpi=points, facecolor=PAPER)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.text(MARGIN, 1.0 - BASE, text, fontsize=size, fontweight="bold", color=COLOUR)
        strip = Image.open(io.BytesIO(to_png(figure, language)))
    whole = Image.new("RGB", (picture.width, strip.height + picture.height), PAPER)
    whole.paste(strip, (0, 0))
    whole.paste(picture, (0, strip.height))
    buffer = io.BytesIO()
    whole.save(buffer, format="png", dpi=picture.info.get("dpi", (96.0, 96.0)))
    return buffer.getvalue()


def _letters(text: str, width: float) -> float:
    """Return the height of the letters with which a text fits above a picture, in the units of its width."""
    ems = text_width(text, 72)
    return min(LARGEST * width, (FILLED - MARGIN) * width / max(ems, 1.0))
