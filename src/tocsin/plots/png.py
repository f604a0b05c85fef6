"""Figures in pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tocsin.plots.style import installed_fonts
from tocsin.plots.svg import any_script

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

COMPRESSION = 3
"""Level of zlib. Level 6 takes three times as long and saves a tenth."""


def to_png(figure: Figure) -> bytes:
    """Return a figure as PNG without transparency, at its own resolution; the same figure always gives the same bytes.

    Letters that its font lacks are drawn with the first of `style.FONTS` that has them.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    for text in _texts(figure):
        if _lacks_letters(text):
            text.set_fontfamily(installed_fonts())  # only here: a list of fonts makes every measurement slower
    canvas: Any = FigureCanvasAgg(figure)
    with any_script():
        canvas.draw()  # once; `savefig` draws a figure with a layout twice
    width, height = canvas.get_width_height()
    image = Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format="png", dpi=(figure.dpi, figure.dpi), compress_level=COMPRESSION)
    return buffer.getvalue()


def _texts(figure: Figure) -> Iterator[Text]:
    """Yield the texts of a figure; axes that are not drawn have no marks, and would make them if they were searched."""
    from matplotlib.text import Text

    for axes in figure.axes:
        if axes.axison:
            yield from (text for text in axes.findobj(Text) if isinstance(text, Text))
        else:
            yield from axes.texts


def _lacks_letters(text: Text) -> bool:
    """Return whether the font of a text lacks one of its letters."""
    if text.get_text().isascii():
        return False
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont(text.get_fontproperties()))
    return any(not font.get_char_index(ord(letter)) for letter in text.get_text())
