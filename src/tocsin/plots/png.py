"""Figures in pixels."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tocsin.plots.style import installed_fonts
from tocsin.plots.svg import any_script

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

COMPRESSION = 3
"""Level of zlib. Level 6 takes three times as long and saves a tenth."""


def to_png(figure: Figure, language: str = "en") -> bytes:
    """Return a figure as PNG without transparency, at its own resolution; the same figure always gives the same bytes.

    Letters that its font lacks are drawn with the first font that has them, see `style.installed_fonts`.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    for axes in figure.axes:
        _give_fonts(axes, language)
    canvas: Any = FigureCanvasAgg(figure)
    with any_script():
        canvas.draw()  # once; `savefig` draws a figure with a layout twice
    width, height = canvas.get_width_height()
    image = Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format="png", dpi=(figure.dpi, figure.dpi), compress_level=COMPRESSION)
    return buffer.getvalue()


def _give_fonts(axes: Axes, language: str) -> None:
    """Give the fonts of `style.FONTS` to those texts of axes whose own font lacks one of their letters.

    Other texts get none: a list of fonts makes every measurement of a text slower. Marks are not made for it either; each costs as much as
    a text.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    texts = [child for child in axes.get_children() if isinstance(child, Text)]
    for text in (*texts, axes.xaxis.label, axes.yaxis.label):
        if _lacks_letters(text.get_text(), text.get_fontproperties()):
            text.set_fontfamily(installed_fonts(language))
    if not axes.axison:
        return
    for axis in (axes.xaxis, axes.yaxis):
        labels = axis.get_major_formatter().format_ticks(axis.get_majorticklocs().tolist())
        if _lacks_letters("".join(labels), FontProperties()):
            axis.set_tick_params(labelfontfamily=installed_fonts(language))


def _lacks_letters(text: str, letters: FontProperties) -> bool:
    """Return whether a font lacks a letter of a text."""
    if text.isascii():
        return False
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont(letters))
    return any(not font.get_char_index(ord(letter)) for letter in text)
