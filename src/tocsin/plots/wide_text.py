"""Korean, Japanese and Chinese texts in figures: lines that break where they may, and a layout that leaves room for them."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STAND_IN = "W"
"""A character that every font has, nearly as wide as high, as a Korean or Japanese one is."""
_TOKEN = re.compile(
    r"\s*(?:[（「『【〈《]*[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60][、。，．）」』】〉》！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*|[^\s\u3040-\u30ff\u3400-\u9fff]+)"
)
"""What stays on one line: a word, or a character of Japanese with the marks that may not begin a line."""


def cells(text: str) -> int:
    """Return the width of a text in columns: one for a Latin character, two for a Korean or Japanese one."""
    return sum(2 if _is_wide(char) else 1 for char in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Return a text in lines of at most so many columns, as long as no word is longer than a line."""
    if not any(map(_is_wide, text)):
        return textwrap.wrap(text, columns)
    lines = [""]
    for token in _TOKEN.findall(text):
        if lines[-1] and cells(lines[-1] + token) > columns:
            lines.append("")
        lines[-1] += token if lines[-1] else token.lstrip()
    return [line for line in lines if line]


def lay_out(figure: Figure) -> None:
    """Lay out a figure with wide characters as if they were known to the font, whatever fonts are installed.

    A font without a character measures it too narrow, and the layout would cut what stands at the margin.
    """
    from matplotlib.text import Text

    real = {text: text.get_text() for text in figure.findobj(Text) if any(map(_is_wide, text.get_text()))}
    if not real:
        return
    for text, said in real.items():
        text.set_text("".join(_STAND_IN if _is_wide(char) else char for char in said))
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for text, said in real.items():
        text.set_text(said)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
